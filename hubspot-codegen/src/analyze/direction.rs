//! Which way the values of a type travel.
//!
//! In: the model. Out: for each type whether it is sent, received, or both, which decides what it can do. Refuses
//! nothing.

use std::collections::BTreeMap;

use super::{named, reached};
use crate::model::{Direction, Model, Operation, TypeId};

pub(super) fn directions(model: &Model) -> BTreeMap<TypeId, Direction> {
    let operations = || model.operations.iter().map(|endpoint| &endpoint.operation);
    let sent = reached(model, operations().flat_map(sent));
    let received = reached(
        model,
        operations().filter_map(|operation| named(operation.answer.as_ref()?)),
    );
    let mut directions = BTreeMap::<TypeId, Direction>::new();
    for id in sent {
        directions.entry(id.clone()).or_default().request = true;
    }
    for id in received {
        directions.entry(id.clone()).or_default().response = true;
    }
    directions
}

/// The types of the body and of the parameters.
fn sent(operation: &Operation) -> impl Iterator<Item = &TypeId> {
    let parameters = operation
        .path_parameters
        .iter()
        .chain(&operation.query_parameters);
    let body = operation.body.iter().map(|body| &body.ty);
    body.chain(parameters.map(|parameter| &parameter.ty))
        .filter_map(named)
}
