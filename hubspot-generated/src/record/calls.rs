//! The operations that the methods of handles call. None of them knows the scope set.

use std::sync::Arc;

use super::Record;
use super::association::{Associate, Associated};
use super::body::read_record;
use super::filter::{Property, RecordSearch};
use super::id::RecordId;
use super::page::{RecordBatch, RecordPage, Written, WrittenBatch};
use super::patch::Patch;
use super::update::IntoValue;
use crate::models::{
    BatchArchive, BatchCreate, BatchCreateInput, BatchRead, BatchUpdate, BatchUpdateInput,
    BatchUpsert, BatchUpsertInput, CreateObject, Merge, ObjectId, UpdateObject,
};
use crate::operation::Operation;
use crate::parts::Core;
use crate::request::Request;

/// The optional parameters of getting a record.
#[derive(Debug)]
#[non_exhaustive]
pub struct GetRecord;

impl<T> Request<T, GetRecord> {
    /// Reads the record if it is archived, instead of one that is not.
    pub fn archived(self, archived: bool) -> Self {
        self.parameter("archived", archived)
    }
}

/// The optional parameters of listing records.
#[derive(Debug)]
#[non_exhaustive]
pub struct ListRecords;

impl<T> Request<T, ListRecords> {
    /// Starts at the page of this cursor.
    pub fn after(self, cursor: impl Into<String>) -> Self {
        self.parameter("after", cursor.into())
    }

    /// Lists archived records instead.
    pub fn archived(self, archived: bool) -> Self {
        self.parameter("archived", archived)
    }

    /// Sets the maximum number of records per page: 10 by default, 100 at most.
    pub fn limit(self, limit: i32) -> Self {
        self.parameter("limit", limit)
    }
}

type Of = &'static Operation;

pub fn get<T: Record>(
    core: &Arc<Core>,
    operation: Of,
    id: impl Into<RecordId>,
) -> Request<T, GetRecord> {
    let request = Request::<(), _>::new(core, operation, &[&id.into().to_string()]);
    let request = request.parameter_list("properties", T::PROPERTIES);
    request.reading(read_record)
}

pub fn get_by<T: Record, V>(
    core: &Arc<Core>,
    operation: Of,
    property: Property<T, V>,
    value: impl IntoValue<V>,
) -> Request<T, GetRecord> {
    let (value, unwritable) = written(property, value);
    let request = Request::<(), _>::new(core, operation, &[&value]);
    let request = refused(request, unwritable).parameter("idProperty", property.name());
    request
        .parameter_list("properties", T::PROPERTIES)
        .reading(read_record)
}

pub fn list<T: Record>(core: &Arc<Core>, operation: Of) -> Request<RecordPage<T>, ListRecords> {
    let request = Request::<(), _>::new(core, operation, &[]);
    request
        .parameter_list("properties", T::PROPERTIES)
        .response_type()
}

pub fn search<T: Record>(
    core: &Arc<Core>,
    operation: Of,
    search: impl Into<RecordSearch<T>>,
) -> Request<RecordPage<T>> {
    let (body, unwritable) = search.into().into_body();
    let request = refused(Request::<()>::new(core, operation, &[]), unwritable);
    request.json_of(body).response_type()
}

pub fn create<T: Record>(
    core: &Arc<Core>,
    operation: Of,
    record: impl Into<T::Patch>,
) -> Request<Written> {
    create_patch(core, operation, record.into().into())
}

fn create_patch(core: &Arc<Core>, operation: Of, patch: Patch) -> Request<Written> {
    let request = checked(Request::new(core, operation, &[]), [&patch]);
    let mut body = CreateObject::new(patch.properties);
    body.associations = Some(patch.associations).filter(|list| !list.is_empty());
    request.json_of(body).response_type()
}

pub fn update<T: Record>(
    core: &Arc<Core>,
    operation: Of,
    id: impl Into<RecordId>,
    patch: impl Into<T::Patch>,
) -> Request<Written> {
    let id = id.into().to_string();
    update_patch(core, operation, &id, patch.into().into())
}

pub fn update_by<T: Record, V>(
    core: &Arc<Core>,
    operation: Of,
    property: Property<T, V>,
    value: impl IntoValue<V>,
    patch: impl Into<T::Patch>,
) -> Request<Written> {
    let (value, unwritable) = written(property, value);
    let request = update_patch(core, operation, &value, patch.into().into());
    refused(request, unwritable).parameter("idProperty", property.name())
}

fn update_patch(core: &Arc<Core>, operation: Of, id: &str, patch: Patch) -> Request<Written> {
    let request = checked(Request::new(core, operation, &[id]), [&patch]);
    request
        .json_of(UpdateObject::new(patch.properties))
        .response_type()
}

pub fn archive(core: &Arc<Core>, operation: Of, id: impl Into<RecordId>) -> Request<()> {
    Request::new(core, operation, &[&id.into().to_string()])
}

pub fn merge(
    core: &Arc<Core>,
    operation: Of,
    primary: impl Into<RecordId>,
    other: impl Into<RecordId>,
) -> Request<Written> {
    let (primary, other) = (primary.into(), other.into());
    let body = Merge::new(other.to_string(), primary.to_string());
    Request::<()>::new(core, operation, &[])
        .json_of(body)
        .response_type()
}

pub fn batch_create<T: Record>(
    core: &Arc<Core>,
    operation: Of,
    records: impl IntoIterator<Item: Into<T::Patch>>,
) -> Request<WrittenBatch> {
    create_patches(core, operation, patches::<T, _>(records))
}

