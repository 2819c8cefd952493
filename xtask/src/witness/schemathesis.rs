//! Requests made up by schemathesis, good and bad, from our OpenAPI documents.
//!
//! In: schemathesis, its configuration, and the hubspot-mock program. Out: a line for each document. Refuses: a 5xx, a
//! status or a body that the document does not describe, a bad request that passes; with schemathesis's own report.

use std::{path::Path, process::Command};

use anyhow::{Context, Result, bail};

use super::server::Server;
use crate::{inputs, workspace};

/// The token with every scope in `hubspot-mock/witness/seed.json`.
const TOKEN: &str = "witness-everything";

/// Runs `program` with the configuration in `folder` for each document.
pub(super) fn run(program: &Path, folder: &Path, mock: &Path) -> Result<()> {
    let seed = folder.join("seed.json").display().to_string();
    let mut faulty = Vec::new();
    for document in inputs::config()?.apis.documents {
        // Each from the same start, so that a document's failure is found again when it runs alone.
        let server = Server::start(mock, &["--port", "0", "--seed", &seed])?;
        let mut command = Command::new(program);
        command
            .arg("run")
            .arg(workspace::specs().join(&document.file))
            .current_dir(folder)
            .env("HUBSPOT_MOCK_URL", server.url())
            .env("HUBSPOT_MOCK_TOKEN", TOKEN);
        let output = command
            .output()
            .with_context(|| format!("cannot start `{}`", workspace::command_line(&command)))?;
        let printed = String::from_utf8_lossy(&output.stdout);
        if output.status.success() {
            println!("   {}: {}", document.file, summary(&printed));
        } else {
            println!("{printed}{}", String::from_utf8_lossy(&output.stderr));
            faulty.push(document.file);
        }
    }
    if !faulty.is_empty() {
        bail!("schemathesis found faults with {}", faulty.join(", "));
    }
    Ok(())
}

/// How much was tried, in schemathesis's words.
fn summary(printed: &str) -> &str {
    let cases = printed.lines().map(str::trim);
    let mut cases = cases.skip_while(|line| *line != "Test cases:").skip(1);
    cases.next().unwrap_or("passed")
}

#[cfg(test)]
mod tests {
    use super::summary;

    #[test]
    fn the_number_of_cases_is_found() {
        let printed = "SUMMARY\n\nTest cases:\n  330 generated, 330 passed\n\nSeed: 1\n";
        assert_eq!(summary(printed), "330 generated, 330 passed");
    }
}
