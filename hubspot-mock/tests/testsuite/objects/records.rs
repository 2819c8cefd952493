//! Single records, and lists.

use serde_json::json;

use super::{Tester, codes, ids, text};

const CONTACTS: &str = "/crm/objects/2026-09/contacts";

#[tokio::test]
async fn a_record_is_created_read_changed_and_archived() {
    let hubspot = Tester::start().await;
    let body =
        json!({"properties": {"email": "Ada@Example.com", "firstname": "Ada", "phone": null}});
    let (status, created) = hubspot.post(CONTACTS, body).await;
    assert_eq!(status, 201, "{created}");
    assert_eq!(created["properties"]["email"], "ada@example.com");
    assert_eq!(created["archived"], false);
    assert!(
        created["properties"].get("phone").is_none(),
        "null is ignored"
    );
    let id = text(&created["id"]);
    assert!(id.parse::<u64>().unwrap() > u64::from(u32::MAX));

    let (status, read) = hubspot.get(&format!("{CONTACTS}/{id}")).await;
    assert_eq!(status, 200);
    let shown = read["properties"].as_object().unwrap().keys();
    let shown = shown.map(String::as_str).collect::<Vec<_>>();
    let short = [
        "createdate",
        "email",
        "firstname",
        "hs_object_id",
        "lastmodifieddate",
        "lastname",
    ];
    assert_eq!(shown, short);
    assert_eq!(read["properties"]["lastname"], json!(null));
    assert_eq!(read["properties"]["hs_object_id"], id.as_str());
    assert_eq!(read["createdAt"], read["properties"]["createdate"]);

    let body = json!({"properties": {"firstname": "", "lastname": "Lovelace"}});
    let (status, changed) = hubspot.patch(&format!("{CONTACTS}/{id}"), body).await;
    assert_eq!(status, 200, "{changed}");
    assert_eq!(changed["properties"]["lastname"], "Lovelace");
    assert_eq!(
        changed["properties"]["firstname"],
        json!(null),
        "an empty text clears"
    );
    assert!(changed["updatedAt"].as_str() > created["updatedAt"].as_str());

    archive(&hubspot, &id).await;
}

/// Reads the contact by its email, and archives it.
async fn archive(hubspot: &Tester, id: &str) {
    let by_email =
        format!("{CONTACTS}/ADA@example.com?idProperty=email&properties=lastname,no_such");
    let (status, read) = hubspot.get(&by_email).await;
    assert_eq!(status, 200, "{read}");
    assert_eq!(read["properties"]["lastname"], "Lovelace");
    assert!(read["properties"].get("email").is_none());

    for _ in 0..2 {
        assert_eq!(hubspot.delete(&format!("{CONTACTS}/{id}")).await.0, 204);
    }
    let (status, missing) = hubspot.get(&format!("{CONTACTS}/{id}")).await;
    assert_eq!(
        (status, &missing["category"]),
        (404, &json!("OBJECT_NOT_FOUND"))
    );
    let (status, read) = hubspot.get(&format!("{CONTACTS}/{id}?archived=true")).await;
    assert_eq!(status, 200);
    assert_eq!(read["archived"], true);
    assert!(read["archivedAt"].is_string());
    assert_eq!(
        hubspot
            .patch(&format!("{CONTACTS}/{id}"), json!({"properties": {}}))
            .await
            .0,
        404
    );
}

#[tokio::test]
async fn versions_share_one_store() {
    let hubspot = Tester::start().await;
    let id = hubspot.account.contact([("email", "a@b.c")]);
    for path in [
        "/crm/v3/objects/contacts",
        "/crm/objects/2026-03/contacts",
        "/crm/objects/2026-09/contacts",
        "/crm/v3/objects/0-1",
        "/crm/objects/2026-09/contact",
    ] {
        let (status, page) = hubspot.get(path).await;
        assert_eq!(status, 200, "{path}: {page}");
        assert_eq!(ids(&page), [id.as_str()], "{path}");
    }
}

