//! `cargo hubspot certify`.

use hubspot_generated::Client;
use hubspot_mock::MockHubSpot;
use serde_json::{Value, json};

use super::repository::{Repository, assert_expected};

fn certify(repository: &Repository, more: &[&str]) -> (Option<i32>, String, String) {
    repository.run(&[&["certify", "--offline", "--quiet"], more].concat())
}

/// An archive of requests: method, path and status, a second apart.
fn archive(requests: &[(&str, &str, u16)]) -> String {
    let entries = (0..).zip(requests).map(|(second, (method, path, status))| {
        json!({
            "startedDateTime": format!("2026-11-26T00:{:02}:{:02}Z", second / 60, second % 60),
            "request": { "method": method, "url": format!("https://api.hubapi.com{path}") },
            "response": { "status": status },
        })
    });
    json!({ "log": { "entries": entries.collect::<Vec<_>>() } }).to_string()
}

const LIST: (&str, &str, u16) = ("GET", "/crm/v3/objects/contacts?limit=100", 200);
const REFRESH: (&str, &str, u16) = ("POST", "/oauth/2026-09/token", 200);

#[test]
fn a_good_run_passes() {
    let repository = Repository::new("certified");
    repository.git(&["checkout", "--quiet", "2-call-added"]);
    let mut requests = vec![LIST; 19];
    requests.extend([
        ("DELETE", "/crm/objects/2026-09/contacts/1", 404),
        REFRESH,
        LIST,
        ("POST", "/hooks/hubspot", 200),
    ]);
    repository.workspace.write("run.har", &archive(&requests));
    let (status, stdout, stderr) = certify(
        &repository,
        &["--journal", "run.har", "--webhooks", "/hooks"],
    );
    assert_eq!((status, stderr.as_str()), (Some(0), ""), "{stdout}");
    assert_expected("certify.pass", &stdout);
    // Without a run, only the code is checked.
    let (status, stdout, _) = certify(&repository, &["--format", "json"]);
    assert_eq!(status, Some(0));
    let json: Value = serde_json::from_str(&stdout).expect("it is JSON");
    let outcomes = json["checks"]
        .as_array()
        .expect("it is a list")
        .iter()
        .map(|check| check["outcome"].clone());
    let unchecked = ["passed", "unchecked", "unchecked", "unchecked", "unchecked"];
    assert_eq!(outcomes.collect::<Vec<_>>(), unchecked);
}

/// The requests of a program, recorded by the local HubSpot.
#[tokio::test]
async fn a_recording_of_the_local_hubspot_is_checked() {
    let repository = Repository::new("recorded");
    repository.git(&["checkout", "--quiet", "2-call-added"]);
    let hubspot = MockHubSpot::start().await.expect("it starts");
    let file = repository.workspace.folder().join("run.har");
    hubspot.record(&file).expect("it records");
    let client = |scopes: &[&str]| {
        let token = hubspot.account("acme").grant(scopes.iter().copied());
        let builder = Client::unchecked_builder().base_url(hubspot.url());
        builder.access_token(token).build().expect("it is built")
    };
    let all = client(&["crm.objects.contacts.read", "crm.objects.contacts.write"]);
    for _ in 0..20 {
        let list = all.v3().contacts().list().send().await;
        list.expect("it is granted");
    }
    let ada = hubspot.account("acme");
    let ada = ada.record("contacts", [("email", "ada@example.com")]);
    let archived = all.contacts().archive(ada.as_str()).await;
    archived.expect("it is granted");
    let (status, stdout, stderr) = certify(&repository, &["--journal", "run.har"]);
    assert_eq!((status, stderr.as_str()), (Some(0), ""), "{stdout}");
    assert!(
        stdout.contains("100.0 % of 21 calls succeeded\n"),
        "{stdout}"
    );

    let reader = client(&["crm.objects.contacts.read"]);
    for _ in 0..2 {
        let refused = reader.contacts().archive("1").await;
        assert!(refused.is_err_and(|error| error.status().is_some_and(|status| status == 403)));
    }
    let (status, stdout, stderr) = certify(&repository, &["--journal", "run.har"]);
    assert_eq!(
        (status, stderr.as_str()),
        (Some(1), "error: 2 checks failed\n"),
        "{stdout}"
    );
    for evidence in [
        "- [ ] At least 95 % of the calls succeed  \n  **Failed.** 91.3 % of 23 calls succeeded\n",
        "2 times: 403 from `contacts.archive` (src/lib.rs:26)\n",
    ] {
        assert!(stdout.contains(evidence), "{stdout}");
    }
    // A recording has no tokens, and the checklist no ids.
    assert!(!stdout.contains("contacts/1"), "{stdout}");
}