fn create_patches(core: &Arc<Core>, operation: Of, patches: Vec<Patch>) -> Request<WrittenBatch> {
    let request = checked(Request::new(core, operation, &[]), &patches);
    let inputs = patches.into_iter().map(|patch| {
        let mut input = BatchCreateInput::new(patch.properties);
        input.associations = Some(patch.associations).filter(|list| !list.is_empty());
        input
    });
    request.json_of(BatchCreate::new(inputs)).response_type()
}

pub fn batch_read<T: Record>(
    core: &Arc<Core>,
    operation: Of,
    ids: impl IntoIterator<Item: Into<RecordId>>,
) -> Request<RecordBatch<T>> {
    let body = BatchRead::new(inputs(ids), T::PROPERTIES.iter().copied());
    Request::<()>::new(core, operation, &[])
        .json_of(body)
        .response_type()
}

pub fn batch_read_by<T: Record, V>(
    core: &Arc<Core>,
    operation: Of,
    property: Property<T, V>,
    values: impl IntoIterator<Item: IntoValue<V>>,
) -> Request<RecordBatch<T>> {
    let inputs = values.into_iter().map(IntoValue::into_value);
    let inputs: Option<Vec<_>> = inputs.map(|value| value.map(ObjectId::new)).collect();
    let unwritable = inputs.is_none().then_some(property.name());
    let properties = T::PROPERTIES.iter().copied();
    let body = BatchRead::new(inputs.unwrap_or_default(), properties).id_property(property.name());
    refused(Request::<()>::new(core, operation, &[]), unwritable)
        .json_of(body)
        .response_type()
}

pub fn batch_update<T: Record>(
    core: &Arc<Core>,
    operation: Of,
    changes: impl IntoIterator<Item = (RecordId, T::Patch)>,
) -> Request<WrittenBatch> {
    let changes = changes.into_iter();
    let changes = changes.map(|(id, patch)| (id, patch.into())).collect();
    update_patches(core, operation, changes)
}

fn update_patches(
    core: &Arc<Core>,
    operation: Of,
    changes: Vec<(RecordId, Patch)>,
) -> Request<WrittenBatch> {
    let patches = changes.iter().map(|(_, patch)| patch);
    let request = checked(Request::new(core, operation, &[]), patches);
    let inputs = changes.into_iter();
    let inputs = inputs.map(|(id, patch)| BatchUpdateInput::new(id.to_string(), patch.properties));
    request.json_of(BatchUpdate::new(inputs)).response_type()
}

/// A patch that does not set the property has an empty id, which HubSpot refuses.
pub fn batch_upsert<T: Record, V>(
    core: &Arc<Core>,
    operation: Of,
    property: Property<T, V>,
    records: impl IntoIterator<Item: Into<T::Patch>>,
) -> Request<WrittenBatch> {
    upsert_patches(core, operation, property.name(), patches::<T, _>(records))
}

fn upsert_patches(
    core: &Arc<Core>,
    operation: Of,
    property: &str,
    patches: Vec<Patch>,
) -> Request<WrittenBatch> {
    let request = checked(Request::new(core, operation, &[]), &patches);
    let inputs = patches.into_iter().map(|patch| {
        let id = patch.properties.get(property).unwrap_or_default();
        BatchUpsertInput::new(id.to_owned(), property, patch.properties)
    });
    request.json_of(BatchUpsert::new(inputs)).response_type()
}

pub fn batch_archive(
    core: &Arc<Core>,
    operation: Of,
    ids: impl IntoIterator<Item: Into<RecordId>>,
) -> Request<()> {
    Request::new(core, operation, &[]).json_of(BatchArchive::new(inputs(ids)))
}

pub fn associate<T: Record>(
    core: &Arc<Core>,
    operation: Of,
    id: impl Into<RecordId>,
) -> Associate<T> {
    Associate::new(core, operation, id.into())
}

pub fn associated<U: Record>(
    core: &Arc<Core>,
    operation: Of,
    id: impl Into<RecordId>,
) -> Associated<U> {
    Associated::new(core, operation, id.into())
}

/// The request, which fails if a value of a patch cannot be written: without the value, the property would be left as it is.
fn checked<'a>(request: Request<()>, patches: impl IntoIterator<Item = &'a Patch>) -> Request<()> {
    let mut unwritable = patches.into_iter().filter_map(Patch::unwritable);
    refused(request, unwritable.next())
}

/// The request, which fails if a value of a property cannot be written.
fn refused<T, P>(mut request: Request<T, P>, unwritable: Option<&'static str>) -> Request<T, P> {
    if let Some(name) = unwritable {
        request.refuse(format!(
            "a value of the property `{name}` cannot be written: nothing was sent"
        ));
    }
    request
}

/// A value as HubSpot takes it, and its property if it cannot be written.
fn written<T, V>(
    property: Property<T, V>,
    value: impl IntoValue<V>,
) -> (String, Option<&'static str>) {
    match value.into_value() {
        Some(value) => (value, None),
        // Not empty, because the first fault is the one that is told.
        None => ("0".to_owned(), Some(property.name())),
    }
}

fn inputs(ids: impl IntoIterator<Item: Into<RecordId>>) -> impl Iterator<Item = ObjectId> {
    let ids = ids.into_iter().map(Into::into);
    ids.map(|id: RecordId| ObjectId::new(id.to_string()))
}

fn patches<T: Record, P: Into<T::Patch>>(records: impl IntoIterator<Item = P>) -> Vec<Patch> {
    let records = records.into_iter();
    records.map(|record| record.into().into()).collect()
}
