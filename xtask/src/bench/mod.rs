//! `cargo xtask bench`: measures regeneration and the generated client (`regen`), hubspot-mock (`mock`), the audit (`audit`),
//! OAuth tokens (`auth`), the client's requests (`client`), and records as types (`records`).
//!
//! Prints a table of figures with their targets, and JSON on request. Figures that are compared are measured in turns within
//! one run. Ratios can be compared between machines; seconds cannot. No test depends on a figure. Peers that cannot be
//! installed are left out, with the reason.

mod audit;
mod auth;
mod build;
mod calls;
mod client;
mod cold;
mod figures;
mod generate;
mod measure;
mod mock;
mod peers;
mod records;
mod regen;
mod report;
mod scratch;
mod size;
mod tools;

use std::{fmt::Write as _, path::PathBuf};

use anyhow::{Result, bail};
use clap::{Subcommand, ValueEnum};

use self::{measure::Runner, peers::Peer, report::Report, scratch::Scratch, tools::Tools};
use crate::{files, workspace};

/// The measurements.
#[derive(Subcommand)]
pub(crate) enum Bench {
    /// Regeneration, and the compile time and size of the generated client beside other generators' output
    Regen(Arguments),
    /// How fast hubspot-mock starts and answers, and how much memory its records take
    Mock(mock::Arguments),
    /// What an audit costs beside `cargo check`, on a large workspace
    Audit(audit::Arguments),
    /// How long an OAuth app waits for its tokens, in one process and in four
    Auth(auth::Arguments),
    /// What requests, pages and pacing cost beside `reqwest`, and how well HubSpot's limits are used
    Client(client::Arguments),
    /// Decoding records beside serde, what the derive costs, and `cargo hubspot types` for a large account
    Records(records::Arguments),
}

/// Options of `cargo xtask bench regen`.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The folder with HubSpot's documents of our four APIs
    #[arg(long, value_name = "DIR")]
    published: Option<PathBuf>,
    /// The folder with more of HubSpot's documents [default: `sample` in that of the published ones]
    #[arg(long, value_name = "DIR")]
    sample: Option<PathBuf>,
    /// The number of rounds; cold builds take at most three
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u8).range(1..))]
    rounds: u8,
    /// Measure these parts only
    #[arg(long, value_enum, value_delimiter = ',')]
    only: Vec<Part>,
    #[command(flatten)]
    output: Output,
}

/// Where figures are written.
#[derive(clap::Args)]
struct Output {
    /// Also write the figures as JSON
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

/// A part of `regen`.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    /// `cargo xtask regen`: time, memory, instructions
    Regen,
    /// Generating from all of HubSpot's documents, compared with parsing them
    Generate,
    /// Compiling the client alone, compared with its peers
    Compile,
    /// Compiling a program of ten calls with its client, compared with its peers
    Program,
    /// Lines, types and LLVM lines of the client and its peers
    Size,
    /// A cold build of a program with one call, compared with the same by hand
    Cold,
}

/// Runs a measurement. Figures are shown even if a later part fails.
pub(crate) fn run(bench: &Bench) -> Result<()> {
    let mut report = Report::default();
    let (outcome, output) = match bench {
        Bench::Regen(arguments) => (measure(arguments, &mut report), &arguments.output),
        Bench::Mock(arguments) => (mock::measure(arguments, &mut report), &arguments.output),
        Bench::Audit(arguments) => (audit::measure(arguments, &mut report), &arguments.output),
        Bench::Auth(arguments) => (auth::measure(arguments, &mut report), &arguments.output),
        Bench::Client(arguments) => (client::measure(arguments, &mut report), &arguments.output),
        Bench::Records(arguments) => (records::measure(arguments, &mut report), &arguments.output),
    };
    println!("{report}");
    if let Some(file) = &output.json {
        files::write(file, &serde_json::to_string_pretty(&report)?)?;
    }
    outcome
}

/// Runs the parts of `regen`.
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

/// The settings and tools of `regen`.
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
    /// Prepares the scratch folder.
    fn begin(arguments: &Arguments) -> Result<Self> {
        let published = workspace::published(arguments.published.as_deref());
        let sample = match &arguments.sample {
            Some(sample) => sample.clone(),
            None => published.join("sample"),
        };
        Ok(Self {
            published: published.join("focal"),
            sample,
            rounds: usize::from(arguments.rounds),
            only: arguments.only.clone(),
            tools: Tools::new(folder().join("tools")),
            scratch: Scratch::new(folder().join("workspace"))?,
            runner: Runner::new()?,
        })
    }

    /// Installs a program from crates.io, and returns its path.
    fn install(&self, package: &str, version: &str) -> Result<PathBuf> {
        self.tools.cargo_install(&self.runner, package, version)
    }

    /// Whether to measure a part.
    fn wants(&self, part: Part) -> bool {
        self.only.is_empty() || self.only.contains(&part)
    }

    /// HubSpot's own document of an API, in the version for which peers are compared.
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

    /// Generates the code of all peers. Those that fail are left out, with a note.
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

/// The version for which the client is compared with its peers.
const VERSION: &str = "2026-09";

/// The APIs whose documents are compared.
const APIS: [&str; 4] = ["companies", "contacts", "line_items", "schemas"];

/// The folder for everything that is built and installed for measurements.
fn folder() -> PathBuf {
    workspace::target().join("bench")
}

/// Reads one of the programs to measure.
fn data(path: &str) -> Result<String> {
    files::read(&workspace::root().join("xtask/bench-data").join(path))
}

/// The runtime of all measured programs.
const TOKIO: &str = "tokio = { version = \"1\", features = [\"macros\", \"rt\"] }\n";

/// The dependency on the client, with only these features or with the default ones.
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

/// Converts bytes to megabytes.
#[allow(clippy::cast_precision_loss, reason = "a rounded figure for people")]
fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}

/// Converts a count to millions.
#[allow(clippy::cast_precision_loss, reason = "a rounded figure for people")]
fn millions(count: u64) -> f64 {
    count as f64 / 1e6
}
