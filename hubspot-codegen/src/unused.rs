//! Entries of `apis.toml` that nothing uses.
//!
//! In: the lowered documents and the configuration. Out: nothing. Refused: entries of `[rename]`, `[runtime]` and
//! `[methods]` whose schema or operation no document has, for they hide that a name has changed.

use std::collections::{BTreeMap, BTreeSet};

use crate::config::Config;
use crate::error::{Error, Errors, Problem};
use crate::model::{Document, Operation};

/// Refuses entries that none of these documents uses, if they are all that `apis.toml` describes.
pub fn check(config: &Config, documents: &[Document]) -> Result<(), Errors> {
    if !config.complete || documents.len() < config.apis.documents.len() {
        return Ok(());
    }
    let schemas = documents
        .iter()
        .flat_map(|document| document.schemas.keys().cloned())
        .collect();
    let operations = documents
        .iter()
        .flat_map(|document| &document.operations)
        .map(|Operation { method, path, .. }| format!("{method} {path}"))
        .collect();
    let mut errors = unused("rename", &config.apis.rename, &schemas);
    errors.extend(unused("runtime", &config.apis.runtime, &schemas));
    errors.extend(unused("methods", &config.apis.methods, &operations));
    Errors::check(errors)
}

fn unused(
    table: &'static str,
    entries: &BTreeMap<String, String>,
    used: &BTreeSet<String>,
) -> Vec<Error> {
    let names = entries.keys().filter(|name| !used.contains(*name)).cloned();
    names
        .map(|name| Error::in_file("apis.toml", Problem::Unused { table, name }))
        .collect()
}
