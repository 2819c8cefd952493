//! Every Rust identifier of the generated code; emitters invent none.
//!
//! Two types, operations, fields or scopes that would have one name are an error, and so is a scope that makes no
//! identifier. The rules are in `identifiers` for text as such, `methods` for operations, `parameters` for the sets of
//! optional parameters, and `scopes` for the traits of scopes.

mod distinct;
mod identifiers;
mod listing;
mod methods;
mod parameters;
mod schemas;
mod scopes;

use std::collections::{BTreeMap, BTreeSet};

use self::distinct::Distinct;
pub(crate) use self::identifiers::{constant, extension, is_identifier, snake, type_name, variant};
use self::identifiers::{pascal, snake_besides, version_handle};
pub use self::listing::{listing, too_long};
pub(crate) use self::methods::rank;
use crate::config::{Config, entry};
use crate::error::{Error, Errors, Problem};
use crate::model::{
    Analysis, AreaName, Endpoint, Identifier, Model, Names, OperationName, Parameter, Resource,
    ResourceName, RustPath, Shape, TypeDefinition, TypeName, VersionName,
};
use crate::unused::unused;

/// Names everything.
pub fn name(model: &Model, analysis: &Analysis, config: &Config) -> Result<Names, Errors> {
    let mut errors = Vec::new();
    let mut names = Names {
        versions: versions(model, config),
        resources: resources(model, config),
        operations: operations(model, config, &mut errors),
        ..Names::default()
    };
    add_types(&mut names, model, analysis, config, &mut errors);
    scopes::add_scopes(&mut names, model, config, &mut errors);
    parameters::add_sets(&mut names, model, config, &mut errors);
    if config.complete {
        let ids = names.operations.values().map(|operation| &operation.id);
        let ids = ids.cloned().collect();
        errors.extend(unused("apis.toml", "examples", &config.apis.examples, &ids));
    }
    Errors::check(errors)?;
    Ok(names)
}

/// Our name for a schema of a document: the one in the table, else HubSpot's by the rules in [`schemas`], in Pascal case. That of an inline schema,
/// `Parent/field`, begins with its parent's; an operation as a parent, `GET /crm/objects`, counts by the words of its
/// path.
pub(crate) fn schema_name(
    document: &str,
    hubspot_name: &str,
    rename: &BTreeMap<String, String>,
) -> String {
    let ends = hubspot_name
        .match_indices('/')
        .map(|(index, _)| index)
        .chain([hubspot_name.len()]);
    let renamed = ends.rev().find_map(|end| {
        let (schema, rest) = hubspot_name.split_at(end);
        Some((entry(rename, [document.to_owned()], schema)?, rest))
    });
    let by_rule;
    let (base, rest) = match renamed {
        Some((base, "")) => (base.as_str(), ""),
        _ if schemas::is_status_of_batch(hubspot_name) => ("BatchStatus", ""),
        Some((base, rest)) => (base.as_str(), rest),
        // An inline schema of an operation begins with the operation.
        None if hubspot_name.contains(' ') => ("", hubspot_name),
        None => {
            let end = hubspot_name.find('/').unwrap_or(hubspot_name.len());
            let (schema, rest) = hubspot_name.split_at(end);
            by_rule = schemas::by_rule(schema);
            (by_rule.as_str(), rest)
        }
    };
    let path = rest.split_once(' ').map_or(
        rest,
        |(_, path)| if path.starts_with('/') { path } else { rest },
    );
    let words = path
        .split('/')
        .filter(|part| !part.is_empty() && !part.starts_with('{'));
    let base = if base.is_empty() {
        String::new()
    } else {
        pascal(base)
    };
    let name = words.map(pascal).fold(base, |name, word| name + &word);
    type_name(&name).to_string()
}

