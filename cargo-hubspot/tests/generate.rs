//! `cargo hubspot generate`: what it writes, and what it refuses without a change.

#![cfg(feature = "generate")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::SystemTime;

const DOCUMENT: &str = r##"{
    "openapi": "3.0.3",
    "info": {"title": "Visits", "version": "2027-03-beta"},
    "paths": {"/visits/2027-03-beta": {"get": {
        "security": [{"oauth2": ["crm.objects.contacts.read"]}],
        "parameters": [{"name": "type", "in": "query", "schema": {"type": "string"}}],
        "responses": {"200": {"description": "", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Visit"}}}}}
    }}},
    "components": {"schemas": {"Visit": {"type": "object", "properties": {"self": {"type": "string"}, "type": {"type": "string"}}}}}
}"##;

/// A crate's folder with a document `visits.json`.
struct Crate(tempfile::TempDir);

impl Crate {
    fn new() -> Self {
        let of = Self(tempfile::tempdir().unwrap());
        of.document("visits.json", DOCUMENT);
        of
    }

    fn document(&self, name: &str, text: &str) {
        fs::write(self.0.path().join(name), text).unwrap();
    }

    fn out(&self) -> PathBuf {
        self.0.path().join("src/hubspot")
    }

    fn run(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_cargo-hubspot"))
            .args(["hubspot", "generate"])
            .args(arguments)
            .current_dir(self.0.path())
            .output()
            .unwrap()
    }

    /// Generates from `visits.json`.
    fn generate(&self, more: &[&str]) -> Output {
        let arguments = ["--out", "src/hubspot", "--document", "visits.json"];
        self.run(&[&arguments, more].concat())
    }

    /// Every file of the crate: its contents and when it was written.
    fn files(&self) -> BTreeMap<PathBuf, (Vec<u8>, SystemTime)> {
        let mut found = BTreeMap::new();
        add(self.0.path(), &mut found);
        found
    }

    /// Asserts that a run fails with these parts of a message, and changes nothing.
    fn refuses(&self, arguments: &[&str], parts: &[&str]) {
        let before = self.files();
        let output = self.run(arguments);
        let message = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{message}");
        for part in parts {
            assert!(message.contains(part), "{part}: {message}");
        }
        assert_eq!(self.files(), before, "{message}");
    }
}

fn add(folder: &Path, found: &mut BTreeMap<PathBuf, (Vec<u8>, SystemTime)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.insert(path.clone(), (Vec::new(), SystemTime::UNIX_EPOCH));
            add(&path, found);
        } else {
            let modified = fs::metadata(&path).unwrap().modified().unwrap();
            found.insert(path.clone(), (fs::read(&path).unwrap(), modified));
        }
    }
}

