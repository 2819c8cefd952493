//! The findings about raw requests.

use super::{Finding, FindingKind, short};
use crate::model::{Bypass, RawRequest};
use crate::operations;

/// What to do about a request whose scopes are unknown.
pub(super) const STATE_IT: &str = "state what the request needs: `request!(client, \"scope\", method, path)`, or \
                                   `#[hubspot_scopes(\"scope\")]` on the function around it";

/// A request that states no scopes; `None` if the function around it does.
pub(super) fn raw_request<'a>(bypass: &'a Bypass, request: &'a RawRequest) -> Option<Finding<'a>> {
    if request.is_stated {
        return None;
    }
    let sent = &request.request;
    let operation = request.operation.as_deref().and_then(operations::find);
    let (message, help) = match operation {
        Some(operation) => {
            let needs = short(&operation.requirement().unwrap_or_default());
            let call = operations::call(operation);
            (
                format!("`{sent}` is `{}`, which needs {needs}", operation.id),
                format!("call `{call}`: the compiler checks its scopes"),
            )
        }
        None => (
            format!("the scopes that `{sent}` needs are not known"),
            STATE_IT.to_owned(),
        ),
    };
    let function = bypass.function.as_deref();
    let finding = Finding::of_function(FindingKind::RawRequest, function, message);
    Some(finding.at(&bypass.place).help(help))
}
