//! Requests that HubSpot accepts although its documents describe them differently.

use serde_json::{Value, json};

use super::{Tester, ids};

const CONTACTS: &str = "/crm/objects/2026-09/contacts";
const SEARCH: &str = "/crm/objects/2026-09/contacts/search";

#[tokio::test]
async fn values_and_ids_may_be_numbers_and_flags() {
    let hubspot = Tester::start().await;
    let body = json!({"properties": {
        "email": "a@b.c", "associatedcompanyid": 17, "hs_email_optout": true, "phone": 5.5,
    }});
    let (status, created) = hubspot.post(CONTACTS, body).await;
    assert_eq!(status, 201, "{created}");
    let properties = &created["properties"];
    assert_eq!(properties["associatedcompanyid"], "17");
    assert_eq!(properties["hs_email_optout"], "true");
    assert_eq!(properties["phone"], "5.5");

    let id = created["id"].as_str().unwrap().parse::<u64>().unwrap();
    let read = json!({"inputs": [{"id": id}], "properties": ["email"]});
    let (status, found) = hubspot.post(&format!("{CONTACTS}/batch/read"), read).await;
    assert_eq!((status, ids(&found)), (200, vec![id.to_string()]));
    let company = hubspot.account.company([("name", "Acme")]);
    let association = json!({"to": {"id": company.parse::<u64>().unwrap()}, "types": [
        {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 279},
    ]});
    let body = json!({"properties": {"email": "x@y.z"}, "associations": [association]});
    assert_eq!(hubspot.post(CONTACTS, body).await.0, 201);
    let merge = json!({"primaryObjectId": id, "objectIdToMerge": id + 2});
    assert_eq!(
        hubspot.post(&format!("{CONTACTS}/merge"), merge).await.0,
        200
    );
}

/// Programs that write each field send `null` for what is not set.
#[tokio::test]
async fn null_is_a_field_that_is_not_set() {
    let hubspot = Tester::start().await;
    let body = json!({"properties": {"email": "a@b.c", "phone": null}, "associations": null});
    let (status, created) = hubspot.post(CONTACTS, body).await;
    assert_eq!(status, 201, "{created}");
    let id = &created["id"];
    let search = json!({
        "query": null, "sorts": null, "properties": null, "limit": null, "after": null, "filters": null,
        "filterGroups": [{"filters": [
            {"propertyName": "email", "operator": "EQ", "value": "a@b.c", "values": null, "highValue": null},
        ]}],
    });
    let (status, found) = hubspot.post(SEARCH, search).await;
    assert_eq!((status, &found["results"][0]["id"]), (200, id), "{found}");
    let all = json!({"filterGroups": null});
    assert_eq!(hubspot.post(SEARCH, all).await.0, 200);
    let read =
        json!({"inputs": [{"id": id}], "properties": ["email"], "propertiesWithHistory": null});
    let (status, found) = hubspot.post(&format!("{CONTACTS}/batch/read"), read).await;
    assert_eq!((status, &found["results"][0]["id"]), (200, id), "{found}");
    let property = json!({
        "name": "size", "label": "Size", "type": "number", "fieldType": "number", "groupName": "contactinformation",
        "options": null, "hidden": null, "hasUniqueValue": null, "displayOrder": null, "formField": null,
    });
    let (status, made) = hubspot.post("/crm/v3/properties/contacts", property).await;
    assert_eq!(status, 201, "{made}");
    let missing = json!({"properties": null});
    assert_eq!(hubspot.post(CONTACTS, missing).await.0, 400);
}

#[tokio::test]
async fn an_upsert_needs_a_value_that_identifies_the_record() {
    let hubspot = Tester::start().await;
    let input = json!({"id": "", "idProperty": "email", "properties": {"firstname": "Ada"}});
    let upsert = json!({ "inputs": [input] });
    let (status, refused) = hubspot
        .post(&format!("{CONTACTS}/batch/upsert"), upsert)
        .await;
    assert_eq!(status, 400, "{refused}");
    assert!(hubspot.get(CONTACTS).await.1["results"] == json!([]));
}

#[tokio::test]
async fn flags_in_queries_may_be_python_s_or_numbers() {
    let hubspot = Tester::start().await;
    let live = hubspot.account.contact([("email", "a@b.c")]);
    let archived = hubspot.account.contact([("email", "x@y.z")]);
    hubspot.delete(&format!("{CONTACTS}/{archived}")).await;
    for (value, expected) in [
        ("true", &archived),
        ("True", &archived),
        ("false", &live),
        ("False", &live),
        ("1", &live),
        ("0", &live),
    ] {
        let (status, page) = hubspot.get(&format!("{CONTACTS}?archived={value}")).await;
        assert_eq!(
            (status, ids(&page)),
            (200, vec![expected.clone()]),
            "{value}"
        );
    }
}

