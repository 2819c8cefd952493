//! The sets of optional parameters that operations share.
//!
//! In: the named operations. Out: each set once, under a name made of the operation's and the API's noun: `ListObjects`,
//! `GetObject`. For an operation with a body it is `UpdateObjectQuery`, for `UpdateObject` is the type of the body.
//!
//! Operations whose sets would have one name share it if they take the same parameters. A set that differs from the one
//! of a newer version is defined in its version's module; one that differs within a version is named after its
//! resource, `ContactsList`.

use std::collections::BTreeSet;

use super::identifiers::{distinct, pascal, plain, snake, type_name};
use super::{module, rank};
use crate::config::Config;
use crate::model::{Endpoint, Model, Names, Parameter, ParameterSet, TypeName};

/// Adds the sets to the names, and their names to those of the operations.
pub(super) fn add_sets(names: &mut Names, model: &Model, config: &Config) {
    // Newer versions come first, so that theirs are the definitions that older ones share.
    for endpoint in &model.operations {
        let setters = setters(&endpoint.operation.query_parameters);
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
        let by_resource = type_name(&format!(
            "{} {}",
            endpoint.resource,
            plain(&operation.method)
        ));
        let by_resource = format!("{by_resource}{suffix}");
        let shared = names
            .parameter_sets
            .iter()
            .find(|(name, set)| name.ident == by_noun && set.setters == setters);
        let name = shared.map(|(name, _)| name.clone());
        let name = name.unwrap_or_else(|| {
            let numbered = (2_u64..).map(|number| format!("{by_resource}{number}"));
            let candidates = [by_noun, by_resource.clone()].into_iter().chain(numbered);
            let names_here = candidates.map(|ident| TypeName {
                module: module.clone(),
                ident,
                ..TypeName::default()
            });
            let is_free = |name: &TypeName| !names.parameter_sets.contains_key(name);
            names_here.into_iter().find(is_free).unwrap_or_default()
        });
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

fn setters(parameters: &[Parameter]) -> Vec<(String, Parameter)> {
    let mut taken = OF_REQUESTS
        .map(str::to_owned)
        .into_iter()
        .collect::<BTreeSet<_>>();
    let setter = |parameter: &Parameter| {
        let name = snake(&parameter.name);
        let name = if OF_REQUESTS.contains(&plain(&name)) {
            format!("{}_", plain(&name))
        } else {
            name
        };
        (distinct(&name, &mut taken), parameter.clone())
    };
    parameters
        .iter()
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
