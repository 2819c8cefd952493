//! `cargo hubspot lock`: writes `hubspot-scopes.lock`, the scopes that a workspace needs and the calls that need them.
//!
//! [`State`] is the content of a lock, made from a report by [`of_report`] or read from a file by [`mod@file`].
//! `--check` compares the two as sets of lines: their order and lines that a merge has doubled make no difference.

mod file;
mod of_report;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result, ensure};
use clap::Args;
use hubspot_scopes::{Requirement, ScopeList};

pub(crate) use self::file::NONE;
pub(crate) use self::of_report::{Places, places};
use crate::audit::{self, Selection};
use crate::finding::count;
use crate::output::write_file;

/// The name of the file, in the folder of the workspace.
pub(crate) const NAME: &str = "hubspot-scopes.lock";

/// Options of `cargo hubspot lock`.
#[derive(Args)]
pub(crate) struct Arguments {
    /// Compare the file with the code instead of writing it; exit with 1 if they differ
    #[arg(long)]
    check: bool,
    /// The file [default: `hubspot-scopes.lock` in the folder of the workspace]
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    #[command(flatten)]
    selection: Selection,
}

/// The content of a lock.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct State {
    /// The versions of the client, and so of its catalogue of scopes.
    pub(crate) catalogues: BTreeSet<String>,
    /// What each called operation needs.
    pub(crate) operations: BTreeMap<String, Requirement>,
    pub(crate) scopes: BTreeMap<SetScope, Standing>,
    pub(crate) calls: BTreeSet<Call>,
    /// Raw requests of unknown scopes.
    pub(crate) unknown: BTreeSet<Unknown>,
}

/// A scope of a package's scope set.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct SetScope {
    pub(crate) package: String,
    /// The name of the scope set; [`file::NONE`] if a scope is needed that no set declares.
    pub(crate) set: String,
    /// The scope; [`file::NONE`] for calls that need none.
    pub(crate) scope: String,
}

/// How a scope is declared, and whether it is in the least set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Standing {
    pub(crate) list: Option<ScopeList>,
    pub(crate) needed: bool,
}

/// The operations that need a scope, and the functions that call them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Call {
    pub(crate) scope: SetScope,
    /// The id of the operation, or the method and path of a raw request.
    pub(crate) operation: String,
    /// The function that calls, after its package and `/` if that is another one; [`file::NONE`] outside of functions.
    pub(crate) function: String,
}

/// A raw request of unknown scopes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Unknown {
    pub(crate) package: String,
    pub(crate) request: String,
    pub(crate) function: String,
}

/// Writes the lock, or checks it.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    ensure!(
        !arguments.selection.is_partial(),
        "the lock is about the whole workspace: leave `--package` out"
    );
    let report = audit::collect(&arguments.selection.clone().whole_workspace())?;
    let state = State::of(&report);
    let default = || Path::new(&report.workspace).join(NAME);
    let path = arguments.file.clone().unwrap_or_else(default);
    let shown = path.file_name().unwrap_or_default().display().to_string();
    let text = state.text();
    if arguments.check {
        return check(&state, &path, &shown);
    }
    let before = fs::read_to_string(&path).unwrap_or_default();
    file::refuse_newer(&before, &shown)?;
    if before == text {
        eprintln!("`{shown}` is up to date");
        return Ok(ExitCode::SUCCESS);
    }
    write_file(&path, &text).with_context(|| format!("cannot write `{}`", path.display()))?;
    let needed = state.scopes.values().filter(|standing| standing.needed);
    eprintln!("wrote `{shown}`: {}", count(needed.count(), "needed scope"));
    Ok(ExitCode::SUCCESS)
}

/// Prints how the file differs from the code.
fn check(state: &State, path: &Path, shown: &str) -> Result<ExitCode> {
    let text = fs::read_to_string(path)
        .with_context(|| format!("cannot read `{shown}`; `cargo hubspot lock` writes it"))?;
    let locked = State::parse(&text, shown)?;
    let (locked, now) = (locked.lines(), state.lines());
    if locked == now {
        eprintln!("`{shown}` is up to date");
        return Ok(ExitCode::SUCCESS);
    }
    let gone = locked.difference(&now).map(|line| format!("-{line}"));
    let new = now.difference(&locked).map(|line| format!("+{line}"));
    for line in gone.chain(new) {
        eprintln!("{line}");
    }
    eprintln!("error: `{shown}` is stale: run `cargo hubspot lock` and commit the file");
    Ok(ExitCode::from(1))
}
