//! `cargo hubspot fix`.

use std::fs;

use super::repository::{Repository, assert_expected};
use super::workspace::{shared_target, texts};

const FIX: [&str; 3] = ["fix", "--offline", "--quiet"];

/// Calls whose scopes are not declared: one scope, one of two, and one that is optional.
const CALLS: &str = r#"//! Copies contacts and companies to a database.

use hubspot_generated::{Client, Error};

hubspot_generated::scope_set! {
    /// What the app is installed with.
    pub struct AcmeScopes {
        required: [
            "oauth", // the login
            "crm.objects.companies.read",
        ],
        optional: ["crm.objects.contacts.write"],
    }
}

/// Copies every contact and line item.
pub async fn copy(hubspot: &Client<AcmeScopes>) -> Result<(), Error> {
    hubspot.contacts().list().send().await?;
    hubspot.contacts().get("1").send().await?;
    hubspot.line_items().list().send().await?;
    Ok(())
}
"#;

/// What has to be done by hand.
const BY_HAND: &str = r#"
pub async fn forget(hubspot: &Client<AcmeScopes>) -> Result<(), Error> {
    hubspot.contacts().archive("1").await
}

pub async fn firms<S>(hubspot: &Client<S>) -> Result<u8, Error> {
    hubspot.companies().archive("1").await?;
    Ok("one")
}
"#;

const APP: &str = r#"{
  "uid": "acme",
  "type": "app",
  "config": {
    "name": "Acme",
    "auth": {
      "type": "oauth",
      "redirectUrls": ["https://acme.example/callback"],
      "requiredScopes": ["oauth", "crm.objects.companies.read"],
      "optionalScopes": ["crm.objects.contacts.write"]
    }
  }
}
"#;

fn repository(name: &str, source: &str) -> Repository {
    let repository = Repository::new(name);
    repository.workspace.write("src/lib.rs", source);
    repository.workspace.write("src/app/app-hsmeta.json", APP);
    repository.commit("Copy more");
    repository
}

/// Runs the command; cargo's own messages are left out.
fn run(repository: &Repository, more: &[&str]) -> (Option<i32>, String, String) {
    let (status, stdout, stderr) = repository.run(&[&FIX[..], more].concat());
    let own = stderr.split_inclusive('\n');
    let own = own.filter(|line| !line.starts_with("error: could not compile"));
    (status, stdout, own.collect())
}

fn assert_compiles(repository: &Repository) {
    let mut check = repository.workspace.cargo("check");
    check.env("CARGO_TARGET_DIR", shared_target());
    let check = check.output().expect("cargo can be run");
    assert!(check.status.success(), "{:?}", texts(&check));
}

#[test]
fn missing_scopes_are_added_to_the_set_and_the_app_file() {
    let repository = repository("fix", CALLS);
    let (status, stdout, stderr) = run(&repository, &["--dry-run"]);
    assert_eq!((status, stdout.as_str()), (Some(0), ""), "{stderr}");
    assert_expected("fix.diff", &stderr);
    assert_eq!(repository.read("src/lib.rs"), CALLS);

    let (status, _, stderr) = run(&repository, &[]);
    assert_eq!(status, Some(0), "{stderr}");
    assert_compiles(&repository);
    let app = repository.read("src/app/app-hsmeta.json");
    let app: serde_json::Value = serde_json::from_str(&app).expect("it is JSON");
    let required = [
        "oauth",
        "crm.objects.companies.read",
        "crm.objects.contacts.read",
        "crm.objects.line_items.read",
    ];
    assert_eq!(
        app["config"]["auth"]["requiredScopes"],
        serde_json::json!(required)
    );
    let again = run(&repository, &[]);
    assert_eq!(
        again,
        (Some(0), String::new(), "nothing to fix\n".to_owned())
    );
}

#[test]
fn what_is_left_is_said() {
    let repository = repository("by-hand", &format!("{CALLS}{BY_HAND}"));
    let (status, _, stderr) = run(&repository, &[]);
    assert_eq!(status, Some(1));
    assert_expected("by-hand.fix", &stderr);
    let (status, _, stderr) = run(&repository, &["--dry-run"]);
    assert_eq!(status, Some(1));
    assert!(stderr.ends_with("nothing to fix\n"), "{stderr}");
}

/// An editor gets rustc's messages with the edit, which makes the code compile.
#[test]
fn an_editor_gets_a_quick_fix() {
    let repository = repository("quick", CALLS);
    let (status, stdout, _) = run(&repository, &["--format", "rustc-json"]);
    assert_eq!(status, Some(0));
    let lines = stdout
        .lines()
        .map(serde_json::from_str::<serde_json::Value>);
    let lines = lines
        .collect::<Result<Vec<_>, _>>()
        .expect("each line is JSON");
    let errors = lines.iter().map(|line| &line["message"]);
    let errors = errors.filter(|message| message["code"]["code"] == "E0277");
    let children = errors.flat_map(|error| error["children"].as_array().expect("it has children"));
    let fixes = children.filter(|child| child["spans"][0]["suggested_replacement"].is_string());
    let fixes: Vec<_> = fixes
        .filter(|fix| {
            fix["message"]
                .as_str()
                .is_some_and(|text| text.starts_with("declare "))
        })
        .collect();
    assert!(fixes.len() >= 3, "{stdout}");
    let line_items = fixes
        .iter()
        .find(|fix| fix["message"] == "declare `crm.objects.line_items.read` in `AcmeScopes`: every installed account has to consent again");
    let span = &line_items.expect("the least powerful scope is suggested")["spans"][0];
    assert_eq!(
        (
            &span["file_name"],
            &span["line_start"],
            &span["column_start"]
        ),
        (&"src/lib.rs".into(), &8.into(), &19.into())
    );
    let range = ["byte_start", "byte_end"].map(|key| {
        usize::try_from(span[key].as_u64().expect("it is a number")).expect("it is small")
    });
    let mut after = CALLS.to_owned();
    let new = span["suggested_replacement"].as_str().expect("it is text");
    after.replace_range(range[0]..range[1], new);
    assert!(after.contains("\"oauth\", // the login\n            \"crm.objects.companies.read\",\n            \"crm.objects.line_items.read\","), "{after}");
}

