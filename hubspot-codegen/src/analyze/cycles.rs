//! Types that contain themselves, which have no size unless fields are boxed.
//!
//! A field is boxed when its type holds a value of the field's owner again, through fields alone: lists and maps are on
//! the heap already.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Field, Model, Type, TypeId};

pub(super) fn boxed(model: &Model) -> BTreeSet<(TypeId, String)> {
    cycles(model, |_| true)
}

/// The fields of types that hold themselves by required fields alone, of which no value has an end.
pub(super) fn endless(model: &Model) -> BTreeSet<(TypeId, String)> {
    cycles(model, |field| field.required && !field.nullable)
}

/// The fields that lead back to their owner through fields that `counts` picks.
fn cycles(model: &Model, counts: fn(&Field) -> bool) -> BTreeSet<(TypeId, String)> {
    let holds = on_cycles(model, counts);
    let mut found = BTreeSet::new();
    for (id, definition) in &model.types {
        for field in definition.fields().iter().filter(|field| counts(field)) {
            if let Type::Named(target) = &field.ty
                && reaches(&holds, target, id)
            {
                found.insert((id.clone(), field.name.clone()));
            }
        }
    }
    found
}

type Holds<'a> = BTreeMap<&'a TypeId, BTreeSet<&'a TypeId>>;

/// Which types a type holds, without those that hold nothing that could lead back.
fn on_cycles(model: &Model, counts: fn(&Field) -> bool) -> Holds<'_> {
    let held = |field: &'_ Field| match &field.ty {
        Type::Named(target) if counts(field) => model.types.get_key_value(target).map(|(id, _)| id),
        _ => None,
    };
    let mut holds = model.types.iter().map(|(id, definition)| {
        (
            id,
            definition
                .fields()
                .iter()
                .filter_map(held)
                .collect::<BTreeSet<_>>(),
        )
    });
    let mut holds = holds.by_ref().collect::<Holds<'_>>();
    // A type on a cycle holds one on a cycle: what holds none can go, until nothing more goes.
    loop {
        let before = holds.len();
        let kept = holds.keys().copied().collect::<BTreeSet<_>>();
        holds.retain(|_, held| {
            held.retain(|target| kept.contains(target));
            !held.is_empty()
        });
        if holds.len() == before {
            return holds;
        }
    }
}

fn reaches(holds: &Holds<'_>, from: &TypeId, to: &TypeId) -> bool {
    let mut seen = BTreeSet::new();
    let mut waiting = vec![from];
    while let Some(id) = waiting.pop() {
        if id == to {
            return true;
        }
        if seen.insert(id) {
            waiting.extend(holds.get(id).into_iter().flatten());
        }
    }
    false
}
