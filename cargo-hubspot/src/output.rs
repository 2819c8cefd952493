//! Prints to standard output and writes files.
//!
//! Colours are removed where they do not belong. A file is replaced as a whole or not at all. An output that is closed early,
//! as by `| head`, is not an error.

use std::fs;
use std::io::{self, ErrorKind, Write as _};
use std::path::Path;

use anyhow::{Context as _, Result};
use serde::Serialize;
use tempfile::NamedTempFile;

/// Prints `text`.
pub(crate) fn print(text: &str) -> Result<()> {
    let mut output = anstream::stdout().lock();
    let printed = output.write_all(text.as_bytes());
    match printed.and_then(|()| output.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        printed => printed.context("cannot print"),
    }
}

/// Prints `value` as indented JSON, and a line break.
pub(crate) fn print_json(value: &impl Serialize) -> Result<()> {
    print(&(serde_json::to_string_pretty(value)? + "\n"))
}

/// Reads a file; returns `None` only if there is none.
pub(crate) fn read_if_present(path: &Path) -> io::Result<Option<String>> {
    match fs::metadata(path) {
        // `/dev/stdout` and the like have nothing to read.
        Ok(found) if !found.is_file() && !found.is_dir() => Ok(None),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        _ => fs::read_to_string(path).map(Some),
    }
}

/// Writes a file as a whole, or leaves the existing one.
pub(crate) fn write_file(path: &Path, text: &str) -> io::Result<()> {
    match (fs::canonicalize(path), fs::symlink_metadata(path)) {
        // Links are kept.
        (Ok(known), _) if known.is_file() => {
            write_beside(&known, text)?.persist(known)?;
        }
        (_, Err(error)) if error.kind() == ErrorKind::NotFound => {
            let folder = path
                .parent()
                .filter(|folder| !folder.as_os_str().is_empty());
            let mut builder = tempfile::Builder::new();
            // As any new file: the umask decides.
            #[cfg(unix)]
            builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
            let mut file = builder.tempfile_in(folder.unwrap_or(Path::new(".")))?;
            file.write_all(text.as_bytes())?;
            file.persist_noclobber(path)?;
        }
        // `/dev/stdout` and the like cannot be replaced.
        _ => fs::write(path, text)?,
    }
    Ok(())
}

/// Writes the text that will replace a file to a temporary file beside it, with the same permissions.
pub(crate) fn write_beside(path: &Path, text: &str) -> io::Result<NamedTempFile> {
    let mut file = NamedTempFile::new_in(path.parent().unwrap_or(Path::new(".")))?;
    file.write_all(text.as_bytes())?;
    let permissions = fs::metadata(path)?.permissions();
    file.as_file().set_permissions(permissions)?;
    file.as_file().sync_all()?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_whole() {
        let folder = tempfile::tempdir().unwrap();
        let [path, other] = ["page.html", "other"].map(|name| folder.path().join(name));
        write_file(&path, "old").unwrap();
        fs::hard_link(&path, &other).unwrap();
        write_file(&path, "new").unwrap();
        // A reader that has the old file open reads it to its end.
        assert_eq!(fs::read_to_string(&other).unwrap(), "old");
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
        let permissions = |path| fs::metadata(path).unwrap().permissions();
        assert_eq!(permissions(&path), permissions(&other));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
        fs::write(folder.path().join("plain"), "").unwrap();
        assert_eq!(
            permissions(&path),
            permissions(&folder.path().join("plain"))
        );
    }
}
