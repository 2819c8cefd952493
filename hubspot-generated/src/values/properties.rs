//! Property values of a CRM object, by name.
//!
//! Numbers and flags are read as their text.

use std::collections::{BTreeMap, btree_map};
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use serde::{Serialize, Serializer};

use crate::decode::SCALAR;

/// The values of a CRM object's properties, by internal name.
///
/// Every value is text: numbers (`"17"`), flags (`"true"`), dates (epoch milliseconds or ISO 8601) and multiple checkboxes
/// (`"a;b"`). A property that was requested and has no value is `None`.
///
/// ```
/// use hubspot_generated::Properties;
///
/// let mut properties = Properties::from([("email", "ada@example.com"), ("firstname", "Ada")]);
/// properties.insert("numberofemployees", 17.to_string());
/// properties.clear("lastname"); // an empty value: HubSpot ignores `null`
///
/// assert_eq!(properties.get("email"), Some("ada@example.com"));
/// assert_eq!(properties.get("lastname"), Some(""));
/// assert_eq!(properties.get("phone"), None);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Properties(BTreeMap<String, Option<String>>);

impl Properties {
    /// Creates an empty map.
    pub const fn new() -> Self {
        Self(BTreeMap::new())
    }

    /// The value of `name`; `None` if it has no value or is not in the map ([`contains`](Self::contains) tells which).
    #[inline]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.as_deref()
    }

    /// Returns whether `name` is in the map, with or without a value.
    #[inline]
    pub fn contains(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// Sets `name` to `value`.
    #[inline]
    pub fn insert(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.0.insert(name.into(), Some(value.into()));
    }

    /// Sets `name` to the empty string, which clears its value in HubSpot.
    #[inline]
    pub fn clear(&mut self, name: impl Into<String>) {
        self.insert(name, "");
    }

    /// Removes `name`, so that HubSpot leaves the property unchanged, and returns its value in the map.
    #[inline]
    pub fn remove(&mut self, name: &str) -> Option<String> {
        self.0.remove(name)?
    }

    /// The number of properties in the map.
    #[inline]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns whether the map is empty.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the properties, sorted by name.
    #[inline]
    pub fn iter(&self) -> impl Iterator<Item = (&str, Option<&str>)> {
        self.0
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_deref()))
    }
}

impl IntoIterator for Properties {
    type Item = (String, Option<String>);
    type IntoIter = btree_map::IntoIter<String, Option<String>>;

    #[inline]
    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<K: Into<String>, V: Into<String>> Extend<(K, V)> for Properties {
    fn extend<I: IntoIterator<Item = (K, V)>>(&mut self, pairs: I) {
        for (name, value) in pairs {
            self.insert(name, value);
        }
    }
}

impl<K: Into<String>, V: Into<String>> FromIterator<(K, V)> for Properties {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        let mut properties = Self::new();
        properties.extend(pairs);
        properties
    }
}

impl<K: Into<String>, V: Into<String>, const N: usize> From<[(K, V); N]> for Properties {
    fn from(pairs: [(K, V); N]) -> Self {
        pairs.into_iter().collect()
    }
}

impl<K: Into<String>, V: Into<String>> From<Vec<(K, V)>> for Properties {
    fn from(pairs: Vec<(K, V)>) -> Self {
        pairs.into_iter().collect()
    }
}

impl From<BTreeMap<String, String>> for Properties {
    #[inline]
    fn from(values: BTreeMap<String, String>) -> Self {
        values.into_iter().collect()
    }
}

impl Serialize for Properties {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Properties {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(PropertiesVisitor)
    }
}

struct PropertiesVisitor;

impl<'de> Visitor<'de> for PropertiesVisitor {
    type Value = Properties;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map of property values")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Properties, A::Error> {
        let mut properties = Properties::new();
        while let Some((name, value)) = entries.next_entry::<String, Value>()? {
            properties.0.insert(name, value.0);
        }
        Ok(properties)
    }
}

/// A value of a property.
struct Value(Option<String>);

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(SCALAR, ValueVisitor)
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a property value: text or null")
    }

    /// Reached where the name of the newtype says nothing to the deserializer, such as `serde_json`'s own.
    fn visit_newtype_struct<D: Deserializer<'de>>(self, value: D) -> Result<Value, D::Error> {
        value.deserialize_any(self)
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value(None))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Value, E> {
        Ok(Value(Some(text.to_owned())))
    }

    fn visit_string<E: Error>(self, text: String) -> Result<Value, E> {
        Ok(Value(Some(text)))
    }

    fn visit_bool<E: Error>(self, flag: bool) -> Result<Value, E> {
        Ok(Value(Some(flag.to_string())))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Value, E> {
        Ok(Value(Some(number.to_string())))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Value, E> {
        Ok(Value(Some(number.to_string())))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Value, E> {
        Ok(Value(Some(number.to_string())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_hubspot_sends_is_text_or_nothing() {
        let properties: Properties = serde_json::from_str(
            r#"{"a": "x", "b": null, "c": 17, "d": -1, "e": 1.5, "f": true, "g": ""}"#,
        )
        .unwrap();
        let values: Vec<_> = properties.iter().collect();
        assert_eq!(
            values,
            [
                ("a", Some("x")),
                ("b", None),
                ("c", Some("17")),
                ("d", Some("-1")),
                ("e", Some("1.5")),
                ("f", Some("true")),
                ("g", Some(""))
            ]
        );
        assert!(properties.contains("b") && !properties.contains("h"));
        assert!(serde_json::from_str::<Properties>(r#"{"a": ["x"]}"#).is_err());
        assert!(serde_json::from_str::<Properties>(r#"["a"]"#).is_err());
    }

    #[test]
    fn what_is_sent_is_what_was_set() {
        let mut properties: Properties = [("b", "1"), ("a", "2")].into_iter().collect();
        properties.extend([("c".to_owned(), "3".to_owned())]);
        properties.clear("b");
        assert_eq!(properties.remove("c").as_deref(), Some("3"));
        assert_eq!(
            serde_json::to_string(&properties).unwrap(),
            r#"{"a":"2","b":""}"#
        );
        assert_eq!(properties.len(), 2);
        assert_eq!(
            Properties::from(BTreeMap::from([("a".to_owned(), "2".to_owned())])).get("a"),
            Some("2")
        );
        assert!(Properties::new().is_empty());
    }
}
