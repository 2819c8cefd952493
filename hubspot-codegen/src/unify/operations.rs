//! Merges the operations of all documents: each once, with the types of the model.
//!
//! An operation that documents describe differently is an error, and so is a parameter whose value cannot be written as
//! text.

use std::collections::{BTreeMap, BTreeSet};

use super::schemas::Schemas;
use crate::config::Config;
use crate::error::{Error, Errors, Problem};
use crate::model::{
    Body, Document, Endpoint, Operation, Parameter, Place, Shape, Type, TypeDefinition,
};

/// The types of a model, and the one that each schema has become.
pub(super) struct Types<'a> {
    pub(super) schemas: &'a Schemas<'a>,
    pub(super) ids: &'a [String],
    pub(super) definitions: &'a BTreeMap<String, TypeDefinition>,
}

/// The operations, newest version first, by resource, path and method.
pub(super) fn operations(
    documents: &[&Document],
    types: &Types<'_>,
    config: &Config,
) -> Result<Vec<Endpoint>, Errors> {
    let mut endpoints = Endpoints::new();
    let mut errors = Vec::new();
    for document in documents {
        for operation in &document.operations {
            let added = with_types(operation, document, types)
                .and_then(|operation| add(operation, document, config, &mut endpoints));
            errors.extend(added.err());
        }
    }
    Errors::check(errors)?;
    Ok(endpoints.into_values().collect())
}

/// The operations by version, resource, path and method.
type Endpoints = BTreeMap<(usize, String, String, String), Endpoint>;

fn add(
    operation: Operation,
    document: &Document,
    config: &Config,
    endpoints: &mut Endpoints,
) -> Result<(), Error> {
    let generic = config.apis.generic(&operation.path);
    let resource = generic.map_or(&document.api, |generic| &generic.resource);
    let key = (
        config.apis.version_order(&document.version),
        resource.clone(),
        operation.path.clone(),
        operation.method.clone(),
    );
    if let Some(known) = endpoints.get_mut(&key) {
        known.apis.insert(document.api.clone());
        return match disagreement(&known.operation, &operation) {
            None => Ok(()),
            Some(difference) => {
                let other = Box::new(known.operation.place.clone());
                let problem = Problem::OperationDisagreement { difference, other };
                Err(Error::new(operation.place, problem))
            }
        };
    }
    let (version, method, path) = (&document.version, &operation.method, &operation.path);
    let endpoint = Endpoint {
        id: format!("{version}/{resource} {method} {path}"),
        version: version.clone(),
        resource: resource.clone(),
        apis: BTreeSet::from([document.api.clone()]),
        operation,
    };
    endpoints.insert(key, endpoint);
    Ok(())
}

/// Fails for a parameter whose values cannot be written as text.
fn check_parameter(parameter: &Parameter, in_path: bool, types: &Types<'_>) -> Result<(), Error> {
    let is_text = |ty: &Type| match ty {
        Type::Any | Type::Binary | Type::Array(_) | Type::Map { .. } => false,
        Type::Named(id) => types
            .definitions
            .get(id)
            .is_some_and(|definition| matches!(definition.shape, Shape::Enum(_))),
        _ => true,
    };
    let fits = match &parameter.ty {
        Type::Array(item) => !in_path && is_text(item),
        // Written as JSON.
        Type::Any => !in_path,
        ty => is_text(ty),
    };
    if fits {
        return Ok(());
    }
    let what = if in_path {
        "a path parameter that is not text, a number or a flag"
    } else {
        "a query parameter that is not text, a number, a flag or a list of these"
    };
    let problem = Problem::Unsupported(what.to_owned());
    Err(Error::new(parameter.notes.place.clone(), problem))
}

fn with_types(
    operation: &Operation,
    document: &Document,
    types: &Types<'_>,
) -> Result<Operation, Error> {
    let convert = |ty: &Type, place: &Place| {
        let name = &mut |target: usize| types.ids[target].clone();
        types.schemas.ty(document, ty, place, name)
    };
    let parameters = |parameters: &[Parameter], in_path: bool| {
        let parameter = |parameter: &Parameter| {
            let ty = convert(&parameter.ty, &parameter.notes.place)?;
            let parameter = Parameter {
                ty,
                ..parameter.clone()
            };
            check_parameter(&parameter, in_path, types).map(|()| parameter)
        };
        parameters
            .iter()
            .map(parameter)
            .collect::<Result<Vec<_>, Error>>()
    };
    let body = |body: &Body| {
        Ok(Body {
            ty: convert(&body.ty, &operation.place)?,
            ..body.clone()
        })
    };
    Ok(Operation {
        path_parameters: parameters(&operation.path_parameters, true)?,
        query_parameters: parameters(&operation.query_parameters, false)?,
        body: operation.body.as_ref().map(body).transpose()?,
        response: operation
            .response
            .as_ref()
            .map(|ty| convert(ty, &operation.place))
            .transpose()?,
        ..operation.clone()
    })
}

/// What two documents say differently about one operation.
fn disagreement(one: &Operation, other: &Operation) -> Option<&'static str> {
    let aspects = [
        (
            "its path parameters",
            one.path_parameters == other.path_parameters,
        ),
        (
            "its query parameters",
            one.query_parameters == other.query_parameters,
        ),
        ("its body", one.body == other.body),
        (
            "its response",
            (&one.response, one.response_encoding) == (&other.response, other.response_encoding),
        ),
        (
            "the scopes that it needs",
            one.requirement == other.requirement,
        ),
        (
            "what it is authenticated with",
            one.authentication == other.authentication,
        ),
        ("its rate limit", one.budget == other.budget),
        ("being deprecated", one.deprecated == other.deprecated),
    ];
    aspects
        .into_iter()
        .find(|(_, same)| !same)
        .map(|(aspect, _)| aspect)
}
