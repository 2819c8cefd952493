//! `--fix`: takes out what nothing needs.
//!
//! Comes in: the report. Goes out: the difference that the files will have, then the files: the lists of `app-hsmeta.json`
//! and the literal lists of `scope_set!`. Refused, before anything is written: a file that has changed since the audit, that
//! cannot be understood, or that has changes which are not committed.

mod list;
mod plan;
#[cfg(test)]
mod tests;
mod write;

use anyhow::Result;
use clap::Args;
use similar::{ChangeTag, TextDiff};

use self::plan::Change;
use crate::finding::count;
use crate::model::Report;
use crate::render::style::{BAD, BOLD, DIM, GOOD, styled};

/// What is mended.
#[derive(Args)]
#[group(skip)]
#[command(next_help_heading = "Fix")]
pub(crate) struct Options {
    /// Take unused scopes out of `scope_set!` and app-hsmeta.json, and make them say the same; shows the difference first
    #[arg(long)]
    fix: bool,
    /// Show the difference only
    #[arg(long, requires = "fix")]
    dry_run: bool,
    #[command(flatten)]
    allowed: write::Allowed,
}

/// Shows what is to be mended, and mends it, if that was asked for.
pub(crate) fn run(report: &Report, options: &Options) -> Result<()> {
    if !options.fix {
        return Ok(());
    }
    let plan = plan::of(report)?;
    for kept in &plan.kept {
        anstream::eprintln!("{}: {kept}", styled(BOLD, "note"));
    }
    for change in &plan.changes {
        anstream::eprint!("{}", difference(change));
    }
    if plan.changes.is_empty() {
        eprintln!("nothing to fix");
        return Ok(());
    }
    let files = count(plan.changes.len(), "file");
    if options.dry_run {
        eprintln!("{files} would change");
        return Ok(());
    }
    write::refuse_unsaved(&plan.changes, &options.allowed)?;
    write::replace(&plan.changes)?;
    eprintln!("fixed {files}; compile again, and audit again");
    Ok(())
}

/// A unified difference with colours.
fn difference(change: &Change) -> String {
    let diff = TextDiff::from_lines(&change.before, &change.after);
    let mut text = format!(
        "{}\n{}\n",
        styled(BOLD, &format!("--- {}", change.shown)),
        styled(BOLD, &format!("+++ {}", change.shown))
    );
    for hunk in diff.unified_diff().context_radius(3).iter_hunks() {
        text.push_str(&styled(DIM, &hunk.header().to_string()));
        text.push('\n');
        for line in hunk.iter_changes() {
            let (sign, style) = match line.tag() {
                ChangeTag::Delete => ('-', BAD),
                ChangeTag::Insert => ('+', GOOD),
                ChangeTag::Equal => (' ', anstyle::Style::new()),
            };
            let content = line.value();
            text.push_str(&styled(
                style,
                &format!("{sign}{}", content.trim_end_matches(['\r', '\n'])),
            ));
            text.push('\n');
        }
    }
    text
}
