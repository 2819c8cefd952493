//! Lists of scopes: sorted, and written once where operations share them.

use std::collections::BTreeSet;

use serde_json::Value;

use super::words;
use super::yaml::{Node, field};

/// Alternatives of `security`, each once.
pub(super) fn sorted(alternatives: &[Value]) -> Vec<(String, Node)> {
    let mut list = alternatives.iter().map(scheme).collect::<Vec<_>>();
    list.sort_by(|(one, _), (other, _)| one.cmp(other));
    list.dedup();
    list
}

pub(super) fn key(alternatives: &[(String, Node)]) -> String {
    let keys = alternatives.iter().map(|(key, _)| key.as_str());
    keys.collect::<Vec<_>>().join(" ")
}

/// An alternative of `security`, and what it is sorted by.
fn scheme(alternative: &Value) -> (String, Node) {
    let schemes = alternative.as_object().into_iter().flatten();
    let schemes = schemes.map(|(name, scopes)| {
        let scopes = scopes.as_array().into_iter().flatten();
        let mut scopes = scopes
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect::<Vec<_>>();
        scopes.sort();
        field(name, Node::Names(scopes))
    });
    let schemes = schemes.collect::<Vec<_>>();
    (format!("{schemes:?}"), Node::Map(schemes))
}

/// The anchor of a list of scopes: `read` if it is about reading alone.
pub(super) fn anchor(scopes: &str, taken: &BTreeSet<String>) -> String {
    let is = |word: &str| scopes.contains(&format!(".{word}\""));
    let name = match (is("read"), is("write")) {
        (true, false) => "read",
        (false, true) => "write",
        _ => "scopes",
    };
    let numbered = (2..).map(|number| format!("{name}-{number}"));
    let mut names = std::iter::once(name.to_owned()).chain(numbered);
    names
        .find(|name| !taken.contains(name))
        .unwrap_or_else(|| words::words(name))
}
