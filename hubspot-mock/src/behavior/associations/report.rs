//! Requests a report of records near their association limits. HubSpot sends it by e-mail; this mock does not.

use serde::Serialize;

use crate::behavior::{Call, Response};
use crate::values::Refusal;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    user_id: i64,
    user_email: String,
    enqueue_time: Moment,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Moment {
    /// Milliseconds since 1970.
    value: i64,
    date_only: bool,
    time_zone_shift: i32,
}

pub(super) fn request(call: &Call) -> Result<Response, Refusal> {
    let user_id = call.path("userId").parse::<i64>().ok();
    let user_id = user_id.ok_or_else(|| Refusal::validation("userId must be a number"))?;
    Response::json(
        200,
        &Report {
            user_id,
            user_email: format!("user-{user_id}@example.com"),
            enqueue_time: Moment {
                value: call.now.as_millisecond(),
                date_only: false,
                time_zone_shift: 0,
            },
        },
    )
}
