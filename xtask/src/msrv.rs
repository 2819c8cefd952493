//! `cargo xtask msrv`: compiles the crates that users install with the oldest compiler that they may use.

use std::process::Command;

use anyhow::Result;

use crate::{
    package::CRATES,
    progress::Missing,
    provision,
    workspace::{self, EVERY_FEATURE},
};

/// `rust-version` of the workspace.
const VERSION: &str = env!("CARGO_PKG_RUST_VERSION");

/// Compiles them. Fails with the command that installs the compiler if it is missing.
pub(crate) fn run() -> Result<()> {
    workspace::run(&mut command()?)
}

/// The command, if that compiler is installed. It ignores `rust-toolchain.toml`.
pub(crate) fn command() -> Result<Command, Missing> {
    let enable = format!("rustup toolchain install {VERSION} --profile minimal");
    let missing = |reason: String| Missing::new(reason, &enable);
    let rustup = provision::on_path(&["rustup"]);
    let rustup = rustup.ok_or_else(|| missing("`rustup` is not on the path".to_owned()))?;
    let version = Command::new(&rustup)
        .args(["run", VERSION, "rustc", "--version"])
        .output();
    if !version.is_ok_and(|output| output.status.success()) {
        return Err(missing(format!("Rust {VERSION} is not installed")));
    }
    let mut command = Command::new(rustup);
    command
        .args(["run", VERSION, "cargo", "check"])
        .args(CRATES.iter().flat_map(|name| ["--package", name]))
        .args(["--features", EVERY_FEATURE])
        .current_dir(workspace::root())
        // The compiler of the cargo that started this task.
        .env_remove("CARGO")
        .env_remove("RUSTC");
    Ok(command)
}
