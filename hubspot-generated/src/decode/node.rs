//! One value within a body, as a deserializer.

use std::borrow::Cow;
use std::{fmt, vec};

use serde::de::value::StringDeserializer;
use serde::de::{
    self, Deserialize, DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Unexpected,
    Visitor,
};
use serde::forward_to_deserialize_any;
use serde_json::value::RawValue;

use super::entries::{Entries, Key};
use super::{DecodeError, SCALAR};

/// As deep as `serde_json` goes.
const DEPTH: u8 = 128;

/// A value, or a key of an object.
#[derive(Clone)]
pub(super) struct Node<'de> {
    content: Content<'de>,
    /// How many levels may still be entered.
    depth: u8,
}

#[derive(Clone)]
enum Content<'de> {
    /// Valid JSON without white space around it.
    Json(&'de str),
    Key(Cow<'de, str>),
}

impl<'de> Node<'de> {
    pub(super) fn root(json: &'de RawValue) -> Self {
        Self {
            content: Content::Json(json.get()),
            depth: DEPTH,
        }
    }

    /// The text of a string, a number or a flag.
    fn text(&self) -> Result<Option<Cow<'de, str>>, DecodeError> {
        let json = match &self.content {
            Content::Key(key) => return Ok(Some(key.clone())),
            Content::Json(json) => *json,
        };
        Ok(match json.as_bytes().first() {
            None | Some(b'{' | b'[' | b'n') => None,
            Some(b'"') if json.contains('\\') => Some(Cow::Owned(unescape(json)?)),
            Some(b'"') => Some(Cow::Borrowed(&json[1..json.len() - 1])),
            Some(_) => Some(Cow::Borrowed(json)),
        })
    }

    fn is_null(&self) -> bool {
        matches!(self.content, Content::Json("null"))
    }

    fn unexpected(&self, expected: &dyn de::Expected) -> DecodeError {
        let json = match &self.content {
            Content::Key(_) => "\"",
            Content::Json(json) => *json,
        };
        let found = match json.as_bytes().first() {
            Some(b'{') => Unexpected::Map,
            Some(b'[') => Unexpected::Seq,
            Some(b'n') => Unexpected::Unit,
            Some(b't' | b'f') => Unexpected::Bool(true),
            Some(b'"') => Unexpected::Str(""),
            _ if json.contains(['.', 'e', 'E']) => Unexpected::Float(0.0),
            _ => Unexpected::Signed(0),
        };
        DecodeError::invalid_type(found, expected)
    }

    fn child(depth: u8, json: &'de RawValue) -> Self {
        Self {
            content: Content::Json(json.get()),
            depth,
        }
    }

    /// What is within an object or a list, unless it is another value.
    fn enter<T: Deserialize<'de>>(
        &self,
        open: char,
        expected: &dyn de::Expected,
    ) -> Result<(T, u8), DecodeError> {
        match self.content {
            Content::Json(json) if json.starts_with(open) => {
                let depth = self
                    .depth
                    .checked_sub(1)
                    .ok_or_else(DecodeError::too_deep)?;
                Ok((serde_json::from_str(json)?, depth))
            }
            _ => Err(self.unexpected(expected)),
        }
    }
}

/// The text of a JSON string. Half of a surrogate pair, as of a text that was cut, becomes U+FFFD.
fn unescape(json: &str) -> Result<String, DecodeError> {
    struct Lossy;

    impl Visitor<'_> for Lossy {
        type Value = String;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a string")
        }

        fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<String, E> {
            Ok(String::from_utf8_lossy(bytes).into_owned())
        }
    }

    let mut json = serde_json::Deserializer::from_str(json);
    Ok(json.deserialize_bytes(Lossy)?)
}

/// A number without a fraction that is zero.
fn whole(text: &str) -> &str {
    match text.split_once('.') {
        Some((whole, fraction)) if fraction.bytes().all(|digit| digit == b'0') => whole,
        _ => text,
    }
}

/// Hands out an integer of either sign; anything else is for the visitor to refuse.
fn visit_integer<'de, V: Visitor<'de>>(
    node: &Node<'de>,
    visitor: V,
) -> Result<V::Value, DecodeError> {
    match node.text()? {
        Some(text) => match (whole(&text).parse(), whole(&text).parse()) {
            (Ok(number), _) => visitor.visit_u64(number),
            (_, Ok(number)) => visitor.visit_i64(number),
            _ => Err(node.unexpected(&visitor)),
        },
        None => Err(node.unexpected(&visitor)),
    }
}

