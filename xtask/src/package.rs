//! Packages the crates that users install, and builds each from its package.
//!
//! In: the workspace. Out: the packages, below `target/packages`. Refuses: a crate that does not build from what its
//! package holds and from the packages of the others.

use std::{
    env, fs,
    path::{Path, PathBuf},
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

/// Packages and builds them all, from nothing.
///
/// To build packages that need one another, cargo makes a registry in its target folder. It knows what it unpacked of that
/// registry, and what it built from it, by place and version only: as long as the version is the same, it would build
/// against whatever the crates were the first time. So both are taken away first.
pub(crate) fn run() -> Result<()> {
    forget_unpacked()?;
    let folder = workspace::target().join("packages");
    if folder.exists() {
        fs::remove_dir_all(&folder)
            .with_context(|| format!("cannot remove {}", folder.display()))?;
    }
    let mut command = workspace::cargo(["package", "--allow-dirty", "--target-dir"]);
    command.arg(folder);
    workspace::run(command.args(CRATES.iter().flat_map(|name| ["--package", name])))
}

/// Takes away what cargo unpacked, beside the crates of the real registries, of earlier packages of these crates.
fn forget_unpacked() -> Result<()> {
    let Some(unpacked) = cargo_home().map(|home| home.join("registry/src")) else {
        return Ok(());
    };
    for registry in folders(&unpacked) {
        // A registry without a host's name is one of those.
        let local = registry
            .file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with('-'));
        for package in folders(&registry).into_iter().filter(|_| local) {
            let name = package.file_name().unwrap_or_default().to_string_lossy();
            if CRATES.iter().any(|ours| {
                name.strip_prefix(ours)
                    .is_some_and(|rest| rest.starts_with('-'))
            }) {
                fs::remove_dir_all(&package)
                    .with_context(|| format!("cannot remove {}", package.display()))?;
            }
        }
    }
    Ok(())
}

/// Where cargo keeps registries.
fn cargo_home() -> Option<PathBuf> {
    let home = || Some(env::home_dir()?.join(".cargo"));
    env::var_os("CARGO_HOME").map(PathBuf::from).or_else(home)
}

/// The folders in `folder`; none if it cannot be read.
fn folders(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let paths = entries.map(|entry| entry.path());
    paths.filter(|path| path.is_dir()).collect()
}
