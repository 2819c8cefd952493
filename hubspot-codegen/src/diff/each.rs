//! The changes of each operation by itself.

use super::pairs;
use super::{Change, ChangeKind, Found, operations};
use crate::model::{Document, Operation};

/// An operation of the older documents, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct OperationDiff {
    /// Its method and path.
    pub old: (String, String),
    /// Method and path in the newer documents; `None` if it is gone.
    pub new: Option<(String, String)>,
    /// The changes; those that break something come first. Another path is none.
    pub changes: Vec<Change>,
}

impl OperationDiff {
    /// Compares each operation of the older documents, sorted by path and method.
    pub fn each(old: &[Document], new: &[Document]) -> Vec<Self> {
        let key = |operation: &Operation| (operation.method.clone(), operation.path.clone());
        let matched = pairs::operations(old, new);
        let both = matched.both.iter().map(|pair| {
            let mut found = Found::default();
            operations::compare(pair, &mut found);
            let mut changes = found.changes();
            changes.retain(|change| change.kind != ChangeKind::OperationMoved);
            changes.sort_by_key(|change| !change.breaking);
            Self {
                old: key(pair.old.1),
                new: Some(key(pair.new.1)),
                changes,
            }
        });
        let gone = matched.removed.iter().map(|(_, operation)| Self {
            old: key(operation),
            new: None,
            changes: Vec::new(),
        });
        let mut each: Vec<_> = both.chain(gone).collect();
        each.sort_by(|one, other| (&one.old.1, &one.old.0).cmp(&(&other.old.1, &other.old.0)));
        each.dedup_by(|one, other| one.old == other.old);
        each
    }
}
