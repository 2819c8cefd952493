//! Every object type that the client has, by its own paths.

use serde_json::json;

use super::{Tester, text};

/// The resource's path, a property that a new record may have, and its value.
const TYPES: [(&str, &str, &str); 26] = [
    ("0-162", "hs_name", "Maintenance"),
    ("0-410", "hs_course_name", "Rust"),
    ("0-420", "hs_name", "A house"),
    ("0-421", "hs_appointment_name", "A visit"),
    ("calls", "hs_timestamp", "2026-09-01T12:00:00Z"),
    ("carts", "hs_cart_name", "Ada's"),
    ("commerce_payments", "hs_initial_amount", "12.5"),
    ("communications", "hs_timestamp", "2026-09-01T12:00:00Z"),
    ("deals", "dealname", "Engines"),
    ("discounts", "hs_label", "Spring"),
    ("emails", "hs_timestamp", "2026-09-01T12:00:00Z"),
    ("fees", "hs_label", "Shipping"),
    ("goal_targets", "hs_goal_name", "Calls"),
    ("invoices", "hs_currency", "EUR"),
    ("leads", "hs_lead_name", "Ada"),
    ("meetings", "hs_timestamp", "2026-09-01T12:00:00Z"),
    ("notes", "hs_timestamp", "2026-09-01T12:00:00Z"),
    ("orders", "hs_order_name", "17"),
    ("postal_mail", "hs_timestamp", "2026-09-01T12:00:00Z"),
    ("products", "name", "Engine"),
    ("quotes", "hs_title", "Engines"),
    ("subscriptions", "hs_name", "Monthly"),
    ("tasks", "hs_timestamp", "2026-09-01T12:00:00Z"),
    ("taxes", "hs_label", "VAT"),
    ("tickets", "subject", "It smokes"),
    ("users", "hs_job_title", "Engineer"),
];

/// A tester whose token may read and write records of every type.
async fn tester() -> Tester {
    let mut hubspot = Tester::start().await;
    let own = [
        "appointments",
        "carts",
        "commercepayments",
        "contacts",
        "courses",
        "deals",
        "goals",
        "invoices",
        "leads",
        "line_items",
        "listings",
        "orders",
        "products",
        "quotes",
        "services",
        "subscriptions",
        "users",
    ];
    let own = own
        .iter()
        .flat_map(|name| ["read", "write"].map(|access| format!("crm.objects.{name}.{access}")));
    let others = [
        "crm.objects.feedback_submissions.read",
        "sales-email-read",
        "tickets",
    ];
    let scopes = own.chain(others.map(str::to_owned));
    hubspot.authorization = format!("Bearer {}", hubspot.account.grant(scopes));
    hubspot
}

#[tokio::test]
async fn records_of_every_type_are_created_read_and_found() {
    let hubspot = tester().await;
    for (path, property, value) in TYPES {
        let path = format!("/crm/objects/2026-09/{path}");
        let body = json!({"properties": {property: value}, "associations": []});
        let (status, created) = hubspot.post(&path, body).await;
        assert_eq!(status, 201, "{path}: {created}");
        let id = text(&created["id"]);
        let (status, read) = hubspot
            .get(&format!("{path}/{id}?properties={property}"))
            .await;
        assert_eq!((status, text(&read["id"])), (200, id.clone()), "{path}");
        assert!(read["properties"][property].is_string(), "{path}: {read}");
        let (status, found) = hubspot.post(&format!("{path}/search"), json!({})).await;
        assert_eq!((status, &found["total"]), (200, &json!(1)), "{path}");
        let (status, _) = hubspot.delete(&format!("{path}/{id}")).await;
        assert_eq!(status, 204, "{path}");
    }
}

#[tokio::test]
async fn paths_with_the_id_of_a_type_lead_to_its_own_operations() {
    let hubspot = Tester::start().await;
    let deal = json!({"properties": {"dealname": "Engines"}, "associations": []});
    let (status, created) = hubspot.post("/crm/objects/2026-09/0-3", deal).await;
    assert_eq!(status, 201, "{created}");
    let id = text(&created["id"]);
    for path in [
        "/crm/objects/2026-09/deals",
        "/crm/v3/objects/deals",
        "/crm/v3/objects/0-3",
    ] {
        assert_eq!(hubspot.get(&format!("{path}/{id}")).await.0, 200, "{path}");
    }
}

#[tokio::test]
async fn feedback_is_not_written() {
    let hubspot = tester().await;
    let path = "/crm/objects/2026-09/feedback_submissions";
    assert_eq!(hubspot.get(path).await.0, 200);
    let body = json!({"properties": {}, "associations": []});
    let (status, error) = hubspot.post(path, body).await;
    let message = "hubspot-mock has no operation at this path: feedback_submissions have no create in version 2026-09.";
    assert_eq!((status, error["message"].as_str()), (501, Some(message)));
}
