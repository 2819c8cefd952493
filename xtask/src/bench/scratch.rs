//! A scratch workspace below `target/bench`, with packages that are written into it, and cargo commands that run there.
//!
//! The scratch workspace starts from the repository's lock file, so that ours and the others' code stand on the same
//! versions of the same dependencies.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result};

use crate::workspace;

/// Cargo's own profile instead of that of the repository's `.cargo/config.toml`: builds are measured as a user has them.
const PROFILE: &str = "[profile.dev]\ndebug = true\n\n[profile.dev.package]\nproc-macro2.opt-level = 0\nquote.opt-level = 0\n\
                       serde_json.opt-level = 0\nsyn.opt-level = 0\n";

/// The scratch workspace.
pub(super) struct Scratch {
    folder: PathBuf,
}

impl Scratch {
    /// A workspace in `folder`, without the packages of earlier runs.
    pub(super) fn new(folder: PathBuf) -> Result<Self> {
        let members = folder.join("members");
        if members.exists() {
            fs::remove_dir_all(&members)
                .with_context(|| format!("cannot remove {}", members.display()))?;
        }
        let scratch = Self { folder };
        write(
            &scratch.folder.join("Cargo.toml"),
            "[workspace]\nresolver = \"3\"\nmembers = [\"members/*\"]\n",
        )?;
        write(&scratch.folder.join(".cargo/config.toml"), PROFILE)?;
        let lock = fs::read_to_string(workspace::root().join("Cargo.lock"))
            .context("cannot read the workspace's Cargo.lock")?;
        write(&scratch.folder.join("Cargo.lock"), &lock)?;
        Ok(scratch)
    }

    /// The workspace's own folder.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The folder of one package.
    pub(super) fn package(&self, name: &str) -> PathBuf {
        self.folder.join("members").join(name)
    }

    /// Writes a package; `dependencies` are the lines of its table of that name.
    pub(super) fn write_package(
        &self,
        name: &str,
        dependencies: &str,
        sources: &[(String, String)],
    ) -> Result<()> {
        let folder = self.package(name);
        let manifest = format!(
            "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\npublish = false\n\n\
             [dependencies]\n{dependencies}"
        );
        write(&folder.join("Cargo.toml"), &manifest)?;
        for (path, text) in sources {
            write(&folder.join("src").join(path), text)?;
        }
        Ok(())
    }

    /// A cargo command in the scratch workspace, with the target folder that all packages share.
    pub(super) fn cargo(&self, arguments: &[&str]) -> Command {
        let mut command = workspace::cargo(arguments);
        command.current_dir(&self.folder);
        self.plain(&mut command);
        command
    }

    /// A cargo command in the repository's own workspace, for the client by itself.
    pub(super) fn cargo_at_home(&self, arguments: &[&str]) -> Command {
        let mut command = workspace::cargo(arguments);
        self.plain(&mut command);
        command
    }

    /// Where the builds of the scratch workspace go.
    pub(super) fn target(&self) -> PathBuf {
        self.folder.join("target")
    }

    /// Sets a command free of what this process inherited from the cargo that started it; every build is from nothing,
    /// so incremental compilation would only add its own cost.
    fn plain(&self, command: &mut Command) {
        command
            .env("CARGO_TARGET_DIR", self.target())
            .env("CARGO_INCREMENTAL", "0")
            .env_remove("RUSTFLAGS");
    }
}

/// Writes a file and the folders above it.
pub(super) fn write(path: &Path, text: &str) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)
            .with_context(|| format!("cannot create {}", folder.display()))?;
    }
    fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}

/// Adds every Rust file below `folder` to `found`.
pub(super) fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
    for entry in
        fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))?
    {
        let path = entry?.path();
        if path.is_dir() {
            rust_files(&path, found)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    Ok(())
}
