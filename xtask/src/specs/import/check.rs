//! What an import is asked for: the names, and whether the document is of that API and version.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Result, bail, ensure};
use hubspot_codegen::config::{Config, DocumentEntry};
use hubspot_codegen::load;
use serde_json::Value;

use super::Arguments;
use crate::inputs;

/// Fails for a name that is none, and for a version that is not known or has a document of the API elsewhere.
pub(super) fn names(config: &Config, arguments: &Arguments, has_file: bool) -> Result<()> {
    let Arguments {
        api: name, version, ..
    } = arguments;
    let is_part = |one: char| one.is_ascii_lowercase() || one.is_ascii_digit() || one == '_';
    ensure!(
        name.starts_with(|first: char| first.is_ascii_lowercase()) && name.chars().all(is_part),
        "an API is called in lower case with `_` between words, not `{name}`"
    );
    let known = config.apis.versions.iter().map(|known| known.name.as_str());
    let known = known.collect::<Vec<_>>();
    ensure!(
        known.contains(&version.as_str()),
        "the version {version} is not known: it is one of {}, or add it to apis.toml",
        known.join(", ")
    );
    ensure!(
        has_file || config.apis.document(name, version).is_none(),
        "specs/ has a document of {name} in {version} already"
    );
    Ok(())
}

/// Fails for a document of another version, and for one of another API: one that an entry names, one whose every path is in a
/// document of ours, and one that has no path of the document that is to be replaced.
pub(super) fn document(
    specs: &Path,
    config: &Config,
    entry: &DocumentEntry,
    value: &Value,
) -> Result<()> {
    let published = entry.published.as_deref().unwrap_or_default();
    let text = |pointer: &str| value.pointer(pointer).and_then(Value::as_str);
    let (api, wanted) = (&entry.api, &entry.version);
    let (title, version) = (text("/info/title"), text("/info/version"));
    let (title, version) = (title.unwrap_or_default(), version.unwrap_or_default());
    ensure!(
        version == wanted,
        "{published}#/info/version: this is `{title}` of version `{version}`, and not `{wanted}`: pass the document of \
         that version as --document"
    );
    let own_paths = paths(value);
    let others = config.apis.documents.iter();
    for other in others.filter(|other| other.id() != entry.id()) {
        let (of, file) = (&other.api, &other.file);
        if other.all_published().any(|path| path == published) {
            bail!("{published} is the document of `{of}`: pass that of `{api}` as --document");
        }
        if other.version == *wanted && !own_paths.is_empty() {
            let known = load::parse(file, &inputs::document_of(specs, config, file)?)?;
            ensure!(
                !own_paths.is_subset(&paths(&known)),
                "{published}#/paths: specs/{file} has every one of these paths: pass the document of `{api}` as \
                 --document, or name this one there as `also_published`"
            );
        }
    }
    let Ok(bytes) = std::fs::read(specs.join(&entry.file)) else {
        return Ok(());
    };
    let known = paths(&load::parse(&entry.file, &bytes)?);
    ensure!(
        known.is_empty() || !own_paths.is_disjoint(&known),
        "{published}#/paths: this is `{title}`, which has none of the paths of specs/{}: pass the document of `{api}` as \
         --document",
        entry.file
    );
    Ok(())
}

fn paths(document: &Value) -> BTreeSet<String> {
    let paths = document.get("paths").and_then(Value::as_object);
    paths
        .into_iter()
        .flat_map(|paths| paths.keys().cloned())
        .collect()
}
