//! Files, replaced whole or not at all.
//!
//! Comes in: planned changes. Goes out: the files. Refused: files with changes that git does not have, and files that are no
//! longer what the change was planned for.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

use super::plan::Change;

/// Fails when git knows of changes in one of the files. Files outside of git are nobody's to judge.
pub(super) fn refuse_dirty(changes: &[Change]) -> Result<()> {
    let is_dirty = |change: &&Change| {
        let folder = change.path.parent().unwrap_or(Path::new("."));
        let output = Command::new("git")
            .args(["status", "--porcelain", "--"])
            .arg(&change.path)
            .current_dir(folder)
            .output();
        output.is_ok_and(|output| output.status.success() && !output.stdout.is_empty())
    };
    let dirty: Vec<_> = changes
        .iter()
        .filter(is_dirty)
        .map(|change| change.shown.as_str())
        .collect();
    if dirty.is_empty() {
        return Ok(());
    }
    bail!(
        "git does not have what is in {}: commit first, or add `--allow-dirty`",
        dirty.join(", ")
    );
}

/// Writes beside the file, then puts that in its place, with the permissions it had.
pub(super) fn replace(change: &Change) -> Result<()> {
    let shown = &change.shown;
    // A link stays one.
    let path = fs::canonicalize(&change.path).with_context(|| format!("cannot find `{shown}`"))?;
    let now = fs::read_to_string(&path).with_context(|| format!("cannot read `{shown}`"))?;
    ensure!(
        now == change.before,
        "`{shown}` has just changed: nothing was written"
    );
    let folder = path.parent().unwrap_or(Path::new("."));
    let write = || -> std::io::Result<()> {
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        file.write_all(change.after.as_bytes())?;
        file.as_file()
            .set_permissions(fs::metadata(&path)?.permissions())?;
        file.as_file().sync_all()?;
        file.persist(&path)?;
        Ok(())
    };
    write().with_context(|| format!("cannot write `{shown}`"))
}
