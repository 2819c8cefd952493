//! Entries of `apis.toml` that nothing uses: they hide that a name has changed.

use std::collections::{BTreeMap, BTreeSet};

use crate::config::{Apis, Config};
use crate::error::{Error, Errors, Problem};
use crate::model::{Authentication, Document, Operation};

/// Fails for entries that none of the documents uses, if these are all that `apis.toml` describes.
pub fn check(config: &Config, documents: &[Document]) -> Result<(), Errors> {
    if !config.complete || documents.len() < config.apis.documents.len() {
        return Ok(());
    }
    let apis = &config.apis;
    let mut errors = names("apis.toml", apis, documents);
    errors.extend(of_table(
        "apis.toml",
        ("runtime", &apis.runtime, schemas),
        documents,
    ));
    Errors::check(errors)
}

/// The entries of the tables for names that none of the documents uses.
pub(crate) fn names(file: &str, apis: &Apis, documents: &[Document]) -> Vec<Error> {
    let tables: [Table<'_>; 5] = [
        ("rename", &apis.rename, schemas),
        ("members", &apis.members, members),
        ("methods", &apis.methods, |document| {
            let operations = document.operations.iter();
            operations.map(Operation::key).collect()
        }),
        ("public", &apis.public, |document| {
            let operations = document.operations.iter();
            let public =
                operations.filter(|operation| operation.authentication == Authentication::None);
            public.map(Operation::key).collect()
        }),
        ("parameters", &apis.parameters, parameters),
    ];
    let errors = tables.into_iter();
    errors
        .flat_map(|table| of_table(file, table, documents))
        .collect()
}

fn of_table(file: &str, (table, entries, names): Table<'_>, documents: &[Document]) -> Vec<Error> {
    let keys = documents.iter().flat_map(|document| {
        let id = document.id();
        let names = names(document).into_iter();
        names.flat_map(move |name| [format!("{id}#{name}"), name])
    });
    unused(file, table, entries, &keys.collect())
}

/// A table, its entries, and what these may name.
type Table<'a> = (&'static str, &'a BTreeMap<String, String>, Names);

/// What entries of a table may name in a document.
type Names = fn(&Document) -> Vec<String>;

fn schemas(document: &Document) -> Vec<String> {
    document.schemas.keys().cloned().collect()
}

fn members(document: &Document) -> Vec<String> {
    let schemas = document.schemas.iter();
    let members = schemas.flat_map(|(name, schema)| {
        let members = schema.members();
        members.map(move |member| format!("{name}/{member}"))
    });
    members.collect()
}

fn parameters(document: &Document) -> Vec<String> {
    let operations = document.operations.iter();
    let parameters = operations.flat_map(|operation| {
        let parameters = operation.parameters();
        parameters.map(|parameter| format!("{} {}", operation.key(), parameter.name))
    });
    parameters.collect()
}

/// The entries of a table that are not among the names that are used.
pub(crate) fn unused(
    file: &str,
    table: &'static str,
    entries: &BTreeMap<String, String>,
    used: &BTreeSet<String>,
) -> Vec<Error> {
    let names = entries.keys().filter(|name| !used.contains(*name)).cloned();
    names
        .map(|name| Error::in_file(file, Problem::Unused { table, name }))
        .collect()
}
