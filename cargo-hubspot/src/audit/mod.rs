//! `cargo hubspot audit`: which OAuth scopes a program needs, and where.
//!
//! Comes in: the user's package or workspace. Goes out: the report, in the format that was asked for. Refused: code that
//! does not compile, a workspace that does not use the client.

pub(crate) mod wrapper;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Result, bail};
use clap::Args;

use crate::model::Report;
use crate::render;

/// Options of `cargo hubspot audit`.
#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    selection: Selection,
    #[command(flatten)]
    output: render::Options,
}

/// What is audited.
#[derive(Args)]
#[command(next_help_heading = "Selection")]
pub(crate) struct Selection {
    /// The package or workspace [default: that of the current folder]
    #[arg(long, value_name = "FILE")]
    manifest_path: Option<PathBuf>,
}

/// Collects, and shows what was found.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    render::finish(&collect(&arguments.selection)?, &arguments.output)
}

/// Asks the compiler, and judges what it says.
pub(crate) fn collect(selection: &Selection) -> Result<Report> {
    bail!(
        "nothing is collected yet from {:?}",
        selection.manifest_path
    );
}
