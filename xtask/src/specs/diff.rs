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
    not_compared: Vec<String>,
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
    print!("{}", printed(arguments.format, &diff, not_compared)?);
    if diff.is_breaking() {
        bail!("there are breaking changes");
    }
    Ok(())
}

fn printed(format: Format, diff: &Diff, not_compared: Vec<String>) -> Result<String> {
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
    for error in not_compared {
        text += &format!("- {error}\n");
    }
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
