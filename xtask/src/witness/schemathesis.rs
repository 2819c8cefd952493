//! Runs schemathesis, which generates valid and invalid requests from our OpenAPI documents.
//!
//! Fails with schemathesis's report on a 5xx, a status or body that the document does not describe, or an invalid request
//! that succeeds.

use std::{fs, path::Path, process::Command};

use anyhow::{Result, bail};

use super::server::Server;
use crate::{files, inputs, workspace};

/// The token with every scope in `hubspot-mock/witness/seed.json`.
const TOKEN: &str = "witness-everything";

/// The APIs whose operations the mock simulates. Other object types are made from the template of these three; what the
/// mock makes from schemas tells nothing. The document of labels excludes the `null` that HubSpot sends for the unlabeled type.
const SIMULATED: [&str; 15] = [
    "account_info",
    "app_installs",
    "associations",
    "companies",
    "contacts",
    "exports",
    "imports",
    "line_items",
    "oauth",
    "objects",
    "owners",
    "pipelines",
    "properties",
    "property_validations",
    "schemas",
];

/// Runs `program` with the configuration in `folder` for each document.
pub(super) fn run(program: &Path, folder: &Path, mock: &Path) -> Result<()> {
    let seed = folder.join("seed.json").display().to_string();
    let config = inputs::config()?;
    let specs = folder.join("specs");
    files::remove(&specs)?;
    for file in files::below(&workspace::specs())? {
        let copy = specs.join(file.strip_prefix(workspace::specs())?);
        files::write(&copy, &files::read(&file)?)?;
    }
    let mut faulty = Vec::new();
    let documents = config.apis.documents.iter();
    for document in documents.filter(|document| SIMULATED.contains(&&*document.api)) {
        let path = specs.join(&document.file);
        if !path.is_file() {
            fs::write(&path, inputs::document(&config, &document.file)?)?;
        }
        // Each starts from the same seed, so that a failure can be reproduced by running its document alone.
        let server = Server::start(mock, &["--port", "0", "--seed", &seed])?;
        let mut command = Command::new(program);
        command
            .arg("run")
            .arg(&path)
            .current_dir(folder)
            .env("HUBSPOT_MOCK_URL", server.url())
            .env("HUBSPOT_MOCK_TOKEN", TOKEN);
        let output = workspace::output(&mut command)?;
        let printed = String::from_utf8_lossy(&output.stdout);
        if output.status.success() {
            println!("   {}: {}", document.file, summary(&printed));
        } else {
            println!("{printed}{}", String::from_utf8_lossy(&output.stderr));
            faulty.push(document.file.as_str());
        }
    }
    if !faulty.is_empty() {
        bail!("schemathesis found faults with {}", faulty.join(", "));
    }
    Ok(())
}

/// The number of test cases, as schemathesis prints it.
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
