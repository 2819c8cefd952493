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
        .map(Operation::key)
        .collect();
    let mut errors = unused("rename", &config.apis.rename, &schemas);
    errors.extend(unused("runtime", &config.apis.runtime, &schemas));
    errors.extend(unused("methods", &config.apis.methods, &operations));
    let public = documents
        .iter()
        .flat_map(|document| &document.operations)
        .filter(|operation| !operation.authenticated)
        .map(Operation::key)
        .collect();
    errors.extend(unused("public", &config.apis.public, &public));
    let members = documents
        .iter()
        .flat_map(|document| &document.schemas)
        .flat_map(|(name, schema)| {
            schema
                .members()
                .map(move |member| format!("{name}/{member}"))
        })
        .collect();
    errors.extend(unused("members", &config.apis.members, &members));
    let parameters = documents
        .iter()
        .flat_map(|document| &document.operations)
        .flat_map(|operation| {
            let (in_path, in_query) = (&operation.path_parameters, &operation.query_parameters);
            let parameters = in_path.iter().chain(in_query);
            parameters.map(|parameter| format!("{} {}", operation.key(), parameter.name))
        })
        .collect();
    errors.extend(unused("parameters", &config.apis.parameters, &parameters));
    Errors::check(errors)
}

/// The entries of a table that are not among the names that are used.
pub(crate) fn unused(
    table: &'static str,
    entries: &BTreeMap<String, String>,
    used: &BTreeSet<String>,
) -> Vec<Error> {
    let names = entries.keys().filter(|name| !used.contains(*name)).cloned();
    names
        .map(|name| Error::in_file("apis.toml", Problem::Unused { table, name }))
        .collect()
}
