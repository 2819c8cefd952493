//! What a command prints on standard output, and writes into files.
//!
//! Comes in: text, with colours or without. Goes out: the same, without colours where they do not belong; a file that is
//! replaced is the old one or the new one, never a part. Refused: an output that cannot be written to. One that nobody
//! reads any more, as behind `| head`, is no fault: what the command found, its status tells.

use std::fs;
use std::io::{self, ErrorKind, Write as _};
use std::path::Path;

use anyhow::{Context as _, Result};
use serde::Serialize;
use tempfile::NamedTempFile;

/// Prints `text`.
pub(crate) fn print(text: &str) -> Result<()> {
    let mut output = anstream::stdout().lock();
    let printed = output
        .write_all(text.as_bytes())
        .and_then(|()| output.flush());
    match printed {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        printed => printed.context("cannot print"),
    }
}

/// Prints `value` as JSON for readers, and a line's end.
pub(crate) fn print_json(value: &impl Serialize) -> Result<()> {
    print(&(serde_json::to_string_pretty(value)? + "\n"))
}

/// Writes a file whole, or leaves the one that is there.
pub(crate) fn write_file(path: &Path, text: &str) -> io::Result<()> {
    // A link stays one; `/dev/stdout` and its like have nothing to lose, nor has a file that is not there yet.
    match fs::canonicalize(path) {
        Ok(known) if known.is_file() => {
            write_beside(&known, text)?.persist(known)?;
            Ok(())
        }
        _ => fs::write(path, text),
    }
}

/// Writes what is to replace a file, with the permissions that it has.
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
        // The old file was not written over: a reader that has it open reads it to its end.
        assert_eq!(fs::read_to_string(&other).unwrap(), "old");
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
        let permissions = |path| fs::metadata(path).unwrap().permissions();
        assert_eq!(permissions(&path), permissions(&other));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    }
}
