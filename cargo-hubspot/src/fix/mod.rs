//! `--fix`: removes scopes that nothing needs from `scope_set!` and `app-hsmeta.json`.
//!
//! The difference is shown first. Nothing is written if a file has changed since the audit, cannot be parsed, or has changes
//! that are not committed.

mod change;
mod list;
mod plan;
#[cfg(test)]
mod tests;
mod write;

use anyhow::Result;
use clap::Args;
use similar::{ChangeTag, TextDiff};

pub(crate) use self::change::Change;
pub(crate) use self::list::rewrite as rewrite_list;
pub(crate) use self::plan::{Edits, in_app_file};
pub(crate) use self::write::Allowed;
use crate::finding::count;
use crate::model::Report;
use crate::render::style::{BAD, BOLD, DIM, GOOD, styled};

/// What `--fix` does.
#[derive(Args)]
#[group(skip)]
#[command(next_help_heading = "Fix")]
pub(crate) struct FixOptions {
    /// Remove unused scopes from `scope_set!` and app-hsmeta.json, and make them agree; shows the difference first
    #[arg(long)]
    fix: bool,
    /// Show the difference only
    #[arg(long, requires = "fix")]
    dry_run: bool,
    #[command(flatten)]
    allowed: Allowed,
}

impl FixOptions {
    /// Fails for options that only matter with `--fix`.
    pub(crate) fn check(&self) -> Result<()> {
        self.allowed.need_fix(self.fix)
    }
}

/// Shows the changes, and makes them unless this is a dry run.
pub(crate) fn run(report: &Report, options: &FixOptions) -> Result<()> {
    if !options.fix {
        return Ok(());
    }
    let plan = plan::of(report)?;
    for kept in &plan.kept {
        anstream::eprintln!("{}: {kept}", styled(BOLD, "note"));
    }
    apply(&plan.changes, options.dry_run, &options.allowed)
}

/// Shows changes of files, and makes them unless this is a dry run.
pub(crate) fn apply(changes: &[Change], dry_run: bool, allowed: &Allowed) -> Result<()> {
    for change in changes {
        anstream::eprint!("{}", difference(change));
    }
    if changes.is_empty() {
        eprintln!("nothing to fix");
        return Ok(());
    }
    let files = count(changes.len(), "file");
    if dry_run {
        eprintln!("{files} would change");
        return Ok(());
    }
    write::refuse_unsaved(changes, allowed)?;
    write::replace(changes)?;
    eprintln!("fixed {files}; compile again, and audit again");
    Ok(())
}

/// A unified difference with colours.
fn difference(change: &Change) -> String {
    let diff = TextDiff::from_lines(&change.before, &change.after);
    let shown = &change.shown;
    let heads = [format!("--- {shown}"), format!("+++ {shown}")];
    let mut lines = heads.map(|line| styled(BOLD, &line)).to_vec();
    for hunk in diff.unified_diff().context_radius(3).iter_hunks() {
        lines.push(styled(DIM, &hunk.header().to_string()));
        lines.extend(hunk.iter_changes().map(|line| {
            let (sign, style) = match line.tag() {
                ChangeTag::Delete => ('-', BAD),
                ChangeTag::Insert => ('+', GOOD),
                ChangeTag::Equal => (' ', anstyle::Style::new()),
            };
            let content = line.value().trim_end_matches(['\r', '\n']);
            styled(style, &format!("{sign}{content}"))
        }));
    }
    lines.join("\n") + "\n"
}
