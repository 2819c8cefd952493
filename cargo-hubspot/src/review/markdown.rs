//! `--format markdown`: the review as a comment on a pull request.

use std::fmt::Write as _;

use super::change::{Cause, Change, ChangeKind, Review};
use crate::finding::count;
use crate::lock::NONE;

/// Begins the comment, so that a program finds it again and updates it.
const MARKER: &str = "<!-- cargo-hubspot review -->";

/// The changes of calls alone are folded.
const FOLDED: [ChangeKind; 3] = [ChangeKind::Moved, ChangeKind::Call, ChangeKind::Gone];

/// Writes the comment.
pub(super) fn page(review: &Review) -> String {
    let mut text = format!(
        "{MARKER}\n## HubSpot scopes\n\n**{}** Compared with {}.\n\n",
        review.conclusion(),
        review.base
    );
    let is_folded = |change: &&Change| FOLDED.contains(&change.kind);
    let (calls, scopes): (Vec<_>, Vec<_>) = review.changes.iter().partition(is_folded);
    let mut packages: Vec<_> = review
        .changes
        .iter()
        .map(|change| change.package.as_str())
        .collect();
    packages.dedup();
    for change in &scopes {
        let package = if packages.len() > 1 {
            format!(" ({})", code(&change.package))
        } else {
            String::new()
        };
        _ = writeln!(text, "### {}{package}\n", change.message);
        for line in &change.means {
            _ = writeln!(text, "- {line}.");
        }
        for line in &change.instead {
            _ = writeln!(text, "- **Instead:** {line}.");
        }
        causes(&change.because, &mut text);
        text.push('\n');
    }
    if !calls.is_empty() {
        let calls_changed = count(calls.len(), "changed call");
        _ = writeln!(text, "<details><summary>{calls_changed}</summary>\n");
        for change in calls {
            let places: Vec<_> = change.because.iter().filter_map(place).collect();
            let places = if places.is_empty() {
                String::new()
            } else {
                format!(": {}", places.join(", "))
            };
            _ = writeln!(text, "- {}{places}", change.message);
        }
        text.push_str("\n</details>\n\n");
    }
    let version = env!("CARGO_PKG_VERSION");
    _ = writeln!(text, "<sub>Made by `cargo hubspot review` {version}.</sub>");
    text
}

fn causes(causes: &[Cause], text: &mut String) {
    if causes.is_empty() {
        return;
    }
    text.push_str("\n| Call | Where |\n| --- | --- |\n");
    for cause in causes {
        let new = if cause.is_new { " (new)" } else { "" };
        let place = place(cause).unwrap_or_else(|| "no longer in the code".to_owned());
        let row = format!("{}{new}", code(&cause.operation));
        // A bar ends a cell, also in code.
        let [call, place] = [row, place].map(|cell| cell.replace('|', "\\|"));
        _ = writeln!(text, "| {call} | {place} |");
    }
}

/// The function and the place of a call.
fn place(cause: &Cause) -> Option<String> {
    let place = cause.place.as_ref()?;
    let function = if cause.function == NONE {
        String::new()
    } else {
        format!("{}, ", code(&cause.function))
    };
    let place = code(&format!("{}:{}", place.file, place.line));
    Some(format!("{function}{place}"))
}

/// A name as code, whatever it contains.
fn code(name: &str) -> String {
    let name = name.replace(['\r', '\n'], " ");
    let longest = name.split(|one| one != '`').map(str::len).max();
    let fence = "`".repeat(longest.unwrap_or_default() + 1);
    let is_edge = name.starts_with('`') || name.ends_with('`') || name.is_empty();
    let gap = if is_edge { " " } else { "" };
    format!("{fence}{gap}{name}{gap}{fence}")
}

#[cfg(test)]
mod tests {
    use super::code;

    #[test]
    fn names_are_code_whatever_they_contain() {
        for (name, expected) in [
            ("<Job as Run>::run", "`<Job as Run>::run`"),
            ("a`b", "``a`b``"),
            ("`a", "`` `a ``"),
            ("a\n# b", "`a # b`"),
            ("``", "``` `` ```"),
        ] {
            assert_eq!(code(name), expected);
        }
    }
}