/// HubSpot's 403, as its documentation has it.
fn body(message: &str, scopes: &str) -> String {
    format!(
        r#"{{"status":"error","message":"This app hasn't been granted all required scopes to make this call.","correlationId":"c",
        "errors":[{{"message":"{message}","context":{{"requiredGranularScopes":[{scopes}]}}}}],"links":{{"scopes":"…"}},"category":"MISSING_SCOPES"}}"#
    )
}

#[test]
fn a_403_says_what_is_missing() {
    let repository = repository("forbidden", CALLS);
    let refused = |text: &str, more: &[&str]| {
        repository.workspace.write("body.json", text);
        run(&repository, &[&["--from-403", "body.json"], more].concat())
    };
    let one = body(
        "One or more of the following scopes are required.",
        r#""crm.objects.deals.write","crm.objects.deals.read""#,
    );
    let (status, _, stderr) = refused(&one, &["--dry-run"]);
    assert_eq!(status, Some(0), "{stderr}");
    assert_expected("forbidden.diff", &stderr);
    // A scope that this version does not know, and one that is declared.
    let all = body(
        "All of the following scopes are required.",
        r#""crm.new.read","crm.objects.companies.read""#,
    );
    let (status, _, stderr) = refused(&all, &["--dry-run"]);
    assert_eq!(status, Some(0), "{stderr}");
    assert!(
        stderr.contains("+        unlisted: [\"crm.new.read\"],\n"),
        "{stderr}"
    );
    let granted = body(
        "All of the following scopes are required.",
        r#""crm.objects.companies.read""#,
    );
    let (status, _, stderr) = refused(&granted, &[]);
    assert_eq!(status, Some(1));
    assert_eq!(
        stderr,
        "note: `AcmeScopes` declares `crm.objects.companies.read` already: the account has not granted it, and has to consent again\nnothing to fix\n"
    );
}

#[test]
fn what_cannot_be_used_changes_nothing() {
    let repository = repository("no-fix", CALLS);
    let folder = repository.workspace.folder();
    for (text, arguments, fault) in [
        (
            "<html>Forbidden</html>",
            &["--from-403", "input"][..],
            "`input` cannot be used: it is HTML, from a proxy or a browser",
        ),
        (
            r#"{"category":"RATE_LIMIT"}"#,
            &["--from-403", "input"],
            "it is about `RATE_LIMIT`, and not about missing scopes",
        ),
        (
            "error[E0277]: no JSON",
            &["--from", "input"],
            "`input`: not the output of `cargo check --message-format=json`",
        ),
        (
            r#"{"context":{"requiredScopes":["a.b"]}}"#,
            &["--from-403", "input", "--set", "Other"],
            "there is no scope set `Other`; there are `AcmeScopes@src/lib.rs`",
        ),
        ("", &["--from", "nowhere"], "cannot read `nowhere`"),
    ] {
        fs::write(folder.join("input"), text).expect("the folder is writable");
        let (status, _, stderr) = run(&repository, arguments);
        assert_eq!(status, Some(2), "{stderr}");
        assert!(stderr.contains(fault), "{stderr}");
        assert_eq!(repository.read("src/lib.rs"), CALLS);
    }
    // An app file that cannot be read, and a file that could not be restored.
    let scopes = r#"{"context":{"requiredScopes":["crm.objects.deals.read"]}}"#;
    fs::write(folder.join("input"), scopes).expect("the folder is writable");
    repository.workspace.write("src/app/app-hsmeta.json", "{");
    let (status, _, stderr) = run(&repository, &["--from-403", "input"]);
    assert_eq!(status, Some(2), "{stderr}");
    assert!(stderr.contains("app-hsmeta.json` is not JSON"), "{stderr}");
    repository
        .workspace
        .write("src/app/app-hsmeta.json", &APP.replace("Acme\"", "Other\""));
    let (status, _, stderr) = run(&repository, &["--from-403", "input"]);
    assert_eq!(status, Some(2), "{stderr}");
    assert!(
        stderr.ends_with(
            "error: not committed: src/app/app-hsmeta.json; commit first, or add `--allow-dirty`\n"
        ),
        "{stderr}"
    );
    assert_eq!(repository.read("src/lib.rs"), CALLS);
    let two = format!("{CALLS}hubspot_generated::scope_set! {{ struct Other {{}} }}\n");
    repository.workspace.write("src/lib.rs", &two);
    let (status, _, stderr) = run(&repository, &["--from-403", "input"]);
    assert_eq!(status, Some(2), "{stderr}");
    assert!(stderr.contains("there are several scope sets: name one with `--set`, of `AcmeScopes@src/lib.rs` and `Other@src/lib.rs`"), "{stderr}");
}
