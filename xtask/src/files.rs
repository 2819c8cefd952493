//! A folder of generated files, compared with what it should hold and brought to it.
//!
//! In: a folder, and a map from path to text. Out: the differences (stale, missing and orphaned files), and on demand a
//! folder without differences. Refuses: what the file system refuses. Every new text is on the disk before the first old
//! file is replaced, and each replacement is a rename, so a failure leaves whole files.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt, fs,
    io::Write as _,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use tempfile::NamedTempFile;

/// How a file on the disk differs from what it should be.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Difference {
    /// It holds something else.
    Stale(String),
    /// It is not there.
    Missing(String),
    /// It should not be there.
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

/// What keeps `folder` from holding exactly `wanted`.
pub(crate) fn compare(folder: &Path, wanted: &BTreeMap<String, String>) -> Result<Vec<Difference>> {
    let mut differences = Vec::new();
    for (path, text) in wanted {
        match fs::read(folder.join(path)) {
            Ok(bytes) if bytes == text.as_bytes() => {}
            Ok(_) => differences.push(Difference::Stale(path.clone())),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
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

/// Brings `folder` to hold exactly `wanted`: `differences` are what [`compare`] told of the two.
pub(crate) fn write(
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

/// `text` in a file beside `place`, ready to be renamed to it.
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

/// Every file below `folder`, by its path with `/` between the parts.
fn present(folder: &Path) -> Result<BTreeSet<String>> {
    let mut found = BTreeSet::new();
    let mut folders = vec![(folder.to_path_buf(), String::new())];
    while let Some((current, prefix)) = folders.pop() {
        let entries = match fs::read_dir(&current) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            Err(error) => {
                return Err(error).with_context(|| format!("cannot list {}", current.display()));
            }
        };
        for entry in entries {
            let entry = entry.with_context(|| format!("cannot list {}", current.display()))?;
            let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
            if entry.file_type()?.is_dir() {
                folders.push((entry.path(), format!("{path}/")));
            } else {
                found.insert(path);
            }
        }
    }
    Ok(found)
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
    fn stale_missing_and_orphaned_files_are_told_apart_and_mended() {
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

        write(folder.path(), &wanted, &differences).unwrap();
        assert_eq!(compare(folder.path(), &wanted).unwrap(), []);
        assert_eq!(
            fs::read_to_string(folder.path().join("stale.rs")).unwrap(),
            "new"
        );
    }

    #[test]
    fn a_file_that_cannot_be_written_leaves_every_other_file_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a.rs"), "old").unwrap();
        // A file stands where a folder is needed, so the second text has no place.
        fs::write(folder.path().join("taken"), "a file").unwrap();
        let wanted = wanted(&[("a.rs", "new"), ("taken/b.rs", "new")]);
        let differences = [
            Difference::Stale("a.rs".to_owned()),
            Difference::Missing("taken/b.rs".to_owned()),
        ];

        let error = write(folder.path(), &wanted, &differences).unwrap_err();

        assert!(format!("{error:#}").contains("taken/b.rs"), "{error:#}");
        assert_eq!(
            fs::read_to_string(folder.path().join("a.rs")).unwrap(),
            "old"
        );
        assert_eq!(
            present(folder.path()).unwrap().len(),
            2,
            "no temporary file is left"
        );
    }
}
