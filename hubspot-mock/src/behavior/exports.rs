//! The exports API: records as CSV, which can be downloaded two seconds later by the server's clock.

use serde_json::{Value, json};

use crate::behavior::common::unknown;
use crate::behavior::lists::members_of;
use crate::behavior::objects::search;
use crate::behavior::{Call, Context, Response};
use crate::definitions::{ObjectType, moment_text};
use crate::generated::CURRENT;
use crate::store::jobs::{Export, Phase, end};
use crate::store::{Record, Store};
use crate::values::{PropertyId, Refusal, TypeId};

/// Performs a request to this API.
pub(crate) fn handle(call: &Call, context: &Context<'_>) -> Result<Response, Refusal> {
    let store = &mut *context.store()?;
    let now = call.now.as_millisecond();
    match call.endpoint.action {
        "start" => start(call, store, now),
        "get_status" => {
            let (id, export) = find(call, store, "taskId")?;
            let url = &context.state.url;
            Response::json(200, &status(id, export, url, now))
        }
        "get" => {
            let (id, export) = find(call, store, "exportId")?;
            Response::json(200, &json(id, export, now))
        }
        _ => Err(unknown(call)),
    }
}

fn find<'a>(call: &Call, store: &'a Store, parameter: &str) -> Result<(u64, &'a Export), Refusal> {
    let wanted = call.path(parameter);
    let id = wanted.parse::<u64>().ok();
    let found = id.and_then(|id| Some((id, store.jobs.exports.get(&id)?)));
    found.ok_or_else(|| {
        Refusal::not_found(format!("Export not found: {wanted}")).context("id", [wanted.to_owned()])
    })
}

fn start(call: &Call, store: &mut Store, now: i64) -> Result<Response, Refusal> {
    let request = call.json();
    let format = request["format"].as_str().unwrap_or_default();
    if format != "CSV" {
        return Err(
            Refusal::validation(format!("hubspot-mock exports CSV only, not {format}"))
                .context("format", [format.to_owned()]),
        );
    }
    let ty = store.object_type(request["objectType"].as_str().unwrap_or_default())?;
    let ids = selected(store, ty, request)?;
    let export = Export {
        csv: csv(store, ty, &ids, request)?,
        records: ids.len(),
        request: request.clone(),
        created_at: now,
        key: format!("{:032x}", fastrand::u128(..)),
    };
    let id = store.jobs.next_id();
    store.jobs.exports.insert(id, export);
    let body = json!({
        "id": id.to_string(),
        "links": {"status": format!("/crm/exports/{CURRENT}/export/async/tasks/{id}/status")},
    });
    Response::json(202, &body)
}

/// The records to export.
fn selected(store: &Store, ty: TypeId, request: &Value) -> Result<Vec<u64>, Refusal> {
    if request["exportType"] == "LIST" {
        let list = request["listId"].as_str().unwrap_or_default();
        return members_of(store, ty, list);
    }
    let mut search = request["publicCrmSearchRequest"].clone();
    if search.is_null() {
        search = json!({});
    }
    // An empty list of filters beside groups would be a group that every record meets.
    if search["filters"].as_array().is_some_and(Vec::is_empty)
        && let Some(search) = search.as_object_mut()
    {
        search.remove("filters");
    }
    search::normalize(&mut search);
    search::matching(store, ty, &search)
}

/// What a file of an export has.
struct Columns {
    ty: TypeId,
    properties: Vec<PropertyId>,
    associated: Vec<TypeId>,
    /// Whether the header has names instead of labels.
    names: bool,
    /// Whether options are written as they are stored.
    values: bool,
}

impl Columns {
    fn read(store: &Store, ty: TypeId, request: &Value) -> Result<Self, Refusal> {
        let texts = |name: &str| {
            let list = request[name].as_array().into_iter().flatten();
            list.filter_map(Value::as_str).collect::<Vec<_>>()
        };
        let definition = &store.records(ty)?.ty;
        let find = |name: &&str| {
            let id = definition.find(name);
            id.ok_or_else(|| Refusal::unknown_property(name))
        };
        let associated = texts("associatedObjectType").into_iter();
        let associated = associated.map(|name| store.object_type(name));
        let options = texts("exportInternalValuesOptions");
        Ok(Self {
            ty,
            properties: texts("objectProperties")
                .iter()
                .map(find)
                .collect::<Result<_, _>>()?,
            associated: associated.collect::<Result<_, _>>()?,
            names: options.contains(&"NAMES"),
            values: options.contains(&"VALUES"),
        })
    }

