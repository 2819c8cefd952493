//! Lists, associations of version v3, the versions v1 and v2, and responses that a test sets.

#![allow(clippy::needless_pass_by_value, reason = "bodies are written in place")]

#[path = "support/mod.rs"]
mod support;
#[path = "support/tester.rs"]
mod tester;

use hubspot_mock::Owner;
use serde_json::{Value, json};
use tester::{Tester, field};

#[tokio::test]
async fn static_lists_have_the_members_that_are_added() {
    for path in ["/crm/v3/lists", "/crm/lists/2026-09"] {
        let hubspot = Tester::start().await;
        let ids = ["a@b.c", "x@y.z"].map(|email| hubspot.account.contact([("email", email)]));
        let body = json!({"name": "Members", "objectTypeId": "0-1", "processingType": "MANUAL"});
        let created = hubspot.ok("POST", &format!("{path}/"), body.clone()).await;
        assert_eq!(hubspot.status("POST", path, body).await, 400);
        let one = format!("{path}/{}", created["list"]["listId"].as_str().unwrap());
        let added = hubspot
            .ok(
                "PUT",
                &format!("{one}/memberships/add"),
                json!([ids[0], ids[1], "17"]),
            )
            .await;
        assert_eq!(added["recordsIdsAdded"], json!(ids));
        assert_eq!(added["recordIdsMissing"], json!(["17"]));
        let page = hubspot.get(&format!("{one}/memberships?limit=1")).await;
        let after = page["paging"]["next"]["after"].as_str().unwrap();
        let next = hubspot
            .get(&format!("{one}/memberships?limit=1&after={after}"))
            .await;
        assert_eq!(
            [field(&page, "recordId"), field(&next, "recordId")].concat(),
            ids
        );
        assert!(next["paging"].is_null());
        let of_record = hubspot
            .get(&format!("{path}/records/0-1/{}/memberships", ids[0]))
            .await;
        assert_eq!(field(&of_record, "listId").len(), 1);
        hubspot
            .ok("PUT", &format!("{one}/memberships/remove"), json!([ids[0]]))
            .await;
        assert_eq!(hubspot.get(&one).await["list"]["size"], 1);
        hubspot.ok("DELETE", &one, Value::Null).await;
        assert_eq!(hubspot.status("GET", &one, Value::Null).await, 404);
        hubspot
            .ok("PUT", &format!("{one}/restore"), Value::Null)
            .await;
        let found = hubspot
            .ok("POST", &format!("{path}/search"), json!({"query": "mem"}))
            .await;
        assert_eq!(
            (&found["total"], &found["hasMore"]),
            (&json!(1), &json!(false))
        );
    }
}

/// A filter on a property.
fn filter(property: &str, operation: Value) -> Value {
    let filter = json!({"filterType": "PROPERTY", "property": property, "operation": operation});
    json!({"filterBranchType": "OR", "filterBranchOperator": "OR", "filters": [], "filterBranches": [
        {"filterBranchType": "AND", "filterBranchOperator": "AND", "filterBranches": [], "filters": [filter]},
    ]})
}

fn operation(ty: &str, operator: &str, extra: Value) -> Value {
    let mut operation =
        json!({"operationType": ty, "operator": operator, "includeObjectsWithNoValueSet": false});
    for (name, value) in extra.as_object().unwrap() {
        operation[name] = value.clone();
    }
    operation
}

