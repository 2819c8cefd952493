//! From the report to what is shown, written and decided.
//!
//! Comes in: a [`Report`] and the [`Options`]. Goes out: text in the format that was asked for, the page of `--html`, what
//! `--fix` mends, and the status of the command. Refused: a baseline that cannot be read.

mod html;
mod markdown;
mod sarif;
pub(crate) mod style;
pub(crate) mod table;
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
use crate::finding::{Finding, Kind, count, findings};
use crate::fix;
use crate::live::Granted;
use crate::model::Report;
use crate::output::{print, print_json, write_file};

/// How the report is shown, and what fails.
#[derive(Args)]
#[group(skip)]
#[command(next_help_heading = "Report")]
pub(crate) struct Options {
    /// The format of the report
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Text)]
    pub(crate) format: Format,
    /// Write a page for browsers, too
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// When to use colours
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = ColorChoice::Auto)]
    pub(crate) color: ColorChoice,
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
    fix: fix::Options,
}

/// The formats of a report.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Text,
    /// For programs; docs/audit.md describes it
    Json,
    /// For code hosts: SARIF 2.1.0
    Sarif,
    /// For HubSpot's app review: what each scope is for
    Markdown,
}

/// The JSON: the report, and what the token has.
#[derive(Serialize)]
struct Whole<'a> {
    #[serde(flatten)]
    report: &'a Report,
    #[serde(skip_serializing_if = "Option::is_none")]
    granted: Option<&'a Granted>,
}

/// What `--deny` takes.
#[derive(Clone, Copy)]
enum Denied {
    All,
    Kind(Kind),
}

fn denied() -> impl TypedValueParser<Value = Denied> {
    let kinds = Kind::ALL.map(|kind| PossibleValue::new(kind.name()).help(kind.meaning()));
    let all = PossibleValue::new("all");
    PossibleValuesParser::new(kinds.into_iter().chain([all])).map(|name| {
        let kind = Kind::ALL.into_iter().find(|kind| kind.name() == name);
        kind.map_or(Denied::All, Denied::Kind)
    })
}

/// The findings, and which of them the baseline accepts.
struct Judged<'a> {
    findings: Vec<Finding<'a>>,
    accepted: Vec<bool>,
    has_baseline: bool,
}

impl<'a> Judged<'a> {
    fn each(&self) -> impl Iterator<Item = (&Finding<'a>, bool)> {
        self.findings.iter().zip(self.accepted.iter().copied())
    }

    /// Those that are not accepted.
    fn new_ones(&self) -> Vec<&Finding<'a>> {
        let new = self.each().filter(|(_, accepted)| !accepted);
        new.map(|(finding, _)| finding).collect()
    }
}

/// Shows the report; the status says whether something was found that was asked to fail.
///
/// `granted` is what a token has, where one was asked about.
pub(crate) fn finish(
    report: &Report,
    granted: Option<&Granted>,
    options: &Options,
) -> Result<ExitCode> {
    let judged = judge(findings(report, granted), options)?;
    let new = judged.new_ones();
    if let Some(path) = &options.html {
        let page = html::page(report, &new)?;
        write_file(path, &page).with_context(|| format!("cannot write `{}`", path.display()))?;
    }
    match options.format {
        Format::Text => {
            let accepted = judged.findings.len() - new.len();
            print(&text::report(report, granted, &new, accepted))?;
        }
        Format::Json => print_json(&Whole { report, granted })?,
        Format::Sarif => {
            print_json(&sarif::log(report, &judged))?;
        }
        Format::Markdown => print(&markdown::page(report))?,
    }
    fix::run(report, &options.fix)?;
    Ok(options.status(&new))
}

impl Options {
    /// Whether something was found that was asked to fail.
    pub(crate) fn status(&self, findings: &[&Finding<'_>]) -> ExitCode {
        let denied = |finding: &&&Finding<'_>| self.denies(finding.kind);
        let denied = findings.iter().filter(denied).count();
        if denied == 0 {
            return ExitCode::SUCCESS;
        }
        let verb = if denied == 1 { "is" } else { "are" };
        eprintln!("error: {} {verb} denied", count(denied, "finding"));
        ExitCode::from(1)
    }

    /// Whether findings of this kind fail.
    fn denies(&self, kind: Kind) -> bool {
        self.deny.iter().any(|denied| match denied {
            Denied::All => true,
            Denied::Kind(denied) => *denied == kind,
        })
    }

    /// The kinds that `--deny` names; `all` names none.
    pub(crate) fn denied_by_name(&self) -> impl Iterator<Item = Kind> {
        self.deny.iter().filter_map(|denied| match denied {
            Denied::All => None,
            Denied::Kind(kind) => Some(*kind),
        })
    }

    /// Whether anything is to fail.
    pub(crate) const fn denies_something(&self) -> bool {
        !self.deny.is_empty()
    }
}

/// What `--color` says, and, where it leaves that open, the terminal and `NO_COLOR`.
pub(crate) fn set_color(choice: ColorChoice) {
    match choice {
        ColorChoice::Auto => anstream::ColorChoice::Auto,
        ColorChoice::Always => anstream::ColorChoice::Always,
        ColorChoice::Never => anstream::ColorChoice::Never,
    }
    .write_global();
}

/// Asks the baseline, or writes it.
fn judge<'a>(findings: Vec<Finding<'a>>, options: &Options) -> Result<Judged<'a>> {
    let Some(path) = &options.baseline else {
        let accepted = vec![false; findings.len()];
        return Ok(Judged {
            findings,
            accepted,
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
    let (accepted, gone) = baseline.judge(&findings);
    if gone > 0 {
        eprintln!(
            "note: {gone} of the findings in `{}` are no longer there; `--write-baseline` takes them out",
            path.display()
        );
    }
    Ok(Judged {
        findings,
        accepted,
        has_baseline: true,
    })
}
