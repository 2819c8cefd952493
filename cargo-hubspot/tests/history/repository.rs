//! The example repository: a commit for each folder in `commits`, with a tag of the same name.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use super::workspace::{Workspace, files, shared_target, texts};

/// The commits, oldest first. A folder has the files that the commit changes.
pub(crate) const COMMITS: [&str; 5] = [
    "1-start",
    "2-call-added",
    "3-scope-optional",
    "4-version-moved",
    "5-call-removed",
];

pub(crate) struct Repository {
    pub(crate) workspace: Workspace,
    /// The name of its package: no two workspaces that share a target folder may have packages of the same name.
    package: String,
}

impl Repository {
    /// The whole history, with the last commit checked out.
    pub(crate) fn new(name: &str) -> Self {
        let workspace = Workspace::new(&format!("history/{name}"), &[]);
        let package = format!("acme-{name}");
        let repository = Self { workspace, package };
        let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.lock");
        let lock = fs::read_to_string(lock).expect("the repository has a Cargo.lock");
        repository.workspace.write("Cargo.lock", &lock);
        repository.workspace.write(".gitignore", "target\n");
        repository.git(&["init", "--quiet", "--initial-branch", "main"]);
        for commit in COMMITS {
            repository.apply(commit);
            repository.commit(commit);
            repository.git(&["tag", commit]);
        }
        repository
    }

    /// Writes the files of a commit.
    pub(crate) fn apply(&self, commit: &str) {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/history/commits");
        let folder = folder.join(commit);
        for path in files(&folder) {
            let text = fs::read_to_string(&path).expect("a file is text");
            let text = text.replace("acme-sync", &self.package);
            let place = path.strip_prefix(&folder).expect("it is below");
            self.workspace.write(&place.to_string_lossy(), &text);
        }
    }

    pub(crate) fn commit(&self, message: &str) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--message", message]);
    }

    /// Runs git, which has to succeed.
    pub(crate) fn git(&self, arguments: &[&str]) {
        let output = self.try_git(arguments);
        assert!(
            output.status.success(),
            "{arguments:?}: {:?}",
            texts(&output)
        );
    }

    pub(crate) fn try_git(&self, arguments: &[&str]) -> Output {
        let mut git = Command::new("git");
        git.args(["-c", "user.name=Test", "-c", "user.email=test@example.com"]);
        git.args(arguments).current_dir(self.workspace.folder());
        git.output().expect("git can be run")
    }

    /// Runs `cargo hubspot`; returns the status, standard output and standard error.
    pub(crate) fn run(&self, arguments: &[&str]) -> (Option<i32>, String, String) {
        let mut command = self.workspace.hubspot(arguments);
        command.env("CARGO_TARGET_DIR", shared_target());
        let output = command.output().expect("the command can be run");
        let (stdout, stderr) = texts(&output);
        (output.status.code(), stdout, stderr)
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.workspace.folder().join(path)).expect("the file is there")
    }
}

/// Compares a text with a file in `expected`; `HISTORY=overwrite` writes the file.
pub(crate) fn assert_expected(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/history/expected");
    let path = path.join(name);
    if std::env::var("HISTORY").is_ok_and(|action| action == "overwrite") {
        fs::write(path, text).expect("the folder is writable");
        return;
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    assert!(expected == text, "{name} is not as expected, but\n{text}");
}
