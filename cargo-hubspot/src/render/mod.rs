//! Shows a report: prints it in the chosen format, writes the page of `--html`, applies `--fix`, and decides the status.

mod html;
mod markdown;
mod rustc;
pub(crate) mod sarif;
pub(crate) mod style;
#[cfg(test)]
mod tests;
pub(crate) mod text;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args, ColorChoice, ValueEnum};
use serde::Serialize;

use crate::baseline::Baseline;
use crate::finding::{Finding, FindingKind, Production, count, findings, plural};
use crate::fix;
use crate::model::Report;
use crate::output::{print, print_json, write_file};

/// How the report is shown, and what fails.
#[derive(Args)]
#[group(skip)]
#[command(next_help_heading = "Report")]
pub(crate) struct ReportOptions {
    /// The format of the report
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Text)]
    pub(crate) format: Format,
    /// Write a page for browsers, too
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// When to use colours
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = ColorChoice::Auto)]
    color: ColorChoice,
    /// Exit with 1 when there are findings of these kinds, separated by commas, or of `all`
    #[arg(
        long, value_name = "KINDS", value_delimiter = ',', value_parser = denied(),
        hide_possible_values = true
    )]
    deny: Vec<Denied>,
    /// Accept the findings that this file lists: they are not shown as text and never fail
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Write all findings into the file of `--baseline`
    #[arg(long, requires = "baseline")]
    write_baseline: bool,
    #[command(flatten)]
    fix: fix::FixOptions,
}

/// The formats of a report.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Text,
    /// For programs; docs/audit-json.md describes it
    Json,
    /// For code hosts: SARIF 2.1.0
    Sarif,
    /// For HubSpot's app review: what each scope is for
    Markdown,
    /// For editors: the diagnostics of rustc's `--error-format=json`
    RustcJson,
}

/// The JSON: the report, and what is known of production.
#[derive(Serialize)]
struct JsonReport<'a> {
    #[serde(flatten)]
    report: &'a Report,
    #[serde(flatten)]
    production: &'a Production,
}

/// A value of `--deny`: a kind of finding, or `None` for `all`.
#[derive(Clone, Copy)]
struct Denied(Option<FindingKind>);

fn denied() -> impl TypedValueParser<Value = Denied> {
    let kinds = FindingKind::value_variants().iter();
    let kinds = kinds.filter_map(ValueEnum::to_possible_value);
    let all = PossibleValue::new("all");
    PossibleValuesParser::new(kinds.chain([all]))
        .map(|name| Denied(FindingKind::from_str(&name, false).ok()))
}

/// The findings, and which of them the baseline accepts.
struct Checked<'a> {
    findings: Vec<Finding<'a>>,
    accepted: Vec<bool>,
    has_baseline: bool,
}

impl<'a> Checked<'a> {
    fn each(&self) -> impl Iterator<Item = (&Finding<'a>, bool)> {
        self.findings.iter().zip(self.accepted.iter().copied())
    }

    /// Those that are not accepted.
    fn new_ones(&self) -> Vec<&Finding<'a>> {
        let new = self.each().filter(|(_, accepted)| !accepted);
        new.map(|(finding, _)| finding).collect()
    }
}

/// Shows the report and returns the status, which says whether a denied finding was found.
pub(crate) fn finish(
    report: &Report,
    production: &Production,
    options: &ReportOptions,
) -> Result<ExitCode> {
    let checked = check(findings(report, production), options)?;
    let new = checked.new_ones();
    if let Some(path) = &options.html {
        let page = html::page(report, &new)?;
        write_file(path, &page).with_context(|| format!("cannot write `{}`", path.display()))?;
    }
    match options.format {
        Format::Text => {
            let accepted = checked.findings.len() - new.len();
            print(&text::report(report, production, &new, accepted))?;
        }
        Format::Json => print_json(&JsonReport { report, production })?,
        Format::Sarif => print_json(&sarif::log(report, &checked))?,
        Format::Markdown => print(&markdown::page(report))?,
        Format::RustcJson => print(&rustc::lines(&new))?,
    }
    fix::run(report, &options.fix)?;
    Ok(options.status(&new))
}

impl ReportOptions {
    /// Sets the colours, and fails for options that contradict each other.
    pub(crate) fn prepare(&self) -> Result<()> {
        set_color(self.color);
        self.fix.check()
    }

    /// The status, which says whether a denied finding was found.
    pub(crate) fn status(&self, findings: &[&Finding<'_>]) -> ExitCode {
        let is_denied = |finding: &&&Finding<'_>| {
            let mut denied = self.deny.iter();
            denied.any(|denied| denied.0.is_none_or(|kind| kind == finding.kind))
        };
        let denied = findings.iter().filter(is_denied).count();
        if denied == 0 {
            return ExitCode::SUCCESS;
        }
        let verb = plural(denied, "is", "are");
        eprintln!("error: {} {verb} denied", count(denied, "finding"));
        ExitCode::from(1)
    }

    /// The kinds that `--deny` names; `all` names none.
    pub(crate) fn denied_by_name(&self) -> impl Iterator<Item = FindingKind> {
        self.deny.iter().filter_map(|denied| denied.0)
    }

    /// Returns whether anything is denied.
    pub(crate) const fn denies_something(&self) -> bool {
        !self.deny.is_empty()
    }
}

/// Applies `--color`; if it leaves the choice open, the terminal and `NO_COLOR` decide.
pub(crate) fn set_color(choice: ColorChoice) {
    match choice {
        ColorChoice::Auto => anstream::ColorChoice::Auto,
        ColorChoice::Always => anstream::ColorChoice::Always,
        ColorChoice::Never => anstream::ColorChoice::Never,
    }
    .write_global();
}

/// Reads the baseline, or writes it.
fn check<'a>(findings: Vec<Finding<'a>>, options: &ReportOptions) -> Result<Checked<'a>> {
    let Some(path) = &options.baseline else {
        return Ok(Checked {
            accepted: vec![false; findings.len()],
            findings,
            has_baseline: false,
        });
    };
    let baseline = if options.write_baseline {
        let baseline = Baseline::of(&findings);
        baseline.write(path)?;
        baseline
    } else {
        Baseline::read(path)?
    };
    let (accepted, gone) = baseline.accepts(&findings);
    if gone > 0 {
        let path = path.display();
        eprintln!(
            "note: {gone} of the findings in `{path}` no longer exist; `--write-baseline` removes them"
        );
    }
    Ok(Checked {
        findings,
        accepted,
        has_baseline: true,
    })
}
