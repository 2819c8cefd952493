//! `--format rustc-json`: each finding as rustc prints a diagnostic with `--error-format=json`, one on each line.
//!
//! rust-analyzer shows them in place, and offers the removal of an unused scope as a quick fix.

use serde_json::{Value, json};

use super::text::diagnostics;
use crate::finding::{Finding, Removal};
use crate::model::Place;

/// The lines.
pub(super) fn lines(findings: &[&Finding<'_>]) -> String {
    let lines = findings
        .iter()
        .map(|finding| format!("{}\n", diagnostic(finding)));
    lines.collect()
}

fn diagnostic(finding: &Finding<'_>) -> Value {
    let notes = finding.notes.iter().map(|note| child("note", note, &[]));
    let removal = finding
        .removal
        .and_then(|found| removal(found, &finding.subject));
    let help = finding
        .help
        .iter()
        .map(|help| child("help", help, removal.as_slice()));
    let rendered = diagnostics(&[finding]);
    json!({
        "$message_type": "diagnostic",
        "message": finding.message,
        "code": { "code": format!("hubspot::{}", finding.kind.name()), "explanation": null },
        "level": finding.kind.level().name(),
        "spans": finding.place.map(|place| span(place, &finding.label)).as_slice(),
        "children": notes.chain(help).collect::<Vec<_>>(),
        "rendered": anstream::adapter::strip_str(&rendered).to_string(),
    })
}

fn child(level: &str, message: &str, spans: &[Value]) -> Value {
    json!({
        "message": message, "code": null, "level": level, "spans": spans, "children": [], "rendered": null,
    })
}

fn span(place: &Place, label: &str) -> Value {
    let end = if place.end_line == place.line {
        place.end_column
    } else {
        place.text.chars().count() + 1
    };
    json!({
        "file_name": place.file,
        "byte_start": place.byte_start,
        "byte_end": place.byte_end,
        "line_start": place.line,
        "line_end": place.end_line,
        "column_start": place.column,
        "column_end": place.end_column,
        "is_primary": true,
        "text": [{ "text": place.text, "highlight_start": place.column, "highlight_end": end }],
        "label": (!label.is_empty()).then_some(label),
        "suggested_replacement": null,
        "suggestion_applicability": null,
        "expansion": null,
    })
}

/// A suggestion to remove a scope, and the comma and the spaces after it. `None` if the place is not the scope's literal, as for
/// one that an app file lists, or if no comma follows in the line. `None` also if there is a comment that may be about the scope:
/// it would seem to be about the next one.
fn removal(found: Removal<'_>, scope: &str) -> Option<Value> {
    let place = found.place;
    let mut characters = place.text.chars();
    let before: String = characters
        .by_ref()
        .take(place.column.checked_sub(1)?)
        .collect();
    let length = place.end_column.checked_sub(place.column)?;
    let literal: String = characters.by_ref().take(length).collect();
    let is_literal = place.line == place.end_line && literal == format!("\"{scope}\"");
    let rest: String = characters.collect();
    let after = rest.trim_start_matches(' ').strip_prefix(',')?;
    let after = after.trim_start_matches(' ');
    let is_first = !before.contains('"');
    let is_described = before.trim_end().ends_with("*/")
        || (is_first && (after.starts_with("//") || after.starts_with("/*")));
    if !is_literal || is_described {
        return None;
    }
    let length = rest.len() - after.len();
    let whole = Place {
        end_column: place.end_column + length,
        byte_end: place.byte_end + length,
        ..place.clone()
    };
    let mut span = span(&whole, "");
    span["suggested_replacement"] = json!("");
    span["suggestion_applicability"] = json!(if found.is_complete {
        "MachineApplicable"
    } else {
        "MaybeIncorrect"
    });
    Some(span)
}
