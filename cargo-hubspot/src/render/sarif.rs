//! `--format sarif`: what code hosts show beside the changed lines.
//!
//! Comes in: the report and its findings. Goes out: a log in the Static Analysis Results Interchange Format 2.1.0. Refuses
//! nothing.
//!
//! The format is OASIS's: <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>. A file is named relative to the
//! workspace.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use super::Judged;
use crate::baseline::Key;
use crate::finding::{Finding, Kind, Level};
use crate::model::{Place, Report};

/// What stands in the path of a URL as it is.
const PATH: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// The log, with every finding: one that a baseline accepts is suppressed.
pub(super) fn log(report: &Report, judged: &Judged<'_>) -> Value {
    let rules = Kind::ALL.map(|kind| {
        json!({
            "id": kind.name(),
            "shortDescription": { "text": kind.meaning() },
            "defaultConfiguration": { "level": level(kind) },
        })
    });
    let results = judged.each().map(|(finding, accepted)| {
        let mut result = result(finding);
        if judged.has_baseline {
            let state = if accepted { "unchanged" } else { "new" };
            result["baselineState"] = json!(state);
        }
        if accepted {
            result["suppressions"] = json!([{ "kind": "external" }]);
        }
        result
    });
    json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "cargo-hubspot",
                "version": report.version,
                "rules": rules,
            } },
            "columnKind": "unicodeCodePoints",
            "originalUriBaseIds": { "WORKSPACE": { "uri": file_url(&format!("{}/", report.workspace)) } },
            "results": results.collect::<Vec<_>>(),
        }],
    })
}

fn result(finding: &Finding<'_>) -> Value {
    let mut result = json!({
        "ruleId": finding.kind.name(),
        "ruleIndex": Kind::ALL.iter().position(|kind| *kind == finding.kind),
        "level": level(finding.kind),
        "message": { "text": message(finding) },
        "partialFingerprints": { "finding/v1": Key::of(finding).text() },
    });
    if let Some(location) = location(finding) {
        result["locations"] = json!([location]);
    }
    result
}

fn message(finding: &Finding<'_>) -> String {
    let mut text = finding.message.clone();
    for more in finding.notes.iter().chain(&finding.help) {
        text.push('\n');
        text.push_str(more);
    }
    text
}

const fn level(kind: Kind) -> &'static str {
    match kind.level() {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "note",
    }
}

fn location(finding: &Finding<'_>) -> Option<Value> {
    let file = finding.file?;
    let mut location = json!({ "physicalLocation": { "artifactLocation": artifact(file) } });
    if let Some(place) = finding.place {
        location["physicalLocation"]["region"] = region(place);
    }
    if let Some(function) = finding.function {
        location["logicalLocations"] =
            json!([{ "fullyQualifiedName": function, "kind": "function" }]);
    }
    Some(location)
}

/// A file of the workspace, or one outside of it.
fn artifact(file: &str) -> Value {
    let is_absolute = file.starts_with('/') || file.get(1..2) == Some(":");
    if is_absolute {
        json!({ "uri": file_url(file) })
    } else {
        json!({ "uri": utf8_percent_encode(file, PATH).to_string(), "uriBaseId": "WORKSPACE" })
    }
}

/// The URL of an absolute path, which may be one of Windows: `C:\code`.
fn file_url(path: &str) -> String {
    let path = path.replace('\\', "/");
    let path = path.trim_start_matches('/');
    format!("file:///{}", utf8_percent_encode(path, PATH))
}

fn region(place: &Place) -> Value {
    json!({
        "startLine": place.line,
        "startColumn": place.column,
        "endLine": place.end_line,
        "endColumn": place.end_column,
        "snippet": { "text": place.text },
    })
}
