//! Records as JSON, serialized straight from the store. Names of properties that do not exist are skipped.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use crate::behavior::common::Text;
use crate::definitions::{ObjectType, Property, moment_text};
use crate::store::{Collection, Record, Store};
use crate::values::{PropertyId, TypeId};

/// The properties that a response includes, sorted by name.
#[derive(Clone, Debug, Default)]
pub(crate) struct Selection {
    properties: Vec<PropertyId>,
    history: Vec<PropertyId>,
    /// Object types whose associated records are included.
    associations: Vec<TypeId>,
}

impl Selection {
    /// Selects the named properties or, without names, the default ones. The id and the times are always included.
    pub(crate) fn new<'a>(
        ty: &ObjectType,
        names: impl IntoIterator<Item = &'a str>,
        with_history: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let mut wanted = names.into_iter().peekable();
        let mut properties = if wanted.peek().is_some() {
            let found = wanted.filter_map(|name| ty.find(name));
            found.chain(ty.always()).collect()
        } else {
            ty.shown.clone()
        };
        let history = with_history.into_iter().filter_map(|name| ty.find(name));
        let mut history = history.collect::<Vec<_>>();
        properties.extend_from_slice(&history);
        sort(ty, &mut properties);
        sort(ty, &mut history);
        Self {
            properties,
            history,
            associations: Vec::new(),
        }
    }

    /// Selects the properties that were written, the id and the times.
    pub(crate) fn written(ty: &ObjectType, written: impl IntoIterator<Item = PropertyId>) -> Self {
        let mut properties = written.into_iter().chain(ty.always()).collect();
        sort(ty, &mut properties);
        Self {
            properties,
            ..Self::default()
        }
    }

    /// Includes associated records of these types.
    pub(crate) fn with_associations(mut self, types: impl IntoIterator<Item = TypeId>) -> Self {
        self.associations = types.into_iter().collect();
        self.associations.sort_unstable();
        self.associations.dedup();
        self
    }
}

fn sort(ty: &ObjectType, properties: &mut Vec<PropertyId>) {
    let name = |id: &PropertyId| ty.property(*id).map(|property| property.name.as_str());
    properties.sort_unstable_by(|left, right| name(left).cmp(&name(right)));
    properties.dedup();
}

/// A record as JSON.
#[derive(Debug)]
pub(crate) struct View<'a> {
    pub(crate) store: &'a Store,
    pub(crate) ty: TypeId,
    pub(crate) collection: &'a Collection,
    pub(crate) record: &'a Record,
    pub(crate) selection: &'a Selection,
    /// The `objectWriteTraceId` of the input.
    pub(crate) trace: Option<&'a str>,
    /// Whether an upsert created it.
    pub(crate) new: Option<bool>,
}

impl<'a> View<'a> {
    /// A record outside of a batch.
    pub(crate) const fn new(
        store: &'a Store,
        ty: TypeId,
        collection: &'a Collection,
        record: &'a Record,
        selection: &'a Selection,
    ) -> Self {
        Self {
            store,
            ty,
            collection,
            record,
            selection,
            trace: None,
            new: None,
        }
    }
}

impl<'a> View<'a> {
    fn named(&self, ids: &'a [PropertyId]) -> impl Iterator<Item = (PropertyId, &'a Property)> {
        let ty = &self.collection.ty;
        ids.iter().filter_map(|id| Some((*id, ty.property(*id)?)))
    }
}

impl Serialize for View<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_map(None)?;
        object.serialize_entry("id", &Text(self.record.id))?;
        object.serialize_entry("properties", &Properties(self))?;
        if !self.selection.history.is_empty() {
            object.serialize_entry("propertiesWithHistory", &Histories(self))?;
        }
        object.serialize_entry("createdAt", &moment_text(self.record.created_at))?;
        object.serialize_entry("updatedAt", &moment_text(self.record.updated_at))?;
        object.serialize_entry("archived", &self.record.archived_at.is_some())?;
        if let Some(archived_at) = self.record.archived_at {
            object.serialize_entry("archivedAt", &moment_text(archived_at))?;
        }
        if let Some(new) = self.new {
            object.serialize_entry("new", &new)?;
        }
        if let Some(trace) = self.trace {
            object.serialize_entry("objectWriteTraceId", trace)?;
        }
        if !self.selection.associations.is_empty() {
            let types = &self.selection.associations;
            let node = (self.ty, self.record.id);
            let listing = self.store.associations.listing(self.store, node, types);
            if !listing.is_empty() {
                object.serialize_entry("associations", &listing)?;
            }
        }
        object.end()
    }
}

struct Properties<'a>(&'a View<'a>);

impl Serialize for Properties<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let View { record, .. } = self.0;
        let properties = self.0.named(&self.0.selection.properties);
        serializer.collect_map(
            properties.map(|(id, property)| (&property.name, record.text(id, property))),
        )
    }
}

struct Histories<'a>(&'a View<'a>);

impl Serialize for Histories<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let View { record, .. } = self.0;
        let properties = self.0.named(&self.0.selection.history);
        serializer.collect_map(properties.map(|(id, property)| {
            let history = record.history(id, property);
            let values = history.iter().map(|entry| ValueWithTimestamp {
                value: entry.text.to_string(),
                timestamp: moment_text(entry.set_at),
                source_type: entry.source.ty(),
                source_id: entry.source.id(),
            });
            (&property.name, values.collect::<Vec<_>>())
        }))
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ValueWithTimestamp {
    value: String,
    timestamp: String,
    source_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    source_id: Option<&'static str>,
}
