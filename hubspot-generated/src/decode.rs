//! Decodes the JSON of responses.
//!
//! HubSpot documents ids and cursors as text and sends some of them as numbers, and the other way round; it omits lists,
//! maps and flags, or sends `null`. A response that took effect must not be lost to that. This module is the one place
//! that says what is accepted:
//!
//! - a number or a flag where text is expected, with all its digits, and the text of one where a number or a flag is;
//! - an integer with a fraction of zero; `1` and `0` for a flag;
//! - `""` for a number or a flag as `null`;
//! - `null` and a missing field as an empty list, map, time or enum, and as `false`;
//! - unknown fields and repeated keys, of which the last wins;
//! - half of a surrogate pair, as U+FFFD.
//!
//! A model implements [`Decode`] by one call of [`Decoder::object`], so that next to nothing is compiled for each type.
//! [`tolerant`] reads any type that implements serde's `Deserialize` in the same way.

mod decoder;
mod error;
pub(crate) mod fields;
mod keys;
mod lexer;
mod order;
mod scalar;
mod text;
mod tolerant;

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use self::decoder::decode_into;
pub use self::decoder::{Decode, Decoder};
pub use self::error::{DecodeError, Decoded};
pub(crate) use self::scalar::Scalar;
pub use self::text::Text;
pub use self::tolerant::ReadBody;
#[cfg(feature = "serde")]
#[allow(unused_imports, reason = "only APIs with unions need it")]
pub use self::tolerant::decode_value;

/// Reads a whole body.
pub fn decode<T: Decode>(body: &[u8]) -> Decoded<T> {
    T::of_body(body)
}

/// Implements [`Decode`] for a struct, whose fields are given with their names in JSON.
#[doc(hidden)]
#[macro_export]
macro_rules! __decode_fields {
    ($type:ident; $($name:literal $field:ident),* $(,)?) => {
        // Inlined, so that it is compiled where a program uses it.
        impl $crate::__rt::decode::Decode for $type {
            #[inline]
            fn empty() -> Self {
                Self { $($field: $crate::__rt::decode::Decode::empty()),* }
            }

            #[inline]
            fn decode(&mut self, decoder: &mut $crate::__rt::decode::Decoder<'_>) -> $crate::__rt::decode::Decoded {
                decoder.object(&[$($name),*], &mut [$(&mut self.$field),*])
            }

            #[inline]
            fn reset(&mut self) {
                *self = $crate::__rt::decode::Decode::empty();
            }
        }
    };
}
pub(crate) use __decode_fields as decode_fields;

/// Implements [`Decode`] and [`ReadBody`] for a model that does not implement serde's traits, whose fields are given with
/// their names in JSON.
#[doc(hidden)]
#[macro_export]
macro_rules! __decode_model {
    ($type:ident; $($fields:tt)*) => {
        $crate::__decode_fields!($type; $($fields)*);

        impl $crate::__rt::decode::ReadBody for $type {
            #[inline]
            fn read_body(body: &[u8]) -> $crate::__rt::decode::Decoded<Self> {
                $crate::__rt::decode::decode(body)
            }
        }
    };
}

#[cfg(feature = "serde")]
pub(crate) use __decode_fields as model;
/// The same for a model of this crate, which implements serde's traits with the feature `serde`.
#[cfg(not(feature = "serde"))]
pub(crate) use __decode_model as model;

/// Every body, or none: there is nothing to read.
impl Decode for () {
    fn empty() {}

    fn decode(&mut self, decoder: &mut Decoder<'_>) -> Decoded {
        decoder.skip()
    }

    fn of_body(_: &[u8]) -> Decoded<Self> {
        Ok(())
    }
}

impl Decode for String {
    fn empty() -> Self {
        Self::new()
    }

    fn decode(&mut self, decoder: &mut Decoder<'_>) -> Decoded {
        *self = decoder.some_text()?.into_owned();
        Ok(())
    }
}

impl Decode for bool {
    fn empty() -> Self {
        false
    }

    fn decode(&mut self, decoder: &mut Decoder<'_>) -> Decoded {
        *self = !decoder.take_blank() && decoder.flag()?;
        Ok(())
    }

    fn is_required(&self) -> bool {
        false
    }

    fn take_absent(decoder: &mut Decoder<'_>) -> bool {
        decoder.take_blank()
    }
}

