//! Custom object types.

use serde_json::{Value, json};

use super::{Tester, codes, ids, text};

const SCHEMAS: &str = "/crm-object-schemas/2026-09/schemas";

fn car() -> Value {
    json!({
        "name": "car",
        "labels": {"singular": "Car", "plural": "Cars"},
        "description": "What we sell.",
        "properties": [
            {"name": "vin", "label": "VIN", "type": "string", "fieldType": "text", "hasUniqueValue": true},
            {"name": "year", "label": "Year", "type": "number", "fieldType": "number"},
            {"name": "fuel", "label": "Fuel", "type": "enumeration", "fieldType": "checkbox", "options": [
                {"label": "Petrol", "value": "petrol", "displayOrder": 0, "hidden": false},
                {"label": "Power", "value": "power", "displayOrder": 1, "hidden": false},
            ]},
        ],
        "requiredProperties": ["vin"],
        "searchableProperties": ["vin"],
        "primaryDisplayProperty": "vin",
        "secondaryDisplayProperties": ["year"],
        "associatedObjects": ["CONTACT", "0-1"],
        "allowsSensitiveProperties": false,
    })
}

#[tokio::test]
async fn a_custom_type_is_used_by_all_its_names() {
    let hubspot = Tester::start().await;
    let (status, schema) = hubspot.post(SCHEMAS, car()).await;
    assert_eq!(status, 201, "{schema}");
    let id = text(&schema["objectTypeId"]);
    let qualified = format!("p{}_car", hubspot.account.hub_id());
    assert!(id.starts_with("2-"));
    assert_eq!(schema["fullyQualifiedName"], qualified.as_str());
    assert_eq!(schema["requiredProperties"], json!(["vin"]));
    let names = schema["properties"].as_array().unwrap().iter();
    let names = names
        .map(|property| text(&property["name"]))
        .collect::<Vec<_>>();
    assert!(names.contains(&"vin".to_owned()) && names.contains(&"hs_object_id".to_owned()));
    let kinds = schema["associations"].as_array().unwrap();
    assert_eq!(kinds.len(), 2, "one for each direction: {schema}");

    let body =
        |vin: &str| json!({"properties": {"vin": vin, "year": "2020", "fuel": "petrol;power"}});
    let (status, created) = hubspot.post("/crm/objects/2026-09/car", body("a")).await;
    assert_eq!(status, 201, "{created}");
    for name in [id.as_str(), qualified.as_str(), "p_car", "car", "CAR"] {
        for root in [
            "/crm/objects/2026-09",
            "/crm/v3/objects",
            "/crm/objects/2026-03",
        ] {
            let (status, page) = hubspot.get(&format!("{root}/{name}")).await;
            assert_eq!(status, 200, "{root}/{name}: {page}");
            assert_eq!(ids(&page).len(), 1);
        }
        let (status, read) = hubspot.get(&format!("{SCHEMAS}/{name}")).await;
        assert_eq!((status, &read["id"]), (200, &json!(id)));
    }
    assert_eq!(hubspot.post("/crm/v3/objects/car", body("A")).await.0, 409);
    let (status, refused) = hubspot
        .post("/crm/v3/objects/car", json!({"properties": {"year": "1"}}))
        .await;
    assert_eq!(status, 400);
    assert_eq!(codes(&refused), ["MISSING_REQUIRED_PROPERTY"]);
    find_and_associate(&hubspot, &id, &qualified, &text(&created["id"])).await;
}

/// Finds the only car, and associates it with a contact.
async fn find_and_associate(hubspot: &Tester, id: &str, qualified: &str, car: &str) {
    let (status, read) = hubspot
        .get(&format!(
            "/crm/v3/objects/{id}/a?idProperty=vin&properties=fuel"
        ))
        .await;
    assert_eq!(
        (status, &read["properties"]["fuel"]),
        (200, &json!("petrol;power"))
    );
    let found = hubspot
        .search("/crm/objects/2026-09/car/search", json!({"query": "a"}))
        .await;
    assert_eq!(found.len(), 1);

    let contact = hubspot.account.contact([("email", "a@b.c")]);
    let pair = format!("/crm/v4/objects/{id}/{car}/associations/default/contacts/{contact}");
    assert_eq!(hubspot.put(&pair, None).await.0, 200);
    let (_, read) = hubspot
        .get(&format!(
            "/crm/v3/objects/contacts/{contact}?associations=car"
        ))
        .await;
    assert_eq!(ids(&read["associations"][qualified]), [car], "{read}");
}

#[tokio::test]
async fn a_type_is_deleted_after_its_records() {
    let hubspot = Tester::start().await;
    let id = text(&hubspot.post(SCHEMAS, car()).await.1["id"]);
    let path = format!("{SCHEMAS}/{id}");
    let (_, record) = hubspot
        .post("/crm/v3/objects/car", json!({"properties": {"vin": "a"}}))
        .await;
    let (status, refused) = hubspot.delete(&path).await;
    assert_eq!(
        (status, &refused["category"]),
        (400, &json!("VALIDATION_ERROR"))
    );
    hubspot
        .delete(&format!("/crm/v3/objects/car/{}", text(&record["id"])))
        .await;
    assert_eq!(hubspot.delete(&path).await.0, 204);
    assert_eq!(hubspot.get(&path).await.0, 404);
    assert!(matches!(
        hubspot.get("/crm/v3/objects/car").await.0,
        400 | 404
    ));
    let (_, archived) = hubspot.get(&format!("{SCHEMAS}?archived=true")).await;
    assert_eq!(ids(&archived), [id.as_str()]);
    assert_eq!(
        hubspot.post(SCHEMAS, car()).await.0,
        409,
        "its name is still taken"
    );
    assert_eq!(
        hubspot.delete(&format!("{path}?archived=true")).await.0,
        204
    );
    assert_eq!(
        hubspot.delete(&format!("{path}?archived=true")).await.0,
        404
    );
    let (status, anew) = hubspot.post(SCHEMAS, car()).await;
    assert_eq!(status, 201);
    assert_ne!(text(&anew["id"]), id);
}

