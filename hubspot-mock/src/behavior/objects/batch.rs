//! Batches of up to 100 records.
//!
//! A batch create is all or nothing, unless every input has a trace id. In an update or upsert, inputs that are not found or
//! conflict fail by themselves. What invalid values do there is a setting, because reports about HubSpot differ.

use std::collections::BTreeSet;

use serde::Deserialize;

use crate::behavior::common::{
    LONGEST, Outcomes, Selection, View, body, check_length, flag, inputs, longest, missing,
};
use crate::behavior::objects::write::{Values, Writer};
use crate::behavior::objects::{NewRecord, lookup, write};
use crate::behavior::{Call, Response};
use crate::definitions::InvalidValues;
use crate::store::{Collection, Record, Store};
use crate::values::{Refusal, TypeId};

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

/// Creates records: all of them or none, unless every input has a trace id.
pub(super) fn create(
    call: &Call,
    store: &mut Store,
    ty: TypeId,
    writer: Writer,
) -> Result<Response, Refusal> {
    let inputs: Vec<NewRecord<'_>> = inputs(call, LONGEST)?;
    let mut traces = BTreeSet::new();
    for trace in inputs
        .iter()
        .filter_map(|input| input.object_write_trace_id)
    {
        if !traces.insert(trace) {
            let message = format!("objectWriteTraceId {trace} occurs more than once in the batch");
            return Err(traced(Refusal::validation(message), Some(trace)));
        }
    }
    let last_id = store.last_id();
    let mut outcomes = Outcomes::default();
    for input in &inputs {
        let trace = input.object_write_trace_id;
        let written = input.create(store, ty, writer);
        match written.and_then(|written| success(store, ty, &written, trace, None)) {
            Ok(success) => outcomes.results.push(success),
            Err(refusal) if traces.len() == inputs.len() => {
                outcomes.fail(traced(refusal, trace), 1);
            }
            Err(refusal) => {
                store.undo_creates(ty, last_id);
                return Err(traced(refusal, trace));
            }
        }
    }
    respond(call, 201, store, ty, &outcomes)
}

/// Updates records; an upsert creates those that are not found.
pub(super) fn update(
    call: &Call,
    store: &mut Store,
    ty: TypeId,
    writer: Writer,
    invalid_values: InvalidValues,
) -> Result<Response, Refusal> {
    let upsert = call.endpoint.action == "batch_upsert";
    let inputs: Vec<Change<'_>> = inputs(call, LONGEST)?;
    let is_identified = |input: &Change<'_>| input.id_property.is_some() && !input.id.is_empty();
    if upsert && !inputs.iter().all(is_identified) {
        return Err(Refusal::validation(
            "Every input of an upsert must name a property with unique values in idProperty, and have a value for it in id",
        ));
    }
    let targets = targets(store.records(ty)?, &inputs)?;
    let changes = inputs.iter().zip(targets).map(|(input, target)| {
        let mut values = input.properties.clone();
        if let (None, Some(name)) = (target, input.id_property) {
            // The identifying value is part of a new record, even if `properties` does not repeat it.
            values.entry(name).or_default().get_or_insert(input.id);
        }
        (input, target, values)
    });
    let changes = changes.collect::<Vec<_>>();
    if invalid_values == InvalidValues::Whole {
        for (input, target, values) in &changes {
            if target.is_some() || upsert {
                write::check_values(store, ty, *target, values, writer)
                    .map_err(|refusal| traced(refusal, input.object_write_trace_id))?;
            }
        }
    }
    let outcomes = changes.iter().map(|(input, target, values)| {
        let trace = input.object_write_trace_id;
        let written = match *target {
            Some(id) => write::update(store, ty, id, values, writer),
            None if upsert => write::create(store, ty, values, writer),
            None => Err(missing(store.records(ty)?, input.id)),
        };
        let new = upsert.then_some(target.is_none());
        let success = written.and_then(|written| success(store, ty, &written, trace, new));
        success.map_err(|refusal| traced(refusal, trace))
    });
    let outcomes = outcomes.collect();
    respond(call, 200, store, ty, &outcomes)
}

