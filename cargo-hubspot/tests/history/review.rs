//! `cargo hubspot review`, each commit against the one before it.

use std::fs;

use super::repository::{COMMITS, Repository, assert_expected};
use super::workspace::{shared_target, texts};

/// The arguments of a review.
fn review<'a>(base: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    [&["review", base, "--offline", "--quiet"], more].concat()
}

#[test]
fn every_commit_has_a_verdict() {
    let repository = Repository::new("review");
    for pair in COMMITS.windows(2) {
        let [base, commit] = pair else { continue };
        repository.git(&["checkout", "--quiet", commit]);
        for format in ["text", "markdown"] {
            let (status, stdout, stderr) = repository.run(&review(base, &["--format", format]));
            assert_eq!((status, stderr.as_str()), (Some(0), ""));
            assert_expected(&format!("{commit}.{format}"), &stdout);
        }
    }
    assert_eq!(repository.run(&["lock", "--offline", "--quiet"]).0, Some(0));
    let (_, unchanged, _) = repository.run(&review("hubspot-scopes.lock", &[]));
    assert_eq!(
        unchanged,
        "review: compared with the lock `hubspot-scopes.lock`. Calls and scopes are the same.\n"
    );
}

#[test]
fn a_lock_an_audit_and_a_revision_give_the_same_verdict() {
    let repository = Repository::new("bases");
    repository.git(&["checkout", "--quiet", "1-start"]);
    assert_eq!(repository.run(&["lock", "--offline", "--quiet"]).0, Some(0));
    let (_, audit, _) = repository.run(&["audit", "--format", "json", "--offline", "--quiet"]);
    repository.workspace.write("audit.json", &audit);
    repository.git(&["checkout", "--quiet", "2-call-added"]);
    let changes = |base: &str, more: &[&str]| {
        let (status, stdout, stderr) =
            repository.run(&review(base, &[&["--format", "json"], more].concat()));
        assert_eq!(status, Some(0), "{stderr}");
        let review: serde_json::Value = serde_json::from_str(&stdout).expect("it is JSON");
        assert_eq!(review["format"], 1);
        review["changes"].clone()
    };
    let of_revision = changes("1-start", &[]);
    assert_eq!(of_revision[0]["kind"], "required");
    assert_eq!(of_revision[0]["subject"], "crm.objects.contacts.write");
    assert_eq!(of_revision[0]["because"][0]["place"]["line"], 26);
    assert_eq!(changes("audit.json", &[]), of_revision);
    assert_eq!(changes("hubspot-scopes.lock", &[]), of_revision);

    // The lock of a revision is read instead of its code, unless it is ignored.
    repository.git(&["checkout", "--quiet", "-B", "main", "1-start"]);
    repository.commit("Lock");
    repository.git(&["tag", "locked"]);
    repository.apply("2-call-added");
    fs::remove_file(repository.workspace.folder().join("hubspot-scopes.lock"))
        .expect("it is there");
    assert_eq!(changes("locked", &[]), of_revision);
    assert_eq!(changes("locked", &["--ignore-lock"]), of_revision);
    let (status, _, stderr) = repository.run(&review("locked", &["--deny", "required,undeclared"]));
    assert_eq!(
        (status, stderr.as_str()),
        (Some(1), "error: 1 change is denied\n")
    );
    let (status, _, _) = repository.run(&review("locked", &["--deny", "optional"]));
    assert_eq!(status, Some(0));
}

