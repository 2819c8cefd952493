//! Calls operations without HTTP, tokens and limits, to set up an account.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use crate::behavior;
use crate::behavior::{Call, Context};
use crate::generated::CURRENT;
use crate::pipeline::router::{NoRoute, router};
use crate::pipeline::validate;
use crate::pipeline::validate::Form;
use crate::pipeline::validate::unknown::unknown_field;
use crate::store::{Account, ServerState};
use crate::values::Refusal;

/// Joins segments to a path, percent-encoded.
pub(crate) fn path(segments: &[&str]) -> String {
    let encoded = segments.iter().map(|segment| {
        let segment = utf8_percent_encode(segment, NON_ALPHANUMERIC);
        format!("/{segment}")
    });
    encoded.collect()
}

/// Fails if a body has a field that no operation in `paths` knows.
fn check_known(paths: &[&str], body: &Value) -> Result<(), Refusal> {
    let known = paths.iter().filter_map(|path| {
        let route = router().find("POST", path).ok()?;
        route.operation.endpoint.body
    });
    let mut unknown = known.map(|known| unknown_field(&known.ty, body));
    let first = unknown.next().flatten();
    match first.filter(|_| unknown.all(|more| more.is_some())) {
        Some(message) => Err(Refusal::validation(message)),
        None => Ok(()),
    }
}

/// Calls `method` on `path` with a JSON body. Returns the JSON response, or `null` if there is none.
fn call(
    state: &ServerState,
    account: &Account,
    method: &str,
    path: &str,
    body: &Value,
) -> Result<Value, Refusal> {
    let route = router()
        .find(method, path)
        .map_err(|no_route| match no_route {
            NoRoute::NotText => Refusal::validation("The path is not UTF-8."),
            NoRoute::Unknown | NoRoute::OtherMethods(_) => {
                Refusal::new(404, "", format!("There is no {method} {path}."))
            }
        })?;
    let endpoint = route.operation.endpoint;
    let body = if body.is_null() {
        String::new()
    } else {
        body.to_string()
    };
    let form = Form {
        path: &route.path,
        query: "",
        content_type: Some(b"application/json"),
        body: body.as_bytes(),
    };
    let checked = validate::check(endpoint, &form)?;
    let call = Call {
        endpoint,
        path: route.path,
        query: checked.query,
        body: checked.body,
        now: state.clock.now(),
        correlation_id: String::new(),
    };
    let context = Context {
        state,
        account: Some(account),
        grant: None,
    };
    let response = behavior::handle(&call, &context)?;
    if response.body.is_empty() {
        return Ok(Value::Null);
    }
    serde_json::from_slice(&response.body).map_err(|cause| Refusal::internal(&cause))
}

/// Creates a part of the account's settings: a property, a group, a pipeline, a label or a list.
pub(crate) fn create(
    state: &ServerState,
    account: &Account,
    path: &str,
    body: &Value,
) -> Result<Value, Refusal> {
    check_known(&[path], body)?;
    call(state, account, "POST", path, body)
}

/// Adds records to a list.
pub(crate) fn add_members(
    state: &ServerState,
    account: &Account,
    list: &str,
    members: &[String],
) -> Result<(), Refusal> {
    let path = path(&["crm", "lists", CURRENT, list, "memberships", "add"]);
    call(state, account, "PUT", &path, &members.into()).map(drop)
}

/// Sets a validation rule of a property, given as object type, property and type of the rule.
pub(crate) fn set_rule(
    state: &ServerState,
    account: &Account,
    [object_type, property, ty]: [&str; 3],
    arguments: &[String],
) -> Result<(), Refusal> {
    let api = ["crm", "property-validations", CURRENT];
    let path = path(&[&api[..], &[object_type, property, "rule-type", ty]].concat());
    let body = serde_json::json!({"ruleArguments": arguments});
    call(state, account, "PUT", &path, &body).map(drop)
}

/// Associates two records, each given as its object type and id, without a label.
pub(crate) fn associate(
    state: &ServerState,
    account: &Account,
    (from, from_id): (&str, &str),
    (to, to_id): (&str, &str),
) -> Result<(), Refusal> {
    let [first, rest] = [
        &["crm", "v4", "objects", from, from_id][..],
        &["associations", "default", to, to_id],
    ];
    let path = path(&[first, rest].concat());
    call(state, account, "PUT", &path, &Value::Null).map(drop)
}

/// Defines a custom object type and returns its id.
pub(crate) fn define(
    state: &ServerState,
    account: &Account,
    schema: &Value,
) -> Result<String, Refusal> {
    // Later versions require fields that most schemas leave empty.
    let path = "/crm-object-schemas/v3/schemas";
    let current = format!("/crm-object-schemas/{CURRENT}/schemas");
    check_known(&[path, &current], schema)?;
    let response = call(state, account, "POST", path, schema)?;
    let id = response.get("objectTypeId").and_then(Value::as_str);
    id.map(str::to_owned)
        .ok_or_else(|| Refusal::internal(&"the schema has no objectTypeId"))
}
