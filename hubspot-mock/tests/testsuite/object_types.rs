//! Paths that name their object type: required scopes, and the operation in the journal.

use crate::support::{get, request};
use hubspot_mock::{MockHubSpot, Tier};
use serde_json::{Value, json};

/// The scopes that a refused call names, and whether one is enough.
async fn asked(hubspot: &MockHubSpot, method: &str, path: &str) -> Vec<String> {
    let token = hubspot.account("acme").grant(["oauth"]);
    let body = (method != "GET").then_some("{}");
    let answer = request(
        hubspot,
        method,
        path,
        Some(&format!("Bearer {token}")),
        body,
    )
    .await;
    assert_eq!(answer.status, 403, "{method} {path}: {}", answer.text());
    let body = answer.json();
    let scopes = body["errors"][0]["context"]["requiredGranularScopes"]
        .as_array()
        .unwrap();
    let scopes = scopes.iter().filter_map(Value::as_str).map(str::to_owned);
    scopes.collect()
}

async fn start() -> MockHubSpot {
    let hubspot = MockHubSpot::builder()
        .tier(Tier::UNLIMITED)
        .start()
        .await
        .unwrap();
    let schema = json!({
        "name": "car", "labels": { "singular": "Car", "plural": "Cars" },
        "primaryDisplayProperty": "vin", "requiredProperties": ["vin"],
        "properties": [{ "name": "vin", "label": "VIN", "type": "string", "fieldType": "text" }],
        "associatedObjects": [],
    });
    hubspot.account("acme").schema(&schema);
    hubspot
}

#[tokio::test]
async fn types_with_their_own_paths_require_the_scopes_of_those() {
    let hubspot = start().await;
    for (ty, scope) in [
        ("contact", "crm.objects.contacts.read"),
        ("CONTACTS", "crm.objects.contacts.read"),
        ("0-1", "crm.objects.contacts.read"),
        ("0-2", "crm.objects.companies.read"),
        ("company", "crm.objects.companies.read"),
    ] {
        for base in [
            "/crm/v3/objects",
            "/crm/objects/2026-03",
            "/crm/objects/2026-09",
        ] {
            let path = format!("{base}/{ty}");
            assert_eq!(asked(&hubspot, "GET", &path).await, [scope], "{path}");
        }
    }
    let line_items = asked(&hubspot, "PATCH", "/crm/v3/objects/0-8/17").await;
    assert_eq!(line_items, ["crm.objects.line_items.write", "e-commerce"]);
    assert_eq!(hubspot.journal().count("contacts.list"), 3);
    assert_eq!(hubspot.journal().count("v3.line_items.update"), 1);
}

#[tokio::test]
async fn other_types_require_their_own_scopes() {
    let hubspot = start().await;
    let car = format!("p{}_car", hubspot.account("acme").hub_id());
    for (method, path, scopes) in [
        (
            "GET",
            "/crm/v3/objects/deals",
            &["crm.objects.deals.read"][..],
        ),
        (
            "POST",
            "/crm/v3/objects/0-3/search",
            &["crm.objects.deals.read"],
        ),
        (
            "POST",
            "/crm/objects/2026-09/deals",
            &["crm.objects.deals.write"],
        ),
        ("GET", "/crm/objects/2026-03/tickets/1", &["tickets"]),
        (
            "GET",
            "/crm/v3/objects/products",
            &["crm.objects.products.read", "e-commerce"],
        ),
        ("GET", "/crm/v3/objects/car", &["crm.objects.custom.read"]),
        (
            "DELETE",
            "/crm/objects/2026-09/car/1",
            &["crm.objects.custom.write"],
        ),
        (
            "POST",
            &format!("/crm/v3/objects/{car}/batch/read"),
            &["crm.objects.custom.read"],
        ),
        (
            "POST",
            "/crm/v3/objects/2-50000001/batch/upsert",
            &["crm.objects.custom.write"],
        ),
    ] {
        assert_eq!(
            asked(&hubspot, method, path).await,
            scopes,
            "{method} {path}"
        );
    }
}

#[tokio::test]
async fn records_are_the_same_by_every_name_of_their_type() {
    let hubspot = start().await;
    let acme = hubspot.account("acme");
    let contact = acme.contact([("email", "ada@example.com")]);
    let car = acme.record("car", [("vin", "WVW1")]);
    let token = format!("Bearer {}", acme.grant(MockHubSpot::every_scope()));
    let named = format!("p{}_car", acme.hub_id());
    for (ty, id) in [
        ("contacts", &contact),
        ("0-1", &contact),
        ("contact", &contact),
        ("car", &car),
        ("2-50000001", &car),
        (&*named, &car),
    ] {
        for base in ["/crm/v3/objects", "/crm/objects/2026-09"] {
            let answer = get(&hubspot, &format!("{base}/{ty}/{id}"), Some(&token)).await;
            assert_eq!(answer.status, 200, "{ty}: {}", answer.text());
            assert_eq!(answer.json()["id"], **id);
        }
    }
}

#[tokio::test]
async fn unknown_types_and_operations() {
    let hubspot = start().await;
    let token = hubspot.account("acme").grant(MockHubSpot::every_scope());
    let token = format!("Bearer {token}");
    let answer = get(&hubspot, "/crm/v3/objects/unicorns", Some(&token)).await;
    assert_eq!(
        (answer.status, answer.json()["category"].as_str()),
        (400, Some("VALIDATION_ERROR"))
    );
    // Line items cannot be merged.
    let body = json!({ "primaryObjectId": "1", "objectIdToMerge": "2" }).to_string();
    for path in [
        "/crm/v3/objects/line_items/merge",
        "/crm/objects/2026-09/line_items/merge",
        "/crm/objects/2026-09/0-8/merge",
    ] {
        let answer = request(&hubspot, "POST", path, Some(&token), Some(&body)).await;
        assert_eq!(answer.status, 501, "{path}: {}", answer.text());
        assert_eq!(answer.header("x-hubspot-mock"), Some("no such operation"));
    }
}
