//! The review for a reader at a terminal.

use std::fmt::Write as _;

use super::change::{Cause, Change, Review};
use crate::lock::NONE;
use crate::render::style::{BAD, BOLD, DIM, GOOD, styled};

/// Writes the changes, and the conclusion at the end.
pub(super) fn page(review: &Review) -> String {
    let mut text = String::new();
    let mut package = "";
    for change in &review.changes {
        if change.package != package {
            package = &change.package;
            _ = writeln!(text, "{}\n", styled(BOLD, package));
        }
        write(change, &mut text);
    }
    let conclusion = styled(BOLD, review.conclusion());
    _ = writeln!(text, "review: compared with {}. {conclusion}", review.base);
    text
}

fn write(change: &Change, text: &mut String) {
    let style = match change.kind.level() {
        "error" => BAD,
        "warning" => BOLD,
        _ => DIM,
    };
    let kind = styled(style, &format!("{}:", change.kind.name()));
    _ = writeln!(text, "  {kind} {}", change.message);
    for line in &change.means {
        _ = writeln!(text, "    = {line}.");
    }
    for cause in &change.because {
        _ = writeln!(text, "    {} {}", styled(DIM, "-->"), place(cause));
    }
    for line in &change.instead {
        _ = writeln!(text, "    {} {line}.", styled(GOOD, "instead:"));
    }
    text.push('\n');
}

/// The call, with its place.
fn place(cause: &Cause) -> String {
    let function = if cause.function == NONE {
        String::new()
    } else {
        format!(" in {}", cause.function)
    };
    let new = if cause.is_new { " (new)" } else { "" };
    let place = cause.place.as_ref();
    let place = place.map_or_else(String::new, |place| {
        format!("{}:{}:{}: ", place.file, place.line, place.column)
    });
    format!("{place}{}{function}{new}", cause.operation)
}
