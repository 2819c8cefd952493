//! `cargo hubspot audit --used`: the calls that a program made in production.
//!
//! [`recorded`] reads what a `ScopeRecorder` saved, [`crate::log`] an export of a log as CSV, and [`calls`] puts them together.

mod calls;
mod recorded;

use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, Result, bail, ensure};
use clap::Args;

pub(crate) use self::calls::{Used, UsedCall, date};
use self::recorded::Recorded;
use crate::log::{self, Columns};
use crate::model::Report;

/// The calls that a program made.
#[derive(Args)]
#[group(skip)]
#[command(next_help_heading = "Production")]
pub(crate) struct UsedOptions {
    /// Compare with the calls in these files: what a `ScopeRecorder` saved, or, with `--columns`, a log as CSV
    #[arg(long, value_name = "FILE", num_args = 1..)]
    used: Vec<PathBuf>,
    /// The columns of the CSV: `method=verb,path=url,status=code,time=at`, of which `method` and `path` are needed
    #[arg(long, value_name = "COLUMNS", requires = "used")]
    columns: Option<Columns>,
    /// Report scopes that were not used for this number of days
    #[arg(long, value_name = "DAYS", default_value_t = 30, requires = "used")]
    used_days: u64,
}

/// Reads the files, if there are any.
pub(crate) fn read(options: &UsedOptions) -> Result<Option<Used>> {
    if options.used.is_empty() {
        return Ok(None);
    }
    let mut used = Used::new(options.used_days);
    let mut programs: Vec<(String, String)> = Vec::new();
    for file in &options.used {
        let shown = file.display().to_string();
        let text = fs::read_to_string(file).with_context(|| format!("cannot read `{shown}`"))?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        if text.trim_start().starts_with('{') {
            let recorded =
                Recorded::parse(text).with_context(|| format!("`{shown}` cannot be used"))?;
            programs.push((recorded.program.clone(), shown));
            recorded.add_to(&mut used);
        } else if let Some(columns) = &options.columns {
            let rows = log::csv(text, columns).and_then(log::with_requests);
            for row in rows.with_context(|| format!("`{shown}` cannot be used"))? {
                used.add_row(&row);
            }
        } else {
            bail!(
                "`{shown}` is no JSON of a `ScopeRecorder`: for a log as CSV, name its columns, as in \
                 `--columns method=verb,path=url,status=code`"
            );
        }
    }
    if let Some((program, first)) = programs.first()
        && let Some((other, file)) = programs.iter().find(|(other, _)| other != program)
    {
        bail!(
            "`{first}` is of the program `{program}`, and `{file}` of `{other}`: audit each with its own files"
        );
    }
    used.program = programs.into_iter().next().map(|(program, _)| program);
    Ok(Some(used))
}

impl Used {
    /// Fails if the calls are of a program that is not audited.
    pub(crate) fn check(&self, report: &Report) -> Result<()> {
        let Some(program) = &self.program else {
            return Ok(());
        };
        let names: Vec<_> = report
            .requested()
            .map(|package| package.name.clone())
            .collect();
        ensure!(
            names.contains(program),
            "the usage is of the program `{program}`, and `{}` was audited: name the package of the program with `--package`",
            names.join("`, `")
        );
        Ok(())
    }
}
