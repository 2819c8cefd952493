//! What an account is set up with: properties, groups, owners, pipelines, labels, in every version that has them.

mod pipelines;
mod validations;

use crate::support::tester::{Tester, field};
use hubspot_mock::Owner;
use serde_json::{Value, json};

const PROPERTIES: [&str; 4] = [
    "/crm/properties/2026-09/contacts",
    "/crm/properties/2026-03/contacts",
    "/crm/properties/2025-09/0-1",
    "/crm/v3/properties/contact",
];

/// A property with these options.
fn size(options: &[&str]) -> Value {
    let options = options.iter().zip(0..);
    let options = options.map(|(value, order)| {
        json!({"label": value, "value": value, "displayOrder": order, "hidden": false})
    });
    json!({
        "name": "size", "label": "Size", "type": "enumeration", "fieldType": "select",
        "groupName": "contactinformation", "options": options.collect::<Vec<_>>(),
    })
}

#[tokio::test]
async fn properties_are_kept_in_every_version() {
    for path in PROPERTIES {
        let hubspot = Tester::start().await;
        let all = hubspot.get(path).await;
        assert!(field(&all, "name").len() > 40);
        let email = hubspot.get(&format!("{path}/email")).await;
        assert_eq!(
            (&email["label"], &email["type"]),
            (&json!("Email"), &json!("string"))
        );
        hubspot.ok("POST", path, size(&["s"])).await;
        assert_eq!(hubspot.status("POST", path, size(&["s"])).await, 409);
        let one = format!("{path}/size");
        let changes = json!({"label": "The size", "options": size(&["s", "l"])["options"]});
        assert_eq!(
            hubspot.ok("PATCH", &one, changes).await["label"],
            "The size"
        );
        hubspot.account.contact([("email", "a@b.c"), ("size", "l")]);
        hubspot.ok("DELETE", &one, Value::Null).await;
        assert_eq!(hubspot.status("GET", &one, Value::Null).await, 404);
        let archived = hubspot.get(&format!("{path}?archived=true")).await;
        assert_eq!(field(&archived, "name"), ["size"]);
        let contact = json!({"properties": {"size": "s", "email": "x@y.z"}, "associations": []});
        let refused = hubspot
            .status("POST", "/crm/v3/objects/contacts", contact)
            .await;
        assert_eq!(refused, 400);
    }
}

#[tokio::test]
async fn groups_are_kept_in_every_version() {
    for path in PROPERTIES {
        let hubspot = Tester::start().await;
        let groups = format!("{path}/groups");
        let standard = hubspot.get(&groups).await;
        assert_eq!(field(&standard, "name")[0], "contactinformation");
        let cars = json!({"name": "cars", "label": "Cars", "displayOrder": 3});
        let mut in_cars = size(&["s"]);
        in_cars["groupName"] = json!("cars");
        assert_eq!(hubspot.status("POST", path, in_cars.clone()).await, 400);
        hubspot.ok("POST", &groups, cars.clone()).await;
        assert_eq!(hubspot.status("POST", &groups, cars).await, 409);
        hubspot.ok("POST", path, in_cars).await;
        let one = format!("{groups}/cars");
        assert_eq!(
            hubspot.ok("PATCH", &one, json!({"label": "All"})).await["label"],
            "All"
        );
        assert_eq!(hubspot.status("DELETE", &one, Value::Null).await, 400);
        hubspot
            .ok("DELETE", &format!("{path}/size"), Value::Null)
            .await;
        hubspot.ok("DELETE", &one, Value::Null).await;
        assert_eq!(hubspot.status("GET", &one, Value::Null).await, 404);
    }
}

#[tokio::test]
async fn properties_are_handled_in_batches() {
    let hubspot = Tester::start().await;
    let path = "/crm/v3/properties/deals/batch";
    let property = |name: &str, group: &str| json!({"name": name, "label": name, "type": "string", "fieldType": "text", "groupName": group});
    let inputs = [
        property("a", "dealinformation"),
        property("b", "dealinformation"),
        property("c", "none"),
    ];
    let (status, created) = hubspot
        .call("POST", &format!("{path}/create"), json!({"inputs": inputs}))
        .await;
    assert_eq!(
        (status, field(&created, "name")),
        (207, vec!["a".into(), "b".into()])
    );
    let named = json!({"archived": false, "inputs": [{"name": "a"}, {"name": "zz"}]});
    let (status, read) = hubspot
        .call("POST", &format!("{path}/read"), named.clone())
        .await;
    assert_eq!((status, field(&read, "name")), (207, vec!["a".to_owned()]));
    assert_eq!(read["numErrors"], 1);
    hubspot.ok("POST", &format!("{path}/archive"), named).await;
    assert_eq!(
        hubspot
            .status("GET", "/crm/v3/properties/deals/a", Value::Null)
            .await,
        404
    );
    assert_eq!(
        hubspot
            .status("GET", "/crm/v3/properties/deals/b", Value::Null)
            .await,
        200
    );
}

