//! `cargo hubspot migrate`.

use super::repository::{Repository, assert_expected};
use super::workspace::texts;

const MIGRATE: [&str; 5] = ["migrate", "v3", "2026-09", "--offline", "--quiet"];

/// Calls of each outcome, as typed calls and as raw requests.
const CALLS: &str = r#"
/// Archives a contact, and what an older job wrote.
pub async fn clean(hubspot: &Client<AcmeScopes>, id: &str, path: &str) -> Result<(), Error> {
    hubspot.v3().contacts().archive(id).await?;
    let contacts = hubspot.v3().contacts();
    contacts.archive(id).await?;
    let raw = hubspot.request(hubspot_generated::Method::Delete, &format!("/crm/v3/objects/contacts/{id}"));
    raw.send().await.map(drop)?;
    let raw = hubspot.request(hubspot_generated::Method::Get, "/crm/v3/owners");
    raw.send().await.map(drop)?;
    hubspot.request(hubspot_generated::Method::Get, path).send().await.map(drop)
}
"#;

fn with_calls(name: &str) -> Repository {
    let repository = Repository::new(name);
    repository.git(&["checkout", "--quiet", "-B", "main", "3-scope-optional"]);
    let source = repository.read("src/lib.rs");
    repository.workspace.write("src/lib.rs", &(source + CALLS));
    repository.commit("Clean up");
    repository
}

#[test]
fn calls_of_an_older_version_are_found_and_rewritten() {
    let repository = with_calls("migrate");
    let run = |more: &[&str]| repository.run(&[&MIGRATE[..], more].concat());
    let (status, stdout, stderr) = run(&[]);
    assert_eq!(status, Some(0), "{stderr}");
    assert_expected("migrate.text", &stdout);
    assert_expected("migrate.notes", &stderr);
    let before = repository.read("src/lib.rs");

    let (status, _, stderr) = run(&["--fix", "--fix-responses", "--dry-run"]);
    assert_eq!(status, Some(0), "{stderr}");
    assert_expected("migrate.fix", &stderr);
    assert_eq!(repository.read("src/lib.rs"), before);
    // A file with changes that could not be restored is left alone.
    repository
        .workspace
        .write("src/lib.rs", &format!("{before}// not committed\n"));
    let (status, _, stderr) = run(&["--fix"]);
    assert_eq!(status, Some(2));
    assert!(
        stderr
            .ends_with("error: not committed: src/lib.rs; commit first, or add `--allow-dirty`\n"),
        "{stderr}"
    );
    repository.git(&["checkout", "--quiet", "src/lib.rs"]);
    let (status, _, stderr) = run(&["--fix", "--fix-responses"]);
    assert_eq!(status, Some(0), "{stderr}");
    let mut check = repository.workspace.cargo("check");
    check.env("CARGO_TARGET_DIR", super::workspace::shared_target());
    let check = check.output().expect("cargo can be run");
    assert!(check.status.success(), "{:?}", texts(&check));
    // What is left cannot be rewritten.
    let (status, stdout, _) = run(&["--deny", "renamed"]);
    assert_eq!(status, Some(1));
    assert!(
        stdout.ends_with("migrate v3 to 2026-09: 1 unknown, 1 renamed\n"),
        "{stdout}"
    );
}

#[test]
fn a_list_of_paths_needs_no_code() {
    let repository = Repository::new("paths");
    let list = "GET /crm/v3/objects/contacts/{contactId}\nhttps://api.hubapi.com/crm/v3/owners\nGET /crm/v3/nothing\n\
                POST /crm/v3/objects/contacts\nPOST /crm/v3/objects/contacts?hapikey=secret\n\
                https://example.com/crm/v3/objects/contacts\nodd line\n";
    repository.workspace.write("paths.txt", list);
    let run = |more: &[&str]| {
        repository.run(&[&["migrate", "v3", "--paths", "paths.txt"], more].concat())
    };
    let (status, stdout, stderr) = run(&[]);
    let note = "note: 2 lines of `paths.txt` are no path of HubSpot\n";
    assert_eq!((status, stderr.as_str()), (Some(0), note));
    assert_expected("paths.text", &stdout);
    let (_, stdout, _) = run(&["--format", "json"]);
    assert_expected("paths.json", &stdout);
    let (status, _, stderr) = run(&["--deny", "unknown,gone"]);
    assert_eq!(status, Some(1));
    assert_eq!(stderr, format!("{note}error: 2 calls are denied\n"));
}

#[test]
fn what_cannot_be_migrated_says_what_to_do() {
    let repository = Repository::new("no-paths");
    repository
        .workspace
        .write("paths.txt", "a log,of another kind\n");
    for (arguments, fault) in [
        (
            &["migrate", "v3", "--paths", "paths.txt"][..],
            "`paths.txt` is no list of paths: each line needs a path",
        ),
        (
            &["migrate", "v3", "--paths", "none.txt"],
            "cannot read `none.txt`",
        ),
        (
            &["migrate", "v9"],
            "`v9` is no older version that is known: choose one of v1, v2, v3, v4, 2026-03",
        ),
        (
            &["migrate", "2026-09"],
            "`2026-09` is no older version that is known",
        ),
        (
            &["migrate", "v3", "v1"],
            "calls can be migrated to 2026-09, the current version, and not to `v1`",
        ),
        (
            &["migrate", "v3", "--allow-dirty"],
            "`--allow-no-vcs`, `--allow-dirty` and `--allow-staged` need `--fix`",
        ),
    ] {
        let (status, stdout, stderr) = repository.run(arguments);
        assert_eq!((status, stdout.as_str()), (Some(2), ""), "{stderr}");
        assert!(stderr.contains(fault), "{stderr}");
    }
}
