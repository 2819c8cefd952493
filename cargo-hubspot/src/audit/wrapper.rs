//! The compiler wrapper of an audit: cargo runs this program instead of rustc.
//!
//! It runs rustc with `--force-warn deprecated`, so that every mark is reported whatever lints the code allows or denies. It
//! also marks the messages of unit test builds, which cargo reports under the same name as the ordinary build.

use std::ffi::OsString;
use std::io::{self, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};

use anyhow::{Context as _, Result};
use cargo_config2::BuildConfig;

use super::{note, unit};

/// Set for the cargo of an audit; holds the user's own wrapper for packages of the workspace, or nothing.
const INNER: &str = "CARGO_HUBSPOT_AUDIT_INNER_WRAPPER";

/// Set for the cargo of an audit if the user has a wrapper for all packages; holds it.
const OUTER: &str = "CARGO_HUBSPOT_AUDIT_OUTER_WRAPPER";

/// The arguments that make the compiler report. With the second lint, code may forbid what the macros allow.
const FORCE_WARN: [&str; 4] = [
    "--force-warn",
    "deprecated",
    "--force-warn",
    "useless-deprecated",
];

/// The lints that an audit cannot have forbidden on the command line: `--forbid` wins over `--force-warn`, and the code
/// that the client's macros write allows the second one.
const NOT_FORBIDDEN: [&str; 2] = ["deprecated", "useless-deprecated"];

/// Makes `cargo` call this program where it would call the user's wrappers, or rustc.
///
/// cargo would hand this program to the wrapper for all packages as if it were rustc, and one such as sccache refuses
/// compilers that it does not know. So this program takes both places, and passes rustc to both.
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

/// Acts as the compiler, if this process was started as one.
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

/// Runs the compiler to its end, if `reports` with the lints that report the marks.
fn compile(line: &[OsString], reports: bool) -> Result<ExitCode> {
    let (program, arguments) = line.split_first().context("no compiler was named")?;
    let arguments = permitted(arguments);
    let all = expanded(&arguments);
    let has = |wanted: &str| all.iter().any(|argument| argument == wanted);
    let mut command = Command::new(program);
    command.args(&arguments);
    let asks_only = has("-vV") || has("--print");
    let reports = reports && !asks_only;
    if reports {
        command.args(FORCE_WARN).stderr(Stdio::piped());
    }
    let child = command.spawn();
    let mut child = child.with_context(|| format!("cannot run {}", program.to_string_lossy()))?;
    if let Some(output) = child.stderr.take() {
        pass_on(BufReader::new(output), has("--test"))?;
    }
    let status = child.wait()?;
    if reports
        && status.success()
        && let Some(unit) = unit::of(program, &arguments, &all)
    {
        eprintln!("{}", unit.message());
    }
    Ok(exit_code(status))
}

/// The arguments, with those of response files (`@path`) in their place.
fn expanded(arguments: &[OsString]) -> Vec<OsString> {
    let lines = |argument: &OsString| {
        let path = argument.to_str()?.strip_prefix('@')?;
        let text = std::fs::read_to_string(path).ok()?;
        Some(text.lines().map(OsString::from).collect::<Vec<_>>())
    };
    let each = arguments
        .iter()
        .flat_map(|one| lines(one).unwrap_or_else(|| vec![one.clone()]));
    each.collect()
}

/// The arguments without those that forbid what an audit needs. Response files that forbid nothing stay response files.
fn permitted(arguments: &[OsString]) -> Vec<OsString> {
    let all = expanded(arguments);
    let mut kept = Vec::with_capacity(all.len());
    let mut rest = all.iter().peekable();
    while let Some(argument) = rest.next() {
        let text = argument.to_string_lossy();
        let takes_lint = matches!(&*text, "-F" | "--forbid");
        let attached = text
            .strip_prefix("--forbid=")
            .or_else(|| text.strip_prefix("-F"));
        let next = rest.peek().map(|lint| lint.to_string_lossy());
        if takes_lint && next.is_some_and(|lint| is_needed(&lint)) {
            rest.next();
        } else if !attached.is_some_and(is_needed) {
            kept.push(argument.clone());
        }
    }
    if kept.len() == all.len() {
        return arguments.to_vec();
    }
    kept
}

fn is_needed(lint: &str) -> bool {
    NOT_FORBIDDEN.contains(&lint.replace('_', "-").as_str())
}

/// Passes the compiler's messages on to cargo, line by line.
fn pass_on(mut output: impl io::BufRead, for_tests: bool) -> io::Result<()> {
    let mut stderr = io::stderr().lock();
    let mut line = Vec::new();
    while output.read_until(b'\n', &mut line)? > 0 {
        let text = String::from_utf8_lossy(&line);
        if text.contains("Unrecognized option: 'force-warn'") {
            writeln!(
                stderr,
                "error: this rustc does not know `--force-warn`, which an audit needs; use Rust 1.95 or newer"
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

#[cfg(test)]
mod tests {
    use super::*;

    fn permitted(arguments: &[&str]) -> Vec<String> {
        let arguments: Vec<_> = arguments.iter().map(OsString::from).collect();
        let kept = super::permitted(&arguments).into_iter();
        kept.map(|argument| argument.into_string().unwrap())
            .collect()
    }

    #[test]
    fn what_forbids_the_marks_is_left_out() {
        for forbidding in [
            &["-F", "deprecated"][..],
            &["-Fdeprecated"],
            &["--forbid", "deprecated"],
            &["--forbid=deprecated"],
            &["--forbid=useless_deprecated"],
        ] {
            let line = [&["--test"], forbidding, &["a.rs"]].concat();
            assert_eq!(permitted(&line), ["--test", "a.rs"], "{forbidding:?}");
        }
        let others = "-F unsafe_code -Fwarnings --forbid=unused -D deprecated";
        let others: Vec<_> = others.split(' ').collect();
        assert_eq!(permitted(&others), others);
    }

    #[test]
    fn response_files_are_looked_into() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str, text: &str| {
            let path = folder.path().join(name);
            std::fs::write(&path, text).unwrap();
            format!("@{}", path.display())
        };
        let forbids = file("forbids", "--test\n--forbid\ndeprecated\na b.rs\n");
        assert_eq!(permitted(&[&forbids, "-v"]), ["--test", "a b.rs", "-v"]);
        let others = file("nothing", "--test\n-Funsafe_code\n");
        assert_eq!(permitted(&[&others]), [others.as_str()]);
    }
}
