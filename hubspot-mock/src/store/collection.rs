//! The records of one object type. Values are validated before they get here.

use std::collections::{BTreeMap, BTreeSet};

use crate::definitions::{Identity, ObjectType, Role, value as values};
use crate::store::{Identities, Record};
use crate::values::PropertyId;

/// An object type and its records.
#[derive(Debug)]
pub(crate) struct Collection {
    pub(crate) ty: ObjectType,
    live: BTreeMap<u64, Record>,
    archived: BTreeMap<u64, Record>,
    /// The ids of live records, in ascending order.
    ids: Vec<u64>,
    identities: Identities,
    /// Merged records, with the record that each was merged into.
    merged: BTreeMap<u64, u64>,
    /// Unique values of merged records, which still find the record that they were merged into.
    aliases: BTreeMap<(PropertyId, Box<str>), u64>,
    /// Email addresses that may not be added again.
    pub(crate) blocked: BTreeSet<String>,
}

impl Collection {
    /// Creates an empty collection.
    pub(crate) fn new(ty: ObjectType) -> Self {
        Self {
            ty,
            live: BTreeMap::new(),
            archived: BTreeMap::new(),
            ids: Vec::new(),
            identities: Identities::default(),
            merged: BTreeMap::new(),
            aliases: BTreeMap::new(),
            blocked: BTreeSet::new(),
        }
    }

    /// The number of live records.
    pub(crate) fn len(&self) -> usize {
        self.live.len()
    }

    /// The number of archived records.
    pub(crate) fn archived_len(&self) -> usize {
        self.archived.len()
    }

    /// The record with this id, or the one that it was merged into.
    pub(crate) fn get(&self, id: u64, archived: bool) -> Option<&Record> {
        self.side(archived).get(&self.resolve(id))
    }

    /// The records from this id on, in the order of their ids.
    pub(crate) fn from(&self, id: u64, archived: bool) -> impl Iterator<Item = &Record> {
        self.side(archived).range(id..).map(|(_, record)| record)
    }

    /// The oldest record whose identifying property has this value.
    pub(crate) fn find(&self, property: PropertyId, text: &str, archived: bool) -> Option<&Record> {
        if self
            .ty
            .property(property)
            .is_some_and(|property| property.role == Role::Id)
        {
            return self.get(text.trim().parse().ok()?, archived);
        }
        if archived {
            // Archived records are not indexed; there are few.
            let text = values::lower(text);
            let matches = |record: &&Record| {
                let stored = record.stored(property);
                stored.is_some_and(|stored| values::lower(stored) == text)
            };
            return self.archived.values().find(matches);
        }
        let id = self.holder(property, text, None)?;
        self.get(id, false)
    }

    /// The live records with this value of an identifying property, in ascending order of their ids.
    pub(crate) fn holders(
        &self,
        property: PropertyId,
        text: &str,
    ) -> impl Iterator<Item = &Record> {
        let holders = self.identities.holders(property, text);
        holders.filter_map(|id| self.live.get(&id))
    }

    /// The id of a record other than `except` with this value of an identifying property.
    pub(crate) fn holder(
        &self,
        property: PropertyId,
        text: &str,
        except: Option<u64>,
    ) -> Option<u64> {
        let mut holders = self.identities.holders(property, text);
        let holder = holders.find(|id| Some(*id) != except);
        holder.or_else(|| {
            let key = (property, Box::from(values::lower(text).as_ref()));
            let survivor = self.resolve(*self.aliases.get(&key)?);
            (Some(survivor) != except && self.live.contains_key(&survivor)).then_some(survivor)
        })
    }

    /// The ids of live records, in ascending order.
    pub(crate) fn ids(&self) -> &[u64] {
        &self.ids
    }

    /// Adds a live record.
    pub(crate) fn insert(&mut self, record: Record) {
        self.identities.insert(&self.ty, &record);
        if let Err(place) = self.ids.binary_search(&record.id) {
            self.ids.insert(place, record.id);
        }
        self.live.insert(record.id, record);
    }

    /// Updates a live record.
    pub(crate) fn change(&mut self, id: u64, change: impl FnOnce(&mut Record)) {
        if let Some(record) = self.live.get_mut(&id) {
            self.identities.remove(&self.ty, record);
            change(record);
            self.identities.insert(&self.ty, record);
        }
    }

    /// Archives a live record.
    pub(crate) fn archive(&mut self, id: u64, now: i64) {
        if let Some(mut record) = self.remove(id) {
            record.archived_at = Some(now);
            record.updated_at = now;
            self.archived.insert(id, record);
        }
    }

    /// Removes a live record, and what finds it.
    fn remove(&mut self, id: u64) -> Option<Record> {
        let record = self.live.remove(&id)?;
        self.identities.remove(&self.ty, &record);
        if let Ok(place) = self.ids.binary_search(&id) {
            self.ids.remove(place);
        }
        Some(record)
    }

    /// Removes a live or archived record permanently.
    pub(crate) fn erase(&mut self, id: u64) {
        self.remove(id);
        self.archived.remove(&id);
        self.merged
            .retain(|merged, survivor| *merged != id && *survivor != id);
        self.aliases.retain(|_, survivor| *survivor != id);
    }

    /// Makes the unique values of a merged record find `survivor`.
    pub(crate) fn add_aliases(&mut self, record: &Record, survivor: u64) {
        for (id, property) in self.ty.properties() {
            if property.identity == Identity::Unique
                && let Some(text) = record.stored(id)
            {
                let text = Box::from(values::lower(text).as_ref());
                self.aliases.insert((id, text), survivor);
            }
        }
    }

    /// Removes a record, whose id then finds `survivor`.
    pub(crate) fn absorb(&mut self, id: u64, survivor: u64) -> Option<Record> {
        let record = self.remove(id)?;
        // Records that were merged into this one find `survivor`, too.
        for target in self.merged.values_mut().chain(self.aliases.values_mut()) {
            if *target == id {
                *target = survivor;
            }
        }
        self.merged.insert(id, survivor);
        Some(record)
    }

    /// The id of the record that this record was merged into, or the id itself.
    pub(crate) fn resolve(&self, id: u64) -> u64 {
        self.merged.get(&id).copied().unwrap_or(id)
    }

    /// Rebuilds the index of identifying values, after a property was defined.
    pub(crate) fn reindex(&mut self) {
        self.identities = Identities::default();
        for record in self.live.values() {
            self.identities.insert(&self.ty, record);
        }
    }

    const fn side(&self, archived: bool) -> &BTreeMap<u64, Record> {
        if archived { &self.archived } else { &self.live }
    }
}
