//! Calls from within, for setting up: the operations without HTTP, tokens and limits.
//!
//! Comes in: an operation, its path and its body. Goes out: what the operation answers. Refuses what the operation
//! refuses.

use serde_json::Value;

use crate::behavior;
use crate::behavior::Context;
use crate::behavior::call::Call;
use crate::pipeline::router::{NoRoute, router};
use crate::pipeline::validate;
use crate::pipeline::validate::Form;
use crate::store::account::Account;
use crate::store::world::World;
use crate::values::refusal::Refusal;

/// Calls `method` on `path` with a JSON body; gives the JSON answer, `null` if there is none.
pub(crate) fn call(
    world: &World,
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
        now: world.clock.now(),
        correlation_id: String::new(),
    };
    let context = Context {
        world,
        account: Some(account),
        grant: None,
    };
    let answer = behavior::handle(&call, &context)?;
    if answer.body.is_empty() {
        return Ok(Value::Null);
    }
    serde_json::from_slice(&answer.body).map_err(|cause| Refusal::internal(&cause))
}
