//! Reads single fields of a JSON object, whatever the other fields hold.
//!
//! Used where losing a response would be worse than missing one of its fields: a field of another type, a number out of
//! range or a repeated key affects nothing but itself.

#[cfg(feature = "oauth")]
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error};
#[cfg(feature = "oauth")]
use serde::de::{IgnoredAny, MapAccess, Visitor};
use serde_json::Value;

/// Reads scopes, given as a list or as text that separates them.
pub(crate) fn scopes<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let value = Value::deserialize(deserializer)?;
    scopes_of(&value).ok_or_else(|| D::Error::custom("expected scopes"))
}

/// The scopes of a list, in which anything but text is skipped, or of a text; `None` for any other value.
fn scopes_of(value: &Value) -> Option<Vec<String>> {
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

/// A JSON object whose fields are read one by one.
#[cfg(feature = "oauth")]
pub(crate) struct Fields<'a>(&'a [u8]);

#[cfg(feature = "oauth")]
impl<'a> Fields<'a> {
    /// Checks that `body` is a JSON object.
    pub(crate) fn new(body: &'a [u8]) -> Result<Self, serde_json::Error> {
        let fields = Self(body);
        fields.find(None)?;
        Ok(fields)
    }

    /// The value of `name`, unless it is missing, `null` or malformed.
    pub(crate) fn value(&self, name: &str) -> Option<Value> {
        let value = self.find(Some(name)).ok().flatten();
        value.filter(|value| !value.is_null())
    }

    /// A string that is not empty.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        match self.value(name)? {
            Value::String(text) if !text.is_empty() => Some(text),
            _ => None,
        }
    }

    /// An integer, given as a number or as text; fractions are cut off.
    pub(crate) fn integer(&self, name: &str) -> Option<i128> {
        match self.value(name)? {
            Value::Number(number) => parse_integer(&number.to_string()),
            Value::String(text) => parse_integer(text.trim()),
            _ => None,
        }
    }

    /// A flag, given as a boolean or as text.
    pub(crate) fn flag(&self, name: &str) -> Option<bool> {
        match self.value(name)? {
            Value::Bool(flag) => Some(flag),
            Value::String(text) => text.trim().to_ascii_lowercase().parse().ok(),
            _ => None,
        }
    }

    /// The granted scopes; empty if there are none. `scopes` is HubSpot's name, `scope` OAuth's.
    pub(crate) fn scopes(&self) -> Vec<String> {
        let read = |name| self.value(name).as_ref().and_then(scopes_of);
        let scopes = read("scopes").filter(|scopes| !scopes.is_empty());
        scopes.or_else(|| read("scope")).unwrap_or_default()
    }

    fn find(&self, name: Option<&str>) -> Result<Option<Value>, serde_json::Error> {
        let mut deserializer = serde_json::Deserializer::from_slice(self.0);
        let value = deserializer.deserialize_map(Find(name))?;
        deserializer.end()?;
        Ok(value)
    }
}

#[cfg(feature = "oauth")]
fn parse_integer(text: &str) -> Option<i128> {
    // Through a float, the digits of a long id would change.
    let whole = match text.split_once('.') {
        Some((whole, fraction)) if fraction.bytes().all(|digit| digit.is_ascii_digit()) => whole,
        _ => text,
    };
    if let Ok(integer) = whole.parse() {
        return Some(integer);
    }
    let number: f64 = text
        .parse()
        .ok()
        .filter(|number: &f64| number.is_finite())?;
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the fraction is cut off; larger numbers saturate"
    )]
    Some(number as i128)
}

/// Visits an object and keeps the value of one field.
#[cfg(feature = "oauth")]
struct Find<'n>(Option<&'n str>);

#[cfg(feature = "oauth")]
impl<'de> Visitor<'de> for Find<'_> {
    type Value = Option<Value>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Option<Value>, A::Error> {
        let mut found = None;
        while let Some(key) = map.next_key::<String>()? {
            if Some(key.as_str()) == self.0 {
                found = Some(map.next_value()?);
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(found)
    }
}

#[cfg(all(test, feature = "oauth"))]
mod tests {
    use super::*;

    #[test]
    fn one_malformed_field_does_not_affect_another() {
        let body = br#"{"a": 1e999, "b": {"c": [1]}, "d": "x", "d": "y", "e": null, "f": ""}"#;
        let fields = Fields::new(body).unwrap();
        assert_eq!(fields.value("a"), None);
        assert_eq!(fields.text("d").as_deref(), Some("y"));
        for name in ["b", "e", "f", "g"] {
            assert_eq!(fields.text(name), None, "{name}");
        }
        for body in ["", "[]", "{", "{} x", "\"x\"", "<html>"] {
            assert!(Fields::new(body.as_bytes()).is_err(), "{body}");
        }
    }

    #[test]
    fn numbers_and_flags_may_be_text() {
        for (json, expected) in [
            ("1800", Some(1800)),
            ("\" 1800 \"", Some(1800)),
            ("1800.9", Some(1800)),
            ("\"9007199254740993.0\"", Some(9_007_199_254_740_993)),
            ("-5", Some(-5)),
            ("18446744073709551615", Some(u64::MAX.into())),
            ("\"u\"", None),
            ("true", None),
            ("[1]", None),
            ("\"NaN\"", None),
            ("\"inf\"", None),
        ] {
            let body = format!("{{\"n\": {json}}}");
            let fields = Fields::new(body.as_bytes()).unwrap();
            assert_eq!(fields.integer("n"), expected, "{json}");
        }
        let fields = Fields::new(br#"{"a": true, "b": "True", "c": 1}"#).unwrap();
        assert_eq!(
            ["a", "b", "c"].map(|name| fields.flag(name)),
            [Some(true), Some(true), None]
        );
    }

    #[test]
    fn scopes_may_be_text() {
        for (json, expected) in [
            (r#"["a", 1, "b", null]"#, vec!["a", "b"]),
            (r#""a  b,c""#, vec!["a", "b", "c"]),
            ("7", vec![]),
            ("null", vec![]),
        ] {
            let body = format!("{{\"scopes\": {json}}}");
            let fields = Fields::new(body.as_bytes()).unwrap();
            assert_eq!(fields.scopes(), expected, "{json}");
        }
    }
}
