//! Property values of a CRM object, by name.
//!
//! Numbers and flags are read as their text. The values of a record are in one buffer, and the names in another, which the
//! records of a page share if they have the same properties.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;
use std::{fmt, vec};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::decode::{Decode, Decoded, Decoder, Text};
use crate::encode::{self, Encode};
use crate::texts::{Layout, Texts};

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
    /// The names, sorted. The records of a page share them. `None` is none.
    names: Option<Arc<Texts>>,
    /// The value of each name.
    values: Texts,
}

static NO_NAMES: Texts = Texts::new();

impl Properties {
    /// Creates an empty map.
    pub const fn new() -> Self {
        Self {
            names: None,
            values: Texts::new(),
        }
    }

    fn names(&self) -> &Texts {
        self.names.as_deref().unwrap_or(&NO_NAMES)
    }

    /// The value of `name`; `None` if it has no value or is not in the map ([`contains`](Self::contains) tells which).
    pub fn get(&self, name: &str) -> Option<&str> {
        self.values.get(self.find(name).ok()?)
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
        let index = self.find(name).ok()?;
        let value = self.values.get(index).map(str::to_owned);
        if let Some(names) = &mut self.names {
            Arc::make_mut(names).remove(index);
        }
        self.values.remove(index);
        value
    }

    /// The number of properties in the map.
    #[inline]
    pub fn len(&self) -> usize {
        self.values.spans.len()
    }

    /// Returns whether the map is empty.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the properties, sorted by name.
    #[inline]
    pub fn iter(&self) -> PropertiesIter<'_> {
        PropertiesIter {
            properties: self,
            rest: 0..self.len(),
        }
    }

    /// The place of `name`, or the place where it belongs.
    fn find(&self, name: &str) -> Result<usize, usize> {
        let Texts { text, spans } = self.names();
        match spans.last() {
            Some(last) if last.of(text) >= Some(name) => {
                spans.binary_search_by(|span| span.of(text).cmp(&Some(name)))
            }
            _ => Err(spans.len()),
        }
    }

    fn set(&mut self, name: &str, value: Option<&str>) {
        let place = self.find(name);
        let value = self.values.write(value);
        match place {
            Ok(index) => {
                self.values.spans[index] = value;
                self.values.shrink();
            }
            Err(index) => {
                let names = Arc::make_mut(self.names.get_or_insert_default());
                let name = names.write(Some(name));
                names.spans.insert(index, name);
                self.values.spans.insert(index, value);
            }
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
    properties: &'a Properties,
    rest: Range<usize>,
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
        let index = self.rest.next()?;
        let name = self.properties.names().get(index)?;
        Some((name, self.properties.values.get(index)))
    }

    #[inline]
    fn size_hint(&self) -> (usize, Option<usize>) {
        self.rest.size_hint()
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
        let last = decoder.last_properties.take().unwrap_or_default();
        // Records of one page are about as long as one another.
        let mut values = Texts {
            text: String::with_capacity(last.length),
            spans: Vec::with_capacity(last.written.len()),
        };
        let mut names = read_values(decoder, &last, &mut values)?;
        let count = values.spans.len();
        if names.is_none() && count < last.written.len() {
            names = Some(last.first(count));
        }
        let mut layout = names.map_or(last, Layout::new);
        layout.length = values.text.len();
        // After a long record, short ones do not keep the room for another.
        if values.text.capacity() > 2 * values.text.len() {
            values.text.shrink_to_fit();
        }
        if let Some(sorted) = &layout.sorted {
            values.spans = sorted.iter().map(|index| values.spans[*index]).collect();
        } else if values.spans.capacity() > 2 * count {
            values.spans.shrink_to_fit();
        }
        *self = Self {
            names: Some(Arc::clone(&layout.names)).filter(|_| count > 0),
            values,
        };
        decoder.last_properties = Some(layout);
        Ok(())
    }

    fn is_required(&self) -> bool {
        false
    }
}

/// Reads the values of a record. Returns the names if they differ from those of the record before.
fn read_values(
    decoder: &mut Decoder<'_>,
    last: &Layout,
    values: &mut Texts,
) -> Decoded<Option<Texts>> {
    let mut names: Option<Texts> = None;
    if decoder.take_null() {
        return Ok(names);
    }
    decoder.enter(b'{', &"a map")?;
    while decoder.has_next(values.spans.is_empty(), b'}')? {
        let index = values.spans.len();
        let guess = last
            .name(index)
            .filter(|_| last.is_plain && names.is_none());
        let key = decoder.key_unless(guess)?;
        if let Some(key) = &key {
            let names = names.get_or_insert_with(|| last.first(index));
            names.push(Some(key));
        }
        let name = || key.as_deref().or(guess).unwrap_or_default();
        let value = decoder.text().map_err(|error| error.at_key(name()))?;
        values.push(value.as_deref());
    }
    Ok(names)
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

/// As tolerant as the decoder of responses: a recorded response works as a fixture.
impl<'de> Deserialize<'de> for Properties {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let values = if deserializer.is_human_readable() {
            Option::<BTreeMap<String, Text>>::deserialize(deserializer)?
        } else {
            Some(BTreeMap::deserialize(deserializer)?)
        };
        let mut properties = Self::new();
        for (name, Text(value)) in values.unwrap_or_default() {
            properties.set(&name, value.as_deref());
        }
        Ok(properties)
    }
}

#[cfg(test)]
mod tests;
