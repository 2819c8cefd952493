//! The decoder as a deserializer of serde, for types that are not this crate's.
//!
//! What it accepts is what models accept, except that serde refuses repeated keys of structs.

use std::any::TypeId;
use std::{fmt, iter};

use serde::de::value::{MapDeserializer, SeqDeserializer, StringDeserializer};
use serde::de::{
    self, DeserializeOwned, DeserializeSeed, Deserializer, Expected, MapAccess, SeqAccess,
    Unexpected, Visitor,
};
use serde::forward_to_deserialize_any;
use serde_json::Value;
use serde_json::de::StrRead;

use super::decoder::Decoder;
use super::error::{DecodeError, Decoded};
use super::text;

/// A type that a response can be read as; see [`Request::response_type`](crate::Request::response_type).
///
/// Implemented for every type that implements serde's `Deserialize` and borrows nothing, and for the models of this crate
/// whether or not its feature `serde` is enabled.
pub trait ReadBody: Sized + 'static {
    #[doc(hidden)]
    fn read_body(body: &[u8]) -> Decoded<Self>;
}

impl<T: DeserializeOwned + 'static> ReadBody for T {
    #[inline]
    fn read_body(body: &[u8]) -> Decoded<Self> {
        decode_any(body)
    }
}

/// Reads a whole body. One that is empty is read as `null`, and so is any body for `()`.
pub(crate) fn decode_any<T: DeserializeOwned + 'static>(body: &[u8]) -> Decoded<T> {
    if body.is_empty() || TypeId::of::<T>() == TypeId::of::<()>() {
        return T::deserialize(Value::Null).map_err(|_| DecodeError::malformed(&[], 0));
    }
    let mut decoder = Decoder::of_body(body)?;
    let value = T::deserialize(&mut decoder)?;
    decoder.end()?;
    Ok(value)
}

/// Reads a value as tolerantly as a body.
#[cfg(feature = "serde")]
#[allow(dead_code, reason = "only APIs with unions need it")]
pub fn decode_value<T: DeserializeOwned + 'static>(value: &Value) -> Decoded<T> {
    decode_any(value.to_string().as_bytes())
}

/// Messages name kinds and fields of Rust types; none repeats what the body holds.
impl de::Error for DecodeError {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self::new("a value is not as expected")
    }

    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        let found = match found {
            Unexpected::Bool(_) => "a boolean",
            Unexpected::Unsigned(_) | Unexpected::Signed(_) => "an integer",
            Unexpected::Float(_) => "a floating point number",
            Unexpected::Char(_) | Unexpected::Str(_) | Unexpected::Bytes(_) => "a string",
            Unexpected::Unit | Unexpected::Option => "null",
            Unexpected::Seq => "a list",
            Unexpected::Map => "a map",
            _ => "another kind of value",
        };
        Self::new(format!("found {found}, expected {expected}"))
    }

    fn invalid_value(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::invalid_type(found, expected)
    }

    fn unknown_variant(_: &str, _: &'static [&'static str]) -> Self {
        Self::new("a value is not one of the known ones")
    }

    fn unknown_field(_: &str, _: &'static [&'static str]) -> Self {
        Self::new("a field is not one of the known ones")
    }

    fn missing_field(field: &'static str) -> Self {
        Self::missing(field)
    }

    fn duplicate_field(field: &'static str) -> Self {
        Self::new(format!("duplicate field `{field}`"))
    }
}

/// For values that `serde_json` reads; their line and column are not those of the body.
impl From<serde_json::Error> for DecodeError {
    fn from(_: serde_json::Error) -> Self {
        de::Error::custom("")
    }
}

impl<'de> Decoder<'de> {
    /// The next value, for types that only `serde_json` can read.
    fn json(&mut self) -> Decoded<serde_json::Deserializer<StrRead<'de>>> {
        Ok(serde_json::Deserializer::from_str(self.raw()?))
    }

    fn visit_seq<V: Visitor<'de>>(&mut self, visitor: V) -> Decoded<V::Value> {
        let expected: &dyn Expected = &visitor;
        self.enter(b'[', &expected)?;
        self.visit_parts(b']', |parts| visitor.visit_seq(parts))
    }

    fn visit_map<V: Visitor<'de>>(&mut self, visitor: V) -> Decoded<V::Value> {
        let expected: &dyn Expected = &visitor;
        self.enter(b'{', &expected)?;
        self.visit_parts(b'}', |parts| visitor.visit_map(parts))
    }

    /// Hands out what stands before `close`, and skips what is left of it.
    fn visit_parts<T>(
        &mut self,
        close: u8,
        visit: impl FnOnce(&mut Parts<'_, 'de>) -> Decoded<T>,
    ) -> Decoded<T> {
        let mut parts = Parts {
            key: self.ahead(),
            decoder: self,
            close: Some(close),
            next: 0,
        };
        let value = visit(&mut parts)?;
        while parts.advance()? {
            if close == b'}' {
                parts.decoder.key()?;
            }
            parts.decoder.skip()?;
        }
        Ok(value)
    }
}

/// The elements of a list or the entries of an object.
struct Parts<'d, 'de> {
    decoder: &'d mut Decoder<'de>,
    /// The mark at the end, until it is reached.
    close: Option<u8>,
    next: usize,
    /// Stands before the current key.
    key: Decoder<'de>,
}

