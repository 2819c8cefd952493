//! `cargo hubspot migrate`: what becomes of each call of an older version in the current one.
//!
//! [`table`] has the differences of operations, [`calls`] finds calls in the code or in a list of paths, [`site`] says what
//! becomes of each, and [`rewrite`] edits those that are only renamed.

mod calls;
mod rewrite;
mod site;
mod table;
#[cfg(test)]
mod tests;
mod text;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result, ensure};
use clap::{Args, ColorChoice, ValueEnum};
use serde::Serialize;

use self::site::{Outcome, Site};
use crate::audit::{self, Selection};
use crate::finding::{count, plural};
use crate::fix::{self, Allowed};
use crate::model::Place;
use crate::output::{print, print_json};
use crate::render::set_color;
use crate::render::style::{BOLD, styled};

/// The version of the JSON.
const FORMAT: u32 = 1;

/// Options of `cargo hubspot migrate`.
#[derive(Args)]
pub(crate) struct Arguments {
    /// The older version: `v3`
    from: String,
    /// The newer version; the current one if it is left out
    to: Option<String>,
    /// Check the paths in this file instead of the code: a path or URL on each line, which may follow its method
    #[arg(long, value_name = "FILE", conflicts_with = "fix")]
    paths: Option<PathBuf>,
    /// The format
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Text)]
    format: Format,
    /// Exit with 1 when calls have these outcomes, separated by commas
    #[arg(long, value_enum, value_name = "OUTCOMES", value_delimiter = ',')]
    deny: Vec<Outcome>,
    /// When to use colours
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = ColorChoice::Auto)]
    color: ColorChoice,
    /// Rewrite the calls that are only renamed; shows the difference first
    #[arg(long, help_heading = "Fix")]
    fix: bool,
    /// Rewrite typed calls of which only the response has changed, too: the compiler reports each use of what is gone
    #[arg(long, requires = "fix", help_heading = "Fix")]
    fix_responses: bool,
    /// Show the difference only
    #[arg(long, requires = "fix", help_heading = "Fix")]
    dry_run: bool,
    #[command(flatten)]
    allowed: Allowed,
    #[command(flatten)]
    selection: Selection,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// For programs; docs/migrate.md describes it
    Json,
}

/// The outcome as JSON.
#[derive(Serialize)]
struct JsonPlan<'a> {
    format: u32,
    version: &'static str,
    from: &'a str,
    to: &'a str,
    calls: &'a [Site],
    /// Raw requests whose path is not known.
    unread: &'a [Place],
}

/// Shows what becomes of the calls, and rewrites those that are only renamed if that is asked for.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    set_color(arguments.color);
    arguments.allowed.need_fix(arguments.fix)?;
    let from = arguments.from.as_str();
    let (known, current) = (table::versions(), table::current());
    ensure!(
        known.contains(&from),
        "`{from}` is no older version that is known: choose one of {}",
        known.join(", ")
    );
    let to = arguments.to.as_deref().unwrap_or(current);
    ensure!(
        to == current,
        "calls can be migrated to {current}, the current version, and not to `{to}`"
    );
    let sites = match &arguments.paths {
        Some(file) => of_list(arguments, file)?,
        None => of_code(arguments)?,
    };
    let is_denied = |site: &&Site| arguments.deny.contains(&site.outcome);
    let denied = sites.iter().filter(is_denied).count();
    if denied == 0 {
        return Ok(ExitCode::SUCCESS);
    }
    let are = plural(denied, "is", "are");
    eprintln!("error: {} {are} denied", count(denied, "call"));
    Ok(ExitCode::from(1))
}

fn of_list(arguments: &Arguments, file: &Path) -> Result<Vec<Site>> {
    let shown = file.display();
    let text = fs::read_to_string(file).with_context(|| format!("cannot read `{shown}`"))?;
    let (sites, skipped) = calls::in_list(&text, &arguments.from);
    let lines = text.lines().filter(|line| !line.trim().is_empty()).count();
    ensure!(
        skipped == 0 || skipped < lines,
        "`{shown}` is no list of paths: each line needs a path such as `GET /crm/v3/objects/contacts`, or a URL"
    );
    show(arguments, &sites, &[])?;
    if skipped > 0 {
        let lines = count(skipped, "line");
        let are = plural(skipped, "is", "are");
        eprintln!("note: {lines} of `{shown}` {are} no path of HubSpot");
    }
    Ok(sites)
}

fn of_code(arguments: &Arguments) -> Result<Vec<Site>> {
    let report = audit::collect(&arguments.selection)?;
    let (sites, unread) = calls::in_code(&report, &arguments.from);
    show(arguments, &sites, &unread)?;
    let note = styled(BOLD, "note");
    for place in unread {
        let (file, line) = (place.file, place.line);
        anstream::eprintln!(
            "{note}: {file}:{line}: the path of this request is not a literal, so its version is not known"
        );
    }
    if arguments.fix {
        let root = Path::new(&report.workspace);
        let changes = rewrite::changes(root, &sites, arguments.fix_responses)?;
        for call in &changes.by_hand {
            anstream::eprintln!("{note}: {call}");
        }
        fix::apply(&changes.changes, arguments.dry_run, &arguments.allowed)?;
    }
    Ok(sites)
}

fn show(arguments: &Arguments, calls: &[Site], unread: &[Place]) -> Result<()> {
    let from = arguments.from.as_str();
    match arguments.format {
        Format::Text => print(&text::page(from, calls)),
        Format::Json => print_json(&JsonPlan {
            format: FORMAT,
            version: env!("CARGO_PKG_VERSION"),
            from,
            to: table::current(),
            calls,
            unread,
        }),
    }
}
