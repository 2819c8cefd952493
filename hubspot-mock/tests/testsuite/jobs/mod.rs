//! What takes time by the server's clock: imports, exports and conversions of lists.

#![allow(clippy::needless_pass_by_value, reason = "bodies are written in place")]

mod exports;
mod imports;

use std::time::Duration;

use crate::support::tester::Tester;
use serde_json::{Value, json};

#[tokio::test]
async fn dynamic_lists_are_converted_on_a_date_or_after_inactivity() {
    let hubspot = Tester::start().await;
    hubspot.account.contact([("email", "a@b.co")]);
    let known = json!({"filterBranchType": "AND", "filterBranchOperator": "AND", "filterBranches": [], "filters": [{
        "filterType": "PROPERTY", "property": "email", "operation": {"operationType": "ALL_PROPERTY", "operator": "IS_KNOWN", "includeObjectsWithNoValueSet": false},
    }]});
    for (name, schedule) in [
        (
            "date",
            json!({"conversionType": "CONVERSION_DATE", "year": 2099, "month": 2, "day": 1}),
        ),
        (
            "idle",
            json!({"conversionType": "INACTIVITY", "timeUnit": "WEEK", "offset": 2}),
        ),
    ] {
        let list = json!({"name": name, "objectTypeId": "0-1", "processingType": "DYNAMIC", "filterBranch": known});
        let list = format!("/crm/v3/lists/{}", hubspot.account.list(&list));
        let conversion = format!("{list}/schedule-conversion");
        assert_eq!(hubspot.status("GET", &conversion, Value::Null).await, 404);
        hubspot.ok("PUT", &conversion, schedule.clone()).await;
        hubspot.ok("DELETE", &conversion, Value::Null).await;
        let scheduled = hubspot.ok("PUT", &conversion, schedule.clone()).await;
        assert_eq!(scheduled["requestedConversionTime"], schedule);
        assert_eq!(
            hubspot.get(&list).await["list"]["processingType"],
            "DYNAMIC"
        );
        let days = if name == "date" { 365 * 80 } else { 15 };
        hubspot.hubspot.advance(Duration::from_hours(24 * days));
        assert_eq!(
            hubspot.get(&list).await["list"]["processingType"],
            "SNAPSHOT",
            "{name}"
        );
        assert!(hubspot.get(&conversion).await["convertedAt"].is_string());
        assert_eq!(hubspot.get(&list).await["list"]["size"], 1);
        assert_eq!(hubspot.status("PUT", &conversion, schedule).await, 400);
    }
}
