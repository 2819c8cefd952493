//! Pages of results, and ids in JSON.

use std::fmt::Display;

use serde::{Serialize, Serializer};

/// An id, which is a string in JSON.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Text(pub(crate) u64);

impl Serialize for Text {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

/// A page of results.
#[derive(Debug, Serialize)]
pub(crate) struct Page<T> {
    /// The number of results on all pages, where the response has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) total: Option<usize>,
    pub(crate) results: Vec<T>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) paging: Option<Paging>,
}

impl<T> Page<T> {
    /// Creates a page without a total.
    pub(crate) const fn new(results: Vec<T>, paging: Option<Paging>) -> Self {
        Self {
            total: None,
            results,
            paging,
        }
    }
}

/// The cursor of the next page.
#[derive(Debug, Serialize)]
pub(crate) struct Paging {
    next: Next,
}

#[derive(Debug, Serialize)]
struct Next {
    after: String,
}

impl Paging {
    /// Creates the cursor `after`.
    pub(crate) fn next(after: impl Display) -> Self {
        Self {
            next: Next {
                after: after.to_string(),
            },
        }
    }
}
