//! Searches.

use std::time::Duration;

use hubspot_mock::{MockHubSpot, Seed};
use serde_json::{Value, json};

use super::{Tester, codes, ids};

const SEARCH: &str = "/crm/objects/2026-09/contacts/search";

/// Contacts that differ in everything: Ada, Bob and Cem.
async fn three() -> (Tester, [String; 3]) {
    let hubspot = Tester::start().await;
    let account = &hubspot.account;
    let contacts = [
        account.contact([
            ("email", "ada@acme.com"),
            ("firstname", "Ada"),
            ("city", "Paris"),
            ("associatedcompanyid", "9"),
            ("closedate", "2026-01-01"),
            ("lifecyclestage", "lead"),
            ("hs_buying_role", "CHAMPION;OTHER"),
            ("createdate", "2025-01-01T00:00:00Z"),
        ]),
        account.contact([
            ("email", "bob@acme.com"),
            ("firstname", "Bob Lee"),
            ("associatedcompanyid", "10"),
            ("closedate", "2026-02-01T12:00:00Z"),
            ("lifecyclestage", "customer"),
            ("hs_buying_role", "OTHER"),
            ("createdate", "2025-02-01T00:00:00Z"),
        ]),
        account.contact([
            ("email", "cem@other.org"),
            ("firstname", "Cem"),
            ("city", "London"),
            ("createdate", "2025-03-01T00:00:00Z"),
        ]),
    ];
    (hubspot, contacts)
}

fn filter(property: &str, operator: &str, mut rest: Value) -> Value {
    rest["propertyName"] = json!(property);
    rest["operator"] = json!(operator);
    rest
}

fn one(filter: &Value) -> Value {
    json!({"filterGroups": [{"filters": [filter]}]})
}

/// What each operator finds among the three: property, operator, the rest of the filter, first letters of who is found.
const OPERATORS: &str = r#"
city | EQ | {"value": "PARIS"} | a
city | NEQ | {"value": "paris"} | c
city | HAS_PROPERTY | {} | ac
city | NOT_HAS_PROPERTY | {} | b
city | IN | {"values": ["paris", "london"]} | ac
city | IN | {"values": ["Paris"]} |
city | NOT_IN | {"values": ["paris"]} | c
associatedcompanyid | EQ | {"value": "9.0"} | a
associatedcompanyid | LT | {"value": "10"} | a
associatedcompanyid | LTE | {"value": "10"} | ab
associatedcompanyid | GT | {"value": "9"} | b
associatedcompanyid | GTE | {"value": "9"} | ab
associatedcompanyid | BETWEEN | {"value": "9", "highValue": "9.5"} | a
closedate | GT | {"value": "1769947200000"} |
closedate | GTE | {"value": "1769947200000"} | b
closedate | LT | {"value": "2026-02-01"} | a
lifecyclestage | EQ | {"value": "lead"} | a
lifecyclestage | IN | {"values": ["lead", "customer"]} | ab
hs_buying_role | EQ | {"value": "OTHER"} | ab
hs_buying_role | NOT_IN | {"values": ["CHAMPION"]} | b
firstname | CONTAINS_TOKEN | {"value": "lee"} | b
firstname | CONTAINS_TOKEN | {"value": "le"} |
firstname | CONTAINS_TOKEN | {"value": "*e*"} | bc
email | CONTAINS_TOKEN | {"value": "*@acme.com"} | ab
email | CONTAINS_TOKEN | {"value": "acme.com"} | ab
email | NOT_CONTAINS_TOKEN | {"value": "*@acme.com"} | c
email | EQ | {"value": "ADA@acme.com"} | a
email | GT | {"value": "b"} | bc
email | BETWEEN | {"value": "a", "highValue": "bob@acme.com"} | ab
email | IN | {"values": ["cem@other.org", "no@b.c", "ada@acme.com"]} | ac
email | NOT_IN | {"values": ["ada@acme.com"]} | bc
hs_object_id | EQ | {"value": "BOB"} | b
hs_object_id | GT | {"value": "ADA"} | bc
hs_object_id | LTE | {"value": "BOB"} | ab
hs_object_id | IN | {"values": ["CEM", "ADA"]} | ac
createdate | EQ | {"value": "2025-02-01"} | b
createdate | LT | {"value": "2025-02-01"} | a
createdate | BETWEEN | {"value": "2025-02-01", "highValue": "2025-03-01"} | bc
lastmodifieddate | GT | {"value": "2025-01-01"} | abc
"#;

