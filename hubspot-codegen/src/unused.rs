//! Entries of `apis.toml` that nothing uses: they hide that a name has changed.

use std::collections::{BTreeMap, BTreeSet};

use crate::config::Config;
use crate::error::{Error, Errors, Problem};
use crate::model::{Document, Operation};

/// Fails for entries that none of the documents uses, if these are all that `apis.toml` describes.
pub fn check(config: &Config, documents: &[Document]) -> Result<(), Errors> {
    if !config.complete || documents.len() < config.apis.documents.len() {
        return Ok(());
    }
    let apis = &config.apis;
    let operations = |document: &Document| document.operations.iter().map(Operation::key).collect();
    let public = |document: &Document| {
        let operations = document.operations.iter();
        let public = operations.filter(|operation| !operation.authenticated);
        public.map(Operation::key).collect()
    };
    let schemas = |document: &Document| document.schemas.keys().cloned().collect();
    let members = |document: &Document| {
        let schemas = document.schemas.iter();
        let members = schemas.flat_map(|(name, schema)| {
            let members = schema.members();
            members.map(move |member| format!("{name}/{member}"))
        });
        members.collect()
    };
    let parameters = |document: &Document| {
        let operations = document.operations.iter();
        let parameters = operations.flat_map(|operation| {
            let parameters = operation.parameters();
            parameters.map(|parameter| format!("{} {}", operation.key(), parameter.name))
        });
        parameters.collect()
    };
    let mut errors = unused("rename", &apis.rename, &keys(documents, schemas));
    errors.extend(unused("runtime", &apis.runtime, &keys(documents, schemas)));
    errors.extend(unused(
        "methods",
        &apis.methods,
        &keys(documents, operations),
    ));
    errors.extend(unused("public", &apis.public, &keys(documents, public)));
    errors.extend(unused("members", &apis.members, &keys(documents, members)));
    errors.extend(unused(
        "parameters",
        &apis.parameters,
        &keys(documents, parameters),
    ));
    Errors::check(errors)
}

/// What entries may be called: each name of a document, and the same for this document alone.
fn keys(documents: &[Document], names: impl Fn(&Document) -> BTreeSet<String>) -> BTreeSet<String> {
    let keys = documents.iter().flat_map(|document| {
        let id = document.id();
        names(document).into_iter().flat_map(move |name| {
            let of_document = format!("{id}#{name}");
            [name, of_document]
        })
    });
    keys.collect()
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
