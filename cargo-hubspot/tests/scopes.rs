//! Runs `cargo hubspot scopes`.

use std::fs;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

/// The status, standard output and standard error.
fn scopes(arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_cargo-hubspot"))
        .args(["hubspot", "scopes"])
        .args(arguments)
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (
        output.status.code(),
        text(output.stdout),
        text(output.stderr),
    )
}

#[test]
fn an_operation_has_its_needs_in_each_version() {
    let (status, stdout, _) = scopes(&["contacts.list"]);
    assert_eq!(status, Some(0));
    assert_eq!(
        stdout,
        "contacts.list  GET /crm/objects/2026-09/contacts
  needs crm.objects.contacts.read
v2026_03.contacts.list  GET /crm/objects/2026-03/contacts
  with the feature v2026-03
  needs crm.objects.contacts.read
v3.contacts.list  GET /crm/v3/objects/contacts
  with the feature v3
  needs crm.objects.contacts.read
"
    );
    // A scope that only some kinds of login have comes last.
    let (_, owners, _) = scopes(&["owners.list"]);
    assert_eq!(
        owners,
        "owners.list  GET /crm/owners/2026-09
  with the feature owners
  needs crm.objects.owners.read
  or    contacts  (private_apps only)
"
    );
    let (_, of_any_type, _) = scopes(&["pipelines.list"]);
    let line = of_any_type.lines().nth(2);
    assert_eq!(line, Some("  the scope of the call's object type:"));
    // The least power comes first: here the scope that is named after the objects at hand.
    let (_, alternatives, _) = scopes(&["schemas.list"]);
    let first: Vec<_> = alternatives.lines().skip(1).take(2).collect();
    assert_eq!(
        first,
        [
            "  needs crm.schemas.custom.read",
            "  or    crm.objects.custom.read"
        ]
    );
    let (_, by_path, _) = scopes(&["/crm/v3/objects/contacts"]);
    assert!(by_path.contains("v3.contacts.list") && by_path.contains("v3.contacts.create"));
}

#[test]
fn a_path_is_written_in_several_ways() {
    let expected = scopes(&["v3.contacts.get"]);
    assert_eq!(expected.0, Some(0));
    for request in [
        "GET /crm/v3/objects/contacts/{contactId}",
        "get crm/v3/objects/contacts/17/",
        "GET /crm/v3/objects/contact/17?archived=true#top",
        "GET https://api-eu1.hubapi.com/crm/v3/objects/0-1/17 HTTP/1.1",
    ] {
        assert_eq!(scopes(&[request]), expected, "{request}");
    }
    for (request, message) in [
        (
            "DELETE /crm/v3/objects/contacts?limit=1",
            "`/crm/v3/objects/contacts` has no DELETE, but GET, POST",
        ),
        (
            "GET /crm/v3/objects/deals",
            "no operation has the path `/crm/v3/objects/deals`, but `/crm/objects/2026-09/deals` in another version",
        ),
        (
            "/crm/v3/objects/contcts",
            "no operation has the path `/crm/v3/objects/contcts`; near it are `/crm/v3/objects/contacts`, \
             `/crm/v3/objects/contacts/merge`, `/crm/v3/objects/contacts/search`",
        ),
        (
            "https://u:secret@hubapi.com.example.com/crm/v3/objects/contacts",
            "`hubapi.com.example.com` is no host of HubSpot's API: that is `api.hubapi.com`",
        ),
    ] {
        let error = format!("error: {message}\n");
        assert_eq!(
            scopes(&[request]),
            (Some(2), String::new(), error),
            "{request}"
        );
    }
}

#[test]
fn a_scope_has_its_operations_and_what_may_stand_for_it() {
    let (status, stdout, _) = scopes(&["e-commerce", "--format", "json"]);
    assert_eq!(status, Some(0));
    let answer: Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!(answer["kind"], "scope");
    let operations = answer["operations"].as_array().unwrap();
    let create = operations
        .iter()
        .find(|one| one["operation"] == "line_items.create");
    assert_eq!(
        create.unwrap()["alternatives"],
        json!([["crm.objects.line_items.write"]])
    );
    let (_, text, _) = scopes(&["crm.schemas.custom.write"]);
    let line = text
        .lines()
        .find(|line| line.trim_start().starts_with("schemas.create "));
    assert!(line.unwrap().ends_with("needs it"), "{text}");
}

