//! The lists API: lists of records, and their members.

mod conversion;
mod filter;
mod folders;
mod members;
mod view;

pub(crate) use self::conversion::convert_due;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::behavior::common::{body, flag};
use crate::behavior::lists::filter::Branch;
use crate::behavior::lists::view::{list_json, search};
use crate::behavior::{Call, Context, Response, generated};
use crate::store::{List, Processing, Store};
use crate::values::{Refusal, TypeId};

/// Performs a request to this API.
pub(crate) fn handle(call: &Call, context: &Context<'_>) -> Result<Response, Refusal> {
    let store = &mut *context.store()?;
    match call.endpoint.action {
        "list" => {
            let wanted = call.query_list("listIds").filter_map(|id| id.parse().ok());
            let filters = flag(call, "includeFilters", false);
            let lists = wanted.filter_map(|id| Some(shown(store, id, live(store, id)?, filters)));
            Response::json(200, &json!({"lists": lists.collect::<Vec<_>>()}))
        }
        "search" => search(call, store),
        "create" => create(call, store),
        "get" => {
            let id = find(call, store, "listId")?;
            respond(call, store, id, "list")
        }
        "get_by_name" => {
            let ty = store.object_type(call.path("objectTypeId"))?;
            let name = call.path("listName");
            let mut lists = store.lists.by_id.iter();
            let found = lists.find(|(_, list)| {
                list.object_type == ty && list.deleted_at.is_none() && list.name == name
            });
            let id = *found.ok_or_else(|| missing(name))?.0;
            respond(call, store, id, "list")
        }
        "rename" => rename(call, store),
        "update_filters" => update_filters(call, store),
        "archive" => {
            let id = find(call, store, "listId")?;
            let now = call.now.as_millisecond();
            change(call, store, id, |list| list.deleted_at = Some(now));
            Ok(Response::empty())
        }
        "get_conversion" | "schedule_conversion" | "cancel_conversion" => {
            conversion::handle(call, store)
        }
        "restore" => {
            let id = call.path("listId").parse().ok();
            let found = id.and_then(|id| Some((id, store.lists.by_id.get(&id)?)));
            let (id, list) = found.ok_or_else(|| missing(call.path("listId")))?;
            check_name(store, &list.name, Some(id))?;
            change(call, store, id, |list| list.deleted_at = None);
            Ok(Response::empty())
        }
        _ => {
            let known = members::handle(call, store).or_else(|| folders::handle(call, store));
            known.unwrap_or_else(|| generated::handle(call))
        }
    }
}

/// The members of a list of records of a type.
pub(crate) fn members_of(store: &Store, ty: TypeId, wanted: &str) -> Result<Vec<u64>, Refusal> {
    let list = wanted.parse().ok().and_then(|id| live(store, id));
    let list = list.filter(|list| list.object_type == ty);
    let list = list.ok_or_else(|| missing(wanted))?;
    let members = members::matching(store, list).into_iter();
    Ok(members.map(|(id, _)| id).collect())
}

fn rename(call: &Call, store: &mut Store) -> Result<Response, Refusal> {
    let id = find(call, store, "listId")?;
    let name = call.query("listName").unwrap_or_default().to_owned();
    check_name(store, &name, Some(id))?;
    change(call, store, id, |list| list.name = name);
    respond(call, store, id, "updatedList")
}

fn update_filters(call: &Call, store: &mut Store) -> Result<Response, Refusal> {
    let id = find(call, store, "listId")?;
    let filter = call.json()["filterBranch"].clone();
    let list = live(store, id).ok_or_else(|| missing(call.path("listId")))?;
    if list.processing == Processing::Manual {
        return Err(Refusal::validation("A manual list has no filter"));
    }
    Branch::read(store, list.object_type, &filter)?;
    change(call, store, id, |list| {
        list.filter = filter;
        list.version += 1;
    });
    respond(call, store, id, "updatedList")
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct NewList {
    name: String,
    object_type_id: String,
    processing_type: String,
    #[serde(default)]
    filter_branch: Value,
    #[serde(default)]
    list_folder_id: u64,
}

fn create(call: &Call, store: &mut Store) -> Result<Response, Refusal> {
    let input: NewList = body(call)?;
    let object_type = store.object_type(&input.object_type_id)?;
    check_name(store, &input.name, None)?;
    let mut types = Processing::ALL.into_iter();
    let processing = types.find(|known| known.name() == input.processing_type);
    let processing = processing.ok_or_else(|| {
        let message = format!(
            "processingType is one of MANUAL, DYNAMIC and SNAPSHOT, not {}",
            input.processing_type
        );
        Refusal::validation(message).context("processingType", [input.processing_type.clone()])
    })?;
    if processing == Processing::Dynamic && input.filter_branch.is_null() {
        return Err(Refusal::validation("A dynamic list needs a filterBranch"));
    }
    let now = call.now.as_millisecond();
    let mut list = List::new(input.name, object_type, processing, now);
    list.filter = input.filter_branch;
    list.folder = input.list_folder_id;
    folders::check(store, list.folder)?;
    if !list.filter.is_null() {
        Branch::read(store, object_type, &list.filter)?;
        if processing == Processing::Snapshot {
            let members = members::filtered(store, &list).into_iter();
            list.members = members.map(|(id, _)| (id, now)).collect();
        }
    }
    let id = store.lists.add(list);
    respond(call, store, id, "list")
}

/// Fails if another list has the name.
fn check_name(store: &Store, name: &str, except: Option<u64>) -> Result<(), Refusal> {
    if name.is_empty() || store.lists.has_name(name, except) {
        let message = format!("The name of a list must be unique and not empty: {name:?}");
        return Err(Refusal::validation(message).context("name", [name.to_owned()]));
    }
    Ok(())
}

fn respond(call: &Call, store: &Store, id: u64, key: &str) -> Result<Response, Refusal> {
    let list = live(store, id).ok_or_else(|| missing(&id.to_string()))?;
    let filters = flag(call, "includeFilters", false) || call.endpoint.method != "GET";
    Response::json(200, &json!({key: shown(store, id, list, filters)}))
}

/// A list, with its filter if the request asks for it.
fn shown(store: &Store, id: u64, list: &List, filters: bool) -> Value {
    let mut json = list_json(store, id, list);
    if filters {
        json["filterBranch"] = list.filter.clone();
    }
    json
}

fn change(call: &Call, store: &mut Store, id: u64, change: impl FnOnce(&mut List)) {
    if let Some(list) = store.lists.by_id.get_mut(&id) {
        change(list);
        list.updated_at = call.now.as_millisecond();
    }
}

fn live(store: &Store, id: u64) -> Option<&List> {
    let list = store.lists.by_id.get(&id);
    list.filter(|list| list.deleted_at.is_none())
}

/// The id of the list that a path parameter names.
fn find(call: &Call, store: &Store, parameter: &str) -> Result<u64, Refusal> {
    let wanted = call.path(parameter);
    let id = wanted.parse().ok();
    let id = id.filter(|id| live(store, *id).is_some());
    id.ok_or_else(|| missing(wanted))
}

fn missing(wanted: &str) -> Refusal {
    Refusal::not_found(format!("List does not exist: {wanted}"))
        .context("listId", [wanted.to_owned()])
}
