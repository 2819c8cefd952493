//! `cargo xtask bench`: `regen` tells how fast regeneration is and how the generated client compiles beside its peers,
//! `mock` how fast and how small hubspot-mock is, `audit` what `cargo hubspot audit` costs, `auth` how fast tokens are at hand.
//!
//! In: for `regen`, HubSpot's own documents (never copied into the repository) and what can be installed below
//! `target/bench`. Out: a table of figures, each with what is asked of it, and JSON on demand. Refuses: documents that
//! are not there, a build of ours that fails. A peer that cannot be installed or driven here is left out, with the
//! reason.
//!
//! Figures that are compared are measured in turns within one run, and medians are compared: ratios travel from
//! machine to machine, seconds do not. Nothing here decides whether a test passes.

mod audit;
mod auth;
mod build;
mod calls;
mod cold;
mod generate;
mod measure;
mod mock;
mod peers;
mod regen;
mod report;
mod scratch;
mod size;
mod tools;

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use clap::{Subcommand, ValueEnum};

use self::{measure::Runner, peers::Peer, report::Report, scratch::Scratch, tools::Tools};
use crate::workspace;

/// What can be measured.
#[derive(Subcommand)]
pub(crate) enum Bench {
    /// Regeneration, and the compile time and size of the generated client beside other generators' output
    Regen(Arguments),
    /// How fast hubspot-mock starts and answers, and how much memory its records take
    Mock(mock::Arguments),
    /// What an audit costs beside `cargo check`, on a large workspace
    Audit(audit::Arguments),
    /// How fast an OAuth app's tokens are at hand, in one process and in four
    Auth(auth::Arguments),
}

/// Options of `cargo xtask bench regen`.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The folder with HubSpot's documents of our four APIs
    #[arg(long, value_name = "DIR")]
    published: Option<PathBuf>,
    /// The folder with more of HubSpot's documents [default: `sample` beside the published ones]
    #[arg(long, value_name = "DIR")]
    sample: Option<PathBuf>,
    /// How often each thing is measured; cold builds take at most three rounds
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u8).range(1..))]
    rounds: u8,
    /// Measure these parts only
    #[arg(long, value_enum, value_delimiter = ',')]
    only: Vec<Part>,
    #[command(flatten)]
    output: Output,
}

/// Where figures go besides the screen.
#[derive(clap::Args)]
struct Output {
    /// Write the figures as JSON, too
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

/// A part of the measurement, selectable by itself.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    /// `cargo xtask regen`: time, memory, instructions
    Regen,
    /// Generating from all of HubSpot's documents, beside parsing them
    Generate,
    /// Compiling the client alone, beside its peers
    Compile,
    /// A program of ten calls with its client, beside its peers
    Program,
    /// Lines, types and LLVM lines of the client and its peers
    Size,
    /// The cold build of a program with one call, beside the same by hand
    Cold,
}

/// Runs what was asked for, and shows what was measured even when a later part fails.
pub(crate) fn run(bench: &Bench) -> Result<()> {
    let mut report = Report::default();
    let (outcome, output) = match bench {
        Bench::Regen(arguments) => (measure(arguments, &mut report), &arguments.output),
        Bench::Mock(arguments) => (mock::measure(arguments, &mut report), &arguments.output),
        Bench::Audit(arguments) => (audit::measure(arguments, &mut report), &arguments.output),
        Bench::Auth(arguments) => (auth::measure(arguments, &mut report), &arguments.output),
    };
    println!("{report}");
    if let Some(file) = &output.json {
        let text = serde_json::to_string_pretty(&report)?;
        fs::write(file, text).with_context(|| format!("cannot write {}", file.display()))?;
    }
    outcome
}

