//! `cargo hubspot init`.

use std::fs;

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
