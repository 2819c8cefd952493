//! `cargo hubspot audit --binary`: which operations a finished program can call, its dependencies' included.
//!
//! Comes in: a program or library as the linker left it, stripped or not. Goes out: the operations whose descriptions are in
//! it, and the least set of scopes for them. Refused: a file that is no program, and one in which no description is.
//!
//! The client describes each operation in one text with a recognisable beginning, and the linker drops the text with the
//! operation when nothing calls it. So what is in the file is what shipped.

mod read;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Result, bail};
use hubspot_scopes::{Requirement, least_privilege};
use serde::Serialize;

use self::read::Found;
use crate::finding::short;
use crate::render::Format;
use crate::render::style::{BOLD, DIM, GOOD, styled};
use crate::render::table::Table;

/// Options of the audit of a binary.
#[derive(clap::Args)]
#[group(skip)]
#[command(next_help_heading = "Binary")]
pub(crate) struct Options {
    /// Audit this finished program instead of the source: what is linked in, dependencies included
    #[arg(long, value_name = "FILE")]
    pub(crate) binary: Option<PathBuf>,
}

/// The version of the JSON.
const FORMAT: u32 = 1;

/// What a program can call.
#[derive(Debug, Serialize)]
struct Report {
    format: u32,
    /// The file, as it was named.
    file: String,
    /// What each part of the file is: `ELF x86_64`. Several in a universal binary.
    parts: Vec<String>,
    /// Every operation that was found, by id.
    operations: Vec<Shipped>,
    /// The methods of requests that are spelled out: what they need is not known.
    raw_requests: Vec<String>,
    /// The least set of scopes for the operations.
    least_set: Vec<String>,
}

/// An operation that is in a program.
#[derive(Debug, Serialize)]
struct Shipped {
    operation: String,
    method: String,
    path: String,
    requirement: String,
}

/// Reads the file, and shows what is in it.
pub(crate) fn run(file: &Path, format: Format) -> Result<ExitCode> {
    let found = read::descriptions(file)?;
    if found.descriptions.is_empty() {
        bail!("{}", nothing(file, &found));
    }
    let report = report(file, found);
    match format {
        Format::Text => anstream::print!("{}", text(&report)),
        Format::Json => println!("{}", serde_json::to_string_pretty(&report)?),
        Format::Sarif | Format::Markdown => {
            bail!("the audit of a binary has the formats text and json")
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// What to say of a file without descriptions.
fn nothing(file: &Path, found: &Found) -> String {
    let file = file.display();
    if let Some(version) = found.later {
        return format!(
            "`{file}` was built with a later client: its descriptions have form {version}; install a later cargo-hubspot"
        );
    }
    let parts = found.parts.join(", ");
    format!(
        "no operation of HubSpot is in `{file}` ({parts}): it calls none, its client is older than 0.1.0, or it is packed \
         or encrypted"
    )
}

fn report(file: &Path, found: Found) -> Report {
    let mut operations = BTreeMap::new();
    let mut raw_requests = BTreeSet::new();
    for description in found.descriptions {
        if description.path.is_empty() {
            raw_requests.insert(description.method);
        } else {
            operations.insert(description.operation.clone(), description);
        }
    }
    let requirements: Vec<Requirement> = operations
        .values()
        .map(|shipped| shipped.requirement.clone())
        .collect();
    Report {
        format: FORMAT,
        file: file.display().to_string(),
        parts: found.parts,
        operations: operations
            .into_values()
            .map(|shipped| Shipped {
                operation: shipped.operation,
                method: shipped.method,
                path: shipped.path,
                requirement: shipped.requirement.to_string(),
            })
            .collect(),
        raw_requests: raw_requests.into_iter().collect(),
        least_set: least_privilege(&requirements).into_iter().collect(),
    }
}

fn text(report: &Report) -> String {
    let mut text = format!(
        "{} {}\n\n  {}\n",
        styled(BOLD, &report.file),
        styled(DIM, &report.parts.join(", ")),
        styled(BOLD, &format!("{} operations", report.operations.len()))
    );
    let mut table = Table::new();
    for shipped in &report.operations {
        let requirement: Requirement = shipped.requirement.parse().unwrap_or_default();
        table.row([
            (GOOD, shipped.operation.clone()),
            (DIM, shipped.method.clone()),
            (DIM, shipped.path.clone()),
            (anstyle::Style::new(), short(&requirement)),
        ]);
    }
    text.push_str(&table.indented(4));
    if !report.raw_requests.is_empty() {
        _ = writeln!(
            text,
            "\n  {}\n    {}: what they need is not known",
            styled(BOLD, "requests that are spelled out"),
            report.raw_requests.join(", ")
        );
    }
    _ = writeln!(text, "\n  {}", styled(BOLD, "least set"));
    if report.least_set.is_empty() {
        text.push_str("    no scope at all\n");
    }
    for scope in &report.least_set {
        _ = writeln!(text, "    {}", styled(GOOD, scope));
    }
    text
}