    fn header(&self, store: &Store, ty: &ObjectType) -> Vec<String> {
        let properties = self.properties.iter().filter_map(|id| {
            let property = ty.property(*id)?;
            let name = if self.names {
                &property.name
            } else {
                &property.label
            };
            Some(name.clone())
        });
        let associated = self.associated.iter();
        let associated = associated.map(|to| format!("Associated {} IDs", store.singular(*to)));
        let first = std::iter::once("Record ID".to_owned());
        first.chain(properties).chain(associated).collect()
    }

    fn row(&self, store: &Store, ty: &ObjectType, record: &Record) -> Vec<String> {
        let properties = self.properties.iter().map(|id| {
            let property = ty.property(*id);
            let text = property.and_then(|property| record.text(*id, property));
            let text = text.unwrap_or_default();
            if self.values {
                text.into_owned()
            } else {
                labels(ty, *id, &text)
            }
        });
        let associated = self.associated.iter().map(|to| {
            let neighbours = store.associations.neighbours((self.ty, record.id), *to);
            let ids = neighbours.into_iter().flatten();
            ids.map(|(id, _)| id.to_string())
                .collect::<Vec<_>>()
                .join(";")
        });
        let first = std::iter::once(record.id.to_string());
        first.chain(properties).chain(associated).collect()
    }
}

/// The header and a row for each record.
fn csv(store: &Store, ty: TypeId, ids: &[u64], request: &Value) -> Result<String, Refusal> {
    let collection = store.records(ty)?;
    let columns = Columns::read(store, ty, request)?;
    let records = ids.iter().filter_map(|id| collection.get(*id, false));
    let rows = records.map(|record| columns.row(store, &collection.ty, record));
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in std::iter::once(columns.header(store, &collection.ty)).chain(rows) {
        let written = writer.write_record(row);
        written.map_err(|cause| Refusal::internal(&cause))?;
    }
    let bytes = writer
        .into_inner()
        .map_err(|cause| Refusal::internal(&cause))?;
    String::from_utf8(bytes).map_err(|cause| Refusal::internal(&cause))
}

/// The labels of the options of a value, or the value itself.
fn labels(ty: &ObjectType, id: PropertyId, text: &str) -> String {
    let options = ty.property(id).map(|property| &property.options);
    let labels = text.split(';').map(|value| {
        let mut options = options.into_iter().flatten();
        let option = options.find(|option| option.value == value);
        option.map_or(value, |option| option.label.as_str())
    });
    labels.collect::<Vec<_>>().join(";")
}

fn status(id: u64, export: &Export, url: &str, now: i64) -> Value {
    let started = moment_text(export.created_at);
    let phase = Phase::of(export.created_at, now);
    let mut status = json!({
        "status": match phase {
            Phase::Waiting => "PENDING",
            Phase::Working => "PROCESSING",
            Phase::Over => "COMPLETE",
        },
        "requestedAt": started,
        "startedAt": started,
        "completedAt": moment_text(end(export.created_at).min(now)),
    });
    if phase == Phase::Over {
        status["result"] = format!("{url}/downloads/{}/{id}.csv", export.key).into();
    }
    status
}

fn json(id: u64, export: &Export, now: i64) -> Value {
    let request = &export.request;
    let over = Phase::of(export.created_at, now) == Phase::Over;
    let mut json = json!({
        "id": id.to_string(),
        "exportName": request["exportName"],
        "exportType": request["exportType"],
        "exportState": if over { "DONE" } else { "PROCESSING" },
        "objectType": request["objectType"],
        "objectProperties": request["objectProperties"],
        "createdAt": moment_text(export.created_at),
        "updatedAt": moment_text(end(export.created_at).min(now)),
    });
    if over {
        json["recordCount"] = export.records.into();
    }
    json
}
