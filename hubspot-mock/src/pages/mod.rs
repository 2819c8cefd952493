//! The pages that people look at in a browser: the consent page and the dashboard.
//!
//! Comes in: requests for paths that are no API. Goes out: HTML, or a redirect. Refuses methods that a page does not have;
//! what is no page at all it leaves to the API's routing.

use crate::world::World;

/// A request of a browser.
#[derive(Debug)]
pub(crate) struct PageRequest<'a> {
    /// In capitals.
    pub(crate) method: &'a str,
    /// Percent-decoded, without the query.
    pub(crate) path: &'a str,
    /// The query's parameters, decoded, in their order.
    pub(crate) query: &'a [(String, String)],
    /// The fields of a form (`application/x-www-form-urlencoded`), decoded, in their order; empty for any other body.
    pub(crate) form: &'a [(String, String)],
}

/// What the browser gets.
#[derive(Debug)]
pub(crate) struct Page {
    /// 200, 302, 400, …
    pub(crate) status: u16,
    /// All of them, `content-type` included; names in small letters.
    pub(crate) headers: Vec<(&'static str, String)>,
    /// HTML; nothing with a redirect.
    pub(crate) body: String,
}

/// The page at the request's path; none when there is none, and the path is to be looked for in the API.
pub(crate) fn handle(request: &PageRequest<'_>, _world: &World) -> Option<Page> {
    match request.path {
        "/" => Some(Page {
            status: 200,
            headers: vec![("content-type", "text/html; charset=utf-8".to_owned())],
            body: "<!doctype html><title>HubSpot</title>".to_owned(),
        }),
        _ => None,
    }
}
