//! Associations in version v3, where an association has one type, named by its name or number.

use serde_json::{Value, json};

use crate::behavior::associations::batch::{LONGEST_READ, LONGEST_WRITE, none_found};
use crate::behavior::associations::pair::{self, PAGE};
use crate::behavior::common::{Outcomes, Page, Paging, check_length, cursor, limit, unknown};
use crate::behavior::{Call, Context, Response};
use crate::store::{Neighbours, Store};
use crate::values::{RecordKey, Refusal, TypeId, TypeIndex};

/// Performs a request to this API.
pub(crate) fn handle(call: &Call, context: &Context<'_>) -> Result<Response, Refusal> {
    let store = &mut *context.store()?;
    let from = store.object_type(call.path("objectType"))?;
    let to = store.object_type(call.path("toObjectType"))?;
    match call.endpoint.action {
        "list" => {
            let node = pair::named_node(store, from, call.path("objectId"))?;
            let limit = limit(call.query("limit"), PAGE, PAGE)?;
            let page = page(store, node, to, call.query("after"), limit)?;
            Response::json(200, &page)
        }
        "list_types" => {
            let types = store.associations.types().map(|(_, ty)| ty);
            let types = types.filter(|ty| ty.from == from && ty.to == to);
            let types = types.map(|ty| json!({"id": ty.number.to_string(), "name": ty.name}));
            Response::json(200, &Page::new(types.collect(), None))
        }
        "set" | "archive" => {
            let ids = (call.path("objectId"), call.path("toObjectId"));
            let nodes = pair::nodes(store, (from, ids.0), (to, ids.1))?;
            let ty = association_type(store, from, to, call.path("associationType"))?;
            if call.endpoint.action == "archive" {
                store.associations.unlink(nodes.0, nodes.1, Some(&[ty]));
                return Ok(Response::empty());
            }
            store.associations.link(nodes.0, nodes.1, &[ty]);
            let id = call.path("objectId");
            Response::json(200, &json!({"id": id, "properties": {}, "archived": false}))
        }
        "batch_read" => {
            let found = inputs(call, LONGEST_READ)?
                .iter()
                .map(|input| around(store, from, to, input));
            found.collect::<Outcomes<_>>().respond(call, 200)
        }
        "batch_create" => {
            let inputs = inputs(call, LONGEST_WRITE)?.iter();
            let created = inputs.map(|input| {
                let (nodes, ty) = association(store, from, to, input)?;
                store.associations.link(nodes.0, nodes.1, &[ty]);
                Ok(input.clone())
            });
            created.collect::<Outcomes<_>>().respond(call, 201)
        }
        "batch_archive" => {
            for input in inputs(call, LONGEST_WRITE)? {
                if let Ok((nodes, ty)) = association(store, from, to, input) {
                    store.associations.unlink(nodes.0, nodes.1, Some(&[ty]));
                }
            }
            Ok(Response::empty())
        }
        _ => Err(unknown(call)),
    }
}

fn inputs(call: &Call, longest: usize) -> Result<&Vec<Value>, Refusal> {
    let inputs = call.json()["inputs"].as_array();
    let inputs = inputs.ok_or_else(|| Refusal::validation("inputs must be a list"))?;
    check_length(inputs.len(), longest)?;
    Ok(inputs)
}

/// An id, which may be a number.
fn id(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

/// The records and the type of an input.
fn association(
    store: &Store,
    from: TypeId,
    to: TypeId,
    input: &Value,
) -> Result<((RecordKey, RecordKey), TypeIndex), Refusal> {
    let (from_id, to_id) = (id(&input["from"]["id"]), id(&input["to"]["id"]));
    let nodes = pair::nodes(store, (from, &from_id), (to, &to_id))?;
    let ty = association_type(store, from, to, &id(&input["type"]))?;
    Ok((nodes, ty))
}

/// Finds a type by its name in responses or by its number.
fn association_type(
    store: &Store,
    from: TypeId,
    to: TypeId,
    wanted: &str,
) -> Result<TypeIndex, Refusal> {
    let mut types = store.associations.types();
    let found = types.find(|(_, ty)| {
        let is_named = ty.name == wanted || ty.number.to_string() == wanted;
        ty.from == from && ty.to == to && is_named
    });
    found.map(|(index, _)| index).ok_or_else(|| {
        let (from, to) = (store.plural(from), store.plural(to));
        let message = format!("There is no association type {wanted:?} from {from} to {to}");
        Refusal::validation(message).context("type", [wanted.to_owned()])
    })
}

fn page(
    store: &Store,
    node: RecordKey,
    to: TypeId,
    after: Option<&str>,
    limit: usize,
) -> Result<Page<Value>, Refusal> {
    let targets = store.records(to)?;
    let empty = Neighbours::new();
    let around = store.associations.neighbours(node, to).unwrap_or(&empty);
    let around = around.range(cursor(after)?..);
    let mut around = around.filter(|(id, _)| targets.get(**id, false).is_some());
    let results = around.by_ref().take(limit).flat_map(|(id, types)| {
        let types = types
            .iter()
            .filter_map(|index| store.associations.get(*index));
        types.map(|ty| json!({"id": id.to_string(), "type": ty.name}))
    });
    let results = results.collect();
    let paging = around.next().map(|(id, _)| Paging::next(id));
    Ok(Page::new(results, paging))
}

/// The associations of one record. A record without any is an error of its input.
fn around(store: &Store, from: TypeId, to: TypeId, input: &Value) -> Result<Value, Refusal> {
    let wanted = id(&input["id"]);
    let node = pair::named_node(store, from, &wanted)?;
    let page = page(store, node, to, None, usize::MAX)?;
    if page.results.is_empty() {
        return Err(none_found(store, (from, to), &wanted));
    }
    Ok(json!({"from": {"id": wanted}, "to": page.results}))
}