#[tokio::test]
async fn what_hubspot_has_defined_stays() {
    let hubspot = Tester::start().await;
    let path = "/crm/v3/properties/contacts";
    for (method, name, body) in [
        ("DELETE", "email", Value::Null),
        (
            "PATCH",
            "firstname",
            json!({"type": "number", "fieldType": "number"}),
        ),
        ("PATCH", "firstname", json!({"groupName": "none"})),
    ] {
        let status = hubspot
            .status(method, &format!("{path}/{name}"), body)
            .await;
        assert_eq!(status, 400, "{method} {name}");
    }
    assert_eq!(
        hubspot
            .status("GET", "/crm/v3/properties/unicorns", Value::Null)
            .await,
        400
    );
    for (object_type, name, values) in [
        (
            "deals",
            "dealstage",
            vec!["appointmentscheduled", "qualifiedtobuy"],
        ),
        ("tickets", "hs_pipeline", vec!["0"]),
        ("companies", "lifecyclestage", vec!["subscriber", "lead"]),
        ("contacts", "hubspot_owner_id", vec![]),
    ] {
        let path = format!("/crm/v3/properties/{object_type}/{name}");
        let property = hubspot.get(&path).await;
        assert_eq!(property["type"], "enumeration");
        let options = property["options"].as_array().unwrap().iter();
        let found = options
            .take(2)
            .map(|option| option["value"].as_str().unwrap());
        assert_eq!(found.collect::<Vec<_>>(), values, "{name}");
    }
}

#[tokio::test]
async fn owners_are_listed_page_by_page() {
    let hubspot = Tester::start().await;
    for number in 0..5 {
        hubspot
            .account
            .owner(Owner::new(format!("o{number}@b.c")).team("Sales"));
    }
    hubspot.account.owner(Owner::new("gone@b.c").archived());
    for path in [
        "/crm/v3/owners",
        "/crm/owners/2026-09",
        "/crm/owners/2026-03",
    ] {
        let mut url = format!("{path}?limit=2");
        let mut emails = Vec::new();
        loop {
            let page = hubspot.get(&url).await;
            emails.extend(field(&page, "email"));
            let Some(after) = page["paging"]["next"]["after"].as_str() else {
                break;
            };
            url = format!("{path}?limit=2&after={after}");
        }
        assert_eq!(emails, ["o0@b.c", "o1@b.c", "o2@b.c", "o3@b.c", "o4@b.c"]);
        let gone = hubspot.get(&format!("{path}?archived=true")).await;
        assert_eq!(field(&gone, "email"), ["gone@b.c"]);
        let one = hubspot.get(&format!("{path}?email=o3@b.c")).await;
        let (id, user) = (&one["results"][0]["id"], &one["results"][0]["userId"]);
        assert_eq!(one["results"][0]["teams"][0]["primary"], true);
        let by_id = hubspot
            .ok(
                "GET",
                &format!("{path}/{}", id.as_str().unwrap()),
                Value::Null,
            )
            .await;
        let by_user = hubspot
            .ok(
                "GET",
                &format!("{path}/{user}?idProperty=userId"),
                Value::Null,
            )
            .await;
        assert_eq!(by_id, by_user);
        assert_eq!(
            hubspot
                .status("GET", &format!("{path}/17"), Value::Null)
                .await,
            404
        );
    }
}

#[tokio::test]
async fn labels_are_used_by_associations() {
    for prefix in ["/crm/v4/associations", "/crm/associations/2026-09"] {
        let hubspot = Tester::start().await;
        let path = format!("{prefix}/contacts/companies/labels");
        let standard = hubspot.get(&path).await;
        let ids = |page: &Value| {
            page["results"]
                .as_array()
                .unwrap()
                .iter()
                .map(|ty| ty["typeId"].as_u64().unwrap())
                .collect::<Vec<_>>()
        };
        assert_eq!(ids(&standard), [279, 1, 931]);
        let label = json!({"label": "Works for", "inverseLabel": "Employs", "name": "works_for"});
        let created = hubspot.ok("POST", &path, label.clone()).await;
        let of_others = format!("{prefix}/contacts/deals/labels/{}", ids(&created)[0]);
        let refused = hubspot.status("DELETE", &of_others, Value::Null).await;
        assert_eq!(refused, 404);
        assert_eq!(hubspot.status("POST", &path, label).await, 400);
        for label in [
            json!({"label": "Helps", "inverseLabel": "Employs", "name": "helps"}),
            json!({"label": " ", "name": "blank"}),
        ] {
            let refused = hubspot.status("POST", &path, label.clone()).await;
            assert_eq!(refused, 400, "{label}");
        }
        let number = ids(&created)[0];
        let renamed = json!({"associationTypeId": number, "label": "Serves"});
        hubspot.ok("PUT", &path, renamed).await;
        let contact = hubspot.account.contact([("email", "a@b.c")]);
        let company = hubspot.account.company([("name", "Acme")]);
        let record = format!("/crm/v4/objects/contacts/{contact}/associations/companies");
        let types = json!([{"associationCategory": "USER_DEFINED", "associationTypeId": number}]);
        let made = hubspot
            .ok("PUT", &format!("{record}/{company}"), types)
            .await;
        assert_eq!(made["labels"], json!(["Serves"]));
        hubspot
            .ok("DELETE", &format!("{path}/{number}"), Value::Null)
            .await;
        assert_eq!(
            hubspot
                .status("DELETE", &format!("{path}/{number}"), Value::Null)
                .await,
            404
        );
        assert_eq!(
            hubspot
                .status("DELETE", &format!("{path}/279"), Value::Null)
                .await,
            404
        );
    }
}

#[tokio::test]
async fn the_account_has_details() {
    let hubspot = Tester::start().await;
    for path in ["/account-info/v3/details", "/account-info/2026-09/details/"] {
        let details = hubspot.get(path).await;
        assert_eq!(details["portalId"], hubspot.account.hub_id());
    }
}
