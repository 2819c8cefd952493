//! Reads a revision of the repository, without changing the working tree, the index or the list of worktrees.

use std::path::{Path, PathBuf};
use std::process::Output;

use anyhow::{Context as _, Result, anyhow, bail, ensure};

use crate::git::command;

/// A revision of the repository that a workspace is in.
pub(super) struct Revision {
    /// As the user named it.
    pub(super) name: String,
    commit: String,
    /// The folder of the workspace in the repository: empty, or with `/` at its end.
    prefix: String,
    root: PathBuf,
}

impl Revision {
    /// The revision with this name, in the repository around a folder.
    pub(super) fn find(name: &str, folder: &Path) -> Result<Self> {
        let output = git(folder, &["rev-parse", "--show-toplevel"])?;
        let Some(root) = text(&output) else {
            bail!(
                "`{name}` is not a file, and git finds no repository around the workspace: name a lock or an audit's \
                 JSON{}",
                said(&output)
            );
        };
        let prefix = text(&git(folder, &["rev-parse", "--show-prefix"])?).unwrap_or_default();
        let root = PathBuf::from(root);
        // A branch that only the remote repository has, as in a fresh clone.
        for name in [name.to_owned(), format!("origin/{name}")] {
            let revision = format!("{name}^{{commit}}");
            let arguments = [
                "rev-parse",
                "--verify",
                "--quiet",
                "--end-of-options",
                &revision,
            ];
            let commit = text(&git(folder, &arguments)?).filter(|commit| !commit.is_empty());
            if let Some(commit) = commit {
                return Ok(Self {
                    name,
                    commit,
                    prefix,
                    root,
                });
            }
        }
        if is_shallow(folder)? {
            bail!(
                "this clone is shallow and does not have `{name}`: run `git fetch --unshallow`, or set `fetch-depth: 0` for \
                 actions/checkout"
            );
        }
        bail!("`{name}` is neither a file nor a git revision");
    }

    /// A file of the workspace in the revision, if it has that.
    pub(super) fn file(&self, name: &str) -> Result<Option<String>> {
        let path = format!("{}:{}{name}", self.commit, self.prefix);
        let listed = git(
            &self.root,
            &[
                "ls-tree",
                "--full-tree",
                &self.commit,
                "--",
                &format!("{}{name}", self.prefix),
            ],
        )?;
        if text(&listed).is_some_and(|list| list.is_empty()) {
            return Ok(None);
        }
        let output = git(&self.root, &["cat-file", "blob", &path])?;
        ensure!(
            output.status.success(),
            "git cannot read `{name}` of `{}`{}",
            self.name,
            said(&output)
        );
        let text = String::from_utf8(output.stdout);
        Ok(Some(text.with_context(|| {
            format!("`{name}` of `{}` is not text", self.name)
        })?))
    }

    /// Writes all files of the revision to a folder. Returns the workspace's folder in it.
    pub(super) fn check_out(&self, to: &Path) -> Result<PathBuf> {
        let index = to.join("index");
        let files = to.join("files");
        let prefix = format!("--prefix={}/", files.display());
        for arguments in [
            &["read-tree", &self.commit][..],
            &["checkout-index", "--all", &prefix],
        ] {
            let output = command(&self.root, arguments)
                .env("GIT_INDEX_FILE", &index)
                .output()
                .context(NO_GIT)?;
            ensure!(
                output.status.success(),
                "git cannot write the files of `{}`{}",
                self.name,
                said(&output)
            );
        }
        Ok(files.join(&self.prefix))
    }
}

const NO_GIT: &str =
    "git cannot be run: install it, or name a lock or an audit's JSON instead of a revision";

fn is_shallow(folder: &Path) -> Result<bool> {
    let answer = text(&git(folder, &["rev-parse", "--is-shallow-repository"])?);
    Ok(answer.is_some_and(|answer| answer == "true"))
}

fn git(folder: &Path, arguments: &[&str]) -> Result<Output> {
    command(folder, arguments)
        .output()
        .map_err(|error| anyhow!(error).context(NO_GIT))
}

/// What a command printed, without the line break; `None` if it failed.
fn text(output: &Output) -> Option<String> {
    let text = String::from_utf8_lossy(&output.stdout)
        .trim_end_matches(['\r', '\n'])
        .to_owned();
    output.status.success().then_some(text)
}

/// What git printed as an error, to follow a message.
fn said(output: &Output) -> String {
    let stderr = String::from_utf8_lossy(&output.stderr);
    match stderr.trim() {
        "" => String::new(),
        text => format!("\ngit: {text}"),
    }
}