#[test]
fn the_sarif_is_valid() {
    let repository = Repository::new("sarif");
    repository.git(&["checkout", "--quiet", "2-call-added"]);
    let (_, stdout, _) = repository.run(&review("1-start", &["--format", "sarif"]));
    let log: serde_json::Value = serde_json::from_str(&stdout).expect("it is JSON");
    let schema = include_str!("../render/sarif-schema-2.1.0.json");
    let mut schema: serde_json::Value = serde_json::from_str(schema).expect("the schema is JSON");
    // Its regular expression is none; we name no language.
    for place in ["run", "toolComponent"] {
        schema["definitions"][place]["properties"]["language"] = serde_json::json!({});
    }
    let validator = jsonschema::validator_for(&schema).expect("it is a schema");
    let faults: Vec<_> = validator
        .iter_errors(&log)
        .map(|error| error.to_string())
        .collect();
    assert!(faults.is_empty(), "{faults:?}");
    let results = log["runs"][0]["results"]
        .as_array()
        .expect("a log has results");
    let kinds: Vec<_> = results
        .iter()
        .filter_map(|one| one["ruleId"].as_str())
        .collect();
    assert_eq!(kinds, ["required", "call"]);
    assert_eq!(
        results[0]["locations"][0]["physicalLocation"]["region"]["startLine"],
        26
    );
    // What is gone is shown at the scope set, or at the package's manifest.
    repository.git(&["checkout", "--quiet", "5-call-removed"]);
    let (_, stdout, _) = repository.run(&review("4-version-moved", &["--format", "sarif"]));
    let log: serde_json::Value = serde_json::from_str(&stdout).expect("it is JSON");
    let results = log["runs"][0]["results"]
        .as_array()
        .expect("a log has results");
    let places = results.iter().map(|one| {
        let place = &one["locations"][0]["physicalLocation"];
        let file = place["artifactLocation"]["uri"]
            .as_str()
            .unwrap_or_default();
        (file, place["region"]["startLine"].as_u64())
    });
    let places: Vec<_> = places.collect();
    assert_eq!(places, [("src/lib.rs", Some(6)), ("Cargo.toml", Some(1))]);
}

/// The message of a review that fails.
fn refused(repository: &Repository, base: &str) -> String {
    let (status, stdout, stderr) = repository.run(&review(base, &[]));
    assert_eq!((status, stdout.as_str()), (Some(2), ""), "{stderr}");
    stderr
}

#[test]
fn a_revision_that_cannot_be_used_says_what_to_do() {
    let repository = Repository::new("no-base");
    let refused = |base: &str| refused(&repository, base);
    assert_eq!(
        refused("nowhere"),
        "error: `nowhere` is neither a file nor a git revision\n"
    );

    repository.git(&["checkout", "--quiet", "-B", "main", "1-start"]);
    repository
        .workspace
        .write("src/lib.rs", "pub fn broken() -> u8 { \"one\" }\n");
    repository.commit("Broken");
    repository.git(&["tag", "broken"]);
    repository.apply("5-call-removed");
    let stderr = refused("broken");
    assert!(
        stderr.contains("error[E0308]: mismatched types"),
        "{stderr}"
    );
    let end = "error: the base `broken` cannot be audited (see above): to review against it, commit `hubspot-scopes.lock` \
               there, or name a lock or an audit's JSON as the base\n";
    assert!(stderr.ends_with(end), "{stderr}");

    let manifest = repository.read("Cargo.toml");
    let (without, _) = manifest
        .split_once("hubspot-generated")
        .expect("it depends on the client");
    repository.workspace.write("Cargo.toml", without);
    repository.workspace.write("src/lib.rs", "");
    repository.commit("Without");
    repository.git(&["tag", "without"]);
    repository.git(&["rm", "--quiet", "-r", "Cargo.toml"]);
    repository.commit("Empty");
    repository.git(&["tag", "empty"]);
    repository.git(&["checkout", "--quiet", "5-call-removed"]);
    let stderr = refused("without");
    assert!(
        stderr.starts_with("error: `without` does not use hubspot-generated"),
        "{stderr}"
    );
    assert!(refused("empty").contains("`empty` has no Cargo.toml where the workspace is now"));
    assert_unchanged(&repository);
}

/// Nothing was written, and no worktree is left.
fn assert_unchanged(repository: &Repository) {
    let output = repository.try_git(&["status", "--porcelain", "--untracked-files=all"]);
    assert_eq!(texts(&output).0.replace(" M Cargo.lock\n", ""), "");
    let output = repository.try_git(&["worktree", "list"]);
    assert_eq!(texts(&output).0.lines().count(), 1);
}