#[test]
fn without_a_name_every_scope_is_listed() {
    let (_, stdout, _) = scopes(&["--format", "json"]);
    let answer: Value = serde_json::from_str(&stdout).unwrap();
    let all = answer["scopes"].as_array().unwrap();
    assert!(all.iter().any(|one| one["scope"] == "tickets"));
    assert!(all.len() > 200);
}

#[test]
fn an_unknown_name_is_told_with_the_nearest() {
    let (status, _, stderr) = scopes(&["crm.object.contacts.read"]);
    assert_eq!(status, Some(2));
    assert!(
        stderr.starts_with(
            "error: no scope and no operation is called `crm.object.contacts.read`; near it are `crm.objects.contacts.read`"
        ),
        "{stderr}"
    );
    let (status, _, stderr) = scopes(&["contacts.lst"]);
    assert_eq!(status, Some(2));
    assert!(stderr.contains("near it are `contacts.list`"), "{stderr}");
}

#[test]
fn the_install_link_is_made_of_the_app_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("app-hsmeta.json");
    let app =
        |auth: Value| fs::write(&file, json!({ "config": { "auth": auth } }).to_string()).unwrap();
    let link = |more: &[&str]| {
        let file = file.to_str().unwrap();
        let base = [
            "--install-url",
            "--client-id",
            "the-id",
            "--redirect-uri",
            "https://example.com/callback?a=b",
            "--app-file",
            file,
            "--state",
            "s&t",
        ];
        scopes(&[&base, more].concat())
    };
    let address = "https://example.com/callback?a=b";
    app(json!({
        "type": "oauth", "redirectUrls": [address], "requiredScopes": ["oauth", "tickets"],
        "conditionallyRequiredScopes": ["forms"], "optionalScopes": ["crm.lists.read"],
    }));
    let (status, stdout, stderr) = link(&["--account", "7"]);
    assert_eq!(status, Some(0), "{stderr}");
    assert_eq!(
        stdout,
        "https://app.hubspot.com/oauth/7/authorize?client_id=the-id\
         &redirect_uri=https%3A%2F%2Fexample.com%2Fcallback%3Fa%3Db&scope=oauth%20tickets\
         &optional_scope=crm.lists.read&state=s%26t\n"
    );
    let (_, stdout, _) = link(&["--with-conditional", "--scope", "files"]);
    assert!(
        stdout.contains("&scope=files%20oauth%20tickets%20forms&"),
        "{stdout}"
    );

    let (status, _, stderr) = link(&["--scope", "file"]);
    assert_eq!(status, Some(2));
    assert!(
        stderr.contains("HubSpot has no scope `file`; near it are `files`"),
        "{stderr}"
    );
    app(json!({ "type": "static", "requiredScopes": ["tickets"] }));
    assert!(link(&[]).2.contains("has no install link"));
    app(json!({ "redirectUrls": ["https://example.com/other"], "requiredScopes": ["tickets"] }));
    assert!(
        link(&[])
            .2
            .contains("does not list `https://example.com/callback?a=b`")
    );
    app(json!({ "redirectUrls": [address] }));
    assert!(link(&[]).2.contains("the link needs scopes"));
    fs::write(&file, "{}").unwrap();
    assert!(link(&[]).2.contains("has no `config`, at line 1 column 1"));
    fs::write(&file, "{").unwrap();
    assert!(link(&[]).2.contains("is not JSON: EOF while parsing"));
}

#[test]
fn a_reader_that_has_seen_enough_is_no_fault() {
    for format in ["text", "json"] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-hubspot"));
        command.args(["hubspot", "scopes", "--format", format]);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut running = command.spawn().unwrap();
        drop(running.stdout.take());
        let output = running.wait_with_output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success() && stderr.is_empty(), "{stderr}");
    }
}
