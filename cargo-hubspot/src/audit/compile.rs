//! Runs `cargo check` and collects the [`Mark`]s that rustc reports, each with its place.
//!
//! If the code does not compile, rustc's errors are printed and the audit fails.

use std::collections::BTreeSet;
use std::io::BufReader;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};
use cargo_metadata::diagnostic::{Diagnostic, DiagnosticLevel, DiagnosticSpan};
use cargo_metadata::{CompilerMessage, Message, PackageId};

use super::graph::Plan;
use super::note::{self, Note};
use super::options::Selection;
use super::paths::Paths;
use super::unit::Unit;
use super::wrapper;
use crate::model::{Place, Target, TargetKind};

/// What the compiler told.
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

/// A mark that the compiler met.
#[derive(Clone, Debug)]
pub(super) struct Mark {
    pub(super) package: PackageId,
    pub(super) target: Target,
    pub(super) note: Note,
    /// Where the code stands that made the compiler meet it.
    pub(super) place: Place,
    /// Where it is written, if that is in the definition of a macro.
    pub(super) written: Option<Place>,
}

/// Compiles what is planned.
pub(super) fn compile(plan: &Plan<'_>, selection: &Selection, root: &Path) -> Result<Compiled> {
    let mut command = command(plan, selection)?;
    let mut cargo = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .context("cannot run cargo")?;
    let output = cargo.stdout.take().context("cargo has no output")?;
    let mut compiled = Compiled {
        marks: Vec::new(),
        units: Vec::new(),
        paths: Paths::new(root),
    };
    let mut shown = BTreeSet::new();
    for message in Message::parse_stream(BufReader::new(output)) {
        match message.context("cannot read what cargo says")? {
            Message::CompilerMessage(CompilerMessage { message, .. }) if is_error(&message) => {
                // What is compiled for its tests, too, is wrong twice.
                if let Some(text) = message.rendered
                    && shown.insert(text.clone())
                {
                    eprint!("{text}");
                }
            }
            Message::CompilerMessage(message) => compiled.add(&message),
            Message::BuildScriptExecuted(script) => {
                let folder = script.out_dir.as_std_path();
                compiled.paths.add_out_dir(script.package_id, folder);
            }
            _ => {}
        }
    }
    if !cargo.wait()?.success() {
        bail!("an audit needs code that compiles: see above");
    }
    Ok(compiled)
}

fn is_error(message: &Diagnostic) -> bool {
    matches!(message.level, DiagnosticLevel::Error | DiagnosticLevel::Ice)
}

impl Compiled {
    fn add(&mut self, message: &CompilerMessage) {
        if let Some(unit) = Unit::read(&message.message.message) {
            self.units.push(CompiledUnit {
                package: message.package_id.clone(),
                target: target(&message.target),
                unit,
            });
        } else {
            self.marks.extend(mark(message, &self.paths));
        }
    }
}

fn command(plan: &Plan<'_>, selection: &Selection) -> Result<Command> {
    let config = cargo_config2::Config::load().context("cannot read cargo's configuration")?;
    let mut command = Command::new(cargo());
    command.arg("check");
    let is_terminal = std::io::IsTerminal::is_terminal(&std::io::stderr());
    command.arg(if is_terminal {
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
    // Warnings are all that this is about, whatever is made of them elsewhere.
    command.env("CARGO_BUILD_WARNINGS", "warn");
    wrapper::install(&mut command, &config.build)?;
    Ok(command)
}

/// The cargo that runs this program.
pub(super) fn cargo() -> std::ffi::OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

/// The mark behind a message, if there is one.
fn mark(message: &CompilerMessage, paths: &Paths) -> Option<Mark> {
    let (note, is_test) = note::read(&message.message.message)?;
    let mut target = target(&message.target);
    let is_testable = target.kind.ships() || target.kind == TargetKind::Example;
    if is_test && is_testable {
        target.kind = TargetKind::Test;
    }
    let (place, written) = places(&message.message, paths)?;
    Some(Mark {
        package: message.package_id.clone(),
        target,
        note,
        place,
        written,
    })
}

/// A target as the report has it.
pub(super) fn target(target: &cargo_metadata::Target) -> Target {
    use cargo_metadata::TargetKind as Kind;
    let kind = match target.kind.first() {
        Some(Kind::Bin) => TargetKind::Bin,
        Some(Kind::Example) => TargetKind::Example,
        Some(Kind::Test) => TargetKind::Test,
        Some(Kind::Bench) => TargetKind::Bench,
        Some(Kind::CustomBuild) => TargetKind::BuildScript,
        Some(Kind::ProcMacro) => TargetKind::ProcMacro,
        _ => TargetKind::Lib,
    };
    Target {
        kind,
        name: target.name.clone(),
    }
}

/// Where a message points to: the outermost code, which is that of a macro's use, and, where that is another one, the
/// code that the macro stands for.
fn places(message: &Diagnostic, paths: &Paths) -> Option<(Place, Option<Place>)> {
    let innermost = message.spans.iter().find(|span| span.is_primary)?;
    let mut outermost = innermost;
    while let Some(expansion) = &outermost.expansion {
        outermost = &expansion.span;
    }
    let written = place(innermost, paths);
    let used = place(outermost, paths);
    let within = |inner: &Place, outer: &Place| {
        inner.file == outer.file
            && outer.byte_start <= inner.byte_start
            && inner.byte_end <= outer.byte_end
    };
    // What a macro was given is more exact than the macro's use.
    Some(if within(&written, &used) {
        (written, None)
    } else {
        (used, Some(written))
    })
}

fn place(span: &DiagnosticSpan, paths: &Paths) -> Place {
    let bytes = |offset: u32| usize::try_from(offset).unwrap_or(usize::MAX);
    Place {
        file: paths.shown(Path::new(&span.file_name)),
        line: span.line_start,
        column: span.column_start,
        end_line: span.line_end,
        end_column: span.column_end,
        byte_start: bytes(span.byte_start),
        byte_end: bytes(span.byte_end),
        text: span
            .text
            .first()
            .map_or_else(String::new, |line| line.text.clone()),
    }
}