#[tokio::test]
async fn every_operator_works() {
    let (hubspot, [ada, bob, cem]) = three().await;
    for line in OPERATORS.trim().lines() {
        let [property, operator, rest, letters] = line.split('|').collect::<Vec<_>>()[..] else {
            panic!("no case: {line}");
        };
        let rest = match property.trim() {
            "hs_object_id" => rest
                .replace("ADA", &ada)
                .replace("BOB", &bob)
                .replace("CEM", &cem),
            _ => rest.to_owned(),
        };
        let rest = serde_json::from_str::<Value>(&rest).unwrap();
        let body = one(&filter(property.trim(), operator.trim(), rest));
        let found = hubspot.search(SEARCH, body).await;
        let found = found.iter().map(|id| match id {
            id if *id == ada => 'a',
            id if *id == bob => 'b',
            _ => 'c',
        });
        assert_eq!(found.collect::<String>(), letters.trim(), "{line}");
    }
}

#[tokio::test]
async fn groups_are_joined_by_or_and_filters_by_and() {
    let (hubspot, [ada, bob, cem]) = three().await;
    let at_acme = filter("email", "CONTAINS_TOKEN", json!({"value": "*@acme.com"}));
    let in_paris = filter("city", "EQ", json!({"value": "Paris"}));
    let is_cem = filter("email", "EQ", json!({"value": "cem@other.org"}));
    let is_bob = filter("hs_object_id", "EQ", json!({"value": bob}));
    let all = hubspot.search(SEARCH, json!({})).await;
    assert_eq!(all, [ada.clone(), bob.clone(), cem.clone()]);
    let both = json!({"filterGroups": [{"filters": [at_acme, in_paris]}]});
    assert_eq!(
        hubspot.search(SEARCH, both).await,
        std::slice::from_ref(&ada)
    );
    let either = json!({"filterGroups": [{"filters": [in_paris]}, {"filters": [is_cem]}]});
    assert_eq!(hubspot.search(SEARCH, either).await, [ada, cem.clone()]);
    let indexed = json!({"filterGroups": [{"filters": [is_cem]}, {"filters": [is_bob]}]});
    assert_eq!(hubspot.search(SEARCH, indexed).await, [bob, cem]);
}

#[tokio::test]
async fn results_are_sorted_and_records_without_a_value_come_last() {
    let (hubspot, [ada, bob, cem]) = three().await;
    for (sort, expected) in [
        (json!("city"), [&cem, &ada, &bob]),
        (json!("-city"), [&ada, &cem, &bob]),
        (json!("-email"), [&cem, &bob, &ada]),
        (json!("-createdate"), [&cem, &bob, &ada]),
        (json!("hs_object_id"), [&ada, &bob, &cem]),
        (json!("-associatedcompanyid"), [&bob, &ada, &cem]),
    ] {
        let found = hubspot.search(SEARCH, json!({"sorts": [sort]})).await;
        assert_eq!(found.iter().collect::<Vec<_>>(), expected, "{sort}");
    }
}