#[test]
fn a_file_that_cannot_be_used_says_what_to_do() {
    let repository = Repository::new("no-file");
    let folder = repository.workspace.folder();
    for (text, fault) in [
        ("{}", "is not the JSON of an audit: write it with"),
        (
            r#"{"format": 9}"#,
            "has format 9, and this version of cargo-hubspot knows 1",
        ),
        ("{", "is not JSON"),
        ("", "is not a lock of scopes; run `cargo hubspot lock`"),
        (
            "format 7\n",
            "has format 7, and this version of cargo-hubspot knows 1",
        ),
        ("=======\n>>>>>>> one\n", "a merge left conflict markers"),
    ] {
        fs::write(folder.join("base"), text).expect("the folder is writable");
        let stderr = refused(&repository, "base");
        assert!(stderr.contains(fault), "{text}: {stderr}");
    }
    fs::remove_file(folder.join("base")).expect("it is there");
    assert_unchanged(&repository);
}

#[test]
fn a_shallow_clone_is_told_how_to_get_the_base() {
    let repository = Repository::new("shallow");
    let folder = repository.workspace.folder();
    fs::write(folder.join(".git/shallow"), {
        let output = repository.try_git(&["rev-parse", "5-call-removed"]);
        texts(&output).0
    })
    .expect("the folder is writable");
    let (status, _, stderr) = repository.run(&review("HEAD~3", &[]));
    assert_eq!(status, Some(2));
    assert_eq!(
        stderr,
        "error: this clone is shallow and does not have `HEAD~3`: run `git fetch --unshallow`, or set `fetch-depth: 0` for \
         actions/checkout\n"
    );
}

/// A hook of git runs with variables that name its own repository. Other variables are the user's, and git gets them.
#[test]
fn the_environment_of_another_git_does_not_matter() {
    let repository = Repository::new("hook");
    repository.git(&["branch", "former", "4-version-moved"]);
    repository.git(&["update-ref", "refs/remotes/origin/far", "4-version-moved"]);
    let trace = repository.workspace.folder().join("target/trace");
    fs::create_dir_all(trace.parent().expect("it has a folder")).expect("the folder is writable");
    for base in ["former", "far"] {
        let mut command = repository.workspace.hubspot(&review(base, &[]));
        command.env("CARGO_TARGET_DIR", shared_target());
        for (name, value) in [
            ("GIT_DIR", "/nonexistent"),
            ("GIT_INDEX_FILE", "/nonexistent"),
        ] {
            command.env(name, value);
        }
        command.env("GIT_TRACE", &trace);
        let output = command.output().expect("the command can be run");
        let (stdout, stderr) = texts(&output);
        assert_eq!(output.status.code(), Some(0), "{stderr}");
        let shown = if base == "far" { "origin/far" } else { base };
        assert!(
            stdout.contains(&format!("review: compared with `{shown}`. Nobody has to")),
            "{stdout}"
        );
        let traced = fs::read_to_string(&trace).expect("git has written it");
        assert!(traced.contains("rev-parse"), "{traced}");
        fs::remove_file(&trace).expect("it is there");
    }
}

#[test]
fn a_lock_of_the_revision_that_is_damaged_can_be_ignored() {
    let repository = Repository::new("damaged");
    repository
        .workspace
        .write("hubspot-scopes.lock", "format 1\nscope odd\n");
    repository.commit("Damage the lock");
    let stderr = refused(&repository, "HEAD");
    assert!(stderr.contains("HEAD:hubspot-scopes.lock:2: "), "{stderr}");
    assert!(stderr.contains("add `--ignore-lock`"), "{stderr}");
    let (status, _, stderr) = repository.run(&review("HEAD", &["--ignore-lock"]));
    assert_eq!(status, Some(0), "{stderr}");
}
