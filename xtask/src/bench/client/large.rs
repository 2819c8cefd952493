//! The memory of the client while it reads and writes a large account.

use std::{path::Path, process::Command};

use anyhow::Result;

use super::Serving;
use crate::bench::{
    figures::Figures,
    measure::Runner,
    report::{Bar, Figure, Report, Unit},
};

const MEMORY: &str = "memory above the same program with an empty account";

/// Reads and writes all contacts, beside the same programs for an account without any.
pub(super) fn measure(
    runner: &Runner,
    program: &Path,
    contacts: u32,
    report: &mut Report,
) -> Result<()> {
    eprintln!("  reading and writing an account of {contacts} contacts");
    let contacts = contacts.to_string();
    let [empty, large] = ["0", &contacts].map(|contacts| peaks(runner, program, contacts));
    for ((what, empty), (_, large)) in empty?.into_iter().zip(large?) {
        let (Some(empty), Some(large)) = (empty, large) else {
            report.note(MEMORY, "not measured: only Linux tells the peak");
            continue;
        };
        let above = (large - empty) / 1e6;
        let what = format!("{what} of {contacts} contacts");
        let figure = Figure::new(MEMORY, what, above, Unit::Megabytes);
        report.add(figure.bar(Bar::AtMost(60.0)));
    }
    Ok(())
}

/// The most memory of each program, in bytes; `None` where it is not told.
fn peaks(
    runner: &Runner,
    program: &Path,
    contacts: &str,
) -> Result<Vec<(&'static str, Option<f64>)>> {
    let server = Serving::start(program, &["large", contacts])?;
    let peaks = ["export", "import"].into_iter().map(|what| {
        let mut command = Command::new(program);
        command.arg(what).args(server.printed.split_whitespace());
        runner.run(command.arg(contacts))?;
        let peak = Figures::read(&runner.printed()?)?
            .all("peak of memory")
            .next();
        Ok((what, peak))
    });
    peaks.collect()
}
