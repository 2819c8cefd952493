//! Enums of the objects that a value may be. A field tells the variants apart, and what is none of them is kept as it is.
//!
//! Everything that depends on no type is compiled once.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::Value;

use crate::decode::Decoder;

/// What tells a variant apart: a field of its object, and the value that the field has. Without a value the field need
/// only be there.
pub(crate) type Mark = (&'static str, Option<&'static str>);

/// The index of the variant whose object comes next; `None` if it is none of them.
pub(crate) fn next_variant(decoder: &Decoder<'_>, marks: &[Mark]) -> Option<usize> {
    let mut fields = BTreeMap::new();
    let is_only = |name: &str| marks.iter().all(|(field, _)| *field == name);
    decoder.look_ahead(&mut |name, text| {
        if marks.iter().any(|(field, _)| *field == name) {
            fields.insert(name.to_owned(), text.map(Cow::into_owned));
        }
        !(fields.contains_key(name) && is_only(name))
    });
    index_of(marks, |field| fields.get(field).map(Option::as_deref))
}

/// The index of the variant that a value is of.
#[cfg(feature = "serde")]
pub(crate) fn variant_of(value: &Value, marks: &[Mark]) -> Option<usize> {
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
pub(crate) const UNKNOWN: Value = Value::Null;

/// Implements conversions and JSON for an enum of boxed objects that has a variant `Other` for other values.
macro_rules! variants {
    ($name:ident; $variants:tt; $($direction:ident)*) => {
        $crate::variants::from!($name $variants);
        $($crate::variants::$direction!($name $variants);)*
        #[cfg(feature = "serde")]
        $crate::variants::serde!($name $variants);
    };
}

macro_rules! from {
    ($name:ident [$($field:literal $(= $value:literal)? => $variant:ident($type:ty)),* $(,)?]) => {
        $(impl From<$type> for $name {
            #[inline]
            fn from(value: $type) -> Self {
                Self::$variant(Box::new(value))
            }
        })*
    };
}

/// `Some` with a literal, or `None`.
macro_rules! optional {
    () => {
        None
    };
    ($value:literal) => {
        Some($value)
    };
}

macro_rules! decode {
    ($name:ident [$($field:literal $(= $value:literal)? => $variant:ident($type:ty)),* $(,)?]) => {
        impl $crate::decode::Decode for $name {
            #[inline]
            fn empty() -> Self {
                Self::Other($crate::variants::UNKNOWN)
            }

            #[inline]
            fn decode(&mut self, decoder: &mut $crate::decode::Decoder<'_>) -> $crate::decode::Decoded {
                let marks = &[$(($field, $crate::variants::optional!($($value)?))),*];
                let empty: &[fn() -> Self] = &[$(|| Self::$variant($crate::decode::Decode::empty())),*];
                let index = $crate::variants::next_variant(decoder, marks);
                *self = index.map_or_else(Self::empty, |index| empty[index]());
                let value: &mut dyn $crate::decode::Decode = match self {
                    $(Self::$variant(value) => value,)*
                    Self::Other(value) => value,
                };
                value.decode(decoder)
            }
        }

        #[cfg(not(feature = "serde"))]
        impl $crate::decode::ReadBody for $name {
            #[inline]
            fn read_body(body: &[u8]) -> $crate::decode::Decoded<Self> {
                $crate::decode::decode(body)
            }
        }
    };
}

macro_rules! encode {
    ($name:ident [$($field:literal $(= $value:literal)? => $variant:ident($type:ty)),* $(,)?]) => {
        impl $crate::encode::Encode for $name {
            #[inline]
            fn encode(&self, json: &mut String) -> $crate::decode::Decoded {
                let value: &dyn $crate::encode::Encode = match self {
                    $(Self::$variant(value) => value,)*
                    Self::Other(value) => value,
                };
                value.encode(json)
            }
        }

        $crate::encode::write_body!($name);
    };
}

#[cfg(feature = "serde")]
macro_rules! serde {
    ($name:ident [$($field:literal $(= $value:literal)? => $variant:ident($type:ty)),* $(,)?]) => {
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self {
                    $(Self::$variant(value) => value.serialize(serializer),)*
                    Self::Other(value) => value.serialize(serializer),
                }
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let marks = &[$(($field, $crate::variants::optional!($($value)?))),*];
                let read: &[fn(&serde_json::Value) -> $crate::decode::Decoded<Self>] =
                    &[$(|value| $crate::decode::decode_value(value).map(Self::$variant)),*];
                let value: serde_json::Value = serde::Deserialize::deserialize(deserializer)?;
                match $crate::variants::variant_of(&value, marks) {
                    Some(index) => read[index](&value).map_err($crate::variants::of_serde),
                    None => Ok(Self::Other(value)),
                }
            }
        }
    };
}

/// The error of a variant's object, with its path.
#[cfg(feature = "serde")]
pub(crate) fn of_serde<E: serde::de::Error>(error: crate::decode::DecodeError) -> E {
    E::custom(format_args!("at `{}`, {}", error.path(), error.what()))
}

#[cfg(feature = "serde")]
pub(crate) use serde;
pub(crate) use {decode, encode, from, optional, variants};