impl Parts<'_, '_> {
    /// Goes on to the next part, if there is one.
    fn advance(&mut self) -> Decoded<bool> {
        let Some(close) = self.close else {
            return Ok(false);
        };
        let has_next = self.decoder.has_next(self.next == 0, close)?;
        self.next += 1;
        self.close = self.close.filter(|_| has_next);
        Ok(has_next)
    }
}

impl<'de> SeqAccess<'de> for &mut Parts<'_, 'de> {
    type Error = DecodeError;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Decoded<Option<T::Value>> {
        if !self.advance()? {
            return Ok(None);
        }
        let value = seed.deserialize(&mut *self.decoder);
        let index = self.next - 1;
        value.map(Some).map_err(|error| error.at_index(index))
    }
}

impl<'de> MapAccess<'de> for &mut Parts<'_, 'de> {
    type Error = DecodeError;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Decoded<Option<K::Value>> {
        if !self.advance()? {
            return Ok(None);
        }
        self.key = self.decoder.ahead();
        // A key is a string, of which numbers are read as of any other.
        self.key.ahead().key()?;
        let key = seed.deserialize(&mut *self.decoder)?;
        self.decoder.expect(b':')?;
        Ok(Some(key))
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Decoded<V::Value> {
        let value = seed.deserialize(&mut *self.decoder);
        value.map_err(|error| match self.key.key() {
            Ok(key) => error.at_key(&key),
            Err(_) => error,
        })
    }
}

macro_rules! scalars {
    ($($method:ident $read:ident $visit:ident)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Decoded<V::Value> {
            let expected: &dyn Expected = &visitor;
            let value = self.$read(&expected)?;
            visitor.$visit(value)
        })*
    };
}

macro_rules! integers {
    ($($method:ident)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Decoded<V::Value> {
            let expected: &dyn Expected = &visitor;
            let number = self.integer(&expected)?;
            match (u64::try_from(number), i64::try_from(number)) {
                (Ok(number), _) => visitor.visit_u64(number),
                (_, Ok(number)) => visitor.visit_i64(number),
                _ => visitor.visit_i128(number),
            }
        })*
    };
}

impl<'de> Deserializer<'de> for &mut Decoder<'de> {
    type Error = DecodeError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Decoded<V::Value> {
        match self.peek() {
            Some(b'[') => self.visit_seq(visitor),
            Some(b'{') => self.visit_map(visitor),
            Some(b'"') => self.deserialize_str(visitor),
            _ => Ok(self.json()?.deserialize_any(visitor)?),
        }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Decoded<V::Value> {
        match self.text()? {
            Some(text) => visitor.visit_str(&text),
            None => Err(de::Error::invalid_type(Unexpected::Unit, &visitor)),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Decoded<V::Value> {
        self.deserialize_str(visitor)
    }

    fn deserialize_char<V: Visitor<'de>>(self, visitor: V) -> Decoded<V::Value> {
        self.deserialize_str(visitor)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Decoded<V::Value> {
        self.deserialize_str(visitor)
    }

    integers! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128
    }

    scalars! {
        deserialize_f32 float visit_f64
        deserialize_f64 float visit_f64
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Decoded<V::Value> {
        let flag = !self.take_blank() && self.flag()?;
        visitor.visit_bool(flag)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Decoded<V::Value> {
        if self.take_null() {
            visitor.visit_none()
        } else {
            visitor.visit_some(self)
        }
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Decoded<V::Value> {
        if self.take_null() {
            visitor.visit_unit()
        } else {
            let expected: &dyn Expected = &visitor;
            Err(self.unexpected(&expected))
        }
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Decoded<V::Value> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Decoded<V::Value> {
        if name == text::NAME {
            return match self.text()? {
                Some(text) => visitor.visit_str(&text),
                None => visitor.visit_unit(),
            };
        }
        // `RawValue`, which only `serde_json` knows how to fill.
        if name.starts_with("$serde_json::private::") {
            Ok(self.json()?.deserialize_newtype_struct(name, visitor)?)
        } else {
            visitor.visit_newtype_struct(self)
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Decoded<V::Value> {
        if self.take_null() {
            return visitor.visit_seq(SeqDeserializer::new(iter::empty::<()>()));
        }
        self.visit_seq(visitor)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Decoded<V::Value> {
        self.visit_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Decoded<V::Value> {
        self.visit_seq(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Decoded<V::Value> {
        if self.take_null() {
            return visitor.visit_map(MapDeserializer::new(iter::empty::<((), ())>()));
        }
        self.visit_map(visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Decoded<V::Value> {
        self.visit_map(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Decoded<V::Value> {
        if let Some(b'{' | b'[' | b'n') = self.peek() {
            return Ok(self.json()?.deserialize_enum(name, variants, visitor)?);
        }
        let text = self.text()?.unwrap_or_default().into_owned();
        visitor.visit_enum(StringDeserializer::new(text))
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Decoded<V::Value> {
        self.skip()?;
        visitor.visit_unit()
    }

    forward_to_deserialize_any! { bytes byte_buf }
}