#[tokio::test]
async fn text_is_searched_in_some_properties() {
    let (hubspot, [ada, bob, cem]) = three().await;
    for (query, expected) in [
        ("ACME", vec![&ada, &bob]),
        ("bob le", vec![&bob]),
        ("cem@other.org", vec![&cem]),
        ("paris", vec![]),
        ("", vec![&ada, &bob, &cem]),
    ] {
        let found = hubspot.search(SEARCH, json!({"query": query})).await;
        assert_eq!(found.iter().collect::<Vec<_>>(), expected, "{query}");
    }
    let (status, _) = hubspot
        .post(SEARCH, json!({"query": "x".repeat(3001)}))
        .await;
    assert_eq!(status, 400);
}

#[tokio::test]
async fn pages_have_a_total_and_a_cursor() {
    let (hubspot, [ada, bob, cem]) = three().await;
    let (_, first) = hubspot
        .post(SEARCH, json!({"limit": 2, "properties": ["city"]}))
        .await;
    assert_eq!(first["total"], 3);
    assert_eq!(ids(&first), [ada, bob]);
    assert_eq!(first["results"][0]["properties"]["city"], "Paris");
    let after = &first["paging"]["next"]["after"];
    let (_, second) = hubspot
        .post(SEARCH, json!({"limit": 2, "after": after}))
        .await;
    assert_eq!(ids(&second), [cem]);
    assert!(second.get("paging").is_none(), "{second}");
    for (body, expected) in [
        (json!({"limit": 200}), 200),
        (json!({"limit": 201}), 400),
        (json!({"limit": 0}), 400),
        (json!({"limit": 100, "after": "9900"}), 200),
        (json!({"limit": 100, "after": "9901"}), 400),
        (json!({"after": "10000"}), 400),
        (json!({"after": "next"}), 400),
    ] {
        let (status, answer) = hubspot.post(SEARCH, body.clone()).await;
        assert_eq!(status, expected, "{body}: {answer}");
    }
}

#[tokio::test]
async fn invalid_filters_are_refused() {
    let (hubspot, _) = three().await;
    for (filter, code) in [
        (
            filter("colour", "EQ", json!({"value": "x"})),
            "PROPERTY_DOESNT_EXIST",
        ),
        (filter("city", "EQ", json!({})), "MISSING_VALUE"),
        (filter("city", "IN", json!({"value": "x"})), "MISSING_VALUE"),
        (
            filter("city", "BETWEEN", json!({"value": "x"})),
            "MISSING_VALUE",
        ),
        (
            filter("closedate", "EQ", json!({"value": "soon"})),
            "INVALID_VALUE",
        ),
        (
            filter("associatedcompanyid", "GT", json!({"value": "many"})),
            "INVALID_VALUE",
        ),
        (
            filter("lifecyclestage", "GT", json!({"value": "lead"})),
            "INVALID_OPERATOR",
        ),
        (
            filter("closedate", "CONTAINS_TOKEN", json!({"value": "x"})),
            "INVALID_OPERATOR",
        ),
    ] {
        let (status, refused) = hubspot.post(SEARCH, one(&filter)).await;
        assert_eq!(status, 400, "{filter}");
        assert_eq!(codes(&refused), [code], "{filter}");
    }
    let (status, _) = hubspot.post(SEARCH, json!({"sorts": ["colour"]})).await;
    assert_eq!(status, 400);
    let group = |filters: usize| {
        let filter = filter("city", "HAS_PROPERTY", json!({}));
        json!({"filters": vec![filter; filters]})
    };
    for (groups, expected) in [
        (vec![group(1); 5], 200),
        (vec![group(1); 6], 400),
        (vec![group(6)], 200),
        (vec![group(7)], 400),
        (vec![group(6); 3], 200),
        (vec![group(5); 4], 400),
    ] {
        let (status, _) = hubspot.post(SEARCH, json!({"filterGroups": groups})).await;
        assert_eq!(status, expected, "{} groups", groups.len());
    }
}

