//! Reports of changes, as text and as Markdown.

use std::collections::BTreeSet;
use std::fmt::{self, Display, Write as _};

use hubspot_scopes::Requirement;

use super::{Change, Diff, Group, ScopeChange};

/// More operations are counted, not named.
const MOST_NAMED: usize = 3;

/// More alternatives of a requirement are counted, not named.
const MOST_ALTERNATIVES: usize = 4;

/// More scope sets are counted, not named.
const MOST_SETS: usize = 2;

impl Group {
    /// The title of its section.
    pub fn title(self) -> &'static str {
        match self {
            Self::Scopes => "Scopes",
            Self::Operations => "Operations",
            Self::Parameters => "Parameters and bodies",
            Self::Fields => "Fields",
            Self::Values => "Values",
        }
    }
}

impl Diff {
    /// The report as text, a change a line.
    pub fn to_text(&self) -> String {
        let line = |change: &Change| {
            let mark = if change.breaking {
                "BREAKING"
            } else {
                "        "
            };
            format!("  {mark}  {change}\n")
        };
        self.report(|group| format!("{}\n", group.title()), line)
    }

    /// The report as Markdown: a section for each group, and a list in it.
    pub fn to_markdown(&self) -> String {
        let line = |change: &Change| {
            let mark = if change.breaking { "**breaking** " } else { "" };
            format!("- {mark}{change}\n")
        };
        self.report(|group| format!("## {}\n\n", group.title()), line)
    }

    fn report(&self, title: impl Fn(Group) -> String, line: impl Fn(&Change) -> String) -> String {
        let mut text = String::new();
        let mut group = None;
        for change in &self.changes {
            if group.is_some_and(|group| group != change.group) {
                text.push('\n');
            }
            if group != Some(change.group) {
                text += &title(change.group);
                group = Some(change.group);
            }
            text += &line(change);
        }
        if !self.changes.is_empty() {
            text.push('\n');
        }
        let breaking = self.changes.iter().filter(|change| change.breaking).count();
        let others = self.changes.len() - breaking;
        let _ = writeln!(
            text,
            "{breaking} breaking changes and {others} others; {} operations are in both",
            self.compared
        );
        text
    }
}

impl Display for Change {
    /// One line: what, which operations, and why it is breaking or not.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (kind, what, why) = (self.kind.label(), &self.what, self.why);
        match self.group {
            Group::Scopes | Group::Operations => {
                let what = if what.starts_with("an operation") {
                    ""
                } else {
                    &**what
                };
                let separator = if what.is_empty() { "" } else { ": " };
                write!(
                    formatter,
                    "{}: {kind}{separator}{what} ({why})",
                    named(&self.operations)
                )
            }
            _ => write!(
                formatter,
                "{what}: {kind} ({why}) in {}",
                named(&self.operations)
            ),
        }
    }
}

impl Display for ScopeChange {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (new, old) = (shown(&self.new), shown(&self.old));
        write!(formatter, "{new} instead of {old}")?;
        if self.stop_compiling.is_empty() {
            return Ok(());
        }
        let sets = self.stop_compiling.iter().take(MOST_SETS).map(set);
        let sets = sets.collect::<Vec<_>>();
        let is_one = self.stop_compiling.len() == 1;
        if is_one {
            write!(
                formatter,
                "; a scope set of {} stops compiling",
                sets.concat()
            )?;
        } else {
            write!(formatter, "; scope sets of only {}", sets.join(" or only "))?;
            if let Some(more @ 1..) = self.stop_compiling.len().checked_sub(MOST_SETS) {
                write!(formatter, " or {more} others")?;
            }
            formatter.write_str(" stop compiling")?;
        }
        if !self.add.is_empty() {
            let to = if is_one { "" } else { " to the first" };
            write!(formatter, ": add {}{to}", set(&self.add))?;
        }
        Ok(())
    }
}

fn shown(requirement: &Requirement) -> String {
    if requirement.is_none() {
        return "a token with any scopes".to_owned();
    }
    requirement.describe(MOST_ALTERNATIVES).to_string()
}

fn set(scopes: &BTreeSet<String>) -> String {
    if scopes.is_empty() {
        return "no scopes".to_owned();
    }
    let quoted = scopes.iter().map(|scope| format!("\"{scope}\""));
    quoted.collect::<Vec<_>>().join(", ")
}

fn named(operations: &BTreeSet<String>) -> String {
    let first = operations.iter().take(MOST_NAMED).map(String::as_str);
    let mut text = first.collect::<Vec<_>>().join(", ");
    if let Some(more @ 1..) = operations.len().checked_sub(MOST_NAMED) {
        let _ = write!(text, " and {more} others");
    }
    text
}
