//! What the compiler reports.
//!
//! Comes in: the plan. Goes out: every [`Mark`] that the compiler met, with its place. Refused: code that does not compile;
//! the compiler's errors are shown.

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
use super::wrapper;
use crate::model::{Place, Target, TargetKind};

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
pub(super) fn compile(plan: &Plan<'_>, selection: &Selection, root: &Path) -> Result<Vec<Mark>> {
    let mut command = command(plan, selection)?;
    let mut cargo = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .context("cannot run cargo")?;
    let output = cargo.stdout.take().context("cargo has no output")?;
    let mut marks = Vec::new();
    let mut shown = BTreeSet::new();
    for message in Message::parse_stream(BufReader::new(output)) {
        if let Message::CompilerMessage(message) = message.context("cannot read what cargo says")? {
            if matches!(
                message.message.level,
                DiagnosticLevel::Error | DiagnosticLevel::Ice
            ) {
                // What is compiled for its tests, too, is wrong twice.
                if let Some(text) = message.message.rendered
                    && shown.insert(text.clone())
                {
                    eprint!("{text}");
                }
            } else {
                marks.extend(mark(&message, root));
            }
        }
    }
    if !cargo.wait()?.success() {
        bail!("an audit needs code that compiles: see above");
    }
    Ok(marks)
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
fn mark(message: &CompilerMessage, root: &Path) -> Option<Mark> {
    let CompilerMessage {
        package_id,
        target,
        message,
        ..
    } = message;
    let (note, is_test) = note::read(&message.message)?;
    let kind = kind(target);
    let kind = match kind {
        TargetKind::Lib | TargetKind::Bin | TargetKind::ProcMacro | TargetKind::Example
            if is_test =>
        {
            TargetKind::Test
        }
        _ => kind,
    };
    let (place, written) = places(message, root)?;
    Some(Mark {
        package: package_id.clone(),
        target: Target {
            kind,
            name: target.name.clone(),
        },
        note,
        place,
        written,
    })
}

fn kind(target: &cargo_metadata::Target) -> TargetKind {
    use cargo_metadata::TargetKind as Kind;
    match target.kind.first() {
        Some(Kind::Bin) => TargetKind::Bin,
        Some(Kind::Example) => TargetKind::Example,
        Some(Kind::Test) => TargetKind::Test,
        Some(Kind::Bench) => TargetKind::Bench,
        Some(Kind::CustomBuild) => TargetKind::BuildScript,
        Some(Kind::ProcMacro) => TargetKind::ProcMacro,
        _ => TargetKind::Lib,
    }
}

/// Where a message points to: the outermost code, which is that of a macro's use, and, where that is another one, the
/// code that the macro stands for.
fn places(message: &Diagnostic, root: &Path) -> Option<(Place, Option<Place>)> {
    let innermost = message.spans.iter().find(|span| span.is_primary)?;
    let mut outermost = innermost;
    while let Some(expansion) = &outermost.expansion {
        outermost = &expansion.span;
    }
    let written = place(innermost, root);
    let used = place(outermost, root);
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

fn place(span: &DiagnosticSpan, root: &Path) -> Place {
    let path = Path::new(&span.file_name);
    let file = path.strip_prefix(root).unwrap_or(path).to_string_lossy();
    let bytes = |offset: u32| usize::try_from(offset).unwrap_or(usize::MAX);
    Place {
        file: file.replace('\\', "/"),
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
