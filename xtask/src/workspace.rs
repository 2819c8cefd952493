//! Where things are in this workspace, and how its tasks start other programs.
//!
//! In: nothing but the place that this crate was built in, and the environment. Out: paths and finished programs.
//! Refuses: a program that cannot be started or that fails, with its command line.

use std::{
    ffi::OsStr,
    fmt::Write as _,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};

/// The folder that holds the workspace's `Cargo.toml`.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .map_or_else(|| PathBuf::from("."), Path::to_path_buf)
}

/// Our documents.
pub(crate) fn specs() -> PathBuf {
    root().join("specs")
}

/// The generated code of the client.
pub(crate) fn generated() -> PathBuf {
    root().join("hubspot-generated/src/generated")
}

/// The mock's generated table of operations.
pub(crate) fn table() -> PathBuf {
    root().join("hubspot-mock/src/generated")
}

/// Where builds put their output, and tasks their scratch files.
pub(crate) fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// The folder with HubSpot's own documents: the one asked for, else `HUBSPOT_PUBLISHED`, else `target/published`.
pub(crate) fn published(asked: Option<&Path>) -> PathBuf {
    asked.map_or_else(
        || {
            std::env::var_os("HUBSPOT_PUBLISHED")
                .map_or_else(|| target().join("published"), PathBuf::from)
        },
        Path::to_path_buf,
    )
}

/// A path as a reader wants it: relative to the workspace where it is inside.
pub(crate) fn shown(path: &Path) -> String {
    path.strip_prefix(root())
        .unwrap_or(path)
        .display()
        .to_string()
}

/// A cargo of the pinned toolchain, started in the workspace.
pub(crate) fn cargo<S: AsRef<OsStr>>(arguments: impl IntoIterator<Item = S>) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments).current_dir(root());
    command
}

/// Every feature but `scope-audit`, which turns each call into a warning on purpose.
pub(crate) const EVERY_FEATURE: &str = "hubspot-generated/axum,hubspot-generated/keyring,hubspot-generated/redis,hubspot-generated/v2026-03,hubspot-generated/v3,cargo-hubspot/keyring";

/// Where the hubspot-mock program is, built.
pub(crate) fn mock() -> Result<PathBuf> {
    build_programs()?;
    Ok(target().join("debug/hubspot-mock"))
}

/// Where the demo program is, built.
pub(crate) fn demo() -> Result<PathBuf> {
    build_programs()?;
    Ok(target().join("debug/examples/demo"))
}

/// Builds the programs that tasks start: with the features and the dependencies of the workspace's tests, so that all of
/// them stand on one build of the client.
fn build_programs() -> Result<()> {
    let programs = [
        "--bin=hubspot-mock",
        "--bin=cargo-hubspot",
        "--example=demo",
    ];
    let mut command = cargo(["build", "--workspace", "--features", EVERY_FEATURE]);
    run(command.args(programs))
}

/// Runs `command` to its end with its output shown.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let line = command_line(command);
    let status = command
        .status()
        .with_context(|| format!("cannot start `{line}`"))?;
    if !status.success() {
        bail!("`{line}` failed ({status})");
    }
    Ok(())
}

/// `command` as one would type it in a shell, with the environment variables that were set for it.
pub(crate) fn command_line(command: &Command) -> String {
    let mut line = String::new();
    for (name, value) in command.get_envs() {
        if let Some(value) = value {
            let (name, value) = (name.to_string_lossy(), value.to_string_lossy());
            let quote = if value.contains(' ') { "\"" } else { "" };
            let _ = write!(line, "{name}={quote}{value}{quote} ");
        }
    }
    let program = Path::new(command.get_program());
    let program = program.file_name().unwrap_or(program.as_os_str());
    line.push_str(&program.to_string_lossy());
    for argument in command.get_args() {
        line.push(' ');
        line.push_str(&argument.to_string_lossy());
    }
    line
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::command_line;

    #[test]
    fn a_command_line_can_be_typed() {
        let mut command = Command::new("/usr/bin/cargo");
        command
            .args(["doc", "--workspace"])
            .env("RUSTDOCFLAGS", "-D warnings")
            .env_remove("RUSTFLAGS");
        assert_eq!(
            command_line(&command),
            "RUSTDOCFLAGS=\"-D warnings\" cargo doc --workspace"
        );
    }
}