/// Takes the parts of `regen` in turn.
fn measure(arguments: &Arguments, report: &mut Report) -> Result<()> {
    let session = &Session::begin(arguments)?;
    if session.wants(Part::Regen) {
        regen::measure(session, report)?;
    }
    if session.wants(Part::Generate) {
        generate::measure(session, report)?;
    }
    let compared = [Part::Compile, Part::Program, Part::Size];
    if compared.into_iter().any(|part| session.wants(part)) {
        let peers = session.peers(report);
        if session.wants(Part::Compile) {
            build::measure_crates(session, &peers, report)?;
        }
        if session.wants(Part::Program) {
            build::measure_programs(session, &peers, report)?;
        }
        if session.wants(Part::Size) {
            size::measure(session, &peers, report)?;
        }
    }
    if session.wants(Part::Cold) {
        cold::measure(session, report)?;
    }
    Ok(())
}

/// What every part of `regen` needs.
struct Session {
    published: PathBuf,
    sample: PathBuf,
    rounds: usize,
    only: Vec<Part>,
    runner: Runner,
    tools: Tools,
    scratch: Scratch,
}

impl Session {
    /// Prepares the scratch folder and checks what does not depend on the parts.
    fn begin(arguments: &Arguments) -> Result<Self> {
        let folder = workspace::target().join("bench");
        let published = workspace::published(arguments.published.as_deref());
        let sample = match &arguments.sample {
            Some(sample) => sample.clone(),
            None => published.parent().unwrap_or(Path::new("..")).join("sample"),
        };
        let runner = Runner::new(folder.join("last-command.log"))?;
        Ok(Self {
            published,
            sample,
            rounds: usize::from(arguments.rounds),
            only: arguments.only.clone(),
            tools: Tools::new(folder.join("tools")),
            scratch: Scratch::new(folder.join("workspace"))?,
            runner,
        })
    }

    /// Whether a part is to be measured.
    fn wants(&self, part: Part) -> bool {
        self.only.is_empty() || self.only.contains(&part)
    }

    /// HubSpot's own document of an API in the version that the peers are compared in.
    fn document(&self, api: &str) -> Result<PathBuf> {
        let path = self.published.join(VERSION).join(format!("{api}.json"));
        if !path.is_file() {
            bail!(
                "{} is not there: pass the folder with HubSpot's documents as --published DIR",
                path.display()
            );
        }
        Ok(path)
    }

    /// The peers that can be had on this machine, their code generated; a remark in the report for each other one.
    fn peers(&self, report: &mut Report) -> Vec<Peer> {
        let mut present = Vec::new();
        for peer in Peer::ALL {
            eprintln!("generating with {}", peer.name());
            match peer.generate(self) {
                Ok(()) => present.push(peer),
                Err(reason) => report.note("peers", format!("{} skipped: {reason:#}", peer.name())),
            }
        }
        present
    }
}

/// The version in which the client is compared with its peers.
const VERSION: &str = "2026-09";

/// The APIs whose documents are compared.
const APIS: [&str; 4] = ["companies", "contacts", "line_items", "schemas"];

/// The text of one of our own small files for the measurement.
fn data(path: &str) -> Result<String> {
    let path = workspace::root().join("xtask/bench-data").join(path);
    fs::read_to_string(&path).with_context(|| format!("cannot read {}", workspace::shown(&path)))
}

/// The runtime that every measured program stands on.
const TOKIO: &str = "tokio = { version = \"1\", features = [\"macros\", \"rt\"] }\n";

/// The line that makes a package depend on the client, with these features only, or with its default ones.
fn our_dependency(features: &[&str]) -> String {
    let path = workspace::root().join("hubspot-generated");
    let mut line = format!(
        "hubspot-generated = {{ path = \"{}\"",
        path.display().to_string().escape_default()
    );
    if !features.is_empty() {
        // Writing to a String does not fail.
        let _ = write!(line, ", default-features = false, features = {features:?}");
    }
    line + " }\n"
}

/// A count as a figure; counts here are far below the 2^52 that a double holds exactly.
#[allow(
    clippy::cast_precision_loss,
    reason = "counts of files, lines and types are small"
)]
fn count(value: usize) -> f64 {
    value as f64
}

/// Bytes as megabytes.
#[allow(clippy::cast_precision_loss, reason = "a rounded figure for people")]
fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}

/// A count in millions.
#[allow(clippy::cast_precision_loss, reason = "a rounded figure for people")]
fn millions(count: u64) -> f64 {
    count as f64 / 1e6
}