#[tokio::test]
async fn all_errors_of_a_record_are_reported_at_once() {
    let hubspot = Tester::start().await;
    let body = json!({"properties": {
        "email": "no address",
        "favourite_colour": "blue",
        "createdate": "2026-01-01",
        "lifecyclestage": "friend",
        "hs_buying_role": "CHAMPION;PATRON",
        "hs_email_optout": "perhaps",
        "closedate": "tomorrow",
        "associatedcompanyid": "twelve",
    }});
    let (status, refused) = hubspot.post(CONTACTS, body).await;
    assert_eq!(
        (status, &refused["category"]),
        (400, &json!("VALIDATION_ERROR"))
    );
    let mut found = codes(&refused);
    found.sort();
    let expected = [
        "INVALID_DATE",
        "INVALID_EMAIL",
        "INVALID_LONG",
        "INVALID_OPTION",
        "INVALID_OPTION",
        "INVALID_OPTION",
        "PROPERTY_DOESNT_EXIST",
        "READ_ONLY_VALUE",
    ];
    assert_eq!(found, expected);
    let message = text(&refused["message"]);
    let list = message.strip_prefix("Property values were not valid: ");
    let list = serde_json::from_str::<serde_json::Value>(list.unwrap()).unwrap();
    let mut embedded = list.as_array().unwrap().iter();
    let unknown = embedded.find(|error| error["name"] == "favourite_colour");
    let unknown = unknown.unwrap();
    assert_eq!(unknown["error"], "PROPERTY_DOESNT_EXIST");
    assert_eq!(unknown["isValid"], false);
    let errors = refused["errors"].as_array().unwrap();
    let named = errors
        .iter()
        .find(|error| error["code"] == "PROPERTY_DOESNT_EXIST")
        .unwrap();
    assert_eq!(
        named["context"]["propertyName"],
        json!(["favourite_colour"])
    );
    assert_eq!(hubspot.get(CONTACTS).await.1["results"], json!([]));
}

#[tokio::test]
async fn values_are_normalized() {
    let hubspot = Tester::start().await;
    let body = json!({"properties": {
        "firstname": "Ada",
        "closedate": "1767225600000",
        "hs_buying_role": "CHAMPION;OTHER;CHAMPION",
        "hs_email_optout": "TRUE",
        "associatedcompanyid": " 17 ",
    }});
    let (_, created) = hubspot.post(CONTACTS, body).await;
    let properties = &created["properties"];
    assert_eq!(
        properties["closedate"], "2026-01-01T00:00:00.000Z",
        "{created}"
    );
    assert_eq!(properties["hs_buying_role"], "CHAMPION;OTHER");
    assert_eq!(properties["hs_email_optout"], "true");
    assert_eq!(properties["associatedcompanyid"], "17");

    let line_items = "/crm/objects/2026-09/line_items";
    for (value, kept) in [
        ("2026-01-01 10:00:00", 400),
        ("20260101", 400),
        ("1767225600000", 201),
        ("2026-01-01", 201),
        ("1767225600001", 400),
    ] {
        let body = json!({"properties": {"hs_recurring_billing_start_date": value}});
        let (status, created) = hubspot.post(line_items, body).await;
        assert_eq!(status, kept, "{value}: {created}");
        if status == 201 {
            assert_eq!(
                created["properties"]["hs_recurring_billing_start_date"],
                "2026-01-01"
            );
        }
    }
}

#[tokio::test]
async fn a_contact_needs_one_of_three_properties() {
    let hubspot = Tester::start().await;
    let (status, refused) = hubspot
        .post(CONTACTS, json!({"properties": {"phone": "1"}}))
        .await;
    assert_eq!(status, 400);
    assert_eq!(
        refused["context"]["properties"],
        json!(["email", "firstname", "lastname"])
    );
    let (status, _) = hubspot
        .post(CONTACTS, json!({"properties": {"lastname": "Lovelace"}}))
        .await;
    assert_eq!(status, 201);
}

#[tokio::test]
async fn an_email_belongs_to_one_contact() {
    let hubspot = Tester::start().await;
    let first = hubspot.account.contact([("email", "a@b.c")]);
    let second = hubspot.account.contact([("email", "x@y.z")]);
    let body = json!({"properties": {"email": "A@b.c"}});
    let (status, refused) = hubspot.post(CONTACTS, body.clone()).await;
    assert_eq!((status, &refused["category"]), (409, &json!("CONFLICT")));
    assert_eq!(
        refused["message"],
        format!("Contact already exists. Existing ID: {first}")
    );
    assert!(refused.get("context").is_none(), "{refused}");
    let (status, _) = hubspot
        .patch(&format!("{CONTACTS}/{second}"), body.clone())
        .await;
    assert_eq!(status, 409);
    assert_eq!(
        hubspot
            .patch(&format!("{CONTACTS}/{first}"), body.clone())
            .await
            .0,
        200
    );
    hubspot.delete(&format!("{CONTACTS}/{first}")).await;
    assert_eq!(
        hubspot.post(CONTACTS, body).await.0,
        201,
        "an archived contact frees its address"
    );
}

