//! `cargo hubspot audit --used`.

use super::repository::{Repository, assert_expected};

const AUDIT: [&str; 3] = ["audit", "--offline", "--quiet"];

/// A day, and the second of 2026-11-26.
const DAY: u64 = 24 * 60 * 60;
const NOW: u64 = 1_795_651_200;

/// What a recorder saved: contacts were listed yesterday, companies 40 days ago, owners by a raw request.
fn recorded(program: &str, since: u64) -> String {
    let operation = |id: &str, path: &str, days: u64| {
        let last = NOW - days * DAY;
        serde_json::json!({ "id": id, "method": "GET", "path": path, "calls": 7, "last_used": last })
    };
    let usage = serde_json::json!({
        "format": 1,
        "program": program,
        "client": "0.1.0",
        "since": since,
        "until": NOW,
        "operations": [
            operation("v3.contacts.list", "/crm/v3/objects/contacts", 1),
            operation("companies.list", "/crm/objects/2026-09/companies", 40),
        ],
        "raw": [
            { "method": "GET", "path": "/crm/owners/2026-09/{}", "calls": 3, "last_used": NOW },
            { "method": "POST", "path": "/some/path", "calls": 1, "last_used": NOW },
        ],
        "not_counted": 0,
    });
    usage.to_string()
}

#[test]
fn scopes_that_production_does_not_use_are_found() {
    let repository = Repository::new("used");
    repository.git(&["checkout", "--quiet", "2-call-added"]);
    let run =
        |file: &str, more: &[&str]| repository.run(&[&AUDIT[..], &["--used", file], more].concat());
    repository
        .workspace
        .write("used.json", &recorded("acme-used", NOW - 60 * DAY));
    let (status, stdout, stderr) = run("used.json", &[]);
    assert_eq!((status, stderr.as_str()), (Some(0), ""));
    assert_expected("used.text", &stdout);
    let (status, _, stderr) = run("used.json", &["--deny", "idle"]);
    assert_eq!(status, Some(1));
    assert_eq!(stderr, "error: 2 findings are denied\n");
    // 50 days ago, companies were in use.
    let (_, stdout, _) = run("used.json", &["--used-days", "50"]);
    assert!(
        !stdout.contains("`crm.objects.companies.read` was not used"),
        "{stdout}"
    );
    let scope = "`crm.objects.contacts.write` was not used in the last 50 days";
    assert!(stdout.contains(scope), "{stdout}");
    let (_, stdout, _) = run("used.json", &["--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&stdout).expect("it is JSON");
    assert_eq!(json["used"]["calls"][0]["call"], "v3.contacts.list");

    // Two weeks say less.
    repository
        .workspace
        .write("used.json", &recorded("acme-used", NOW - 14 * DAY));
    let (_, stdout, _) = run("used.json", &[]);
    let scope = "was not used in the 14 days that were recorded, until 2026-11-26";
    assert!(stdout.contains(scope), "{stdout}");
}

#[test]
fn a_log_as_csv_is_usage_too() {
    let repository = Repository::new("log");
    repository.git(&["checkout", "--quiet", "2-call-added"]);
    let log = "at;verb\n".replace(';', ",");
    let rows = "2026-11-01T00:00:00Z,GET,https://api.hubapi.com/crm/v3/objects/contacts?limit=100,200\n\
                2026-11-25T00:00:00Z,DELETE,/crm/objects/2026-09/contacts/17,204\n\
                2026-11-25T00:00:00Z,GET,/crm/objects/2026-09/companies,403\n";
    repository
        .workspace
        .write("log.csv", &format!("{},url,code\n{rows}", log.trim()));
    let columns = "method=verb,path=url,status=code,time=at";
    let arguments = ["--used", "log.csv", "--columns", columns];
    let (status, stdout, stderr) = repository.run(&[&AUDIT[..], &arguments].concat());
    assert_eq!(status, Some(0), "{stderr}");
    let idle: Vec<_> = stdout
        .lines()
        .filter(|line| line.contains("[idle]"))
        .collect();
    let expected = "warning[idle]: the scope `crm.objects.companies.read` was not used in the 24 days that were recorded, until \
                    2026-11-25";
    assert_eq!(idle, [expected]);
}

#[test]
fn usage_that_cannot_be_used_says_what_to_do() {
    let repository = Repository::new("no-use");
    let files = [
        ("own.json", recorded("acme-no-use", NOW)),
        ("other.json", recorded("other", NOW)),
        ("new.json", r#"{"format": 2}"#.to_owned()),
        ("odd.json", r#"{"a": 1}"#.to_owned()),
        ("part.json", r#"{"format": 1, "program": "a"}"#.to_owned()),
        ("log.csv", "verb,url\nGET,/a\n".to_owned()),
    ];
    for (name, text) in &files {
        repository.workspace.write(name, text);
    }
    for (arguments, fault) in [
        (
            &["--used", "own.json", "other.json"][..],
            "`own.json` is of the program `acme-no-use`, and `other.json` of `other`: audit each with its own files",
        ),
        (
            &["--used", "other.json"],
            "the usage is of the program `other`, and `acme-no-use` was audited: name the package of the program with `--package`",
        ),
        (
            &["--used", "new.json"],
            "`new.json` cannot be used: it has format 2, and this version of cargo-hubspot knows 1",
        ),
        (
            &["--used", "odd.json"],
            "it is not what a `ScopeRecorder` saves: it has no `format`",
        ),
        (
            &["--used", "part.json"],
            "it is not what a `ScopeRecorder` saves: missing field `since`",
        ),
        (
            &["--used", "log.csv"],
            "for a log as CSV, name its columns, as in `--columns method=verb,path=url,status=code`",
        ),
        (
            &["--used", "log.csv", "--columns", "method=verb,path=path"],
            "`log.csv` cannot be used: it has no column `path`; it has `verb`, `url`",
        ),
        (
            &["--used", "log.csv", "--columns", "verb"],
            "`verb` names no column",
        ),
        (&["--used", "none.json"], "cannot read `none.json`"),
    ] {
        let (status, stdout, stderr) = repository.run(&[&AUDIT[..], arguments].concat());
        assert_eq!((status, stdout.as_str()), (Some(2), ""), "{stderr}");
        assert!(stderr.contains(fault), "{arguments:?}: {stderr}");
    }
}
