//! The list of the files that were pulled, with their hashes.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use anyhow::{Context, Result};
use hubspot_codegen::folder::{self, Difference};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::files;

/// The file that has it.
pub(super) const NAME: &str = "pull.lock";

/// What was pulled, and from where.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Lock {
    from: String,
    #[serde(default)]
    pub(super) files: BTreeMap<String, Locked>,
}

/// A file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Locked {
    sha256: String,
    bytes: usize,
    title: String,
}

impl Locked {
    pub(super) fn of(bytes: &[u8], title: String) -> Self {
        let mut sha256 = String::new();
        for byte in Sha256::digest(bytes) {
            let _ = write!(sha256, "{byte:02x}");
        }
        Self {
            sha256,
            bytes: bytes.len(),
            title,
        }
    }
}

impl Lock {
    /// The lock of a folder, if it has one.
    pub(super) fn read(folder: &Path) -> Result<Option<Self>> {
        let path = folder.join(NAME);
        match fs::read_to_string(&path) {
            Ok(text) => {
                let lock = toml::from_str(&text);
                lock.map(Some)
                    .with_context(|| format!("{} is damaged: remove it", path.display()))
            }
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error).with_context(|| format!("cannot read {}", path.display())),
        }
    }

    /// The lock of an interrupted run from the same source. What another source gave is removed.
    pub(super) fn resume(folder: &Path, from: &str) -> Result<Self> {
        if let Ok(Some(lock)) = Self::read(folder)
            && lock.from == from
        {
            return Ok(lock);
        }
        files::remove(folder)?;
        Ok(Self {
            from: from.to_owned(),
            files: BTreeMap::new(),
        })
    }

    /// Returns whether a file of a folder is as the lock says.
    pub(super) fn has(&self, folder: &Path, path: &str) -> bool {
        let Some(locked) = self.files.get(path) else {
            return false;
        };
        let bytes = fs::read(folder.join(path));
        bytes.is_ok_and(|bytes| Locked::of(&bytes, locked.title.clone()) == *locked)
    }

    pub(super) fn add(&mut self, path: &str, locked: Locked) {
        self.files.insert(path.to_owned(), locked);
    }

    /// Drops the files that are not among these, and returns them.
    pub(super) fn keep<'a>(&mut self, paths: impl Iterator<Item = &'a String>) -> Vec<String> {
        let mut others = std::mem::take(&mut self.files);
        for path in paths {
            if let Some(locked) = others.remove(path) {
                self.files.insert(path.clone(), locked);
            }
        }
        others.into_keys().collect()
    }

    pub(super) fn write(&self, place: &Path) -> Result<()> {
        let text = toml::to_string(self).context("cannot write the lock")?;
        let text = format!("# written by `cargo xtask specs pull`\n{text}");
        let text = BTreeMap::from([(NAME.to_owned(), text)]);
        let stale = [Difference::Stale(NAME.to_owned())];
        Ok(folder::update(place, &text, &stale)?)
    }

    /// How many files are new, changed and the same.
    pub(super) fn compared_with(&self, old: Option<&Self>) -> String {
        let before = |path: &String| old.and_then(|old| old.files.get(path));
        let (mut new, mut changed, mut same) = (0, 0, 0);
        for (path, locked) in &self.files {
            match before(path) {
                None => new += 1,
                Some(before) if before.sha256 == locked.sha256 => same += 1,
                Some(_) => changed += 1,
            }
        }
        format!("{new} new, {changed} changed, {same} as before")
    }
}
