//! Comes in: the client and its peers, built before. Goes out: lines, types, and the lines of LLVM's language that each
//! becomes. Refuses: a build folder without the facts that rustc leaves there.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};

use super::{
    Session,
    build::{self, OURS, Package},
    peers::Peer,
    report::{Bar, Figure, Report, Unit},
    scratch, tools,
};
use crate::workspace;

const SECTION: &str = "size (2026-09, four APIs; ours with its runtime)";
const ALL_VERSIONS: &str = "our generated code, all three versions";

/// Most structs that the models of the three versions may need.
const MOST_STRUCTS: f64 = 85.0;

/// Counts ours, then each peer.
pub(super) fn measure(session: &Session, peers: &[Peer], report: &mut Report) -> Result<()> {
    eprintln!("{SECTION}");
    let deps = session.scratch.target().join("debug/deps");
    session.runner.run(&mut session.scratch.cargo_at_home(&[
        "check",
        "--quiet",
        "--package",
        OURS,
    ]))?;
    let ours = compiled_sources(&deps, &workspace::root(), &OURS.replace('-', "_"))?;
    report_sources("ours", &ours, report)?;
    for peer in peers {
        let package = peer.package();
        session.runner.run(&mut session.scratch.cargo(&[
            "check",
            "--quiet",
            "--package",
            &package,
        ]))?;
        report_sources(
            peer.name(),
            &compiled_sources(&deps, session.scratch.folder(), &package.replace('-', "_"))?,
            report,
        )?;
    }
    report_llvm_lines(session, peers, report);
    report_all_versions(report)
}

/// Lines and types of one client.
fn report_sources(name: &str, sources: &[PathBuf], report: &mut Report) -> Result<()> {
    let text = read_all(sources)?;
    for (what, value) in [
        ("lines", text.lines().count()),
        ("structs", declared(&text, "struct")),
        ("enums", declared(&text, "enum")),
    ] {
        report.add(Figure::new(
            SECTION,
            format!("{name}, {what}"),
            super::count(value),
            Unit::Count,
        ));
    }
    Ok(())
}

/// How many types the generated models hold over all versions.
fn report_all_versions(report: &mut Report) -> Result<()> {
    let mut files = Vec::new();
    scratch::rust_files(&workspace::generated(), &mut files)?;
    let (models, others): (Vec<PathBuf>, Vec<PathBuf>) = files.into_iter().partition(|path| {
        path.strip_prefix(workspace::generated())
            .is_ok_and(|path| path.starts_with("models"))
    });
    let models = read_all(&models)?;
    let others = read_all(&others)?;
    let lines = models.lines().count() + others.lines().count();
    report.add(Figure::new(
        ALL_VERSIONS,
        "lines",
        super::count(lines),
        Unit::Count,
    ));
    report.add(
        Figure::new(
            ALL_VERSIONS,
            "structs in models",
            super::count(declared(&models, "struct")),
            Unit::Count,
        )
        .bar(Bar::AtMost(MOST_STRUCTS)),
    );
    report.add(Figure::new(
        ALL_VERSIONS,
        "enums in models",
        super::count(declared(&models, "enum")),
        Unit::Count,
    ));
    let handles = super::count(declared(&others, "struct"));
    report.add(Figure::new(
        ALL_VERSIONS,
        "other structs (handles, parameter sets)",
        handles,
        Unit::Count,
    ));
    Ok(())
}

/// Lines of LLVM's language, optimised build: of each client, and of each with its program of ten calls.
fn report_llvm_lines(session: &Session, peers: &[Peer], report: &mut Report) {
    let tool = match session
        .tools
        .cargo_install(&session.runner, "cargo-llvm-lines", "0.4.48")
    {
        Ok(tool) => tool,
        Err(reason) => {
            report.note(SECTION, format!("LLVM lines not counted: {reason:#}"));
            return;
        }
    };
    let programs = match build::programs(session, peers) {
        Ok(programs) => programs,
        Err(reason) => {
            report.note(SECTION, format!("no programs of ten calls: {reason:#}"));
            Vec::new()
        }
    };
    let kinds = [
        ("LLVM lines", "--lib", build::crates(peers)),
        ("LLVM lines of the ten calls", "--bins", programs),
    ];
    for (what, kind, packages) in kinds {
        for package in packages {
            let name = format!("{}, {what}", package.title);
            match llvm_lines(session, &tool, &package, kind) {
                Ok(lines) => report.add(Figure::new(SECTION, name, lines, Unit::Count)),
                Err(reason) => report.note(SECTION, format!("{name} not counted: {reason:#}")),
            }
        }
    }
}

/// Lines of LLVM's language in the optimised build of one package.
fn llvm_lines(session: &Session, tool: &Path, package: &Package, kind: &str) -> Result<f64> {
    let arguments = ["llvm-lines", "--release", kind, "--package", &package.name];
    let mut command = package.cargo(session, &arguments);
    if let Some(folder) = tool.parent() {
        tools::add_to_path(&mut command, folder);
    }
    session.runner.run(&mut command)?;
    total(&session.runner.printed()?)
}

/// The total in what `cargo llvm-lines` printed.
fn total(printed: &str) -> Result<f64> {
    printed
        .lines()
        .find(|line| line.contains("(TOTAL)"))
        .and_then(|line| line.split_whitespace().next())
        .and_then(|lines| lines.parse().ok())
        .context("cargo llvm-lines printed no total")
}

/// The source files that rustc read for a crate, of the newest build below `deps`; `base` is the workspace it was built
/// in.
pub(super) fn compiled_sources(deps: &Path, base: &Path, name: &str) -> Result<Vec<PathBuf>> {
    let prefix = format!("{name}-");
    let mut newest = None;
    for entry in fs::read_dir(deps).with_context(|| format!("cannot list {}", deps.display()))? {
        let entry = entry?;
        let file = entry.file_name();
        let file = file.to_string_lossy();
        if file.starts_with(&prefix) && file.ends_with(".d") {
            newest = newest.max(Some((entry.metadata()?.modified()?, entry.path())));
        }
    }
    let Some((_, path)) = newest else {
        bail!("{} holds no list of the sources of {name}", deps.display());
    };
    let text =
        fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    // Each source stands at the beginning of a line of its own, with a colon: a target without anything to make it of.
    Ok(text
        .lines()
        .filter_map(|line| line.strip_suffix(".rs:"))
        .map(|stem| base.join(format!("{stem}.rs")))
        .collect())
}

/// How many lines the files have together.
pub(super) fn lines(files: &[PathBuf]) -> Result<usize> {
    Ok(read_all(files)?.lines().count())
}

/// How many public types of a kind a text declares.
fn declared(text: &str, kind: &str) -> usize {
    let start = format!("pub {kind} ");
    text.lines()
        .filter(|line| line.trim_start().starts_with(&start))
        .count()
}

/// The files' texts, one after the other.
fn read_all(files: &[PathBuf]) -> Result<String> {
    let mut text = String::new();
    for file in files {
        text +=
            &fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    }
    Ok(text)
}
