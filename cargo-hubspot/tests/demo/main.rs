//! Audits the demo program with one scope too many: report, gate, fix, baseline and page.

mod live;
mod page;
#[path = "../shapes/workspace.rs"]
#[expect(dead_code, reason = "the shapes use all of it")]
mod workspace;

use std::fs;
use std::path::Path;
use std::process::Command;

use workspace::{Workspace, shared_target, texts};

/// The scope that nothing needs.
const UNUSED: &str = "forms";

const MANIFEST: &str = r#"[workspace]

[package]
name = "NAME"
version = "0.1.0"
edition = "2024"

[dependencies]
hubspot-generated = { path = "../../../../hubspot-generated" }
"#;

const MAIN: &str = r#"//! The demo, as a user's program.

mod program;

use hubspot_generated::Client;

async fn all(hubspot: &Client<program::DemoScopes>) -> Result<(), hubspot_generated::Error> {
    program::run(hubspot, &mut |line| println!("{line}")).await
}

fn main() {
    drop(all);
}
"#;

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// The demo program with one more scope in its scope set and its app file.
fn demo(name: &str) -> Workspace {
    let program = repository().join("hubspot-generated/examples/demo/program.rs");
    let program = fs::read_to_string(program).unwrap();
    let last = "            \"crm.schemas.custom.write\",\n";
    assert!(program.contains(last), "the demo has changed");
    let more = format!("{last}            \"{UNUSED}\", // the landing pages\n");
    let program = program.replace(last, &more);
    let manifest = MANIFEST.replace("NAME", name);
    let lock = fs::read_to_string(repository().join("Cargo.lock")).unwrap();
    let files = [
        ("Cargo.toml", manifest.as_str()),
        ("src/main.rs", MAIN),
        ("src/program.rs", &program),
        ("src/app/app-hsmeta.json", APP_FILE),
        ("Cargo.lock", &lock),
    ];
    Workspace::new(name, &files)
}

const APP_FILE: &str = r#"{
  "uid": "nightly_sync",
  "type": "app",
  "config": {
    "name": "Nightly sync",
    "auth": {
      "type": "oauth",
      "redirectUrls": ["https://sync.example.com/hubspot/callback"],
      "requiredScopes": [
        "oauth",
        "forms",
        "crm.objects.contacts.read",
        "crm.objects.contacts.write",
        "crm.objects.companies.read",
        "crm.objects.companies.write",
        "crm.objects.line_items.write",
        "crm.schemas.custom.write"
      ]
    }
  }
}
"#;

/// The block of the README that begins with `first`.
fn in_readme(first: &str) -> String {
    let readme = fs::read_to_string(repository().join("README.md")).unwrap();
    let mut blocks = readme.split("```").skip(1).step_by(2);
    let block = blocks.find(|block| block.contains(first));
    let block = block.unwrap_or_else(|| panic!("the README has no block with {first:?}"));
    let (_, text) = block.split_once('\n').unwrap();
    text.to_owned()
}

/// An audit of the workspace. All audits share a target folder.
fn audit(workspace: &Workspace, arguments: &[&str]) -> Command {
    let mut audit = workspace.audit(arguments);
    audit.env("CARGO_TARGET_DIR", shared_target());
    audit
}

fn git(workspace: &Workspace, arguments: &[&str]) {
    let mut git = Command::new("git");
    git.args(arguments).current_dir(workspace.folder());
    assert!(git.output().unwrap().status.success(), "{arguments:?}");
}

/// Commits all files of the workspace to a new repository.
fn commit(workspace: &Workspace) {
    git(workspace, &["init", "--quiet"]);
    git(workspace, &["add", "."]);
    let [name, email] = ["user.name=Test", "user.email=test@example.com"];
    git(
        workspace,
        &[
            "-c",
            name,
            "-c",
            email,
            "commit",
            "--quiet",
            "--message",
            "All",
        ],
    );
}

