//! Which way the values of a type travel: to HubSpot, from it, or both. It decides what the type can do.

use std::collections::BTreeMap;

use super::reached;
use crate::model::{Direction, Model, Operation, TypeId};

pub(super) fn directions(model: &Model) -> BTreeMap<TypeId, Direction> {
    let operations = || model.operations.iter().map(|endpoint| &endpoint.operation);
    let sent = reached(model, operations().flat_map(Operation::sent));
    let received = reached(
        model,
        operations().flat_map(|operation| &operation.response),
    );
    let ids = sent.union(&received);
    let direction = |id: &&TypeId| Direction {
        request: sent.contains(id),
        response: received.contains(id),
    };
    ids.map(|id| ((*id).clone(), direction(id))).collect()
}
