//! A package to write types for.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::SystemTime;

use serde_json::Value;

/// The definitions of an account.
pub(crate) const DEFINITIONS: &str = include_str!("definitions.json");

/// The status, standard output and standard error of a run.
pub(crate) type Outcome = (Option<i32>, String, String);

/// A package in a folder of its own, with the definitions in `account.json`.
pub(crate) struct Package(tempfile::TempDir);

impl Package {
    pub(crate) fn new() -> Self {
        let package = Self(tempfile::tempdir().unwrap());
        package.write("Cargo.toml", "[package]\nname = \"app\"\n");
        package.write("src/lib.rs", "");
        package.write("account.json", DEFINITIONS);
        package
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path().join(name)).unwrap()
    }

    /// Writes `account.json` with changed definitions.
    pub(crate) fn define(&self, change: impl FnOnce(&mut Value)) {
        let mut definitions = serde_json::from_str(DEFINITIONS).unwrap();
        change(&mut definitions);
        self.write("account.json", &definitions.to_string());
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-hubspot"));
        command
            .args(["hubspot", "types"])
            .args(arguments)
            .current_dir(self.path());
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Outcome {
        outcome(&self.command(arguments).output().unwrap())
    }

    /// Runs the command on `account.json`.
    pub(crate) fn types(&self, arguments: &[&str]) -> Outcome {
        self.run(&[&["--from", "account.json"], arguments].concat())
    }

    /// Asserts that a run fails with this message, and changes nothing.
    pub(crate) fn refuses(&self, arguments: &[&str], message: &str) {
        let before = self.files();
        let outcome = self.run(arguments);
        assert_eq!(
            outcome,
            (Some(2), String::new(), format!("error: {message}\n"))
        );
        assert_eq!(self.files(), before, "{message}");
    }

    /// Every file, and when it was written.
    pub(crate) fn files(&self) -> BTreeMap<PathBuf, (Vec<u8>, SystemTime)> {
        let mut found = BTreeMap::new();
        let mut folders = vec![self.path().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let modified = fs::metadata(&path).unwrap().modified().unwrap();
                    found.insert(path.clone(), (fs::read(&path).unwrap(), modified));
                }
            }
        }
        found
    }
}

pub(crate) fn outcome(output: &Output) -> Outcome {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let (stdout, stderr) = (text(&output.stdout), text(&output.stderr));
    (output.status.code(), stdout, stderr)
}
