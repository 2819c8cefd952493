//! `--format sarif`: a log that code hosts show beside the changed lines.
//!
//! The format is OASIS's Static Analysis Results Interchange Format:
//! <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>. Files are relative to the workspace.

use clap::ValueEnum as _;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use serde_json::{Value, json};

use super::Checked;
use crate::baseline::Key;
use crate::finding::{Finding, FindingKind};
use crate::model::{Place, Report};

/// The characters that are escaped in the path of a URL.
const PATH: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// The log with all findings; those that a baseline accepts are suppressed.
pub(super) fn log(report: &Report, checked: &Checked<'_>) -> Value {
    let rules = FindingKind::value_variants().iter();
    let rules = rules.map(|kind| rule(&kind.name(), &kind.description(), kind.level()));
    let results = checked.each().map(|(finding, accepted)| {
        let mut result = result(finding);
        if checked.has_baseline {
            let state = if accepted { "unchanged" } else { "new" };
            result["baselineState"] = json!(state);
        }
        if accepted {
            result["suppressions"] = json!([{ "kind": "external" }]);
        }
        result
    });
    let (rules, results): (Vec<_>, Vec<_>) = (rules.collect(), results.collect());
    envelope(&report.workspace, &report.version, &rules, &results)
}

/// A kind of results.
pub(crate) fn rule(name: &str, description: &str, level: impl Serialize) -> Value {
    json!({
        "id": name,
        "shortDescription": { "text": description },
        "defaultConfiguration": { "level": level },
    })
}

/// The log with these rules and results.
pub(crate) fn envelope(
    workspace: &str,
    version: &str,
    rules: &[Value],
    results: &[Value],
) -> Value {
    json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "cargo-hubspot",
                "version": version,
                "rules": rules,
            } },
            "columnKind": "unicodeCodePoints",
            "originalUriBaseIds": { "WORKSPACE": { "uri": file_url(&format!("{workspace}/")) } },
            "results": results,
        }],
    })
}

fn result(finding: &Finding<'_>) -> Value {
    let more = finding.more().map(String::as_str);
    let text: Vec<_> = [finding.message.as_str()].into_iter().chain(more).collect();
    let mut result = json!({
        "ruleId": finding.kind.name(),
        "ruleIndex": finding.kind as usize,
        "level": finding.kind.level(),
        "message": { "text": text.join("\n") },
        "partialFingerprints": { "finding/v1": Key::of(finding).text() },
    });
    if let Some(file) = finding.file {
        let mut location = match finding.place {
            Some(place) => location(place),
            None => json!({ "physicalLocation": { "artifactLocation": artifact(file) } }),
        };
        if let Some(function) = finding.function {
            location["logicalLocations"] =
                json!([{ "fullyQualifiedName": function, "kind": "function" }]);
        }
        result["locations"] = json!([location]);
    }
    result
}

/// A place in a file.
pub(crate) fn location(place: &Place) -> Value {
    json!({ "physicalLocation": { "artifactLocation": artifact(&place.file), "region": region(place) } })
}

/// A file in the workspace or outside of it.
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