macro_rules! decode_integer {
    ($($type:ident)*) => {$(
        impl Decode for $type {
            fn empty() -> Self {
                0
            }

            fn decode(&mut self, decoder: &mut Decoder<'_>) -> Decoded {
                let number = decoder.integer(&stringify!($type))?;
                *self = number.try_into().map_err(|_| DecodeError::out_of_range(stringify!($type)))?;
                Ok(())
            }

            fn take_absent(decoder: &mut Decoder<'_>) -> bool {
                decoder.take_blank()
            }
        }
    )*};
}
decode_integer! { i32 i64 }

impl Decode for f64 {
    fn empty() -> Self {
        0.0
    }

    fn decode(&mut self, decoder: &mut Decoder<'_>) -> Decoded {
        *self = decoder.float(&"f64")?;
        Ok(())
    }

    fn take_absent(decoder: &mut Decoder<'_>) -> bool {
        decoder.take_blank()
    }
}

impl<T: Decode> Decode for Option<T> {
    fn empty() -> Self {
        None
    }

    fn decode(&mut self, decoder: &mut Decoder<'_>) -> Decoded {
        if T::take_absent(decoder) {
            *self = None;
            return Ok(());
        }
        self.insert(T::empty()).decode(decoder)
    }

    fn is_required(&self) -> bool {
        false
    }

    fn of_body(body: &[u8]) -> Decoded<Self> {
        let mut value = None;
        if !body.is_empty() {
            decode_into(body, &mut value)?;
        }
        Ok(value)
    }
}

impl<T: Decode> Decode for Box<T> {
    fn empty() -> Self {
        Self::new(T::empty())
    }

    fn decode(&mut self, decoder: &mut Decoder<'_>) -> Decoded {
        (**self).decode(decoder)
    }

    fn reset(&mut self) {
        (**self).reset();
    }

    fn is_required(&self) -> bool {
        (**self).is_required()
    }

    fn take_absent(decoder: &mut Decoder<'_>) -> bool {
        T::take_absent(decoder)
    }
}

impl<T: Decode> Decode for Vec<T> {
    fn empty() -> Self {
        Self::new()
    }

    fn decode(&mut self, decoder: &mut Decoder<'_>) -> Decoded {
        self.clear();
        decoder.list(&mut |decoder| {
            let mut element = T::empty();
            element.decode(decoder)?;
            self.push(element);
            Ok(())
        })
    }

    fn is_required(&self) -> bool {
        false
    }
}

impl<T: Decode> Decode for BTreeMap<String, T> {
    fn empty() -> Self {
        Self::new()
    }

    fn decode(&mut self, decoder: &mut Decoder<'_>) -> Decoded {
        self.clear();
        decoder.map(&mut |decoder, key| {
            let mut value = T::empty();
            value.decode(decoder)?;
            self.insert(key.clone().into_owned(), value);
            Ok(())
        })
    }

    fn is_required(&self) -> bool {
        false
    }
}

/// A number that is neither a 64-bit integer nor a float is an error; a float has the digits of an `f64`.
impl Decode for Value {
    fn empty() -> Self {
        Self::Null
    }

    fn decode(&mut self, decoder: &mut Decoder<'_>) -> Decoded {
        *self = match decoder.scalar()? {
            Scalar::Null => Self::Null,
            Scalar::Flag(flag) => Self::Bool(flag),
            Scalar::Number(text) => Self::Number(
                text.parse()
                    .map_err(|_| DecodeError::out_of_range("a number"))?,
            ),
            Scalar::Text(text) => Self::String(text.into_owned()),
            Scalar::List => {
                let mut elements = Vec::<Self>::new();
                elements.decode(decoder)?;
                Self::Array(elements)
            }
            Scalar::Object => {
                let mut object = Map::new();
                decoder.map(&mut |decoder, key| {
                    let mut value = Self::Null;
                    value.decode(decoder)?;
                    object.insert(key.clone().into_owned(), value);
                    Ok(())
                })?;
                Self::Object(object)
            }
        };
        Ok(())
    }

    /// An empty body is `null`.
    fn of_body(body: &[u8]) -> Decoded<Self> {
        let mut value = Self::Null;
        if !body.is_empty() {
            decode_into(body, &mut value)?;
        }
        Ok(value)
    }
}

#[cfg(test)]
mod tests;
