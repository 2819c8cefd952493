//! Information about the account.

use serde_json::json;

use crate::behavior::{Call, Context, Response};
use crate::values::Refusal;

/// Whether the operation has behavior.
pub(crate) fn has(call: &Call) -> bool {
    call.endpoint.action == "get_details"
}

/// The details of the account. All accounts are in the same time zone and currency.
pub(crate) fn handle(_: &Call, context: &Context<'_>) -> Result<Response, Refusal> {
    let details = json!({
        "portalId": context.account()?.hub_id,
        "accountType": "STANDARD",
        "timeZone": "Etc/UTC",
        "companyCurrency": "USD",
        "additionalCurrencies": [],
        "utcOffset": "+00:00",
        "utcOffsetMilliseconds": 0,
        "uiDomain": "app.hubspot.com",
        "dataHostingLocation": "na1",
    });
    Response::json(200, &details)
}
