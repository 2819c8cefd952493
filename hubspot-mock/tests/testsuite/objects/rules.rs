//! Rules that HubSpot enforces for its own properties.

use hubspot_mock::{ConflictBody, MockHubSpot, Owner, Seed};
use serde_json::{Value, json};

use super::{Tester, text};

const CONTACTS: &str = "/crm/objects/2026-09/contacts";
const DEALS: &str = "/crm/v3/objects/deals";
const LINE_ITEMS: &str = "/crm/objects/2026-09/line_items";

/// Creates a record and returns the response.
async fn create(hubspot: &Tester, path: &str, properties: &Value) -> (u16, Value) {
    let body = json!({"properties": properties, "associations": []});
    hubspot.post(path, body).await
}

#[tokio::test]
async fn the_amount_of_a_line_item_is_computed() {
    let hubspot = Tester::start().await;
    for (properties, amount) in [
        (json!({"price": 12.5, "quantity": 4}), json!("50")),
        (json!({"price": "10"}), json!("10")),
        (json!({"price": "0.1", "quantity": "3"}), json!("0.3")),
        (
            json!({"price": 10, "quantity": 2, "discount": 3}),
            json!("14"),
        ),
        (
            json!({"price": 10, "quantity": 2, "hs_discount_percentage": 25}),
            json!("15"),
        ),
        (
            json!({"price": 10, "quantity": 2, "amount": 999}),
            json!("20"),
        ),
        (json!({"name": "Advice", "amount": 7}), json!("7")),
    ] {
        let (status, created) = create(&hubspot, LINE_ITEMS, &properties).await;
        assert_eq!(status, 201, "{created}");
        let path = format!("{LINE_ITEMS}/{}?properties=amount", text(&created["id"]));
        let (_, read) = hubspot.get(&path).await;
        assert_eq!(read["properties"]["amount"], amount, "{properties}");
    }
    let (_, created) = create(&hubspot, LINE_ITEMS, &json!({"price": 5, "quantity": 2})).await;
    let path = format!("{LINE_ITEMS}/{}", text(&created["id"]));
    let (status, updated) = hubspot
        .patch(&path, json!({"properties": {"quantity": 3}}))
        .await;
    assert_eq!(
        (status, &updated["properties"]["amount"]),
        (200, &json!("15"))
    );
}

#[tokio::test]
async fn the_lifecycle_stage_moves_forward_only_unless_it_is_cleared() {
    let hubspot = Tester::start().await;
    for path in [CONTACTS, "/crm/objects/2026-09/companies"] {
        let properties =
            json!({"firstname": "Ada", "name": "Acme", "lifecyclestage": "opportunity"});
        let mut properties = properties;
        let other = if path == CONTACTS {
            "name"
        } else {
            "firstname"
        };
        properties.as_object_mut().unwrap().remove(other);
        let (status, created) = create(&hubspot, path, &properties).await;
        assert_eq!(status, 201, "{created}");
        let record = format!("{path}/{}", text(&created["id"]));
        for (set, then) in [
            ("lead", json!("opportunity")),
            ("customer", json!("customer")),
            ("opportunity", json!("customer")),
            ("", json!(null)),
            ("lead", json!("lead")),
        ] {
            let body = json!({"properties": {"lifecyclestage": set}});
            assert_eq!(hubspot.patch(&record, body).await.0, 200, "{set}");
            let (_, read) = hubspot
                .get(&format!("{record}?properties=lifecyclestage"))
                .await;
            let value = read["properties"]["lifecyclestage"].clone();
            let value = if value == "" { Value::Null } else { value };
            assert_eq!(value, then, "{path}: {set:?}");
        }
    }
}

/// Path, a property and a value that is refused.
const REFUSED: [(&str, &str, &str); 6] = [
    ("/crm/objects/2026-09/companies", "industry", "Software"),
    (CONTACTS, "hs_lead_status", "new"),
    (CONTACTS, "hubspot_owner_id", "17"),
    (CONTACTS, "hubspot_owner_id", "ada@b.c"),
    (DEALS, "dealstage", "Closed Won"),
    (DEALS, "pipeline", "other"),
];

#[tokio::test]
async fn values_outside_the_options_are_refused() {
    let hubspot = Tester::start().await;
    for (path, name, value) in REFUSED {
        let (status, refused) = create(&hubspot, path, &json!({name: value})).await;
        let error = &refused["errors"][0];
        let seen = (status, &error["code"], &error["in"]);
        assert_eq!(
            seen,
            (400, &json!("INVALID_OPTION"), &json!(name)),
            "{refused}"
        );
        let message = text(&refused["message"]);
        let start = message.find('[').unwrap();
        let list: Value = serde_json::from_str(&message[start..]).unwrap();
        let seen = (&list[0]["name"], &list[0]["error"]);
        assert_eq!(seen, (&json!(name), &json!("INVALID_OPTION")));
    }
}

