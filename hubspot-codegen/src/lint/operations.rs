//! The known faults of operations: their scopes, names and responses.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::{Action, Report, json_path};
use crate::correct::ANY_OBJECT;
use crate::error::{join, unescape};

/// The methods of operations in a path item.
pub(super) const METHODS: [&str; 5] = ["delete", "get", "patch", "post", "put"];

/// Reports the faults of one operation.
pub(super) fn at(
    document: &Value,
    fields: &Map<String, Value>,
    pointer: &str,
    report: &mut Report<'_>,
) {
    let security = fields.get("security").or_else(|| document.get("security"));
    let entries = security
        .and_then(Value::as_array)
        .map_or(&[][..], Vec::as_slice);
    if entries.is_empty() {
        let scopes = json!({"security": [{"oauth2": []}]});
        let fault = "no `security`, which would mean that no token is needed: list the scopes";
        report(pointer, fault, json_path(pointer), Action::Update(scopes));
    }
    joined(entries, pointer, report);
    if entries.len() >= ANY_OBJECT {
        let at = join(pointer, "security");
        let fault =
            "the scopes of every object type: of one type's operation, keep those of the type";
        report(&at, fault, json_path(&at), Action::Decide);
    }
    responses(fields, pointer, report);
    let id = fields.get("operationId");
    let paths = document.get("paths").and_then(Value::as_object);
    let items = paths.into_iter().flat_map(Map::values);
    let all = items.flat_map(|item| METHODS.iter().filter_map(|method| item.get(method)));
    if id.is_some() && all.filter(|other| other.get("operationId") == id).count() > 1 {
        let at = join(pointer, "operationId");
        let own = pointer.rsplit_once('/').unwrap_or_default();
        let path = unescape(own.0.trim_start_matches("/paths/"));
        let update = json!({"operationId": format!("{}-{path}", own.1)});
        let fault = "an `operationId` that another operation has too";
        report(&at, fault, json_path(pointer), Action::Update(update));
    }
}

/// Entries that ask for two scopes at once where either is enough.
fn joined(entries: &[Value], pointer: &str, report: &mut Report<'_>) {
    let mut separate = Vec::new();
    let mut filters = BTreeSet::new();
    for (scheme, scopes) in entries.iter().filter_map(Value::as_object).flatten() {
        let scopes = scopes.as_array().map_or(&[][..], Vec::as_slice);
        let place = scopes.iter().position(|scope| scope == "e-commerce");
        if let (2, Some(place)) = (scopes.len(), place) {
            separate.extend(scopes.iter().map(|scope| json!({scheme.as_str(): [scope]})));
            filters.insert(format!(
                "(@['{scheme}'][{place}] == 'e-commerce' && @['{scheme}'][1])"
            ));
        }
    }
    if separate.is_empty() {
        return;
    }
    let at = join(pointer, "security");
    let filters = filters.into_iter().collect::<Vec<_>>().join(" || ");
    let target = format!("{}[?{filters}]", json_path(&at));
    let fault = "a scope and `e-commerce` at once, where either is enough: first remove them";
    report(&at, fault, target, Action::Remove);
    let fault = "a scope and `e-commerce` at once, where either is enough: then list them apart";
    report(
        &at,
        fault,
        json_path(pointer),
        Action::Update(json!({"security": separate})),
    );
}

/// No success, and a batch that does not say what becomes of it if only some of its inputs are at fault.
fn responses(fields: &Map<String, Value>, pointer: &str, report: &mut Report<'_>) {
    let responses = fields.get("responses").and_then(Value::as_object);
    let successes = responses
        .into_iter()
        .flatten()
        .filter(|(status, _)| status.starts_with('2'))
        .collect::<Vec<_>>();
    let at = join(pointer, "responses");
    if successes.is_empty() {
        let update = json!({"responses": {"200": {"description": "TODO"}}});
        let fault = "no success among the responses: add it with what it returns";
        report(&at, fault, json_path(pointer), Action::Update(update));
    }
    let path = pointer.trim_start_matches("/paths/");
    let is_batch = unescape(path).split('/').any(|part| part == "batch");
    let returns = |(_, response): &(&String, &Value)| response.get("content").is_some();
    let is_partial = successes.iter().any(|(status, _)| *status == "207");
    if is_batch && !is_partial && successes.iter().any(returns) {
        let fault = "a batch without 207, which HubSpot sends if some of its inputs are at fault";
        report(&at, fault, json_path(&at), Action::Decide);
    }
}
