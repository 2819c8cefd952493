//! Comes in: a program with one call on the client with one feature, and the same program written by hand on reqwest
//! and `serde_json`. Goes out: what a build from an empty target folder costs for each, what it compiles, and which
//! crates are in the graph in two versions. Refuses: programs that do not build.

use std::{collections::BTreeSet, fs};

use anyhow::{Context, Result};

use super::{
    Session,
    measure::Contender,
    report::{Bar, Figure, Report, Unit},
    size,
};

const SECTION: &str =
    "cold cargo build of a program with one call and one feature, crates downloaded";
const OURS: &str = "bench-one-call";
const BY_HAND: &str = "bench-one-call-by-hand";

/// A cold build takes long, and its spread is small beside its length.
const MOST_ROUNDS: usize = 3;

/// Measures the cold builds and looks at what they compiled.
pub(super) fn measure(session: &Session, report: &mut Report) -> Result<()> {
    eprintln!("{SECTION}");
    write_programs(session)?;
    session
        .runner
        .run(&mut session.scratch.cargo(&["fetch", "--quiet"]))?;
    let target = session.scratch.target().with_file_name("cold");
    let contenders = [OURS, BY_HAND].map(|name| Contender {
        name: name.to_owned(),
        prepare: Box::new(|| match fs::remove_dir_all(&target) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(error).with_context(|| format!("cannot remove {}", target.display()))
            }
            _ => Ok(()),
        }),
        command: Box::new(|| {
            let mut command = session.scratch.cargo(&["build", "--package", name]);
            // As a user builds it for the first time.
            command
                .env("CARGO_TARGET_DIR", &target)
                .env_remove("CARGO_INCREMENTAL");
            command
        }),
    });
    let [ours, by_hand] = &contenders;
    let costs = session
        .runner
        .compare(session.rounds.min(MOST_ROUNDS), &contenders)?;
    if let [our_cost, other_cost] = costs[..] {
        let wall = Figure::new(
            SECTION,
            "ours, wall",
            our_cost.wall.as_secs_f64(),
            Unit::Seconds,
        );
        report.add(
            wall.against("by hand", other_cost.wall.as_secs_f64())
                .bar(Bar::TimesOther(1.25)),
        );
        let processor = Figure::new(
            SECTION,
            "ours, processor time",
            our_cost.processor.as_secs_f64(),
            Unit::Seconds,
        );
        report.add(processor.against("by hand", other_cost.processor.as_secs_f64()));
    }

    let mut compiled = Vec::new();
    for contender in [ours, by_hand] {
        (contender.prepare)()?;
        session.runner.run(&mut (contender.command)())?;
        compiled.push(compiled_crates(&session.runner.printed()?));
        if contender.name == OURS {
            report_other_apis(&target, report)?;
        }
    }
    if let [ours, by_hand] = &compiled[..] {
        let count = Figure::new(
            SECTION,
            "crates compiled",
            super::count(ours.len()),
            Unit::Count,
        );
        report.add(count.against("by hand", super::count(by_hand.len())));
        report.note(
            SECTION,
            format!("beyond those by hand: {}", list(ours.difference(by_hand))),
        );
    }
    report_duplicates(session, report)
}

/// Writes both programs.
fn write_programs(session: &Session) -> Result<()> {
    let ours = super::data("one-call/ours.rs")?;
    let dependencies = format!("{}{}", super::our_dependency(&["contacts"]), super::TOKIO);
    session
        .scratch
        .write_package(OURS, &dependencies, &[("main.rs".to_owned(), ours)])?;
    let by_hand = super::data("one-call/by-hand.rs")?;
    let dependencies = format!(
        "reqwest = {{ version = \"0.13\", default-features = false, features = [\"http2\", \"rustls\"] }}\n\
         serde_json = \"1.0\"\n{}",
        super::TOKIO
    );
    session
        .scratch
        .write_package(BY_HAND, &dependencies, &[("main.rs".to_owned(), by_hand)])
}

/// The crates that cargo said it compiles, with their versions.
fn compiled_crates(printed: &str) -> BTreeSet<String> {
    printed
        .lines()
        .filter_map(|line| line.trim_start().strip_prefix("Compiling "))
        .map(|rest| {
            rest.split_whitespace()
                .take(2)
                .collect::<Vec<_>>()
                .join(" ")
        })
        .filter(|name| !name.starts_with("bench-"))
        .collect()
}

/// Tells how many files of APIs that the program does not use were compiled: none should be.
fn report_other_apis(target: &std::path::Path, report: &mut Report) -> Result<()> {
    let sources = size::compiled_sources(&target.join("debug/deps"), "hubspot_generated")?;
    let others = ["companies.rs", "line_items.rs", "schemas.rs"];
    let foreign = sources
        .iter()
        .filter(|path| {
            path.file_name()
                .is_some_and(|name| others.iter().any(|other| name == *other))
        })
        .count();
    report.add(
        Figure::new(
            SECTION,
            "files of other APIs compiled",
            super::count(foreign),
            Unit::Count,
        )
        .bar(Bar::AtMost(0.0)),
    );
    let lines = size::lines(&sources)?;
    report.add(Figure::new(
        SECTION,
        "lines of the client's files read",
        super::count(lines),
        Unit::Count,
    ));
    Ok(())
}

/// Tells which crates our program's graph holds in two versions that the one by hand does not.
fn report_duplicates(session: &Session, report: &mut Report) -> Result<()> {
    let mut found = Vec::new();
    for name in [OURS, BY_HAND] {
        let arguments = [
            "tree",
            "--package",
            name,
            "--duplicates",
            "--depth",
            "0",
            "--prefix",
            "none",
            "--edges",
            "normal,build",
        ];
        session.runner.run(&mut session.scratch.cargo(&arguments))?;
        let crates: BTreeSet<String> = session
            .runner
            .printed()?
            .lines()
            .filter_map(|line| line.split_once(" v"))
            .filter(|(name, _)| !name.contains(' '))
            .map(|(name, _)| name.to_owned())
            .collect();
        found.push(crates);
    }
    if let [ours, by_hand] = &found[..] {
        let added: Vec<&String> = ours.difference(by_hand).collect();
        report.add(
            Figure::new(
                SECTION,
                "crates in two versions, added by ours",
                super::count(added.len()),
                Unit::Count,
            )
            .bar(Bar::AtMost(0.0)),
        );
        if !ours.is_empty() {
            report.note(
                SECTION,
                format!(
                    "in two versions: {}; by hand: {}",
                    list(ours),
                    list(by_hand)
                ),
            );
        }
    }
    Ok(())
}

/// Names in one line.
fn list<'a>(names: impl IntoIterator<Item = &'a String>) -> String {
    let names: Vec<&str> = names.into_iter().map(String::as_str).collect();
    if names.is_empty() {
        "none".to_owned()
    } else {
        names.join(", ")
    }
}
