//! The findings about raw requests.

use super::{Finding, Kind, short};
use crate::model::{Bypass, RawRequest};
use crate::operations;

/// What to do about a request of which nothing tells what it needs.
pub(super) const STATE_IT: &str = "state what the request needs: `request!(client, \"scope\", method, path)`, or \
                                   `#[hubspot_scopes(\"scope\")]` on the function around it";

/// A request that states nothing; none if the function around it does.
pub(super) fn raw_request<'a>(bypass: &'a Bypass, request: &'a RawRequest) -> Option<Finding<'a>> {
    if request.is_stated {
        return None;
    }
    let function = bypass.function.as_deref();
    let operation = request.operation.as_deref().and_then(operations::find);
    let (message, help) = match operation {
        Some(operation) => (
            format!(
                "`{}` is `{}`, which needs {}",
                request.request,
                operation.id,
                short(&operation.requirement().unwrap_or_default())
            ),
            format!(
                "call `{}`: the compiler checks its scopes",
                operations::call(operation)
            ),
        ),
        None => (
            format!("what `{}` needs is not known", request.request),
            STATE_IT.to_owned(),
        ),
    };
    let label = function.map_or_else(String::new, |function| format!("in `{function}`"));
    Some(Finding {
        function,
        ..Finding::new(Kind::RawRequest, function.unwrap_or_default(), message)
            .at(&bypass.place, label)
            .help(&help)
    })
}
