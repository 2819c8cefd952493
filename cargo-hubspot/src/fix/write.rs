//! Replaces the changed files, all of them or none.
//!
//! Fails if version control could not restore a file, or if a file is no longer what the change was planned for.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use clap::Args;
use tempfile::NamedTempFile;

use super::change::Change;
use crate::{git, output};

/// The files that `--fix` may change although they could not be restored; the names are those of `cargo fix`.
#[derive(Args)]
#[command(next_help_heading = "Fix")]
pub(crate) struct Allowed {
    /// Change files that are not under version control
    #[arg(long)]
    allow_no_vcs: bool,
    /// Change files that have changes which are not committed
    #[arg(long)]
    allow_dirty: bool,
    /// Change files that have changes which are staged
    #[arg(long)]
    allow_staged: bool,
}

impl Allowed {
    /// Fails for these options where nothing is changed.
    pub(crate) fn need_fix(&self, fix: bool) -> Result<()> {
        let given = self.allow_no_vcs || self.allow_dirty || self.allow_staged;
        ensure!(
            fix || !given,
            "`--allow-no-vcs`, `--allow-dirty` and `--allow-staged` need `--fix`"
        );
        Ok(())
    }
}

/// The state of a file in version control.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Saved,
    Staged,
    Dirty,
    /// The file is outside of version control, or ignored.
    Unknown,
}

/// Fails if one of the files could not be restored, unless that is allowed.
pub(super) fn refuse_unsaved(changes: &[Change], allowed: &Allowed) -> Result<()> {
    let states = changes
        .iter()
        .map(|change| (state(&change.path), change.shown.as_str()));
    let states: Vec<_> = states.collect();
    let in_state = |wanted: State| {
        let files = states.iter().filter(|(state, _)| *state == wanted);
        files
            .map(|(_, shown)| *shown)
            .collect::<Vec<_>>()
            .join(", ")
    };
    let [unknown, dirty, staged] = [State::Unknown, State::Dirty, State::Staged].map(in_state);
    ensure!(
        unknown.is_empty() || allowed.allow_no_vcs,
        "not under version control: {unknown}; nothing was written, add `--allow-no-vcs` to change them all the same"
    );
    ensure!(
        dirty.is_empty() || allowed.allow_dirty,
        "not committed: {dirty}; commit first, or add `--allow-dirty`"
    );
    ensure!(
        staged.is_empty() || allowed.allow_dirty || allowed.allow_staged,
        "staged only: {staged}; commit first, or add `--allow-staged`"
    );
    Ok(())
}

fn state(path: &Path) -> State {
    let has = |names: &[&str]| {
        let mut folders = path.ancestors().skip(1);
        folders.any(|folder| names.iter().any(|name| folder.join(name).exists()))
    };
    let output = |program: &str, arguments: &[&str]| {
        let mut command = Command::new(program);
        command.args(arguments).arg(path);
        command.current_dir(path.parent().unwrap_or(Path::new(".")));
        git::isolate(&mut command);
        let output = command.output().ok()?;
        let text = String::from_utf8(output.stdout).ok()?;
        output.status.success().then_some(text)
    };
    if let Some(status) = output("git", &["status", "--porcelain", "--ignored", "--"]) {
        return of_git(&status);
    }
    if has(&[".hg"])
        && let Some(status) = output("hg", &["status", "--"])
    {
        return match status.chars().next() {
            None => State::Saved,
            Some('I') => State::Unknown,
            Some(_) => State::Dirty,
        };
    }
    if has(&[".git", ".hg"]) {
        // Its program cannot be run.
        State::Dirty
    } else if has(&[".pijul", ".fslckout", "_FOSSIL_", ".jj"]) {
        // Not checked, as in `cargo fix`.
        State::Saved
    } else {
        State::Unknown
    }
}

/// Parses the output of `git status --porcelain`: the first sign is for the index, the second for the folder.
fn of_git(status: &str) -> State {
    let signs: Vec<char> = status.chars().take(2).collect();
    match signs.as_slice() {
        [] => State::Saved,
        ['!', _] => State::Unknown,
        [_, ' '] => State::Staged,
        _ => State::Dirty,
    }
}

/// Replaces the files, after all new ones have been written beside the old ones.
pub(super) fn replace(changes: &[Change]) -> Result<()> {
    let written = changes.iter().map(write_beside);
    for (change, (file, path)) in changes.iter().zip(written.collect::<Result<Vec<_>>>()?) {
        file.persist(path)
            .with_context(|| format!("cannot write `{}`", change.shown))?;
    }
    Ok(())
}

/// Writes the new file beside the old one, with the same permissions.
fn write_beside(change: &Change) -> Result<(NamedTempFile, PathBuf)> {
    let shown = &change.shown;
    // Links are kept.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn git_tells_what_is_saved() {
        for (status, state) in [
            ("", State::Saved),
            ("?? a.rs\n", State::Dirty),
            (" M a.rs\n", State::Dirty),
            ("MM a.rs\n", State::Dirty),
            ("UU a.rs\n", State::Dirty),
            ("A  a.rs\n", State::Staged),
            ("!! a.rs\n", State::Unknown),
        ] {
            assert_eq!(of_git(status), state, "{status}");
        }
    }
}
