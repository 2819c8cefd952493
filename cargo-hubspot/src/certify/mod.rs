//! `cargo hubspot certify`: checks what HubSpot's certification of apps looks at, in the code and in the requests of a run.
//!
//! [`checks`] has the checks, and [`page`] shows them.

mod checks;
mod page;

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, Result, ensure};
use clap::{Args, ValueEnum};
use serde::Serialize;

use self::checks::{Check, Outcome, Run};
use crate::audit::{self, Selection};
use crate::finding::count;
use crate::log::{self, Columns, Row};
use crate::output::{print, print_json};

/// The version of the JSON.
const FORMAT: u32 = 1;

/// Options of `cargo hubspot certify`.
#[derive(Args)]
pub(crate) struct Arguments {
    /// The requests of a run, as an HTTP archive: `hubspot-mock --record run.har` writes one
    #[arg(long, value_name = "FILE", num_args = 1..)]
    journal: Vec<PathBuf>,
    /// The requests of a log, as CSV
    #[arg(long, value_name = "FILE", num_args = 1.., requires = "columns")]
    log: Vec<PathBuf>,
    /// The columns of the log: `method=verb,path=url,status=code,time=at`
    #[arg(long, value_name = "COLUMNS", requires = "log")]
    columns: Option<Columns>,
    /// The path below which the program takes webhooks, whose requests are in the log, too
    #[arg(long, value_name = "PATH")]
    webhooks: Option<String>,
    /// The format
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Markdown)]
    format: Format,
    #[command(flatten)]
    selection: Selection,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A checklist
    Markdown,
    /// The same for a browser
    Html,
    /// For programs; docs/certify.md describes it
    Json,
}

/// The checks as JSON.
#[derive(Serialize)]
struct JsonChecks<'a> {
    format: u32,
    version: &'static str,
    checks: &'a [Check],
}

/// Shows the checklist. The status is 1 if a check failed.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let rows = rows(arguments)?;
    let report = audit::collect(&arguments.selection)?;
    let run = Run {
        report: &report,
        rows: rows.as_deref(),
        webhooks: arguments.webhooks.as_deref(),
    };
    let checks = run.checks();
    let names: Vec<_> = report
        .requested()
        .map(|package| package.name.as_str())
        .collect();
    match arguments.format {
        Format::Markdown => print(&page::markdown(&names, &checks))?,
        Format::Html => print(&page::html(&names, &checks))?,
        Format::Json => print_json(&JsonChecks {
            format: FORMAT,
            version: env!("CARGO_PKG_VERSION"),
            checks: &checks,
        })?,
    }
    let failed = checks
        .iter()
        .filter(|check| check.outcome == Outcome::Failed)
        .count();
    if failed == 0 {
        return Ok(ExitCode::SUCCESS);
    }
    eprintln!("error: {} failed", count(failed, "check"));
    Ok(ExitCode::from(1))
}

/// The requests of all files, in the order of time; `None` without a file.
fn rows(arguments: &Arguments) -> Result<Option<Vec<Row>>> {
    let (journals, logs) = (&arguments.journal, &arguments.log);
    if journals.is_empty() && logs.is_empty() {
        return Ok(None);
    }
    let mut rows = Vec::new();
    for file in journals {
        let shown = file.display();
        let text = fs::read_to_string(file).with_context(|| format!("cannot read `{shown}`"))?;
        let value = serde_json::from_str(text.trim_start_matches('\u{feff}'));
        let value =
            value.with_context(|| format!("`{shown}` is no HTTP archive: it is not JSON"))?;
        rows.extend(log::har(&value).with_context(|| format!("`{shown}` cannot be used"))?);
    }
    for (file, columns) in logs.iter().zip(arguments.columns.iter().cycle()) {
        let shown = file.display();
        let text = fs::read_to_string(file).with_context(|| format!("cannot read `{shown}`"))?;
        let text = text.trim_start_matches('\u{feff}');
        rows.extend(log::csv(text, columns).with_context(|| format!("`{shown}` cannot be used"))?);
    }
    ensure!(!rows.is_empty(), "the files have no requests");
    // Requests without a time come first, in the order of the files.
    rows.sort_by_key(|row| row.time);
    Ok(Some(rows))
}
