//! The sets of optional parameters that operations share.
//!
//! A set is named after the operation and the API's noun: `ListObjects`, `GetObject`; that of an operation with a body,
//! whose type may have such a name, ends in `Query`: `UpdateObjectQuery`. Operations whose sets would have one name share
//! it if they take the same parameters. A set that differs from the one of a newer version is defined in its version's
//! module; one that differs within a version is an error.

use std::collections::{BTreeMap, BTreeSet};

use super::distinct::{Distinct, with_number};
use super::identifiers::{pascal, snake_besides, type_name};
use super::{module, parameter_name, rank};
use crate::config::Config;
use crate::error::{Error, Problem};
use crate::model::{Endpoint, Identifier, Model, Names, Parameter, ParameterSet, Place};

/// Adds the sets to the names, and their names to those of the operations.
pub(super) fn add_sets(names: &mut Names, model: &Model, config: &Config, errors: &mut Vec<Error>) {
    // Newer versions come first, so that theirs are the definitions that older ones share.
    for (endpoint, ident, setters) in own_sets(names, model, config, errors) {
        let Some(operation) = names.operations.get_mut(&endpoint.id) else {
            continue;
        };
        let mut sets = names.parameter_sets.iter();
        let shared = sets.find(|(_, set)| set.ident == ident && set.setters == setters);
        let key = match shared {
            Some((key, _)) => key.clone(),
            None => (module(&endpoint.version, config), ident),
        };
        operation.parameter_set = Some(key.clone());
        let (module, ident) = key.clone();
        let set = names.parameter_sets.entry(key);
        let set = set.or_insert_with(|| ParameterSet {
            module,
            ident,
            setters: setters.clone(),
            operations: BTreeSet::new(),
        });
        if set.setters != setters {
            let problem = Problem::SameName {
                name: set.ident.to_string(),
                other: Box::new(first_place(set, model)),
                remedy: "their optional parameters differ, so give the API of one of them `nouns` of its own in apis.toml",
            };
            errors.push(Error::new(endpoint.operation.place.clone(), problem));
        }
        set.operations.insert(endpoint.id.clone());
    }
}

/// The set of each operation that has optional parameters, with its name.
fn own_sets<'a>(
    names: &Names,
    model: &'a Model,
    config: &Config,
    errors: &mut Vec<Error>,
) -> Vec<(&'a Endpoint, Identifier, Setters)> {
    let mut sets = Vec::new();
    for endpoint in &model.operations {
        let setters = setters(endpoint, config, errors);
        if let Some(operation) = names.operations.get(&endpoint.id)
            && !setters.is_empty()
        {
            let ident = set_name(endpoint, operation.method.plain(), config);
            sets.push((endpoint, ident, setters));
        }
    }
    if config.complete {
        return sets;
    }
    let mut by_name = BTreeMap::<_, BTreeSet<_>>::new();
    for (endpoint, ident, setters) in &sets {
        let name = (endpoint.version.clone(), ident.clone());
        by_name.entry(name).or_default().insert(setters.clone());
    }
    for (endpoint, ident, _) in &mut sets {
        let name = (endpoint.version.clone(), ident.clone());
        if by_name.get(&name).is_some_and(|sets| sets.len() > 1) {
            *ident = with_number(ident, &endpoint.operation.key());
        }
    }
    sets
}

/// The place of an operation that has this set.
fn first_place(set: &ParameterSet, model: &Model) -> Place {
    let mut endpoints = model.operations.iter();
    let first = endpoints.find(|endpoint| set.operations.contains(&endpoint.id));
    first.map_or_else(Place::default, |first| first.operation.place.clone())
}

/// `ListObjects` for `list`: everyday methods are the same for all APIs of a noun.
fn set_name(endpoint: &Endpoint, method: &str, config: &Config) -> Identifier {
    let nouns = config.apis.nouns(&endpoint.resource);
    let (one, many) = nouns.map_or(("", ""), |nouns| (&nouns.one, &nouns.many));
    let query = if endpoint.operation.body.is_some() {
        "query"
    } else {
        ""
    };
    if rank(method) == rank("") {
        return type_name(&format!("{one} {method} {query}"));
    }
    let on_many = method.starts_with("batch_") || ["list", "search"].contains(&method);
    let noun = if on_many { many } else { one };
    type_name(&format!("{} {noun} {query}", pascal(method)))
}

/// The optional parameters of an operation, with the names of their setters.
type Setters = Vec<(Identifier, Parameter)>;

fn setters(endpoint: &Endpoint, config: &Config, errors: &mut Vec<Error>) -> Setters {
    let key = endpoint.operation.key();
    let mut setters = Distinct::new(config, "parameters", &key, " ");
    let optional = endpoint.operation.query_parameters.iter();
    let optional = optional.filter(|parameter| !parameter.required);
    for parameter in optional.clone() {
        let given = parameter_name(endpoint, parameter, config);
        let ident = snake_besides(given.unwrap_or(&parameter.name), &OF_REQUESTS);
        let place = &parameter.notes.place;
        setters.add(&parameter.name, ident, given.is_some(), place);
    }
    let named = setters.finish(errors).into_iter().zip(optional);
    named
        .map(|((_, ident), parameter)| (ident, parameter.clone()))
        .collect()
}

/// Methods that requests have: a parameter of such a name gets an underscore.
const OF_REQUESTS: [&str; 34] = [
    "all",
    "background",
    "bytes_of",
    "clone",
    "download",
    "ensure_by",
    "fmt",
    "form",
    "form_of",
    "header",
    "into_future",
    "into_parts",
    "items",
    "json",
    "json_of",
    "max_response_bytes",
    "multipart_of",
    "new",
    "no_retry",
    "pages",
    "parameter",
    "parameter_each",
    "parameter_joined",
    "parameter_list",
    "query",
    "raw",
    "read_bytes",
    "read_text",
    "response_type",
    "retry",
    "send",
    "send_with_response",
    "settle_by",
    "timeout",
];
