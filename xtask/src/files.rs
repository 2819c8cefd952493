//! Reads and writes files, and keeps folders of generated files up to date.
//!
//! Every new text is on the disk before the first old file is replaced, and each replacement is a rename, so a failure
//! leaves complete files.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt, fs,
    io::{ErrorKind, Write as _},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use serde::de::DeserializeOwned;
use tempfile::NamedTempFile;

use crate::workspace::shown;

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

/// How a file on the disk differs from its expected text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Difference {
    /// Its text is another.
    Stale(String),
    /// It does not exist.
    Missing(String),
    /// It should not exist.
    Orphaned(String),
}

impl fmt::Display for Difference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stale(path) => write!(formatter, "stale     {path}"),
            Self::Missing(path) => write!(formatter, "missing   {path}"),
            Self::Orphaned(path) => write!(formatter, "orphaned  {path}"),
        }
    }
}

/// Compares a folder with the files that it should contain.
pub(crate) fn compare(folder: &Path, wanted: &BTreeMap<String, String>) -> Result<Vec<Difference>> {
    let mut differences = Vec::new();
    for (path, text) in wanted {
        match fs::read(folder.join(path)) {
            Ok(bytes) if bytes == text.as_bytes() => {}
            Ok(_) => differences.push(Difference::Stale(path.clone())),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                differences.push(Difference::Missing(path.clone()));
            }
            Err(error) => {
                return Err(error)
                    .with_context(|| format!("cannot read {}", folder.join(path).display()));
            }
        }
    }
    for path in present(folder)? {
        if !wanted.contains_key(&path) {
            differences.push(Difference::Orphaned(path));
        }
    }
    Ok(differences)
}

/// Removes the `differences` that [`compare`] has found between `folder` and `wanted`.
pub(crate) fn update(
    folder: &Path,
    wanted: &BTreeMap<String, String>,
    differences: &[Difference],
) -> Result<()> {
    let mut prepared: Vec<(NamedTempFile, PathBuf)> = Vec::new();
    for difference in differences {
        if let Difference::Stale(path) | Difference::Missing(path) = difference {
            let place = folder.join(path);
            let text = wanted.get(path).map_or("", String::as_str);
            let file = prepare(&place, text)
                .with_context(|| format!("cannot write {}", place.display()))?;
            prepared.push((file, place));
        }
    }
    for (file, place) in prepared {
        file.persist(&place)
            .with_context(|| format!("cannot replace {}", place.display()))?;
    }
    for difference in differences {
        if let Difference::Orphaned(path) = difference {
            let place = folder.join(path);
            fs::remove_file(&place)
                .with_context(|| format!("cannot remove {}", place.display()))?;
        }
    }
    Ok(())
}

/// Writes `text` to a temporary file beside `place`, to be renamed to it.
fn prepare(place: &Path, text: &str) -> Result<NamedTempFile> {
    let folder = place.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut file = tempfile::Builder::new()
        .prefix(".regen-")
        .tempfile_in(folder)?;
    file.write_all(text.as_bytes())?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        file.as_file()
            .set_permissions(fs::Permissions::from_mode(0o644))?;
    }
    file.as_file().sync_all()?;
    Ok(file)
}

/// Every file below `folder`, by its path with `/` between the parts. A folder that does not exist has none.
fn present(folder: &Path) -> Result<BTreeSet<String>> {
    if !folder.exists() {
        return Ok(BTreeSet::new());
    }
    let relative = |path: PathBuf| {
        let path = path.strip_prefix(folder).unwrap_or(&path).to_owned();
        let parts = path.iter().map(|part| part.to_string_lossy().into_owned());
        parts.collect::<Vec<_>>().join("/")
    };
    Ok(below(folder)?.into_iter().map(relative).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(files: &[(&str, &str)]) -> BTreeMap<String, String> {
        files
            .iter()
            .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()))
            .collect()
    }

    #[test]
    fn stale_missing_and_orphaned_files_are_distinguished_and_updated() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("models")).unwrap();
        fs::write(folder.path().join("same.rs"), "same").unwrap();
        fs::write(folder.path().join("stale.rs"), "old").unwrap();
        fs::write(folder.path().join("models/orphan.rs"), "left over").unwrap();
        let wanted = wanted(&[
            ("same.rs", "same"),
            ("stale.rs", "new"),
            ("models/new.rs", "new"),
        ]);

        let differences = compare(folder.path(), &wanted).unwrap();
        assert_eq!(
            differences,
            [
                Difference::Missing("models/new.rs".to_owned()),
                Difference::Stale("stale.rs".to_owned()),
                Difference::Orphaned("models/orphan.rs".to_owned()),
            ]
        );

        update(folder.path(), &wanted, &differences).unwrap();
        assert_eq!(compare(folder.path(), &wanted).unwrap(), []);
        assert_eq!(read(&folder.path().join("stale.rs")).unwrap(), "new");
    }

    #[test]
    fn an_update_that_fails_leaves_all_other_files_unchanged() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a.rs"), "old").unwrap();
        // A file stands where a folder is needed, so the second text has no place.
        fs::write(folder.path().join("taken"), "a file").unwrap();
        let wanted = wanted(&[("a.rs", "new"), ("taken/b.rs", "new")]);
        let differences = [
            Difference::Stale("a.rs".to_owned()),
            Difference::Missing("taken/b.rs".to_owned()),
        ];

        let error = update(folder.path(), &wanted, &differences).unwrap_err();

        assert!(format!("{error:#}").contains("taken/b.rs"), "{error:#}");
        assert_eq!(read(&folder.path().join("a.rs")).unwrap(), "old");
        assert_eq!(
            present(folder.path()).unwrap().len(),
            2,
            "no temporary file is left"
        );
    }
}
