//! Reads a revision of the repository, without changing the working tree, the index or the list of worktrees.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use anyhow::{Context as _, Result, anyhow, bail, ensure};

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
        let top = text(&git(folder, &["rev-parse", "--show-toplevel"])?);
        let Some(root) = top else {
            bail!(
                "`{name}` is not a file, and the workspace is in no git repository: name a lock or an audit's JSON"
            );
        };
        let prefix = text(&git(folder, &["rev-parse", "--show-prefix"])?).unwrap_or_default();
        let commit = format!("{name}^{{commit}}");
        let arguments = [
            "rev-parse",
            "--verify",
            "--quiet",
            "--end-of-options",
            &commit,
        ];
        let commit = text(&git(folder, &arguments)?).filter(|commit| !commit.is_empty());
        let root = PathBuf::from(root);
        match commit {
            Some(commit) => Ok(Self {
                name: name.to_owned(),
                commit,
                prefix,
                root,
            }),
            None if is_shallow(folder)? => bail!(
                "this clone is shallow and does not have `{name}`: run `git fetch --unshallow`, or set `fetch-depth: 0` for \
                 actions/checkout"
            ),
            None => bail!("`{name}` is neither a file nor a git revision"),
        }
    }

    /// A file of the workspace in the revision, if it has that.
    pub(super) fn file(&self, name: &str) -> Result<Option<String>> {
        let path = format!("{}:{}{name}", self.commit, self.prefix);
        let output = git(&self.root, &["cat-file", "blob", &path])?;
        if !output.status.success() {
            return Ok(None);
        }
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
                "git cannot write the files of `{}`: {}",
                self.name,
                String::from_utf8_lossy(&output.stderr).trim()
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

fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new("git");
    command.arg("-C").arg(folder).args(arguments);
    command
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
