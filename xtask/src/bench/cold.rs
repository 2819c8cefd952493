//! Measures a build from an empty target folder, of a program with one call and of the same program written by hand on
//! reqwest and `serde_json`. Also shows which crates it compiles, and which of them in two versions.

use std::collections::BTreeSet;

use anyhow::Result;

use super::{
    Session,
    measure::Contender,
    report::{Bar, Figure, Report},
    size,
};
use crate::{files, workspace};

const SECTION: &str =
    "cold cargo build of a program with one call and one feature, crates downloaded";
const OURS: &str = "bench-one-call";
const BY_HAND: &str = "bench-one-call-by-hand";

/// Cold builds take long and vary little.
const MOST_ROUNDS: usize = 3;

/// Measures the builds, and counts what they compiled.
pub(super) fn measure(session: &Session, report: &mut Report) -> Result<()> {
    eprintln!("{SECTION}");
    write_programs(session)?;
    session
        .runner
        .run(&mut session.scratch.cargo(&["fetch", "--quiet"]))?;
    let target = |name: &str| session.scratch.target().with_file_name("cold").join(name);
    let contenders = [OURS, BY_HAND].map(|name| Contender {
        name: name.to_owned(),
        prepare: Box::new(move || files::remove(&target(name))),
        command: Box::new(move || {
            let mut command = session
                .scratch
                .cargo(&["build", "--quiet", "--package", name]);
            // As in a user's first build.
            command
                .env("CARGO_TARGET_DIR", target(name))
                .env_remove("CARGO_INCREMENTAL");
            command
        }),
    });
    let costs = session
        .runner
        .compare(session.rounds.min(MOST_ROUNDS), &contenders)?;
    if let [ours, by_hand] = &costs[..] {
        let by_hand = ("by hand", by_hand);
        report.compare(SECTION, ("ours", ours), by_hand, Bar::TimesOther(1.25));
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
        .write_package(OURS, &dependencies, "main.rs", &ours)?;
    let by_hand = super::data("one-call/by-hand.rs")?;
    let dependencies = format!(
        "reqwest = {{ version = \"0.13\", default-features = false, features = [\"http2\", \"rustls\"] }}\n\
         serde_json = \"1.0\"\n{}",
        super::TOKIO
    );
    session
        .scratch
        .write_package(BY_HAND, &dependencies, "main.rs", &by_hand)
}

/// Counts the files of unused APIs that were compiled. There should be none.
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
    let foreign = Figure::count(SECTION, "files of other APIs compiled", foreign);
    report.add(foreign.bar(Bar::AtMost(0.0)));
    let lines = size::lines(&sources)?;
    report.add(Figure::count(
        SECTION,
        "lines of the client's files read",
        lines,
    ));
    Ok(())
}

/// Reports which crates our program needs that the one by hand does not, and which it has in two versions.
fn report_crates(session: &Session, report: &mut Report) -> Result<()> {
    let ours = crates(session, OURS)?;
    let by_hand = crates(session, BY_HAND)?;
    let [our_number, their_number] =
        [&ours, &by_hand].map(|crates| Figure::count(SECTION, "crates compiled", crates.len()));
    report.add(our_number.against("by hand", their_number.value()));
    let added = list(ours.difference(&by_hand));
    report.note(SECTION, format!("crates beyond those by hand: {added}"));

    let ours = in_two_versions(&ours);
    let by_hand = in_two_versions(&by_hand);
    let added = ours.difference(&by_hand).count();
    let added = Figure::count(SECTION, "crates in two versions, added by ours", added);
    report.add(added.bar(Bar::AtMost(0.0)));
    let (ours, by_hand) = (list(&ours), list(&by_hand));
    report.note(
        SECTION,
        format!("in two versions: {ours}; by hand: {by_hand}"),
    );
    Ok(())
}

/// The crates in the graph of a program, each with its version.
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

/// The names of the crates with more than one version.
fn in_two_versions(crates: &BTreeSet<String>) -> BTreeSet<String> {
    let name = |line: &String| line.split_whitespace().next().map(str::to_owned);
    crates
        .iter()
        .zip(crates.iter().skip(1))
        .filter(|(one, next)| name(one) == name(next))
        .filter_map(|(one, _)| name(one))
        .collect()
}

/// Joins names.
fn list<'a>(names: impl IntoIterator<Item = &'a String>) -> String {
    let names: Vec<&str> = names.into_iter().map(String::as_str).collect();
    if names.is_empty() {
        "none".to_owned()
    } else {
        names.join(", ")
    }
}
