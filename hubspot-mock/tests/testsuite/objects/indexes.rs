//! Searches give the same results with and without an index, whatever the number of records.

use serde_json::{Value, json};

use super::{Tester, ids};

const SEARCH: &str = "/crm/objects/2026-09/contacts/search";

/// Contacts in no order of anything: some without an address, some changed or archived later.
async fn seed(hubspot: &Tester, count: u64) {
    let contacts = "/crm/objects/2026-09/contacts";
    for number in 0..count {
        let scattered = number * 7919 % count;
        let created = format!(
            "2025-01-01T{:02}:{:02}:00Z",
            scattered / 60 % 24,
            scattered % 60
        );
        let (email, name) = (format!("{scattered:05}@b.c"), format!("n{scattered}"));
        let mut properties = vec![
            ("firstname", name.as_str()),
            ("createdate", created.as_str()),
        ];
        if number % 10 != 3 {
            properties.push(("email", email.as_str()));
        }
        let id = hubspot.account.contact(properties);
        match number % 40 {
            1 => {
                let body = json!({"properties": {"city": "Paris"}});
                hubspot.patch(&format!("{contacts}/{id}"), body).await;
            }
            2 => drop(hubspot.delete(&format!("{contacts}/{id}")).await),
            _ => {}
        }
    }
}

/// All ids that a search finds, page by page, and the total that it tells.
async fn all(hubspot: &Tester, mut body: Value) -> (Vec<String>, u64) {
    let mut found = Vec::new();
    body["limit"] = json!(90);
    loop {
        let (status, page) = hubspot.post(SEARCH, body.clone()).await;
        assert_eq!(status, 200, "{page}");
        found.extend(ids(&page));
        let Some(after) = page["paging"]["next"]["after"].as_str() else {
            return (found, page["total"].as_u64().unwrap());
        };
        body["after"] = json!(after);
    }
}

#[tokio::test]
async fn an_index_changes_no_result() {
    let hubspot = Tester::start().await;
    seed(&hubspot, 400).await;
    let (every, _) = all(&hubspot, json!({})).await;
    let middle = &every[every.len() / 2];
    let filters = [
        Value::Null,
        json!({"propertyName": "hs_object_id", "operator": "GTE", "value": middle}),
        json!({"propertyName": "hs_object_id", "operator": "LT", "value": middle}),
        json!({"propertyName": "createdate", "operator": "GT", "value": "2025-01-01T02:00:00Z"}),
        json!({"propertyName": "createdate", "operator": "BETWEEN",
            "value": "2025-01-01T01:00:00Z", "highValue": "2025-01-01T03:00:00Z"}),
        json!({"propertyName": "lastmodifieddate", "operator": "GTE", "value": "2025-06-01"}),
        json!({"propertyName": "email", "operator": "LT", "value": "00200@b.c"}),
        json!({"propertyName": "email", "operator": "HAS_PROPERTY"}),
    ];
    // A condition that every record meets, on a property without an index: with it every record is looked at.
    let always = json!({"propertyName": "firstname", "operator": "HAS_PROPERTY"});
    for filter in &filters {
        for sort in [
            "",
            "-hs_object_id",
            "createdate",
            "-createdate",
            "-lastmodifieddate",
            "email",
            "-email",
        ] {
            let sorts = if sort.is_empty() {
                json!([])
            } else {
                json!([sort])
            };
            let mut filters = vec![filter.clone()];
            filters.retain(|filter| !filter.is_null());
            let groups = if filters.is_empty() {
                json!([])
            } else {
                json!([{"filters": filters}])
            };
            let indexed = all(&hubspot, json!({"filterGroups": groups, "sorts": sorts})).await;
            filters.push(always.clone());
            let scanned = json!({"filterGroups": [{"filters": filters}], "sorts": sorts});
            let scanned = all(&hubspot, scanned).await;
            assert_eq!(indexed, scanned, "{filter} {sort}");
            assert_eq!(indexed.0.len() as u64, indexed.1);
        }
    }
}

/// So many that matches are no longer collected at once, with the addresses against the order of the ids.
#[tokio::test]
async fn the_number_of_records_changes_no_result() {
    let hubspot = Tester::start().await;
    let count = 11_000;
    for number in 0..count {
        let email = format!("{:05}@b.c", count - number);
        let properties = [("email", email.as_str()), ("firstname", "Ada")];
        hubspot.account.contact(properties);
    }
    let always = json!({"propertyName": "firstname", "operator": "HAS_PROPERTY"});
    for value in ["05001@b.c", "09000@b.c"] {
        let filter = json!({"propertyName": "email", "operator": "LT", "value": value});
        for (sort, after) in [
            ("hs_object_id", "0"),
            ("-createdate", "0"),
            ("-lastmodifieddate", "4900"),
            ("email", "4900"),
            ("-email", "0"),
        ] {
            let search = |filters: Value| {
                json!({
                    "filterGroups": [{"filters": filters}],
                    "sorts": [sort],
                    "after": after,
                    "limit": 150,
                })
            };
            let (_, indexed) = hubspot.post(SEARCH, search(json!([filter]))).await;
            let (_, scanned) = hubspot.post(SEARCH, search(json!([filter, always]))).await;
            assert_eq!(ids(&indexed), ids(&scanned), "{filter} {sort}");
            assert_eq!(indexed["total"], scanned["total"]);
            assert!(!ids(&indexed).is_empty());
        }
    }
}
