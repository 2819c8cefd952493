//! `cargo hubspot init`.

use std::fs;
use std::process::Command;

use super::workspace::{Workspace, texts};

#[test]
fn the_workflow_is_written_once_and_never_overwritten() {
    let workspace = Workspace::new("history/init", &[(".gitattributes", "*.png binary")]);
    let run = || {
        let mut command = workspace.hubspot(&["init", "--ci", "github"]);
        let output = command.output().expect("the command can be run");
        (output.status.code(), texts(&output).1)
    };
    let read =
        |path: &str| fs::read_to_string(workspace.folder().join(path)).expect("the file is there");
    let place = ".github/workflows/hubspot-scopes.yml";
    assert_eq!(run().0, Some(0));
    let workflow = read(place);
    for part in [
        "cargo hubspot lock --check",
        "cargo hubspot review HEAD^1",
        "fetch-depth: 2",
        "persist-credentials: false",
        "\nconcurrency:\n  group: hubspot-scopes-${{ github.event.pull_request.number }}\n  cancel-in-progress: true\n",
        concat!("--locked --version ", env!("CARGO_PKG_VERSION"), "\n"),
    ] {
        assert!(workflow.contains(part), "{part}");
    }
    let marker = include_str!("expected/2-call-added.markdown")
        .lines()
        .next();
    assert_eq!(marker, Some("<!-- cargo-hubspot review -->"));
    let attributes = "*.png binary\nhubspot-scopes.lock merge=union\n";
    assert_eq!(read(".gitattributes"), attributes);
    let (status, stderr) = run();
    assert_eq!(status, Some(0));
    assert!(stderr.contains("is up to date"), "{stderr}");
    assert_eq!(read(".gitattributes"), attributes);
    workspace.write(place, "name: mine\n");
    let (status, stderr) = run();
    assert_eq!(status, Some(2));
    assert!(stderr.contains("exists and is not the same"), "{stderr}");
    assert_eq!(read(place), "name: mine\n");
}

#[test]
fn files_that_cannot_be_read_are_left_alone() {
    let workspace = Workspace::new("history/init-unreadable", &[]);
    let attributes = workspace.folder().join(".gitattributes");
    fs::create_dir_all(workspace.folder()).expect("the folder is writable");
    let odd = b"*.png binary \xff\n";
    fs::write(&attributes, odd).expect("the folder is writable");
    let output = workspace
        .hubspot(&["init", "--ci", "github"])
        .output()
        .expect("the command can be run");
    assert_eq!(output.status.code(), Some(2));
    assert!(
        texts(&output)
            .1
            .contains("cannot read `.gitattributes`; nothing was written")
    );
    assert_eq!(fs::read(&attributes).expect("it is there"), odd);
    assert!(!workspace.folder().join(".github").exists());
}

/// The comment's script in the workflow.
fn script(workflow: &str) -> String {
    let (_, script) = workflow
        .rsplit_once("run: |\n")
        .expect("the workflow has a script");
    let lines = script
        .lines()
        .map(|line| line.trim_start_matches("          "));
    lines.collect::<Vec<_>>().join("\n")
}

/// Code of a pull request is compiled without a token that can write.
#[test]
fn the_job_that_compiles_cannot_write() {
    let workflow = include_str!("../../src/init/github.yml");
    let (review, comment) = workflow
        .split_once("\n  comment:\n")
        .expect("there are two jobs");
    assert!(!review.contains(": write") && !review.contains("github.token"));
    assert!(!comment.contains("checkout") && !comment.contains("run: cargo"));
}

/// Only the bot's own comment is updated.
#[cfg(unix)]
#[test]
fn the_comment_is_cut_and_updated() {
    use std::os::unix::fs::PermissionsExt as _;

    let workspace = Workspace::new("history/comment", &[]);
    let workflow = include_str!("../../src/init/github.yml");
    workspace.write("script.sh", &script(workflow));
    // Prints the id of a comment for a query that asks for the bot's own one.
    workspace.write(
        "bin/gh",
        "#!/bin/sh\necho \"$@\" >> calls\ncase \"$*\" in *'.user.login == \"github-actions[bot]\"'*) cat known;; esac\n",
    );
    let program = workspace.folder().join("bin/gh");
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("it is ours");
    let path = std::env::var("PATH").unwrap_or_default();
    let run = |known: &str, review: &str| {
        workspace.write("known", known);
        workspace.write("calls", "");
        workspace.write("review.md", review);
        let status = Command::new("bash")
            .args(["-e", "script.sh"])
            .current_dir(workspace.folder())
            .env(
                "PATH",
                format!("{}:{path}", workspace.folder().join("bin").display()),
            )
            .envs([
                ("GITHUB_REPOSITORY", "a/b"),
                ("NUMBER", "7"),
                ("RUN", "https://run"),
            ])
            .status();
        assert!(status.expect("bash can be run").success());
        let read =
            |name: &str| fs::read_to_string(workspace.folder().join(name)).expect("it is there");
        (read("calls"), read("body.md"))
    };
    let short = "<!-- cargo-hubspot review -->\n## HubSpot scopes\n";
    let (calls, body) = run("", short);
    assert!(
        calls.ends_with("api repos/a/b/issues/7/comments --field body=@body.md\n"),
        "{calls}"
    );
    assert_eq!(body, short);
    let (calls, _) = run("12\n13\n", short);
    assert!(
        calls.ends_with("api --method PATCH repos/a/b/issues/comments/12 --field body=@body.md\n"),
        "{calls}"
    );
    let (_, body) = run("", &(short.to_owned() + &"- a line of text\n".repeat(9000)));
    assert!(body.starts_with("<!-- cargo-hubspot review -->\n\nThe review is too long"));
    assert!(
        body.contains("(https://run)") && body.len() < 65536,
        "{}",
        body.len()
    );
    assert!(body.len() > 40000);
}
