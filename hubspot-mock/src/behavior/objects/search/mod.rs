//! Searches records by their properties or by text.
//!
//! HubSpot takes seconds to find what was just written; this mock finds it at once, unless a delay is set. Until then, it
//! finds a record with its former values, and a new one not at all.

mod condition;
mod query;
mod tokens;

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::behavior::common::{Page, Paging, Selection, View, body, cursor, limit};
pub(crate) use crate::behavior::objects::search::condition::{Condition, Filter};
use crate::behavior::objects::search::query::{Query, Sort, Window};
use crate::behavior::objects::search::tokens::Words;
use crate::behavior::{Call, Response};
use crate::store::{Collection, Record, Store};
use crate::values::{Refusal, TypeId};

/// The default number of records of a page.
const PAGE: usize = 10;
const LONGEST_PAGE: usize = 200;
/// The maximum number of results on all pages.
const REACH: usize = 10_000;
const LONGEST_QUERY: usize = 3000;
// HubSpot's documents say five groups; six filters each and 18 in total are not documented.
const GROUPS: usize = 5;
const FILTERS: usize = 6;
const FILTERS_IN_ALL: usize = 18;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Request<'a> {
    #[serde(borrow, default)]
    filter_groups: Vec<Group<'a>>,
    #[serde(borrow, default)]
    sorts: Vec<&'a str>,
    query: Option<&'a str>,
    #[serde(borrow, default)]
    properties: Vec<&'a str>,
    limit: Option<i64>,
    after: Option<&'a str>,
}

#[derive(Deserialize)]
struct Group<'a> {
    #[serde(borrow)]
    filters: Vec<Filter<'a>>,
}

/// Converts what HubSpot accepts besides the documented form: `sorts` as objects, and `filters` without a group.
pub(crate) fn normalize(body: &mut Value) {
    for sort in body
        .get_mut("sorts")
        .and_then(Value::as_array_mut)
        .into_iter()
        .flatten()
    {
        let Some(name) = sort.get("propertyName").and_then(Value::as_str) else {
            continue;
        };
        let descending = sort.get("direction").and_then(Value::as_str) == Some("DESCENDING");
        *sort = format!("{}{name}", if descending { "-" } else { "" }).into();
    }
    let Some(object) = body.as_object_mut() else {
        return;
    };
    let filters = object.remove("filters");
    if let Some(filters) =
        filters.filter(|filters| filters.as_array().is_none_or(|all| !all.is_empty()))
    {
        let groups = object.entry("filterGroups").or_insert_with(|| json!([]));
        if let Some(groups) = groups.as_array_mut() {
            groups.push(json!({ "filters": filters }));
        }
    }
}

/// Searches records as they were before `lag`.
pub(super) fn handle(
    call: &Call,
    store: &Store,
    ty: TypeId,
    lag: Duration,
) -> Result<Response, Refusal> {
    let request: Request<'_> = body(call)?;
    let collection = store.records(ty)?;
    let window = window(&request)?;
    let former = former(collection, call.now.as_millisecond(), lag);
    let query = Query {
        collection,
        node: (store, ty),
        former: &former,
        groups: groups(store, ty, &request.filter_groups)?,
        words: words(&request)?,
        sort: sort(collection, &request.sorts)?,
    };
    let found = query.run(window);
    let selection = Selection::new(&collection.ty, request.properties.iter().copied(), []);
    let results = found.ids.iter().filter_map(|id| {
        Some(View::new(
            store,
            ty,
            collection,
            query.version(collection.get(*id, false)?)?,
            &selection,
        ))
    });
    let end = window.offset.saturating_add(found.ids.len());
    Response::json(
        200,
        &Page {
            total: Some(found.total),
            results: results.collect(),
            paging: (end < found.total).then(|| Paging::next(end)),
        },
    )
}

/// The records that were changed within `lag`, as they were before; `None` for those that are new.
fn former(collection: &Collection, now: i64, lag: Duration) -> BTreeMap<u64, Option<Record>> {
    if lag.is_zero() {
        return BTreeMap::new();
    }
    let lag = i64::try_from(lag.as_millis()).unwrap_or(i64::MAX);
    let end = now.saturating_sub(lag);
    let records = collection.from(0, false);
    let changed = records.filter(|record| record.updated_at > end);
    changed
        .map(|record| (record.id, record.as_of(end)))
        .collect()
}

/// The ids of all records that match a search in its JSON form.
pub(crate) fn matching(store: &Store, ty: TypeId, request: &Value) -> Result<Vec<u64>, Refusal> {
    let request = Request::deserialize(request);
    let request =
        request.map_err(|cause| Refusal::validation(format!("Invalid search: {cause}")))?;
    let collection = store.records(ty)?;
    let query = Query {
        collection,
        node: (store, ty),
        former: &BTreeMap::new(),
        groups: groups(store, ty, &request.filter_groups)?,
        words: words(&request)?,
        sort: sort(collection, &request.sorts)?,
    };
    let all = Window {
        offset: 0,
        limit: usize::MAX,
    };
    Ok(query.run(all).ids)
}

/// Reads the position and length of the page.
fn window(request: &Request<'_>) -> Result<Window, Refusal> {
    let limit = limit(request.limit, PAGE, LONGEST_PAGE)?;
    let offset = usize::try_from(cursor(request.after)?).unwrap_or(usize::MAX);
    let window = Window { offset, limit };
    if window.end() > REACH {
        return Err(Refusal::validation(format!(
            "A search returns at most {REACH} results; after and limit exceed them"
        )));
    }
    Ok(window)
}

fn groups<'a>(
    store: &Store,
    ty: TypeId,
    groups: &[Group<'a>],
) -> Result<Vec<Vec<Condition<'a>>>, Refusal> {
    let in_all = groups
        .iter()
        .map(|group| group.filters.len())
        .sum::<usize>();
    let longest = groups.iter().map(|group| group.filters.len()).max();
    if groups.len() > GROUPS || longest.unwrap_or(0) > FILTERS || in_all > FILTERS_IN_ALL {
        return Err(Refusal::validation(format!(
            "A search has at most {GROUPS} groups, {FILTERS} filters in each and {FILTERS_IN_ALL} in total"
        )));
    }
    let conditions = groups.iter().map(|group| {
        let filters = group.filters.iter();
        filters.map(|filter| filter.check(store, ty)).collect()
    });
    conditions.collect()
}

fn words(request: &Request<'_>) -> Result<Words, Refusal> {
    let query = request.query.unwrap_or_default();
    if query.chars().count() > LONGEST_QUERY {
        return Err(Refusal::validation(format!(
            "query has at most {LONGEST_QUERY} characters"
        )));
    }
    Ok(Words::new(query))
}

/// Reads the order: a property, with a leading hyphen for descending order.
fn sort(collection: &Collection, sorts: &[&str]) -> Result<Option<Sort>, Refusal> {
    let first = match sorts {
        [] => return Ok(None),
        [only] => *only,
        _ => return Err(Refusal::validation("A search has at most one sort")),
    };
    let (name, descending) = match first.strip_prefix('-') {
        Some(name) => (name, true),
        None => (first, false),
    };
    let property = collection.ty.find(name);
    let property = property.ok_or_else(|| condition::unknown_property(name))?;
    Ok(Some(Sort {
        property,
        descending,
    }))
}
