//! Prints what `--check` has found.

use std::process::ExitCode;

use anyhow::Result;

use super::check::{Differences, Verdict};
use crate::output::print;

/// Prints the differences. The status tells whether one breaks the package's code.
pub(super) fn report(findings: &Differences) -> Result<ExitCode> {
    let mut lines = Vec::new();
    for (key, found) in findings {
        lines.push(key.clone());
        for finding in found {
            let verdict = match finding.verdict {
                Verdict::Breaks => "breaks",
                Verdict::Harmless => "ok",
                Verdict::Unchecked => "unchecked",
            };
            lines.push(format!("  {verdict:<6}  {}", finding.text));
            let places = finding.places.iter();
            lines.extend(places.map(|place| format!("          {place}")));
        }
    }
    let verdicts = findings.values().flatten();
    let verdicts: Vec<_> = verdicts.map(|finding| finding.verdict).collect();
    let count = |verdict| verdicts.iter().filter(|one| **one == verdict).count();
    let (breaking, harmless) = (count(Verdict::Breaks), count(Verdict::Harmless));
    lines.push(match (verdicts.len(), breaking) {
        (0, _) => "The account is as the lock file has it.".to_owned(),
        (_, 0) => "Nothing of this breaks the package's code.".to_owned(),
        (count, breaking) => format!("{breaking} of {count} break the package's code."),
    });
    let accept = "To accept the changes, write the types again with `cargo hubspot types`";
    match (breaking, harmless) {
        (0, 0) => {}
        (0, _) => lines.push(format!("{accept}.")),
        _ => lines.push(format!("{accept}, then change the code that breaks.")),
    }
    print(&(lines.join("\n") + "\n"))?;
    Ok(if breaking > 0 {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}