/// A property, the type and the operator of an operation, its values, and the contacts that match.
const FILTERS: &str = r#"
city | MULTISTRING | IS_EQUAL_TO | {"values": ["London", "Rome"]} | a
city | MULTISTRING | IS_EQUAL_TO | {"values": ["New York"]} | b
num_notes | NUMBER | IS_NOT_EQUAL_TO | {"value": 5, "includeObjectsWithNoValueSet": true} | b
city | STRING | STARTS_WITH | {"value": "Lon"} | a
email | STRING | CONTAINS | {"value": "b.c"} | ab
city | STRING | STARTS_WITH | {"value": "don"} |
city | STRING | CONTAINS | {"value": "W YOR"} | b
city | STRING | ENDS_WITH | {"value": "york"} | b
city | STRING | DOES_NOT_CONTAIN | {"value": "new"} | a
hs_lead_status | ENUMERATION | IS_ANY_OF | {"values": ["NEW", "OPEN"]} | ab
hs_lead_status | ENUMERATION | IS_NONE_OF | {"values": ["NEW"]} | b
num_notes | NUMBER | IS_GREATER_THAN | {"value": 4} | a
num_notes | NUMBER_RANGED | IS_BETWEEN | {"lowerBound": 6, "upperBound": 9} |
num_notes | ALL_PROPERTY | IS_UNKNOWN | {} | b
"#;

/// A server with two contacts.
async fn two_contacts() -> Tester {
    let hubspot = Tester::start().await;
    for (email, city, status, notes) in [
        ("a@b.c", "London", "NEW", "5"),
        ("b@b.c", "New York", "OPEN", ""),
    ] {
        hubspot.account.contact([
            ("email", email),
            ("city", city),
            ("hs_lead_status", status),
            ("num_notes", notes),
        ]);
    }
    hubspot
}

fn list(name: &str, processing: &str, filter: Value) -> Value {
    json!({"name": name, "objectTypeId": "0-1", "processingType": processing, "filterBranch": filter})
}

#[tokio::test]
async fn dynamic_lists_follow_their_filter() {
    let hubspot = two_contacts().await;
    for line in FILTERS.trim().lines() {
        let parts = line.split('|').map(str::trim).collect::<Vec<_>>();
        let operation = operation(parts[1], parts[2], serde_json::from_str(parts[3]).unwrap());
        let id = hubspot
            .account
            .list(&list(line, "DYNAMIC", filter(parts[0], operation)));
        let path = format!("/crm/v3/lists/{id}/memberships");
        let members = field(&hubspot.get(&path).await, "recordId");
        let mut found = String::new();
        for member in &members {
            let contact = hubspot
                .get(&format!("/crm/v3/objects/contacts/{member}"))
                .await;
            found.push_str(&contact["properties"]["email"].as_str().unwrap()[..1]);
        }
        assert_eq!(found, parts[4], "{line}");
        let add = hubspot
            .status("PUT", &format!("{path}/add"), json!(members))
            .await;
        assert_eq!(add, 400);
    }
}

#[tokio::test]
async fn snapshots_stay_as_they_were() {
    let hubspot = two_contacts().await;
    let known = operation("ALL_PROPERTY", "IS_KNOWN", json!({}));
    let snapshot = list("then", "SNAPSHOT", filter("email", known));
    let id = hubspot.account.list(&snapshot);
    hubspot.account.contact([("email", "new@b.c")]);
    let members = hubspot
        .get(&format!("/crm/v3/lists/{id}/memberships"))
        .await;
    assert_eq!(field(&members, "recordId").len(), 2);
}

#[tokio::test]
async fn invalid_filters_are_refused() {
    let hubspot = two_contacts().await;
    let known = || operation("ALL_PROPERTY", "IS_KNOWN", json!({}));
    let many = operation("NUMBER", "IS_EQUAL_TO", json!({"value": "many"}));
    let odd = operation("STRING", "IS_LIKE", json!({"value": "many"}));
    for refused in [
        filter("unicorns", known()),
        filter("num_notes", many),
        filter("email", odd),
        Value::Null,
    ] {
        let list = list("no", "DYNAMIC", refused);
        let status = hubspot.status("POST", "/crm/v3/lists", list.clone()).await;
        assert_eq!(status, 400, "{list}");
    }
}