#[test]
fn what_fails_has_evidence_and_its_place_in_the_code() {
    let repository = Repository::new("turned-down");
    repository.git(&["checkout", "--quiet", "-B", "main", "2-call-added"]);
    let source = repository
        .read("src/lib.rs")
        .replace("\"oauth\", ", "\"oauth\", \"crm.objects.deals.read\", ");
    repository.workspace.write("src/lib.rs", &source);
    let archive_call = ("DELETE", "/crm/objects/2026-09/contacts/1", 403);
    let late = ("GET", "/crm/v3/objects/contacts", 401);
    let requests = [
        LIST,
        archive_call,
        archive_call,
        late,
        REFRESH,
        LIST,
        late,
        late,
        REFRESH,
        LIST,
        REFRESH,
        ("POST", "/hooks/hubspot", 500),
        // A method is what the log says, and a path keeps no values.
        ("<b>get`", "/odd/Ada@example.com?hapikey=1", 500),
    ];
    repository.workspace.write("run.har", &archive(&requests));
    let arguments = ["--journal", "run.har", "--webhooks", "/hooks"];
    let (status, stdout, stderr) = certify(&repository, &arguments);
    assert_eq!(
        (status, stderr.as_str()),
        (Some(1), "error: 5 checks failed\n")
    );
    assert_expected("certify.fail", &stdout);
    let (_, page, _) = certify(
        &repository,
        &[&arguments[..], &["--format", "html"]].concat(),
    );
    assert!(
        page.starts_with("<!doctype html>")
            && page.contains("&lt;B&gt;GET'")
            && !page.contains("<B>"),
        "{page}"
    );
    assert!(
        page.contains("<code>contacts.archive</code> (src/lib.rs:26)"),
        "{page}"
    );
}

#[test]
fn a_log_can_be_checked_and_files_of_other_kinds_are_refused() {
    let repository = Repository::new("certify-log");
    repository.git(&["checkout", "--quiet", "2-call-added"]);
    let log = "verb,url,code\nGET,/crm/v3/objects/contacts,200\nGET,/crm/v3/objects/contacts,500\n";
    repository.workspace.write("log.csv", log);
    repository.workspace.write("odd.har", "{}");
    let columns = [
        "--log",
        "log.csv",
        "--columns",
        "method=verb,path=url,status=code",
    ];
    let (status, stdout, _) = certify(&repository, &columns);
    assert_eq!(status, Some(1));
    assert!(stdout.contains("**Failed.** 50.0 % of 2 calls succeeded\n  - 1 time: 500 from `v3.contacts.list` (src/lib.rs:13)\n"), "{stdout}");
    for (arguments, fault) in [
        (
            &["--journal", "log.csv"][..],
            "`log.csv` is no HTTP archive: it is not JSON",
        ),
        (
            &["--journal", "odd.har"],
            "`odd.har` cannot be used: it is no HTTP archive: it has no `log.entries`",
        ),
        (&["--journal", "none.har"], "cannot read `none.har`"),
        (
            &["--log", "log.csv", "--columns", "method=verb,path=path"],
            "it has no column `path`; it has `verb`, `url`, `code`",
        ),
        (&["--log", "log.csv"], "--columns <COLUMNS>"),
    ] {
        let (status, stdout, stderr) = certify(&repository, arguments);
        assert_eq!((status, stdout.as_str()), (Some(2), ""), "{stderr}");
        assert!(stderr.contains(fault), "{stderr}");
    }
}
