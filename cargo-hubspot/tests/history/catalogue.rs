//! `cargo hubspot review --catalogue`.

use serde_json::{Value, json};

use super::repository::{Repository, assert_expected};

fn review(repository: &Repository, more: &[&str]) -> (Option<i32>, String, String) {
    repository.run(&[&["review", "--offline", "--quiet"], more].concat())
}

/// A document of contacts in which listing needs another scope and archiving is gone.
fn document() -> Value {
    let security = |scope: &str| json!([{ "oauth2": [scope] }, { "private_apps": [scope] }]);
    json!({
        "openapi": "3.0.1",
        "info": { "title": "Contacts", "version": "2026-09" },
        "paths": {
            "/crm/objects/2026-09/{objectType}": {
                "get": { "security": security("crm.objects.contacts.sensitive.read") },
            },
            "/crm/objects/2026-09/{objectType}/{objectId}": {
                "get": { "security": security("crm.objects.contacts.read") },
            },
        },
    })
}

#[test]
fn a_newer_document_names_the_calls_that_it_affects() {
    let repository = Repository::new("catalogue");
    repository.git(&["checkout", "--quiet", "-B", "main", "2-call-added"]);
    let source = repository
        .read("src/lib.rs")
        .replace("hubspot.v3()", "hubspot");
    repository.workspace.write("src/lib.rs", &source);
    let file = "contacts.json";
    repository.workspace.write(file, &document().to_string());
    let (status, stdout, stderr) = review(&repository, &["--catalogue", file]);
    assert_eq!((status, stderr.as_str()), (Some(0), ""));
    assert_expected("catalogue.text", &stdout);
    let (_, stdout, _) = review(&repository, &["--catalogue", file, "--format", "markdown"]);
    assert_expected("catalogue.markdown", &stdout);
    let (status, _, stderr) = review(
        &repository,
        &["--catalogue", file, "--deny", "withdrawn,required"],
    );
    assert_eq!(
        (status, stderr.as_str()),
        (Some(1), "error: 2 changes are denied\n")
    );
}

#[test]
fn the_catalogue_of_another_version_is_taken() {
    let repository = Repository::new("versions");
    let (status, own, _) = repository.run(&["scopes", "--catalogue"]);
    assert_eq!(status, Some(0));
    repository.workspace.write("own.json", &own);
    let (status, stdout, _) = review(&repository, &["--catalogue", "own.json"]);
    assert_eq!(status, Some(0));
    assert_eq!(
        stdout,
        "review: compared with `own.json`. Calls and scopes are the same.\n"
    );
    let mut newer: Value = serde_json::from_str(&own).expect("it is JSON");
    let operations = newer["operations"].as_array_mut().expect("it is a list");
    for one in operations
        .iter_mut()
        .filter(|one| one["operation"] == "contacts.list")
    {
        one["requirement"] = json!(r#""crm.objects.contacts.read", "crm.lists.read""#);
    }
    repository.workspace.write("new.json", &newer.to_string());
    let (_, stdout, _) = review(&repository, &["--catalogue", "new.json"]);
    let message = "requirement: `contacts.list` will need `crm.lists.read` and `crm.objects.contacts.read` instead of \
                   `crm.objects.contacts.read`";
    assert!(stdout.contains(message), "{stdout}");
    assert!(
        stdout.contains(
            "required: the scope `crm.lists.read` has to be required, for `contacts.list`"
        ),
        "{stdout}"
    );
}

#[test]
fn what_is_no_catalogue_is_refused() {
    let repository = Repository::new("no-catalogue");
    for (text, fault) in [
        ("{", "`new.json` is not JSON"),
        (
            "{}",
            "it is neither an OpenAPI document nor the output of `cargo hubspot scopes --catalogue`",
        ),
        (
            r#"{"format": 9}"#,
            "it has format 9, and this version of cargo-hubspot knows 1",
        ),
        (
            r#"{"format": 1, "operations": [{}]}"#,
            "an operation lacks `method`, `path` or `requirement`",
        ),
        (
            r#"{"paths": {"/other": {"get": {}}}}"#,
            "`new.json` has no operation of the client",
        ),
    ] {
        repository.workspace.write("new.json", text);
        let (status, stdout, stderr) = review(&repository, &["--catalogue", "new.json"]);
        assert_eq!((status, stdout.as_str()), (Some(2), ""), "{stderr}");
        assert!(stderr.contains(fault), "{text}: {stderr}");
    }
    let (status, _, stderr) = review(&repository, &[]);
    assert_eq!(status, Some(2));
    assert!(
        stderr.contains("<BASE|--catalogue <FILE>...>") || stderr.contains("required"),
        "{stderr}"
    );
}