#[tokio::test]
async fn associations_of_v3_have_one_type() {
    let hubspot = Tester::start().await;
    let contact = hubspot.account.contact([("email", "a@b.c")]);
    let company = hubspot.account.company([("name", "Acme")]);
    let list = format!("/crm/v3/objects/contacts/{contact}/associations/companies");
    for ty in ["contact_to_company", "279"] {
        hubspot
            .ok("PUT", &format!("{list}/{company}/{ty}"), Value::Null)
            .await;
        let page = hubspot.get(&list).await;
        assert!(field(&page, "id").contains(&company), "{page}");
    }
    assert!(field(&hubspot.get(&list).await, "type").contains(&"contact_to_company".to_owned()));
    assert_eq!(
        hubspot
            .status("PUT", &format!("{list}/{company}/unicorns"), Value::Null)
            .await,
        400
    );
    let batch = "/crm/v3/associations/contact/company";
    let number = contact.parse::<u64>().unwrap();
    let read = json!({"inputs": [{"id": number}, {"id": "17"}]});
    let (status, found) = hubspot
        .call("POST", &format!("{batch}/batch/read"), read)
        .await;
    assert_eq!(
        (status, &found["results"][0]["from"]["id"]),
        (207, &json!(contact))
    );
    assert_eq!(found["results"][0]["to"][0]["id"], company);
    let input = json!({"inputs": [{"from": {"id": contact}, "to": {"id": company}, "type": "contact_to_company"}]});
    hubspot
        .ok("POST", &format!("{batch}/batch/archive"), input.clone())
        .await;
    assert!(!field(&hubspot.get(&list).await, "type").contains(&"contact_to_company".to_owned()));
    hubspot
        .ok("POST", &format!("{batch}/batch/create"), input)
        .await;
    assert!(field(&hubspot.get(&list).await, "type").contains(&"contact_to_company".to_owned()));
    let types = hubspot.get(&format!("{batch}/types")).await;
    assert_eq!(field(&types, "id"), ["279", "1"]);
    hubspot
        .ok("DELETE", &format!("{list}/{company}/1"), Value::Null)
        .await;
}

#[tokio::test]
async fn records_are_listed_in_the_old_versions() {
    let hubspot = Tester::start().await;
    for number in 0..5 {
        hubspot
            .account
            .company([("name", format!("c{number}").as_str())]);
        hubspot
            .account
            .record("deals", [("dealname", format!("d{number}").as_str())]);
    }
    for (path, records, id, more) in [
        (
            "/companies/v2/companies/paged",
            "companies",
            "companyId",
            "has-more",
        ),
        ("/deals/v1/deal/paged", "deals", "dealId", "hasMore"),
        (
            "/companies/v2/companies/recent/modified",
            "results",
            "companyId",
            "hasMore",
        ),
        (
            "/deals/v1/deal/recent/modified",
            "results",
            "dealId",
            "hasMore",
        ),
    ] {
        let mut offset = 0;
        let mut ids = Vec::new();
        loop {
            let page = hubspot
                .get(&format!(
                    "{path}?limit=2&count=2&offset={offset}&properties=name"
                ))
                .await;
            ids.extend(
                page[records]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|record| record[id].as_u64().unwrap()),
            );
            offset = page["offset"].as_u64().unwrap();
            if page[more] == false {
                break;
            }
        }
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), 5, "{path}");
    }
    let properties = hubspot.get("/companies/v2/properties").await;
    assert!(properties.as_array().unwrap().len() > 20);
    let pipelines = hubspot.get("/deals/v1/pipelines").await;
    assert_eq!(pipelines[0]["stages"].as_array().unwrap().len(), 7);
}

