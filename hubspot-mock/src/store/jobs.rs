//! Imports and exports of an account. They end some seconds after their start, by the server's clock.

use std::collections::BTreeMap;

use bytes::Bytes;
use serde_json::Value;

use crate::values::TypeId;

/// How long an import or an export takes, in milliseconds.
const DURATION: i64 = 2_000;
/// How long it waits before it starts to work.
const WAIT: i64 = 1_000;

/// The imports and exports of an account by id.
#[derive(Debug, Default)]
pub(crate) struct Jobs {
    pub(crate) imports: BTreeMap<u64, Import>,
    pub(crate) exports: BTreeMap<u64, Export>,
    last_id: u64,
}

/// An import of files.
#[derive(Debug)]
pub(crate) struct Import {
    pub(crate) name: String,
    /// The JSON of the request.
    pub(crate) request: Value,
    pub(crate) files: Vec<ImportFile>,
    /// Makes a list of the contacts.
    pub(crate) with_list: bool,
    /// Whether validation rules are enforced, which depends on the version of the request.
    pub(crate) rules: bool,
    pub(crate) created_at: i64,
    /// How it ended; `None` while it runs.
    pub(crate) outcome: Option<Outcome>,
    pub(crate) counters: BTreeMap<&'static str, u32>,
    pub(crate) errors: Vec<Value>,
    /// The id of the list of contacts.
    pub(crate) list: Option<u64>,
}

/// A file of an import.
#[derive(Debug)]
pub(crate) struct ImportFile {
    pub(crate) name: String,
    pub(crate) content: Bytes,
    pub(crate) has_header: bool,
    pub(crate) columns: Vec<ImportColumn>,
    /// Dates are written day, month, year in this order, as one of `DMY`, `MDY` and `YMD`.
    pub(crate) date_order: &'static str,
}

/// A column of a file.
#[derive(Debug)]
pub(crate) struct ImportColumn {
    pub(crate) name: String,
    pub(crate) object_type: TypeId,
    /// The property that gets the values; `None` for the id of the record.
    pub(crate) property: Option<String>,
    /// Whether records are found by it.
    pub(crate) is_key: bool,
    /// `CREATE`, `UPDATE` or `UPSERT`
    pub(crate) operation: Operation,
}

/// What an import does with the records of an object type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operation {
    Create,
    Update,
    Upsert,
}

/// How an import ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Canceled,
    Done,
    Failed,
}

/// An export of records.
#[derive(Debug)]
pub(crate) struct Export {
    pub(crate) request: Value,
    pub(crate) created_at: i64,
    pub(crate) records: usize,
    pub(crate) csv: String,
    /// The secret part of the download's path.
    pub(crate) key: String,
}

/// How far a job is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    Waiting,
    Working,
    Over,
}

impl Phase {
    /// The phase of a job that was created at a time.
    pub(crate) fn of(created_at: i64, now: i64) -> Self {
        match now.saturating_sub(created_at) {
            ..WAIT => Self::Waiting,
            WAIT..DURATION => Self::Working,
            _ => Self::Over,
        }
    }
}

/// When a job that was created at a time is over.
pub(crate) const fn end(created_at: i64) -> i64 {
    created_at.saturating_add(DURATION)
}

impl Jobs {
    /// Returns an id for a new job.
    pub(crate) const fn next_id(&mut self) -> u64 {
        self.last_id += 1;
        self.last_id
    }

    /// The imports that are to be carried out now.
    pub(crate) fn due_imports(&self, now: i64) -> Vec<u64> {
        let due = self.imports.iter().filter(|(_, import)| {
            import.outcome.is_none() && Phase::of(import.created_at, now) == Phase::Over
        });
        due.map(|(id, _)| *id).collect()
    }
}
