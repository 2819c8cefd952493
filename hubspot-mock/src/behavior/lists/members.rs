//! The members of lists.

use std::collections::btree_map::Entry;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::behavior::common::{Outcomes, Page, body, cursor, inputs, limit};
use crate::behavior::lists::filter::Branch;
use crate::behavior::lists::{find, live, missing};
use crate::behavior::{Call, Response};
use crate::definitions::moment_text;
use crate::store::{List, Processing, Store};
use crate::values::Refusal;

/// The default number of members of a page, and the maximum.
const PAGE: usize = 100;
const LONGEST_PAGE: usize = 250;
/// The maximum number of records that a request adds and removes.
const LONGEST_UPDATE: usize = 100_000;
/// The maximum number of records in a batch that is read.
const LONGEST_READ: usize = 100;

/// Performs a request on members; `None` for another operation.
pub(super) fn handle(call: &Call, store: &mut Store) -> Option<Result<Response, Refusal>> {
    Some(match call.endpoint.action {
        "list_members" | "list_members_in_join_order" => list(call, store),
        "add_members" => body::<Vec<_>>(call).and_then(|ids| update(call, store, &ids, &[])),
        "remove_members" => body::<Vec<_>>(call).and_then(|ids| update(call, store, &[], &ids)),
        "add_and_remove_members" => body::<Changes>(call).and_then(|changes| {
            let (add, remove) = (changes.record_ids_to_add, changes.record_ids_to_remove);
            update(call, store, &add, &remove)
        }),
        "add_members_from_list" => add_from(call, store),
        "remove_all_members" => remove_all(call, store),
        "list_record_memberships" => {
            of_record(store, call.path("objectTypeId"), call.path("recordId"))
                .and_then(|results| Response::json(200, &Page::new(results, None)))
        }
        "batch_read_record_memberships" => batch_read(call, store),
        _ => return None,
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Changes {
    #[serde(default)]
    record_ids_to_add: Vec<String>,
    #[serde(default)]
    record_ids_to_remove: Vec<String>,
}

/// The live members of a list, each with the time when it became one.
pub(super) fn matching(store: &Store, list: &List) -> Vec<(u64, i64)> {
    if list.processing == Processing::Dynamic {
        return filtered(store, list);
    }
    let Some(collection) = store.collection(list.object_type) else {
        return Vec::new();
    };
    let members = list.members.iter().map(|(id, time)| (*id, *time));
    let is_live = |id| collection.get(id, false).is_some();
    members.filter(|(id, _)| is_live(*id)).collect()
}

/// The records that match the filter of a list.
pub(super) fn filtered(store: &Store, list: &List) -> Vec<(u64, i64)> {
    // A property of the filter may have been archived since.
    let branch = Branch::read(store, list.object_type, &list.filter);
    let Some((branch, collection)) = branch.ok().zip(store.collection(list.object_type)) else {
        return Vec::new();
    };
    let records = collection.from(0, false);
    let matching = records.filter(|record| branch.matches(store, list.object_type, record));
    matching
        .map(|record| (record.id, record.updated_at))
        .collect()
}

fn list(call: &Call, store: &Store) -> Result<Response, Refusal> {
    let id = find(call, store, "listId")?;
    let list = live(store, id).ok_or_else(|| missing(call.path("listId")))?;
    let limit = limit(call.query("limit"), PAGE, LONGEST_PAGE)?;
    let mut members = matching(store, list);
    if call.endpoint.action == "list_members_in_join_order" {
        members.sort_by_key(|(id, time)| (*time, *id));
    }
    let offset = |name| {
        let offset = usize::try_from(cursor(call.query(name))?).unwrap_or(usize::MAX);
        Ok::<_, Refusal>(offset.min(members.len()))
    };
    // `before` takes precedence over `after`, and reads backwards.
    let backwards = call
        .query("before")
        .is_some_and(|before| !before.is_empty());
    let (start, end) = if backwards {
        let end = offset("before")?;
        (end.saturating_sub(limit), end)
    } else {
        let start = offset("after")?;
        (start, start.saturating_add(limit).min(members.len()))
    };
    let page = members.get(start..end).unwrap_or_default().iter();
    let page = page.map(
        |(id, time)| json!({"recordId": id.to_string(), "membershipTimestamp": moment_text(*time)}),
    );
    let mut page = page.collect::<Vec<Value>>();
    if backwards {
        page.reverse();
    }
    let mut paging = serde_json::Map::new();
    if end < members.len() {
        paging.insert("next".to_owned(), json!({"after": end.to_string()}));
    }
    if start > 0 {
        paging.insert("prev".to_owned(), json!({"before": start.to_string()}));
    }
    let mut body = json!({"total": members.len(), "results": page});
    if !paging.is_empty() {
        body["paging"] = paging.into();
    }
    Response::json(200, &body)
}

/// A list whose members requests may change.
fn writable(call: &Call, store: &Store) -> Result<u64, Refusal> {
    let id = find(call, store, "listId")?;
    if live(store, id).is_some_and(|list| list.processing == Processing::Dynamic) {
        return Err(
            Refusal::validation("The members of a dynamic list follow from its filter")
                .context("listId", [id.to_string()]),
        );
    }
    Ok(id)
}

fn update(
    call: &Call,
    store: &mut Store,
    add: &[String],
    remove: &[String],
) -> Result<Response, Refusal> {
    let id = writable(call, store)?;
    if add.len() + remove.len() > LONGEST_UPDATE {
        return Err(Refusal::validation(format!(
            "At most {LONGEST_UPDATE} records in a request"
        )));
    }
    let ty = live(store, id).map(|list| list.object_type);
    let collection = ty.and_then(|ty| store.collection(ty));
    let known = |text: &String| {
        let record = text.parse().ok().and_then(|id| collection?.get(id, false));
        record.map(|record| record.id)
    };
    let missing = add
        .iter()
        .filter(|text| known(text).is_none())
        .cloned()
        .collect::<Vec<_>>();
    let wanted = add.iter().filter_map(known).collect::<Vec<_>>();
    let unwanted = remove
        .iter()
        .filter_map(|text| text.parse::<u64>().ok())
        .collect::<Vec<_>>();
    let now = call.now.as_millisecond();
    let (mut added, mut removed) = (Vec::new(), Vec::new());
    if let Some(list) = store.lists.by_id.get_mut(&id) {
        for id in wanted {
            if let Entry::Vacant(vacant) = list.members.entry(id) {
                vacant.insert(now);
                added.push(id.to_string());
            }
        }
        for id in unwanted {
            if list.members.remove(&id).is_some() {
                removed.push(id.to_string());
            }
        }
    }
    let response = json!({
        "recordIdsMissing": missing, "recordIdsRemoved": removed, "recordsIdsAdded": added,
    });
    Response::json(200, &response)
}

fn add_from(call: &Call, store: &mut Store) -> Result<Response, Refusal> {
    let id = writable(call, store)?;
    let source = find(call, store, "sourceListId")?;
    let [own, other] = [id, source].map(|id| live(store, id).map(|list| list.object_type));
    if own != other {
        let message = format!("The lists {id} and {source} have records of different object types");
        return Err(Refusal::validation(message).context("listId", [source.to_string()]));
    }
    let members = live(store, source).map(|list| matching(store, list));
    let now = call.now.as_millisecond();
    if let Some(list) = store.lists.by_id.get_mut(&id) {
        for (id, _) in members.unwrap_or_default() {
            list.members.entry(id).or_insert(now);
        }
    }
    Ok(Response::empty())
}

fn remove_all(call: &Call, store: &mut Store) -> Result<Response, Refusal> {
    let id = writable(call, store)?;
    if let Some(list) = store.lists.by_id.get_mut(&id) {
        list.members.clear();
    }
    Ok(Response::empty())
}

/// The lists that a record is a member of.
fn of_record(store: &Store, object_type: &str, record: &str) -> Result<Vec<Value>, Refusal> {
    let ty = store.object_type(object_type)?;
    let id = crate::behavior::common::live(store.records(ty)?, record)?;
    let lists = store.lists.by_id.iter();
    let lists = lists.filter(|(_, list)| list.object_type == ty && list.deleted_at.is_none());
    let memberships = lists.filter_map(|(list_id, list)| {
        let members = matching(store, list);
        let (_, time) = members.into_iter().find(|(member, _)| *member == id)?;
        let time = moment_text(time);
        Some(json!({
            "listId": list_id.to_string(), "listVersion": list.version, "isPublicList": false,
            "firstAddedTimestamp": time, "lastAddedTimestamp": time,
        }))
    });
    Ok(memberships.collect())
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RecordInput {
    object_type_id: String,
    record_id: String,
}

fn batch_read(call: &Call, store: &Store) -> Result<Response, Refusal> {
    let inputs: Vec<RecordInput> = inputs(call, LONGEST_READ)?;
    let read = inputs.iter().map(|input| {
        let memberships = of_record(store, &input.object_type_id, &input.record_id)?;
        Ok(json!({
            "objectTypeId": input.object_type_id, "recordId": input.record_id, "recordListMemberships": memberships,
        }))
    });
    read.collect::<Outcomes<_>>().respond(call, 200)
}
