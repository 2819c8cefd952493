//! Property values of a CRM object, by name.
//!
//! Numbers and flags are read as their text. Names and values of a record stand in one buffer, so that a page of records
//! takes two allocations a record.

use std::collections::BTreeMap;
use std::{fmt, slice, vec};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::decode::{Decode, Decoded, Decoder};
use crate::encode::{self, Encode};

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
#[derive(Clone, Default)]
pub struct Properties {
    /// Names and values, in the order in which they were set. What was replaced or removed stays until it is more than half.
    text: String,
    /// Sorted by name.
    entries: Vec<Entry>,
}

/// Where a name and its value stand in the text.
#[derive(Clone, Copy)]
struct Entry {
    name: usize,
    /// The end of the name.
    value: usize,
    /// [`NULL`] if there is no value.
    end: usize,
}

const NULL: usize = usize::MAX;

/// A text shorter than this is never rebuilt.
const SMALL: usize = 1024;

impl Entry {
    fn name(self, text: &str) -> &str {
        &text[self.name..self.value]
    }

    fn value(self, text: &str) -> Option<&str> {
        (self.end != NULL).then(|| &text[self.value..self.end])
    }
}

impl Properties {
    /// Creates an empty map.
    pub const fn new() -> Self {
        Self {
            text: String::new(),
            entries: Vec::new(),
        }
    }

    /// The value of `name`; `None` if it has no value or is not in the map ([`contains`](Self::contains) tells which).
    pub fn get(&self, name: &str) -> Option<&str> {
        self.entries[self.find(name).ok()?].value(&self.text)
    }

    /// Returns whether `name` is in the map, with or without a value.
    pub fn contains(&self, name: &str) -> bool {
        self.find(name).is_ok()
    }

    /// Sets `name` to `value`.
    #[inline]
    pub fn insert(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.set(&name.into(), Some(&value.into()));
    }

    /// Sets `name` to the empty string, which clears its value in HubSpot.
    #[inline]
    pub fn clear(&mut self, name: impl Into<String>) {
        self.set(&name.into(), Some(""));
    }

    /// Removes `name`, so that HubSpot leaves the property unchanged, and returns its value in the map.
    pub fn remove(&mut self, name: &str) -> Option<String> {
        let entry = self.entries.remove(self.find(name).ok()?);
        let value = entry.value(&self.text).map(str::to_owned);
        self.shrink();
        value
    }

    /// The number of properties in the map.
    #[inline]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Returns whether the map is empty.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Returns the properties, sorted by name.
    #[inline]
    pub fn iter(&self) -> PropertiesIter<'_> {
        PropertiesIter {
            text: &self.text,
            entries: self.entries.iter(),
        }
    }

    /// The place of `name`, or the place where it belongs.
    fn find(&self, name: &str) -> Result<usize, usize> {
        let name_of = |entry: &Entry| entry.name(&self.text);
        match self.entries.last() {
            Some(last) if name_of(last) >= name => {
                let order = |entry: &Entry| name_of(entry).cmp(name);
                self.entries.binary_search_by(order)
            }
            _ => Err(self.entries.len()),
        }
    }

    fn set(&mut self, name: &str, value: Option<&str>) {
        let place = self.find(name);
        let entry = self.append(name, value);
        match place {
            Ok(index) => {
                self.entries[index] = entry;
                self.shrink();
            }
            Err(index) => self.entries.insert(index, entry),
        }
    }

    fn append(&mut self, name: &str, value: Option<&str>) -> Entry {
        let start = self.text.len();
        self.text.push_str(name);
        let middle = self.text.len();
        self.text.push_str(value.unwrap_or_default());
        Entry {
            name: start,
            value: middle,
            end: value.map_or(NULL, |_| self.text.len()),
        }
    }

    /// Rebuilds the text if more than half of it is no longer used.
    fn shrink(&mut self) {
        let used = |(name, value): (&str, Option<&str>)| name.len() + value.map_or(0, str::len);
        if self.text.len() < SMALL || self.iter().map(used).sum::<usize>() * 2 > self.text.len() {
            return;
        }
        let mut copy = Self::new();
        for (name, value) in &*self {
            let entry = copy.append(name, value);
            copy.entries.push(entry);
        }
        *self = copy;
    }

    /// Sorts what was appended by name. Of several values of a name, the last remains.
    fn sort(&mut self) {
        let name_of = |entry: &Entry| entry.name(&self.text);
        if !self.entries.is_sorted_by(|a, b| name_of(a) < name_of(b)) {
            self.entries.sort_by(|a, b| name_of(a).cmp(name_of(b)));
            self.entries.dedup_by(|later, earlier| {
                let is_same = name_of(later) == name_of(earlier);
                if is_same {
                    *earlier = *later;
                }
                is_same
            });
        }
    }
}

impl PartialEq for Properties {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other)
    }
}

impl Eq for Properties {}

impl fmt::Debug for Properties {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Properties").field(&self.iter()).finish()
    }
}

/// The properties of a [`Properties`], sorted by name; see [`Properties::iter`].
#[derive(Clone)]
pub struct PropertiesIter<'a> {
    text: &'a str,
    entries: slice::Iter<'a, Entry>,
}

impl fmt::Debug for PropertiesIter<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.clone()).finish()
    }
}

impl<'a> Iterator for PropertiesIter<'a> {
    type Item = (&'a str, Option<&'a str>);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let entry = self.entries.next()?;
        Some((entry.name(self.text), entry.value(self.text)))
    }

    #[inline]
    fn size_hint(&self) -> (usize, Option<usize>) {
        self.entries.size_hint()
    }
}

impl ExactSizeIterator for PropertiesIter<'_> {}

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
    type IntoIter = vec::IntoIter<(String, Option<String>)>;

    #[inline]
    fn into_iter(self) -> Self::IntoIter {
        let owned = |(name, value): (&str, Option<&str>)| (name.into(), value.map(Into::into));
        self.iter().map(owned).collect::<Vec<_>>().into_iter()
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
        // Records of one page are about as long as one another.
        let (length, count) = decoder.last_properties;
        *self = Self {
            text: String::with_capacity(length),
            entries: Vec::with_capacity(count),
        };
        decoder.map(&mut |decoder, name| {
            let entry = self.append(name, decoder.text()?.as_deref());
            self.entries.push(entry);
            Ok(())
        })?;
        decoder.last_properties = (self.text.len(), self.entries.len());
        // After a long record, short ones do not keep the room for another.
        if self.text.capacity() > 2 * self.text.len() {
            self.text.shrink_to_fit();
        }
        if self.entries.capacity() > 2 * self.entries.len() {
            self.entries.shrink_to_fit();
        }
        self.sort();
        Ok(())
    }

    fn is_required(&self) -> bool {
        false
    }
}

impl Encode for Properties {
    fn encode(&self, json: &mut String) -> Decoded {
        json.push('{');
        for (index, (name, value)) in self.iter().enumerate() {
            if index > 0 {
                json.push(',');
            }
            encode::text(json, name);
            json.push(':');
            match value {
                Some(value) => encode::text(json, value),
                None => json.push_str("null"),
            }
        }
        json.push('}');
        Ok(())
    }
}

impl Serialize for Properties {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self)
    }
}

impl<'de> Deserialize<'de> for Properties {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let values = BTreeMap::<String, Option<String>>::deserialize(deserializer)?;
        let mut properties = Self::new();
        for (name, value) in values {
            properties.set(&name, value.as_deref());
        }
        Ok(properties)
    }
}

#[cfg(test)]
mod tests;
