//! `cargo xtask tidy`: checks the rules for source files that no lint knows.
//!
//! Each rule is a module. A violation is one line that starts with the path of the file.

mod layers;
mod length;
mod pages;
mod text;

use std::{fs, process::Command};

use anyhow::{Context, Result, bail};

use crate::workspace;

/// The folders of expected outputs and of programs that a benchmark compares.
const CASES: [&str; 4] = [
    "/tests/client/",
    "/tests/types/generated/",
    "/bench-data/",
    "/beta/src/hubspot/",
];

/// A Rust file of the workspace.
struct Source<'a> {
    /// Relative to the workspace, with `/` between the parts.
    path: &'a str,
    text: String,
}

impl Source<'_> {
    /// Whether this is an expected output of a compiler or generator, or a program that a benchmark compares. The rules do
    /// not apply to these.
    fn is_case(&self) -> bool {
        CASES.iter().any(|folder| self.path.contains(folder))
    }

    fn is_generated(&self) -> bool {
        self.path.contains("/generated/")
    }
}

/// Fails with all violations.
pub(crate) fn run() -> Result<()> {
    let output = Command::new("git")
        .args(["ls-files", "--cached", "--others", "--exclude-standard"])
        .arg("*.rs")
        .current_dir(workspace::root())
        .output()
        .context("cannot ask git for the files of the workspace")?;
    let listed = String::from_utf8_lossy(&output.stdout);
    // A removed file is listed until its removal is committed.
    let sources = listed.lines().filter_map(|path| {
        let text = fs::read_to_string(workspace::root().join(path)).ok()?;
        Some(Source { path, text })
    });
    let sources: Vec<_> = sources.collect();
    let mut faults = pages::faults(&workspace::root())?;
    for source in &sources {
        faults.extend(text::faults(source));
        faults.extend(length::faults(source)?);
    }
    faults.extend(layers::faults(&sources)?);
    if faults.is_empty() {
        return Ok(());
    }
    bail!(
        "{} violations of the rules for source files (CONTRIBUTING.md):\n{}",
        faults.len(),
        faults.join("\n")
    );
}

/// The syntax tree of a file.
fn parse(source: &Source<'_>) -> Result<syn::File> {
    syn::parse_file(&source.text).with_context(|| format!("cannot parse {}", source.path))
}

#[cfg(test)]
fn source(path: &'static str, text: &str) -> Source<'static> {
    Source {
        path,
        text: text.to_owned(),
    }
}
