//! Compares the formats with the files in `tests/render/`, for a report that has something of everything.
//!
//! `UPDATE_GOLDEN=1 cargo test -p cargo-hubspot --bin cargo-hubspot render` writes the files anew.

use std::path::{Path, PathBuf};
use std::{env, fs};

use cargo_metadata::diagnostic::Diagnostic;
use clap::ValueEnum as _;
use hubspot_scopes::LoginKind;
use serde_json::Value;

use super::{Checked, markdown, rustc, sarif, text};
use crate::baseline::Baseline;
use crate::finding::{FindingKind, findings};
use crate::live::Granted;
use crate::model::Report;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/render")
}

fn report() -> Report {
    let text = fs::read_to_string(folder().join("report.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// Compares with the file of that name, or writes it.
fn check(name: &str, text: &str) {
    let path = folder().join(name);
    if env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&path, text).unwrap();
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    assert!(expected == text, "{name} should be:\n{text}");
}

#[test]
fn text_has_everything_and_aligns() {
    let report = report();
    let findings = findings(&report, None);
    let shown: Vec<_> = findings.iter().collect();
    let text = text::report(&report, None, &shown, 2);
    check(
        "report.txt",
        &anstream::adapter::strip_str(&text).to_string(),
    );
    assert!(text.contains("\u{1b}["), "there are colours to take out");
}

#[test]
fn every_kind_is_found() {
    let report = report();
    let findings = findings(&report, None);
    for kind in FindingKind::value_variants() {
        let is_found = findings.iter().any(|finding| finding.kind == *kind);
        assert_eq!(is_found, *kind != FindingKind::Surplus, "{kind:?}");
    }
}

#[test]
fn markdown_says_what_each_scope_is_for() {
    check("report.md", &markdown::page(&report()));
}

/// rust-analyzer reads the lines; a removal leaves a list that is as if the scope had never been there.
#[test]
fn diagnostics_for_editors() {
    let mut report = report();
    let verdict = &mut report.packages[0].verdict;
    verdict.has_unknown_requests = false;
    verdict.unused[0].stated_by.clear();
    let findings = findings(&report, None);
    let shown: Vec<_> = findings.iter().collect();
    let lines = rustc::lines(&shown);
    check("report.rustc.json", &lines);
    let lines = lines.lines().map(serde_json::from_str);
    let diagnostics: Vec<Diagnostic> = lines.collect::<Result<_, _>>().unwrap();
    assert_eq!(diagnostics.len(), findings.len());
    let mut removals = 0;
    for (diagnostic, finding) in diagnostics.iter().zip(&findings) {
        assert_eq!(diagnostic.message, finding.message);
        let spans = diagnostic.spans.iter().map(|span| span.line_start);
        let lines = finding.place.iter().map(|place| place.line);
        assert!(spans.eq(lines), "{}", finding.message);
        for span in diagnostic.children.iter().flat_map(|child| &child.spans) {
            removals += 1;
            assert_eq!(finding.kind, FindingKind::Unused);
            assert_eq!(span.suggested_replacement.as_deref(), Some(""));
            let text = &span.text[0];
            let range = text.highlight_start - 1..text.highlight_end - 1;
            let removed = text.text[range].trim_end();
            assert_eq!(removed, format!("\"{}\",", finding.subject));
        }
    }
    assert_eq!(removals, 1);
    // What `--fix` leaves has no suggestion.
    report.packages[0].verdict.has_unknown_requests = true;
    let findings = crate::finding::findings(&report, None);
    let shown: Vec<_> = findings.iter().collect();
    assert!(!rustc::lines(&shown).contains("MachineApplicable"));
}

#[test]
fn a_report_is_read_back_as_it_was_written() {
    let text = fs::read_to_string(folder().join("report.json")).unwrap();
    let written: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(serde_json::to_value(report()).unwrap(), written);
}

#[test]
fn sarif_is_valid() {
    let report = report();
    let schema = fs::read_to_string(folder().join("sarif-schema-2.1.0.json")).unwrap();
    let mut schema: Value = serde_json::from_str(&schema).unwrap();
    // Its regular expression is none; we name no language.
    for place in ["run", "toolComponent"] {
        let language = &mut schema["definitions"][place]["properties"]["language"];
        language.as_object_mut().unwrap().remove("pattern");
    }
    let schema = jsonschema::validator_for(&schema).unwrap();
    for has_baseline in [false, true] {
        let findings = findings(&report, None);
        let accepted = (0..findings.len()).map(|index| has_baseline && index % 2 == 0);
        let accepted = accepted.collect();
        let checked = Checked {
            findings,
            accepted,
            has_baseline,
        };
        let log = sarif::log(&report, &checked);
        let errors = schema.iter_errors(&log).map(|error| error.to_string());
        assert_eq!(errors.collect::<Vec<_>>(), [""; 0]);
        if has_baseline {
            let text = serde_json::to_string_pretty(&log).unwrap() + "\n";
            check("report.sarif", &text);
        }
        let mut broken = log;
        broken["runs"][0]["results"][0]["level"] = Value::from("grave");
        assert!(!schema.is_valid(&broken), "the schema can tell");
    }
}

#[test]
fn a_baseline_accepts_what_has_moved_and_nothing_more() {
    let report = report();
    let baseline = Baseline::of(&findings(&report, None));
    let mut moved = report.clone();
    for unused in &mut moved.packages[0].verdict.unused {
        unused.place.line += 7;
    }
    let (accepted, gone) = baseline.accepts(&findings(&moved, None));
    assert!(accepted.iter().all(|accepted| *accepted) && gone == 0);

    let second = moved.packages[0].verdict.unused[0].clone();
    moved.packages[0].verdict.unused.push(second);
    let (accepted, _) = baseline.accepts(&findings(&moved, None));
    assert_eq!(accepted.iter().filter(|accepted| !**accepted).count(), 1);

    moved.packages[0].verdict.unused.clear();
    let (_, gone) = baseline.accepts(&findings(&moved, None));
    assert_eq!(gone, 1);
}

#[test]
fn a_token_is_compared_with_what_is_needed() {
    let mut report = report();
    report.packages[0].verdict.has_unknown_requests = false;
    let scopes = [
        "oauth",
        "crm.lists.read",
        "crm.objects.contacts.read",
        "e-commerce",
    ];
    let granted = Granted {
        login: LoginKind::OAuth2,
        hub_id: Some(7),
        scopes: scopes.map(str::to_owned).into(),
    };
    let found = findings(&report, Some(&granted));
    let subjects = |kind| -> Vec<_> {
        let found = found.iter().filter(|finding| finding.kind == kind);
        found.map(|finding| finding.subject.as_str()).collect()
    };
    assert_eq!(subjects(FindingKind::Surplus), ["crm.lists.read"]);
    // No operation of the client needs it, so an unknown request may.
    let mut unknown = report.clone();
    unknown.packages[0].verdict.has_unknown_requests = true;
    let with_unknown = findings(&unknown, Some(&granted));
    let mut kinds = with_unknown.iter().map(|finding| finding.kind);
    assert!(kinds.all(|kind| kind != FindingKind::Surplus));
    let missing = subjects(FindingKind::Missing);
    let lacks = |scope: &str| missing.contains(&format!("{scope:?}").as_str());
    assert!(lacks("crm.objects.companies.write"), "{missing:?}");
    assert!(!lacks("crm.objects.contacts.read"), "{missing:?}");
}
