//! `cargo xtask package`: packages the crates that users install, and compiles each from its package.
//!
//! `cargo package` can compile packages, too. But it unpacks packages that need one another below `CARGO_HOME`, reads
//! them from there again the next time although they have changed, and compiles their dependencies anew. So this task has
//! it only write the packages, unpacks them in one workspace below `target/`, and compiles each of them there by itself.

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result};

use crate::workspace;

/// The crates that users install.
const CRATES: [&str; 6] = [
    "hubspot-scopes",
    "hubspot-macros",
    "hubspot-generated",
    "hubspot-codegen",
    "hubspot-mock",
    "cargo-hubspot",
];

/// Packages and compiles them all.
pub(crate) fn run() -> Result<()> {
    let folder = workspace::target().join("packages");
    if folder.exists() {
        fs::remove_dir_all(&folder)
            .with_context(|| format!("cannot remove {}", folder.display()))?;
    }
    let mut command = workspace::cargo(["package", "--allow-dirty", "--no-verify", "--target-dir"]);
    command.arg(&folder);
    workspace::run(command.args(CRATES.iter().flat_map(|name| ["--package", name])))?;
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