#[tokio::test]
async fn validation_rules_are_enforced_from_2026_09_on() {
    use hubspot_mock::{Property, PropertyType, ValidationRule};
    let hubspot = Tester::start().await;
    let code = Property::new("member_code", PropertyType::Text)
        .unique()
        .rule(ValidationRule::MaxLength(4));
    hubspot.account.property("contacts", code);
    let body = |code| json!({"properties": {"firstname": "Ada", "member_code": code}});
    assert_eq!(
        hubspot
            .post("/crm/objects/2026-03/contacts", body("12345"))
            .await
            .0,
        201
    );
    assert_eq!(
        hubspot
            .post("/crm/v3/objects/contacts", body("12346"))
            .await
            .0,
        201
    );
    let (status, refused) = hubspot.post(CONTACTS, body("12347")).await;
    assert_eq!(status, 400, "{refused}");
    assert_eq!(codes(&refused), ["VALIDATION_RULE_FAILED"]);
    assert_eq!(hubspot.post(CONTACTS, body("1234")).await.0, 201);
    assert_eq!(hubspot.post(CONTACTS, body("1234")).await.0, 409);
    let (status, read) = hubspot
        .get(&format!("{CONTACTS}/1234?idProperty=member_code"))
        .await;
    assert_eq!(status, 200, "{read}");
}

#[tokio::test]
async fn lists_have_pages() {
    let hubspot = Tester::start().await;
    let mut seeded = Vec::new();
    for number in 0..25 {
        let email = format!("{number}@b.c");
        seeded.push(hubspot.account.contact([("email", email.as_str())]));
    }
    let (mut listed, mut after) = (Vec::new(), None);
    for expected in [10, 10, 5] {
        let cursor = after.map_or_else(String::new, |after| format!("?after={after}"));
        let (_, page) = hubspot.get(&format!("{CONTACTS}{cursor}")).await;
        assert_eq!(page["results"].as_array().unwrap().len(), expected);
        listed.extend(ids(&page));
        after = page["paging"]["next"]["after"]
            .as_str()
            .map(ToOwned::to_owned);
    }
    assert_eq!(after, None);
    assert_eq!(listed, seeded);

    for (query, status) in [
        ("limit=100", 200),
        ("limit=101", 400),
        ("limit=0", 400),
        ("limit=50&propertiesWithHistory=email", 200),
        ("limit=51&propertiesWithHistory=email", 400),
        ("after=here", 400),
    ] {
        let (found, answer) = hubspot.get(&format!("{CONTACTS}?{query}")).await;
        assert_eq!(found, status, "{query}: {answer}");
    }
    hubspot.delete(&format!("{CONTACTS}/{}", seeded[3])).await;
    let (_, archived) = hubspot.get(&format!("{CONTACTS}?archived=true")).await;
    assert_eq!(ids(&archived), [seeded[3].as_str()]);
}

#[tokio::test]
async fn companies_are_found_by_a_domain_that_several_may_have() {
    let hubspot = Tester::start().await;
    let companies = "/crm/objects/2026-09/companies";
    let body = json!({"properties": {"name": "Acme", "domain": "acme.com"}});
    let (_, first) = hubspot.post(companies, body.clone()).await;
    assert_eq!(hubspot.post(companies, body).await.0, 201);
    let (status, found) = hubspot
        .get(&format!("{companies}/acme.com?idProperty=domain"))
        .await;
    assert_eq!((status, &found["id"]), (200, &first["id"]));
    for (property, wording) in [("name", "unique"), ("nothing", "exist")] {
        let (status, refused) = hubspot
            .get(&format!("{companies}/Acme?idProperty={property}"))
            .await;
        assert_eq!(status, 400);
        assert!(text(&refused["message"]).contains(wording), "{refused}");
    }
}

#[tokio::test]
async fn a_line_item_starts_from_its_product() {
    let hubspot = Tester::start().await;
    let product = hubspot
        .account
        .record("products", [("name", "Chair"), ("price", "20")]);
    let body = json!({"properties": {"hs_product_id": product, "price": "15", "quantity": "2"}});
    let (status, created) = hubspot.post("/crm/objects/2026-09/line_items", body).await;
    assert_eq!(status, 201, "{created}");
    assert_eq!(created["properties"]["name"], "Chair");
    assert_eq!(created["properties"]["price"], "15");
}
