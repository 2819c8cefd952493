//! `cargo hubspot lock`.

use super::repository::{COMMITS, Repository, assert_expected};

const LOCK: [&str; 3] = ["lock", "--offline", "--quiet"];
const CHECK: [&str; 4] = ["lock", "--check", "--offline", "--quiet"];
const FILE: &str = "hubspot-scopes.lock";

#[test]
fn a_lock_says_what_needs_each_scope() {
    let repository = Repository::new("lock");
    let (status, _, stderr) = repository.run(&CHECK);
    assert_eq!(status, Some(1));
    assert_eq!(
        stderr,
        "error: there is no `hubspot-scopes.lock`: run `cargo hubspot lock` and commit the file\n"
    );
    let mut differences = String::new();
    for commit in COMMITS {
        repository.git(&["checkout", "--quiet", commit]);
        let (status, _, stderr) = repository.run(&CHECK);
        assert_eq!(status, Some(1), "{commit}: {stderr}");
        if commit != COMMITS[0] {
            differences.extend([commit, "\n", &stderr, "\n"]);
        }
        let (status, stdout, stderr) = repository.run(&LOCK);
        assert_eq!((status, stdout.as_str()), (Some(0), ""), "{stderr}");
        assert_expected(&format!("{commit}.lock"), &repository.read(FILE));
    }
    assert_expected("check.txt", &differences);
    for command in [&LOCK[..], &CHECK[..]] {
        let (status, _, stderr) = repository.run(command);
        assert_eq!(
            (status, stderr.as_str()),
            (Some(0), "`hubspot-scopes.lock` is up to date\n")
        );
    }
}

/// A function with one more call, at the end of the file or before the first function.
fn with_call(source: &str, function: &str, call: &str, first: bool) -> String {
    let text = format!(
        "\npub async fn {function}(hubspot: &Client<AcmeScopes>) -> Result<(), Error> {{\n    hubspot.{call}.send().await?;\n    Ok(())\n}}\n"
    );
    if first {
        source.replace(
            "\n/// Copies every contact.",
            &format!("{text}\n/// Copies every contact."),
        )
    } else {
        source.to_owned() + &text
    }
}

#[test]
fn branches_that_each_add_a_call_merge() {
    let repository = Repository::new("merge");
    repository.git(&["checkout", "--quiet", "-B", "main", "1-start"]);
    repository
        .workspace
        .write(".gitattributes", "hubspot-scopes.lock merge=union\n");
    repository.run(&LOCK);
    repository.commit("Lock");
    let base = repository.read("src/lib.rs");
    for (branch, call, first) in [
        ("one", "contacts().get(\"1\")", true),
        ("two", "companies().get(\"1\")", false),
    ] {
        repository.git(&["checkout", "--quiet", "-b", branch, "main"]);
        repository
            .workspace
            .write("src/lib.rs", &with_call(&base, branch, call, first));
        assert_eq!(repository.run(&LOCK).0, Some(0));
        repository.commit(branch);
    }
    repository.git(&["merge", "--quiet", "--no-edit", "one"]);
    let (status, _, stderr) = repository.run(&CHECK);
    assert_eq!(status, Some(0), "{stderr}\n{}", repository.read(FILE));
}

#[test]
fn a_faulty_lock_is_left_alone() {
    let repository = Repository::new("faulty");
    repository.git(&["checkout", "--quiet", "5-call-removed"]);
    repository.run(&LOCK);
    let good = repository.read(FILE);
    let marked = format!("<<<<<<< HEAD\n{good}=======\n>>>>>>> one\n");
    let newer = good.replace("format 1", "format 2");
    for (text, fault) in [
        (
            marked.as_str(),
            "hubspot-scopes.lock:1: a merge left conflict markers: remove the file",
        ),
        (
            &newer,
            "has format 2, and this version of cargo-hubspot knows 1: update it",
        ),
    ] {
        repository.workspace.write(FILE, text);
        for command in [&LOCK[..], &CHECK[..]] {
            let (status, _, stderr) = repository.run(command);
            assert_eq!(status, Some(2), "{stderr}");
            assert!(stderr.contains(fault), "{stderr}");
            assert_eq!(repository.read(FILE), text);
        }
    }
    // What `lock` mends has the status 1.
    let line = "scope acme-faulty AcmeScopes oauth required needed\n";
    let spare = line.replace("needed", "spare");
    for (edited, fault) in [
        (
            good.replace(line, ""),
            "+scope acme-faulty AcmeScopes oauth",
        ),
        (good.clone() + &spare, spare.trim_end()),
        (
            good.replace("format 1", "format one"),
            "the format `one` is not a number; run",
        ),
    ] {
        assert_ne!(edited, good);
        repository.workspace.write(FILE, &edited);
        let (status, _, stderr) = repository.run(&CHECK);
        assert_eq!(status, Some(1), "{stderr}");
        assert!(stderr.contains(fault), "{stderr}");
        let (status, _, stderr) = repository.run(&LOCK);
        assert_eq!(status, Some(0), "{stderr}");
        assert_eq!(repository.read(FILE), good);
    }
}

#[test]
fn other_files_and_a_part_of_the_workspace_are_refused() {
    let repository = Repository::new("refused");
    repository.git(&["checkout", "--quiet", "5-call-removed"]);
    for foreign in ["[workspace]\nmembers = []\n", "# Notes.\n# More.\n"] {
        repository.workspace.write("other.toml", foreign);
        let (status, _, stderr) = repository.run(&[&LOCK[..], &["--file", "other.toml"]].concat());
        assert_eq!(status, Some(2));
        assert!(
            stderr.contains("`other.toml` exists and is not a lock of scopes: nothing was written"),
            "{stderr}"
        );
        assert_eq!(repository.read("other.toml"), foreign);
    }
    let (status, _, stderr) = repository.run(&[&LOCK[..], &["--file", "src"]].concat());
    assert_eq!(status, Some(2), "{stderr}");
    assert!(stderr.contains("cannot read `src`"), "{stderr}");
    let (status, _, stderr) = repository.run(&["lock", "--package", "acme-sync"]);
    assert_eq!(status, Some(2));
    assert!(stderr.contains("leave `--package` out"), "{stderr}");
}
