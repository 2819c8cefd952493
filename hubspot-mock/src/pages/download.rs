//! Files of exports. Their paths are secret and work for five minutes, by the server's clock.

use crate::pipeline::page::Page;
use crate::store::ServerState;
use crate::store::jobs::{Export, end};
use crate::values::sync;

/// How long a file can be downloaded, in milliseconds.
const LIFETIME: i64 = 5 * 60 * 1000;

/// The file; 403 if there is none at this path.
pub(super) fn page(state: &ServerState, key: &str) -> Page {
    let now = state.clock.now().as_millisecond();
    let is_open = |export: &Export| {
        let open = end(export.created_at)..=end(export.created_at).saturating_add(LIFETIME);
        export.key == key && open.contains(&now)
    };
    let accounts = sync::read(&state.accounts);
    let found = accounts.values().find_map(|account| {
        let store = sync::lock(&account.crm);
        let export = store.jobs.exports.values().find(|export| is_open(export))?;
        Some(export.csv.clone())
    });
    let (status, content_type, body) = match found {
        Some(csv) => (200, "text/csv; charset=utf-8", csv),
        None => (
            403,
            "text/plain",
            "The link is unknown or has expired: get the status of the export again.\n".to_owned(),
        ),
    };
    Page {
        status,
        headers: vec![("content-type", content_type.to_owned())],
        body,
    }
}
