//! HTML pages: the consent page and the dashboard.
//!
//! | path | page |
//! | --- | --- |
//! | `/` | the dashboard |
//! | `/records/{hub id}/{object type}` | an account's records |
//! | `/downloads/{key}/{file}` | the file of an export |
//! | `/oauth/authorize`, `/oauth/{hub id}/authorize` | the consent page |
//!
//! The templates are in `templates/`; everything in them is escaped. Pages load no other resource and run no script.

mod consent;
mod dashboard;
mod download;
mod journal;
mod records;
mod render;
mod scopes;

use crate::pipeline::page::{Page, PageRequest};
use crate::store::ServerState;

/// Renders the page at the path of a request; `None` if there is none.
pub(crate) fn handle(request: &PageRequest<'_>, state: &ServerState) -> Option<Page> {
    let segments: Vec<&str> = request.path.split('/').skip(1).collect();
    match segments[..] {
        [""] => Some(reading(request, || dashboard::page(request, state))),
        ["records", hub_id, object_type] => Some(reading(request, || {
            records::page(request, state, hub_id, object_type)
        })),
        ["downloads", key, _] => Some(reading(request, || download::page(state, key))),
        ["oauth", "authorize"] => Some(consent::page(request, state, None)),
        ["oauth", hub_id, "authorize"] => Some(consent::page(request, state, Some(hub_id))),
        _ => None,
    }
}

/// A page that takes only GET and HEAD.
fn reading(request: &PageRequest<'_>, page: impl FnOnce() -> Page) -> Page {
    match request.method {
        "GET" | "HEAD" => page(),
        _ => render::wrong_method("GET, HEAD"),
    }
}
