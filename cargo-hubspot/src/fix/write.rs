//! Replaces the changed files, all of them or none.
//!
//! Fails if version control could not bring a file back, or if a file is no longer what the change was planned for.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use clap::Args;
use tempfile::NamedTempFile;

use super::plan::Change;
use crate::output;

/// What `--fix` may write over although it could not be brought back; the names are those of `cargo fix`.
#[derive(Args)]
pub(crate) struct Allowed {
    /// Change files that no version control has
    #[arg(long, requires = "fix")]
    allow_no_vcs: bool,
    /// Change files that have changes which are not committed
    #[arg(long, requires = "fix")]
    allow_dirty: bool,
    /// Change files that have changes which are staged
    #[arg(long, requires = "fix")]
    allow_staged: bool,
}

/// What version control says of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Saved,
    Staged,
    Dirty,
    /// No version control has the file: it is outside, or ignored.
    Unknown,
}

/// Fails if one of the files could not be brought back, unless that is allowed.
pub(super) fn refuse_unsaved(changes: &[Change], allowed: &Allowed) -> Result<()> {
    let states: Vec<_> = changes
        .iter()
        .map(|change| (state(&change.path), change.shown.as_str()))
        .collect();
    let in_state = |wanted: State| {
        let of_it = states.iter().filter(|(state, _)| *state == wanted);
        of_it
            .map(|(_, shown)| *shown)
            .collect::<Vec<_>>()
            .join(", ")
    };
    let [unknown, dirty, staged] = [State::Unknown, State::Dirty, State::Staged].map(in_state);
    ensure!(
        unknown.is_empty() || allowed.allow_no_vcs,
        "no version control has {unknown}: nothing was written; add `--allow-no-vcs` to write without a way back"
    );
    ensure!(
        dirty.is_empty() || allowed.allow_dirty,
        "version control does not have what is in {dirty}: commit first, or add `--allow-dirty`"
    );
    ensure!(
        staged.is_empty() || allowed.allow_dirty || allowed.allow_staged,
        "what is in {staged} is staged only: commit first, or add `--allow-staged`"
    );
    Ok(())
}

fn state(path: &Path) -> State {
    let has = |name: &str| {
        path.ancestors()
            .skip(1)
            .any(|folder| folder.join(name).exists())
    };
    let said = |program: &str, arguments: &[&str]| {
        let mut command = Command::new(program);
        command.args(arguments).arg(path);
        let output = command
            .current_dir(path.parent().unwrap_or(Path::new(".")))
            .output();
        let output = output.ok().filter(|output| output.status.success())?;
        String::from_utf8(output.stdout).ok()
    };
    if let Some(status) = said("git", &["status", "--porcelain", "--ignored", "--"]) {
        return of_git(&status);
    }
    if has(".hg")
        && let Some(status) = said("hg", &["status", "--"])
    {
        return match status.chars().next() {
            None => State::Saved,
            Some('I') => State::Unknown,
            Some(_) => State::Dirty,
        };
    }
    match [".git", ".hg"].iter().any(|name| has(name)) {
        // Its program cannot be asked.
        true => State::Dirty,
        // As for `cargo fix`: they are there, and are not asked.
        false
            if [".pijul", ".fslckout", "_FOSSIL_", ".jj"]
                .iter()
                .any(|name| has(name)) =>
        {
            State::Saved
        }
        false => State::Unknown,
    }
}

/// What `git status --porcelain` says of a file: the first sign is that of the index, the second that of the folder.
fn of_git(status: &str) -> State {
    let signs: Vec<char> = status.chars().take(2).collect();
    match signs.as_slice() {
        [] => State::Saved,
        ['!', _] => State::Unknown,
        [_, ' '] => State::Staged,
        _ => State::Dirty,
    }
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
