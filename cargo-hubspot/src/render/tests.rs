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
use crate::finding::{FindingKind, Production, findings};
use crate::live::Granted;
use crate::model::{Report, Verdict};

const NOTHING: Production = Production {
    granted: None,
    used: None,
};

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
    let findings = findings(&report, &NOTHING);
    let shown: Vec<_> = findings.iter().collect();
    let text = text::report(&report, &NOTHING, &shown, 2);
    check(
        "report.txt",
        &anstream::adapter::strip_str(&text).to_string(),
    );
    assert!(text.contains("\u{1b}["), "there are colours to take out");
}

#[test]
fn every_kind_is_found() {
    let report = report();
    let findings = findings(&report, &NOTHING);
    for kind in FindingKind::value_variants() {
        let is_found = findings.iter().any(|finding| finding.kind == *kind);
        let of_production = [
            FindingKind::Surplus,
            FindingKind::Idle,
            FindingKind::OnlyRaw,
        ];
        assert_eq!(is_found, !of_production.contains(kind), "{kind:?}");
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
    let literal = "            \"forms\",";
    verdict.unused[0].place.text = literal.to_owned();
    let findings = findings(&report, &NOTHING);
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
    assert_eq!(suggestions(&report), []);
}

/// The suggested spans, as text and columns, and how sure they are.
fn suggestions(report: &Report) -> Vec<(usize, usize, String)> {
    let findings = findings(report, &NOTHING);
    let lines = rustc::lines(&findings.iter().collect::<Vec<_>>());
    let values = lines
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap());
    let children = values.flat_map(|value| value["children"].as_array().unwrap().clone());
    let spans = children.flat_map(|child| child["spans"].as_array().unwrap().clone());
    let column = |span: &Value, name| usize::try_from(span[name].as_u64().unwrap()).unwrap();
    let suggestions = spans.map(|span| {
        let applicability = span["suggestion_applicability"].as_str().unwrap();
        assert_eq!(span["suggested_replacement"], "");
        let [start, end] = ["column_start", "column_end"].map(|name| column(&span, name));
        let [first, last] = ["byte_start", "byte_end"].map(|name| column(&span, name));
        assert_eq!(end - start, last - first);
        (start, end, applicability.to_owned())
    });
    suggestions.collect()
}

/// A report with one unused scope, `forms`, in this line.
fn unused_in(line: &str) -> Report {
    let mut report = report();
    let package = &mut report.packages[0];
    package.app_files.clear();
    let verdict = &mut package.verdict;
    verdict.has_unknown_requests = false;
    verdict.exact = true;
    verdict.unused.truncate(1);
    let unused = &mut verdict.unused[0];
    unused.stated_by.clear();
    let byte = line.find("\"forms\"").unwrap();
    unused.place.text = line.to_owned();
    unused.place.column = line[..byte].chars().count() + 1;
    unused.place.end_column = unused.place.column + 7;
    unused.place.byte_end = unused.place.byte_start + 7;
    report
}

/// What is left of a line after the quick fix; `None` where there is none.
const REMOVED: &[(&str, Option<&str>)] = &[
    ("    \"forms\",", Some("    ")),
    ("    \"forms\" ,  ", Some("    ")),
    ("r: [\"forms\", \"a\"],", Some("r: [\"a\"],")),
    ("r: [\"ü\", \"forms\", \"a\"],", Some("r: [\"ü\", \"a\"],")),
    ("\"forms\", \"a\", // both", Some("\"a\", // both")),
    ("\"a\", \"forms\", // both", Some("\"a\", // both")),
    (
        "\"a\", \"forms\", /* b */ \"b\",",
        Some("\"a\", /* b */ \"b\","),
    ),
    ("    \"forms\", // for \"pages\"", None),
    ("    \"forms\", /* for pages */", None),
    ("r: [\"forms\", // for pages", None),
    ("    /* for pages */ \"forms\", \"a\",", None),
    ("    \"forms\" /* for pages */,", None),
    ("r: [\"a\", \"forms\"],", None),
];

#[test]
fn a_quick_fix_leaves_the_other_scopes_and_their_comments() {
    for (line, expected) in REMOVED {
        let found = suggestions(&unused_in(line));
        let left = found.iter().map(|(start, end, applicability)| {
            assert_eq!(applicability, "MachineApplicable");
            let characters = line.chars().enumerate();
            let left = characters.filter(|(index, _)| !(start - 1..end - 1).contains(index));
            left.map(|(_, one)| one).collect::<String>()
        });
        let expected: Vec<_> = expected.iter().map(|&text| text.to_owned()).collect();
        assert_eq!(left.collect::<Vec<_>>(), expected, "{line}");
    }
}

