//! The operations that the methods of handles call. None of them knows the scope set.

use std::sync::Arc;

use super::Record;
use super::association::{Associate, Associated};
use super::filter::RecordSearch;
use super::id::RecordId;
use super::page::{RecordBatch, RecordPage, Written, WrittenBatch, read_record};
use super::patch::Patch;
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

pub fn get<T: Record>(core: &Arc<Core>, operation: Of, id: RecordId) -> Request<T, GetRecord> {
    let request = Request::<(), _>::new(core, operation, &[&id.to_string()]);
    let request = request.parameter_list("properties", T::PROPERTIES);
    request.reading(read_record)
}

pub fn get_by<T: Record>(
    core: &Arc<Core>,
    operation: Of,
    property: &str,
    value: &str,
) -> Request<T, GetRecord> {
    let request = Request::<(), _>::new(core, operation, &[value]);
    let request = request.parameter("idProperty", property);
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
    search: RecordSearch<T>,
) -> Request<RecordPage<T>> {
    let request = Request::<()>::new(core, operation, &[]);
    request.json_of(search.into_body()).response_type()
}

pub fn create(core: &Arc<Core>, operation: Of, patch: Patch) -> Request<Written> {
    let request = checked(Request::new(core, operation, &[]), [&patch]);
    let mut body = CreateObject::new(patch.properties);
    body.associations = Some(patch.associations).filter(|list| !list.is_empty());
    request.json_of(body).response_type()
}

pub fn update(core: &Arc<Core>, operation: Of, id: RecordId, patch: Patch) -> Request<Written> {
    let request = checked(Request::new(core, operation, &[&id.to_string()]), [&patch]);
    request
        .json_of(UpdateObject::new(patch.properties))
        .response_type()
}

pub fn update_by(
    core: &Arc<Core>,
    operation: Of,
    property: &str,
    value: &str,
    patch: Patch,
) -> Request<Written> {
    let request = checked(Request::new(core, operation, &[value]), [&patch]);
    let request = request.parameter("idProperty", property);
    request
        .json_of(UpdateObject::new(patch.properties))
        .response_type()
}

pub fn archive(core: &Arc<Core>, operation: Of, id: RecordId) -> Request<()> {
    Request::new(core, operation, &[&id.to_string()])
}

pub fn merge(
    core: &Arc<Core>,
    operation: Of,
    primary: RecordId,
    other: RecordId,
) -> Request<Written> {
    let body = Merge::new(other.to_string(), primary.to_string());
    Request::<()>::new(core, operation, &[])
        .json_of(body)
        .response_type()
}

pub fn batch_create(core: &Arc<Core>, operation: Of, patches: Vec<Patch>) -> Request<WrittenBatch> {
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
    ids: Vec<RecordId>,
) -> Request<RecordBatch<T>> {
    let body = BatchRead::new(inputs(ids), T::PROPERTIES.iter().copied());
    Request::<()>::new(core, operation, &[])
        .json_of(body)
        .response_type()
}

pub fn batch_read_by<T: Record>(
    core: &Arc<Core>,
    operation: Of,
    property: &str,
    values: Vec<String>,
) -> Request<RecordBatch<T>> {
    let inputs = values.into_iter().map(ObjectId::new);
    let body = BatchRead::new(inputs, T::PROPERTIES.iter().copied()).id_property(property);
    Request::<()>::new(core, operation, &[])
        .json_of(body)
        .response_type()
}

pub fn batch_update(
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
pub fn batch_upsert(
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

pub fn batch_archive(core: &Arc<Core>, operation: Of, ids: Vec<RecordId>) -> Request<()> {
    Request::new(core, operation, &[]).json_of(BatchArchive::new(inputs(ids)))
}

pub fn associate<T: Record>(core: &Arc<Core>, operation: Of, id: RecordId) -> Associate<T> {
    Associate::new(core, operation, id)
}

pub fn associated<U: Record>(core: &Arc<Core>, operation: Of, id: RecordId) -> Associated<U> {
    Associated::new(core, operation, id)
}

/// The request, which fails if a value of a patch cannot be written: without the value, the property would be left as it is.
fn checked<'a>(
    mut request: Request<()>,
    patches: impl IntoIterator<Item = &'a Patch>,
) -> Request<()> {
    let mut unwritable = patches.into_iter().filter_map(|patch| patch.unwritable);
    if let Some(name) = unwritable.next() {
        request.refuse(format!(
            "a value of the property `{name}` cannot be written: nothing was sent"
        ));
    }
    request
}

fn inputs(ids: Vec<RecordId>) -> impl Iterator<Item = ObjectId> {
    ids.into_iter().map(|id| ObjectId::new(id.to_string()))
}
