//! `cargo xtask test`: runs everything that has to pass, and stops at the first step that fails.
//!
//! At the end it prints how long each step took, and which steps were skipped with the command that enables each.

mod groups;

use std::path::PathBuf;

use anyhow::Result;

use crate::{
    conform, corpus, demo, msrv, package,
    progress::{Missing, Progress},
    provision::{self, Provision},
    regen, tidy,
    witness::Witness,
    workspace::{self, EVERY_FEATURE},
};

/// Options of `cargo xtask test`.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The folder with HubSpot's own documents
    #[arg(long, value_name = "DIR")]
    published: Option<PathBuf>,
    /// Install missing programs that steps need: Debian packages (as root), and packages of npm and pip below target/
    #[arg(long)]
    provision: bool,
}

/// Runs all steps, and prints the summary even if one fails.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let mut progress = Progress::begin();
    let outcome = steps(arguments, &mut progress);
    println!("\n{}", progress.summary());
    outcome?;
    match progress.skipped() {
        0 => println!("Everything passed."),
        skipped => println!("Everything else passed; skipped: {skipped}."),
    }
    Ok(())
}

/// The steps in order. Fast steps come first.
fn steps(arguments: &Arguments, progress: &mut Progress) -> Result<()> {
    let provision = Provision::from(arguments.provision);
    cargo_step(progress, "formatting", &["fmt", "--all", "--check"])?;
    progress.step("rules for source files", "cargo xtask tidy", tidy::run)?;
    progress.step(
        "generated code is fresh",
        "cargo xtask regen --check",
        || regen::run(&regen::Arguments::check()),
    )?;
    same_facts(arguments, progress)?;
    for (tests, programs, packages) in NEEDED {
        if let Err(missing) = provision::program(provision, programs, packages) {
            progress.skip(tests, missing);
        }
    }
    lints_and_tests(progress)?;
    let mut document = documentation();
    let alone = workspace::command_line(&document);
    progress.step("documentation", &alone, || workspace::run(&mut document))?;
    progress.step("packages that users install", "cargo xtask package", || {
        package::run(&package::Arguments::default())
    })?;
    oldest_compiler(progress)?;
    licences(progress)?;
    progress.step(
        "demo, and each of its scopes",
        "cargo xtask demo --every-scope",
        || demo::run(&demo::Arguments::every_scope()),
    )?;
    for witness in Witness::ALL {
        match witness.provide(provision) {
            Ok(ready) => progress.step(witness.name(), &witness.alone(), || ready.run())?,
            Err(missing) => progress.skip(witness.name(), missing),
        }
    }
    Ok(())
}

/// Lints, and tests with every feature and with models by serde.
fn lints_and_tests(progress: &mut Progress) -> Result<()> {
    let workspace = format!("--workspace --all-targets --features {EVERY_FEATURE} -- -D warnings");
    let client = "clippy --package hubspot-generated";
    let bare = "--no-default-features";
    for (name, arguments) in [
        ("lints, every version", format!("clippy {workspace}")),
        (
            "lints, default features",
            format!("{client} -- -D warnings"),
        ),
        (
            "lints, one API",
            format!("{client} {bare} --features contacts -- -D warnings"),
        ),
        ("lints, no API", format!("{client} {bare} -- -D warnings")),
    ] {
        cargo_line(progress, name, &arguments)?;
    }
    let tests = format!("test --workspace --features {EVERY_FEATURE}");
    cargo_line(progress, "tests, compiled", &format!("{tests} --no-run"))?;
    progress.step("tests", &format!("cargo {tests}"), groups::run)?;
    // `--doc` does not heed `doctest = false`.
    cargo_line(
        progress,
        "tests in documentation",
        &format!("{tests} --doc --exclude golden-client"),
    )?;
    // The golden client compiles the same runtime on models of other shapes.
    let by_serde = "--package hubspot-generated --package golden-client \
        --features hubspot-generated/serde,golden-client/serde --test wire --test values";
    cargo_line(
        progress,
        "lints, models by serde",
        &format!("clippy {by_serde} -- -D warnings"),
    )?;
    cargo_line(
        progress,
        "tests, models by serde",
        &format!("test {by_serde}"),
    )
}

