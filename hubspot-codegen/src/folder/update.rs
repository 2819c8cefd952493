//! Replaces the files of a folder that differ from their expected texts, all of them or none.

use std::fs::{self, DirEntry};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use tempfile::{NamedTempFile, TempPath};

use super::{Difference, FolderError};
use crate::Output;

/// Removes the `differences` that [`compare`](super::compare) has found between `folder` and `wanted`. If it fails, it
/// restores what it has changed, as far as that is possible.
pub fn update(
    folder: &Path,
    wanted: &Output,
    differences: &[Difference],
) -> Result<(), FolderError> {
    let mut created = Vec::new();
    let mut replaced = Vec::new();
    let mut set_aside = Vec::new();
    let updated = prepare_all(folder, wanted, differences, &mut created).and_then(|prepared| {
        set_aside_all(folder, differences, &mut set_aside)?;
        replace_all(prepared, &mut replaced)
    });
    if updated.is_err() {
        // Each step back is tried, whether or not another fails.
        for file in &replaced {
            drop(file.restore());
        }
        let set_aside = set_aside.into_iter();
        set_aside.for_each(|(file, place)| drop(file.persist(place)));
        // Only empty folders can be removed in this way.
        created
            .iter()
            .rev()
            .for_each(|folder| drop(fs::remove_dir(folder)));
        return updated;
    }
    // The temporary files are removed. One that cannot be is left over for the next update.
    drop(set_aside);
    for difference in differences {
        let place = folder.join(difference.path());
        remove_left_over(place.parent().unwrap_or(folder));
        if matches!(difference, Difference::Orphaned(_)) {
            let above = place.ancestors().skip(1);
            let inside = above.take_while(|above| *above != folder);
            for emptied in inside {
                if fs::remove_dir(emptied).is_err() {
                    break;
                }
            }
        }
    }
    Ok(())
}

/// A file that was replaced, with its old content if it had one.
struct Replaced {
    place: PathBuf,
    before: Option<Vec<u8>>,
}

impl Replaced {
    fn restore(&self) -> io::Result<()> {
        match &self.before {
            Some(before) => prepare(&self.place, before, &mut Vec::new())?
                .persist(&self.place)
                .map(drop)
                .map_err(|error| error.error),
            None => fs::remove_file(&self.place),
        }
    }
}

/// Renames each prepared file to its place.
fn replace_all(
    prepared: Vec<(NamedTempFile, PathBuf)>,
    replaced: &mut Vec<Replaced>,
) -> Result<(), FolderError> {
    let mut before = Vec::new();
    for (_, place) in &prepared {
        before.push(match fs::read(place) {
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            bytes => Some(bytes.map_err(FolderError::io("read", place))?),
        });
    }
    for ((file, place), before) in prepared.into_iter().zip(before) {
        let renamed = file.persist(&place).map_err(|error| error.error);
        renamed.map_err(FolderError::io("replace", &place))?;
        replaced.push(Replaced { place, before });
    }
    Ok(())
}

/// Gives the orphans the names of temporary files. What cannot be removed cannot be renamed either, so this fails before
/// anything is replaced.
fn set_aside_all(
    folder: &Path,
    differences: &[Difference],
    set_aside: &mut Vec<(TempPath, PathBuf)>,
) -> Result<(), FolderError> {
    for difference in differences {
        if let Difference::Orphaned(path) = difference {
            let place = folder.join(path);
            let inside = place.parent().unwrap_or(folder);
            let aside = temporary(inside).and_then(|file| {
                let aside = file.into_temp_path();
                fs::rename(&place, &aside)?;
                Ok(aside)
            });
            let aside = aside.map_err(FolderError::io("remove", &place))?;
            set_aside.push((aside, place));
        }
    }
    Ok(())
}

