//! What the code needs to know beyond shapes and names.
//!
//! In: the model. Out: an [`Analysis`]. Refuses nothing: every question has an answer for every model.

mod cycles;
mod direction;
mod envelopes;
mod gates;
mod idempotency;
mod paging;

use crate::model::{Analysis, Model, Type, TypeDefinition, TypeId};

/// Analyses the model.
pub fn analyze(model: &Model) -> Analysis {
    let directions = direction::directions(model);
    Analysis {
        boxed: cycles::boxed(model),
        envelopes: envelopes::envelopes(model, &directions),
        directions,
        gates: gates::gates(model),
        paging: paging::paging(model),
        idempotent: idempotency::operations(model, idempotency::is_idempotent),
        read_only: idempotency::operations(model, idempotency::is_read_only),
    }
}

/// The named type at the heart of a type, through lists and maps.
fn named(ty: &Type) -> Option<&TypeId> {
    match ty {
        Type::Named(id) => Some(id),
        Type::Array(inner) | Type::Map { value: inner, .. } => named(inner),
        _ => None,
    }
}

/// The types that a type's fields mention.
fn mentions(definition: &TypeDefinition) -> impl Iterator<Item = &TypeId> {
    definition
        .fields()
        .iter()
        .filter_map(|field| named(&field.ty))
}

/// Every type that is reached from these, these included.
fn reached<'a>(model: &'a Model, from: impl IntoIterator<Item = &'a TypeId>) -> Vec<&'a TypeId> {
    let mut seen = std::collections::BTreeSet::new();
    let mut waiting = from.into_iter().collect::<Vec<_>>();
    while let Some(id) = waiting.pop() {
        if let Some(definition) = model.types.get(id).filter(|_| seen.insert(id)) {
            waiting.extend(mentions(definition));
        }
    }
    seen.into_iter().collect()
}
