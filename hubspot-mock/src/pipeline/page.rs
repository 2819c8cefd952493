//! Requests and responses of pages, which the layer above renders.

use crate::store::ServerState;

/// Renders the page at the path of a request; `None` if there is none.
pub(crate) type Render = fn(&PageRequest<'_>, &ServerState) -> Option<Page>;

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

/// The response to a request for a page.
#[derive(Debug)]
pub(crate) struct Page {
    /// 200, 302, 400, …
    pub(crate) status: u16,
    /// All headers, with lower-case names.
    pub(crate) headers: Vec<(&'static str, String)>,
    /// HTML; nothing with a redirect.
    pub(crate) body: String,
}

impl PageRequest<'_> {
    /// The first value of a query parameter.
    pub(crate) fn query(&self, name: &str) -> Option<&str> {
        let found = self.query.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// The first value of a form field.
    pub(crate) fn form(&self, name: &str) -> Option<&str> {
        let found = self.form.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }
}