fn add_types(
    names: &mut Names,
    model: &Model,
    analysis: &Analysis,
    config: &Config,
    errors: &mut Vec<Error>,
) {
    for (id, definition) in &model.types {
        let Some(version) = &definition.version else {
            match rust_path(&definition.name) {
                Ok(path) => drop(names.runtime.insert(id.clone(), path)),
                Err(error) => errors.push(error),
            }
            continue;
        };
        let needed_by = analysis.gates.get(id);
        let name = TypeName {
            module: module(version, config),
            file: file(needed_by.into_iter().flatten(), config),
            ident: type_name(&definition.name),
            constant: constant(&definition.name),
            members: members(definition, config, errors),
        };
        names.types.insert(id.clone(), name);
    }
}

/// The path of a type of the client's own runtime, from there.
fn rust_path(text: &str) -> Result<RustPath, Error> {
    let parts = text.split("::").map(|part| {
        let is_identifier = snake(part).plain() == part || pascal(part) == part;
        is_identifier.then(|| Identifier::new(part.to_owned()))
    });
    parts.collect::<Option<_>>().map(RustPath).ok_or_else(|| {
        let (kind, name, known) = ("the Rust path", text.to_owned(), Vec::new());
        Error::in_file("apis.toml", Problem::Unknown { kind, name, known })
    })
}

/// More families of APIs than this share one file.
const MOST_FAMILIES: usize = 3;

/// The file for a type: what the same few families of APIs need stands in one.
fn file<'a>(
    needed_by: impl IntoIterator<Item = &'a (String, String)>,
    config: &Config,
) -> Identifier {
    let needed_by = needed_by.into_iter();
    let families = needed_by.map(|(_, resource)| family(resource, config));
    let families = families.collect::<BTreeSet<_>>();
    if families.len() > MOST_FAMILIES {
        return Identifier::new("common".to_owned());
    }
    snake(&families.into_iter().collect::<Vec<_>>().join(" and "))
}

/// What the APIs of one noun have in common: `Objects`. A generic resource belongs to the APIs with its features.
fn family<'a>(resource: &str, config: &'a Config) -> &'a str {
    if let Some(api) = config.apis.api(resource) {
        return &api.nouns.many;
    }
    let Some(generic) = config.apis.generic_resource(resource) else {
        return "";
    };
    let features = |noun: &str| {
        let family = config.apis.apis.iter().filter(|api| api.nouns.many == noun);
        family
            .map(|api| api.feature.clone())
            .collect::<BTreeSet<_>>()
    };
    let mut nouns = config.apis.apis.iter().map(|api| &api.nouns.many);
    nouns
        .find(|noun| features(noun) == generic.features)
        .unwrap_or(&generic.nouns.many)
}

/// The identifiers of fields or variants.
fn members(
    definition: &TypeDefinition,
    config: &Config,
    errors: &mut Vec<Error>,
) -> BTreeMap<String, Identifier> {
    let given = |member: &str| {
        let mut keys = definition.hubspot_names.iter();
        keys.find_map(|name| {
            let key = format!("{name}/{member}");
            entry(&config.apis.members, definition.documents(), &key)
        })
    };
    let place = &definition.place;
    let of_type = definition.hubspot_names.first();
    let mut members = Distinct::new(config, "members", of_type.map_or("", String::as_str), "/");
    match &definition.shape {
        Shape::Object(fields) => {
            for field in fields {
                let given = given(&field.name);
                let ident = snake(given.unwrap_or(&field.name));
                members.add(&field.name, ident, given.is_some(), &field.notes.place);
            }
        }
        Shape::Enum(values) => {
            for value in values {
                let given = given(value);
                let ident = variant(given.unwrap_or(value));
                members.add(value, ident, given.is_some(), place);
            }
        }
        Shape::Union(variants) => {
            for of in variants {
                let given = given(&of.name);
                let ident = variant(given.unwrap_or(&of.name));
                members.add(&of.name, ident, given.is_some(), &of.notes.place);
            }
        }
        Shape::Alias(_) => {}
    }
    members.finish(errors).into_iter().collect()
}

