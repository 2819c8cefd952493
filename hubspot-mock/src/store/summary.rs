//! Summaries of an account's records, for the dashboard.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::definitions::moment_text;
use crate::store::{Record, Store};

/// An object type and the number of its records.
#[derive(Debug, Serialize)]
pub(crate) struct TypeSummary {
    /// `0-1`, `2-3465404`.
    pub(crate) id: String,
    /// `contacts`; a custom type's fully qualified name.
    pub(crate) name: String,
    pub(crate) records: usize,
    pub(crate) archived: usize,
}

/// A record with its values.
#[derive(Debug, Serialize)]
pub(crate) struct Row {
    pub(crate) id: u64,
    /// ISO 8601, as `updated_at`.
    pub(crate) created_at: String,
    pub(crate) updated_at: String,
    pub(crate) properties: BTreeMap<String, String>,
}

impl Store {
    /// The object types, HubSpot's own first.
    pub(crate) fn summary(&self) -> Vec<TypeSummary> {
        let collections = self.collections().map(|(_, collection)| TypeSummary {
            id: collection.ty.id.clone(),
            name: collection.ty.plural.clone(),
            records: collection.len(),
            archived: collection.archived_len(),
        });
        collections.collect()
    }

    /// A page of live records from an id on; empty for an object type that does not exist.
    pub(crate) fn rows(&self, object_type: &str, from: u64, limit: usize) -> Vec<Row> {
        let id = self.resolve_type(object_type);
        let Some(collection) = id.and_then(|id| self.collection(id)) else {
            return Vec::new();
        };
        let row = |record: &Record| Row {
            id: record.id,
            created_at: moment_text(record.created_at),
            updated_at: moment_text(record.updated_at),
            properties: record
                .filled()
                .filter_map(|id| {
                    let name = collection.ty.property(id)?.name.clone();
                    Some((name, record.stored(id)?.to_owned()))
                })
                .collect(),
        };
        collection.from(from, false).take(limit).map(row).collect()
    }
}
