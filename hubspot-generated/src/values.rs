//! Types of values in HubSpot's JSON: properties, times, and enums that keep unknown values.

mod properties;

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};

pub use crate::secret::Secret;
pub use properties::Properties;

/// A time as HubSpot writes it, such as `2026-09-08T12:34:56.789Z` (RFC 3339).
///
/// The text is kept as it came, so that decoding it never fails; it is empty where HubSpot sent no time. Parse it with
/// the time library of your choice, for example `created_at.as_str().parse::<jiff::Timestamp>()`.
///
/// ```
/// use hubspot_generated::DateTime;
///
/// let created_at = DateTime::from("2026-09-08T12:34:56.789Z");
/// assert_eq!(created_at.as_str(), "2026-09-08T12:34:56.789Z");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct DateTime(String);

impl DateTime {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for DateTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        text_or_empty(deserializer).map(Self)
    }
}

impl fmt::Display for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<String> for DateTime {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for DateTime {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

/// Deserializes text; `null` and an absent field are empty.
pub(crate) fn text_or_empty<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<String, D::Error> {
    Option::<String>::deserialize(deserializer).map(Option::unwrap_or_default)
}

/// Deserializes `null` as the default, since HubSpot omits lists, maps and flags in more than one way.
pub(crate) fn null_as_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Option::<T>::deserialize(deserializer).map(Option::unwrap_or_default)
}

/// Implements conversions, `Display` and serde for an enum of strings.
///
/// The enum has a method `as_str`, and a variant `Other` for unknown values.
macro_rules! string_enum {
    ($name:ident; $($variant:ident)*) => {
        impl From<String> for $name {
            fn from(text: String) -> Self {
                let mut known = [$(Self::$variant),*].into_iter();
                known.find(|known| known.as_str() == text).unwrap_or(Self::Other(text))
            }
        }

        impl From<&str> for $name {
            #[inline]
            fn from(text: &str) -> Self {
                Self::from(text.to_owned())
            }
        }

        impl AsRef<str> for $name {
            #[inline]
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl std::fmt::Display for $name {
            #[inline]
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::values::text_or_empty(deserializer).map(Self::from)
            }
        }
    };
}
pub(crate) use string_enum;

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq)]
    enum Comparison {
        Eq,
        Between,
        Other(String),
    }

    impl Comparison {
        fn as_str(&self) -> &str {
            match self {
                Self::Eq => "EQ",
                Self::Between => "BETWEEN",
                Self::Other(text) => text,
            }
        }
    }

    string_enum!(Comparison; Between Eq);

    #[test]
    fn an_enum_keeps_what_it_does_not_know() {
        let values: Vec<Comparison> = serde_json::from_str(r#"["EQ", "FUZZY"]"#).unwrap();
        assert_eq!(
            values,
            [Comparison::Eq, Comparison::Other("FUZZY".to_owned())]
        );
        assert_eq!(serde_json::to_string(&values).unwrap(), r#"["EQ","FUZZY"]"#);
        assert_eq!(Comparison::from("BETWEEN"), Comparison::Between);
        assert_eq!(Comparison::Between.to_string(), "BETWEEN");
        assert_eq!(Comparison::Between.as_ref(), "BETWEEN");
    }

    #[derive(Debug, Deserialize, PartialEq)]
    struct Lenient {
        #[serde(default, deserialize_with = "null_as_default")]
        list: Vec<u8>,
        #[serde(default, deserialize_with = "null_as_default")]
        flag: bool,
    }

    #[test]
    fn null_and_absent_are_empty() {
        let empty = Lenient {
            list: vec![],
            flag: false,
        };
        for json in [
            "{}",
            r#"{"list": null, "flag": null}"#,
            r#"{"list": [], "flag": false}"#,
        ] {
            assert_eq!(serde_json::from_str::<Lenient>(json).unwrap(), empty);
        }
        assert!(serde_json::from_str::<Lenient>(r#"{"list": "text"}"#).is_err());
    }

    #[test]
    fn a_date_is_kept_as_it_came() {
        let date: DateTime = serde_json::from_str(r#""yesterday""#).unwrap();
        assert_eq!(date, DateTime::from("yesterday"));
        assert_eq!(date.to_string(), "yesterday");
        assert_eq!(serde_json::to_string(&date).unwrap(), r#""yesterday""#);
    }
}
