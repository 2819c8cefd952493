//! `cargo hubspot init`: writes the files that a project needs to review its scopes in CI.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use clap::{Args, ValueEnum};

use crate::lock;

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

const WORKFLOW: &str = include_str!("init/github.yml");
const PLACE: &str = ".github/workflows/hubspot-scopes.yml";
const ATTRIBUTES: &str = ".gitattributes";

/// Writes the workflow, and how git merges the lock. Existing files with other content are an error.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let Host::Github = arguments.ci;
    let place = arguments.folder.join(PLACE);
    match fs::read_to_string(&place) {
        Ok(text) if text == WORKFLOW => eprintln!("`{PLACE}` is up to date"),
        Ok(_) => bail!(
            "`{PLACE}` exists and is not the same: remove it first, or compare it with the one in docs/gate.md"
        ),
        Err(_) => {
            write(&place, WORKFLOW)?;
            eprintln!("wrote `{PLACE}`");
        }
    }
    let line = format!("{} merge=union\n", lock::NAME);
    let place = arguments.folder.join(ATTRIBUTES);
    let text = fs::read_to_string(&place).unwrap_or_default();
    if !text.contains(lock::NAME) {
        let gap = if text.is_empty() || text.ends_with('\n') {
            ""
        } else {
            "\n"
        };
        write(&place, &format!("{text}{gap}{line}"))?;
        eprintln!("wrote `{ATTRIBUTES}`");
    }
    eprintln!(
        "now run `cargo hubspot lock`, and commit `{}` with them",
        lock::NAME
    );
    Ok(ExitCode::SUCCESS)
}

fn write(path: &Path, text: &str) -> Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let fault = || format!("cannot write `{}`", path.display());
    fs::create_dir_all(folder).with_context(fault)?;
    fs::write(path, text).with_context(fault)
}

#[cfg(test)]
mod tests {
    use super::WORKFLOW;

    #[test]
    fn the_guide_shows_the_workflow() {
        let guide = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/gate.md");
        let guide = std::fs::read_to_string(guide).unwrap();
        assert!(guide.contains(&format!("```yaml\n{WORKFLOW}```\n")));
    }
}
