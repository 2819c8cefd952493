//! Which parts of the client need a type: the resources, by version, whose operations reach it.

use std::collections::{BTreeMap, BTreeSet};

use super::reached;
use crate::model::{Model, TypeId};

pub(super) fn gates(model: &Model) -> BTreeMap<TypeId, BTreeSet<(String, String)>> {
    let mut gates = BTreeMap::<TypeId, BTreeSet<_>>::new();
    for resource in &model.resources {
        let types = model.operations_of(resource);
        let types = types.flat_map(|endpoint| endpoint.operation.types());
        for id in reached(model, types) {
            let gate = (resource.version.clone(), resource.name.clone());
            gates.entry(id.clone()).or_default().insert(gate);
        }
    }
    gates
}
