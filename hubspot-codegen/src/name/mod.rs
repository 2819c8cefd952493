//! Every Rust identifier of the generated code.
//!
//! In: the model, its analysis and the configuration. Out: [`Names`]; emitters invent none. Refused: two types, operations or scopes
//! that would have one name, and scopes that make no identifier.
//!
//! Where the rules are: `identifiers` for text as such, `methods` for operations, `parameters` for the sets of
//! optional parameters, `scopes` for the traits of scopes.

mod identifiers;
mod methods;
mod parameters;
mod scopes;

use std::collections::{BTreeMap, BTreeSet};

pub(crate) use self::identifiers::plain;
use self::identifiers::{constant, pascal, snake, snake_besides, type_name, variant};
pub(crate) use self::methods::rank;
use crate::config::Config;
use crate::error::{Error, Errors, Problem};
use crate::model::{
    Analysis, Endpoint, Model, Names, Operation, OperationName, Parameter, Place, Resource,
    ResourceName, Shape, TypeDefinition, TypeName, VersionName,
};
use crate::unused::unused;

/// Names everything.
pub fn name(model: &Model, analysis: &Analysis, config: &Config) -> Result<Names, Errors> {
    let mut errors = Vec::new();
    let mut names = Names {
        types: types(model, analysis, config, &mut errors),
        versions: versions(model, config),
        resources: resources(model, config),
        operations: operations(model, config, &mut errors),
        ..Names::default()
    };
    scopes::add_scopes(&mut names, model, config, &mut errors);
    parameters::add_sets(&mut names, model, config, &mut errors);
    if config.complete {
        let ids = names.operations.values().map(|operation| &operation.id);
        let ids = ids.cloned().collect();
        errors.extend(unused("examples", &config.apis.examples, &ids));
    }
    Errors::check(errors)?;
    Ok(names)
}

/// Our name for a schema: the one in the table, else HubSpot's in Pascal case. That of an inline schema, `Parent/field`,
/// begins with its parent's; an operation as a parent, `GET /crm/objects`, counts by the words of its path.
pub(crate) fn schema_name(hubspot_name: &str, rename: &BTreeMap<String, String>) -> String {
    let ends = hubspot_name
        .match_indices('/')
        .map(|(index, _)| index)
        .chain([hubspot_name.len()]);
    let renamed = ends
        .rev()
        .find_map(|end| Some((rename.get(&hubspot_name[..end])?, &hubspot_name[end..])));
    let (base, rest) = renamed.map_or(("", hubspot_name), |(base, rest)| (base.as_str(), rest));
    let path = rest.split_once(' ').map_or(
        rest,
        |(_, path)| if path.starts_with('/') { path } else { rest },
    );
    let words = path
        .split('/')
        .filter(|part| !part.is_empty() && !part.starts_with('{'));
    let name = words
        .map(pascal)
        .fold(pascal_or_empty(base), |name, word| name + &word);
    type_name(&name)
}

fn pascal_or_empty(text: &str) -> String {
    if text.is_empty() {
        String::new()
    } else {
        pascal(text)
    }
}

fn types(
    model: &Model,
    analysis: &Analysis,
    config: &Config,
    errors: &mut Vec<Error>,
) -> BTreeMap<String, TypeName> {
    let mut types = BTreeMap::new();
    for (id, definition) in &model.types {
        let Some(version) = &definition.version else {
            if syn::parse_str::<syn::Path>(&definition.name).is_err() {
                let (kind, name) = ("the Rust path", definition.name.clone());
                errors.push(Error::in_file(
                    "apis.toml",
                    Problem::Unknown {
                        kind,
                        name,
                        known: Vec::new(),
                    },
                ));
            }
            types.insert(
                id.clone(),
                TypeName {
                    ident: definition.name.clone(),
                    ..TypeName::default()
                },
            );
            continue;
        };
        let name = TypeName {
            module: module(version, config),
            file: analysis
                .gates
                .get(id)
                .map_or_else(String::new, |needed_by| file(needed_by, config)),
            ident: definition.name.clone(),
            constant: constant(&definition.name),
            members: members(definition, config, errors),
        };
        types.insert(id.clone(), name);
    }
    types
}

/// The file for a type: what the same families of APIs need stands in one.
fn file(needed_by: &BTreeSet<(String, String)>, config: &Config) -> String {
    let families = needed_by
        .iter()
        .map(|(_, resource)| family(resource, config))
        .collect::<BTreeSet<_>>();
    snake(&families.into_iter().collect::<Vec<_>>().join(" and "))
}

