//! Clients of others under the same load, with their own limiters and retries.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::Result;

use super::LIMITS;
use crate::{
    bench::{
        figures::Figures,
        measure::Runner,
        report::{Figure, Report, Unit},
    },
    provision::{self, Provision},
    witness,
};

/// Runs each client that is installed.
pub(super) fn measure(
    runner: &Runner,
    example: &Path,
    provision: Provision,
    report: &mut Report,
) -> Result<()> {
    let folder = witness::copy_files()?;
    let enable = "cargo xtask bench client --provision";
    let node = provision::npm(provision, &folder, enable);
    let python = provision::python(provision, &folder, "hubspot-sdk", enable);
    let python = python.map(|programs| programs.join("python"));
    for (name, program, script) in [
        ("HubSpot's client for Node", node, "load.mjs"),
        ("HubSpot's SDK for Python", python, "load.py"),
    ] {
        match program {
            Ok(program) => {
                one(
                    runner,
                    example,
                    name,
                    [program, folder.join(script)],
                    report,
                )?;
            }
            Err(missing) => report.note(LIMITS, format!("{name} is not measured: {missing}")),
        }
    }
    let reason = "the crate `hubspot` is not measured: it sends to https URLs only, and neither waits nor retries";
    report.note(LIMITS, reason);
    Ok(())
}

/// Adds what the script of a client lost, how much of what it sent was refused, and its time.
fn one(
    runner: &Runner,
    example: &Path,
    name: &str,
    script: [PathBuf; 2],
    report: &mut Report,
) -> Result<()> {
    eprintln!("  {name}");
    runner.run(Command::new(example).arg("other").args(script))?;
    let figures = Figures::read(&runner.printed()?)?;
    for load in ["600 updates", "50 searches"] {
        let figure = |what: &str| figures.one(&format!("{load}, {what}"));
        let add = |what: &str, value, unit| {
            Figure::new(LIMITS, format!("{load} by {name}, {what}"), value, unit)
        };
        report.add(add("lost", figure("lost")?, Unit::Count));
        let refused = figure("refused")? / figure("sent")? * 100.0;
        report.add(add("percent refused", refused, Unit::Count));
        report.add(add("from start to end", figure("seconds")?, Unit::Seconds));
    }
    Ok(())
}
