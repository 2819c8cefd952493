//! The records of one object type in one account, page by page; `?from=` is the id to start at.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Value, json};

use crate::pages::render::{problem, render};
use crate::pipeline::page::{Page, PageRequest};
use crate::store::{Account, ServerState, TypeSummary};
use crate::values::sync;

/// How many records a page lists.
const MOST_ROWS: usize = 50;

/// The object types of an account that have records, including archived ones.
pub(super) fn filled_types(account: &Account) -> Vec<TypeSummary> {
    let mut types = sync::lock(&account.crm).summary();
    types.retain(|ty| ty.records + ty.archived > 0);
    types
}

/// An account with its object types.
pub(super) fn account_values(account: &Account) -> Value {
    json!({ "name": account.name, "hub_id": account.hub_id, "types": filled_types(account) })
}

pub(super) fn page(
    request: &PageRequest<'_>,
    state: &ServerState,
    hub_id: &str,
    object_type: &str,
) -> Page {
    let accounts = sync::read(&state.accounts);
    let mut accounts = accounts.values();
    let found = accounts.find(|account| account.hub_id.to_string() == hub_id);
    let Some(account) = found.map(Arc::clone) else {
        return problem(404, "No account has this Hub ID", "records", json!({}));
    };
    let from = request.query("from").and_then(|id| id.parse().ok());
    // The row after the last one is where the next page begins.
    let mut rows = sync::lock(&account.crm).rows(object_type, from.unwrap_or(0), MOST_ROWS + 1);
    let next = rows.get(MOST_ROWS).map(|row| row.id);
    rows.truncate(MOST_ROWS);
    // A column for each property that a record of the page has.
    let names = rows.iter().flat_map(|row| row.properties.keys());
    let columns = names.collect::<BTreeSet<_>>();
    let types = filled_types(&account);
    let mut types = types.iter();
    let known = types.find(|ty| ty.name == object_type || ty.id == object_type);
    let values = json!({
        "title": format!("{object_type} of {}", account.name),
        "account": account_values(&account),
        "object_type": object_type,
        "total": known.map(|ty| ty.records),
        "columns": columns,
        "rows": rows,
        "from": from,
        "here": format!("/records/{hub_id}/{object_type}"),
        "next": next,
    });
    render(200, "records.html", &values, None)
}
