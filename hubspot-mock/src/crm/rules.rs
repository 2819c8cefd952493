//! The account's own rules for the values of a property.
//!
//! Comes in: a value that fits the property's type. Goes out: nothing, if it keeps the rules. Refuses one that breaks a
//! rule. HubSpot enforces them on writes through the API from version 2026-09 on.

use super::values::{self, BadValue, Key};
use crate::crm::properties::Property;

/// What an account asks of the values of a property beyond their type.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum ValidationRule {
    /// At least so many characters.
    MinLength(usize),
    /// At most so many characters.
    MaxLength(usize),
    /// This number or a larger one.
    MinNumber(f64),
    /// This number or a smaller one.
    MaxNumber(f64),
    /// Letters and digits only.
    Alphanumeric,
}

impl ValidationRule {
    fn holds(self, property: &Property, text: &str) -> bool {
        let number = || match values::key(property.ty, text) {
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

    fn wording(self) -> String {
        match self {
            Self::MinLength(least) => format!("must have at least {least} characters"),
            Self::MaxLength(most) => format!("must have at most {most} characters"),
            Self::MinNumber(least) => format!("must be at least {least}"),
            Self::MaxNumber(most) => format!("must be at most {most}"),
            Self::Alphanumeric => "must have letters and digits only".to_owned(),
        }
    }
}

/// Whether calls of an API version have to keep the rules.
pub(crate) fn enforced_in(version: &str) -> bool {
    // Release dates compare as text; the number versions start with `v`.
    !version.starts_with('v') && version >= "2026-09"
}

/// Refuses a value that breaks a rule of its property. HubSpot is not documented to name a code for it.
pub(crate) fn check(property: &Property, text: &str) -> Result<(), BadValue> {
    let broken = property
        .rules
        .iter()
        .find(|rule| !rule.holds(property, text));
    broken.map_or(Ok(()), |rule| {
        Err(BadValue {
            code: "VALIDATION_RULE_FAILED",
            message: format!("Property \"{}\" {}", property.name, rule.wording()),
        })
    })
}
