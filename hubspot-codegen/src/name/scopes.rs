//! The traits of scopes and of requirements with alternatives.
//!
//! In: the scopes that are known and the named operations. Out: a trait for every scope, and one for every requirement
//! with alternatives, named after the first operation that has it. Refused: a scope that makes no identifier or the
//! same as another, and one that `scopes.toml` does not know.

use std::collections::{BTreeMap, BTreeSet};

use hubspot_scopes::trait_name;

use super::identifiers::{distinct, pascal};
use super::rank;
use crate::config::Config;
use crate::error::{Error, Problem};
use crate::model::{Composite, Endpoint, Model, OperationName, Place};

/// The traits by scope, and by requirement.
pub(super) fn scopes(
    model: &Model,
    operations: &BTreeMap<String, OperationName>,
    config: &Config,
    errors: &mut Vec<Error>,
) -> (BTreeMap<String, String>, BTreeMap<String, Composite>) {
    let mut traits = Traits::default();
    for scope in config.scopes.keys() {
        traits.add(
            scope,
            &Place {
                document: "scopes.toml".into(),
                pointer: String::new(),
            },
            errors,
        );
    }
    for endpoint in &model.operations {
        for scope in endpoint.operation.requirement.scopes() {
            let place = &endpoint.operation.place;
            let new = traits.add(scope, place, errors);
            if new && config.complete {
                errors.push(Error::new(
                    place.clone(),
                    Problem::UnknownScope(scope.to_owned()),
                ));
            }
        }
    }
    let composites = composites(
        model,
        operations,
        config,
        traits.by_name.into_keys().collect(),
    );
    (traits.by_scope, composites)
}

#[derive(Default)]
struct Traits {
    by_scope: BTreeMap<String, String>,
    by_name: BTreeMap<String, String>,
}

impl Traits {
    /// Whether the scope is a new one, and nothing is wrong with it.
    fn add(&mut self, scope: &str, place: &Place, errors: &mut Vec<Error>) -> bool {
        if self.by_scope.contains_key(scope) {
            return false;
        }
        let name = match trait_name(scope) {
            Ok(name) => name,
            Err(cause) => {
                errors.push(Error::new(
                    place.clone(),
                    Problem::ScopeName(cause.to_string()),
                ));
                return false;
            }
        };
        if let Some(one) = self.by_name.insert(name.clone(), scope.to_owned()) {
            let (name, scopes) = (name.clone(), format!("`{one}` and `{scope}`"));
            let problem = Problem::SameScopeName { name, scopes };
            errors.push(Error::new(place.clone(), problem));
            return false;
        }
        self.by_scope.insert(scope.to_owned(), name);
        true
    }
}

fn composites(
    model: &Model,
    operations: &BTreeMap<String, OperationName>,
    config: &Config,
    mut taken: BTreeSet<String>,
) -> BTreeMap<String, Composite> {
    let mut endpoints = model.operations.iter().collect::<Vec<_>>();
    endpoints.sort_by_key(|endpoint| order(endpoint, operations, config));
    let mut composites = BTreeMap::new();
    for endpoint in endpoints {
        let requirement = endpoint.operation.requirement.ignoring_schemes();
        let Some(operation) = operations.get(&endpoint.id) else {
            continue;
        };
        let key = requirement.to_string();
        if requirement.alternatives().len() > 1 && !composites.contains_key(&key) {
            let ident = distinct(&pascal(&operation.id), &mut taken);
            composites.insert(key, Composite { ident, requirement });
        }
    }
    composites
}

/// The current version first, then as a reader meets them.
fn order<'a>(
    endpoint: &'a Endpoint,
    operations: &'a BTreeMap<String, OperationName>,
    config: &Config,
) -> (bool, usize, &'a str, usize, &'a str) {
    let version = config
        .apis
        .versions
        .iter()
        .position(|version| version.name == endpoint.version);
    let method = operations
        .get(&endpoint.id)
        .map_or("", |operation| operation.method.as_str());
    let older = endpoint.version != config.apis.current;
    (
        older,
        version.unwrap_or_default(),
        &endpoint.resource,
        rank(method),
        method,
    )
}
