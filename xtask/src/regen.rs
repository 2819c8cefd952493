//! `cargo xtask regen`: writes the client's generated code.
//!
//! In: `specs/`, or HubSpot's own documents. Out: the files that changed, listed; with `--check` the differences and the
//! command that mends them; with `--dump` what a stage made. Refuses what the stages refuse, before anything is written.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use clap::ValueEnum;
use hubspot_codegen::{analyze::analyze, name::name, unify::unify};
use serde::Serialize;

use crate::{files, inputs, workspace};

/// Options of `cargo xtask regen`.
#[derive(clap::Args, Default)]
pub(crate) struct Arguments {
    /// Write nothing; list stale, missing and orphaned files, and fail if there are any
    #[arg(long)]
    check: bool,
    /// Read HubSpot's own documents from this folder, with the overlays applied, instead of specs/
    #[arg(long, value_name = "DIR")]
    published: Option<PathBuf>,
    /// The folder to write to [default: hubspot-generated/src/generated]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Print what a stage makes of the documents, and write nothing
    #[arg(long, value_name = "STAGE", conflicts_with_all = ["check", "out"])]
    dump: Option<Stage>,
}

/// A stage whose value can be printed.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Stage {
    /// The operations and schemas of each document
    Lower,
    /// All documents as one model
    Unify,
    /// Boxing, direction, gates, paging, idempotency
    Analyze,
    /// Every identifier
    Name,
}

impl Arguments {
    /// `--check`, and nothing else.
    pub(crate) fn check() -> Self {
        Self {
            check: true,
            ..Self::default()
        }
    }
}

/// Generates, compares, and writes unless only asked to check.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    if let Some(stage) = arguments.dump {
        return dump(stage, arguments.published.as_deref());
    }
    if arguments.published.is_some() && arguments.out.is_none() {
        bail!(
            "what is generated from HubSpot's documents is not committed: say with --out DIR where to put it"
        );
    }
    let wanted = generate(arguments.published.as_deref())?;
    let folder = arguments.out.clone().unwrap_or_else(workspace::generated);
    let differences = files::compare(&folder, &wanted)?;
    for difference in &differences {
        println!("{difference}");
    }
    let shown = workspace::shown(&folder);
    if differences.is_empty() {
        println!(
            "{} files in {shown} are what the documents say.",
            wanted.len()
        );
        return Ok(());
    }
    if arguments.check {
        bail!(
            "{} files in {shown} are not what the documents say; run `cargo xtask regen`",
            differences.len()
        );
    }
    files::write(&folder, &wanted, &differences)?;
    println!(
        "{} of {} files in {shown} brought up to date.",
        differences.len(),
        wanted.len()
    );
    Ok(())
}

/// The generated files, from our documents or with `published` from HubSpot's.
pub(crate) fn generate(published: Option<&Path>) -> Result<BTreeMap<String, String>> {
    let config = inputs::config()?;
    let documents = inputs::documents(&config, published)?;
    hubspot_codegen::generate_from(&config, &documents).context("cannot generate the client")
}

/// What a stage makes, as JSON on standard output.
fn dump(stage: Stage, published: Option<&Path>) -> Result<()> {
    let config = inputs::config()?;
    let documents = inputs::documents(&config, published)?;
    if stage == Stage::Lower {
        return print(&documents);
    }
    let model = unify(&documents, &config)?;
    if stage == Stage::Unify {
        return print(&model);
    }
    let analysis = analyze(&model);
    if stage == Stage::Analyze {
        return print(&analysis);
    }
    print(&name(&model, &analysis, &config)?)
}

fn print(value: &impl Serialize) -> Result<()> {
    serde_json::to_writer_pretty(std::io::stdout().lock(), value).context("cannot print the stage")
}