#[tokio::test]
async fn invalid_types_are_refused() {
    let hubspot = Tester::start().await;
    let with = |change: &dyn Fn(&mut Value)| {
        let mut schema = car();
        change(&mut schema);
        schema
    };
    let cases = [
        (with(&|schema| schema["name"] = json!("1car")), 400),
        (with(&|schema| schema["name"] = json!("my car")), 400),
        (with(&|schema| schema["name"] = json!("contact")), 409),
        (
            with(&|schema| schema["properties"][0]["name"] = json!("VIN")),
            400,
        ),
        (
            with(&|schema| schema["properties"][1]["name"] = json!("vin")),
            400,
        ),
        (
            with(&|schema| schema["properties"][1]["fieldType"] = json!("checkbox")),
            400,
        ),
        (
            with(&|schema| schema["properties"][2]["options"] = json!([])),
            400,
        ),
        (
            with(&|schema| schema["requiredProperties"] = json!(["colour"])),
            400,
        ),
        (
            with(&|schema| schema["searchableProperties"] = json!(["colour"])),
            400,
        ),
        (
            with(&|schema| schema["associatedObjects"] = json!(["2-1"])),
            400,
        ),
    ];
    for (schema, expected) in cases {
        let (status, refused) = hubspot.post(SCHEMAS, schema.clone()).await;
        assert_eq!(status, expected, "{schema}: {refused}");
    }
    assert_eq!(hubspot.get(SCHEMAS).await.1["results"], json!([]));
    assert_eq!(hubspot.post(SCHEMAS, car()).await.0, 201);
    assert_eq!(hubspot.post(SCHEMAS, car()).await.0, 409);
}

#[tokio::test]
async fn a_type_is_updated_and_read_in_parts() {
    let hubspot = Tester::start().await;
    let id = text(&hubspot.post(SCHEMAS, car()).await.1["id"]);
    let path = format!("{SCHEMAS}/{id}");
    let body = json!({"labels": {"plural": "Automobiles"}, "clearDescription": true, "requiredProperties": []});
    let (status, changed) = hubspot.patch(&path, body).await;
    assert_eq!(status, 200, "{changed}");
    assert_eq!(
        changed["labels"],
        json!({"singular": "Car", "plural": "Automobiles"})
    );
    assert!(changed.get("description").is_none() && changed.get("properties").is_none());
    assert_eq!(changed["portalId"], hubspot.account.hub_id());
    for wrong in [
        json!({"clearDescription": true, "description": "x"}),
        json!({"requiredProperties": ["colour"]}),
    ] {
        assert_eq!(hubspot.patch(&path, wrong).await.0, 400);
    }
    let lean = "includePropertyDefinitions=false&includeAssociationDefinitions=false&includeAuditMetadata=false";
    let (_, read) = hubspot.get(&format!("{path}?{lean}")).await;
    assert_eq!(
        (&read["properties"], &read["associations"]),
        (&json!([]), &json!([]))
    );
    assert!(read.get("createdByUserId").is_none());
    let body = json!({
        "inputs": [id, "nothing"],
        "includePropertyDefinitions": true,
        "includeAssociationDefinitions": false,
        "includeAuditMetadata": true,
    });
    let (status, batch) = hubspot.post(&format!("{SCHEMAS}/batch/read"), body).await;
    assert_eq!((status, ids(&batch)), (200, vec![id]));
    assert!(batch["results"][0]["createdByUserId"].is_i64());
    assert_eq!(batch["results"][0]["associations"], json!([]));
}

#[tokio::test]
async fn association_types_are_created_and_deleted() {
    let hubspot = Tester::start().await;
    let id = text(&hubspot.post(SCHEMAS, car()).await.1["id"]);
    let path = format!("{SCHEMAS}/{id}/associations");
    let egg = |from: &str, to: &str| json!({"fromObjectTypeId": from, "toObjectTypeId": to});
    let (status, kind) = hubspot.post(&path, egg(&id, "0-2")).await;
    assert_eq!(status, 201, "{kind}");
    assert_eq!(kind["name"], "car_to_company");
    assert_eq!(kind["toObjectTypeId"], "0-2");
    assert_eq!(hubspot.post(&path, egg(&id, "0-2")).await.0, 409);
    assert_eq!(hubspot.post(&path, egg("0-1", "0-2")).await.0, 400);
    assert_eq!(hubspot.post(&path, egg(&id, "2-1")).await.0, 400);

    let company = hubspot.account.company([("name", "Acme")]);
    let (_, car) = hubspot
        .post("/crm/v3/objects/car", json!({"properties": {"vin": "a"}}))
        .await;
    let pair = format!(
        "/crm/v4/objects/car/{}/associations/default/companies/{company}",
        text(&car["id"])
    );
    assert_eq!(hubspot.put(&pair, None).await.0, 200);
    let kind = text(&kind["id"]);
    assert_eq!(hubspot.delete(&format!("{path}/{kind}")).await.0, 204);
    assert_eq!(hubspot.delete(&format!("{path}/{kind}")).await.0, 404);
    let (_, read) = hubspot
        .get(&format!(
            "/crm/v3/objects/companies/{company}?associations=car"
        ))
        .await;
    assert!(read.get("associations").is_none(), "{read}");
    assert_eq!(hubspot.put(&pair, None).await.0, 400);
}
