//! Operations, and the resources that they belong to.
//!
//! In: the operations of all documents. Out: every operation once, its types being those of the model. Refuses an
//! operation that stands in several documents and differs between them.

use std::collections::{BTreeMap, BTreeSet};

use super::schemas::Schemas;
use super::version_order;
use crate::config::Config;
use crate::error::{Error, Errors, Problem};
use crate::model::{Body, Document, Endpoint, Operation, Parameter, Place, Type};

/// The operations, newest version first, by resource, path and method.
pub(super) fn operations(
    documents: &[&Document],
    schemas: &Schemas<'_>,
    ids: &[String],
    config: &Config,
) -> Result<Vec<Endpoint>, Errors> {
    let mut endpoints = BTreeMap::<_, Endpoint>::new();
    let mut errors = Vec::new();
    for document in documents {
        for operation in &document.operations {
            let generic = config.apis.generic(&operation.path);
            let resource = generic.map_or(&document.api, |generic| &generic.resource);
            let operation = match with_types(operation, document, schemas, ids) {
                Ok(operation) => operation,
                Err(error) => {
                    errors.push(error);
                    continue;
                }
            };
            let version = version_order(&document.version, config);
            let key = (
                version,
                resource.clone(),
                operation.path.clone(),
                operation.method.clone(),
            );
            if let Some(known) = endpoints.get_mut(&key) {
                let known: &mut Endpoint = known;
                known.apis.insert(document.api.clone());
                if let Some(difference) = disagreement(&known.operation, &operation) {
                    let other = Box::new(known.operation.place.clone());
                    errors.push(Error::new(
                        operation.place,
                        Problem::OperationDisagreement { difference, other },
                    ));
                }
                continue;
            }
            let id = format!(
                "{}/{resource} {} {}",
                document.version, operation.method, operation.path
            );
            let apis = BTreeSet::from([document.api.clone()]);
            let (version, resource) = (document.version.clone(), resource.clone());
            endpoints.insert(
                key,
                Endpoint {
                    id,
                    version,
                    resource,
                    apis,
                    operation,
                },
            );
        }
    }
    Errors::check(errors)?;
    Ok(endpoints.into_values().collect())
}

fn with_types(
    operation: &Operation,
    document: &Document,
    schemas: &Schemas<'_>,
    ids: &[String],
) -> Result<Operation, Error> {
    let convert = |ty: &Type, place: &Place| {
        schemas.ty(document, ty, place, &mut |target| ids[target].clone())
    };
    let parameters = |parameters: &[Parameter]| {
        let parameter = |parameter: &Parameter| {
            let ty = convert(&parameter.ty, &parameter.notes.place)?;
            Ok(Parameter {
                ty,
                ..parameter.clone()
            })
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
        path_parameters: parameters(&operation.path_parameters)?,
        query_parameters: parameters(&operation.query_parameters)?,
        body: operation.body.as_ref().map(body).transpose()?,
        answer: operation
            .answer
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
        ("its answer", one.answer == other.answer),
        (
            "the scopes that it needs",
            one.requirement == other.requirement,
        ),
        (
            "whether it takes a token",
            one.authenticated == other.authenticated,
        ),
        ("its rate limit", one.budget == other.budget),
        ("being deprecated", one.deprecated == other.deprecated),
    ];
    aspects
        .into_iter()
        .find(|(_, same)| !same)
        .map(|(aspect, _)| aspect)
}
