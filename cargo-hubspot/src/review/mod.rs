//! `cargo hubspot review`: what a change of the code means for the scopes of the app.
//!
//! [`base`] finds the former state, [`pairing`], [`compare`], [`standing`] and [`files`] find the changes, [`meaning`] says what they mean, and [`text`], [`markdown`]
//! and [`sarif`] show them.

mod affected;
mod base;
mod both;
mod catalogue;
mod change;
mod compare;
mod files;
mod git;
mod markdown;
mod meaning;
mod pairing;
mod sarif;
mod sides;
mod standing;
#[cfg(test)]
mod tests;
mod text;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Result, ensure};
use clap::{Args, ColorChoice, ValueEnum};

use self::base::Base;
use self::catalogue::Catalogue;
use self::change::{ChangeKind, Review};
#[cfg(feature = "mcp")]
pub(crate) use self::meaning::Fact;
use self::sides::Head;
use crate::audit::{self, Selection};
use crate::finding::{count, plural};
use crate::lock;
use crate::output::{print, print_json};
use crate::render::set_color;

/// Options of `cargo hubspot review`.
#[derive(Args)]
pub(crate) struct Arguments {
    /// What to compare the code with: a git revision, a lock, or the JSON of an audit
    #[arg(required_unless_present = "catalogue", conflicts_with = "catalogue")]
    base: Option<String>,
    /// Tell what these change for the code: newer OpenAPI documents in JSON, or the output of `cargo hubspot scopes
    /// --catalogue` of another version
    #[arg(long, value_name = "FILE", num_args = 1.., conflicts_with = "ignore_lock")]
    catalogue: Vec<PathBuf>,
    /// The format
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Text)]
    format: Format,
    /// Exit with 1 when there are changes of these kinds, separated by commas
    #[arg(long, value_enum, value_name = "KINDS", value_delimiter = ',')]
    deny: Vec<ChangeKind>,
    /// Audit the revision, although it has a lock
    #[arg(long)]
    ignore_lock: bool,
    /// When to use colours
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = ColorChoice::Auto)]
    color: ColorChoice,
    #[command(flatten)]
    selection: Selection,
}

/// The formats of a review.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// For a comment on a pull request; its first line marks the comment for updates
    Markdown,
    /// For programs; docs/gate.md describes it
    Json,
    /// For code hosts: SARIF 2.1.0
    Sarif,
}

/// Compares the code with the base and shows the changes. The status says whether a denied one was found.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    set_color(arguments.color);
    let selection = &arguments.selection;
    ensure!(
        !selection.is_partial(),
        "a review is about the whole workspace: leave `--package` out"
    );
    let review = match &arguments.base {
        Some(base) => of_base(arguments, base)?,
        None => of_catalogue(arguments)?,
    };
    match arguments.format {
        Format::Text => print(&text::page(&review))?,
        Format::Markdown => print(&markdown::page(&review))?,
        Format::Json => print_json(&review)?,
        Format::Sarif => print_json(&sarif::log(&review))?,
    }
    let denied = review
        .changes
        .iter()
        .filter(|change| arguments.deny.contains(&change.kind))
        .count();
    if denied == 0 {
        return Ok(ExitCode::SUCCESS);
    }
    eprintln!(
        "error: {} {} denied",
        count(denied, "change"),
        plural(denied, "is", "are")
    );
    Ok(ExitCode::from(1))
}

/// The changes since the base.
fn of_base(arguments: &Arguments, base: &str) -> Result<Review> {
    let selection = &arguments.selection;
    let workspace = audit::workspace(selection)?;
    let base = Base::find(base, &workspace, selection, arguments.ignore_lock)?;
    let report = audit::collect(&selection.clone().whole_workspace())?;
    lock::refuse_unreadable(&report)?;
    let changes = compare::compare(&base.state, &Head::of(&report));
    Ok(Review::new(base.described, report.workspace, changes))
}

/// The changes that another catalogue brings.
fn of_catalogue(arguments: &Arguments) -> Result<Review> {
    let files = &arguments.catalogue;
    let catalogue = Catalogue::read(files)?;
    catalogue::refuse_empty(&catalogue, files)?;
    let report = audit::collect(&arguments.selection.clone().whole_workspace())?;
    for name in &catalogue.unnamed {
        eprintln!(
            "note: `{name}` is named after no objects of the client: its paths with `{{objectType}}` are left out"
        );
    }
    let changes = affected::changes(&report, &catalogue);
    let names: Vec<_> = files
        .iter()
        .map(|file| format!("`{}`", file.display()))
        .collect();
    Ok(Review::new(names.join(", "), report.workspace, changes))
}
