//! Batches of associations.
//!
//! A batch that is too long fails as a whole; every other error concerns one input. v4 responds 201 and 204 where the date
//! versions respond 200.

use serde::{Deserialize, Serialize};

use crate::behavior::associations::pair::{Associated, Id};
use crate::behavior::associations::{object_types, pair};
use crate::behavior::common::{InputError, Paging, Target, Text, batch_response, body, live};
use crate::behavior::{Call, Response};
use crate::definitions::Spec;
use crate::store::Store;
use crate::values::{Refusal, TypeId};

/// The maximum number of inputs of a write and of a read, from HubSpot's guide to associations.
const LONGEST_WRITE: usize = 2000;
const LONGEST_READ: usize = 1000;

#[derive(Deserialize)]
struct Inputs<T> {
    inputs: Vec<T>,
}

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
    let Inputs { inputs } = body::<Inputs<Around<'_>>>(call)?;
    batch_response::check_length(inputs.len(), LONGEST_READ)?;
    let (from, to) = object_types(call, store)?;
    let (mut results, mut errors) = (Vec::new(), Vec::new());
    for input in &inputs {
        match around(store, from, to, input) {
            Ok(found) => results.push(found),
            Err(refusal) => errors.push(InputError::new(refusal, None)),
        }
    }
    batch_response::respond(call, 200, results, errors)
}

/// The associations of one record. A record without any is an error of its input. HubSpot does not document that.
fn around<'a>(
    store: &'a Store,
    from: TypeId,
    to: TypeId,
    input: &Around<'_>,
) -> Result<Found<'a>, Refusal> {
    let id = live(store.records(from)?, input.id)?;
    let (associated, paging) = pair::page(store, (from, id), to, input.after, pair::PAGE)?;
    if associated.is_empty() {
        let name = |ty| {
            store
                .definition(ty)
                .map_or("", |ty| ty.singular.as_str())
                .to_owned()
        };
        let mut refusal = Refusal::not_found(format!(
            "No {} is associated with {} {}",
            name(to),
            name(from),
            input.id
        ))
        .context("fromObjectId", [input.id.to_owned()])
        .context("fromObjectType", [name(from)])
        .context("toObjectType", [name(to)]);
        refusal.body.sub_category = Some("crm.associations.NO_ASSOCIATIONS_FOUND");
        return Err(refusal);
    }
    Ok(Found {
        from: Id { id: Text(id) },
        to: associated,
        paging,
    })
}

pub(super) fn create(call: &Call, store: &mut Store) -> Result<Response, Refusal> {
    let Inputs { inputs } = body::<Inputs<Labelled<'_>>>(call)?;
    batch_response::check_length(inputs.len(), LONGEST_WRITE)?;
    let (from, to) = object_types(call, store)?;
    let (mut results, mut errors) = (Vec::new(), Vec::new());
    for input in &inputs {
        match create_one(store, from, to, input) {
            Ok(labels) => results.push(labels),
            Err(refusal) => errors.push(InputError::new(refusal, None)),
        }
    }
    batch_response::respond(
        call,
        if is_numbered(call) { 201 } else { 200 },
        results,
        errors,
    )
}

fn create_one(
    store: &mut Store,
    from: TypeId,
    to: TypeId,
    input: &Labelled<'_>,
) -> Result<pair::Labels, Refusal> {
    let types = pair::types(store, from, to, &input.types)?;
    let (from, to) = pair::nodes(store, (from, input.from.id), (to, input.to.id))?;
    store.associations.link(from, to, &types);
    pair::labels(store, from, to, &types)
}

pub(super) fn associate_default(call: &Call, store: &mut Store) -> Result<Response, Refusal> {
    let Inputs { inputs } = body::<Inputs<Plain<'_>>>(call)?;
    batch_response::check_length(inputs.len(), LONGEST_WRITE)?;
    let (from, to) = object_types(call, store)?;
    let (mut results, mut errors) = (Vec::new(), Vec::new());
    for input in &inputs {
        let nodes = pair::nodes(store, (from, input.from.id), (to, input.to.id));
        match nodes.and_then(|(from, to)| pair::make_default(store, from, to)) {
            Ok(made) => results.extend(made),
            Err(refusal) => errors.push(InputError::new(refusal, None)),
        }
    }
    batch_response::respond(call, 200, results, errors)
}

/// Removes associations. Pairs that are not associated are ignored.
pub(super) fn archive(call: &Call, store: &mut Store) -> Result<Response, Refusal> {
    let Inputs { inputs } = body::<Inputs<Many<'_>>>(call)?;
    batch_response::check_length(inputs.len(), LONGEST_WRITE)?;
    let (from, to) = object_types(call, store)?;
    for input in &inputs {
        for target in &input.to {
            if let Ok((from, to)) = pair::nodes(store, (from, input.from.id), (to, target.id)) {
                store.associations.unlink(from, to, None);
            }
        }
    }
    ended(call)
}

/// Removes labels. Fails before any change if a type does not belong to the object types.
pub(super) fn archive_labels(call: &Call, store: &mut Store) -> Result<Response, Refusal> {
    let Inputs { inputs } = body::<Inputs<Labelled<'_>>>(call)?;
    batch_response::check_length(inputs.len(), LONGEST_WRITE)?;
    let (from, to) = object_types(call, store)?;
    let types = inputs
        .iter()
        .map(|input| pair::types(store, from, to, &input.types));
    let types = types.collect::<Result<Vec<_>, _>>()?;
    for (input, types) in inputs.iter().zip(types) {
        if let Ok((from, to)) = pair::nodes(store, (from, input.from.id), (to, input.to.id)) {
            store.associations.unlink(from, to, Some(&types));
        }
    }
    ended(call)
}

fn ended(call: &Call) -> Result<Response, Refusal> {
    if is_numbered(call) {
        return Ok(Response::empty());
    }
    batch_response::respond::<()>(call, 200, Vec::new(), Vec::new())
}

/// Whether the version of the operation is a number (v4) and not a date.
fn is_numbered(call: &Call) -> bool {
    call.endpoint.version.starts_with('v')
}
