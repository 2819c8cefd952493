//! `cargo hubspot audit --binary`: lists the operations that a finished program can call, including its dependencies.
//!
//! The client describes each operation in one text with a recognisable beginning, and the linker drops the text with the
//! operation when nothing calls it. So the descriptions in the file are those of the operations that shipped.

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
use crate::render::style::{BOLD, DIM, GOOD, styled, table};
use crate::render::text::{conclusion, diagnostics, scopes};
use crate::render::{self, Format};

/// Options of the audit of a binary.
#[derive(clap::Args)]
#[group(skip)]
#[command(next_help_heading = "Binary")]
pub(crate) struct BinaryOptions {
    /// Audit this finished program instead of the source: what is linked in, dependencies included
    #[arg(long, value_name = "FILE", conflicts_with_all = OF_SOURCE)]
    pub(crate) binary: Option<PathBuf>,
    /// Compare what the program can call with the scopes of this app-hsmeta.json
    #[arg(long, value_name = "FILE", requires = "binary")]
    app_file: Option<PathBuf>,
}

/// The options that are about source code.
const OF_SOURCE: [&str; 17] = [
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
    "used",
];

/// The version of the JSON.
const FORMAT: u32 = 1;

/// What a program can call.
#[derive(Debug, Serialize)]
struct BinaryReport {
    format: u32,
    /// The file, as it was named.
    file: String,
    /// The format of each part of the file: `ELF x86_64`. A universal binary has several.
    parts: Vec<String>,
    /// Every operation that was found, by id.
    operations: Vec<Description>,
    /// The methods of raw requests, whose scopes are not known.
    raw_requests: Vec<String>,
    /// The least set of scopes for the operations.
    least_set: Vec<String>,
    /// The comparison with the app's scopes.
    #[serde(skip_serializing_if = "Option::is_none")]
    app_file: Option<Compared>,
}

/// Reads the file, shows what is in it, and compares it.
pub(crate) fn run(
    file: &Path,
    options: &BinaryOptions,
    output: &render::ReportOptions,
) -> Result<ExitCode> {
    check(options, output)?;
    let found = read::descriptions(file)?;
    if let (true, Some(version)) = (found.descriptions.is_empty(), found.later) {
        bail!(
            "`{}` was built with a later client, whose descriptions have format {version}: install a later cargo-hubspot",
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

/// Checks the options: a gate that nothing could fail is an error.
fn check(options: &BinaryOptions, output: &render::ReportOptions) -> Result<()> {
    ensure!(
        matches!(output.format, Format::Text | Format::Json),
        "the audit of a binary has the formats text and json"
    );
    ensure!(
        options.app_file.is_some() || !output.denies_something(),
        "the audit of a binary finds nothing to deny without `--app-file`, whose scopes it compares"
    );
    let mut denied = output.denied_by_name();
    if let Some(kind) = denied.find(|kind| !FINDINGS.contains(kind)) {
        bail!(
            "the audit of a binary finds missing and unused scopes, never `{}`",
            kind.name()
        );
    }
    Ok(())
}

fn report(file: &Path, found: Found) -> BinaryReport {
    let mut operations = BTreeMap::new();
    let mut raw_requests = BTreeSet::new();
    for description in found.descriptions {
        if description.path.is_empty() {
            raw_requests.insert(description.method);
        } else {
            operations.insert(description.operation.clone(), description);
        }
    }
    let requirements = operations.values().map(|one| one.requirement.clone());
    let requirements: Vec<Requirement> = requirements.collect();
    let calls = operations.iter();
    let search = power::search(calls.map(|(name, shipped)| (&shipped.requirement, name.as_str())));
    BinaryReport {
        format: FORMAT,
        file: file.display().to_string(),
        parts: found.parts,
        operations: operations.into_values().collect(),
        raw_requests: raw_requests.into_iter().collect(),
        least_set: search.satisfying(&requirements).into_iter().collect(),
        app_file: None,
    }
}

fn text(report: &BinaryReport) -> String {
    let mut text = format!(
        "{} {}\n\n  {}\n",
        styled(BOLD, &report.file),
        styled(DIM, &report.parts.join(", ")),
        styled(BOLD, &count(report.operations.len(), "operation"))
    );
    let rows = report.operations.iter().map(|one| {
        [
            (GOOD, one.operation.clone()),
            (DIM, one.method.clone()),
            (DIM, one.path.clone()),
            (anstyle::Style::new(), short(&one.requirement)),
        ]
    });
    text.push_str(&table(4, rows));
    if report.operations.is_empty() && report.raw_requests.is_empty() {
        text.push_str(
            "    the program calls none, or its client is older than 0.1.0, or it is packed or encrypted\n",
        );
    }
    if !report.raw_requests.is_empty() {
        _ = writeln!(
            text,
            "\n  {}\n    {}: their scopes are not known",
            styled(BOLD, "raw requests"),
            report.raw_requests.join(", ")
        );
    }
    _ = writeln!(text, "\n  {}", styled(BOLD, "least set"));
    text + &scopes(&report.least_set)
}
