//! Runs `cargo check` and collects the [`Mark`]s that rustc reports, each with its place.
//!
//! If the code does not compile, rustc's errors are printed and the audit fails.

use std::error::Error;
use std::ffi::OsString;
use std::fmt;
use std::io::{BufReader, IsTerminal as _};
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result};
use cargo_metadata::diagnostic::{Diagnostic, DiagnosticLevel, DiagnosticSpan};
use cargo_metadata::{CompilerMessage, Message, PackageId, TargetKind as Kind};

use super::graph::Plan;
use super::note::{self, Note};
use super::options::Selection;
use super::paths::Paths;
use super::unit::Unit;
use super::wrapper;
use crate::model::{Place, Target, TargetKind};

/// What the compiler reported.
pub(super) struct Compiled {
    pub(super) marks: Vec<Mark>,
    /// Every compilation of a package of the workspace.
    pub(super) units: Vec<CompiledUnit>,
    pub(super) paths: Paths,
}

/// A compilation of a target.
#[derive(Debug)]
pub(super) struct CompiledUnit {
    pub(super) package: PackageId,
    pub(super) target: Target,
    pub(super) unit: Unit,
}

/// A mark that the compiler reported.
#[derive(Clone, Debug)]
pub(super) struct Mark {
    pub(super) package: PackageId,
    pub(super) target: Target,
    pub(super) note: Note,
    /// The code that uses what is marked.
    pub(super) place: Place,
    /// Where it is written, if that is in the definition of a macro.
    pub(super) written: Option<Place>,
}

/// Compiles what is planned.
pub(super) fn compile(plan: &Plan<'_>, selection: &Selection, root: &Path) -> Result<Compiled> {
    let mut command = command(plan, selection)?;
    command.stdin(Stdio::null()).stdout(Stdio::piped());
    let mut cargo = command.spawn().context("cannot run cargo")?;
    let output = cargo.stdout.take().context("cargo has no output")?;
    let mut compiled = Compiled {
        marks: Vec::new(),
        units: Vec::new(),
        paths: Paths::new(root),
    };
    let mut errors = Vec::new();
    for message in Message::parse_stream(BufReader::new(output)) {
        match message.context("cannot read the output of cargo")? {
            Message::CompilerMessage(CompilerMessage { message, .. }) if is_error(&message) => {
                // Code that is also compiled for its tests has every error twice.
                let text = message.rendered.unwrap_or_default();
                if !errors.contains(&text) {
                    eprint!("{text}");
                    errors.push(text);
                }
            }
            Message::CompilerMessage(message) => compiled.add(message),
            Message::BuildScriptExecuted(script) => {
                let folder = script.out_dir.as_std_path();
                compiled.paths.add_out_dir(script.package_id, folder);
            }
            _ => {}
        }
    }
    if !cargo.wait()?.success() {
        return Err(DoesNotCompile { errors }.into());
    }
    Ok(compiled)
}

/// The code does not compile, and cargo and rustc have printed why.
#[derive(Debug)]
pub(crate) struct DoesNotCompile {
    /// rustc's errors, as it shows them.
    #[cfg_attr(
        not(feature = "mcp"),
        expect(dead_code, reason = "only the server needs them")
    )]
    pub(crate) errors: Vec<String>,
}

impl fmt::Display for DoesNotCompile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an audit needs code that compiles: see above")
    }
}

impl Error for DoesNotCompile {}

fn is_error(message: &Diagnostic) -> bool {
    matches!(message.level, DiagnosticLevel::Error | DiagnosticLevel::Ice)
}

impl Compiled {
    fn add(&mut self, message: CompilerMessage) {
        let text = &message.message.message;
        let mut target = target(&message.target);
        if let Some(unit) = Unit::read(text) {
            self.units.push(CompiledUnit {
                package: message.package_id,
                target,
                unit,
            });
        } else if let Some((note, is_test)) = note::read(text)
            && let Some((place, written)) = places(&message.message, &self.paths)
        {
            if is_test && (target.kind.ships() || target.kind == TargetKind::Example) {
                target.kind = TargetKind::Test;
            }
            self.marks.push(Mark {
                package: message.package_id,
                target,
                note,
                place,
                written,
            });
        }
    }
}

fn command(plan: &Plan<'_>, selection: &Selection) -> Result<Command> {
    let config = cargo_config2::Config::load().context("cannot read cargo's configuration")?;
    let mut command = Command::new(cargo());
    command.arg("check");
    command.arg(if std::io::stderr().is_terminal() {
        "--message-format=json-diagnostic-rendered-ansi"
    } else {
        "--message-format=json"
    });
    for member in &plan.members {
        command.args(["--package", &member.package.id.repr]);
    }
    for feature in &plan.features {
        command.args(["--features", feature]);
    }
    command.args(selection.for_check());
    // The marks are warnings, whatever else warnings are configured to be.
    command.env("CARGO_BUILD_WARNINGS", "warn");
    wrapper::install(&mut command, &config.build)?;
    Ok(command)
}

/// The cargo that runs this program.
pub(crate) fn cargo() -> OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

/// A target as the report has it.
pub(super) fn target(target: &cargo_metadata::Target) -> Target {
    let kind = match target.kind.first() {
        Some(Kind::Bin) => TargetKind::Bin,
        Some(Kind::Example) => TargetKind::Example,
        Some(Kind::Test) => TargetKind::Test,
        Some(Kind::Bench) => TargetKind::Bench,
        Some(Kind::CustomBuild) => TargetKind::BuildScript,
        Some(Kind::ProcMacro) => TargetKind::ProcMacro,
        _ => TargetKind::Lib,
    };
    let name = target.name.clone();
    Target { kind, name }
}

/// The place of a message: the outermost code, which is the use of a macro, and, if that is elsewhere, the code that the
/// macro expands to.
fn places(message: &Diagnostic, paths: &Paths) -> Option<(Place, Option<Place>)> {
    let innermost = message.spans.iter().find(|span| span.is_primary)?;
    let mut outermost = innermost;
    while let Some(expansion) = &outermost.expansion {
        outermost = &expansion.span;
    }
    let [written, used] = [innermost, outermost].map(|span| place(span, paths));
    let is_argument = written.file == used.file
        && used.byte_start <= written.byte_start
        && written.byte_end <= used.byte_end;
    // The argument of a macro is more exact than its use.
    Some(if is_argument {
        (written, None)
    } else {
        (used, Some(written))
    })
}

fn place(span: &DiagnosticSpan, paths: &Paths) -> Place {
    let bytes = |offset: u32| usize::try_from(offset).unwrap_or(usize::MAX);
    let text = span.text.first().map(|line| line.text.clone());
    Place {
        file: paths.shown(Path::new(&span.file_name)),
        line: span.line_start,
        column: span.column_start,
        end_line: span.line_end,
        end_column: span.column_end,
        byte_start: bytes(span.byte_start),
        byte_end: bytes(span.byte_end),
        text: text.unwrap_or_default(),
    }
}
