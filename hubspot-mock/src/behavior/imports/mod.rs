//! The imports API: records from CSV files. An import ends two seconds after its start, by the server's clock.

mod file;
mod request;
mod row;
mod run;

pub(crate) use self::run::run_due;

use serde_json::{Value, json};

use crate::behavior::common::{Page, Paging, cursor, flag, limit, unknown};
use crate::behavior::{Call, Context, Response};
use crate::definitions::moment_text;
use crate::store::Store;
use crate::store::jobs::{Import, Outcome, Phase, end};
use crate::values::Refusal;

/// The default number of imports or errors of a page, and the maximum.
const PAGE: usize = 10;
const LONGEST_PAGE: usize = 100;

/// Performs a request to this API.
pub(crate) fn handle(call: &Call, context: &Context<'_>) -> Result<Response, Refusal> {
    let store = &mut *context.store()?;
    let now = call.now.as_millisecond();
    match call.endpoint.action {
        "list" => {
            let limit = limit(call.query("limit"), PAGE, LONGEST_PAGE)?;
            let after = cursor(call.query("after"))?;
            let imports = store.jobs.imports.range(after..);
            let mut imports = imports.map(|(id, import)| (*id, json(store, *id, import, now)));
            let results = imports.by_ref().take(limit).map(|(_, json)| json).collect();
            let paging = imports.next().map(|(id, _)| Paging::next(id));
            Response::json(200, &Page::new(results, paging))
        }
        "start" => {
            let import = request::read(call, store, now)?;
            let id = store.jobs.next_id();
            let json = json(store, id, &import, now);
            store.jobs.imports.insert(id, import);
            Response::json(200, &json)
        }
        "get" => {
            let (id, import) = find(call, store)?;
            Response::json(200, &json(store, id, import, now))
        }
        "cancel" => cancel(call, store, now),
        "list_errors" => list_errors(call, store),
        _ => Err(unknown(call)),
    }
}

fn find<'a>(call: &Call, store: &'a Store) -> Result<(u64, &'a Import), Refusal> {
    let wanted = call.path("importId");
    let id = wanted.parse::<u64>().ok();
    let found = id.and_then(|id| Some((id, store.jobs.imports.get(&id)?)));
    found.ok_or_else(|| {
        Refusal::not_found(format!("Import not found: {wanted}"))
            .context("importId", [wanted.to_owned()])
    })
}

fn json(store: &Store, id: u64, import: &Import, now: i64) -> Value {
    let phase = Phase::of(import.created_at, now);
    let state = match (import.outcome, phase) {
        (Some(Outcome::Canceled), _) => "CANCELED",
        (Some(Outcome::Done), _) => "DONE",
        (Some(Outcome::Failed), _) => "FAILED",
        (None, Phase::Waiting) => "STARTED",
        (None, Phase::Working | Phase::Over) => "PROCESSING",
    };
    let columns = import.files.iter().flat_map(|file| &file.columns);
    let types = columns.filter_map(|column| store.definition(column.object_type));
    let mut types = types.map(|ty| ty.id.as_str()).collect::<Vec<_>>();
    types.sort_unstable();
    types.dedup();
    let updated_at = if phase == Phase::Over {
        end(import.created_at)
    } else {
        now
    };
    let files = (1..=import.files.len()).map(|number| number.to_string());
    let lists = import
        .list
        .map(|list| json!({"listId": list.to_string(), "objectType": "CONTACT"}));
    json!({
        "id": id.to_string(),
        "importName": import.name,
        "importSource": "API",
        "importRequestJson": import.request,
        "state": state,
        "optOutImport": false,
        "mappedObjectTypeIds": types,
        "metadata": {
            "counters": import.counters,
            "fileIds": files.collect::<Vec<_>>(),
            "objectLists": lists.into_iter().collect::<Vec<_>>(),
        },
        "createdAt": moment_text(import.created_at),
        "updatedAt": moment_text(updated_at),
    })
}

/// Cancels an import that has not ended. Nothing of it is imported.
fn cancel(call: &Call, store: &mut Store, now: i64) -> Result<Response, Refusal> {
    let (id, import) = find(call, store)?;
    if import.outcome.is_some() {
        return Err(Refusal::validation(
            "The import has ended and cannot be canceled",
        ));
    }
    let started = moment_text(import.created_at);
    if let Some(import) = store.jobs.imports.get_mut(&id) {
        import.outcome = Some(Outcome::Canceled);
    }
    let body = json!({
        "status": "COMPLETE", "requestedAt": started, "startedAt": started, "completedAt": moment_text(now),
    });
    Response::json(200, &body)
}

fn list_errors(call: &Call, store: &Store) -> Result<Response, Refusal> {
    let (_, import) = find(call, store)?;
    let limit = limit(call.query("limit"), PAGE, LONGEST_PAGE)?;
    let after = usize::try_from(cursor(call.query("after"))?).unwrap_or(usize::MAX);
    let page = import.errors.iter().skip(after).take(limit).cloned();
    let mut page = page.collect::<Vec<_>>();
    for error in &mut page {
        if !flag(call, "includeErrorMessage", true) {
            error["errorMessage"].take();
        }
        if !flag(call, "includeRowData", true) {
            error["sourceData"]["rowData"] = json!([]);
        }
    }
    let end = after.saturating_add(page.len());
    let paging = (end < import.errors.len()).then(|| Paging::next(end));
    Response::json(200, &Page::new(page, paging))
}