/// The texts that are to be written, each in a temporary file beside its place.
fn prepare_all(
    folder: &Path,
    wanted: &Output,
    differences: &[Difference],
    created: &mut Vec<PathBuf>,
) -> Result<Vec<(NamedTempFile, PathBuf)>, FolderError> {
    let mut prepared = Vec::new();
    for difference in differences {
        if let Difference::Stale(path) | Difference::Missing(path) = difference {
            let place = folder.join(path);
            let text = wanted.get(path).map_or("", String::as_str);
            let file = prepare(&place, text.as_bytes(), created)
                .map_err(FolderError::io("write", &place))?;
            prepared.push((file, place));
        }
    }
    Ok(prepared)
}

/// Writes `text` to a temporary file beside `place`, to be renamed to it.
fn prepare(place: &Path, text: &[u8], created: &mut Vec<PathBuf>) -> io::Result<NamedTempFile> {
    let folder = place.parent().unwrap_or(Path::new("."));
    let missing = folder.ancestors().take_while(|above| !above.exists());
    let missing = missing.filter(|above| !above.as_os_str().is_empty());
    let missing = missing.map(Path::to_owned).collect::<Vec<_>>();
    created.extend(missing.into_iter().rev());
    fs::create_dir_all(folder)?;
    let mut file = temporary(folder)?;
    file.write_all(text)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        file.as_file()
            .set_permissions(fs::Permissions::from_mode(0o644))?;
    }
    file.as_file().sync_all()?;
    Ok(file)
}

/// What the names of temporary files begin with, and the number of letters and digits after it.
const TEMPORARY: (&str, usize) = (".generated-", 6);

fn temporary(folder: &Path) -> io::Result<NamedTempFile> {
    let (prefix, length) = TEMPORARY;
    let mut builder = tempfile::Builder::new();
    builder.prefix(prefix).rand_bytes(length);
    builder.tempfile_in(folder)
}