/// An editor applies nothing by itself that the audit is not sure of, or after which code and app file would differ.
#[test]
fn a_quick_fix_is_sure_only_if_it_is_the_whole_fix() {
    let line = REMOVED[0].0;
    let sure = |change: &dyn Fn(&mut Report)| {
        let mut report = unused_in(line);
        change(&mut report);
        let found = suggestions(&report);
        found.into_iter().map(|(.., how)| how).collect::<Vec<_>>()
    };
    assert_eq!(sure(&|_| {}), ["MachineApplicable"]);
    let inexact = |report: &mut Report| report.packages[0].verdict.exact = false;
    assert_eq!(sure(&inexact), ["MaybeIncorrect"]);
    let with_file = |scope: &str, text: &mut Report| {
        let mut file = report().packages[0].app_files[0].clone();
        file.scopes.truncate(1);
        file.scopes[0].scope = scope.to_owned();
        text.packages[0].app_files.push(file);
    };
    assert_eq!(sure(&|one| with_file("forms", one)), ["MaybeIncorrect"]);
    assert_eq!(
        sure(&|one| with_file("tickets", one)),
        ["MachineApplicable"]
    );
}

/// The help says what `--fix` does.
#[test]
fn the_help_for_an_unused_scope_is_what_the_fix_does() {
    let help = |change: &dyn Fn(&mut Verdict)| {
        let mut report = unused_in(REMOVED[0].0);
        change(&mut report.packages[0].verdict);
        let found = findings(&report, &NOTHING);
        let mut found = found.iter().filter(|one| one.kind == FindingKind::Unused);
        found.next().unwrap().help.clone().unwrap()
    };
    let removes = "`--fix` removes it from the files";
    assert!(help(&|_| {}).ends_with(removes));
    for change in [
        &|verdict: &mut Verdict| verdict.has_unknown_requests = true,
        &|verdict: &mut Verdict| verdict.unused[0].stated_by.push("f".to_owned()),
        &|verdict: &mut Verdict| {
            verdict.unused[0].place.file = "$OUT_DIR/a.rs".to_owned();
        },
    ] as [&dyn Fn(&mut Verdict); 3]
    {
        let help = help(change);
        assert!(
            !help.contains(removes) && help.contains("`--fix` leaves"),
            "{help}"
        );
    }
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
        let findings = findings(&report, &NOTHING);
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
    let baseline = Baseline::of(&findings(&report, &NOTHING));
    let mut moved = report.clone();
    for unused in &mut moved.packages[0].verdict.unused {
        unused.place.line += 7;
    }
    let (accepted, gone) = baseline.accepts(&findings(&moved, &NOTHING));
    assert!(accepted.iter().all(|accepted| *accepted) && gone == 0);

    let second = moved.packages[0].verdict.unused[0].clone();
    moved.packages[0].verdict.unused.push(second);
    let (accepted, _) = baseline.accepts(&findings(&moved, &NOTHING));
    assert_eq!(accepted.iter().filter(|accepted| !**accepted).count(), 1);

    moved.packages[0].verdict.unused.clear();
    let (_, gone) = baseline.accepts(&findings(&moved, &NOTHING));
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
    let production = Production {
        granted: Some(granted),
        used: None,
    };
    let found = findings(&report, &production);
    let subjects = |kind| -> Vec<_> {
        let found = found.iter().filter(|finding| finding.kind == kind);
        found.map(|finding| finding.subject.as_str()).collect()
    };
    assert_eq!(subjects(FindingKind::Surplus), ["crm.lists.read"]);
    // No operation of the client needs it, so an unknown request may.
    let mut unknown = report.clone();
    unknown.packages[0].verdict.has_unknown_requests = true;
    let with_unknown = findings(&unknown, &production);
    let mut kinds = with_unknown.iter().map(|finding| finding.kind);
    assert!(kinds.all(|kind| kind != FindingKind::Surplus));
    let missing = subjects(FindingKind::Missing);
    let lacks = |scope: &str| missing.contains(&format!("{scope:?}").as_str());
    assert!(lacks("crm.objects.companies.write"), "{missing:?}");
    assert!(!lacks("crm.objects.contacts.read"), "{missing:?}");
}