#[tokio::test]
async fn a_test_sets_the_response_of_an_operation() {
    let hubspot = Tester::start().await;
    let path = "/settings/currencies/2026-09/codes";
    let codes = json!({"results": [{"code": "EUR"}]});
    hubspot
        .hubspot
        .on("settings.currencies.list_codes")
        .answer(codes.clone());
    let (answer, mark) = hubspot.marked("GET", path).await;
    assert_eq!((answer.status, answer.json()), (200, codes));
    assert_eq!(mark.as_deref(), Some("answer"));
    hubspot
        .hubspot
        .on("settings.currencies.list_codes")
        .answer_with(503, json!(null));
    assert_eq!(hubspot.marked("GET", path).await.0.status, 503);
    hubspot
        .hubspot
        .on("settings.currencies.list_codes")
        .answer_with(501, json!({}));
    let (answer, mark) = hubspot.marked("GET", path).await;
    assert_eq!((answer.status, mark.as_deref()), (501, Some("answer")));
    hubspot
        .hubspot
        .on("lists.create")
        .answer_with(503, json!(null));
    let body = json!({"name": "Kept", "objectTypeId": "0-1", "processingType": "MANUAL"});
    assert!(
        !hubspot.account.list(&body).is_empty(),
        "set-up by the test"
    );
    hubspot
        .hubspot
        .on("settings.currencies.list_codes")
        .restore();
    assert_eq!(
        hubspot.marked("GET", path).await.1.as_deref(),
        Some("generated")
    );
}

#[tokio::test]
#[should_panic(expected = "the nearest is `settings.currencies.list_codes`")]
async fn an_answer_for_an_unknown_operation_names_the_nearest() {
    let hubspot = Tester::start().await;
    hubspot
        .hubspot
        .on("settings.currency.list_codes")
        .answer(json!({}));
}

#[tokio::test]
async fn lists_are_searched_page_by_page_in_order() {
    let hubspot = Tester::start().await;
    for name in ["a", "b", "c"] {
        hubspot.hubspot.advance(std::time::Duration::from_secs(1));
        let list = json!({"name": name, "objectTypeId": "0-1", "processingType": "MANUAL"});
        hubspot.account.list(&list);
    }
    for (sort, expected) in [("HS_UPDATED_AT", "abc"), ("-HS_UPDATED_AT", "cba")] {
        let mut found = String::new();
        let mut offset = 0;
        loop {
            let body = json!({"sort": sort, "count": 2, "offset": offset});
            let page = hubspot.ok("POST", "/crm/v3/lists/search", body).await;
            for list in page["lists"].as_array().unwrap() {
                found.push_str(list["name"].as_str().unwrap());
            }
            offset = page["offset"].as_u64().unwrap();
            if page["hasMore"] == false {
                break;
            }
        }
        assert_eq!(found, expected, "{sort}");
    }
}

#[tokio::test]
async fn users_and_teams_are_those_of_the_owners() {
    let hubspot = Tester::start().await;
    let ada = Owner::new("ada@b.c").team("Sales").team("Support");
    hubspot.account.owner(ada);
    hubspot.account.owner(Owner::new("bob@b.c").team("Support"));
    hubspot.account.owner(Owner::new("gone@b.c").archived());
    let users = hubspot.get("/settings/v3/users").await;
    assert_eq!(field(&users, "email"), ["ada@b.c", "bob@b.c"]);
    let teams = hubspot.get("/settings/v3/users/teams").await;
    assert_eq!(field(&teams, "name"), ["Sales", "Support"]);
    assert_eq!(
        users["results"][0]["primaryTeamId"],
        teams["results"][0]["id"]
    );
    assert_eq!(
        teams["results"][1]["userIds"],
        json!([users["results"][1]["id"]])
    );
    assert_eq!(
        teams["results"][1]["secondaryUserIds"],
        json!([users["results"][0]["id"]])
    );
    let one = hubspot
        .get("/settings/v3/users/bob@b.c?idProperty=EMAIL")
        .await;
    assert_eq!(one, users["results"][1]);
}

#[tokio::test]
async fn records_have_paths_of_v4() {
    let hubspot = Tester::start().await;
    let id = hubspot
        .account
        .record("tickets", [("subject", "It smokes")]);
    let page = hubspot.get("/crm/v4/objects/tickets?limit=100").await;
    assert_eq!(field(&page, "id"), [id]);
}
