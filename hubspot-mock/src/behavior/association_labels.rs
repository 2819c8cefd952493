//! Labels of associations.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::behavior::common::{Page, body, unknown};
use crate::behavior::{Call, Context, Response};
use crate::definitions::{AssociationType, Category, Spec};
use crate::store::{Definition, Store};
use crate::values::{Refusal, TypeId, TypeIndex};

/// Whether the operation has behavior.
pub(crate) fn has(call: &Call) -> bool {
    call.endpoint.action.ends_with("label") || call.endpoint.action == "list_labels"
}

/// Performs a request to this API.
pub(crate) fn handle(call: &Call, context: &Context<'_>) -> Result<Response, Refusal> {
    let store = &mut *context.store()?;
    let from = store.object_type(call.path("fromObjectType"))?;
    let to = store.object_type(call.path("toObjectType"))?;
    match call.endpoint.action {
        "list_labels" => {
            let types = store.associations.types().map(|(_, ty)| ty);
            let types = types.filter(|ty| ty.from == from && ty.to == to);
            Response::json(200, &Page::new(types.map(label_json).collect(), None))
        }
        "create_label" => create(call, store, from, to),
        "update_label" => update(call, store, from, to),
        "archive_label" => {
            let number = call.path("associationTypeId").parse::<u32>().unwrap_or(0);
            let index = own(store, from, to, number)?;
            store.associations.remove(index);
            Ok(Response::empty())
        }
        _ => Err(unknown(call)),
    }
}

fn label_json(ty: &AssociationType) -> Value {
    json!({"category": ty.category, "typeId": ty.number, "label": ty.label})
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct LabelInput<'a> {
    label: &'a str,
    inverse_label: Option<&'a str>,
    name: Option<&'a str>,
    association_type_id: Option<u32>,
}

/// Creates a label. The response has both directions.
fn create(call: &Call, store: &mut Store, from: TypeId, to: TypeId) -> Result<Response, Refusal> {
    let input: LabelInput<'_> = body(call)?;
    let name = input.name.unwrap_or_default();
    let inverse = input.inverse_label.unwrap_or(input.label);
    let names = match input.inverse_label {
        Some(_) => [name.to_owned(), format!("{name}_inverse")],
        None => [name.to_owned(), name.to_owned()],
    };
    check_label(store, (from, to), input.label, Some(&names[0]), None)?;
    check_label(store, (to, from), inverse, Some(&names[1]), None)?;
    let indexes = store.associations.define(Definition {
        from,
        to,
        names,
        labels: Some([input.label, inverse].map(str::to_owned)),
        now: call.now.as_millisecond(),
    });
    let mut indexes = indexes.to_vec();
    indexes.dedup();
    let types = indexes.into_iter();
    let types = types.filter_map(|index| store.associations.get(index).map(label_json));
    Response::json(200, &Page::new(types.collect(), None))
}

fn update(call: &Call, store: &mut Store, from: TypeId, to: TypeId) -> Result<Response, Refusal> {
    let input: LabelInput<'_> = body(call)?;
    let index = own(store, from, to, input.association_type_id.unwrap_or(0))?;
    check_label(store, (from, to), input.label, None, Some(index))?;
    if let Some(inverse) = input.inverse_label {
        let other = store.associations.get(index).map(|ty| ty.inverse);
        check_label(store, (to, from), inverse, None, other)?;
    }
    let inverse = input.inverse_label.map(str::to_owned);
    store
        .associations
        .relabel(index, input.label.to_owned(), inverse);
    Ok(Response::empty())
}

/// Fails if a label is empty, or if another type of associations in this direction has it or its name.
fn check_label(
    store: &Store,
    (from, to): (TypeId, TypeId),
    label: &str,
    name: Option<&str>,
    except: Option<TypeIndex>,
) -> Result<(), Refusal> {
    if label.trim().is_empty() {
        return Err(
            Refusal::validation("A label must not be empty").context("label", [label.to_owned()])
        );
    }
    let mut types = store.associations.types();
    let taken = types.any(|(index, ty)| {
        let is_same = ty.label.as_deref() == Some(label) || Some(ty.name.as_str()) == name;
        ty.from == from && ty.to == to && Some(index) != except && is_same
    });
    if !taken {
        return Ok(());
    }
    let name = name.map(|name| format!(" or its name {name:?}"));
    let message = format!(
        "The label {label:?}{} exists already",
        name.unwrap_or_default()
    );
    Err(Refusal::validation(message).context("label", [label.to_owned()]))
}

/// Finds a label between two types that the account has defined.
fn own(store: &Store, from: TypeId, to: TypeId, number: u32) -> Result<TypeIndex, Refusal> {
    let category = Category::UserDefined;
    let found = store.associations.named(from, Spec { category, number });
    let found = found.filter(|index| {
        let ty = store.associations.get(*index);
        ty.is_some_and(|ty| ty.to == to && ty.label.is_some())
    });
    found.ok_or_else(|| {
        Refusal::not_found(format!("There is no label with the type id {number}"))
            .context("associationTypeId", [number.to_string()])
    })
}
