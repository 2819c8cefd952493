//! The schemas API: custom object types.

mod associations;
mod create;
mod update;
mod view;

use serde::Deserialize;

use crate::behavior::common::{LONGEST, Page, body, check_length, flag, unknown};
use crate::behavior::schemas::view::Include;
use crate::behavior::{Call, Context, Response};
use crate::store::{Collection, Store};
use crate::values::{Refusal, TypeId};

/// Performs a request to this API.
pub(crate) fn handle(call: &Call, context: &Context<'_>) -> Result<Response, Refusal> {
    let hub_id = context.account()?.hub_id;
    let store = &mut *context.store()?;
    match call.endpoint.action {
        "list" => list(call, store),
        "create" => create::handle(call, store, hub_id),
        "get" => get(call, store),
        "update" => update::handle(call, store, hub_id),
        "archive" => archive(call, store),
        "batch_read" => batch_read(call, store),
        "create_association" => associations::create(call, store),
        "archive_association" => associations::archive(call, store),
        _ => Err(unknown(call)),
    }
}

fn list(call: &Call, store: &Store) -> Result<Response, Refusal> {
    let archived = flag(call, "archived", false);
    let include = Include::of_query(call);
    let results = store.collections().filter_map(|(id, collection)| {
        let schema = collection.ty.custom.as_ref()?;
        let is_listed = schema.archived == archived;
        is_listed.then(|| view::schema(store, id, include))?
    });
    Response::json(200, &Page::new(results.collect(), None))
}

fn get(call: &Call, store: &Store) -> Result<Response, Refusal> {
    let id = find(store, call.path("objectType"), false)?;
    respond(200, store, id, Include::of_query(call))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct BatchRead<'a> {
    #[serde(borrow)]
    inputs: Vec<&'a str>,
    include_property_definitions: bool,
    include_association_definitions: bool,
    include_audit_metadata: bool,
}

/// Types that do not exist are left out, because the response has no errors.
fn batch_read(call: &Call, store: &Store) -> Result<Response, Refusal> {
    let read: BatchRead<'_> = body(call)?;
    check_length(read.inputs.len(), LONGEST)?;
    let include = Include {
        properties: read.include_property_definitions,
        associations: read.include_association_definitions,
        audit: read.include_audit_metadata,
    };
    let results = read.inputs.iter().filter_map(|name| {
        let id = find(store, name, false).ok()?;
        view::schema(store, id, include)
    });
    Response::json(200, &Page::new(results.collect(), None))
}

/// Archives a type or deletes it permanently. HubSpot does not document whether a type must be archived before it is
/// deleted; here it need not be.
fn archive(call: &Call, store: &mut Store) -> Result<Response, Refusal> {
    let name = call.path("objectType");
    let for_good = flag(call, "archived", false);
    let id = match find(store, name, false) {
        Err(_) if for_good => find(store, name, true)?,
        found => found?,
    };
    let collection = store.records_mut(id)?;
    if collection.len() > 0 {
        let message = format!(
            "{name} still has {} records; archive them first",
            collection.len()
        );
        return Err(
            Refusal::validation(message).context("objectTypeId", [collection.ty.id.clone()])
        );
    }
    if for_good {
        store.remove_type(id);
    } else {
        if let Some(schema) = &mut collection.ty.custom {
            schema.archived = true;
            schema.updated_at = call.now.as_millisecond();
        }
        store.remove_names(id);
    }
    Ok(Response::empty())
}

/// Finds a custom type by its id, fully qualified name or name. Fails with 404.
fn find(store: &Store, name: &str, archived: bool) -> Result<TypeId, Refusal> {
    let matches = |collection: &Collection| {
        let ty = &collection.ty;
        ty.custom.as_ref().is_some_and(|schema| {
            let mut names = [&ty.id, &ty.plural, &schema.name].into_iter();
            let is_short = || {
                let short = name.strip_prefix("p_");
                short.is_some_and(|short| schema.name.eq_ignore_ascii_case(short))
            };
            let is_named = names.any(|known| known.eq_ignore_ascii_case(name)) || is_short();
            schema.archived == archived && is_named
        })
    };
    let mut collections = store.collections();
    let found = collections.find(|(_, collection)| matches(collection));
    found.map(|(id, _)| id).ok_or_else(|| missing(name))
}

fn missing(name: &str) -> Refusal {
    Refusal::not_found(format!("Object type not found: {name}"))
        .context("objectType", [name.to_owned()])
}

fn respond(status: u16, store: &Store, id: TypeId, include: Include) -> Result<Response, Refusal> {
    let schema = view::schema(store, id, include).ok_or_else(|| missing(""))?;
    Response::json(status, &schema)
}
