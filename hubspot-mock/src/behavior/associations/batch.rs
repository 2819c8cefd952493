//! Batches of associations.
//!
//! A batch that is too long fails as a whole; every other error concerns one input. v4 responds 201 and 204 where the date
//! versions respond 200.

use serde::{Deserialize, Serialize};

use crate::behavior::associations::pair::{Associated, Id};
use crate::behavior::associations::{object_types, pair};
use crate::behavior::common::{Outcomes, Paging, Target, Text, inputs};
use crate::behavior::{Call, Response};
use crate::definitions::Spec;
use crate::store::Store;
use crate::values::{Refusal, TypeId};

/// The maximum number of inputs of a write and of a read, from HubSpot's guide to associations.
pub(super) const LONGEST_WRITE: usize = 2000;
pub(super) const LONGEST_READ: usize = 1000;

#[derive(Deserialize)]
struct Labelled<'a> {
    #[serde(borrow)]
    from: Target<'a>,
    #[serde(borrow)]
    to: Target<'a>,
    types: Vec<Spec>,
}

#[derive(Deserialize)]
struct Plain<'a> {
    #[serde(borrow)]
    from: Target<'a>,
    #[serde(borrow)]
    to: Target<'a>,
}

#[derive(Deserialize)]
struct Many<'a> {
    #[serde(borrow)]
    from: Target<'a>,
    #[serde(borrow)]
    to: Vec<Target<'a>>,
}

#[derive(Deserialize)]
struct Around<'a> {
    id: &'a str,
    after: Option<&'a str>,
}

#[derive(Serialize)]
struct Found<'a> {
    from: Id,
    to: Vec<Associated<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    paging: Option<Paging>,
}

pub(super) fn read(call: &Call, store: &Store) -> Result<Response, Refusal> {
    let inputs: Vec<Around<'_>> = inputs(call, LONGEST_READ)?;
    let (from, to) = object_types(call, store)?;
    let outcomes = inputs.iter().map(|input| around(store, from, to, input));
    outcomes.collect::<Outcomes<_>>().respond(call, 200)
}

/// The associations of one record. A record without any is an error of its input. HubSpot does not document that.
fn around<'a>(
    store: &'a Store,
    from: TypeId,
    to: TypeId,
    input: &Around<'_>,
) -> Result<Found<'a>, Refusal> {
    let node = pair::named_node(store, from, input.id)?;
    let (associated, paging) = pair::page(store, node, to, input.after, pair::PAGE)?;
    if associated.is_empty() {
        return Err(none_found(store, (from, to), input.id));
    }
    Ok(Found {
        from: Id { id: Text(node.1) },
        to: associated,
        paging,
    })
}

/// The error of an input without associations.
pub(super) fn none_found(store: &Store, (from, to): (TypeId, TypeId), id: &str) -> Refusal {
    let (from, to) = (store.singular(from), store.singular(to));
    let mut refusal = Refusal::not_found(format!("No {to} is associated with {from} {id}"))
        .context("fromObjectId", [id.to_owned()])
        .context("fromObjectType", [from.to_owned()])
        .context("toObjectType", [to.to_owned()]);
    refusal.body.sub_category = Some("crm.associations.NO_ASSOCIATIONS_FOUND");
    refusal
}

pub(super) fn create(call: &Call, store: &mut Store) -> Result<Response, Refusal> {
    let inputs: Vec<Labelled<'_>> = inputs(call, LONGEST_WRITE)?;
    let (from, to) = object_types(call, store)?;
    let outcomes = inputs.iter().map(|input| {
        let types = pair::types(store, from, to, &input.types)?;
        let (from, to) = pair::nodes(store, (from, input.from.id), (to, input.to.id))?;
        store.associations.link(from, to, &types);
        pair::labels(store, from, to, &types)
    });
    let outcomes = outcomes.collect::<Outcomes<_>>();
    outcomes.respond(call, if is_numbered(call) { 201 } else { 200 })
}

pub(super) fn associate_default(call: &Call, store: &mut Store) -> Result<Response, Refusal> {
    let inputs: Vec<Plain<'_>> = inputs(call, LONGEST_WRITE)?;
    let (from, to) = object_types(call, store)?;
    let mut outcomes = Outcomes::default();
    for input in &inputs {
        let nodes = pair::nodes(store, (from, input.from.id), (to, input.to.id));
        match nodes.and_then(|(from, to)| pair::make_default(store, from, to)) {
            Ok(both) => outcomes.results.extend(both),
            Err(refusal) => outcomes.fail(refusal, 1),
        }
    }
    outcomes.respond(call, 200)
}

/// Removes associations. Pairs that are not associated are ignored.
pub(super) fn archive(call: &Call, store: &mut Store) -> Result<Response, Refusal> {
    let inputs: Vec<Many<'_>> = inputs(call, LONGEST_WRITE)?;
    let (from, to) = object_types(call, store)?;
    for input in &inputs {
        for target in &input.to {
            if let Ok((from, to)) = pair::nodes(store, (from, input.from.id), (to, target.id)) {
                store.associations.unlink(from, to, None);
            }
        }
    }
    respond_archived(call)
}

/// Removes labels. Fails before any change if a type does not belong to the object types.
pub(super) fn archive_labels(call: &Call, store: &mut Store) -> Result<Response, Refusal> {
    let inputs: Vec<Labelled<'_>> = inputs(call, LONGEST_WRITE)?;
    let (from, to) = object_types(call, store)?;
    let types = inputs.iter();
    let types = types.map(|input| pair::types(store, from, to, &input.types));
    let types = types.collect::<Result<Vec<_>, _>>()?;
    for (input, types) in inputs.iter().zip(types) {
        if let Ok((from, to)) = pair::nodes(store, (from, input.from.id), (to, input.to.id)) {
            store.associations.unlink(from, to, Some(&types));
        }
    }
    respond_archived(call)
}

fn respond_archived(call: &Call) -> Result<Response, Refusal> {
    if is_numbered(call) {
        return Ok(Response::empty());
    }
    Outcomes::<()>::default().respond(call, 200)
}

/// Whether the version of the operation is a number (v4) and not a date.
fn is_numbered(call: &Call) -> bool {
    call.endpoint.version.starts_with('v')
}
