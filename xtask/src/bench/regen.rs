//! Measures `cargo xtask regen --check`: time, memory and instructions. Fails if generated code is out of date.

use std::process::Command;

use anyhow::{Context, Result};

use super::{
    Session,
    measure::Contender,
    report::{Bar, Figure, Report, Unit},
    tools,
};

const SECTION: &str = "regen of our three versions (without building it)";

/// Measures regeneration by running it as a child.
pub(super) fn measure(session: &Session, report: &mut Report) -> Result<()> {
    eprintln!("measuring regen");
    let program = std::env::current_exe().context("cannot find this program's own file")?;
    let contender = Contender {
        name: "regen --check".to_owned(),
        prepare: Box::new(|| Ok(())),
        command: Box::new(|| {
            let mut command = Command::new(&program);
            command.args(ARGUMENTS);
            command
        }),
    };
    for cost in session.runner.compare(session.rounds, &[contender])? {
        let seconds = cost.wall.as_secs_f64();
        let megabytes = super::megabytes(cost.peak_memory);
        report.add(Figure::new(SECTION, "wall", seconds, Unit::Seconds).bar(Bar::AtMost(0.3)));
        report.add(
            Figure::new(SECTION, "peak memory", megabytes, Unit::Megabytes).bar(Bar::AtMost(150.0)),
        );
    }
    match tools::count_instructions(&session.runner, &program, &ARGUMENTS) {
        Ok(millions) => {
            report.add(Figure::new(
                SECTION,
                "instructions",
                millions,
                Unit::Millions,
            ));
        }
        Err(reason) => report.note(SECTION, format!("instructions not counted: {reason:#}")),
    }
    if cfg!(debug_assertions) {
        report.note(
            SECTION,
            "measured as `cargo xtask` builds it, without optimisation of xtask itself",
        );
    }
    Ok(())
}

const ARGUMENTS: [&str; 2] = ["regen", "--check"];