#[tokio::test]
async fn searches_are_written_in_several_ways() {
    let hubspot = Tester::start().await;
    let account = &hubspot.account;
    let ada = account.contact([("email", "ada@b.c"), ("associatedcompanyid", "9")]);
    let bob = account.contact([("email", "bob@b.c"), ("associatedcompanyid", "10")]);
    let company = account.company([("name", "Acme")]);
    account.associate(("contacts", &bob), ("companies", &company));
    let filter =
        |name: &str, value: Value| json!({"propertyName": name, "operator": "EQ", "value": value});
    let is_in = json!({
        "propertyName": "associations.companies", "operator": "IN", "values": [company, "1"],
    });
    let by_email = |direction: &str| json!([{"propertyName": "email", "direction": direction}]);
    for (body, expected) in [
        (json!({"sorts": by_email("DESCENDING")}), vec![&bob, &ada]),
        (json!({"sorts": by_email("ASCENDING")}), vec![&ada, &bob]),
        (
            json!({"sorts": [{"propertyName": "email"}]}),
            vec![&ada, &bob],
        ),
        (json!({"after": 0, "limit": 1}), vec![&ada]),
        (json!({"after": "0"}), vec![&ada, &bob]),
        (json!({"after": 1}), vec![&bob]),
        (
            json!({"filters": [filter("associatedcompanyid", json!(10))]}),
            vec![&bob],
        ),
        (
            json!({"filters": [filter("email", json!("no@b.c"))]}),
            vec![],
        ),
        (
            json!({
                "filters": [filter("email", json!("ada@b.c"))],
                "filterGroups": [{"filters": [filter("email", json!("bob@b.c"))]}],
            }),
            vec![&ada, &bob],
        ),
        (
            json!({"filters": [filter("associations.company", json!(company))]}),
            vec![&bob],
        ),
        (
            json!({"filters": [], "filterGroups": [{"filters": [filter("email", json!("bob@b.c"))]}]}),
            vec![&bob],
        ),
        (json!({"filterGroups": [{"filters": [is_in]}]}), vec![&bob]),
    ] {
        let found = hubspot.search(SEARCH, body.clone()).await;
        assert_eq!(found.iter().collect::<Vec<_>>(), expected, "{body}");
    }
}

#[tokio::test]
async fn invalid_searches_are_refused() {
    let hubspot = Tester::start().await;
    let filter =
        |name: &str, value: &str| json!({"propertyName": name, "operator": "EQ", "value": value});
    for refused in [
        json!({"sorts": ["email", "city"]}),
        json!({"filters": [filter("associations.unicorns", "1")]}),
        json!({"filters": [filter("associations.companies", "Acme")]}),
        json!({"filters": [{"propertyName": "associations.companies", "operator": "HAS_PROPERTY"}]}),
        json!({"filters": "email"}),
        json!({"sorts": [{"direction": "ASCENDING"}]}),
    ] {
        assert_eq!(
            hubspot.post(SEARCH, refused.clone()).await.0,
            400,
            "{refused}"
        );
    }
}

#[tokio::test]
async fn schemas_need_fewer_fields_and_have_a_second_path() {
    for path in [
        "/crm/v3/schemas",
        "/crm-object-schemas/v3/schemas",
        "/crm-object-schemas/2026-09/schemas",
    ] {
        let hubspot = Tester::start().await;
        let body = json!({
            "name": "car",
            "labels": {"singular": "Car", "plural": "Cars"},
            "primaryDisplayProperty": "vin",
            "requiredProperties": ["vin"],
            "searchableProperties": [],
            "secondaryDisplayProperties": [],
            "associatedObjects": ["CONTACT"],
            "properties": [
                {"name": "vin", "label": "VIN", "type": "string", "fieldType": "text"},
                {
                    "name": "size", "label": "Size", "type": "enumeration", "fieldType": "select",
                    "options": [{"label": "Small", "value": "s"}],
                },
            ],
        });
        let (status, created) = hubspot.post(path, body).await;
        assert_eq!(status, 201, "{path}: {created}");
        let (status, read) = hubspot.get("/crm/v3/schemas/car").await;
        assert_eq!((status, &read["id"]), (200, &created["id"]), "{path}");
    }
}
