//! Records and the history of their values.

use std::borrow::Cow;

use crate::definitions::{Key, Property, Role, value as values};
use crate::values::PropertyId;

/// What set a value. HubSpot does not document the list of its sources; these are the ones that its documents mention.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// An API request.
    Api,
    /// A test or a seed, in place of a user of HubSpot.
    Seed,
    /// A merge with another record.
    Merge,
    /// An import of a file.
    Import,
    /// HubSpot itself.
    System,
}

impl Source {
    /// `sourceType`
    pub(crate) const fn ty(self) -> &'static str {
        match self {
            Self::Api => "API",
            Self::Seed => "CRM_UI",
            Self::Merge => "MERGE_OBJECTS",
            Self::Import => "IMPORT",
            Self::System => "CALCULATED",
        }
    }

    /// `sourceId`
    pub(crate) const fn id(self) -> Option<&'static str> {
        match self {
            Self::Seed => Some("userId:1"),
            Self::Api | Self::Merge | Self::Import | Self::System => None,
        }
    }
}

/// A value and when it was set. Kept to 32 bytes besides the text, because there are many of them.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    /// Empty when the property was cleared.
    pub(crate) text: Box<str>,
    /// Milliseconds since 1970.
    pub(crate) set_at: i64,
    pub(crate) property: PropertyId,
    pub(crate) source: Source,
}

#[derive(Clone, Debug)]
pub(crate) struct Record {
    pub(crate) id: u64,
    /// Milliseconds since 1970, as all times here.
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
    pub(crate) archived_at: Option<i64>,
    /// Current values, sorted by property.
    entries: Vec<Entry>,
    /// Former values, in the order in which they were replaced.
    former: Vec<Entry>,
}

impl Record {
    /// Creates a record without values.
    pub(crate) const fn new(id: u64, now: i64) -> Self {
        Self {
            id,
            created_at: now,
            updated_at: now,
            archived_at: None,
            entries: Vec::new(),
            former: Vec::new(),
        }
    }

    /// The same record with another id.
    pub(crate) fn with_id(self, id: u64) -> Self {
        Self { id, ..self }
    }

    /// Reserves memory for exactly this many values.
    pub(crate) fn reserve(&mut self, values: usize) {
        self.entries.reserve_exact(values);
    }

    /// The stored text of a property; `None` if it has none or was cleared.
    pub(crate) fn stored(&self, property: PropertyId) -> Option<&str> {
        let text = &self.entry(property)?.text;
        (!text.is_empty()).then_some(text)
    }

    /// Sets a value, or clears it if the text is empty. Setting the same value again changes nothing.
    pub(crate) fn set(&mut self, property: PropertyId, text: &str, now: i64, source: Source) {
        let entry = |text: &str| Entry {
            text: text.into(),
            set_at: now,
            property,
            source,
        };
        match self.position(property) {
            Ok(place) => {
                let Some(present) = self.entries.get_mut(place) else {
                    return;
                };
                if *present.text != *text {
                    let former = std::mem::replace(present, entry(text));
                    self.former.push(former);
                }
            }
            Err(_) if text.is_empty() => {}
            Err(place) => self.entries.insert(place, entry(text)),
        }
    }

    /// The value of a property, computed properties included.
    pub(crate) fn text(&self, id: PropertyId, property: &Property) -> Option<Cow<'_, str>> {
        match property.role {
            Role::Plain | Role::ReadOnly => self.stored(id).map(Cow::Borrowed),
            Role::Id => Some(Cow::Owned(self.id.to_string())),
            Role::Created => Some(Cow::Owned(values::moment_text(self.created_at))),
            Role::Updated => Some(Cow::Owned(values::moment_text(self.updated_at))),
        }
    }

    /// The key by which the value of a property is compared.
    pub(crate) fn key(&self, id: PropertyId, property: &Property) -> Option<Key<'_>> {
        match property.role {
            Role::Plain | Role::ReadOnly => values::key(property.ty, self.stored(id)?),
            Role::Id => Some(Key::id(self.id)),
            Role::Created => Some(Key::Moment(self.created_at)),
            Role::Updated => Some(Key::Moment(self.updated_at)),
        }
    }

    /// Current and former values, the newest first.
    pub(crate) fn history(&self, id: PropertyId, property: &Property) -> Vec<Cow<'_, Entry>> {
        let computed = |text: String, set_at| {
            vec![Cow::Owned(Entry {
                text: text.into_boxed_str(),
                set_at,
                property: id,
                source: Source::System,
            })]
        };
        match property.role {
            Role::Id => computed(self.id.to_string(), self.created_at),
            Role::Created => computed(values::moment_text(self.created_at), self.created_at),
            Role::Updated => computed(values::moment_text(self.updated_at), self.updated_at),
            Role::Plain | Role::ReadOnly => {
                let former = self.former.iter().rev();
                let former = former.filter(|entry| entry.property == id);
                let entries = self.entry(id).into_iter().chain(former);
                entries.map(Cow::Borrowed).collect()
            }
        }
    }

    /// The record with the values that it had at a time, without their history. `None` if it did not exist yet.
    pub(crate) fn as_of(&self, time: i64) -> Option<Self> {
        if self.created_at > time {
            return None;
        }
        let entries = self.entries.iter().filter_map(|current| {
            let former = self.former.iter().rev();
            let former = former.filter(|entry| entry.property == current.property);
            let mut entries = std::iter::once(current).chain(former);
            entries.find(|entry| entry.set_at <= time).cloned()
        });
        let entries = entries.collect::<Vec<_>>();
        let changes = entries.iter().map(|entry| entry.set_at);
        Some(Self {
            updated_at: changes.fold(self.created_at, i64::max),
            entries,
            former: Vec::new(),
            ..Self::new(self.id, self.created_at)
        })
    }

    /// The properties that have a value.
    pub(crate) fn filled(&self) -> impl Iterator<Item = PropertyId> {
        let filled = self.entries.iter().filter(|entry| !entry.text.is_empty());
        filled.map(|entry| entry.property)
    }

    fn position(&self, property: PropertyId) -> Result<usize, usize> {
        self.entries
            .binary_search_by_key(&property, |entry| entry.property)
    }

    fn entry(&self, property: PropertyId) -> Option<&Entry> {
        self.entries.get(self.position(property).ok()?)
    }
}
