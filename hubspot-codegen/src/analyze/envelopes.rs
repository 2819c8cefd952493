//! Types that wrap what an operation returns: pages, batches, and the cursors within.
//!
//! Their fields, `results` and `errors` aside, only inform. A response that leaves such a field out is still read: an empty
//! `paging.next` ends a list, and a page needs no total.

use std::collections::{BTreeMap, BTreeSet};

use super::reached;
use crate::model::{Direction, Field, Model, Type, TypeId};

/// Types that are only received and have a list `results` beside `paging` or `errors`, and what their other fields
/// refer to.
pub(super) fn envelopes(
    model: &Model,
    directions: &BTreeMap<TypeId, Direction>,
) -> BTreeSet<TypeId> {
    let mut envelopes = BTreeSet::new();
    let mut inner = Vec::new();
    for (id, definition) in &model.types {
        let has = |name: &str| definition.fields().iter().any(|field| field.name == name);
        let results = definition
            .fields()
            .iter()
            .find(|field| field.name == "results");
        let is_list = results.is_some_and(|field| matches!(field.ty, Type::Array(_)));
        if is_list && (has("paging") || has("errors")) {
            envelopes.insert(id.clone());
            let informs = |field: &&Field| field.name != "results" && field.name != "errors";
            let fields = definition.fields().iter().filter(informs);
            inner.extend(fields.map(|field| &field.ty));
        }
    }
    envelopes.extend(reached(model, inner).into_iter().cloned());
    envelopes.retain(|id| {
        directions
            .get(id)
            .is_some_and(|direction| direction.response && !direction.request)
    });
    envelopes
}
