//! Reads what requests of several APIs have in common.

use serde::Deserialize;

use crate::behavior::call::Call;
use crate::values::refusal::Refusal;

/// The body of a call. It fits the operation's schema, unless someone calls without having checked that.
pub(crate) fn body<'a, T: Deserialize<'a>>(call: &'a Call) -> Result<T, Refusal> {
    T::deserialize(call.json())
        .map_err(|cause| Refusal::validation(format!("Invalid input JSON: {cause}")))
}

/// Where a page starts, by the cursor that the page before has given; 0 for the first.
pub(crate) fn cursor(after: Option<&str>) -> Result<u64, Refusal> {
    match after {
        None | Some("") => Ok(0),
        Some(after) => after.parse().map_err(|_| {
            Refusal::validation(format!(
                "The cursor \"{after}\" is none that a page has given"
            ))
        }),
    }
}

/// What an operation that this part does not know is answered.
pub(crate) fn unknown(call: &Call) -> Refusal {
    Refusal::not_found(format!("{} is not answered here", call.endpoint.id))
}

/// The value of a query parameter that is `true` or `false`.
pub(crate) fn flag(call: &Call, name: &str, default: bool) -> bool {
    call.query(name).map_or(default, |value| value == "true")
}
