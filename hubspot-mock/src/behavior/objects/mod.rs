//! The objects APIs: records of contacts, companies, line items and every other object type.

mod batch;
mod gdpr;
mod merge;
mod read;
mod rules;
pub(crate) mod search;
pub(crate) mod seed;
pub(crate) mod write;

use serde::Deserialize;

use crate::behavior::common::{
    AssociationInput, CheckedAssociation, Selection, View, body, missing, unknown,
};
use crate::behavior::objects::write::{Values, Writer, Written};
use crate::behavior::{Call, Context, Response};
use crate::definitions::{Identity, Role};
use crate::generated_object_types::OBJECT_TYPES;
use crate::store::{Collection, Record, Store};
use crate::values::{Refusal, TypeId};

/// Returns whether a resource has records of an object type.
pub(crate) fn has(resource: &str) -> bool {
    let mut types = OBJECT_TYPES.iter();
    resource == "objects" || types.any(|facts| facts.resource == resource)
}

/// Performs a request to this API.
pub(crate) fn handle(call: &Call, context: &Context<'_>) -> Result<Response, Refusal> {
    let store = &mut *context.store()?;
    let name = match call.path("objectType") {
        "" => {
            let resource = call.endpoint.resource;
            let mut types = OBJECT_TYPES.iter();
            let own = types.find(|facts| facts.resource == resource);
            own.map_or(resource, |facts| facts.path)
        }
        name => name,
    };
    let ty = store.object_type(name)?;
    let writer = Writer::call(call, context);
    match call.endpoint.action {
        "list" => read::list(call, store, ty),
        "get" => read::get(call, store, ty),
        "create" => create(call, store, ty, writer),
        "update" => update(call, store, ty, writer),
        "archive" => archive(call, store, ty),
        "search" => search::handle(call, store, ty, context.state.search_lag),
        "merge" => merge::handle(call, store, ty),
        "gdpr_delete" => gdpr::handle(call, store, ty),
        "batch_create" => batch::create(call, store, ty, writer),
        "batch_read" => batch::read(call, store, ty),
        "batch_update" | "batch_upsert" => {
            batch::update(call, store, ty, writer, context.state.invalid_values)
        }
        "batch_archive" => batch::archive(call, store, ty),
        _ => Err(unknown(call)),
    }
}

/// A new record, alone or in a batch.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct NewRecord<'a> {
    #[serde(borrow)]
    properties: Values<'a>,
    #[serde(borrow, default)]
    associations: Vec<AssociationInput<'a>>,
    object_write_trace_id: Option<&'a str>,
}

impl NewRecord<'_> {
    /// Creates the record with its associations. Changes nothing if one of them is not valid.
    fn create(&self, store: &mut Store, ty: TypeId, writer: Writer) -> Result<Written, Refusal> {
        let checked = self.associations.iter().map(|input| input.check(store, ty));
        let checked = checked.collect::<Result<Vec<CheckedAssociation>, _>>()?;
        let product = write::product_values(store, ty, &self.properties).unwrap_or_default();
        let product = product.iter();
        let mut values: Values<'_> = product
            .map(|(name, text)| (*name, Some(text.as_str())))
            .collect();
        values.extend(self.properties.iter().filter(|(_, text)| text.is_some()));
        let written = write::create(store, ty, &values, writer)?;
        for association in checked {
            association.link(store, (ty, written.id));
        }
        Ok(written)
    }
}

#[derive(Deserialize)]
struct Changes<'a> {
    #[serde(borrow)]
    properties: Values<'a>,
}

fn create(call: &Call, store: &mut Store, ty: TypeId, writer: Writer) -> Result<Response, Refusal> {
    let input: NewRecord<'_> = body(call)?;
    let written = input.create(store, ty, writer)?;
    respond_written(201, store, ty, &written)
}

fn update(call: &Call, store: &mut Store, ty: TypeId, writer: Writer) -> Result<Response, Refusal> {
    let changes: Changes<'_> = body(call)?;
    let collection = store.records(ty)?;
    let wanted = record_id(call);
    let record = lookup(collection, call.query("idProperty"), wanted, false)?;
    let id = record.ok_or_else(|| missing(collection, wanted))?.id;
    let written = write::update(store, ty, id, &changes.properties, writer)?;
    respond_written(200, store, ty, &written)
}

/// Archives a record. Does nothing if it is archived already.
fn archive(call: &Call, store: &mut Store, ty: TypeId) -> Result<Response, Refusal> {
    let collection = store.records(ty)?;
    let wanted = record_id(call);
    if let Some(id) = lookup(collection, None, wanted, false)?.map(|record| record.id) {
        store
            .records_mut(ty)?
            .archive(id, call.now.as_millisecond());
    } else if lookup(collection, None, wanted, true)?.is_none() {
        return Err(missing(collection, wanted));
    }
    Ok(Response::empty())
}

/// The response to a write.
fn respond_written(
    status: u16,
    store: &Store,
    ty: TypeId,
    written: &Written,
) -> Result<Response, Refusal> {
    let collection = store.records(ty)?;
    let record = collection.get(written.id, false);
    let record = record.ok_or_else(|| missing(collection, &written.id.to_string()))?;
    let selection = Selection::written(&collection.ty, written.properties.iter().copied());
    Response::json(
        status,
        &View::new(store, ty, collection, record, &selection),
    )
}

/// The path parameter with the id of a record: `contactId`, `objectId`, ….
fn record_id(call: &Call) -> &str {
    let found = call.path.iter().find(|(name, _)| *name != "objectType");
    found.map_or("", |(_, value)| value)
}

/// Finds a record by its id or, if `id_property` is set, by the value of that property.
fn lookup<'a>(
    collection: &'a Collection,
    id_property: Option<&str>,
    wanted: &str,
    archived: bool,
) -> Result<Option<&'a Record>, Refusal> {
    let Some(name) = id_property else {
        let id = wanted.parse::<u64>().ok();
        return Ok(id.and_then(|id| collection.get(id, archived)));
    };
    let Some((id, property)) = collection.ty.named(name) else {
        return Err(Refusal::unknown_property(name));
    };
    if property.identity == Identity::None && property.role != Role::Id {
        return Err(Refusal::validation(format!(
            "Property \"{name}\" has no unique values, which idProperty requires"
        ))
        .context("propertyName", [name.to_owned()]));
    }
    Ok(collection.find(id, wanted.trim(), archived))
}
