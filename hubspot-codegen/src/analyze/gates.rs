//! Which parts of the client need a type.
//!
//! In: the model. Out: for each type the resources, by version, whose operations reach it. Refuses nothing.

use std::collections::{BTreeMap, BTreeSet};

use super::{named, reached};
use crate::model::{Endpoint, Model, TypeId};

pub(super) fn gates(model: &Model) -> BTreeMap<TypeId, BTreeSet<(String, String)>> {
    let mut gates = BTreeMap::<TypeId, BTreeSet<_>>::new();
    for resource in &model.resources {
        let own = |endpoint: &&Endpoint| {
            endpoint.version == resource.version && endpoint.resource == resource.name
        };
        for id in reached(model, model.operations.iter().filter(own).flat_map(types)) {
            let gate = (resource.version.clone(), resource.name.clone());
            gates.entry(id.clone()).or_default().insert(gate);
        }
    }
    gates
}

fn types(endpoint: &Endpoint) -> impl Iterator<Item = &TypeId> {
    let operation = &endpoint.operation;
    let parameters = operation
        .path_parameters
        .iter()
        .chain(&operation.query_parameters);
    let body = operation.body.iter().map(|body| &body.ty);
    body.chain(parameters.map(|parameter| &parameter.ty))
        .chain(&operation.answer)
        .filter_map(named)
}
