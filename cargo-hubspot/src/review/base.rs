//! What the code is compared with: a lock, the JSON of an audit, or a revision of git.
//!
//! Of a revision its lock is read. Without one, its files are written to a temporary folder and audited there.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, anyhow, bail, ensure};

use super::git::Revision;
use crate::audit::Selection;
use crate::git;
use crate::lock::{self, State};
use crate::model::{FORMAT, Report};

/// A state to compare with.
pub(super) struct Base {
    /// What it is, to follow "compared with".
    pub(super) described: String,
    pub(super) state: State,
}

impl Base {
    /// Reads or makes the state. `name` is a file or a revision of the repository that the workspace is in.
    pub(super) fn find(
        name: &str,
        workspace: &Path,
        selection: &Selection,
        ignores_lock: bool,
    ) -> Result<Self> {
        let path = Path::new(name);
        if path.is_file() {
            return Self::of_file(path, name);
        }
        let revision = Revision::find(name, workspace)?;
        let locked = if ignores_lock {
            None
        } else {
            revision.file(lock::NAME)?
        };
        match locked {
            Some(text) => {
                let name = &revision.name;
                let state = State::parse(&text, &format!("{name}:{}", lock::NAME));
                let remedy = "to review against that revision, add `--ignore-lock`: its code is audited then";
                Ok(Self {
                    described: format!("the lock of `{name}`"),
                    state: state.map_err(|fault| anyhow!("{fault}\n{remedy}"))?,
                })
            }
            None => Self::of_revision(&revision, workspace, selection),
        }
    }

    fn of_file(path: &Path, shown: &str) -> Result<Self> {
        let text = fs::read_to_string(path).with_context(|| format!("cannot read `{shown}`"))?;
        if !text.trim_start().starts_with('{') {
            let state = State::parse(&text, shown)?;
            return Ok(Self {
                described: format!("the lock `{shown}`"),
                state,
            });
        }
        Ok(Self {
            described: format!("the audit `{shown}`"),
            state: State::of(&report(&text, shown)?),
        })
    }

    /// Audits the files of a revision.
    fn of_revision(revision: &Revision, workspace: &Path, selection: &Selection) -> Result<Self> {
        let name = &revision.name;
        let place = tempfile::tempdir().context("cannot make a temporary folder")?;
        let files = revision.check_out(place.path())?;
        ensure!(
            files.join("Cargo.toml").exists(),
            "`{name}` has no Cargo.toml where the workspace is now: review against a lock of it instead"
        );
        // A library may leave its Cargo.lock out of the repository.
        let (from, to) = (workspace.join("Cargo.lock"), files.join("Cargo.lock"));
        if from.exists() && !to.exists() {
            fs::copy(from, to).context("cannot copy Cargo.lock")?;
        }
        let program = own_copy(place.path())?;
        let mut command = Command::new(program);
        git::isolate(&mut command);
        let output = command
            .args(["hubspot", "audit", "--workspace", "--format", "json"])
            .args(selection.for_other_version(workspace))
            .current_dir(&files)
            .stdin(Stdio::null())
            .output()
            .context("cannot run this program again")?;
        if !output.status.success() {
            let stderr = String::from_utf8_lossy(&output.stderr);
            bail!("{}", failure(name, &stderr));
        }
        let text = String::from_utf8_lossy(&output.stdout);
        Ok(Self {
            described: format!("`{name}`"),
            state: State::of(&report(&text, name)?),
        })
    }
}

/// This program at another path.
///
/// cargo tells packages of a workspace apart by their path in it and by the path of the compiler's wrapper. With this
/// program's own path, the packages of the revision would pass for those of the working tree.
fn own_copy(folder: &Path) -> Result<PathBuf> {
    let program = std::env::current_exe().context("cannot find this program's own file")?;
    let copy = folder.join(program.file_name().unwrap_or_default());
    if fs::hard_link(&program, &copy).is_err() {
        fs::copy(&program, &copy).context("cannot copy this program")?;
    }
    Ok(copy)
}

/// Why a revision could not be audited, and what to do.
fn failure(name: &str, stderr: &str) -> String {
    let stderr = stderr.trim();
    let instead = format!(
        "to review against it, commit `{}` there, or name a lock or an audit's JSON as the base",
        lock::NAME
    );
    if stderr.contains("nothing in this workspace depends on hubspot-generated") {
        return format!(
            "`{name}` does not use hubspot-generated, so there is nothing to compare with; {instead}"
        );
    }
    format!("{stderr}\nerror: the base `{name}` cannot be audited (see above): {instead}")
}

fn report(text: &str, shown: &str) -> Result<Report> {
    let value: serde_json::Value =
        serde_json::from_str(text).with_context(|| format!("`{shown}` is not JSON"))?;
    let format = value.get("format").and_then(serde_json::Value::as_u64);
    let remedy = "write it with `cargo hubspot audit --workspace --format json`";
    ensure!(
        format.is_none_or(|format| format <= FORMAT.into()),
        "`{shown}` has format {}, and this version of cargo-hubspot knows {FORMAT}: update it, or {remedy}",
        format.unwrap_or_default()
    );
    serde_json::from_value(value)
        .with_context(|| format!("`{shown}` is not the JSON of an audit: {remedy}"))
}