/// Ids that do not exist are listed in one error. Fails as a whole if two inputs name one record.
pub(super) fn read(call: &Call, store: &Store, ty: TypeId) -> Result<Response, Refusal> {
    let read: Read<'_> = body(call)?;
    let history = !read.properties_with_history.is_empty();
    check_length(read.inputs.len(), longest(history))?;
    check_id_property(read.id_property)?;
    let collection = store.records(ty)?;
    let archived = flag(call, "archived", false);
    let ids = read.inputs.iter().map(|input| input.id);
    let records = distinct(collection, read.id_property, ids.clone(), archived)?;
    let missing = ids.zip(&records).filter(|(_, record)| record.is_none());
    let missing = missing.map(|(id, _)| id.to_owned()).collect::<Vec<_>>();
    let properties = read.properties.iter().copied();
    let with_history = read.properties_with_history.iter().copied();
    let selection = Selection::new(&collection.ty, properties, with_history);
    let results = records.into_iter().flatten();
    let results = results.map(|record| Ok(View::new(store, ty, collection, record, &selection)));
    let mut outcomes = results.collect::<Outcomes<_>>();
    if !missing.is_empty() {
        let count = missing.len();
        let message = format!("Some {} do not exist or are archived", collection.ty.plural);
        outcomes.fail(Refusal::not_found(message).context("ids", missing), count);
    }
    outcomes.respond(call, 200)
}

/// Ids that do not exist are ignored.
pub(super) fn archive(call: &Call, store: &mut Store, ty: TypeId) -> Result<Response, Refusal> {
    let inputs: Vec<Reference<'_>> = inputs(call, LONGEST)?;
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
    check_id_property(id_property)?;
    let wanted = inputs.iter().map(|input| input.id);
    let records = distinct(collection, id_property, wanted, false)?.into_iter();
    Ok(records.map(|record| Some(record?.id)).collect())
}

/// Finds records by their ids, or by the values of a property. Fails if two of these name one record.
fn distinct<'a, 'w>(
    collection: &'a Collection,
    id_property: Option<&str>,
    wanted: impl Iterator<Item = &'w str>,
    archived: bool,
) -> Result<Vec<Option<&'a Record>>, Refusal> {
    let (mut ids, mut values) = (BTreeSet::new(), BTreeSet::new());
    let records = wanted.map(|wanted| {
        let record = lookup(collection, id_property, wanted, archived)?;
        let again = record.is_some_and(|record| !ids.insert(record.id));
        if again || !values.insert(wanted.trim().to_lowercase()) {
            let message = format!("{wanted} occurs more than once in the batch");
            return Err(Refusal::validation(message).context("ids", [wanted.to_owned()]));
        }
        Ok(record)
    });
    records.collect()
}

/// Fails for `hs_object_id`, which is the id and not a unique property.
fn check_id_property(id_property: Option<&str>) -> Result<(), Refusal> {
    let Some(name @ "hs_object_id") = id_property else {
        return Ok(());
    };
    let message = format!("Property \"{name}\" cannot be the idProperty of a batch: leave it out");
    Err(Refusal::validation(message).context("propertyName", [name.to_owned()]))
}

fn success<'a>(
    store: &Store,
    ty: TypeId,
    written: &write::Written,
    trace: Option<&'a str>,
    new: Option<bool>,
) -> Result<Success<'a>, Refusal> {
    let properties = written.properties.iter().copied();
    Ok(Success {
        id: written.id,
        selection: Selection::written(&store.records(ty)?.ty, properties),
        trace,
        new,
    })
}

/// Adds the trace id of an input to its error. Nothing else tells which input it was.
fn traced(refusal: Refusal, trace: Option<&str>) -> Refusal {
    match trace {
        Some(trace) => refusal.context("objectWriteTraceId", [trace.to_owned()]),
        None => refusal,
    }
}

fn respond(
    call: &Call,
    status: u16,
    store: &Store,
    ty: TypeId,
    outcomes: &Outcomes<Success<'_>>,
) -> Result<Response, Refusal> {
    let collection = store.records(ty)?;
    let views = outcomes.map(|success| {
        let record = collection.get(success.id, false)?;
        Some(View {
            trace: success.trace,
            new: success.new,
            ..View::new(store, ty, collection, record, &success.selection)
        })
    });
    views.respond(call, status)
}
