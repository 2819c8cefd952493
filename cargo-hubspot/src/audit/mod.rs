//! `cargo hubspot audit`: finds the OAuth scopes that a program needs, and where it needs them.
//!
//! [`graph`] finds the packages that use the client. [`compile`] runs rustc over them, through [`wrapper`], and collects the
//! marks that [`note`] reads. [`usage`] groups the marks by package, with the help of [`source`].
//! [`verdict`], [`function`] and [`app_file`] draw the conclusions, and [`report`] puts everything together.

mod app_file;
mod bounds;
mod compile;
mod function;
mod graph;
mod least;
mod note;
mod objects;
mod options;
mod paths;
mod raw;
mod report;
mod site;
mod source;
mod spelled;
mod uncompiled;
mod unit;
mod usage;
mod verdict;
mod withhold;
pub(crate) mod wrapper;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use cargo_metadata::{Metadata, MetadataCommand};
use clap::Args;

#[cfg(feature = "mcp")]
pub(crate) use self::compile::DoesNotCompile;
pub(crate) use self::compile::cargo;
pub(crate) use self::options::Selection;
use crate::finding::Production;
use crate::model::Report;
use crate::{binary, live, render, used};

/// Options of `cargo hubspot audit`.
#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    selection: Selection,
    #[command(flatten)]
    output: render::ReportOptions,
    #[command(flatten)]
    binary: binary::BinaryOptions,
    #[command(flatten)]
    live: live::TokenOptions,
    #[command(flatten)]
    used: used::UsedOptions,
}

/// Makes the report and shows it.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    arguments.output.prepare()?;
    if let Some(file) = &arguments.binary.binary {
        return binary::run(file, &arguments.binary, &arguments.output);
    }
    let used = used::read(&arguments.used)?;
    let report = collect(&arguments.selection)?;
    if let Some(used) = &used {
        used.check(&report)?;
    }
    let granted = live::ask(&arguments.live)?;
    render::finish(&report, &Production { granted, used }, &arguments.output)
}

/// Compiles the packages and makes the report.
pub(crate) fn collect(selection: &Selection) -> Result<Report> {
    let metadata = metadata(selection)?;
    let asked = selection.requested(&metadata);
    let plan = graph::plan(&metadata, &asked)?;
    let compiled = compile::compile(&plan, selection, metadata.workspace_root.as_std_path())?;
    Ok(report::report(&metadata, &plan, &compiled, selection))
}

/// The folder of the workspace.
pub(crate) fn workspace(selection: &Selection) -> Result<PathBuf> {
    Ok(metadata(selection)?.workspace_root.into_std_path_buf())
}

/// The packages and their dependencies on the platforms that are compiled for.
///
/// Without a platform, `cargo metadata` needs the crates of every platform, and a build has downloaded only those of one.
fn metadata(selection: &Selection) -> Result<Metadata> {
    let config = cargo_config2::Config::load().context("cannot read cargo's configuration")?;
    let platforms = selection.platforms(&config)?;
    let mut command = MetadataCommand::new();
    command
        .cargo_path(compile::cargo())
        .other_options(selection.for_metadata(&platforms));
    if let Some(file) = &selection.manifest_path {
        command.manifest_path(file);
    }
    command.exec().with_context(|| {
        let hint = selection.fetch_hint(&platforms);
        format!("cargo cannot read the workspace{hint}")
    })
}