#[tokio::test]
async fn owners_and_stages_of_the_account_are_accepted() {
    let hubspot = Tester::start().await;
    let ada = hubspot.account.owner(Owner::new("ada@b.c").team("Sales"));
    let gone = hubspot.account.owner(Owner::new("bob@b.c").archived());
    let number = ada.parse::<u64>().unwrap();
    for (path, properties, status) in [
        (
            CONTACTS,
            json!({"email": "a@b.c", "hubspot_owner_id": number}),
            201,
        ),
        (
            CONTACTS,
            json!({"email": "x@b.c", "hubspot_owner_id": ada}),
            201,
        ),
        (
            CONTACTS,
            json!({"email": "y@b.c", "hubspot_owner_id": gone}),
            400,
        ),
        (
            DEALS,
            json!({"dealname": "a", "pipeline": "default", "dealstage": "closedwon"}),
            201,
        ),
        (
            DEALS,
            json!({"dealname": "a", "pipeline": "default", "dealstage": "1"}),
            400,
        ),
        (DEALS, json!({"dealname": "a", "pipeline": "default"}), 201),
    ] {
        let created = create(&hubspot, path, &properties).await;
        assert_eq!(created.0, status, "{properties}: {}", created.1);
    }
    let (_, found) = hubspot
        .get(&format!("{CONTACTS}?properties=hubspot_team_id"))
        .await;
    assert!(
        found["results"][0]["properties"]["hubspot_team_id"].is_string(),
        "{found}"
    );
}

#[tokio::test]
async fn a_stage_without_a_pipeline_is_of_the_first_one() {
    let hubspot = Tester::start().await;
    let (_, created) = create(
        &hubspot,
        DEALS,
        &json!({"dealname": "Engines", "dealstage": "closedwon"}),
    )
    .await;
    let path = format!("{DEALS}/{}", text(&created["id"]));
    let (_, read) = hubspot.get(&path).await;
    assert_eq!(read["properties"]["pipeline"], "default", "{read}");
    // The stage that is there does not belong to the new pipeline, which does not exist.
    let body = json!({"properties": {"pipeline": "other"}});
    assert_eq!(hubspot.patch(&path, body).await.0, 400);
}

#[tokio::test]
async fn a_conflict_has_a_long_body_on_demand() {
    let seed: Seed = r#"{"conflictBody": "long"}"#.parse().unwrap();
    for (builder, is_long) in [
        (MockHubSpot::builder(), false),
        (
            MockHubSpot::builder().conflict_body(ConflictBody::Long),
            true,
        ),
        (MockHubSpot::builder().seed(seed.clone()), true),
        (
            MockHubSpot::builder()
                .seed(seed)
                .conflict_body(ConflictBody::Short),
            false,
        ),
    ] {
        let hubspot = Tester::start_with(builder).await;
        let id = hubspot.account.contact([("email", "a@b.c")]);
        let input = json!({"properties": {"email": "a@b.c"}, "associations": []});
        for (path, body) in [
            (CONTACTS.to_owned(), input.clone()),
            (
                format!("{CONTACTS}/batch/create"),
                json!({"inputs": [input]}),
            ),
        ] {
            let (status, refused) = hubspot.post(&path, body).await;
            assert_eq!(status, 409, "{refused}");
            let message = format!("Contact already exists. Existing ID: {id}");
            assert_eq!(refused["message"], message);
            assert!(refused["context"]["existingObjectId"].is_null());
            let category = if is_long {
                "OBJECT_ALREADY_EXISTS"
            } else {
                "CONFLICT"
            };
            assert_eq!(refused["category"], category);
            assert_eq!(refused["error"] == "CONTACT_EXISTS", is_long);
            let vid = refused["identityProfile"]["vid"].as_u64();
            assert_eq!(vid, is_long.then(|| id.parse().unwrap()));
        }
        // Other object types have the short form only.
        hubspot.account.property(
            "companies",
            hubspot_mock::Property::new("code", hubspot_mock::PropertyType::Text).unique(),
        );
        hubspot.account.company([("name", "Acme"), ("code", "7")]);
        let companies = "/crm/objects/2026-09/companies";
        let (status, refused) =
            create(&hubspot, companies, &json!({"name": "Acme", "code": "7"})).await;
        assert_eq!((status, &refused["category"]), (409, &json!("CONFLICT")));
    }
}
