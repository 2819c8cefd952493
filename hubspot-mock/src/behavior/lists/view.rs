//! Lists as JSON, and the search for lists.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::behavior::common::body;
use crate::behavior::lists::members::matching;
use crate::behavior::{Call, Response};
use crate::definitions::moment_text;
use crate::store::{List, Store};
use crate::values::Refusal;

/// The default number of lists of a page, and the maximum.
const PAGE: usize = 20;
const LONGEST_PAGE: usize = 500;

/// A list without its filter.
pub(super) fn list_json(store: &Store, id: u64, list: &List) -> Value {
    let ty = store.definition(list.object_type);
    json!({
        "listId": id.to_string(),
        "listVersion": list.version,
        "name": list.name,
        "objectTypeId": ty.map_or("", |ty| ty.id.as_str()),
        "processingStatus": "COMPLETE",
        "processingType": list.processing.name(),
        "size": matching(store, list).len(),
        "createdAt": moment_text(list.created_at),
        "updatedAt": moment_text(list.updated_at),
        "filtersUpdatedAt": moment_text(list.updated_at),
        "createdById": "1",
        "updatedById": "1",
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Search {
    #[serde(default)]
    list_ids: Vec<String>,
    #[serde(default)]
    processing_types: Vec<String>,
    object_type_id: Option<String>,
    query: Option<String>,
    count: Option<usize>,
    #[serde(default)]
    offset: usize,
    /// `HS_LIST_ID`, `HS_CREATED_AT`, `HS_UPDATED_AT`, `HS_LIST_SIZE`; with a leading hyphen in descending order.
    sort: Option<String>,
}

/// Searches lists by name, type and id.
pub(super) fn search(call: &Call, store: &Store) -> Result<Response, Refusal> {
    let search: Search = body(call)?;
    let ty = search.object_type_id.as_deref();
    let ty = ty.map(|name| store.object_type(name)).transpose()?;
    let query = search.query.unwrap_or_default().to_lowercase();
    let count = search.count.unwrap_or(PAGE).min(LONGEST_PAGE);
    let lists = store.lists.by_id.iter().filter(|(id, list)| {
        let of = |wanted: &[String], value: &str| {
            wanted.is_empty() || wanted.iter().any(|known| known == value)
        };
        list.deleted_at.is_none()
            && of(&search.list_ids, &id.to_string())
            && of(&search.processing_types, list.processing.name())
            && ty.is_none_or(|ty| list.object_type == ty)
            && list.name.to_lowercase().contains(&query)
    });
    let mut lists = lists.collect::<Vec<_>>();
    let sort = search.sort.unwrap_or_default();
    match sort.trim_start_matches('-') {
        "HS_CREATED_AT" => lists.sort_by_key(|(_, list)| list.created_at),
        "HS_UPDATED_AT" => lists.sort_by_key(|(_, list)| list.updated_at),
        "HS_LIST_SIZE" => lists.sort_by_key(|(_, list)| matching(store, list).len()),
        _ => {}
    }
    if sort.starts_with('-') {
        lists.reverse();
    }
    let page = lists.iter().skip(search.offset).take(count);
    let page = page.map(|(id, list)| {
        let mut json = list_json(store, **id, list);
        let size = json["size"].to_string();
        json["additionalProperties"] =
            json!({"hs_list_size": size, "hs_list_reference_count": "0"});
        json
    });
    let page = page.collect::<Vec<_>>();
    let end = search.offset.saturating_add(page.len());
    let response = json!({
        "hasMore": end < lists.len(), "offset": end, "total": lists.len(), "lists": page,
    });
    Response::json(200, &response)
}
