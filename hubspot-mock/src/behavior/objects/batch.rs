//! Batches of up to 100 records.
//!
//! Batches that are too long or name a record twice fail as a whole; every other error concerns one input.

use std::collections::BTreeSet;

use serde::Deserialize;

use crate::behavior::common::{
    InputError, LONGEST, Selection, View, batch_response, body, flag, missing,
};
use crate::behavior::objects::write::{Values, Writer};
use crate::behavior::objects::{NewRecord, lookup, write};
use crate::behavior::{Call, Response};
use crate::store::{Collection, Store};
use crate::values::{Refusal, TypeId};

/// The maximum number of inputs of a read with history.
const LONGEST_WITH_HISTORY: usize = 50;

#[derive(Deserialize)]
struct Inputs<T> {
    inputs: Vec<T>,
}

#[derive(Deserialize)]
struct Reference<'a> {
    id: &'a str,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Read<'a> {
    #[serde(borrow)]
    inputs: Vec<Reference<'a>>,
    #[serde(borrow, default)]
    properties: Vec<&'a str>,
    #[serde(borrow, default)]
    properties_with_history: Vec<&'a str>,
    id_property: Option<&'a str>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Change<'a> {
    id: &'a str,
    id_property: Option<&'a str>,
    #[serde(borrow)]
    properties: Values<'a>,
    object_write_trace_id: Option<&'a str>,
}

/// An input that succeeded.
struct Success<'a> {
    id: u64,
    selection: Selection,
    trace: Option<&'a str>,
    new: Option<bool>,
}

impl<'a> Success<'a> {
    fn new(
        store: &Store,
        ty: TypeId,
        written: write::Written,
        trace: Option<&'a str>,
        new: Option<bool>,
    ) -> Result<Self, Refusal> {
        Ok(Self {
            id: written.id,
            selection: Selection::written(&store.records(ty)?.ty, written.properties),
            trace,
            new,
        })
    }
}

pub(super) fn create(call: &Call, store: &mut Store, ty: TypeId) -> Result<Response, Refusal> {
    let Inputs { inputs } = body::<Inputs<NewRecord<'_>>>(call)?;
    batch_response::check_length(inputs.len(), LONGEST)?;
    let writer = Writer::call(call.now, call.endpoint.version);
    let (mut done, mut errors) = (Vec::new(), Vec::new());
    for input in &inputs {
        let trace = input.object_write_trace_id;
        let written = input.create(store, ty, writer);
        match written.and_then(|written| Success::new(store, ty, written, trace, None)) {
            Ok(success) => done.push(success),
            Err(refusal) => errors.push(InputError::new(refusal, trace)),
        }
    }
    respond(call, 201, store, ty, &done, errors)
}

pub(super) fn update(call: &Call, store: &mut Store, ty: TypeId) -> Result<Response, Refusal> {
    let Inputs { inputs } = body::<Inputs<Change<'_>>>(call)?;
    batch_response::check_length(inputs.len(), LONGEST)?;
    let targets = targets(store.records(ty)?, &inputs)?;
    let writer = Writer::call(call.now, call.endpoint.version);
    let (mut done, mut errors) = (Vec::new(), Vec::new());
    for (input, target) in inputs.iter().zip(targets) {
        let trace = input.object_write_trace_id;
        let written = match target {
            Some(id) => write::update(store, ty, id, &input.properties, writer),
            None => Err(missing(store.records(ty)?, input.id)),
        };
        match written.and_then(|written| Success::new(store, ty, written, trace, None)) {
            Ok(success) => done.push(success),
            Err(refusal) => errors.push(InputError::new(refusal, trace)),
        }
    }
    respond(call, 200, store, ty, &done, errors)
}

