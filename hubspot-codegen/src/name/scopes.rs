//! The traits of scopes and of requirements with alternatives.
//!
//! Every scope has one, and so has every requirement with alternatives, named after its scopes. A scope that makes no
//! identifier, or the same as another, is an error, and so is one that `scopes.toml` does not know.

use std::collections::BTreeMap;

use hubspot_scopes::{Requirement, trait_name, trait_names};

use crate::config::{Config, Home};
use crate::error::{Error, Problem};
use crate::model::{Composite, Identifier, Model, Names, Place};

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
            let problem = match config.home {
                Home::Module(_) => Problem::NewScope,
                Home::Client => Problem::UnknownScope,
            };
            if new && (config.complete || matches!(config.home, Home::Module(_))) {
                errors.push(Error::new(place.clone(), problem(scope.to_owned())));
            }
        }
    }
    names.scopes = std::mem::take(&mut traits.by_scope);
    add_composites(names, model, traits, errors);
}

#[derive(Default)]
struct Traits {
    by_scope: BTreeMap<String, Identifier>,
    by_name: BTreeMap<Identifier, String>,
}

impl Traits {
    /// Returns whether the scope is a new one, and nothing is wrong with it.
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
            Ok(name) => Identifier::new(name),
            Err(cause) => {
                errors.push(Error::new(
                    place.clone(),
                    Problem::ScopeName(cause.to_string()),
                ));
                return false;
            }
        };
        let is_new = self.insert(&name, scope, place, errors);
        if is_new {
            self.by_scope.insert(scope.to_owned(), name);
        }
        is_new
    }

    /// Takes a name for a scope or a requirement. Whether it was free.
    fn insert(
        &mut self,
        name: &Identifier,
        of: &str,
        place: &Place,
        errors: &mut Vec<Error>,
    ) -> bool {
        let other = self.by_name.insert(name.clone(), of.to_owned());
        errors.extend(other.iter().map(|other| {
            let (name, scopes) = (name.to_string(), format!("`{other}` and `{of}`"));
            Error::new(place.clone(), Problem::SameScopeName { name, scopes })
        }));
        other.is_none()
    }
}

fn add_composites(names: &mut Names, model: &Model, mut traits: Traits, errors: &mut Vec<Error>) {
    // Operations of one resource share few requirements, and some are long.
    let mut known = BTreeMap::<&Requirement, Vec<Identifier>>::new();
    for endpoint in &model.operations {
        let requirement = &endpoint.operation.requirement;
        let place = &endpoint.operation.place;
        let grants = known.entry(requirement).or_insert_with(|| {
            // A scope without a name is an error already.
            let grants = trait_names(requirement).unwrap_or_default().into_iter();
            let grants: Vec<_> = grants.map(Identifier::new).collect();
            let union = requirement.ignoring_logins();
            if let ([ident], [_, _, ..]) = (&grants[..], union.alternatives()) {
                let text = union.to_string();
                names.composites.entry(text).or_insert_with_key(|text| {
                    traits.insert(ident, text, place, errors);
                    Composite {
                        ident: ident.clone(),
                        requirement: union,
                    }
                });
            }
            grants
        });
        if let Some(operation) = names.operations.get_mut(&endpoint.id) {
            operation.grants.clone_from(grants);
        }
    }
}
