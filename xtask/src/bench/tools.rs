//! Installs the tools of measurements below `target/bench/tools`.

use std::{
    env,
    ffi::OsString,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result};

use super::measure::Runner;

/// The folder of the tools.
pub(super) struct Tools {
    folder: PathBuf,
}

impl Tools {
    /// Creates the list of tools in `folder`.
    pub(super) fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// Installs a program from crates.io, in exactly this version, and returns its path.
    pub(super) fn cargo_install(
        &self,
        runner: &Runner,
        package: &str,
        version: &str,
    ) -> Result<PathBuf> {
        let root = self.folder.join(format!("{package}-{version}"));
        let program = root.join("bin").join(package);
        if !program.exists() {
            eprintln!("  installing {package} {version} into {}", root.display());
            let mut install = Command::new("cargo");
            install
                .args(["install", "--locked", "--root"])
                .arg(&root)
                .arg(format!("{package}@{version}"))
                .env("CARGO_TARGET_DIR", self.folder.join("build"));
            runner.run(&mut install)?;
        }
        Ok(program)
    }

    /// Installs openapi-generator, a Java archive inside a Python package.
    pub(super) fn openapi_generator(&self, runner: &Runner, version: &str) -> Result<PathBuf> {
        let folder = self.folder.join(format!("openapi-generator-cli-{version}"));
        let archive = folder.join("openapi_generator_cli/openapi-generator.jar");
        if !archive.exists() {
            eprintln!(
                "  installing openapi-generator-cli {version} into {}",
                folder.display()
            );
            let mut install = Command::new("python3");
            install
                .args(["-m", "pip", "install", "--quiet", "--target"])
                .arg(&folder)
                .arg(format!("openapi-generator-cli=={version}"));
            runner.run(&mut install)?;
        }
        runner
            .run(Command::new("java").arg("-version"))
            .context("openapi-generator needs Java")?;
        Ok(archive)
    }
}

/// Counts the instructions of a command in millions. Fails without valgrind.
pub(super) fn count_instructions(
    runner: &Runner,
    program: &Path,
    arguments: &[&str],
) -> Result<f64> {
    let mut command = Command::new("valgrind");
    command
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(program)
        .args(arguments);
    runner.run(&mut command)?;
    let printed = runner.printed()?;
    let collected = printed
        .lines()
        .find_map(|line| line.split_once("Collected :"))
        .and_then(|(_, count)| count.trim().parse::<u64>().ok());
    collected
        .map(super::millions)
        .context("valgrind printed no number of instructions")
}

/// Adds `folder` to the search path of a cargo command.
pub(super) fn add_to_path(command: &mut Command, folder: &Path) {
    let mut path = OsString::from(folder);
    if let Some(others) = env::var_os("PATH") {
        path.push(":");
        path.push(others);
    }
    command.env("PATH", path);
}
