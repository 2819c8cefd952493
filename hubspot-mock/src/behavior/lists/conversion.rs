//! Scheduled conversions of dynamic lists to static ones.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Deserialize;
use serde_json::json;

use crate::behavior::common::{body, unknown};
use crate::behavior::lists::members::matching;
use crate::behavior::lists::{find, live, missing};
use crate::behavior::{Call, Response};
use crate::definitions::moment_text;
use crate::store::lists::{Conversion, ConversionTime};
use crate::store::{List, Processing, Store};
use crate::values::Refusal;

const DAY: i64 = 24 * 60 * 60 * 1000;

/// When a list is to be converted.
#[derive(Deserialize)]
#[serde(
    tag = "conversionType",
    rename_all = "SCREAMING_SNAKE_CASE",
    rename_all_fields = "camelCase"
)]
enum Schedule {
    ConversionDate { year: i16, month: i8, day: i8 },
    Inactivity { time_unit: String, offset: i64 },
}

/// Performs a request on the conversion of a list.
pub(super) fn handle(call: &Call, store: &mut Store) -> Result<Response, Refusal> {
    let id = find(call, store, "listId")?;
    match call.endpoint.action {
        "schedule_conversion" => {
            let conversion = Some(read(call, store, id)?);
            set(store, id, conversion);
        }
        "cancel_conversion" => {
            set(store, id, None);
            return Ok(Response::empty());
        }
        "get_conversion" => {}
        _ => return Err(unknown(call)),
    }
    let list = live(store, id).ok_or_else(|| missing(&id.to_string()))?;
    if list.conversion.is_none() && list.converted_at.is_none() {
        let message = format!("The list {id} is not scheduled for conversion");
        return Err(Refusal::not_found(message).context("listId", [id.to_string()]));
    }
    let mut body = json!({"listId": id.to_string()});
    if let Some(conversion) = &list.conversion {
        body["requestedConversionTime"] = conversion.request.clone();
    }
    if let Some(time) = list.converted_at {
        body["convertedAt"] = moment_text(time).into();
    }
    Response::json(200, &body)
}

fn set(store: &mut Store, id: u64, conversion: Option<Conversion>) {
    if let Some(list) = store.lists.by_id.get_mut(&id) {
        list.conversion = conversion;
    }
}

fn read(call: &Call, store: &Store, id: u64) -> Result<Conversion, Refusal> {
    let is_dynamic = |list: &List| list.processing == Processing::Dynamic;
    if !live(store, id).is_some_and(is_dynamic) {
        return Err(Refusal::validation("Only a dynamic list can be converted"));
    }
    let time = match body(call)? {
        Schedule::ConversionDate { year, month, day } => {
            let date = Date::new(year, month, day).and_then(|date| date.to_zoned(TimeZone::UTC));
            let date =
                date.map_err(|cause| Refusal::validation(format!("Invalid date: {cause}")))?;
            ConversionTime::At(date.timestamp().as_millisecond())
        }
        Schedule::Inactivity { time_unit, offset } => {
            let unit = match time_unit.as_str() {
                "WEEK" => 7 * DAY,
                "MONTH" => 30 * DAY,
                _ => DAY,
            };
            ConversionTime::Inactive(offset.max(1).saturating_mul(unit))
        }
    };
    Ok(Conversion {
        request: call.json().clone(),
        time,
    })
}

/// Converts the lists whose time has come.
pub(crate) fn convert_due(store: &mut Store, now: i64) {
    let scheduled = store
        .lists
        .by_id
        .iter()
        .filter(|(_, list)| list.conversion.is_some());
    let due = scheduled.filter_map(|(id, list)| {
        let members = matching(store, list);
        let due = match list.conversion.as_ref()?.time {
            ConversionTime::At(time) => time,
            ConversionTime::Inactive(wait) => {
                let latest = members.iter().map(|(_, since)| *since).max();
                latest
                    .unwrap_or_default()
                    .max(list.created_at)
                    .saturating_add(wait)
            }
        };
        (due <= now).then_some((*id, members, due))
    });
    for (id, members, time) in due.collect::<Vec<_>>() {
        if let Some(list) = store.lists.by_id.get_mut(&id) {
            list.processing = Processing::Snapshot;
            list.members = members.into_iter().collect();
            list.conversion = None;
            list.converted_at = Some(time);
            list.updated_at = time;
        }
    }
}
