//! Reads text with serde, from values that HubSpot sends as numbers or flags too.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, Visitor};

/// Asks a [`Decoder`](super::Decoder) for text, of which it keeps all digits.
pub(super) const NAME: &str = "$hubspot::Text";

/// A text, or `None` for `null`.
///
/// A number or a flag is its text, as it is in a response. From a format other than a response, a fraction has the digits
/// of an `f64`.
pub struct Text(pub Option<String>);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // Formats that do not say what a value is hold what was written.
        if deserializer.is_human_readable() {
            // An option, so that a field that is missing is `None`.
            deserializer.deserialize_option(AnyScalar)
        } else {
            Deserialize::deserialize(deserializer).map(Self)
        }
    }
}

struct AnyScalar;

macro_rules! visit {
    ($($method:ident $type:ty, $format:literal;)*) => {
        $(fn $method<E: Error>(self, value: $type) -> Result<Text, E> {
            Ok(Text(Some(format!($format, value))))
        })*
    };
}

impl<'de> Visitor<'de> for AnyScalar {
    type Value = Text;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string, a number, a flag or null")
    }

    visit! {
        visit_str &str, "{}";
        visit_bool bool, "{}";
        visit_i64 i64, "{}";
        visit_i128 i128, "{}";
        visit_u64 u64, "{}";
        visit_u128 u128, "{}";
        // With a fraction of zero, or an exponent, as JSON has it.
        visit_f64 f64, "{:?}";
    }

    fn visit_unit<E: Error>(self) -> Result<Text, E> {
        Ok(Text(None))
    }

    fn visit_none<E: Error>(self) -> Result<Text, E> {
        Ok(Text(None))
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Text, D::Error> {
        deserializer.deserialize_newtype_struct(NAME, self)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Text, D::Error> {
        deserializer.deserialize_any(self)
    }
}
