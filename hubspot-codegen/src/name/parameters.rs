//! The sets of optional parameters that operations share.
//!
//! In: the named operations. Out: each set once, under a name made of the operation's and the API's noun: `ListObjects`,
//! `GetObject`. For an operation with a body it is `UpdateObjectQuery`, for `UpdateObject` is the type of the body.
//!
//! Operations whose sets would have one name share it if they take the same parameters. A set that differs from the one
//! of a newer version is defined in its version's module; one that differs within a version is an error.

use std::collections::{BTreeMap, BTreeSet};

use super::identifiers::{pascal, plain, snake_besides, type_name};
use super::{Distinct, module, parameter_name, rank};
use crate::config::Config;
use crate::error::{Error, Problem};
use crate::model::{Endpoint, Model, Names, Operation, Parameter, ParameterSet, Place, TypeName};

/// Adds the sets to the names, and their names to those of the operations.
pub(super) fn add_sets(names: &mut Names, model: &Model, config: &Config, errors: &mut Vec<Error>) {
    let mut first = BTreeMap::<TypeName, &Place>::new();
    // Newer versions come first, so that theirs are the definitions that older ones share.
    for endpoint in &model.operations {
        let setters = setters(&endpoint.operation, config, errors);
        let Some(operation) = names.operations.get(&endpoint.id) else {
            continue;
        };
        if setters.is_empty() {
            continue;
        }
        let module = module(&endpoint.version, config);
        let by_noun = noun_name(endpoint, &operation.method, config);
        let suffix = endpoint.operation.body.as_ref().map_or("", |_| "Query");
        let by_noun = format!("{by_noun}{suffix}");
        let shared = names
            .parameter_sets
            .iter()
            .find(|(name, set)| name.ident == by_noun && set.setters == setters);
        let name = shared.map(|(name, _)| name.clone());
        let name = name.unwrap_or_else(|| TypeName {
            module: module.clone(),
            ident: by_noun,
            ..TypeName::default()
        });
        let place = &endpoint.operation.place;
        let known = names.parameter_sets.get(&name);
        if known.is_some_and(|set| set.setters != setters) {
            let problem = Problem::SameName {
                name: name.ident.clone(),
                other: Box::new((*first.get(&name).unwrap_or(&place)).clone()),
                remedy: "their optional parameters differ, so give the API of one of them `nouns` of its own in apis.toml",
            };
            errors.push(Error::new(place.clone(), problem));
            continue;
        }
        first.entry(name.clone()).or_insert(place);
        let set = names.parameter_sets.entry(name.clone());
        let set = set.or_insert_with(|| ParameterSet {
            setters,
            operations: BTreeSet::new(),
        });
        set.operations.insert(endpoint.id.clone());
        if let Some(operation) = names.operations.get_mut(&endpoint.id) {
            operation.parameter_set = Some(name);
        }
    }
}

/// `ListObjects` for `list`: everyday methods are the same for all APIs of a noun.
fn noun_name(endpoint: &Endpoint, method: &str, config: &Config) -> String {
    let generic = config
        .apis
        .generics
        .iter()
        .find(|generic| generic.resource == endpoint.resource);
    let nouns = generic
        .map(|generic| &generic.nouns)
        .or(config.apis.api(&endpoint.resource).map(|api| &api.nouns));
    let (one, many) = nouns.map_or(("", ""), |nouns| (&nouns.one, &nouns.many));
    let method = plain(method);
    if rank(method) == rank("") {
        return type_name(&format!("{one} {method}"));
    }
    let on_many = method.starts_with("batch_") || ["list", "search"].contains(&method);
    type_name(&format!(
        "{} {}",
        pascal(method),
        if on_many { many } else { one }
    ))
}

fn setters(
    operation: &Operation,
    config: &Config,
    errors: &mut Vec<Error>,
) -> Vec<(String, Parameter)> {
    let key = operation.key();
    let mut setters = Distinct::new("parameters", &key, " ");
    let setter = |parameter: &Parameter| {
        let ident = snake_besides(parameter_name(&key, parameter, config), &OF_REQUESTS);
        setters.add(
            &parameter.name,
            ident.clone(),
            &parameter.notes.place,
            errors,
        );
        (ident, parameter.clone())
    };
    let optional = operation.query_parameters.iter();
    optional
        .filter(|parameter| !parameter.required)
        .map(setter)
        .collect()
}

/// Methods that every request has: a parameter of such a name gets an underscore.
const OF_REQUESTS: [&str; 18] = [
    "clone",
    "fmt",
    "form",
    "header",
    "into_future",
    "into_parts",
    "items",
    "json",
    "new",
    "pages",
    "parameter",
    "parameter_list",
    "query",
    "raw",
    "response_type",
    "send",
    "send_with_response",
    "timeout",
];