/// Returns whether a file has the name of a temporary one. A run that was killed leaves such files.
pub(super) fn is_left_over(file: &DirEntry) -> bool {
    let (prefix, length) = TEMPORARY;
    let name = file.file_name();
    let random = name.to_str().and_then(|name| name.strip_prefix(prefix));
    random.is_some_and(|random| {
        random.len() == length && random.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}

/// Removes the temporary files in a folder, as far as that is possible: those that stay are ignored.
fn remove_left_over(folder: &Path) {
    // The parent of a name alone.
    let folder = if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    };
    let files = fs::read_dir(folder).into_iter().flatten().flatten();
    for file in files.filter(is_left_over) {
        drop(fs::remove_file(file.path()));
    }
}

#[cfg(test)]
mod tests {
    use super::super::{MARK, compare, only_generated};
    use super::*;

    fn files(files: &[(&str, &str)]) -> Output {
        let files = files.iter();
        files
            .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()))
            .collect()
    }

    /// The files in a folder, without those of folders in it. Temporary ones count.
    fn texts(folder: &Path) -> Output {
        let entries = fs::read_dir(folder).unwrap();
        let paths = entries.map(|entry| entry.unwrap().path());
        let texts = paths.filter(|path| path.is_file()).map(|path| {
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            (name, fs::read_to_string(&path).unwrap())
        });
        texts.collect()
    }

    #[test]
    fn an_update_that_fails_leaves_all_other_files_unchanged() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a.rs"), "old").unwrap();
        // A file stands where a folder is needed, so the last text has no place.
        fs::write(folder.path().join("taken"), "a file").unwrap();
        let wanted = files(&[("a.rs", "new"), ("new/b.rs", "new"), ("taken/c.rs", "new")]);
        let differences =
            ["new/b.rs", "taken/c.rs"].map(|path| Difference::Missing(path.to_owned()));
        let differences = [
            vec![Difference::Stale("a.rs".to_owned())],
            differences.to_vec(),
        ]
        .concat();

        let error = update(folder.path(), &wanted, &differences).unwrap_err();

        assert!(error.to_string().contains("taken/c.rs"), "{error}");
        let text = fs::read_to_string(folder.path().join("a.rs"));
        assert_eq!(text.unwrap(), "old");
        let left = fs::read_dir(folder.path()).unwrap();
        assert_eq!(left.count(), 2, "no temporary file is left");
        assert!(!folder.path().join("new").exists());
    }

    #[test]
    fn an_orphan_that_cannot_be_removed_fails_before_files_are_replaced() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a.rs"), "old").unwrap();
        fs::write(folder.path().join("orphan.rs"), "left over").unwrap();
        let wanted = files(&[("a.rs", "new")]);
        let mut differences = compare(folder.path(), &wanted).unwrap();
        // There is no such file.
        differences.push(Difference::Orphaned("none.rs".to_owned()));

        let error = update(folder.path(), &wanted, &differences).unwrap_err();

        let error = error.to_string();
        assert!(
            error.starts_with("cannot remove ") && error.contains("none.rs"),
            "{error}"
        );
        let expected = files(&[("a.rs", "old"), ("orphan.rs", "left over")]);
        assert_eq!(texts(folder.path()), expected);
    }

    #[test]
    fn a_folder_in_the_place_of_a_file_fails_before_files_are_replaced() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a.rs"), "old").unwrap();
        fs::write(folder.path().join("orphan.rs"), "left over").unwrap();
        fs::create_dir(folder.path().join("c.rs")).unwrap();
        let wanted = files(&[("a.rs", "new"), ("b.rs", "new"), ("c.rs", "new")]);
        let differences = [
            Difference::Stale("a.rs".to_owned()),
            Difference::Missing("b.rs".to_owned()),
            Difference::Missing("c.rs".to_owned()),
            Difference::Orphaned("orphan.rs".to_owned()),
        ];

        update(folder.path(), &wanted, &differences).unwrap_err();

        let expected = files(&[("a.rs", "old"), ("orphan.rs", "left over")]);
        assert_eq!(texts(folder.path()), expected);
    }

    #[test]
    fn files_that_were_replaced_are_restored() {
        let folder = tempfile::tempdir().unwrap();
        let place = |name: &str| folder.path().join(name);
        fs::write(place("a.rs"), "old").unwrap();
        let prepared = ["a.rs", "b.rs", "no/c.rs"].map(|name| {
            let file = prepare(&place("any"), b"new", &mut Vec::new()).unwrap();
            (file, place(name))
        });
        let mut replaced = Vec::new();

        let error = replace_all(prepared.into(), &mut replaced).unwrap_err();

        assert!(error.to_string().starts_with("cannot replace "), "{error}");
        let new = files(&[("a.rs", "new"), ("b.rs", "new")]);
        assert_eq!(texts(folder.path()), new);
        for file in &replaced {
            file.restore().unwrap();
        }
        assert_eq!(texts(folder.path()), files(&[("a.rs", "old")]));
    }

    #[test]
    fn temporary_files_of_a_killed_run_are_ignored_and_then_removed() {
        let folder = tempfile::tempdir().unwrap();
        let text = format!("// {MARK}\n");
        let wanted = files(&[("a.rs", &text), ("in/b.rs", &text)]);
        let differences = compare(folder.path(), &wanted).unwrap();
        update(folder.path(), &wanted, &differences).unwrap();
        let left = ["in/.generated-a1B2c3", ".generated-ABCDEF"];
        for name in left {
            fs::write(folder.path().join(name), "// Half").unwrap();
        }
        only_generated(folder.path(), MARK).unwrap();
        assert_eq!(compare(folder.path(), &wanted).unwrap(), []);

        fs::write(folder.path().join("a.rs"), "old").unwrap();
        fs::write(folder.path().join("in/orphan.rs"), "old").unwrap();
        let differences = compare(folder.path(), &wanted).unwrap();
        update(folder.path(), &wanted, &differences).unwrap();
        assert!(left.iter().all(|name| !folder.path().join(name).exists()));

        let other = folder.path().join(".generated-by-hand");
        fs::write(other, "// Mine").unwrap();
        only_generated(folder.path(), MARK).unwrap_err();
    }
}
