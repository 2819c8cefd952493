//! Deletes contacts permanently. HubSpot takes up to 30 days for it; this mock does it at once.

use serde::Deserialize;

use crate::behavior::common::{body, missing};
use crate::behavior::objects::lookup;
use crate::behavior::{Call, Response};
use crate::definitions::{is_email, lower};
use crate::store::Store;
use crate::values::{Refusal, TypeId};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Erase<'a> {
    object_id: &'a str,
    id_property: Option<&'a str>,
}

pub(super) fn handle(call: &Call, store: &mut Store, ty: TypeId) -> Result<Response, Refusal> {
    let erase: Erase<'_> = body(call)?;
    let collection = store.records_mut(ty)?;
    let find = |archived| lookup(collection, erase.id_property, erase.object_id, archived);
    let found = match find(false)? {
        Some(record) => Some(record),
        None => find(true)?,
    };
    let email = lower(erase.object_id.trim()).into_owned();
    match found.map(|record| record.id) {
        Some(id) => {
            collection.erase(id);
            store.associations.forget((ty, id));
        }
        // An unknown address is blocklisted.
        None if erase.id_property == Some("email") && is_email(&email) => {
            collection.blocked.insert(email);
        }
        None => return Err(missing(collection, erase.object_id)),
    }
    Ok(Response::empty())
}
