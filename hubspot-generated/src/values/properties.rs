//! Property values of a CRM object, by name.
//!
//! Numbers and flags are read as their text.

use std::collections::{BTreeMap, btree_map};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::decode::{Decode, Decoded, Decoder};
use crate::encode::Encode;

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
    pub fn iter(&self) -> PropertiesIter<'_> {
        PropertiesIter(self.0.iter())
    }
}

/// The properties of a [`Properties`], sorted by name; see [`Properties::iter`].
#[derive(Clone, Debug)]
pub struct PropertiesIter<'a>(btree_map::Iter<'a, String, Option<String>>);

impl<'a> Iterator for PropertiesIter<'a> {
    type Item = (&'a str, Option<&'a str>);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let (name, value) = self.0.next()?;
        Some((name, value.as_deref()))
    }
}

impl<'a> IntoIterator for &'a Properties {
    type Item = (&'a str, Option<&'a str>);
    type IntoIter = PropertiesIter<'a>;

    #[inline]
    fn into_iter(self) -> Self::IntoIter {
        self.iter()
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

impl Decode for Properties {
    fn empty() -> Self {
        Self::new()
    }

    fn decode(&mut self, decoder: &mut Decoder<'_>) -> Decoded {
        self.0.decode(decoder)
    }

    fn is_required(&self) -> bool {
        false
    }
}

impl Encode for Properties {
    fn encode(&self, json: &mut String) -> Decoded {
        self.0.encode(json)
    }
}

impl Serialize for Properties {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Properties {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        BTreeMap::deserialize(deserializer).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::decode;
    use crate::encode::encode;

    #[test]
    fn whatever_hubspot_sends_is_text_or_nothing() {
        let properties: Properties =
            decode(br#"{"a": "x", "b": null, "c": 17, "d": -1, "e": 1.5, "f": true, "g": ""}"#)
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
        assert!(decode::<Properties>(br#"{"a": ["x"]}"#).is_err());
        assert!(decode::<Properties>(br#"["a"]"#).is_err());
    }

    #[test]
    fn what_is_sent_is_what_was_set() {
        let mut properties: Properties = [("b", "1"), ("a", "2")].into_iter().collect();
        properties.extend([("c".to_owned(), "3".to_owned())]);
        properties.clear("b");
        assert_eq!(properties.remove("c").as_deref(), Some("3"));
        let json = br#"{"a":"2","b":""}"#;
        assert_eq!(encode(&properties).unwrap(), json);
        assert_eq!(serde_json::to_vec(&properties).unwrap(), json);
        assert_eq!(
            serde_json::from_slice::<Properties>(json).unwrap(),
            properties
        );
        assert_eq!(properties.len(), 2);
        assert_eq!(
            Properties::from(BTreeMap::from([("a".to_owned(), "2".to_owned())])).get("a"),
            Some("2")
        );
        assert!(Properties::new().is_empty());
    }
}
