//! Fields that are read one by one, whatever the others hold.
//!
//! Used where losing a response would be worse than missing one of its fields: a field of another type or a number out of
//! range affects nothing but itself.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::{Decode, DecodeError, Decoded, Decoder, decode};

/// The fields of an object, each as it is written: valid JSON that is not read yet.
/// In the order in which they are written.
pub(crate) struct Entries<'a>(pub(crate) Vec<(Cow<'a, str>, &'a str)>);

impl<'a> Entries<'a> {
    /// The last value of a field.
    pub(crate) fn get(&self, key: &str) -> Option<&'a str> {
        let mut entries = self.0.iter().rev();
        Some(entries.find(|(name, _)| name == key)?.1)
    }
}

/// Reads an object's fields without their values.
pub(crate) fn entries(body: &[u8]) -> Decoded<Entries<'_>> {
    let mut decoder = Decoder::of_body(body)?;
    let mut entries = Vec::new();
    decoder.members(&"an object", &mut |decoder, key| {
        entries.push((key.clone(), decoder.raw()?));
        Ok(())
    })?;
    decoder.end()?;
    Ok(Entries(entries))
}

/// The fields of an object. Those that cannot be read are left out.
pub(crate) fn readable_fields(body: &[u8]) -> Decoded<Map<String, Value>> {
    let mut fields = Map::new();
    for (key, json) in entries(body)?.0 {
        if let Ok(value) = decode(json.as_bytes()) {
            fields.insert(key.into_owned(), value);
        }
    }
    Ok(fields)
}

/// Scopes, given as a list or as text that separates them.
pub(crate) struct Scopes(pub(crate) Vec<String>);

impl Decode for Scopes {
    fn empty() -> Self {
        Self(Vec::new())
    }

    fn decode(&mut self, decoder: &mut Decoder<'_>) -> Decoded {
        let mut value = Value::Null;
        value.decode(decoder)?;
        self.0 = scopes_of(&value).ok_or_else(|| DecodeError::new("expected scopes"))?;
        Ok(())
    }
}

/// The scopes of a list, in which anything but text is skipped, or of a text; `None` for any other value.
pub(crate) fn scopes_of(value: &Value) -> Option<Vec<String>> {
    let texts = match value {
        Value::Array(values) => values.as_slice(),
        Value::String(_) => std::slice::from_ref(value),
        _ => return None,
    };
    let texts = texts.iter().filter_map(Value::as_str);
    let scopes = texts.flat_map(|text| text.split(|c: char| c.is_whitespace() || c == ','));
    let scopes = scopes.filter(|scope| !scope.is_empty());
    Some(scopes.map(str::to_owned).collect())
}
