//! `cargo hubspot lock`: writes `hubspot-scopes.lock`, the scopes that a workspace needs and the calls that need them.
//!
//! [`State`] is the content of a lock, made from a report by [`of_report`] or read from a file by [`mod@file`].
//! `--check` compares the two as sets of lines: their order and lines that a merge has doubled make no difference.

mod file;
mod of_report;
#[cfg(test)]
mod shapes;
mod state;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail, ensure};
use clap::Args;

pub(crate) use self::of_report::{Places, named, places};
pub(crate) use self::state::{NAME, NONE, SetScope, Standing, State};
use crate::audit::{self, Selection};
use crate::finding::count;
use crate::model::Report;
use crate::output::{read_if_present, write_file};

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
    let mut files = report.requested().flat_map(|package| &package.app_files);
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