/// The folders of HubSpot's documents whose versions are generated as one client each.
const CORPUS: [&[&str]; 2] = [&["focal", "sample"], &["v2026-09"]];

/// Compares `specs/` with HubSpot's own documents, and generates clients from those, if there is a copy of them.
fn same_facts(arguments: &Arguments, progress: &mut Progress) -> Result<()> {
    let name = "same facts as HubSpot's documents";
    let published = workspace::published(arguments.published.as_deref());
    if published.is_dir() {
        progress.step(name, "cargo xtask conform", || {
            conform::run(&conform::Arguments::at(&published))
        })?;
        let name = "clients from HubSpot's documents";
        return progress.step(name, "cargo xtask corpus DIR", || {
            let folders = CORPUS.map(|names| names.iter().map(|name| published.join(name)));
            let existing = folders.map(|all| all.filter(|folder| folder.is_dir()).collect());
            let mut existing = existing.into_iter().filter(|all: &Vec<_>| !all.is_empty());
            existing.try_for_each(|folders| corpus::run(&corpus::Arguments::of(folders)))
        });
    }
    let reason = format!(
        "HubSpot's documents are not at {}",
        workspace::shown(&published)
    );
    let enable = "cargo xtask conform --published DIR, or set HUBSPOT_PUBLISHED to their folder";
    progress.skip(name, Missing::new(reason, enable));
    Ok(())
}

/// Compiles with the oldest supported compiler, if it is installed.
fn oldest_compiler(progress: &mut Progress) -> Result<()> {
    let name = "oldest supported compiler";
    match msrv::command() {
        Ok(mut command) => progress.step(name, "cargo xtask msrv", || workspace::run(&mut command)),
        Err(missing) => {
            progress.skip(name, missing);
            Ok(())
        }
    }
}

/// Checks licences and sources of all dependencies, if cargo-deny is installed.
fn licences(progress: &mut Progress) -> Result<()> {
    let name = "licences, bans and sources of dependencies";
    let arguments = ["deny", "check", "licenses", "bans", "sources"];
    if provision::on_path(&["cargo-deny"]).is_some() {
        return cargo_step(progress, name, &arguments);
    }
    let reason = "`cargo-deny` is not on the path";
    progress.skip(
        name,
        Missing::new(reason, "cargo install cargo-deny --locked"),
    );
    Ok(())
}

/// Programs that tests need, by any of these names, and the Debian packages that contain them. The tests skip themselves
/// if they are missing.
const NEEDED: &[(&str, &[&str], &[&str])] = &[
    ("the tests with Redis", &["redis-server"], &["redis-server"]),
    (
        "the tests with a keyring",
        &["gnome-keyring-daemon"],
        &["gnome-keyring", "dbus"],
    ),
    (
        "the audit's page in Chromium",
        &["chromium", "chromium-browser", "google-chrome"],
        &["chromium"],
    ),
];

/// The command that documents every crate.
///
/// Documenting one example makes cargo resolve the dependencies as for tests, so that the builds of the lints are reused.
/// The program of hubspot-mock is left out because it has the name of its library.
fn documentation() -> std::process::Command {
    let mut command = workspace::cargo([
        "doc",
        "--workspace",
        "--no-deps",
        "--lib",
        "--bin=cargo-hubspot",
        "--bin=xtask",
        "--example=demo",
        "--features",
        EVERY_FEATURE,
    ]);
    command.env("RUSTDOCFLAGS", "-D warnings");
    command
}

/// Runs a step that is a cargo command without spaces in its arguments.
fn cargo_line(progress: &mut Progress, name: &str, arguments: &str) -> Result<()> {
    cargo_step(progress, name, &arguments.split(' ').collect::<Vec<_>>())
}

/// Runs a step that is a cargo command.
fn cargo_step(progress: &mut Progress, name: &str, arguments: &[&str]) -> Result<()> {
    let mut command = workspace::cargo(arguments);
    let alone = workspace::command_line(&command);
    progress.step(name, &alone, || workspace::run(&mut command))
}
