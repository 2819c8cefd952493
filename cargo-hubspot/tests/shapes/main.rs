//! Audits workspaces of every shape and compares the reports with the expected ones.
//!
//! Each folder beside this file is a workspace. Comments in its sources name the calls: `//~ contacts.list` after a line. The
//! audit has to find these calls and no others; the rest of the report is in `expected.json`, which
//! `AUDIT_SHAPES=overwrite cargo test -p cargo-hubspot --test shapes` writes.

mod advice;
mod bad_input;
mod left_out;
mod outside;
mod platforms;
mod workspace;

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use workspace::{Workspace, texts};

/// A place that calls: file, line and operation.
type Call = (String, usize, String);

#[test]
fn every_shape_is_as_expected() {
    let mut faults = Vec::new();
    let shapes = shapes();
    assert!(shapes.len() >= 12, "the shapes are gone");
    for shape in shapes {
        let name = shape
            .file_name()
            .expect("a shape has a name")
            .to_string_lossy()
            .into_owned();
        let workspace = Workspace::copied(&format!("shapes/{name}"), &shape);
        let mut report = workspace.report(&[]);
        let (written, found) = (written(&shape), found(&report));
        if written != found {
            let missing: Vec<_> = written
                .iter()
                .filter(|call| !found.contains(call))
                .collect();
            let wrong: Vec<_> = found
                .iter()
                .filter(|call| !written.contains(call))
                .collect();
            faults.push(format!(
                "{name}: missing {missing:?}, wrong {wrong:?} in {found:?}"
            ));
        }
        if !has_traps(&shape) {
            faults.extend(fault_of_fix(&workspace).map(|fault| format!("{name}: {fault}")));
        }
        for volatile in ["version", "workspace"] {
            report
                .as_object_mut()
                .expect("a report is an object")
                .remove(volatile);
        }
        let text = serde_json::to_string_pretty(&report).expect("it is JSON") + "\n";
        let expected = shape.join("expected.json");
        if std::env::var("AUDIT_SHAPES").is_ok_and(|action| action == "overwrite") {
            fs::write(expected, text).expect("the shapes are writable");
        } else if fs::read_to_string(&expected).unwrap_or_default() != text {
            faults.push(format!("{name}: not as expected, but\n{text}"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Whether a workspace has code that must not be compiled.
fn has_traps(shape: &Path) -> bool {
    let texts = workspace::files(shape).into_iter().map(fs::read_to_string);
    texts
        .into_iter()
        .any(|text| text.is_ok_and(|text| text.contains("compile_error!")))
}

/// Applies `--fix`. Returns what is wrong if the workspace does not compile any more.
fn fault_of_fix(workspace: &Workspace) -> Option<String> {
    let fix = workspace.audit(&["--fix", "--allow-no-vcs"]).output();
    let (_, stderr) = texts(&fix.expect("the audit can be run"));
    if stderr.ends_with("nothing to fix\n") {
        return None;
    }
    if !stderr.ends_with("; compile again, and audit again\n") {
        return Some(format!("cannot be fixed:\n{stderr}"));
    }
    let everything = ["--workspace", "--all-targets", "--all-features"];
    let check = workspace.cargo("check").args(everything).output();
    let check = check.expect("cargo can be run");
    let (_, stderr) = texts(&check);
    (!check.status.success()).then(|| format!("does not compile once fixed:\n{stderr}"))
}

fn shapes() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/shapes");
    let entries = fs::read_dir(folder).expect("the shapes are there");
    let mut folders: Vec<_> = entries
        .map(|entry| entry.expect("a shape").path())
        .collect();
    folders.retain(|path| path.is_dir());
    folders.sort();
    folders
}

/// The calls that the comments name.
fn written(shape: &Path) -> Vec<Call> {
    let mut calls = Vec::new();
    for path in workspace::files(shape) {
        if path.extension().is_none_or(|extension| extension != "rs") {
            continue;
        }
        let file = path
            .strip_prefix(shape)
            .expect("it is below")
            .to_string_lossy()
            .into_owned();
        let text = fs::read_to_string(&path).expect("a source is text");
        for (index, line) in text.lines().enumerate() {
            let (_, operations) = line.split_once("//~").unwrap_or_default();
            let call = |operation: &str| (file.clone(), index + 1, operation.to_owned());
            calls.extend(operations.split_whitespace().map(call));
        }
    }
    calls.sort();
    calls
}

/// The calls that the audit found.
fn found(report: &Value) -> Vec<Call> {
    let packages = report["packages"].as_array().into_iter().flatten();
    let sites = packages.flat_map(|package| package["call_sites"].as_array().into_iter().flatten());
    let mut calls: Vec<_> = sites
        .map(|site| {
            let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            let line = site["place"]["line"].as_u64().unwrap_or_default();
            let line = usize::try_from(line).unwrap_or_default();
            let operation = text(&site["operation"]).replace(' ', "");
            (text(&site["place"]["file"]), line, operation)
        })
        .collect();
    calls.sort();
    calls
}

/// `--count` and `--shipped` choose the targets whose calls count, and those that are compiled.
#[test]
fn kinds_of_targets_can_be_chosen() {
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/shapes/targets");
    let workspace = Workspace::copied("counted/targets", &from);
    let of_verdict = |report: &Value, what: &str| {
        let scopes = report["packages"][0]["verdict"][what].as_array().cloned();
        let scopes = scopes.unwrap_or_default().into_iter();
        scopes
            .filter_map(|scope| Some(scope.as_str().or(scope["scope"].as_str())?.to_owned()))
            .collect::<Vec<_>>()
    };
    let report = workspace.report(&["--count", "tests,examples"]);
    assert_eq!(
        of_verdict(&report, "least_set"),
        [
            "crm.objects.companies.read",
            "crm.objects.companies.write",
            "crm.objects.contacts.read"
        ]
    );
    assert_eq!(of_verdict(&report, "unused"), Vec::<String>::new());
    assert_eq!(
        of_verdict(&report, "test_only"),
        ["crm.objects.line_items.read"]
    );
    assert_eq!(
        report["packages"][0]["verdict"]["because"][0],
        "several-sets"
    );

    let report = workspace.report(&["--count", "build-scripts,benches"]);
    assert_eq!(
        of_verdict(&report, "least_set"),
        [
            "crm.objects.contacts.read",
            "crm.objects.line_items.read",
            "crm.schemas.custom.read"
        ]
    );

    let report = workspace.report(&["--shipped"]);
    // The tests were not compiled: scopes that they may need are not called unused.
    assert_eq!(of_verdict(&report, "unused"), Vec::<String>::new());
    assert_eq!(
        of_verdict(&report, "undecided"),
        ["crm.objects.companies.read", "crm.objects.line_items.read"]
    );
    let files: Vec<_> = found(&report).into_iter().map(|(file, ..)| file).collect();
    assert_eq!(files, ["build.rs", "src/lib.rs", "src/main.rs"]);
    assert_eq!(
        report["notes"][0],
        "only what ships was compiled: tests, examples and benchmarks may call more"
    );
}
