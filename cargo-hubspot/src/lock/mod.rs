//! `cargo hubspot lock`: writes `hubspot-scopes.lock`, the scopes that a workspace needs and the calls that need them.
//!
//! [`State`] is the content of a lock, made from a report by [`of_report`] or read from a file by [`mod@file`].
//! `--check` compares the two as sets of lines: their order and lines that a merge has doubled make no difference.

mod file;
mod of_report;
#[cfg(test)]
mod shapes;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail, ensure};
use clap::Args;
use hubspot_scopes::{Requirement, ScopeList};

pub(crate) use self::file::NONE;
pub(crate) use self::of_report::{Places, named, places};
use crate::audit::{self, Selection};
use crate::finding::count;
use crate::model::Report;
use crate::output::{read_if_present, write_file};

/// The name of the file, in the folder of the workspace.
pub(crate) const NAME: &str = "hubspot-scopes.lock";

/// Options of `cargo hubspot lock`.
#[derive(Args)]
pub(crate) struct Arguments {
    /// Compare the file with the code instead of writing it; exit with 1 if it is stale, damaged or not there
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
    /// What each called operation needs: several things if the workspace has several versions of the client, or raw
    /// requests that state different scopes.
    pub(crate) operations: BTreeMap<String, BTreeSet<Requirement>>,
    pub(crate) scopes: BTreeMap<SetScope, Standing>,
    /// The scopes of app files; the file is in place of the set.
    pub(crate) listed: BTreeMap<SetScope, ScopeList>,
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

impl SetScope {
    pub(crate) fn new((package, set): (&str, &str), scope: &str) -> Self {
        let [package, set, scope] = [package, set, scope].map(str::to_owned);
        Self {
            package,
            set,
            scope,
        }
    }

    /// The package and the set.
    pub(crate) fn of_set(&self) -> (&str, &str) {
        (&self.package, &self.set)
    }
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
    refuse_unreadable(&report)?;
    let state = State::of(&report);
    let default = || Path::new(&report.workspace).join(NAME);
    let path = arguments.file.clone().unwrap_or_else(default);
    let shown = path.file_name().unwrap_or_default().display().to_string();
    let before = read_if_present(&path).with_context(|| format!("cannot read `{shown}`"))?;
    if let Some(before) = &before {
        file::refuse_newer(before, &shown)?;
    }
    if arguments.check {
        return Ok(check(&state, before.as_deref(), &shown));
    }
    let text = state.text();
    if before.as_deref() == Some(text.as_str()) {
        eprintln!("`{shown}` is up to date");
        return Ok(ExitCode::SUCCESS);
    }
    ensure!(
        before.as_deref().is_none_or(file::is_lock),
        "`{shown}` exists and is not a lock of scopes: nothing was written; remove it, or name another file with `--file`"
    );
    write_file(&path, &text).with_context(|| format!("cannot write `{}`", path.display()))?;
    let needed = state.scopes.values().filter(|standing| standing.needed);
    eprintln!("wrote `{shown}`: {}", count(needed.count(), "needed scope"));
    Ok(ExitCode::SUCCESS)
}

/// Fails if an app file cannot be read: what it lists would be missing.
pub(crate) fn refuse_unreadable(report: &Report) -> Result<()> {
    let mut files = report.asked().flat_map(|package| &package.app_files);
    let faulty = files.find_map(|file| Some((&file.file, file.fault.as_ref()?)));
    match faulty {
        Some((file, fault)) => bail!("`{file}` {fault}"),
        None => Ok(()),
    }
}

/// Prints how the file differs from the code. Every difference that `cargo hubspot lock` removes has the status 1.
fn check(state: &State, text: Option<&str>, shown: &str) -> ExitCode {
    let remedy = "run `cargo hubspot lock` and commit the file";
    let fault = match text.map(|text| State::parse_merged(text, shown)) {
        None => format!("there is no `{shown}`: {remedy}"),
        Some(Err(fault)) => fault.to_string(),
        Some(Ok((locked, outdated))) => {
            let (locked, now) = (&locked.lines() | &outdated, state.lines());
            if locked == now {
                eprintln!("`{shown}` is up to date");
                return ExitCode::SUCCESS;
            }
            let gone = locked.difference(&now).map(|line| format!("-{line}"));
            let new = now.difference(&locked).map(|line| format!("+{line}"));
            for line in gone.chain(new) {
                eprintln!("{line}");
            }
            format!("`{shown}` is stale: {remedy}")
        }
    };
    eprintln!("error: {fault}");
    ExitCode::from(1)
}
