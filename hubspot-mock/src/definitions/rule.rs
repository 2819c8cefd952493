//! Validation rules that an account sets on a property.

use crate::definitions::{Key, PropertyType, key};

/// A rule that an account sets for the values of a property.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum ValidationRule {
    /// The minimum number of characters.
    MinLength(usize),
    /// The maximum number of characters.
    MaxLength(usize),
    /// The minimum of a number.
    MinNumber(f64),
    /// The maximum of a number.
    MaxNumber(f64),
    /// Letters and digits only.
    Alphanumeric,
}

impl ValidationRule {
    pub(crate) fn holds(self, ty: PropertyType, text: &str) -> bool {
        let number = || match key(ty, text) {
            Some(Key::Number(number)) => Some(number),
            _ => None,
        };
        match self {
            Self::MinLength(least) => text.chars().count() >= least,
            Self::MaxLength(most) => text.chars().count() <= most,
            Self::MinNumber(least) => number().is_none_or(|number| number >= least),
            Self::MaxNumber(most) => number().is_none_or(|number| number <= most),
            Self::Alphanumeric => text.chars().all(char::is_alphanumeric),
        }
    }

    pub(crate) fn wording(self) -> String {
        match self {
            Self::MinLength(least) => format!("must have at least {least} characters"),
            Self::MaxLength(most) => format!("must have at most {most} characters"),
            Self::MinNumber(least) => format!("must be at least {least}"),
            Self::MaxNumber(most) => format!("must be at most {most}"),
            Self::Alphanumeric => "must have letters and digits only".to_owned(),
        }
    }
}

/// Whether an API version enforces the rules.
pub(crate) fn enforced_in(version: &str) -> bool {
    // Release dates compare as text; the number versions start with `v`.
    !version.starts_with('v') && version >= "2026-09"
}
