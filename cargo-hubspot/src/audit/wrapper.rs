//! What stands between cargo and rustc during an audit.
//!
//! Comes in: the command line of a compiler, from cargo, for a package of the workspace. Goes out: the same compiler's
//! output, with every use of something deprecated reported, whatever the code allows or denies, and with those of a
//! build for unit tests marked: cargo tells of these builds and of the ordinary ones by the same name. Refused: a compiler
//! without `--force-warn`.

use std::ffi::OsString;
use std::io::{self, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};

use anyhow::{Context as _, Result};
use cargo_config2::BuildConfig;

use super::note;

/// Set for the cargo of an audit; holds the user's own wrapper for packages of the workspace, or nothing.
const INNER: &str = "CARGO_HUBSPOT_AUDIT_INNER_WRAPPER";

/// Set for the cargo of an audit if the user has a wrapper for all packages; holds it.
const OUTER: &str = "CARGO_HUBSPOT_AUDIT_OUTER_WRAPPER";

/// The arguments that make the compiler report.
const FORCE_WARN: [&str; 2] = ["--force-warn", "deprecated"];

/// Makes `cargo` call this program where it would call the user's wrappers, or rustc.
///
/// cargo would hand this program to the wrapper for all packages as if it were rustc, and one such as sccache refuses
/// compilers that it does not know. So this program stands in both places, and hands rustc to both.
pub(super) fn install(cargo: &mut Command, config: &BuildConfig) -> Result<()> {
    let program = std::env::current_exe().context("cannot find this program's own file")?;
    let inner = config.rustc_workspace_wrapper.as_deref();
    cargo
        .env("RUSTC_WORKSPACE_WRAPPER", &program)
        .env(INNER, inner.unwrap_or(Path::new("")));
    // An empty one switches off one that is configured elsewhere.
    let outer = config.rustc_wrapper.as_deref();
    if let Some(outer) = outer.filter(|outer| !outer.as_os_str().is_empty()) {
        cargo.env("RUSTC_WRAPPER", program).env(OUTER, outer);
    }
    Ok(())
}

/// Acts as the compiler, if that is what this process was started for.
pub(crate) fn run() -> Option<ExitCode> {
    let inner = std::env::var_os(INNER)?;
    let mut line: Vec<OsString> = std::env::args_os().skip(1).collect();
    if line.first().is_none_or(|first| first == "hubspot") {
        return None;
    }
    let outer = std::env::var_os(OUTER);
    let is_ours = |first: &OsString| std::env::current_exe().is_ok_and(|own| own == *first);
    // In the place of both wrappers, this program is named once more for a package of the workspace.
    let is_of_workspace = outer.is_none() || line.first().is_some_and(is_ours);
    if is_of_workspace {
        if outer.is_some() {
            line.remove(0);
        }
        if !inner.is_empty() {
            line.insert(0, inner);
        }
    }
    if let Some(outer) = outer {
        line.insert(0, outer);
    }
    Some(compile(&line, is_of_workspace).unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::FAILURE
    }))
}

/// Runs the compiler to its end; `reports` says whether it is to report what is deprecated.
fn compile(line: &[OsString], reports: bool) -> Result<ExitCode> {
    let (program, arguments) = line.split_first().context("no compiler was named")?;
    let name = || program.to_string_lossy().into_owned();
    let has = |wanted: &str| arguments.iter().any(|argument| argument == wanted);
    let mut command = Command::new(program);
    command.args(arguments);
    let asks_only = has("-vV") || has("--print");
    if asks_only || !reports {
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
