//! Pages of results, and ids in JSON.

use std::fmt::Display;

use serde::{Serialize, Serializer};

/// A number as text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Text(pub(crate) u64);

impl Serialize for Text {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

/// A page of anything.
#[derive(Debug, Serialize)]
pub(crate) struct Page<T> {
    /// How many there are in all, where the answer tells.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) total: Option<usize>,
    pub(crate) results: Vec<T>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) paging: Option<Paging>,
}

/// Where a list goes on.
#[derive(Debug, Serialize)]
pub(crate) struct Paging {
    next: Next,
}

#[derive(Debug, Serialize)]
struct Next {
    after: String,
}

impl Paging {
    /// The list goes on at `after`.
    pub(crate) fn next(after: impl Display) -> Self {
        Self {
            next: Next {
                after: after.to_string(),
            },
        }
    }
}
