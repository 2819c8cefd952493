//! Types of values in HubSpot's JSON: properties, times, and enums that keep unknown values.

mod properties;
mod sort;

use std::fmt;

pub use crate::secret::Secret;
pub use properties::{Properties, PropertiesIter};
pub use sort::Sort;

/// Implements what text-like types share: [`Decode`] and [`Encode`]. `null` and an absent field are the empty text.
#[doc(hidden)]
#[macro_export]
macro_rules! __string_value {
    ($name:ident) => {
        impl $crate::__rt::decode::Decode for $name {
            fn empty() -> Self {
                Self::from(String::new())
            }

            fn decode(
                &mut self,
                decoder: &mut $crate::__rt::decode::Decoder<'_>,
            ) -> $crate::__rt::decode::Decoded {
                *self = Self::from(decoder.text()?.unwrap_or_default().into_owned());
                Ok(())
            }

            fn is_required(&self) -> bool {
                false
            }
        }

        impl $crate::__rt::encode::Encode for $name {
            fn encode(&self, json: &mut String) -> $crate::__rt::decode::Decoded {
                $crate::__rt::encode::text(json, self.as_str());
                Ok(())
            }
        }
    };
}

/// Implements serde's traits in the same way.
#[doc(hidden)]
#[macro_export]
macro_rules! __serde_string {
    ($name:ident) => {
        impl $crate::__rt::serde::Serialize for $name {
            fn serialize<S: $crate::__rt::serde::Serializer>(
                &self,
                serializer: S,
            ) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> $crate::__rt::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::__rt::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> Result<Self, D::Error> {
                let text =
                    <$crate::__rt::decode::Text as $crate::__rt::serde::Deserialize>::deserialize(
                        deserializer,
                    )?;
                Ok(Self::from(text.0.unwrap_or_default()))
            }
        }
    };
}

/// An enum of texts, with conversions, `Display` and JSON. A variant `Other` is for unknown values.
#[doc(hidden)]
#[macro_export]
macro_rules! __string_enum {
    ($(#[$attribute:meta])* $name:ident; $($variant:ident = $text:literal $(as $shown:literal)?),*) => {
        $(#[$attribute])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $(#[doc = $crate::__shown!($text $(, $shown)?)] $variant,)*
            /// A value that no other variant stands for.
            Other(String),
        }

        impl $name {
            /// The value as HubSpot spells it.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)*
                    Self::Other(value) => value,
                }
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                match text.as_str() {
                    $($text => Self::$variant,)*
                    _ => Self::Other(text),
                }
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

        $crate::__string_value!($name);
    };
}

/// A text in a doc comment, or what stands for one that is not code in Markdown.
#[doc(hidden)]
#[macro_export]
macro_rules! __shown {
    ($text:literal) => {
        concat!("`", $text, "`")
    };
    ($text:literal, $shown:literal) => {
        $shown
    };
}

/// The same with serde's traits.
#[cfg(feature = "serde")]
#[doc(hidden)]
#[macro_export]
macro_rules! __string_enum_with_serde {
    ($(#[$attribute:meta])* $name:ident; $($variants:tt)*) => {
        $crate::__string_enum!($(#[$attribute])* $name; $($variants)*);
        $crate::__serde_string!($name);
    };
}
#[cfg(not(feature = "serde"))]
pub(crate) use __string_enum as string_enum;
#[cfg(feature = "serde")]
pub(crate) use __string_enum_with_serde as string_enum;

/// Implements how a model is read and written that goes both ways; what follows its fields is for writing.
#[doc(hidden)]
#[macro_export]
macro_rules! __model {
    ($type:ident; $($name:literal $field:ident),* $(; $($rest:tt)*)?) => {
        $crate::__decode_model!($type; $($name $field),*);
        $crate::__encode_model!($type; $($name $field),* $(; $($rest)*)?);
    };
}

/// The same beside serde's traits.
#[cfg(feature = "serde")]
#[doc(hidden)]
#[macro_export]
macro_rules! __model_with_serde {
    ($type:ident; $($name:literal $field:ident),* $(; $($rest:tt)*)?) => {
        $crate::__decode_fields!($type; $($name $field),*);
        $crate::__encode_fields!($type; $($name $field),* $(; $($rest)*)?);
    };
}
#[cfg(not(feature = "serde"))]
pub(crate) use __model as model;
#[cfg(feature = "serde")]
pub(crate) use __model_with_serde as model;

/// Implements the constructor of a model: arguments with their types and values, then the fields that start empty.
#[doc(hidden)]
#[macro_export]
macro_rules! __constructor {
    ($name:ident) => {
        impl $name {
            /// Creates one with no field set.
            pub fn new() -> Self {
                // A field of this name has a setter.
                <Self as ::std::default::Default>::default()
            }
        }
    };
    ($name:ident; $($argument:ident: $type:ty = $value:expr),+ $(; $($rest:ident)+)?) => {
        impl $name {
            /// Creates one with these fields. All others are unset; each of them can be assigned.
            pub fn new($($argument: $type),+) -> Self {
                Self {
                    $($argument: $value,)+
                    $($($rest: ::std::default::Default::default(),)+)?
                }
            }
        }
    };
}
pub(crate) use __constructor as constructor;

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
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct DateTime(String);

impl DateTime {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

__string_value!(DateTime);
__serde_string!(DateTime);

impl fmt::Display for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl AsRef<str> for DateTime {
    fn as_ref(&self) -> &str {
        &self.0
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

#[cfg(test)]
mod tests {
    #![allow(unreachable_pub, reason = "the macro declares what is public")]

    use super::*;
    use crate::decode::{decode, decode_fields};
    use crate::encode::encode;

    string_enum!(
        /// How values are compared.
        Comparison; Between = "BETWEEN", Eq = "EQ"
    );

    #[test]
    fn an_enum_keeps_what_it_does_not_know() {
        let values: Vec<Comparison> = decode(br#"["EQ", "FUZZY"]"#).unwrap();
        assert_eq!(
            values,
            [Comparison::Eq, Comparison::Other("FUZZY".to_owned())]
        );
        assert_eq!(encode(&values).unwrap(), br#"["EQ","FUZZY"]"#);
        assert_eq!(Comparison::from("BETWEEN"), Comparison::Between);
        assert_eq!(Comparison::Between.to_string(), "BETWEEN");
        assert_eq!(Comparison::Between.as_ref(), "BETWEEN");
    }

    #[derive(Debug, PartialEq)]
    struct Lenient {
        list: Vec<i32>,
        flag: bool,
    }

    decode_fields!(Lenient; "list" list, "flag" flag);

    #[test]
    fn null_and_absent_are_empty() {
        let empty = Lenient {
            list: vec![],
            flag: false,
        };
        for json in [
            "{}",
            r#"{"list": null, "flag": null}"#,
            r#"{"list": [], "flag": ""}"#,
        ] {
            assert_eq!(decode::<Lenient>(json.as_bytes()).unwrap(), empty);
        }
        assert!(decode::<Lenient>(br#"{"list": "text"}"#).is_err());
    }

    #[test]
    fn a_date_is_kept_as_it_came() {
        let date: DateTime = serde_json::from_str(r#""yesterday""#).unwrap();
        assert_eq!(date, DateTime::from("yesterday"));
        assert_eq!(date.to_string(), "yesterday");
        assert_eq!(serde_json::to_string(&date).unwrap(), r#""yesterday""#);
    }
}
