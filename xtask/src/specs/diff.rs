//! `cargo xtask specs diff`: what changes for users from one set of documents to another, scopes first.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use clap::ValueEnum;
use hubspot_codegen::corpus::{Known, catalogue, lowered};
use hubspot_codegen::diff::Diff;
use hubspot_codegen::error::Error;
use hubspot_codegen::model::Document;
use serde::Serialize;

use crate::corpus;

/// Options of `cargo xtask specs diff`.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The older documents: a folder or a file
    old: PathBuf,
    /// The newer documents: a folder or a file
    new: PathBuf,
    /// How to print the changes
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// A folder with overlays for known faults; can be repeated [default: specs/overlays and specs/corpus]
    #[arg(long, value_name = "DIR", conflicts_with = "as_published")]
    overlays: Vec<PathBuf>,
    /// Apply no overlays
    #[arg(long)]
    as_published: bool,
}

/// How changes are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A change a line
    #[default]
    Text,
    /// A list under a heading for each group of changes
    Markdown,
    /// One object
    Json,
}

/// What is printed as JSON.
#[derive(Serialize)]
struct Report<'a> {
    #[serde(flatten)]
    diff: &'a Diff,
    not_compared: &'a [String],
}

/// Prints the changes. Fails if one of them is breaking.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let mut known = corpus::known(&arguments.overlays)?;
    if arguments.as_published {
        known.overlays.clear();
    }
    let mut not_compared = BTreeSet::new();
    let old = documents(&arguments.old, &known, &mut not_compared)?;
    let new = documents(&arguments.new, &known, &mut not_compared)?;
    let diff = Diff::between(&old, &new);
    let not_compared = not_compared.iter().map(ToString::to_string);
    let not_compared = not_compared.collect::<Vec<_>>();
    print!("{}", printed(arguments.format, &diff, &not_compared)?);
    if diff.is_breaking() {
        bail!("there are breaking changes");
    }
    Ok(())
}

fn printed(format: Format, diff: &Diff, not_compared: &[String]) -> Result<String> {
    let mut text = match format {
        Format::Text => diff.to_text(),
        Format::Markdown => diff.to_markdown(),
        Format::Json => {
            let report = Report { diff, not_compared };
            return Ok(serde_json::to_string_pretty(&report)? + "\n");
        }
    };
    if !not_compared.is_empty() {
        text += "\nnot compared:\n";
    }
    text.extend(not_compared.iter().map(|error| format!("- {error}\n")));
    Ok(text)
}

/// The documents of a folder or file, and what cannot be compared of them.
fn documents(path: &Path, known: &Known, errors: &mut BTreeSet<Error>) -> Result<Vec<Document>> {
    let read = |path: &str| fs::read(path);
    let (clients, unreadable) = catalogue(&corpus::documents(&[path.to_path_buf()])?, &read);
    errors.extend(unreadable);
    let mut documents = Vec::new();
    for client in clients {
        let lowered = lowered(&client, known, &read).lowered;
        errors.extend(lowered.refused);
        documents.extend(lowered.documents);
    }
    if documents.is_empty() {
        let reasons = errors.iter().map(ToString::to_string).collect::<Vec<_>>();
        bail!("no document can be read: {}", reasons.join("\n"));
    }
    Ok(documents)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{files, workspace};

    const DOCUMENT: &str = r#"{"openapi": "3.0.1", "info": {"version": "v3"}, "paths": {"/things/v3": {"get": {
        "security": [{"oauth2": ["a"]}], "responses": {"204": {"description": "."}}}}}}"#;

    fn run_on(old: &str, new: &str, format: Format) -> Result<()> {
        let folder = tempfile::tempdir()?;
        let [old, new] = [("old", old), ("new", new)].map(|(name, text)| {
            let path = folder.path().join(name).join("things.json");
            files::write(&path, text).map(|()| path)
        });
        run(&Arguments {
            old: old?,
            new: new?,
            format,
            overlays: Vec::new(),
            as_published: true,
        })
    }

    #[test]
    fn breaking_changes_fail() {
        for format in Format::value_variants() {
            run_on(DOCUMENT, DOCUMENT, *format).unwrap();
            run_on(
                DOCUMENT,
                &DOCUMENT.replace(
                    "[{\"oauth2\": [\"a\"]}]",
                    "[{\"oauth2\": [\"a\"]}, {\"oauth2\": [\"b\"]}]",
                ),
                *format,
            )
            .unwrap();
            let error = run_on(DOCUMENT, &DOCUMENT.replace("\"a\"", "\"b\""), *format);
            assert_eq!(error.unwrap_err().to_string(), "there are breaking changes");
        }
        let error = run_on(DOCUMENT, "<html>", Format::Text)
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("things.json: the file is not JSON"),
            "{error}"
        );
    }

    /// The lines of a section of the report.
    fn lines(diff: &Diff, group: &str) -> Vec<String> {
        let text = diff.to_text();
        let mut sections = text.split("\n\n");
        let section = sections.find(|section| section.starts_with(group));
        let lines = section.unwrap_or_default().lines().skip(1);
        lines.map(str::to_owned).collect()
    }

    /// What is known to have changed between HubSpot's versions.
    #[test]
    fn published_versions_are_compared() {
        let folder = workspace::published(None).join("focal");
        if !folder.is_dir() {
            eprintln!(
                "skipped: {} is missing; set HUBSPOT_PUBLISHED",
                folder.display()
            );
            return;
        }
        let known = corpus::known(&[]).unwrap();
        let between = |old: &str, new: &str| {
            let mut errors = BTreeSet::new();
            let mut of =
                |version: &str| documents(&folder.join(version), &known, &mut errors).unwrap();
            let diff = Diff::between(&of(old), &of(new));
            assert_eq!(errors, BTreeSet::new());
            diff
        };
        let diff = between("v3", "2026-03");
        assert_eq!(diff.compared, 47);
        // The scopes are the same; writing associations came with the date versions.
        assert_eq!(lines(&diff, "Scopes"), [""; 0]);
        let operations = lines(&diff, "Operations");
        assert_eq!(operations.len(), 1, "{operations:?}");
        assert!(
            operations[0].contains("/associations/") && operations[0].contains(": added"),
            "{operations:?}"
        );
        let required = lines(&diff, "Fields");
        let required = required
            .iter()
            .filter(|line| line.contains("`ObjectSchemaEgg`: now required in requests"));
        assert_eq!(required.count(), 4);

        let diff = between("2026-03", "2026-09");
        let scopes = lines(&diff, "Scopes");
        assert_eq!(scopes.len(), 3, "{scopes:?}");
        assert!(
            scopes[0].starts_with("  BREAKING  ") && scopes[0].contains("/associations/"),
            "{scopes:?}"
        );
        assert!(
            scopes[1..]
                .iter()
                .all(|line| line.contains("needs fewer scopes")),
            "{scopes:?}"
        );
        // No operation is gone: those on associations stand in fewer documents.
        assert_eq!(lines(&diff, "Operations"), [""; 0]);
    }
}
