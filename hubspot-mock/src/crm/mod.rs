//! The records of an account.
//!
//! Comes in: calls of companies, contacts, line items, custom objects, schemas and associations. Goes out: answers.
//! Refuses what HubSpot refuses. A refused call, or a refused input of a batch, changes nothing.
//!
//! - [`store`] keeps the object types ([`object_type`], [`standard`], [`properties`]) and, for each, a [`collection`] of
//!   [`record`]s with its indexes ([`index`]); [`view`] writes records as JSON.
//! - [`objects`], [`search`], [`schemas`] and [`associations`] answer calls.

mod associations;
pub(crate) mod objects;
mod schemas;
mod search;
mod view;

use serde::Deserialize;

use crate::call::{Answer, Call};
use crate::store::account::Account;
use crate::values::refusal::Refusal;
use crate::values::sync;

/// Does what the call asks for.
pub(crate) fn handle(call: &Call, account: &Account) -> Result<Answer, Refusal> {
    let mut store = sync::lock(&account.crm);
    match call.endpoint.resource {
        "schemas" => schemas::handle(call, &mut store, account.hub_id),
        "associations" => associations::handle(call, &mut store),
        _ => objects::handle(call, &mut store),
    }
}

/// The body of a call. It fits the operation's schema, unless someone calls without having checked that.
fn body<'a, T: Deserialize<'a>>(call: &'a Call) -> Result<T, Refusal> {
    T::deserialize(call.json())
        .map_err(|cause| Refusal::validation(format!("Invalid input JSON: {cause}")))
}

/// Where a page starts, by the cursor that the page before has given; 0 for the first.
fn cursor(after: Option<&str>) -> Result<u64, Refusal> {
    match after {
        None | Some("") => Ok(0),
        Some(after) => after.parse().map_err(|_| {
            Refusal::validation(format!(
                "The cursor \"{after}\" is none that a page has given"
            ))
        }),
    }
}

/// What an operation that this part does not know is answered.
fn unknown(call: &Call) -> Refusal {
    Refusal::not_found(format!("{} is not answered here", call.endpoint.id))
}

/// The value of a query parameter that is `true` or `false`.
fn flag(call: &Call, name: &str, default: bool) -> bool {
    call.query(name).map_or(default, |value| value == "true")
}
