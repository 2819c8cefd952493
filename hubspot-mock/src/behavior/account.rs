//! Information about the account.

use serde_json::json;

use crate::behavior::common::{Page, unknown};
use crate::behavior::{Call, Context, Response};
use crate::definitions::moment_text;
use crate::store::Account;
use crate::values::Refusal;

/// Performs a request to this API.
pub(crate) fn handle(call: &Call, context: &Context<'_>) -> Result<Response, Refusal> {
    let account = context.account()?;
    match call.endpoint.action {
        "get_details" => details(account),
        "list_private_app_usage" => private_app_usage(call, account),
        _ => Err(unknown(call)),
    }
}

/// The details of the account. All accounts are in the same time zone and currency.
fn details(account: &Account) -> Result<Response, Refusal> {
    let details = json!({
        "portalId": account.hub_id,
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

/// The daily limit that all static tokens of the account share. Without a limit, there is nothing to list.
fn private_app_usage(call: &Call, account: &Account) -> Result<Response, Refusal> {
    let usage = account.limits.today(call.now).map(|today| {
        // HubSpot's documents give both numbers 32 bits.
        let [used, limit] = [today.used, today.limit].map(|calls| calls.min(i32::MAX as u64));
        json!({
            "name": "private-apps-api-calls-daily",
            "usageLimit": limit,
            "currentUsage": used,
            "collectedAt": moment_text(call.now.as_millisecond()),
            "fetchStatus": "SUCCESS",
            "resetsAt": moment_text(today.end),
        })
    });
    Response::json(200, &Page::new(usage.into_iter().collect(), None))
}
