//! What stands between cargo and rustc during an audit.
//!
//! Comes in: the command line of a compiler, from cargo, for a package of the workspace. Goes out: the same compiler's
//! output, with every use of something deprecated reported, whatever the code allows or denies, and with those of a
//! build for unit tests marked: cargo tells of these builds and of the ordinary ones by the same name. Refused: a compiler
//! without `--force-warn`.

use std::ffi::{OsStr, OsString};
use std::io::{self, BufReader, Write as _};
use std::process::{Command, ExitCode, Stdio};

use anyhow::{Context as _, Result};

use super::note;

/// Set for the cargo of an audit; holds the user's own wrapper, or nothing.
const INNER: &str = "CARGO_HUBSPOT_AUDIT_INNER_WRAPPER";

/// The arguments that make the compiler report.
const FORCE_WARN: [&str; 2] = ["--force-warn", "deprecated"];

/// Makes `cargo` call this program where it would call `inner`, or rustc.
pub(super) fn install(cargo: &mut Command, inner: Option<&OsStr>) -> Result<()> {
    let program = std::env::current_exe().context("cannot find this program's own file")?;
    cargo
        .env("RUSTC_WORKSPACE_WRAPPER", program)
        .env(INNER, inner.unwrap_or_default());
    Ok(())
}

/// Acts as the compiler, if that is what this process was started for.
pub(crate) fn run() -> Option<ExitCode> {
    let inner = std::env::var_os(INNER)?;
    let mut line: Vec<OsString> = std::env::args_os().skip(1).collect();
    if line.first().is_none_or(|first| first == "hubspot") {
        return None;
    }
    if !inner.is_empty() {
        line.insert(0, inner);
    }
    Some(compile(&line).unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::FAILURE
    }))
}

/// Runs the compiler to its end.
fn compile(line: &[OsString]) -> Result<ExitCode> {
    let (program, arguments) = line.split_first().context("no compiler was named")?;
    let name = || program.to_string_lossy().into_owned();
    let has = |wanted: &str| arguments.iter().any(|argument| argument == wanted);
    let mut command = Command::new(program);
    command.args(arguments);
    let asks_only = has("-vV") || has("--print");
    if asks_only {
        let status = command.status();
        return Ok(exit_code(
            status.with_context(|| format!("cannot run {}", name()))?,
        ));
    }
    let mut child = command
        .args(FORCE_WARN)
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot run {}", name()))?;
    if let Some(output) = child.stderr.take() {
        pass_on(BufReader::new(output), has("--test"))?;
    }
    Ok(exit_code(child.wait()?))
}

/// Hands the compiler's messages to cargo, line by line.
fn pass_on(mut output: impl io::BufRead, for_tests: bool) -> io::Result<()> {
    let mut stderr = io::stderr().lock();
    let mut line = Vec::new();
    while output.read_until(b'\n', &mut line)? > 0 {
        let text = String::from_utf8_lossy(&line);
        if text.contains("Unrecognized option: 'force-warn'") {
            writeln!(
                stderr,
                "error: this rustc does not know `--force-warn`, by which an audit sees every call; Rust 1.95 or newer does"
            )?;
        } else if for_tests {
            stderr.write_all(note::marked_as_test(&text).as_bytes())?;
        } else {
            stderr.write_all(&line)?;
        }
        line.clear();
    }
    Ok(())
}

fn exit_code(status: std::process::ExitStatus) -> ExitCode {
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    code.map_or(ExitCode::FAILURE, ExitCode::from)
}
