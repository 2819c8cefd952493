//! A scratch workspace below `target/bench`, for packages that are measured.
//!
//! It uses this workspace's lock file, so that all clients have the same versions of dependencies.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::Result;

use crate::{
    files::{self, write},
    workspace,
};

/// Restores cargo's default profile, which `.cargo/config.toml` changes, to measure builds as users have them.
const PROFILE: &str = "[profile.dev]\ndebug = true\n\n[profile.dev.package]\nproc-macro2.opt-level = 0\nquote.opt-level = 0\n\
                       serde_json.opt-level = 0\nsyn.opt-level = 0\n";

/// The scratch workspace.
pub(super) struct Scratch {
    folder: PathBuf,
}

impl Scratch {
    /// Creates a workspace in `folder`. Packages of earlier runs are removed.
    pub(super) fn new(folder: PathBuf) -> Result<Self> {
        files::remove(&folder.join("members"))?;
        let scratch = Self { folder };
        write(
            &scratch.folder.join("Cargo.toml"),
            "[workspace]\nresolver = \"3\"\nmembers = [\"members/*\"]\n",
        )?;
        write(&scratch.folder.join(".cargo/config.toml"), PROFILE)?;
        let lock = files::read(&workspace::root().join("Cargo.lock"))?;
        write(&scratch.folder.join("Cargo.lock"), &lock)?;
        Ok(scratch)
    }

    /// The folder of the workspace.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The folder of a package.
    pub(super) fn package(&self, name: &str) -> PathBuf {
        self.folder.join("members").join(name)
    }

    /// Writes a package with one source file. `dependencies` is the text of `[dependencies]`.
    pub(super) fn write_package(
        &self,
        name: &str,
        dependencies: &str,
        file: &str,
        text: &str,
    ) -> Result<()> {
        let folder = self.package(name);
        let manifest = format!(
            "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\npublish = false\n\n\
             [dependencies]\n{dependencies}"
        );
        write(&folder.join("Cargo.toml"), &manifest)?;
        write(&folder.join("src").join(file), text)
    }

    /// Creates a cargo command in the scratch workspace.
    pub(super) fn cargo(&self, arguments: &[&str]) -> Command {
        let mut command = workspace::cargo(arguments);
        command.current_dir(&self.folder);
        self.plain(&mut command);
        command
    }

    /// Creates a cargo command in this workspace, with the target folder of the scratch workspace.
    pub(super) fn cargo_in_workspace(&self, arguments: &[&str]) -> Command {
        let mut command = workspace::cargo(arguments);
        self.plain(&mut command);
        command
    }

    /// The target folder of the scratch workspace.
    pub(super) fn target(&self) -> PathBuf {
        self.folder.join("target")
    }

    /// Removes the settings of the cargo that runs this task. Turns off incremental compilation, which would only add cost to
    /// builds from scratch.
    fn plain(&self, command: &mut Command) {
        command
            .env("CARGO_TARGET_DIR", self.target())
            .env("CARGO_INCREMENTAL", "0")
            .env_remove("RUSTFLAGS");
    }
}
