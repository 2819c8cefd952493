//! What the code needs to know beyond shapes and names.

mod cycles;
mod direction;
mod envelopes;
mod gates;
mod idempotency;
mod paging;

use std::collections::BTreeSet;

pub use self::idempotency::only_reads;

use crate::model::{Analysis, Model, Type, TypeId};

/// Analyses the model.
pub fn analyze(model: &Model) -> Analysis {
    let directions = direction::directions(model);
    Analysis {
        boxed: cycles::boxed(model),
        endless: cycles::endless(model),
        envelopes: envelopes::envelopes(model, &directions),
        directions,
        gates: gates::gates(model),
        paging: paging::paging(model),
        idempotent: idempotency::operations(model, idempotency::is_idempotent),
        read_only: idempotency::operations(model, idempotency::is_read_only),
    }
}

/// Every named type that is reached from these types.
pub(crate) fn reached<'a>(
    model: &'a Model,
    from: impl IntoIterator<Item = &'a Type>,
) -> BTreeSet<&'a TypeId> {
    let mut seen = BTreeSet::new();
    let mut waiting = from.into_iter().collect::<Vec<_>>();
    while let Some(ty) = waiting.pop() {
        if let Some(id) = ty.named()
            && let Some(definition) = model.types.get(id).filter(|_| seen.insert(id))
        {
            waiting.extend(definition.shape.types());
        }
    }
    seen
}
