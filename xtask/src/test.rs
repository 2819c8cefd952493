//! `cargo xtask test`: everything that has to pass.
//!
//! In: the workspace. Out: the output of each step under its name, and at the end what passed and what was skipped, with
//! the reason. Refuses nothing; it stops at the first step that fails and says how to run it alone.

use std::{path::PathBuf, time::Instant};

use anyhow::{Context, Result};

use crate::{
    conform, demo, package, provision, regen, tidy,
    witness::Witness,
    workspace::{self, EVERY_FEATURE},
};

/// Options of `cargo xtask test`.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The folder with HubSpot's own documents
    #[arg(long, value_name = "DIR")]
    published: Option<PathBuf>,
}

/// Runs every step in turn.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let begin = Instant::now();
    let mut skipped = Vec::new();
    cargo_step("formatting", &["fmt", "--all", "--check"])?;
    step("rules of the house", "cargo xtask test", tidy::check)?;
    step(
        "generated code is fresh",
        "cargo xtask regen --check",
        || regen::run(&regen::Arguments::check()),
    )?;
    let published = workspace::published(arguments.published.as_deref());
    if published.is_dir() {
        step(
            "same facts as HubSpot's documents",
            "cargo xtask conform",
            || conform::run(&conform::Arguments::at(&published)),
        )?;
    } else {
        skipped.push(format!(
            "conformance: HubSpot's documents are not at {} (put them there, or pass --published DIR or set \
             HUBSPOT_PUBLISHED)",
            workspace::shown(&published)
        ));
    }
    for (tests, programs, packages) in NEEDED {
        if let Err(reason) = provision::program(programs, packages) {
            skipped.push(format!("{tests}: {reason:#}"));
        }
    }
    for (name, arguments) in CARGO_STEPS {
        cargo_step(name, arguments)?;
    }
    step(
        "packages that users install",
        "cargo xtask test",
        package::run,
    )?;
    step(
        "documentation",
        "RUSTDOCFLAGS=\"-D warnings\" cargo doc --workspace --no-deps",
        || {
            let mut command = workspace::cargo([
                "doc",
                "--workspace",
                "--no-deps",
                "--features",
                EVERY_FEATURE,
            ]);
            workspace::run(command.env("RUSTDOCFLAGS", "-D warnings"))
        },
    )?;
    step(
        "demo, and each of its scopes",
        "cargo xtask demo --every-scope",
        || demo::run(&demo::Arguments::every_scope()),
    )?;
    let mock = workspace::mock()?;
    for witness in Witness::ALL {
        match witness.provide() {
            Ok(ready) => step(witness.name(), witness.alone(), || ready.run(&mock))?,
            Err(reason) => skipped.push(format!("{}: {reason:#}", witness.name())),
        }
    }

    println!("\nEverything passed in {} s.", begin.elapsed().as_secs());
    for reason in skipped {
        println!("Skipped {reason}.");
    }
    Ok(())
}

/// What tests find on the path, by any of its names, and Debian's package of it; without it they skip themselves.
const NEEDED: &[(&str, &[&str], &[&str])] = &[
    ("the tests with Redis", &["redis-server"], &["redis-server"]),
    (
        "the tests with a keyring",
        &["gnome-keyring-daemon"],
        &["gnome-keyring", "dbus"],
    ),
    (
        "the audit's page in Chromium",
        &["chromium", "chromium-browser"],
        &["chromium"],
    ),
];

/// The steps that are one cargo command each.
const CARGO_STEPS: &[(&str, &[&str])] = &[
    (
        "lints, every version",
        &[
            "clippy",
            "--workspace",
            "--all-targets",
            "--features",
            EVERY_FEATURE,
            "--",
            "-D",
            "warnings",
        ],
    ),
    (
        "lints, default features",
        &[
            "clippy",
            "--package",
            "hubspot-generated",
            "--",
            "-D",
            "warnings",
        ],
    ),
    (
        "lints, one API",
        &[
            "clippy",
            "--package",
            "hubspot-generated",
            "--no-default-features",
            "--features",
            "contacts",
            "--",
            "-D",
            "warnings",
        ],
    ),
    (
        "lints, no API",
        &[
            "clippy",
            "--package",
            "hubspot-generated",
            "--no-default-features",
            "--",
            "-D",
            "warnings",
        ],
    ),
    (
        "tests",
        &["test", "--workspace", "--features", EVERY_FEATURE],
    ),
];

/// One step that is a cargo command.
fn cargo_step(name: &str, arguments: &[&str]) -> Result<()> {
    let mut command = workspace::cargo(arguments);
    let line = workspace::command_line(&command);
    step(name, &line, || workspace::run(&mut command))
}

/// One step, under its name; `alone` is the command that runs it by itself.
fn step(name: &str, alone: &str, run: impl FnOnce() -> Result<()>) -> Result<()> {
    println!("\n== {name}");
    run().with_context(|| format!("{name} failed; to run it alone: {alone}"))
}
