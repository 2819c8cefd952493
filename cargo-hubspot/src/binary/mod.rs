//! `cargo hubspot audit --binary`: which operations a finished program can call, its dependencies' included.
//!
//! Comes in: a program or library as the linker left it, stripped or not, and, if the scopes of an app are to be compared,
//! its app file. Goes out: the operations whose descriptions are in it, the least set of scopes for them, and where the app's
//! are others. Refused: a file that is no program, one in which no description is, and options that only source code has a
//! use for.
//!
//! The client describes each operation in one text with a recognisable beginning, and the linker drops the text with the
//! operation when nothing calls it. So what is in the file is what shipped.

mod declared;
mod read;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Result, bail, ensure};
use hubspot_scopes::Requirement;
use serde::Serialize;

use self::declared::{Compared, FINDINGS};
use self::read::{Description, Found};
use crate::finding::{count, short};
use crate::output::{print, print_json};
use crate::power;
use crate::render::style::{BOLD, DIM, GOOD, styled};
use crate::render::table::Table;
use crate::render::text::{conclusion, diagnostics};
use crate::render::{self, Format};

/// Options of the audit of a binary.
#[derive(clap::Args)]
#[group(skip)]
#[command(next_help_heading = "Binary")]
pub(crate) struct Options {
    /// Audit this finished program instead of the source: what is linked in, dependencies included
    #[arg(long, value_name = "FILE", conflicts_with_all = OF_SOURCE)]
    pub(crate) binary: Option<PathBuf>,
    /// Compare what the program can call with the scopes of this app-hsmeta.json
    #[arg(long, value_name = "FILE", requires = "binary")]
    app_file: Option<PathBuf>,
}

/// The options that are about source code.
const OF_SOURCE: [&str; 16] = [
    "packages",
    "workspace",
    "shipped",
    "manifest_path",
    "count",
    "on",
    "all",
    "no_default",
    "targets",
    "target_dir",
    "locked",
    "offline",
    "html",
    "baseline",
    "fix",
    "token_env",
];

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
    operations: Vec<Description>,
    /// The methods of requests that are spelled out: what they need is not known.
    raw_requests: Vec<String>,
    /// The least set of scopes for the operations.
    least_set: Vec<String>,
    /// What the app's scopes are beside that.
    #[serde(skip_serializing_if = "Option::is_none")]
    app_file: Option<Compared>,
}

/// Reads the file, shows what is in it, and compares it.
pub(crate) fn run(file: &Path, options: &Options, output: &render::Options) -> Result<ExitCode> {
    check(options, output)?;
    let found = read::descriptions(file)?;
    if let (true, Some(version)) = (found.descriptions.is_empty(), found.later) {
        bail!(
            "`{}` was built with a later client: its descriptions have form {version}; install a later cargo-hubspot",
            file.display()
        );
    }
    let app_file = options.app_file.as_deref();
    let mut report = report(file, found);
    report.app_file = app_file
        .map(|app_file| Compared::of(app_file, &report))
        .transpose()?;
    let findings = report.app_file.iter().flat_map(Compared::findings);
    let findings = findings.collect::<Vec<_>>();
    let findings = findings.iter().collect::<Vec<_>>();
    if output.format == Format::Json {
        print_json(&report)?;
    } else {
        print(&(diagnostics(&findings) + &text(&report)))?;
        if report.app_file.is_some() {
            print(&format!("\n{}", conclusion(&findings, 0)))?;
        }
    }
    Ok(output.status(&findings))
}

/// Refuses to make a gate that nothing could fail.
fn check(options: &Options, output: &render::Options) -> Result<()> {
    ensure!(
        matches!(output.format, Format::Text | Format::Json),
        "the audit of a binary has the formats text and json"
    );
    ensure!(
        options.app_file.is_some() || !output.denies_something(),
        "the audit of a binary finds nothing to deny without `--app-file`, whose scopes it compares"
    );
    let never = output
        .denied_by_name()
        .find(|kind| !FINDINGS.contains(kind));
    if let Some(kind) = never {
        bail!(
            "the audit of a binary finds missing and unused scopes, never `{}`",
            kind.name()
        );
    }
    Ok(())
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
    let calls = operations.iter();
    let search = power::search(calls.map(|(name, shipped)| (&shipped.requirement, name.as_str())));
    Report {
        format: FORMAT,
        file: file.display().to_string(),
        parts: found.parts,
        operations: operations.into_values().collect(),
        raw_requests: raw_requests.into_iter().collect(),
        least_set: search.satisfying(&requirements).into_iter().collect(),
        app_file: None,
    }
}

fn text(report: &Report) -> String {
    let mut text = format!(
        "{} {}\n\n  {}\n",
        styled(BOLD, &report.file),
        styled(DIM, &report.parts.join(", ")),
        styled(BOLD, &count(report.operations.len(), "operation"))
    );
    let mut table = Table::new();
    for shipped in &report.operations {
        table.row([
            (GOOD, shipped.operation.clone()),
            (DIM, shipped.method.clone()),
            (DIM, shipped.path.clone()),
            (anstyle::Style::new(), short(&shipped.requirement)),
        ]);
    }
    text.push_str(&table.indented(4));
    if report.operations.is_empty() && report.raw_requests.is_empty() {
        text.push_str(
            "    the program calls none, or its client is older than 0.1.0, or it is packed or encrypted\n",
        );
    }
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
