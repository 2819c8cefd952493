//! The history of values.

use serde_json::{Value, json};

use super::{Tester, text};

#[tokio::test]
async fn former_values_are_kept_newest_first() {
    let hubspot = Tester::start().await;
    let contacts = "/crm/objects/2026-09/contacts";
    let id = hubspot
        .account
        .contact([("email", "a@b.c"), ("city", "Paris")]);
    for city in ["London", "London", ""] {
        let body = json!({"properties": {"city": city}});
        assert_eq!(
            hubspot.patch(&format!("{contacts}/{id}"), body).await.0,
            200
        );
    }
    let path = format!("{contacts}/{id}?propertiesWithHistory=city");
    let (_, read) = hubspot.get(&path).await;
    assert_eq!(read["properties"]["city"], Value::Null);
    let history = read["propertiesWithHistory"]["city"].as_array().unwrap();
    let values = history.iter().map(|entry| text(&entry["value"]));
    assert_eq!(
        values.collect::<Vec<_>>(),
        ["", "London", "Paris"],
        "the same value again leaves no trace"
    );
    let times = history
        .iter()
        .map(|entry| text(&entry["timestamp"]))
        .collect::<Vec<_>>();
    assert!(
        times.is_sorted_by(|later, earlier| later > earlier),
        "{times:?}"
    );
    assert_eq!(history[0]["sourceType"], "API");
    assert_eq!(history[2]["sourceType"], "CRM_UI");
    assert_eq!(history[2]["sourceId"], "userId:1");

    let body = json!({
        "inputs": [{"id": id}],
        "properties": ["email"],
        "propertiesWithHistory": ["email", "hs_object_id"],
    });
    let (_, batch) = hubspot.post(&format!("{contacts}/batch/read"), body).await;
    let history = &batch["results"][0]["propertiesWithHistory"];
    assert_eq!(history["email"][0]["value"], "a@b.c");
    assert_eq!(history["hs_object_id"][0]["value"], id.as_str());
}
