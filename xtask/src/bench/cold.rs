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
use crate::workspace;

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
    let target = |name: &str| session.scratch.target().with_file_name("cold").join(name);
    let contenders = [OURS, BY_HAND].map(|name| Contender {
        name: name.to_owned(),
        prepare: Box::new(move || match fs::remove_dir_all(target(name)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(error).with_context(|| format!("cannot remove {}", target(name).display()))
            }
            _ => Ok(()),
        }),
        command: Box::new(move || {
            let mut command = session
                .scratch
                .cargo(&["build", "--quiet", "--package", name]);
            // As a user builds it for the first time.
            command
                .env("CARGO_TARGET_DIR", target(name))
                .env_remove("CARGO_INCREMENTAL");
            command
        }),
    });
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

    report_other_apis(&target(OURS), report)?;
    report_crates(session, report)
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

/// Tells how many files of APIs that the program does not use were compiled: none should be.
fn report_other_apis(target: &std::path::Path, report: &mut Report) -> Result<()> {
    let sources = size::compiled_sources(
        &target.join("debug/deps"),
        &workspace::root(),
        "hubspot_generated",
    )?;
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

/// Tells which crates our program needs beside those of the one by hand, and which in two versions.
fn report_crates(session: &Session, report: &mut Report) -> Result<()> {
    let ours = crates(session, OURS)?;
    let by_hand = crates(session, BY_HAND)?;
    let count = Figure::new(
        SECTION,
        "crates compiled",
        super::count(ours.len()),
        Unit::Count,
    );
    report.add(count.against("by hand", super::count(by_hand.len())));
    let added = list(ours.difference(&by_hand));
    report.note(SECTION, format!("crates beyond those by hand: {added}"));

    let ours = in_two_versions(&ours);
    let by_hand = in_two_versions(&by_hand);
    let added = super::count(ours.difference(&by_hand).count());
    report.add(
        Figure::new(
            SECTION,
            "crates in two versions, added by ours",
            added,
            Unit::Count,
        )
        .bar(Bar::AtMost(0.0)),
    );
    let (ours, by_hand) = (list(&ours), list(&by_hand));
    report.note(
        SECTION,
        format!("in two versions: {ours}; by hand: {by_hand}"),
    );
    Ok(())
}

/// The crates in the graph of one of the programs, each with its version.
fn crates(session: &Session, program: &str) -> Result<BTreeSet<String>> {
    let arguments = [
        "tree",
        "--package",
        program,
        "--no-dedupe",
        "--prefix",
        "none",
        "--edges",
        "normal,build",
    ];
    session.runner.run(&mut session.scratch.cargo(&arguments))?;
    let printed = session.runner.printed()?;
    let lines = printed.lines().map(|line| {
        line.split_whitespace()
            .take(2)
            .collect::<Vec<_>>()
            .join(" ")
    });
    Ok(lines
        .filter(|line| line.contains(" v") && !line.starts_with(OURS))
        .collect())
}

/// The names that stand with more than one version among `crates`.
fn in_two_versions(crates: &BTreeSet<String>) -> BTreeSet<String> {
    let name = |line: &String| line.split_whitespace().next().map(str::to_owned);
    crates
        .iter()
        .zip(crates.iter().skip(1))
        .filter(|(one, next)| name(one) == name(next))
        .filter_map(|(one, _)| name(one))
        .collect()
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
