//! Types of property values.

use std::ops::Deref;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::id::RecordId;
use crate::values::DateTime;

/// A type that the value of a property is read as.
///
/// Implemented for text (`String`), whole numbers, `f64`, `bool`, times, enums with `#[derive(PropertyEnum)]` and [`Json`].
/// With the features `jiff`, `chrono`, `time` and `rust_decimal`, types of these crates are among them. Implement it for
/// types of your own:
///
/// ```
/// use hubspot_generated::PropertyValue;
///
/// #[derive(Debug, PartialEq)]
/// struct Domain(String);
///
/// impl PropertyValue for Domain {
///     const EXPECTED: &'static str = "a domain";
///
///     fn from_property(text: &str) -> Option<Self> {
///         text.contains('.').then(|| Self(text.to_lowercase()))
///     }
///
///     fn to_property(&self) -> String {
///         self.0.clone()
///     }
/// }
///
/// assert_eq!(Domain::from_property("Example.com"), Some(Domain("example.com".into())));
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a type of property values",
    label = "no property can be read as this type",
    note = "implement `PropertyValue` for it, or use `String`, an integer, `f64`, `bool` or an enum with `#[derive(PropertyEnum)]`",
    note = "types of `jiff`, `chrono`, `time` and `rust_decimal` need the feature of that name"
)]
pub trait PropertyValue: Sized {
    /// What a value is, for errors: `an integer`.
    const EXPECTED: &'static str;

    /// Reads a value, which is not empty; `None` if it is not of this type.
    fn from_property(text: &str) -> Option<Self>;

    /// Returns the value as HubSpot takes it.
    fn to_property(&self) -> String;

    /// Returns the value as HubSpot takes it, or `None` if it is one that cannot be written, such as `f64::NAN`. The request
    /// then fails, and is not sent.
    ///
    /// Unless it is overridden, every value can be written.
    fn checked_property(&self) -> Option<String> {
        Some(self.to_property())
    }

    /// Returns the value as filters of a search take it.
    fn to_filter(&self) -> String {
        self.to_property()
    }
}

/// Values with an order, so that filters can compare them: numbers, dates and times.
#[diagnostic::on_unimplemented(
    message = "a property of type `{Self}` has no order in searches",
    label = "only numbers, dates and times can be compared with `gt`, `gte`, `lt`, `lte` and `between`",
    note = "use `eq`, `ne`, `is_in`, `not_in` or `has_value`"
)]
pub trait Ordered: PropertyValue {}

/// Values of words, so that filters can look for one.
#[diagnostic::on_unimplemented(
    message = "a property of type `{Self}` has no words to search for",
    label = "`contains_word` is for properties of type `String`"
)]
pub trait Tokens: PropertyValue {}

impl PropertyValue for String {
    const EXPECTED: &'static str = "text";

    fn from_property(text: &str) -> Option<Self> {
        Some(text.to_owned())
    }

    fn to_property(&self) -> String {
        self.clone()
    }
}

impl Tokens for String {}

/// The text of a time, as it came.
impl PropertyValue for DateTime {
    const EXPECTED: &'static str = "a time";

    fn from_property(text: &str) -> Option<Self> {
        Some(Self::from(text))
    }

    fn to_property(&self) -> String {
        self.as_str().to_owned()
    }
}

impl Ordered for DateTime {}

impl PropertyValue for bool {
    const EXPECTED: &'static str = "`true` or `false`";

    fn from_property(text: &str) -> Option<Self> {
        match text {
            "true" => Some(true),
            "false" => Some(false),
            other => other.trim().to_ascii_lowercase().parse().ok(),
        }
    }

    fn to_property(&self) -> String {
        self.to_string()
    }
}

impl PropertyValue for f64 {
    const EXPECTED: &'static str = "a number";

    fn from_property(text: &str) -> Option<Self> {
        // `parse` takes `inf`, `NaN` and words alike; numbers too large become infinite.
        let number = text.trim().parse::<Self>().ok()?;
        number.is_finite().then_some(number)
    }

    fn to_property(&self) -> String {
        self.to_string()
    }

    fn checked_property(&self) -> Option<String> {
        self.is_finite().then(|| self.to_property())
    }
}

impl Ordered for f64 {}

macro_rules! integers {
    ($($ty:ty, $expected:literal;)*) => {
        $(
            impl PropertyValue for $ty {
                const EXPECTED: &'static str = $expected;

                fn from_property(text: &str) -> Option<Self> {
                    text.parse().ok().or_else(|| whole(text)?.try_into().ok())
                }

                fn to_property(&self) -> String {
                    self.to_string()
                }
            }

            impl Ordered for $ty {}
        )*
    };
}

integers! {
    i8, "a whole number from -128 to 127";
    i16, "a whole number of 16 bits";
    i32, "a whole number of 32 bits";
    i64, "a whole number of 64 bits";
    u8, "a whole number from 0 to 255";
    u16, "a whole number of 16 bits, not negative";
    u32, "a whole number of 32 bits, not negative";
    u64, "a whole number of 64 bits, not negative";
}

/// A whole number that is written with a fraction of zero (`17.0`) or an exponent (`1.7E1`).
fn whole(text: &str) -> Option<i128> {
    let text = text.trim();
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
        None => (text, 0),
    };
    let (integer, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let unsigned = integer.strip_prefix(['-', '+']).unwrap_or(integer);
    let digits = unsigned.bytes().chain(fraction.bytes());
    if unsigned.is_empty() || !digits.clone().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let mut number = 0_i128;
    for digit in digits {
        number = number
            .checked_mul(10)?
            .checked_add(i128::from(digit - b'0'))?;
    }
    let shift = exponent.checked_sub(i32::try_from(fraction.len()).ok()?)?;
    let power = 10_i128.checked_pow(shift.unsigned_abs());
    let number = match (number, power) {
        (0, _) => 0,
        (number, Some(power)) if shift >= 0 => number.checked_mul(power)?,
        (number, Some(power)) if number % power == 0 => number / power,
        _ => return None,
    };
    Some(if integer.starts_with('-') {
        -number
    } else {
        number
    })
}

