//! The list of all scopes, `scopes.toml`.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::Scope;
use super::check::duplicates;
use crate::error::{Error, Errors};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ScopesFile {
    #[serde(rename = "scope", default)]
    scopes: Vec<ScopeEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ScopeEntry {
    name: String,
    #[serde(default)]
    schemes: BTreeSet<String>,
    #[serde(default)]
    description: Option<String>,
    #[serde(default)]
    note: Option<String>,
    #[serde(default)]
    tier: Option<String>,
}

/// The scopes by name. Each may be listed once.
pub(super) fn known_scopes(
    path: &str,
    file: ScopesFile,
) -> Result<BTreeMap<String, Scope>, Errors> {
    let names = file.scopes.iter().map(|scope| scope.name.clone());
    let errors = duplicates("scope", names)
        .into_iter()
        .map(|problem| Error::in_file(path, problem));
    Errors::check(errors.collect())?;
    let scope = |entry: ScopeEntry| {
        let ScopeEntry {
            name,
            schemes,
            description,
            note,
            tier,
        } = entry;
        (
            name,
            Scope {
                schemes,
                description,
                note,
                tier,
            },
        )
    };
    Ok(file.scopes.into_iter().map(scope).collect())
}
