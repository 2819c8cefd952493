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

/// Compiles them, or fails with how to install the compiler.
pub(crate) fn run() -> Result<()> {
    workspace::run(&mut command()?)
}

/// The command, if that compiler is installed. The pinned one of `rust-toolchain.toml` is left aside.
pub(crate) fn command() -> Result<Command, Missing> {
    let missing = |reason: String| Missing {
        reason,
        enable: format!("rustup toolchain install {VERSION} --profile minimal"),
    };
    let rustup = provision::on_path(&["rustup"]);
    let rustup = rustup.ok_or_else(|| missing("`rustup` is not on the path".to_owned()))?;
    let listed = Command::new(&rustup).args(["toolchain", "list"]).output();
    let listed = listed.map_err(|error| missing(format!("cannot run rustup: {error}")))?;
    if !has_toolchain(&String::from_utf8_lossy(&listed.stdout), VERSION) {
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

/// Whether rustup lists a toolchain with the name `version`, for whatever host.
fn has_toolchain(listed: &str, version: &str) -> bool {
    listed.lines().any(|line| {
        let host = line.strip_prefix(version);
        host.is_some_and(|host| host.is_empty() || host.starts_with(['-', ' ']))
    })
}

#[cfg(test)]
mod tests {
    use super::has_toolchain;

    #[test]
    fn a_toolchain_is_found_by_its_version() {
        let listed = "stable-x86_64-unknown-linux-gnu (default)\n1.91.1-x86_64-unknown-linux-gnu\n1.9-x86_64\n";
        assert!(has_toolchain(listed, "1.91.1"));
        assert!(has_toolchain(listed, "1.9"));
        assert!(!has_toolchain(listed, "1.91"));
    }
}
