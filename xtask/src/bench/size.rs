//! Counts lines, types and LLVM lines of the client and its peers, which were built before.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};

use super::{
    Session,
    build::{self, Package},
    peers::Peer,
    report::{Bar, Figure, Report, Unit},
    tools,
};
use crate::{files, package, workspace};

const SECTION: &str = "size (2026-09, four APIs; ours with its runtime)";
const ALL_VERSIONS: &str = "our generated code, all three versions";

/// Counts our client, then each peer.
pub(super) fn measure(session: &Session, peers: &[Peer], report: &mut Report) -> Result<()> {
    eprintln!("{SECTION}");
    let deps = session.scratch.target().join("debug/deps");
    for package in build::crates(peers) {
        let mut check = package.cargo(session, &["check", "--quiet", "--package", &package.name]);
        session.runner.run(&mut check)?;
        let sources = compiled_sources(
            &deps,
            &package.folder(session),
            &package.name.replace('-', "_"),
        )?;
        report_sources(&package.title, &sources, report)?;
    }
    report_llvm_lines(session, peers, report);
    report_all_versions(report)
}

/// Adds the lines and types of a client.
fn report_sources(name: &str, sources: &[PathBuf], report: &mut Report) -> Result<()> {
    let text = read_all(sources)?;
    for (what, value) in [
        ("lines", text.lines().count()),
        ("structs", declared(&text, "struct")),
        ("enums", declared(&text, "enum")),
    ] {
        report.add(Figure::count(SECTION, format!("{name}, {what}"), value));
    }
    Ok(())
}

/// Adds the lines and types of all versions of our generated code.
fn report_all_versions(report: &mut Report) -> Result<()> {
    let files = files::with_extension(&workspace::generated(), "rs")?;
    let (models, others): (Vec<PathBuf>, Vec<PathBuf>) = files.into_iter().partition(|path| {
        path.strip_prefix(workspace::generated())
            .is_ok_and(|path| path.starts_with("models"))
    });
    let models = read_all(&models)?;
    let others = read_all(&others)?;
    let lines = models.lines().count() + others.lines().count();
    let of_code = files::lines_of_code(&models) + files::lines_of_code(&others);
    let add = |what, value| Figure::count(ALL_VERSIONS, what, value);
    report.add(add("lines", lines));
    let of_code = add(
        "lines of code, without doc comments and blank lines",
        of_code,
    );
    report.add(of_code.bar(Bar::AtMost(f64::from(package::MOST_LINES))));
    report.add(add("structs in models", declared(&models, "struct")));
    report.add(add("enums in models", declared(&models, "enum")));
    let handles = declared(&others, "struct");
    report.add(add("other structs (handles, parameter sets)", handles));
    Ok(())
}

/// Adds the LLVM lines of an optimized build of each client, and of each program of ten calls.
fn report_llvm_lines(session: &Session, peers: &[Peer], report: &mut Report) {
    let tool = match session.install("cargo-llvm-lines", "0.4.48") {
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
        ("LLVM lines", false, build::crates(peers)),
        ("LLVM lines of the ten calls", true, programs),
    ];
    for (what, is_program, packages) in kinds {
        for package in packages {
            let name = format!("{}, {what}", package.title);
            match llvm_lines(session, &tool, &package, is_program) {
                Ok(lines) => report.add(Figure::new(SECTION, name, lines, Unit::Count)),
                Err(reason) => report.note(SECTION, format!("{name} not counted: {reason:#}")),
            }
        }
    }
}

/// The LLVM lines of an optimized build of a package.
fn llvm_lines(session: &Session, tool: &Path, package: &Package, is_program: bool) -> Result<f64> {
    let mut arguments = vec!["llvm-lines", "--release", "--package", &package.name];
    if is_program {
        arguments.extend(["--bin", &package.name]);
    } else {
        arguments.push("--lib");
    }
    let mut command = package.cargo(session, &arguments);
    if let Some(folder) = tool.parent() {
        tools::add_to_path(&mut command, folder);
    }
    session.runner.run(&mut command)?;
    total(&session.runner.printed()?)
}

/// The total that `cargo llvm-lines` printed.
fn total(printed: &str) -> Result<f64> {
    printed
        .lines()
        .find(|line| line.contains("(TOTAL)"))
        .and_then(|line| line.split_whitespace().next())
        .and_then(|lines| lines.parse().ok())
        .context("cargo llvm-lines printed no total")
}

/// The source files of the latest build of a crate below `deps`. `base` is its workspace.
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
        bail!(
            "{} contains no list of the sources of {name}",
            deps.display()
        );
    };
    let text = files::read(&path)?;
    // Each source has a line of its own, with a colon at its end.
    Ok(text
        .lines()
        .filter_map(|line| line.strip_suffix(".rs:"))
        .map(|stem| base.join(format!("{stem}.rs")))
        .collect())
}

/// The number of lines of the files.
pub(super) fn lines(files: &[PathBuf]) -> Result<usize> {
    Ok(read_all(files)?.lines().count())
}

/// The number of public types of a kind in a text.
fn declared(text: &str, kind: &str) -> usize {
    let start = format!("pub {kind} ");
    text.lines()
        .filter(|line| line.trim_start().starts_with(&start))
        .count()
}

/// The texts of the files, joined.
fn read_all(files: &[PathBuf]) -> Result<String> {
    let mut text = String::new();
    for file in files {
        text += &files::read(file)?;
    }
    Ok(text)
}
