//! `cargo xtask package`: packages the crates that users install, and compiles each from its package.
//!
//! `cargo package` can compile packages, too. But it unpacks packages that need one another below `CARGO_HOME`, reads
//! them from there again the next time although they have changed, and compiles their dependencies anew. So this task has
//! it only write the packages, unpacks them in one workspace below `target/`, and compiles each of them there by itself.

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, Result, bail, ensure};

use crate::workspace;

/// The crates that users install, each after those that it depends on.
pub(crate) const CRATES: [&str; 5] = [
    "hubspot-scopes",
    "hubspot-macros",
    "hubspot-generated",
    "hubspot-mock",
    "cargo-hubspot",
];

/// Options of `cargo xtask package`.
#[derive(clap::Args, Default)]
pub(crate) struct Arguments {
    /// Fail unless everything is ready to be published: the repository's address, the changelog, committed files
    #[arg(long)]
    release: bool,
}

/// Packages and compiles them all.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    if arguments.release {
        ready_for_release()?;
    }
    let folder = workspace::target().join("packages");
    if folder.exists() {
        fs::remove_dir_all(&folder)
            .with_context(|| format!("cannot remove {}", folder.display()))?;
    }
    let mut command = workspace::cargo(["package", "--no-verify"]);
    if !arguments.release {
        command.arg("--allow-dirty");
    }
    command.arg("--target-dir").arg(&folder);
    command.args(CRATES.iter().flat_map(|name| ["--package", name]));
    without_warnings(&mut command)?;
    let unpacked = unpack(&folder)?;
    for name in CRATES {
        // Each by itself: with all at once, one could use a feature of a dependency that only another asks for.
        let mut command = workspace::cargo(["check", "--package", name]);
        command
            .current_dir(&unpacked)
            .env("CARGO_TARGET_DIR", workspace::target());
        workspace::run(&mut command).with_context(|| {
            format!(
                "{name} does not compile from its package in {}",
                workspace::shown(&unpacked)
            )
        })?;
    }
    Ok(())
}

/// Checks what only matters to those who publish.
fn ready_for_release() -> Result<()> {
    let read = |name: &str| {
        fs::read_to_string(workspace::root().join(name))
            .with_context(|| format!("cannot read {name}"))
    };
    let repository = repository(&read("Cargo.toml")?)?;
    ensure!(
        repository.starts_with("https://"),
        "`repository` in `[workspace.package]` of Cargo.toml is {repository:?}: set it to the https address of the \
         published repository"
    );
    let heading = format!("## {}", env!("CARGO_PKG_VERSION"));
    let changelog = read("CHANGELOG.md")?;
    ensure!(
        changelog.lines().any(|line| line.starts_with(&heading)),
        "CHANGELOG.md has no section `{heading}`: give what is under `## Unreleased` its version and date"
    );
    Ok(())
}

/// The value of `repository` in the workspace's manifest.
fn repository(manifest: &str) -> Result<String> {
    let line = manifest
        .lines()
        .skip_while(|line| *line != "[workspace.package]")
        .find_map(|line| line.strip_prefix("repository = "));
    let line = line.context("Cargo.toml has no `repository` in `[workspace.package]`")?;
    Ok(line.trim().trim_matches('"').to_owned())
}

/// Runs a cargo command that must succeed without a warning.
fn without_warnings(command: &mut Command) -> Result<()> {
    let line = workspace::command_line(command);
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("cannot start `{line}`"))?;
    let printed = String::from_utf8_lossy(&output.stderr);
    eprint!("{printed}");
    if !output.status.success() {
        bail!("`{line}` failed ({})", output.status);
    }
    ensure!(
        !printed.lines().any(|line| line.starts_with("warning")),
        "`{line}` printed a warning"
    );
    Ok(())
}

/// Unpacks the packages into one workspace, in which each stands for the published crate of its name.
fn unpack(folder: &Path) -> Result<PathBuf> {
    let unpacked = folder.join("unpacked");
    fs::create_dir_all(&unpacked)
        .with_context(|| format!("cannot create {}", unpacked.display()))?;
    let mut manifest =
        "[workspace]\nresolver = \"3\"\nmembers = [\"*\"]\n\n[patch.crates-io]\n".to_owned();
    for name in CRATES {
        let package = format!("{name}-{}", env!("CARGO_PKG_VERSION"));
        let archive = folder.join("package").join(format!("{package}.crate"));
        let mut command = Command::new("tar");
        command.arg("-xzf").arg(archive).current_dir(&unpacked);
        workspace::run(&mut command)?;
        writeln!(manifest, "{name} = {{ path = {package:?} }}")?;
    }
    let write = || {
        fs::write(unpacked.join("Cargo.toml"), &manifest)?;
        fs::copy(
            workspace::root().join("Cargo.lock"),
            unpacked.join("Cargo.lock"),
        )
    };
    write().with_context(|| format!("cannot write {}", unpacked.display()))?;
    Ok(unpacked)
}

#[cfg(test)]
mod tests {
    use super::repository;

    #[test]
    fn the_repository_is_that_of_the_workspace() {
        let manifest = "repository = \"no\"\n[workspace.package]\nversion = \"1\"\nrepository = \"https://x.example\"\n";
        assert_eq!(repository(manifest).unwrap(), "https://x.example");
        assert_eq!(
            repository("[workspace.package]\nrepository = \"\"\n").unwrap(),
            ""
        );
        assert!(repository("[workspace]\n").is_err());
    }
}