/// What the APIs of one noun have in common: `Objects`. A generic resource belongs to the APIs with its features.
fn family<'a>(resource: &str, config: &'a Config) -> &'a str {
    if let Some(api) = config.apis.api(resource) {
        return &api.nouns.many;
    }
    let Some(generic) = config
        .apis
        .generics
        .iter()
        .find(|generic| generic.resource == resource)
    else {
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
) -> BTreeMap<String, String> {
    let given = |member: &str| {
        let keys = definition.hubspot_names.iter();
        let mut keys = keys.map(|name| format!("{name}/{member}"));
        keys.find_map(|key| config.apis.members.get(&key))
    };
    let place = &definition.place;
    let of_type = definition.hubspot_names.first();
    let mut members = Distinct::new("members", of_type.map_or("", String::as_str), "/");
    match &definition.shape {
        Shape::Object(fields) => {
            for field in fields {
                let name = given(&field.name).unwrap_or(&field.name);
                members.add(&field.name, snake(name), &field.notes.place, errors);
            }
        }
        Shape::Enum(values) => {
            for value in values {
                let ident = variant(given(value).unwrap_or(value));
                members.add(value, ident, place, errors);
            }
        }
        Shape::Alias(_) => {}
    }
    members.idents
}

/// The setter of a field: it stands beside the constructor `new`.
pub(crate) fn setter(field: &str) -> String {
    snake_besides(plain(field), &["new"])
}

/// Names in one place, each of which must be another.
pub(crate) struct Distinct<'a> {
    table: &'static str,
    /// What keys of the table begin with, and what follows it.
    owner: (&'a str, &'static str),
    /// By name on the wire.
    idents: BTreeMap<String, String>,
    taken: BTreeMap<String, (String, Place)>,
}

impl<'a> Distinct<'a> {
    fn new(table: &'static str, owner: &'a str, separator: &'static str) -> Self {
        Self {
            table,
            owner: (owner, separator),
            idents: BTreeMap::new(),
            taken: BTreeMap::new(),
        }
    }

    fn add(&mut self, wire: &str, ident: String, place: &Place, errors: &mut Vec<Error>) {
        if let Some((other, other_place)) = self.taken.get(&ident) {
            let (owner, separator) = self.owner;
            let problem = Problem::SameMember {
                names: format!("`{other}` and `{wire}`"),
                other: Box::new(other_place.clone()),
                ident: ident.clone(),
                table: self.table,
                key: format!("{owner}{separator}{wire}"),
            };
            errors.push(Error::new(place.clone(), problem));
        } else {
            let names = (wire.to_owned(), place.clone());
            self.taken.insert(ident.clone(), names);
        }
        self.idents.insert(wire.to_owned(), ident);
    }
}

/// The module of a version.
fn module(version: &str, config: &Config) -> String {
    snake(
        config
            .apis
            .version(version)
            .map_or(version, |version| &version.module),
    )
}

/// Those that have operations.
fn versions(model: &Model, config: &Config) -> Vec<VersionName> {
    let used = config.apis.versions.iter().filter(|version| {
        model
            .resources
            .iter()
            .any(|resource| resource.version == version.name)
    });
    let name = |version: &crate::config::Version| {
        let module = snake(&version.module);
        let mut letters = plain(&module).chars();
        let first = letters.next().map(|letter| letter.to_ascii_uppercase());
        VersionName {
            name: version.name.clone(),
            handle: first.into_iter().chain(letters).collect(),
            module,
        }
    };
    used.map(name).collect()
}

fn resources(model: &Model, config: &Config) -> Vec<ResourceName> {
    let name = |resource: &Resource| ResourceName {
        module: module(&resource.version, config),
        method: snake(&resource.name),
        handle: type_name(&resource.name),
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
        let own = |endpoint: &&Endpoint| {
            endpoint.version == resource.version && endpoint.resource == resource.name
        };
        let endpoints = model.operations.iter().filter(own).collect::<Vec<_>>();
        let methods = methods::methods(&endpoints, model, config, errors);
        let resource_name = snake(&resource.name);
        for (endpoint, method) in endpoints.into_iter().zip(methods) {
            let mut id = format!("{}.{}", plain(&resource_name), plain(&method));
            if endpoint.version != config.apis.current {
                id = format!("{}.{id}", module(&endpoint.version, config));
            }
            let constant = constant(&id);
            let arguments = arguments(&endpoint.operation, config, errors);
            operations.insert(
                endpoint.id.clone(),
                OperationName {
                    id,
                    method,
                    constant,
                    arguments,
                    grants: Vec::new(),
                    parameter_set: None,
                },
            );
        }
    }
    operations
}

/// The arguments for required parameters: those of the path, then those of the query. Generated methods have the names
/// `body` and `request` themselves.
fn arguments(operation: &Operation, config: &Config, errors: &mut Vec<Error>) -> Vec<String> {
    let key = operation.key();
    let mut arguments = Distinct::new("parameters", &key, " ");
    let required = operation
        .path_parameters
        .iter()
        .chain(operation.required_query());
    required
        .map(|parameter| {
            let name = parameter_name(&key, parameter, config);
            let ident = snake_besides(name, &["body", "request"]);
            arguments.add(
                &parameter.name,
                ident.clone(),
                &parameter.notes.place,
                errors,
            );
            ident
        })
        .collect()
}

/// What a parameter of an operation is named after.
fn parameter_name<'a>(key: &str, parameter: &'a Parameter, config: &'a Config) -> &'a str {
    let given = config
        .apis
        .parameters
        .get(&format!("{key} {}", parameter.name));
    given.unwrap_or(&parameter.name)
}
