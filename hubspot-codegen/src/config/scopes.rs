//! The list of all scopes, `scopes.toml`.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::error::{Error, Errors, Problem};

/// What is known of a scope.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Scope {
    /// The kinds of login that offer it, as HubSpot names them.
    pub schemes: BTreeSet<String>,
    /// What it allows, in our words.
    pub description: Option<String>,
    /// What is doubtful about it.
    pub note: Option<String>,
    /// The product tier that an account needs to grant it.
    pub tier: Option<String>,
}

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

/// One problem for each name that stands twice.
pub(super) fn duplicates(
    kind: &'static str,
    names: impl IntoIterator<Item = String>,
) -> Vec<Problem> {
    let mut seen = BTreeSet::new();
    let mut problems = Vec::new();
    for name in names {
        if !seen.insert(name.clone()) {
            problems.push(Problem::Duplicate { kind, name });
        }
    }
    problems
}
