//! Reads what requests of several APIs have in common.

use serde::Deserialize;

use crate::behavior::Call;
use crate::values::Refusal;

/// Deserializes the body of a request. Fails with 400, which validation has ruled out.
pub(crate) fn body<'a, T: Deserialize<'a>>(call: &'a Call) -> Result<T, Refusal> {
    T::deserialize(call.json())
        .map_err(|cause| Refusal::validation(format!("Invalid input JSON: {cause}")))
}

/// Parses the cursor of a page; 0 for the first page. Fails with 400.
pub(crate) fn cursor(after: Option<&str>) -> Result<u64, Refusal> {
    match after {
        None | Some("") => Ok(0),
        Some(after) => after
            .parse()
            .map_err(|_| Refusal::validation(format!("The cursor \"{after}\" is not valid"))),
    }
}

/// Checks the length of a page.
pub(crate) fn limit(
    given: Option<impl ToString>,
    default: usize,
    longest: usize,
) -> Result<usize, Refusal> {
    let Some(given) = given.map(|given| given.to_string()) else {
        return Ok(default);
    };
    let limit = given.parse().ok();
    let limit = limit.filter(|limit| (1..=longest).contains(limit));
    limit.ok_or_else(|| {
        let message = format!("limit must be between 1 and {longest}");
        Refusal::validation(message).context("limit", [given])
    })
}

/// The 501 for an operation without behavior, which HubSpot does not send.
pub(crate) fn unknown(call: &Call) -> Refusal {
    let message = format!("hubspot-mock does not implement {}.", call.endpoint.id);
    Refusal::new(501, "", message)
}

/// The value of a boolean query parameter: every value except `true`, in any case, is false.
pub(crate) fn flag(call: &Call, name: &str, default: bool) -> bool {
    call.query(name)
        .map_or(default, |value| value.eq_ignore_ascii_case("true"))
}
