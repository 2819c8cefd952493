//! Enums of the objects that a value may be. A field tells the variants apart, and what is none of them is kept as it is.
//!
//! Everything that depends on no type is compiled once.

use std::borrow::Cow;

use serde_json::Value;

use crate::decode::Decoder;

/// What tells a variant apart: a field of its object, and the value that the field has. Without a value the field need
/// only be there.
pub type Mark = (&'static str, Option<&'static str>);

/// The index of the variant whose object comes next; `None` if it is none of them.
pub fn next_variant(decoder: &Decoder<'_>, marks: &[Mark]) -> Option<usize> {
    // Few fields tell variants apart. Of a repeated one the last value counts.
    let mut fields = Vec::<(&str, Option<String>)>::new();
    let is_only = |name: &str| marks.iter().all(|(field, _)| *field == name);
    decoder.look_ahead(&mut |name, text| {
        let Some((field, _)) = marks.iter().find(|(field, _)| *field == name) else {
            return true;
        };
        let text = text.map(Cow::into_owned);
        match fields.iter_mut().find(|(known, _)| known == field) {
            Some((_, known)) => *known = text,
            None => fields.push((field, text)),
        }
        !is_only(name)
    });
    let found = |name: &str| fields.iter().find(|(field, _)| *field == name);
    index_of(marks, |field| found(field).map(|(_, text)| text.as_deref()))
}

/// The index of the variant that a value is of.
#[cfg(feature = "serde")]
pub fn variant_of(value: &Value, marks: &[Mark]) -> Option<usize> {
    index_of(marks, |field| value.get(field).map(Value::as_str))
}

/// The index of the first mark that holds; `text` gives the text of a field, if there is such a field.
fn index_of<'a>(marks: &[Mark], text: impl Fn(&str) -> Option<Option<&'a str>>) -> Option<usize> {
    marks.iter().position(|(field, value)| match text(field) {
        Some(found) => value.is_none_or(|value| found == Some(value)),
        None => false,
    })
}

/// The value of a variant that is no known one.
pub const UNKNOWN: Value = Value::Null;

/// Implements conversions and JSON for an enum of boxed objects that has a variant `Other` for other values, and that does
/// not implement serde's traits.
#[doc(hidden)]
#[macro_export]
macro_rules! __variants {
    ($name:ident; $variants:tt; $($direction:ident)*) => {
        $crate::__variant_impls!(from $name $variants);
        $(
            $crate::__variant_impls!($direction $name $variants);
            $crate::__variants!(body $direction $name);
        )*
    };
    (body decode $name:ident) => {
        impl $crate::__rt::decode::ReadBody for $name {
            #[inline]
            fn read_body(body: &[u8]) -> $crate::__rt::decode::Decoded<Self> {
                $crate::__rt::decode::decode(body)
            }
        }
    };
    (body encode $name:ident) => {
        $crate::__write_body!($name);
    };
}

/// The implementations that do not depend on serde.
#[doc(hidden)]
#[macro_export]
macro_rules! __variant_impls {
    (from $name:ident [$($field:literal $(= $value:literal)? => $variant:ident($type:ty)),* $(,)?]) => {
        $(impl From<$type> for $name {
            #[inline]
            fn from(value: $type) -> Self {
                Self::$variant(Box::new(value))
            }
        })*
    };
    (decode $name:ident [$($field:literal $(= $value:literal)? => $variant:ident($type:ty)),* $(,)?]) => {
        impl $crate::__rt::decode::Decode for $name {
            #[inline]
            fn empty() -> Self {
                Self::Other($crate::__rt::variants::UNKNOWN)
            }

            #[inline]
            fn decode(&mut self, decoder: &mut $crate::__rt::decode::Decoder<'_>) -> $crate::__rt::decode::Decoded {
                let marks = &[$(($field, $crate::__variant_impls!(value $($value)?))),*];
                let empty: &[fn() -> Self] = &[$(|| Self::$variant($crate::__rt::decode::Decode::empty())),*];
                let index = $crate::__rt::variants::next_variant(decoder, marks);
                *self = index.map_or_else(Self::empty, |index| empty[index]());
                let value: &mut dyn $crate::__rt::decode::Decode = match self {
                    $(Self::$variant(value) => value,)*
                    Self::Other(value) => value,
                };
                value.decode(decoder)
            }
        }
    };
    (encode $name:ident [$($field:literal $(= $value:literal)? => $variant:ident($type:ty)),* $(,)?]) => {
        impl $crate::__rt::encode::Encode for $name {
            #[inline]
            fn encode(&self, json: &mut String) -> $crate::__rt::decode::Decoded {
                let value: &dyn $crate::__rt::encode::Encode = match self {
                    $(Self::$variant(value) => value,)*
                    Self::Other(value) => value,
                };
                value.encode(json)
            }
        }
    };
    (value) => {
        None
    };
    (value $value:literal) => {
        Some($value)
    };
}

/// The same as [`__variants`] for an enum that implements serde's traits.
#[cfg(feature = "serde")]
#[doc(hidden)]
#[macro_export]
macro_rules! __variants_with_serde {
    ($name:ident; $variants:tt; $($direction:ident)*) => {
        $crate::__variant_impls!(from $name $variants);
        $($crate::__variant_impls!($direction $name $variants);)*
        $crate::__variants_serde!($name $variants);
    };
}

/// Implements serde's traits for an enum of boxed objects.
#[cfg(feature = "serde")]
#[doc(hidden)]
#[macro_export]
macro_rules! __variants_serde {
    ($name:ident [$($field:literal $(= $value:literal)? => $variant:ident($type:ty)),* $(,)?]) => {
        impl $crate::__rt::serde::Serialize for $name {
            fn serialize<S: $crate::__rt::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self {
                    $(Self::$variant(value) => $crate::__rt::serde::Serialize::serialize(value, serializer),)*
                    Self::Other(value) => $crate::__rt::serde::Serialize::serialize(value, serializer),
                }
            }
        }

        impl<'de> $crate::__rt::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::__rt::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let marks = &[$(($field, $crate::__variant_impls!(value $($value)?))),*];
                let read: &[fn(&$crate::__rt::serde_json::Value) -> $crate::__rt::decode::Decoded<Self>] =
                    &[$(|value| $crate::__rt::variants::decode_value(value).map(Self::$variant)),*];
                let value: $crate::__rt::serde_json::Value = $crate::__rt::serde::Deserialize::deserialize(deserializer)?;
                match $crate::__rt::variants::variant_of(&value, marks) {
                    Some(index) => read[index](&value).map_err($crate::__rt::variants::of_serde),
                    None => Ok(Self::Other(value)),
                }
            }
        }
    };
}

/// The error of a variant's object, with its path.
#[cfg(feature = "serde")]
#[allow(clippy::needless_pass_by_value, reason = "passed to `map_err`")]
pub fn of_serde<E: serde::de::Error>(error: crate::decode::DecodeError) -> E {
    E::custom(format_args!("at `{}`, {}", error.path(), error.what()))
}

#[cfg(not(feature = "serde"))]
pub(crate) use __variants as variants;
#[cfg(feature = "serde")]
pub(crate) use __variants_with_serde as variants;
