//! Files, replaced whole or not at all.
//!
//! Comes in: planned changes. Goes out: the files. Refused: files with changes that git does not have, and files that are no
//! longer what the change was planned for.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use tempfile::NamedTempFile;

use super::plan::Change;
use crate::output;

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

/// Puts the changed files in place: none before all of them are written beside the old ones.
pub(super) fn replace(changes: &[Change]) -> Result<()> {
    let written = changes.iter().map(write_beside);
    for (change, (file, path)) in changes.iter().zip(written.collect::<Result<Vec<_>>>()?) {
        file.persist(path)
            .with_context(|| format!("cannot write `{}`", change.shown))?;
    }
    Ok(())
}

/// Writes beside the file, with the permissions that it has; gives its place, too.
fn write_beside(change: &Change) -> Result<(NamedTempFile, PathBuf)> {
    let shown = &change.shown;
    // A link stays one.
    let path = fs::canonicalize(&change.path).with_context(|| format!("cannot find `{shown}`"))?;
    let now = fs::read_to_string(&path).with_context(|| format!("cannot read `{shown}`"))?;
    ensure!(
        now == change.before,
        "`{shown}` has just changed: nothing was written"
    );
    let file = output::write_beside(&path, &change.after);
    let file = file.with_context(|| format!("cannot write `{shown}`"))?;
    Ok((file, path))
}
