//! Reads values that come in more than one form.

use serde::de::{Deserialize, Deserializer, Error};
use serde_json::Value;

/// Reads scopes, given as a list or as text that separates them.
pub(crate) fn scopes<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let value = Value::deserialize(deserializer)?;
    scopes_of(&value).ok_or_else(|| D::Error::custom("expected scopes"))
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
