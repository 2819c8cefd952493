//! Reads and writes files.

use std::{
    fs,
    io::ErrorKind,
    path::{Path, PathBuf},
};

use crate::workspace::shown;
use anyhow::{Context, Result};
use serde::de::DeserializeOwned;

/// Reads a text file.
pub(crate) fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("cannot read {}", shown(path)))
}

/// Reads a JSON file.
pub(crate) fn json<T: DeserializeOwned>(path: &Path) -> Result<T> {
    let bytes = fs::read(path).with_context(|| format!("cannot read {}", shown(path)))?;
    serde_json::from_slice(&bytes)
        .with_context(|| format!("{} is not the expected JSON", shown(path)))
}

/// Writes a text file, and creates the folders above it.
pub(crate) fn write(path: &Path, text: &str) -> Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(path, text))
        .with_context(|| format!("cannot write {}", shown(path)))
}

/// Removes a folder with its content, if it exists.
pub(crate) fn remove(folder: &Path) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot remove {}", shown(folder)))
        }
        _ => Ok(()),
    }
}

/// The number of lines of Rust code that are neither blank nor a doc comment.
pub(crate) fn lines_of_code(text: &str) -> usize {
    let lines = text.lines().map(str::trim);
    let code = lines.filter(|line| {
        let is_doc = line.starts_with("///") || line.starts_with("//!");
        !line.is_empty() && !is_doc
    });
    code.count()
}

/// Every file below `folder` at any depth, sorted.
pub(crate) fn below(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        let list = || format!("cannot list {}", shown(&folder));
        for entry in fs::read_dir(&folder).with_context(list)? {
            let path = entry.with_context(list)?.path();
            let into = if path.is_dir() {
                &mut folders
            } else {
                &mut found
            };
            into.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// Every file below `folder` with this extension, sorted.
pub(crate) fn with_extension(folder: &Path, extension: &str) -> Result<Vec<PathBuf>> {
    let mut found = below(folder)?;
    found.retain(|path| path.extension().is_some_and(|known| known == extension));
    Ok(found)
}