#[test]
fn the_readme_shows_what_is_printed() {
    let workspace = demo("nightly-sync");
    let output = audit(&workspace, &["--deny", "unused"]).output().unwrap();
    let (stdout, stderr) = texts(&output);
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    assert_eq!(stderr, "error: 1 finding is denied\n");
    assert!(
        stdout == in_readme("warning[unused]"),
        "the audit prints:\n{stdout}"
    );

    let output = audit(&workspace, &["--fix"]).output().unwrap();
    let (_, stderr) = texts(&output);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        stderr.ends_with(
            "error: not under version control: src/program.rs, src/app/app-hsmeta.json; nothing was written, add \
             `--allow-no-vcs` to change them all the same\n"
        ),
        "{stderr}"
    );
    commit(&workspace);
    let output = audit(&workspace, &["--fix"]).output().unwrap();
    let (_, stderr) = texts(&output);
    assert!(
        stderr == in_readme("+++ src/program.rs"),
        "the fix prints:\n{stderr}"
    );

    let output = audit(&workspace, &["--deny", "all"]).output().unwrap();
    let (stdout, stderr) = texts(&output);
    assert_eq!(output.status.code(), Some(0), "{stdout}{stderr}");
    assert!(stdout.ends_with("audit: no findings\n"), "{stdout}");
    let program = fs::read_to_string(workspace.folder().join("src/program.rs")).unwrap();
    assert!(!program.contains("// the landing pages") && !program.contains("\"forms\""));
    let app = fs::read_to_string(workspace.folder().join("src/app/app-hsmeta.json")).unwrap();
    assert_eq!(app, APP_FILE.replace("        \"forms\",\n", ""));
}

#[test]
fn a_dry_run_changes_nothing_and_git_is_asked() {
    let workspace = demo("dry-run");
    let program = || fs::read_to_string(workspace.folder().join("src/program.rs")).unwrap();
    let before = program();
    let output = audit(&workspace, &["--fix", "--dry-run"]).output().unwrap();
    let (_, stderr) = texts(&output);
    assert!(stderr.contains("-            \"forms\""), "{stderr}");
    assert!(stderr.ends_with("2 files would change\n"), "{stderr}");
    assert_eq!(program(), before);

    git(&workspace, &["init", "--quiet"]);
    let output = audit(&workspace, &["--fix"]).output().unwrap();
    let (_, stderr) = texts(&output);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        stderr.ends_with(
            "error: not committed: src/program.rs, src/app/app-hsmeta.json; commit first, or add `--allow-dirty`\n"
        ),
        "{stderr}"
    );
    git(&workspace, &["add", "src"]);
    let output = audit(&workspace, &["--fix"]).output().unwrap();
    let (_, stderr) = texts(&output);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr.contains("staged only: src/program.rs"), "{stderr}");
    assert_eq!(program(), before);
    let output = audit(&workspace, &["--fix", "--allow-staged"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", texts(&output).1);
    assert_ne!(program(), before);
}

#[test]
fn a_baseline_accepts_what_is_known() {
    let workspace = demo("baseline");
    let baseline = workspace.folder().join("hubspot-baseline.json");
    let known = ["--baseline", "hubspot-baseline.json", "--deny", "all"];
    let run = |arguments: &[&str]| {
        let output = audit(&workspace, arguments).output().unwrap();
        (output.status.code(), texts(&output))
    };
    let (status, (_, stderr)) = run(&known);
    assert_eq!(status, Some(2));
    assert!(
        stderr.starts_with("error: cannot read the baseline `hubspot-baseline.json`"),
        "{stderr}"
    );

    let (status, _) = run(&[&known[..], &["--write-baseline"]].concat());
    assert_eq!(status, Some(0));
    let written: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(&baseline).unwrap()).unwrap();
    let expected = serde_json::json!({
        "format": 1,
        "accepted": [{ "kind": "unused", "package": "baseline", "file": "src/program.rs", "subject": "forms" }],
    });
    assert_eq!(written, expected);

    let (status, (stdout, _)) = run(&known);
    assert_eq!(status, Some(0));
    assert!(
        stdout.ends_with("audit: 1 accepted by the baseline\n"),
        "{stdout}"
    );

    for (text, fault) in [
        ("{", "is not a baseline"),
        (
            r#"{"format": 2, "accepted": []}"#,
            "has format 2, this version knows 1",
        ),
        (
            r#"{"format": 1, "accepted": [{"kind": "odd", "subject": ""}]}"#,
            "is not a baseline",
        ),
    ] {
        fs::write(&baseline, text).unwrap();
        let (status, (_, stderr)) = run(&known);
        assert_eq!(status, Some(2), "{text}");
        assert!(stderr.contains(fault), "{text}: {stderr}");
    }
}

#[test]
fn colours_are_for_terminals() {
    let workspace = demo("colours");
    let printed = |arguments: &[&str]| texts(&audit(&workspace, arguments).output().unwrap()).0;
    assert!(!printed(&[]).contains('\u{1b}'));
    assert!(printed(&["--color", "always"]).contains('\u{1b}'));
}
