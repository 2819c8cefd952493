//! Association types of custom object types.

use serde::Deserialize;

use crate::behavior::common::body;
use crate::behavior::schemas::find;
use crate::behavior::schemas::view::association;
use crate::behavior::{Call, Response};
use crate::definitions::Category;
use crate::store::{Definition, Store};
use crate::values::Refusal;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct NewAssociation<'a> {
    from_object_type_id: &'a str,
    to_object_type_id: &'a str,
    name: Option<&'a str>,
}

pub(super) fn create(call: &Call, store: &mut Store) -> Result<Response, Refusal> {
    let input: NewAssociation<'_> = body(call)?;
    let id = find(store, call.path("objectType"), false)?;
    let from = store.object_type(input.from_object_type_id)?;
    let to = store.object_type(input.to_object_type_id)?;
    if from != id && to != id {
        return Err(Refusal::validation(format!(
            "One of the two object types must be {}",
            call.path("objectType")
        )));
    }
    let (one, other) = (
        store.singular(from).to_owned(),
        store.singular(to).to_owned(),
    );
    let name = input
        .name
        .map_or_else(|| format!("{one}_to_{other}"), ToOwned::to_owned);
    let taken = |name: &str| store.associations.types().any(|(_, ty)| ty.name == name);
    if taken(&name) {
        return Err(
            Refusal::conflict(format!("Association already exists: {name}"))
                .context("name", [name]),
        );
    }
    // HubSpot does not document the name of the other direction.
    let inverse = match input.name {
        Some(name) => format!("{name}_inverse"),
        None => format!("{other}_to_{one}"),
    };
    let [index, _] = store.associations.define(Definition {
        from,
        to,
        names: [name, inverse],
        labels: None,
        now: call.now.as_millisecond(),
    });
    let ty = store.associations.get(index);
    let ty = ty.ok_or_else(|| Refusal::internal(&"the association is gone"))?;
    Response::json(201, &association(store, ty))
}

/// Deletes an association type in both directions, with its associations.
pub(super) fn archive(call: &Call, store: &mut Store) -> Result<Response, Refusal> {
    let id = find(store, call.path("objectType"), false)?;
    let wanted = call.path("associationIdentifier");
    let number = wanted.parse::<u32>().ok();
    let mut types = store
        .associations
        .types()
        .filter(|(_, ty)| (ty.from == id || ty.to == id) && ty.category == Category::UserDefined);
    let found = types.find(|(_, ty)| Some(ty.number) == number || ty.name == wanted);
    let found = found.map(|(index, _)| index);
    drop(types);
    let index = found.ok_or_else(|| {
        Refusal::not_found(format!("Association not found: {wanted}"))
            .context("associationIdentifier", [wanted.to_owned()])
    })?;
    store.associations.remove(index);
    Ok(Response::empty())
}
