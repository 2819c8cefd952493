//! Merges documents into one [`Model`]: a type or operation that several of them have is one.

mod operations;
mod schemas;

use std::collections::BTreeSet;

use crate::analyze::reached;
use crate::config::Config;
use crate::error::Errors;
use crate::model::{Document, Endpoint, Model, Resource};

use self::operations::{Types, operations};
use self::schemas::Schemas;

/// Merges the documents.
pub fn unify<'a>(
    documents: impl IntoIterator<Item = &'a Document>,
    config: &Config,
) -> Result<Model, Errors> {
    let mut documents = documents.into_iter().collect::<Vec<_>>();
    documents.sort_by_key(|document| order(document, config));
    let mut schemas = Schemas::resolve(&documents, config)?;
    let classes = schemas.classes();
    if config.complete {
        schemas.conflicts(&classes)?;
    } else {
        schemas.settle(&classes);
    }
    let (types, ids) = schemas.types(&classes)?;
    let of_operations = Types {
        schemas: &schemas,
        ids: &ids,
        definitions: &types,
    };
    let operations = operations(&documents, &of_operations, config)?;
    let mut model = Model {
        types,
        resources: resources(&documents, &operations),
        operations,
    };
    // What only a type of the client's own runtime refers to has no code.
    let types = model.operations.iter();
    let types = types.flat_map(|endpoint| endpoint.operation.types());
    let reached = reached(&model, types).into_iter().cloned();
    let reached = reached.collect::<BTreeSet<_>>();
    model.types.retain(|id, _| reached.contains(id));
    Ok(model)
}

/// Newest version first, then the APIs in the order of the configuration.
fn order(document: &Document, config: &Config) -> (usize, usize) {
    let api = config
        .apis
        .apis
        .iter()
        .position(|api| api.name == document.api);
    (
        config.apis.version_order(&document.version),
        api.unwrap_or(usize::MAX),
    )
}

fn resources(documents: &[&Document], operations: &[Endpoint]) -> Vec<Resource> {
    let mut resources = Vec::<Resource>::new();
    for endpoint in operations {
        let known = resources
            .last()
            .is_some_and(|last| last.version == endpoint.version && last.name == endpoint.resource);
        if !known {
            let own = |document: &&&Document| {
                document.version == endpoint.version && document.api == endpoint.resource
            };
            let description = documents
                .iter()
                .find(own)
                .and_then(|document| document.notes.description.clone());
            let (version, name) = (endpoint.version.clone(), endpoint.resource.clone());
            resources.push(Resource {
                version,
                name,
                description,
            });
        }
    }
    resources
}