pub(super) fn upsert(call: &Call, store: &mut Store, ty: TypeId) -> Result<Response, Refusal> {
    let Inputs { inputs } = body::<Inputs<Change<'_>>>(call)?;
    batch_response::check_length(inputs.len(), LONGEST)?;
    if inputs.iter().any(|input| input.id_property.is_none()) {
        return Err(Refusal::validation(
            "Every input of an upsert must name a property with unique values in idProperty",
        ));
    }
    let targets = targets(store.records(ty)?, &inputs)?;
    let writer = Writer::call(call.now, call.endpoint.version);
    let (mut done, mut errors) = (Vec::new(), Vec::new());
    for (input, target) in inputs.iter().zip(targets) {
        let trace = input.object_write_trace_id;
        let written = match (target, input.id_property) {
            (Some(id), _) => write::update(store, ty, id, &input.properties, writer),
            (None, Some("hs_object_id")) => Err(missing(store.records(ty)?, input.id)),
            (None, name) => {
                let mut values = input.properties.clone();
                // The identifying value is part of the new record, even if `properties` does not repeat it.
                let value = values.entry(name.unwrap_or_default()).or_default();
                value.get_or_insert(input.id);
                write::create(store, ty, &values, writer)
            }
        };
        let new = Some(target.is_none());
        match written.and_then(|written| Success::new(store, ty, written, trace, new)) {
            Ok(success) => done.push(success),
            Err(refusal) => errors.push(InputError::new(refusal, trace)),
        }
    }
    respond(call, 200, store, ty, &done, errors)
}

/// Ids that do not exist are listed in one error.
pub(super) fn read(call: &Call, store: &Store, ty: TypeId) -> Result<Response, Refusal> {
    let read: Read<'_> = body(call)?;
    let history = !read.properties_with_history.is_empty();
    let longest = if history {
        LONGEST_WITH_HISTORY
    } else {
        LONGEST
    };
    batch_response::check_length(read.inputs.len(), longest)?;
    let collection = store.records(ty)?;
    let archived = flag(call, "archived", false);
    let (mut seen, mut missing) = (BTreeSet::new(), Vec::new());
    let mut found = Vec::new();
    for input in &read.inputs {
        match lookup(collection, read.id_property, input.id, archived)? {
            Some(record) if seen.insert(record.id) => found.push(record),
            Some(_) => {}
            None => missing.push(input.id.to_owned()),
        }
    }
    let properties = read.properties.iter().copied();
    let with_history = read.properties_with_history.iter().copied();
    let selection = Selection::new(&collection.ty, properties, with_history);
    let results = found
        .into_iter()
        .map(|record| View::new(store, ty, collection, record, &selection));
    let mut errors = Vec::new();
    if !missing.is_empty() {
        let count = missing.len();
        let message = format!("Some {} do not exist or are archived", collection.ty.plural);
        let refusal = Refusal::not_found(message).context("ids", missing);
        errors.push(InputError::of_many(refusal, count));
    }
    batch_response::respond(call, 200, results.collect(), errors)
}

/// Ids that do not exist are ignored.
pub(super) fn archive(call: &Call, store: &mut Store, ty: TypeId) -> Result<Response, Refusal> {
    let Inputs { inputs } = body::<Inputs<Reference<'_>>>(call)?;
    batch_response::check_length(inputs.len(), LONGEST)?;
    let collection = store.records_mut(ty)?;
    for input in &inputs {
        let id = lookup(collection, None, input.id, false)?.map(|record| record.id);
        if let Some(id) = id {
            collection.archive(id, call.now.as_millisecond());
        }
    }
    Ok(Response::empty())
}

/// Finds the records of the inputs. Fails if the inputs use different properties or name a record twice.
fn targets(collection: &Collection, inputs: &[Change<'_>]) -> Result<Vec<Option<u64>>, Refusal> {
    let id_property = inputs.first().and_then(|input| input.id_property);
    if inputs.iter().any(|input| input.id_property != id_property) {
        return Err(Refusal::validation(
            "All inputs of a batch must use the same idProperty",
        ));
    }
    let (mut ids, mut values) = (BTreeSet::new(), BTreeSet::new());
    let mut targets = Vec::with_capacity(inputs.len());
    for input in inputs {
        let record = lookup(collection, id_property, input.id, false)?;
        let again = record.is_some_and(|record| !ids.insert(record.id));
        if again || !values.insert(input.id.trim().to_lowercase()) {
            return Err(Refusal::validation(format!(
                "{} occurs more than once in the batch",
                input.id
            ))
            .context("ids", [input.id.to_owned()]));
        }
        targets.push(record.map(|record| record.id));
    }
    Ok(targets)
}

fn respond(
    call: &Call,
    status: u16,
    store: &Store,
    ty: TypeId,
    done: &[Success<'_>],
    errors: Vec<InputError>,
) -> Result<Response, Refusal> {
    let collection = store.records(ty)?;
    let results = done.iter().filter_map(|success| {
        Some(View {
            store,
            ty,
            collection,
            record: collection.get(success.id, false)?,
            selection: &success.selection,
            trace: success.trace,
            new: success.new,
        })
    });
    batch_response::respond(call, status, results.collect(), errors)
}
