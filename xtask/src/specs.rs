//! `cargo xtask specs`: looks into the documents that code is generated from.

mod diff;
mod import;
mod lint;
mod pull;

use std::io::Write;

use anyhow::{Context, Result};

use crate::inputs;

/// What `cargo xtask specs` does.
#[derive(clap::Subcommand)]
pub(crate) enum Specs {
    /// Print our document of an API in a version; that of an object type is filled in from its template
    Show {
        /// The API: deals
        api: String,
        /// The version: 2026-09
        version: String,
    },
    /// Write a first document of our own from one of HubSpot's, as a draft
    Import(import::Arguments),
    /// List what is to be written in drafts
    Due {
        /// The APIs [default: all]
        apis: Vec<String>,
    },
    /// Say what changes for users from one set of HubSpot's documents to another
    Diff(diff::Arguments),
    /// List the known faults of HubSpot's documents, each with the overlay action that mends it
    Lint(lint::Arguments),
    /// Fetch HubSpot's documents, and check that each is the document that it should be
    Pull(pull::Arguments),
}

pub(crate) fn run(specs: &Specs) -> Result<()> {
    match specs {
        Specs::Show { api, version } => show(api, version, std::io::stdout().lock()),
        Specs::Import(arguments) => import::run(arguments),
        Specs::Due { apis } => due(apis, std::io::stdout().lock()),
        Specs::Diff(arguments) => diff::run(arguments),
        Specs::Lint(arguments) => lint::run(arguments),
        Specs::Pull(arguments) => pull::run(arguments),
    }
}

fn show(api: &str, version: &str, mut output: impl Write) -> Result<()> {
    let config = inputs::config()?;
    let entry = config.apis.document(api, version).with_context(|| {
        let documents = config.apis.documents.iter();
        let names = documents.map(|entry| format!("{} {}", entry.api, entry.version));
        let names = names.collect::<Vec<_>>().join(", ");
        format!("there is no document of {api} in {version}; there are {names}")
    })?;
    let text = inputs::document(&config, &entry.file)?;
    output
        .write_all(&text)
        .context("cannot print the document")?;
    Ok(())
}

/// Prints each text that is to be written, or, of all drafts, how many there are.
fn due(apis: &[String], mut output: impl Write) -> Result<()> {
    let config = inputs::config_with_drafts()?;
    for api in apis {
        let known = config.apis.api(api).is_some();
        anyhow::ensure!(known, "there is no API `{api}` in specs/apis/");
    }
    for entry in &config.apis.documents {
        if !(if apis.is_empty() {
            entry.draft
        } else {
            apis.contains(&entry.api)
        }) {
            continue;
        }
        let text = String::from_utf8(inputs::document(&config, &entry.file)?)?;
        let due = hubspot_codegen::import::due(&text);
        let state = if entry.draft {
            "a draft"
        } else {
            "not a draft"
        };
        writeln!(
            output,
            "specs/{}: {} texts are to be written, {state}",
            entry.file,
            due.len()
        )?;
        for due in due.iter().filter(|_| !apis.is_empty()) {
            writeln!(output, "specs/{}:{due}", entry.file)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(api: &str) -> Result<String> {
        let mut text = Vec::new();
        show(api, "2026-09", &mut text)?;
        Ok(String::from_utf8(text)?)
    }

    #[test]
    fn documents_of_object_types_are_filled_in() {
        let deals = shown("deals").unwrap();
        assert!(
            deals.contains("/crm/objects/2026-09/deals/batch/upsert"),
            "{deals}"
        );
        assert!(!deals.contains("<one>"), "{deals}");
    }

    #[test]
    fn documents_are_printed_as_they_stand() {
        let file = std::fs::read_to_string(crate::workspace::specs().join("2026-09/schemas.yaml"));
        assert_eq!(shown("schemas").unwrap(), file.unwrap());
    }

    #[test]
    fn an_unknown_document_is_an_error() {
        let error = shown("deasl").unwrap_err().to_string();
        assert!(
            error.starts_with("there is no document of deasl in 2026-09; there are "),
            "{error}"
        );
        assert!(error.contains(", deals 2026-09"), "{error}");
    }
}
