//! `cargo xtask tidy`: checks the rules for source files that no lint knows.

use std::{fs, path::Path, process::Command};

use anyhow::{Context, Result, bail};

use crate::workspace;

/// The most lines that a hand-written file may have.
const MOST_LINES: usize = 450;

/// Fails with every broken rule.
pub(crate) fn run() -> Result<()> {
    let output = Command::new("git")
        .args([
            "ls-files",
            "--cached",
            "--others",
            "--exclude-standard",
            "*.rs",
        ])
        .current_dir(workspace::root())
        .output()
        .context("cannot ask git for the files of the workspace")?;
    let mut broken = Vec::new();
    for path in String::from_utf8_lossy(&output.stdout).lines() {
        let place = workspace::root().join(path);
        if let Ok(text) = fs::read_to_string(&place) {
            broken.extend(faults(path, &text));
        }
    }
    if broken.is_empty() {
        return Ok(());
    }
    bail!(
        "the rules of the house (CONTRIBUTING.md) are broken:\n{}",
        broken.join("\n")
    );
}

/// The rules that the file at `path` with `text` breaks.
fn faults(path: &str, text: &str) -> Vec<String> {
    let mut faults = Vec::new();
    // What a test expects of a compiler or a generator is held to the letter, not to our rules.
    let is_case = path.contains("/tests/") && Path::new(path).components().count() > 3;
    let is_generated = path.contains("/generated/");
    if !is_case && !text.starts_with("//!") && !text.starts_with("#!/") {
        faults.push(format!(
            "{path}: does not open with `//!` (what comes in, goes out, is refused)"
        ));
    }
    let lines = text.lines().count();
    if !is_case && !is_generated && lines > MOST_LINES {
        faults.push(format!(
            "{path}: {lines} lines; split it by what its parts know"
        ));
    }
    for marker in ["todo!(", "unimplemented!(", "dbg!("] {
        if !is_case && !path.ends_with("tidy.rs") && text.contains(marker) {
            faults.push(format!("{path}: contains `{marker}`"));
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::faults;

    #[test]
    fn a_file_without_an_opening_is_told() {
        assert_eq!(faults("a/src/lib.rs", "//! Good.\n"), Vec::<String>::new());
        assert_eq!(faults("a/src/lib.rs", "fn main() {}\n").len(), 1);
    }

    #[test]
    fn a_long_file_is_told_unless_it_is_generated() {
        let long = format!("//! Long.\n{}", "\n".repeat(500));
        assert_eq!(faults("a/src/lib.rs", &long).len(), 1);
        assert_eq!(
            faults("a/src/generated/lib.rs", &long),
            Vec::<String>::new()
        );
    }

    #[test]
    fn what_is_left_open_is_told() {
        assert_eq!(
            faults("a/src/lib.rs", "//! A.\nfn a() { todo!() }\n").len(),
            1
        );
    }
}
