//! `cargo hubspot init`: writes the files that a project needs to review its scopes in CI.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result, ensure};
use clap::{Args, ValueEnum};

use crate::lock;
use crate::output::{read_if_present, write_file};

/// Options of `cargo hubspot init`.
#[derive(Args)]
pub(crate) struct Arguments {
    /// The code host
    #[arg(long, value_enum, value_name = "HOST")]
    ci: Host,
    /// The repository
    #[arg(long, value_name = "FOLDER", default_value = ".")]
    folder: PathBuf,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Host {
    /// GitHub Actions: `.github/workflows/hubspot-scopes.yml`
    Github,
}

const TEMPLATE: &str = include_str!("init/github.yml");
const PLACE: &str = ".github/workflows/hubspot-scopes.yml";
const ATTRIBUTES: &str = ".gitattributes";

/// The workflow. It installs this version of the program.
fn workflow() -> String {
    TEMPLATE.replace("@VERSION@", env!("CARGO_PKG_VERSION"))
}

/// Writes the workflow, and how git merges the lock. Files with other content, and files that cannot be read, are left alone.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let Host::Github = arguments.ci;
    let read = |name: &str| {
        let path = arguments.folder.join(name);
        read_if_present(&path).with_context(|| format!("cannot read `{name}`; nothing was written"))
    };
    let (known, attributes) = (read(PLACE)?, read(ATTRIBUTES)?);
    let wanted = workflow();
    ensure!(
        known.as_ref().is_none_or(|known| *known == wanted),
        "`{PLACE}` exists and is not the same: remove it first, or compare it with the one in docs/gate.md"
    );
    if known.is_some() {
        eprintln!("`{PLACE}` is up to date");
    } else {
        write(&arguments.folder, PLACE, &wanted)?;
    }
    let text = attributes.unwrap_or_default();
    if !merges_lock(&text) {
        write(&arguments.folder, ATTRIBUTES, &with_line(&text))?;
    }
    eprintln!(
        "now run `cargo hubspot lock`, and commit `{}` with them",
        lock::NAME
    );
    Ok(ExitCode::SUCCESS)
}

/// Returns whether a line says how git merges the lock.
fn merges_lock(attributes: &str) -> bool {
    let mut lines = attributes.lines().map(str::split_whitespace);
    lines.any(|mut words| {
        let pattern = words.next().unwrap_or_default();
        let pattern = pattern.trim_start_matches("**/").trim_start_matches('/');
        let is_merge = |word: &str| {
            let name = word.trim_start_matches(['-', '!']);
            name == "merge" || name.starts_with("merge=")
        };
        pattern == lock::NAME && words.any(is_merge)
    })
}

/// The text with a line for the lock at its end.
fn with_line(text: &str) -> String {
    let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let gap = if text.is_empty() || text.ends_with('\n') {
        ""
    } else {
        end
    };
    format!("{text}{gap}{} merge=union{end}", lock::NAME)
}

fn write(folder: &Path, name: &str, text: &str) -> Result<()> {
    let path = folder.join(name);
    let fault = || format!("cannot write `{name}`");
    fs::create_dir_all(path.parent().unwrap_or(folder)).with_context(fault)?;
    write_file(&path, text).with_context(fault)?;
    eprintln!("wrote `{name}`");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{merges_lock, with_line, workflow};

    #[test]
    fn the_guide_shows_the_workflow() {
        let guide = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/gate.md");
        let guide = std::fs::read_to_string(guide).unwrap();
        assert!(guide.contains(&format!("```yaml\n{}```\n", workflow())));
    }

    #[test]
    fn a_line_is_added_unless_one_says_how_to_merge() {
        for (text, expected) in [
            ("", "hubspot-scopes.lock merge=union\n"),
            (
                "*.png binary",
                "*.png binary\nhubspot-scopes.lock merge=union\n",
            ),
            ("*.a b\r\n", "*.a b\r\nhubspot-scopes.lock merge=union\r\n"),
            (
                "# hubspot-scopes.lock merge=union\n",
                "# hubspot-scopes.lock merge=union\nhubspot-scopes.lock merge=union\n",
            ),
            (
                "hubspot-scopes.lock linguist-generated\n",
                "hubspot-scopes.lock linguist-generated\nhubspot-scopes.lock merge=union\n",
            ),
        ] {
            assert!(!merges_lock(text), "{text}");
            assert_eq!(with_line(text), expected);
            assert!(merges_lock(expected), "{expected}");
        }
        for text in [
            "/hubspot-scopes.lock text merge=ours",
            "hubspot-scopes.lock -merge",
            "**/hubspot-scopes.lock\tmerge=union",
        ] {
            assert!(merges_lock(text), "{text}");
        }
    }
}
