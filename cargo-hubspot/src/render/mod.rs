//! From the report to what is shown, written and decided.
//!
//! Comes in: a [`Report`] and the [`Options`]. Goes out: text in the format that was asked for, and the status of the
//! command.

use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, ValueEnum};

use crate::model::Report;

/// How the report is shown.
#[derive(Args)]
pub(crate) struct Options {
    /// The format of the report
    #[arg(long, value_enum, default_value_t = Format::Json)]
    format: Format,
}

/// The formats of a report.
#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// For programs; the fields are those of `Report`
    Json,
}

/// Shows the report; the status says whether something was found that was asked to fail.
pub(crate) fn finish(report: &Report, options: &Options) -> Result<ExitCode> {
    match options.format {
        Format::Json => println!("{}", serde_json::to_string_pretty(report)?),
    }
    Ok(ExitCode::SUCCESS)
}
