//! A planned change of a file.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

/// A file as it is, and as it should be.
pub(crate) struct Change {
    pub(crate) path: PathBuf,
    /// Its name relative to the workspace.
    pub(crate) shown: String,
    pub(crate) before: String,
    pub(crate) after: String,
}

impl Change {
    /// The change of one file, whose name is relative to `root`; `None` if it stays the same.
    pub(crate) fn of(
        root: &Path,
        file: &str,
        rewrite: impl FnOnce(&str) -> Result<String>,
    ) -> Result<Option<Self>> {
        let path = root.join(file);
        let before = fs::read_to_string(&path).with_context(|| format!("cannot read `{file}`"))?;
        let after = rewrite(&before).with_context(|| format!("cannot fix `{file}`"))?;
        Ok((before != after).then(|| Self {
            path,
            shown: file.to_owned(),
            before,
            after,
        }))
    }
}
