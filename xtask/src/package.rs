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

/// Bytes that the registry takes.
const REGISTRY_LIMIT: u64 = 10_000_000;

/// Bytes that we want a package to have at most. Everybody who builds the client downloads it.
const GOALS: [(&str, u64); 1] = [("hubspot-generated", 4_000_000)];

/// Lines of generated code that the client may have at most, without doc comments and blank lines. All of them are compiled with
/// the feature `full`.
pub(crate) const MOST_LINES: u32 = 60_000;

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
    for name in CRATES {
        let bytes = fs::metadata(archive(&folder, name))
            .with_context(|| format!("cargo has written no package of {name}"))?
            .len();
        check_size(name, bytes)?;
        println!("{name}: {bytes} bytes");
    }
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

/// The file that `cargo package` writes for a crate.
fn archive(folder: &Path, name: &str) -> PathBuf {
    let version = env!("CARGO_PKG_VERSION");
    folder.join(format!("package/{name}-{version}.crate"))
}

/// Fails if a package is larger than it may be.
fn check_size(name: &str, bytes: u64) -> Result<()> {
    ensure!(
        bytes <= REGISTRY_LIMIT,
        "the package of {name} has {bytes} bytes, and the registry takes {REGISTRY_LIMIT}: leave out files with \
         `exclude` in its Cargo.toml"
    );
    let goal = GOALS.iter().find(|(of, _)| *of == name);
    if let Some((_, most)) = goal {
        ensure!(
            bytes <= *most,
            "the package of {name} has {bytes} bytes, and our goal is {most}: see what has grown in it"
        );
    }
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
        let mut command = Command::new("tar");
        // Archives have one time for all files and versions, by which cargo would take changed files for unchanged.
        command
            .args(["--touch", "-xzf"])
            .arg(archive(folder, name))
            .current_dir(&unpacked);
        workspace::run(&mut command)?;
        writeln!(manifest, "{name} = {{ path = {package:?} }}")?;
    }
    files::write(&unpacked.join("Cargo.toml"), &manifest)?;
    let lock = files::read(&workspace::root().join("Cargo.lock"))?;
    files::write(&unpacked.join("Cargo.lock"), &lock)?;
    Ok(unpacked)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_that_is_too_large_is_refused() {
        check_size("hubspot-generated", 4_000_000).unwrap();
        let error = check_size("hubspot-generated", 4_000_001).unwrap_err();
        assert!(error.to_string().contains("our goal is 4000000"), "{error}");
        check_size("hubspot-mock", 10_000_000).unwrap();
        let error = check_size("hubspot-mock", 10_000_001).unwrap_err();
        let error = error.to_string();
        assert!(error.contains("the registry takes 10000000"), "{error}");
    }

    #[test]
    fn the_generated_client_stays_small() {
        let text =
            "//! A module.\n\n/// A type.\npub struct Type {\n    // Why.\n    field: u8,\n}\n";
        assert_eq!(files::lines_of_code(text), 4);
        let files = files::with_extension(&workspace::generated(), "rs").unwrap();
        let texts = files.iter().map(|path| files::read(path).unwrap());
        let lines = texts.map(|text| files::lines_of_code(&text)).sum::<usize>();
        assert!(
            (1..MOST_LINES).contains(&u32::try_from(lines).unwrap()),
            "{lines} lines"
        );
    }
}