macro_rules! integers {
    ($($method:ident)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
            visit_integer(&self, visitor)
        })*
    };
}

/// Parses the text of a scalar as another one.
macro_rules! parsed {
    ($($method:ident $visit:ident)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
            match self.text()?.map(|text| text.parse()) {
                Some(Ok(value)) => visitor.$visit(value),
                _ => Err(self.unexpected(&visitor)),
            }
        })*
    };
}

impl<'de> Deserializer<'de> for Node<'de> {
    type Error = DecodeError;

    /// Reads what the body has, as `serde_json` would.
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        match &self.content {
            Content::Json(json) => {
                let mut json = serde_json::Deserializer::from_str(json);
                Ok(json.deserialize_any(visitor)?)
            }
            Content::Key(_) => self.deserialize_str(visitor),
        }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        match self.text()? {
            Some(Cow::Borrowed(text)) => visitor.visit_borrowed_str(text),
            Some(Cow::Owned(text)) => visitor.visit_string(text),
            None => Err(self.unexpected(&visitor)),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        self.deserialize_str(visitor)
    }

    fn deserialize_char<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        self.deserialize_str(visitor)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        self.deserialize_str(visitor)
    }

    integers! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64
    }

    parsed! {
        deserialize_bool visit_bool
        deserialize_i128 visit_i128
        deserialize_u128 visit_u128
        deserialize_f32 visit_f32
        deserialize_f64 visit_f64
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        if self.is_null() {
            visitor.visit_none()
        } else {
            visitor.visit_some(self)
        }
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        if self.is_null() {
            visitor.visit_unit()
        } else {
            Err(self.unexpected(&visitor))
        }
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        if name == SCALAR && self.text()?.is_some() {
            return self.deserialize_str(visitor);
        }
        match self.content {
            // `RawValue`, which only `serde_json` knows how to fill.
            Content::Json(json) if name.starts_with("$serde_json::private::") => {
                let mut json = serde_json::Deserializer::from_str(json);
                Ok(json.deserialize_newtype_struct(name, visitor)?)
            }
            _ => visitor.visit_newtype_struct(self),
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        let (items, depth) = self.enter::<Vec<&RawValue>>('[', &visitor)?;
        visitor.visit_seq(Elements {
            items: items.into_iter(),
            next: 0,
            depth,
        })
    }

    fn deserialize_tuple<V: Visitor<'de>>(
        self,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        let (Entries(entries), depth) = self.enter('{', &visitor)?;
        visitor.visit_map(Fields {
            entries: entries.into_iter(),
            value: None,
            depth,
        })
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        self.deserialize_map(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        match (self.text()?, self.content) {
            (None, Content::Json(json)) => {
                let mut json = serde_json::Deserializer::from_str(json);
                Ok(json.deserialize_enum(name, variants, visitor)?)
            }
            (text, _) => {
                let text = text.unwrap_or_default().into_owned();
                visitor.visit_enum(StringDeserializer::new(text))
            }
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! { bytes byte_buf }
}

/// The elements of a list.
struct Elements<'de> {
    items: vec::IntoIter<&'de RawValue>,
    next: usize,
    depth: u8,
}

impl<'de> SeqAccess<'de> for Elements<'de> {
    type Error = DecodeError;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, DecodeError> {
        let Some(json) = self.items.next() else {
            return Ok(None);
        };
        let index = self.next;
        self.next += 1;
        let value = seed.deserialize(Node::child(self.depth, json));
        value.map(Some).map_err(|error| error.at_index(index))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.items.len())
    }
}

/// The entries of an object, in order.
struct Fields<'de> {
    entries: vec::IntoIter<(Key<'de>, &'de RawValue)>,
    value: Option<(Key<'de>, &'de RawValue)>,
    depth: u8,
}

impl<'de> MapAccess<'de> for Fields<'de> {
    type Error = DecodeError;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, DecodeError> {
        self.value = self.entries.next();
        let Some((Key(key), _)) = &self.value else {
            return Ok(None);
        };
        let content = Content::Key(key.clone());
        let depth = self.depth;
        seed.deserialize(Node { content, depth }).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(
        &mut self,
        seed: V,
    ) -> Result<V::Value, DecodeError> {
        let Some((Key(key), json)) = self.value.take() else {
            return Err(DecodeError::custom("a value without a key"));
        };
        let value = seed.deserialize(Node::child(self.depth, json));
        value.map_err(|error| error.at_key(&key))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.entries.len())
    }
}