/// The id of another record, which some properties hold.
impl PropertyValue for RecordId {
    const EXPECTED: &'static str = "an id";

    fn from_property(text: &str) -> Option<Self> {
        text.parse().ok()
    }

    fn to_property(&self) -> String {
        self.to_string()
    }
}

impl Ordered for RecordId {}

/// What an enum of options keeps a value that it does not know in: `String`, or another text such as `Box<str>`.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot keep an option that the enum does not know",
    label = "expected `String`"
)]
pub trait OptionText {
    fn of_text(text: &str) -> Self;

    fn as_text(&self) -> &str;
}

#[diagnostic::do_not_recommend]
impl<T: for<'a> From<&'a str> + Deref<Target = str>> OptionText for T {
    fn of_text(text: &str) -> Self {
        Self::from(text)
    }

    fn as_text(&self) -> &str {
        self
    }
}

/// A value that is JSON within text.
///
/// ```
/// use hubspot_generated::{Json, PropertyValue};
///
/// let sizes = Json::<Vec<u32>>::from_property("[38, 40]").unwrap();
/// assert_eq!(sizes.0, [38, 40]);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Json<T>(pub T);

impl<T: Serialize + DeserializeOwned> PropertyValue for Json<T> {
    const EXPECTED: &'static str = "JSON of its type";

    fn from_property(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok().map(Self)
    }

    /// Empty if `T` cannot be written as JSON.
    fn to_property(&self) -> String {
        self.checked_property().unwrap_or_default()
    }

    fn checked_property(&self) -> Option<String> {
        serde_json::to_string(&self.0).ok()
    }
}

#[cfg(feature = "rust_decimal")]
impl PropertyValue for rust_decimal::Decimal {
    const EXPECTED: &'static str = "a decimal number";

    fn from_property(text: &str) -> Option<Self> {
        // `rust_decimal` takes `1_000`.
        let text = Some(text.trim()).filter(|text| !text.contains('_'))?;
        let Some((mantissa, exponent)) = text.split_once(['e', 'E']) else {
            return Self::from_str_exact(text).ok();
        };
        // `from_scientific` rounds.
        let number = Self::from_str_exact(mantissa).ok()?.normalize();
        if number.is_zero() {
            return Some(number);
        }
        let shift = exponent.parse::<i32>().ok()?;
        let scale = i32::try_from(number.scale()).ok()?.checked_sub(shift)?;
        let power = 10_i128.checked_pow(u32::try_from(-scale.min(0)).ok()?)?;
        let digits = number.mantissa().checked_mul(power)?;
        Self::try_from_i128_with_scale(digits, u32::try_from(scale.max(0)).ok()?).ok()
    }

    fn to_property(&self) -> String {
        self.to_string()
    }
}

#[cfg(feature = "rust_decimal")]
impl Ordered for rust_decimal::Decimal {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_without_loss_or_not_at_all() {
        for (text, expected) in [
            ("17", Some(17)),
            ("-17", Some(-17)),
            ("17.0", Some(17)),
            ("1.7E1", Some(17)),
            ("1700e-2", Some(17)),
            ("9007199254740993.000", Some(9_007_199_254_740_993)),
            ("9223372036854775807", Some(i64::MAX)),
            ("0E999999", Some(0)),
            ("9223372036854775808", None),
            ("1,5", None),
            ("1.5", None),
            ("1e999", None),
            ("1e-999999999999", None),
            ("NaN", None),
            ("inf", None),
            ("-", None),
            (".", None),
            ("1.-5", None),
            ("0x11", None),
        ] {
            assert_eq!(i64::from_property(text), expected, "{text}");
        }
        for (text, expected) in [
            ("1.5", Some(1.5)),
            ("1E3", Some(1000.0)),
            ("1,5", None),
            ("1e999", None),
            ("NaN", None),
            ("-inf", None),
            ("infinity", None),
        ] {
            assert_eq!(f64::from_property(text), expected, "{text}");
        }
        assert_eq!(u8::from_property("256"), None);
        assert_eq!(u64::from_property("-1"), None);
    }

    #[test]
    fn flags_are_words() {
        for (text, expected) in [
            ("true", Some(true)),
            ("False", Some(false)),
            ("yes", None),
            ("1", None),
        ] {
            assert_eq!(bool::from_property(text), expected, "{text}");
        }
    }

    #[cfg(feature = "rust_decimal")]
    #[test]
    fn decimals_are_exact() {
        use rust_decimal::Decimal;

        for (text, expected) in [
            ("0.1", Some("0.1")),
            ("1.10", Some("1.10")),
            ("1E3", Some("1000")),
            ("1.5E3", Some("1500")),
            ("12e-3", Some("0.012")),
            ("1.50e+1", Some("15")),
            ("-2.5e-1", Some("-0.25")),
            ("0e999", Some("0")),
            ("1e-28", Some("0.0000000000000000000000000001")),
            ("1e-29", None),
            ("1.2345678901234567890123456789012e2", None),
            ("1e29", None),
            ("1e-2147483648", None),
            ("1,5", None),
            ("1e999", None),
            ("NaN", None),
        ] {
            let read = Decimal::from_property(text).map(|value| value.to_property());
            assert_eq!(read.as_deref(), expected, "{text}");
        }
    }
}
