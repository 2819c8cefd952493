//! The paths of this workspace, and how tasks run other programs.

use std::{
    ffi::OsStr,
    fmt::Write as _,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
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

/// What the generator knows of the client.
pub(crate) fn facts() -> PathBuf {
    root().join("hubspot-codegen/src/generated")
}

/// What `#[derive(Record)]` knows of HubSpot's object types.
pub(crate) fn macros() -> PathBuf {
    root().join("hubspot-macros/src/generated")
}

/// The folder for build output and scratch files.
pub(crate) fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// The folder with HubSpot's own documents: `given`, else `HUBSPOT_PUBLISHED`, else `target/published`.
pub(crate) fn published(given: Option<&Path>) -> PathBuf {
    given.map_or_else(
        || {
            std::env::var_os("HUBSPOT_PUBLISHED")
                .map_or_else(|| target().join("published"), PathBuf::from)
        },
        Path::to_path_buf,
    )
}

/// A path for messages: relative to the workspace if it is inside.
pub(crate) fn shown(path: &Path) -> String {
    path.strip_prefix(root())
        .unwrap_or(path)
        .display()
        .to_string()
}

/// A cargo command of the pinned toolchain, run in the workspace.
pub(crate) fn cargo<S: AsRef<OsStr>>(arguments: impl IntoIterator<Item = S>) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments).current_dir(root());
    command
}

/// Every feature except `scope-audit`, which makes every call a warning.
pub(crate) const EVERY_FEATURE: &str = "hubspot-generated/axum,hubspot-generated/chrono,hubspot-generated/full,hubspot-generated/jiff,hubspot-generated/keyring,hubspot-generated/redis,hubspot-generated/rust_decimal,hubspot-generated/time,hubspot-generated/v2026-03,hubspot-generated/v3,cargo-hubspot/keyring";

/// Builds the program hubspot-mock, and returns its path.
pub(crate) fn mock() -> Result<PathBuf> {
    build_programs()?;
    Ok(target().join("debug/hubspot-mock"))
}

/// Builds the demo program, and returns its path.
///
/// `with_tests` uses the build that the workspace's tests share; without it, only what the demo needs is compiled.
pub(crate) fn demo(with_tests: bool) -> Result<PathBuf> {
    if with_tests {
        build_programs()?;
    } else {
        let mut command = cargo(["build", "--package", "hubspot-generated"]);
        run(command.args(["--features", "oauth", "--example", "demo"]))?;
    }
    Ok(target().join("debug/examples/demo"))
}

/// Builds the programs that tasks run, with the features and dependencies of the workspace's tests, so that they all share
/// one build of the client.
fn build_programs() -> Result<()> {
    let programs = [
        "--bin=hubspot-mock",
        "--bin=cargo-hubspot",
        "--example=demo",
    ];
    let mut command = cargo(["build", "--workspace", "--features", EVERY_FEATURE]);
    run(command.args(programs))
}

/// Runs a command. Its output is shown.
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

/// Runs a command and captures its output. Its status is not checked.
pub(crate) fn output(command: &mut Command) -> Result<Output> {
    command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("cannot start `{}`", command_line(command)))
}

/// A command as a shell takes it, with the environment variables that were set for it.
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
