//! A planned change of a file.

use std::path::PathBuf;

/// A file as it is, and as it should be.
pub(crate) struct Change {
    pub(crate) path: PathBuf,
    /// Its name relative to the workspace.
    pub(crate) shown: String,
    pub(crate) before: String,
    pub(crate) after: String,
}