/// The setter of a field: it stands beside the constructor `new`.
pub(crate) fn setter(field: &Identifier) -> Identifier {
    snake_besides(field.plain(), &["new"])
}

/// The module of a version.
fn module(version: &str, config: &Config) -> Identifier {
    let known = config.apis.version(version);
    snake(known.map_or(version, |version| &version.module))
}

/// Those that have operations.
fn versions(model: &Model, config: &Config) -> Vec<VersionName> {
    let used = config.apis.versions.iter().filter(|version| {
        let mut resources = model.resources.iter();
        resources.any(|resource| resource.version == version.name)
    });
    let name = |version: &crate::config::Version| {
        let module = snake(&version.module);
        VersionName {
            name: version.name.clone(),
            handle: version_handle(&module),
            module,
        }
    };
    used.map(name).collect()
}

fn resources(model: &Model, config: &Config) -> Vec<ResourceName> {
    let name = |resource: &Resource| {
        let api = config.apis.api(&resource.name);
        let within = api.and_then(|api| api.within());
        ResourceName {
            module: module(&resource.version, config),
            file: snake(&resource.name),
            area: within.map(|(area, _)| AreaName {
                method: snake(area),
                handle: type_name(area),
            }),
            method: snake(within.map_or(&resource.name, |(_, name)| name)),
            handle: type_name(&resource.name),
        }
    };
    model.resources.iter().map(name).collect()
}

fn operations(
    model: &Model,
    config: &Config,
    errors: &mut Vec<Error>,
) -> BTreeMap<String, OperationName> {
    let mut operations = BTreeMap::new();
    for resource in &model.resources {
        let endpoints = model.operations_of(resource).collect::<Vec<_>>();
        let methods = methods::methods(&endpoints, model, config, errors);
        let api = config.apis.api(&resource.name);
        let within = api.and_then(|api| api.within());
        let called = match within {
            Some((area, name)) => format!("{}.{}", snake(area).plain(), snake(name).plain()),
            None => snake(&resource.name).plain().to_owned(),
        };
        for (endpoint, method) in endpoints.into_iter().zip(methods) {
            let mut id = format!("{called}.{}", method.plain());
            if endpoint.version != config.apis.current {
                id = format!("{}.{id}", module(&endpoint.version, config));
            }
            let name = OperationName {
                constant: constant(&id),
                arguments: arguments(endpoint, config, errors),
                id,
                method,
                grants: Vec::new(),
                parameter_set: None,
            };
            operations.insert(endpoint.id.clone(), name);
        }
    }
    operations
}

/// The arguments for required parameters: those of the path, then those of the query. Generated methods have the names
/// `body` and `request` themselves.
fn arguments(endpoint: &Endpoint, config: &Config, errors: &mut Vec<Error>) -> Vec<Identifier> {
    let operation = &endpoint.operation;
    let key = operation.key();
    let mut arguments = Distinct::new(config, "parameters", &key, " ");
    let required = operation
        .path_parameters
        .iter()
        .chain(operation.required_query());
    for parameter in required {
        let given = parameter_name(endpoint, parameter, config);
        let ident = given.unwrap_or(&parameter.name);
        let ident = snake_besides(ident, &["body", "request"]);
        let place = &parameter.notes.place;
        arguments.add(&parameter.name, ident, given.is_some(), place);
    }
    let arguments = arguments.finish(errors).into_iter();
    arguments.map(|(_, ident)| ident).collect()
}

/// What a parameter of an operation is named after, if not after itself.
fn parameter_name<'a>(
    endpoint: &Endpoint,
    parameter: &Parameter,
    config: &'a Config,
) -> Option<&'a String> {
    let key = format!("{} {}", endpoint.operation.key(), parameter.name);
    entry(&config.apis.parameters, endpoint.documents(), &key)
}