#[tokio::test]
async fn archived_records_are_not_found() {
    let (hubspot, [ada, bob, cem]) = three().await;
    hubspot
        .delete(&format!("/crm/objects/2026-09/contacts/{bob}"))
        .await;
    assert_eq!(hubspot.search(SEARCH, json!({})).await, [ada, cem]);
    let by_email = one(&filter("email", "EQ", json!({"value": "bob@acme.com"})));
    assert!(hubspot.search(SEARCH, by_email).await.is_empty());
}

#[tokio::test]
async fn search_finds_a_change_after_the_lag() {
    let seed = r#"{"searchLagMilliseconds": 10000}"#.parse::<Seed>().unwrap();
    let lag = Duration::from_secs(10);
    for builder in [
        MockHubSpot::builder().search_lag(lag),
        MockHubSpot::builder().seed(seed),
    ] {
        let hubspot = Tester::start_with(builder).await;
        let id = hubspot.account.contact([("email", "a@b.c")]);
        let path = format!("/crm/objects/2026-09/contacts/{id}");
        let by_email = one(&filter("email", "EQ", json!({"value": "a@b.c"})));
        let found = async |expected: usize| {
            for body in [json!({}), by_email.clone()] {
                assert_eq!(hubspot.search(SEARCH, body).await.len(), expected);
            }
        };
        found(0).await;
        assert_eq!(hubspot.get(&path).await.0, 200, "reads see it at once");
        hubspot.hubspot.advance(lag);
        found(1).await;
        let body = json!({"properties": {"city": "Paris"}});
        assert_eq!(hubspot.patch(&path, body).await.0, 200);
        found(1).await;
    }
}

#[tokio::test]
async fn search_finds_a_changed_record_with_its_former_values_until_the_lag_is_over() {
    let lag = Duration::from_mins(1);
    let hubspot = Tester::start_with(MockHubSpot::builder().search_lag(lag)).await;
    let id = hubspot.account.contact([
        ("email", "old@b.c"),
        ("city", "London"),
        ("firstname", "Ada"),
    ]);
    let other = hubspot
        .account
        .contact([("city", "Madrid"), ("firstname", "Zoe")]);
    hubspot.hubspot.advance(lag);
    let changes = json!({"email": "new@b.c", "city": "Paris", "firstname": "Grace", "phone": "7"});
    let path = format!("/crm/objects/2026-09/contacts/{id}");
    let (status, _) = hubspot.patch(&path, json!({"properties": changes})).await;
    assert_eq!(status, 200);
    let versions = [("old@b.c", "London", "Ada"), ("new@b.c", "Paris", "Grace")];
    let [by_old, by_new] = versions.map(|(email, city, name)| {
        let email = one(&filter("email", "EQ", json!({"value": email})));
        let city = one(&filter("city", "EQ", json!({"value": city})));
        [email, city, json!({"query": name})]
    });
    let check = async |found: &[Value], missed: &[Value], city: &str, phone: Value| {
        for body in found {
            assert_eq!(hubspot.search(SEARCH, body.clone()).await, [&*id], "{body}");
        }
        for body in missed {
            assert!(
                hubspot.search(SEARCH, body.clone()).await.is_empty(),
                "{body}"
            );
        }
        let all = json!({"properties": ["city", "phone"], "sorts": ["-city"]});
        let (_, page) = hubspot.post(SEARCH, all).await;
        let result = page["results"].as_array().unwrap().iter();
        let mut result = result.filter(|result| result["id"] == *id);
        let properties = &result.next().unwrap()["properties"];
        assert_eq!(
            (&properties["city"], &properties["phone"]),
            (&json!(city), &phone)
        );
        page
    };
    let page = check(&by_old, &by_new, "London", Value::Null).await;
    assert_eq!(
        ids(&page),
        [&*other, &*id],
        "it is sorted by its former value"
    );
    hubspot.hubspot.advance(lag);
    let page = check(&by_new, &by_old, "Paris", json!("7")).await;
    assert_eq!(ids(&page), [&*id, &*other]);
}
