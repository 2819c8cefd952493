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
use crate::folder::real;
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
        .map(|change| (state(&replaced(&change.path)), change.shown.as_str()));
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

/// The file that is replaced: of a link, the one that it leads to. Other paths stay as git understands them on every platform.
fn replaced(path: &Path) -> PathBuf {
    if path.is_symlink() {
        real(path)
    } else {
        path.to_owned()
    }
}

/// The user may have chosen that git leaves untracked files out.
const GIT_STATUS: [&str; 5] = [
    "status",
    "--porcelain",
    "--ignored",
    "--untracked-files=all",
    "--",
];

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
    if let Some(status) = output("git", &GIT_STATUS) {
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
    replace_with(changes, |file, path| {
        Ok(file.persist(path).map(drop).map_err(|error| error.error)?)
    })
}

/// The same with another way to put a file in its place. If that fails for one, those before it are restored.
fn replace_with(
    changes: &[Change],
    mut persist: impl FnMut(NamedTempFile, &Path) -> Result<()>,
) -> Result<()> {
    let written = changes.iter().map(write_beside);
    let written = written.collect::<Result<Vec<_>>>()?;
    for (at, (change, (file, path))) in changes.iter().zip(written).enumerate() {
        let Err(error) = persist(file, &path) else {
            continue;
        };
        let error = error.context(format!("cannot write `{}`", change.shown));
        let replaced = changes.get(..at).unwrap_or_default().iter();
        let left: Vec<_> = replaced
            .filter(|change| output::write_file(&change.path, &change.before).is_err())
            .map(|change| change.shown.as_str())
            .collect();
        return Err(if left.is_empty() {
            error.context("no file was changed")
        } else {
            error.context(format!("changed, and not restored: {}", left.join(", ")))
        });
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
    fn files_are_restored_if_a_later_one_cannot_be_written() {
        let folder = tempfile::tempdir().unwrap();
        let change = |name: &str| {
            let path = folder.path().join(name);
            fs::write(&path, "old").unwrap();
            Change {
                path,
                shown: name.to_owned(),
                before: "old".to_owned(),
                after: "new".to_owned(),
            }
        };
        let changes = [change("a"), change("b")];
        let mut calls = 0;
        let error = replace_with(&changes, |file, path| {
            calls += 1;
            anyhow::ensure!(calls == 1, "the disk is full");
            file.persist(path)?;
            assert_eq!(fs::read_to_string(path)?, "new");
            Ok(())
        });
        assert_eq!(
            format!("{:#}", error.unwrap_err()),
            "no file was changed: cannot write `b`: the disk is full"
        );
        for change in &changes {
            assert_eq!(fs::read_to_string(&change.path).unwrap(), "old");
        }
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    }

    /// Whatever the user's git shows, and wherever a link leads.
    #[cfg(unix)]
    #[test]
    fn files_that_could_not_be_restored_are_seen() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let git = |arguments: &[&str]| {
            let status = git::command(folder.path(), arguments).status();
            assert!(status.unwrap().success(), "{arguments:?}");
        };
        git(&["init", "--quiet"]);
        git(&["config", "status.showUntrackedFiles", "no"]);
        fs::write(at("file"), "committed").unwrap();
        std::os::unix::fs::symlink("file", at("link")).unwrap();
        git(&["add", "."]);
        let name = ["-c", "user.name=A", "-c", "user.email=a@example.com"];
        git(&[&name[..], &["commit", "--quiet", "--message=A"]].concat());
        fs::write(at("file"), "not committed").unwrap();
        fs::write(at("new"), "untracked").unwrap();
        let none = Allowed {
            allow_no_vcs: false,
            allow_dirty: false,
            allow_staged: false,
        };
        for name in ["file", "link", "new"] {
            let change = Change {
                path: at(name),
                shown: name.to_owned(),
                before: String::new(),
                after: String::new(),
            };
            let error = refuse_unsaved(&[change], &none).unwrap_err().to_string();
            assert!(
                error.starts_with(&format!("not committed: {name};")),
                "{error}"
            );
        }
    }

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