fn succeeded(output: &Output) -> String {
    let message = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{message}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn a_second_run_touches_nothing_and_stale_files_go() {
    let of = Crate::new();
    assert!(succeeded(&of.generate(&[])).contains("missing   mod.rs"));
    let before = of.files();
    assert_eq!(succeeded(&of.generate(&[])), "src/hubspot is up to date.\n");
    assert_eq!(of.files(), before);
    assert!(succeeded(&of.generate(&["--check"])).contains("up to date"));

    fs::rename(
        of.0.path().join("visits.json"),
        of.0.path().join("calls_on.json"),
    )
    .unwrap();
    let arguments = ["--document", "calls_on.json", "--out", "src/hubspot"];
    let checked = of.run(&[&arguments[..], &["--check"]].concat());
    assert_eq!(checked.status.code(), Some(1));
    assert!(of.out().join("v2027_03_beta/visits.rs").exists());
    succeeded(&of.run(&arguments));
    assert!(!of.out().join("v2027_03_beta/visits.rs").exists());
    assert!(of.out().join("v2027_03_beta/calls_on.rs").exists());
}

#[test]
fn a_folder_with_a_file_of_ones_own_stays_as_it_is() {
    let of = Crate::new();
    let arguments = ["--document", "visits.json", "--out", "src/hubspot"];
    for (name, text) in [
        ("mine.rs", "//! Mine.\n"),
        ("models/notes.txt", ""),
        ("mod.rs", ""),
    ] {
        let path = of.out().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        of.refuses(&arguments, &[name, "was not generated"]);
        fs::remove_file(path).unwrap();
    }
    succeeded(&of.generate(&[]));
    fs::write(of.out().join("mine.rs"), "fn main() {}").unwrap();
    of.refuses(&arguments, &["src/hubspot/mine.rs"]);
}

#[test]
fn documents_that_cannot_be_used_are_refused_with_their_place() {
    let cases: &[(&str, &str, &[&str])] = &[
        (
            "\"3.0.3\"",
            "\"2.0\"",
            &["visits.json#/openapi", "not an OpenAPI 3.0"],
        ),
        (
            "\"openapi\": \"3.0.3\",",
            "",
            &["visits.json#/openapi", "missing"],
        ),
        ("{", "<html>{", &["visits.json", "not JSON"]),
        (
            "\"version\": \"2027-03-beta\"",
            "\"version\": \"2026-09\"",
            &[
                "visits.json#/paths/~1visits~12027-03-beta",
                "`2027-03-beta`",
                "#/info/version of `2026-09`",
            ],
        ),
        (
            "\"security\": [{\"oauth2\": [\"crm.objects.contacts.read\"]}],",
            "",
            &[
                "visits.json#/paths/~1visits~12027-03-beta/get",
                "no `security`",
                "[public]",
            ],
        ),
        (
            "crm.objects.contacts.read",
            "field.visits.read",
            &[
                "visits.json#/paths/",
                "`field.visits.read` is not known",
                "--new-scope field.visits.read",
            ],
        ),
    ];
    for (from, to, parts) in cases {
        let of = Crate::new();
        let text = DOCUMENT.replacen(from, to, 1);
        assert_ne!(text, DOCUMENT);
        of.document("visits.json", &text);
        of.refuses(
            &["--document", "visits.json", "--out", "src/hubspot"],
            parts,
        );
    }
}

#[test]
fn settings_that_cannot_be_used_are_refused() {
    let of = Crate::new();
    of.document("taken", "");
    of.document("models.json", DOCUMENT);
    let older = DOCUMENT.replace("2027-03-beta", "v3");
    of.document("older.json", &older);
    fs::create_dir(of.0.path().join("other")).unwrap();
    of.document("other/visits.json", DOCUMENT);
    let cases: &[(&[&str], &[&str])] = &[
        (
            &["--document", "none.json", "--out", "src/hubspot"],
            &["none.json", "cannot be read"],
        ),
        (
            &["--document", "visits.json", "--out", "taken/src/hubspot"],
            &["taken/src/hubspot"],
        ),
        (
            &["--document", "visits.json", "--out", "src/type"],
            &["`type`", "keywords"],
        ),
        (
            &["--document", "models.json", "--out", "src/hubspot"],
            &["models.json", "rename the file"],
        ),
        (
            &["--document", "older.json", "--out", "src/hubspot"],
            &["`v3`", "method of the client already", "--handle v3=NAME"],
        ),
        (
            &[
                "--document",
                "visits.json",
                "--out",
                "src/hubspot",
                "--handle",
                "2027-03-beta=loop",
            ],
            &["`loop`"],
        ),
        (
            &[
                "--document",
                "visits.json",
                "other/visits.json",
                "--out",
                "src/hubspot",
            ],
            &[
                "other/visits.json",
                "`visits` of version 2027-03-beta",
                "rename one",
            ],
        ),
    ];
    for (arguments, parts) in cases {
        of.refuses(arguments, parts);
    }
}

#[cfg(unix)]
#[test]
fn links_are_not_followed() {
    let of = Crate::new();
    succeeded(&of.generate(&[]));
    let elsewhere = tempfile::tempdir().unwrap();
    fs::write(elsewhere.path().join("mine.rs"), "").unwrap();
    std::os::unix::fs::symlink(elsewhere.path(), of.out().join("link")).unwrap();
    let output = of.generate(&[]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("src/hubspot/link"));
    assert!(elsewhere.path().join("mine.rs").exists());
}

#[test]
fn the_module_of_the_example_is_what_is_generated() {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/beta");
    let output = Command::new(env!("CARGO_BIN_EXE_cargo-hubspot"))
        .args(["hubspot", "generate", "--check", "--out", "src/hubspot"])
        .args(["--document", "openapi/visits.yaml"])
        .args([
            "--new-scope",
            "field.visits.read",
            "--new-scope",
            "field.visits.write",
        ])
        .current_dir(example)
        .output()
        .unwrap();
    let printed = succeeded(&output);
    assert_eq!(printed, "src/hubspot is up to date.\n");
}
