//! `cargo xtask package`: packages the crates that users install, and compiles each from its package.
//!
//! `cargo package` can compile packages, too. But it unpacks packages that depend on one another below `CARGO_HOME`, reuses
//! them there after they have changed, and compiles their dependencies again. So this task uses it only to write the
//! packages, unpacks them in one workspace below `target/`, and compiles each of them there by itself.

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail, ensure};

use crate::{files, workspace};

/// The crates that users install, each after those that it depends on.
pub(crate) const CRATES: [&str; 6] = [
    "hubspot-scopes",
    "hubspot-macros",
    "hubspot-generated",
    "hubspot-mock",
    "hubspot-codegen",
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
    files::remove(&folder)?;
    let mut command = workspace::cargo(["package", "--no-verify"]);
    if !arguments.release {
        command.arg("--allow-dirty");
    }
    command.arg("--target-dir").arg(&folder);
    command.args(CRATES.iter().flat_map(|name| ["--package", name]));
    without_warnings(&mut command)?;
    let unpacked = unpack(&folder)?;
    for name in CRATES {
        // One at a time, because a crate could otherwise use a feature of a dependency that only another crate enables.
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

/// Checks what matters only when publishing.
fn ready_for_release() -> Result<()> {
    let repository = env!("CARGO_PKG_REPOSITORY");
    ensure!(
        repository.starts_with("https://"),
        "`repository` in `[workspace.package]` of Cargo.toml is {repository:?}: set it to the https address of the \
         published repository"
    );
    let heading = format!("## {}", env!("CARGO_PKG_VERSION"));
    let changelog = files::read(&workspace::root().join("CHANGELOG.md"))?;
    ensure!(
        changelog.lines().any(|line| line.starts_with(&heading)),
        "CHANGELOG.md has no section `{heading}`: rename `## Unreleased` to the version and date"
    );
    Ok(())
}

/// Runs a command. Fails if it prints a warning.
fn without_warnings(command: &mut Command) -> Result<()> {
    let line = workspace::command_line(command);
    let output = workspace::output(command)?;
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

/// Unpacks the packages into one workspace, in which each replaces the published crate of its name.
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
        // Archives have one time for all files and versions, by which cargo would take changed files for unchanged.
        command
            .args(["--touch", "-xzf"])
            .arg(archive)
            .current_dir(&unpacked);
        workspace::run(&mut command)?;
        writeln!(manifest, "{name} = {{ path = {package:?} }}")?;
    }
    files::write(&unpacked.join("Cargo.toml"), &manifest)?;
    let lock = files::read(&workspace::root().join("Cargo.lock"))?;
    files::write(&unpacked.join("Cargo.lock"), &lock)?;
    Ok(unpacked)
}
