//! The traits of scopes and of requirements with alternatives.
//!
//! In: the scopes that are known and the named operations. Out: a trait for every scope, and one for every requirement
//! with alternatives, named after the first operation that has it, whatever its version. Refused: a scope that makes no
//! identifier or the same as another, and one that `scopes.toml` does not know.

use std::collections::{BTreeMap, BTreeSet};

use hubspot_scopes::{Requirement, trait_name};

use super::identifiers::pascal;
use super::rank;
use crate::config::Config;
use crate::error::{Error, Problem};
use crate::model::{Composite, Endpoint, Model, Names, Place};

/// Adds the traits to the names, and to those of the operations what they need.
pub(super) fn add_scopes(
    names: &mut Names,
    model: &Model,
    config: &Config,
    errors: &mut Vec<Error>,
) {
    let mut traits = Traits::default();
    for scope in config.scopes.keys() {
        let place = Place {
            document: "scopes.toml".into(),
            pointer: String::new(),
        };
        traits.add(scope, &place, errors);
    }
    for endpoint in &model.operations {
        for scope in endpoint.operation.requirement.scopes() {
            let place = &endpoint.operation.place;
            let new = traits.add(scope, place, errors);
            if new && config.complete {
                let problem = Problem::UnknownScope(scope.to_owned());
                errors.push(Error::new(place.clone(), problem));
            }
        }
    }
    names.scopes = traits.by_scope;
    add_composites(names, model, config, traits.by_name.into_keys().collect());
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
        let is_plain =
            |character: char| character.is_ascii_alphanumeric() || "._-".contains(character);
        let name = match trait_name(scope) {
            Ok(_) if !scope.chars().all(is_plain) => {
                let name = format!(
                    "{scope:?} has other characters than letters, digits, `.`, `_` and `-`"
                );
                errors.push(Error::new(place.clone(), Problem::ScopeName(name)));
                return false;
            }
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

fn add_composites(names: &mut Names, model: &Model, config: &Config, mut taken: BTreeSet<String>) {
    let mut endpoints = model.operations.iter().collect::<Vec<_>>();
    endpoints.sort_by_cached_key(|endpoint| order(endpoint, names, config));
    // Operations of one resource share few requirements, and some are long.
    let mut known = BTreeMap::<&Requirement, Vec<String>>::new();
    for endpoint in endpoints {
        let Some(operation) = names.operations.get_mut(&endpoint.id) else {
            continue;
        };
        let requirement = &endpoint.operation.requirement;
        let grants = known.entry(requirement).or_insert_with(|| {
            let union = requirement.ignoring_schemes();
            match union.alternatives() {
                [] => Vec::new(),
                [all] => all
                    .scopes()
                    .iter()
                    .filter_map(|scope| names.scopes.get(scope).cloned())
                    .collect(),
                _ => {
                    let composite = names.composites.entry(union.to_string());
                    let composite = composite.or_insert_with(|| Composite {
                        ident: composite_name(endpoint, &operation.method, &union, &mut taken),
                        requirement: union,
                    });
                    vec![composite.ident.clone()]
                }
            }
        });
        operation.grants.clone_from(grants);
    }
}

/// The name of the trait for `requirement`, which `endpoint` is the first to have.
///
/// It does not tell the version: the traits are there whether or not the feature of the version is on, and the compiler's
/// messages show them.
fn composite_name(
    endpoint: &Endpoint,
    method: &str,
    requirement: &Requirement,
    taken: &mut BTreeSet<String>,
) -> String {
    let name = pascal(&format!("{}.{method}", endpoint.resource));
    let alternatives = requirement.alternatives().len();
    let name = if taken.contains(&name) {
        format!("{name}AnyOf{alternatives}")
    } else {
        name
    };
    let mut free = name.clone();
    for number in 2_u64.. {
        if taken.insert(free.clone()) {
            break;
        }
        free = format!("{name}_{number}");
    }
    free
}

/// The current version first, then as a reader meets them.
fn order(
    endpoint: &Endpoint,
    names: &Names,
    config: &Config,
) -> (bool, usize, String, usize, String) {
    let version = config
        .apis
        .versions
        .iter()
        .position(|version| version.name == endpoint.version);
    let operation = names.operations.get(&endpoint.id);
    let method = operation.map_or("", |operation| operation.method.as_str());
    let older = endpoint.version != config.apis.current;
    let resource = endpoint.resource.clone();
    (
        older,
        version.unwrap_or_default(),
        resource,
        rank(method),
        method.to_owned(),
    )
}
