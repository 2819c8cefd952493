//! What changes for users from one set of documents to another, scopes first.
//!
//! Operations are matched across versions. Whether a change is breaking follows its [`ChangeKind`]: a request that was right may be
//! refused, or a response may lack what it had. The rules are those of [oasdiff](https://www.oasdiff.com), except where
//! [`ChangeKind::why`] gives the reason for another.

mod each;
mod kinds;
mod operations;
mod pairs;
mod scopes;
mod text;
mod types;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

pub use self::each::OperationDiff;
pub use self::kinds::{ChangeKind, Group};
pub use self::scopes::{ScopeChange, scope_change};
use crate::model::{Document, Place};

/// Every change between two sets of documents.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Diff {
    /// How many operations both sets have.
    pub compared: usize,
    /// The changes: by group, then those that break something.
    pub changes: Vec<Change>,
}

/// One change, and the operations that it affects.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[non_exhaustive]
pub struct Change {
    /// What it is about.
    pub group: Group,
    /// Whether it can break a program.
    pub breaking: bool,
    /// What kind of change it is.
    pub kind: ChangeKind,
    /// What changes.
    pub what: String,
    /// Why it is breaking, or not.
    pub why: &'static str,
    /// What changes about the scopes of an operation.
    pub scopes: Option<ScopeChange>,
    /// The operations, as the newer set has them, else the older: API, method and path.
    pub operations: BTreeSet<String>,
    /// Where the first of them stands.
    pub place: Place,
}

impl Diff {
    /// Compares two sets of documents.
    pub fn between(old: &[Document], new: &[Document]) -> Self {
        let mut found = Found::default();
        let matched = pairs::operations(old, new);
        for pair in &matched.both {
            operations::compare(pair, &mut found);
        }
        for (kind, list) in [
            (ChangeKind::OperationRemoved, matched.removed),
            (ChangeKind::OperationAdded, matched.added),
        ] {
            for (document, operation) in list {
                let what = if operation.deprecated {
                    "a deprecated operation"
                } else {
                    "an operation"
                };
                let label = pairs::label((document, operation));
                found.add(kind, what, label, &operation.place);
            }
        }
        Self {
            compared: matched.both.len(),
            changes: found.changes(),
        }
    }

    /// Returns whether a change is breaking.
    pub fn is_breaking(&self) -> bool {
        self.changes.iter().any(|change| change.breaking)
    }
}

/// The changes found so far. One that several operations share is one change.
#[derive(Default)]
struct Found {
    changes: BTreeMap<(ChangeKind, String), Change>,
}

impl Found {
    fn add(&mut self, kind: ChangeKind, what: impl Into<String>, operation: String, place: &Place) {
        self.add_with(kind, what.into(), None, operation, place);
    }

    fn add_with(
        &mut self,
        kind: ChangeKind,
        what: String,
        scopes: Option<ScopeChange>,
        operation: String,
        place: &Place,
    ) {
        let change = self.changes.entry((kind, what));
        let change = change.or_insert_with_key(|(kind, what)| Change {
            group: kind.group(),
            breaking: kind.is_breaking(),
            kind: *kind,
            what: what.clone(),
            why: kind.why(),
            scopes,
            operations: BTreeSet::new(),
            place: place.clone(),
        });
        change.operations.insert(operation);
    }

    fn changes(self) -> Vec<Change> {
        let mut changes = self.changes.into_values().collect::<Vec<_>>();
        changes.sort_by(|one, other| {
            let key = |change: &Change| (change.group, !change.breaking, change.kind);
            (key(one), &one.what).cmp(&(key(other), &other.what))
        });
        changes
    }
}
