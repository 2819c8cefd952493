//! Associations.

use serde_json::{Value, json};

use super::{Tester, ids};

fn spec(number: u32) -> Value {
    json!({"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": number})
}

fn types(associated: &Value) -> Vec<u64> {
    let types = associated["associationTypes"].as_array().unwrap();
    types
        .iter()
        .map(|ty| ty["typeId"].as_u64().unwrap())
        .collect()
}

#[tokio::test]
async fn a_record_is_created_with_associations() {
    let hubspot = Tester::start().await;
    let deal = hubspot.account.record("deals", [("dealname", "Chairs")]);
    let line_items = "/crm/objects/2026-09/line_items";
    let body = |deal: &str, number| {
        json!({
            "properties": {"name": "Chair"},
            "associations": [{"to": {"id": deal}, "types": [spec(number)]}],
        })
    };
    for (target, number, expected) in [(deal.as_str(), 19, 400), ("1", 20, 404)] {
        assert_eq!(
            hubspot.post(line_items, body(target, number)).await.0,
            expected
        );
    }
    assert_eq!(
        hubspot.get(line_items).await.1["results"],
        json!([]),
        "a refused call creates nothing"
    );
    let (status, created) = hubspot.post(line_items, body(&deal, 20)).await;
    assert_eq!(status, 201, "{created}");
    let (_, read) = hubspot
        .get(&format!(
            "/crm/v3/objects/deals/{deal}?associations=line_items,nothing"
        ))
        .await;
    let listed = &read["associations"]["line_items"]["results"];
    assert_eq!(
        listed,
        &json!([{"id": created["id"], "type": "deal_to_line_item"}])
    );
    let (_, read) = hubspot
        .get(&format!("{line_items}?associations=deals"))
        .await;
    assert_eq!(ids(&read["results"][0]["associations"]["deals"]), [deal]);
}

#[tokio::test]
async fn both_directions_change_together() {
    let hubspot = Tester::start().await;
    let contact = hubspot.account.contact([("email", "a@b.c")]);
    let company = hubspot.account.company([("name", "Acme")]);
    let path = format!("/crm/objects/2026-09/contacts/{contact}/associations");
    let (status, made) = hubspot
        .put(&format!("{path}/default/companies/{company}"), None)
        .await;
    assert_eq!(status, 200, "{made}");
    assert_eq!(made["results"][0]["associationSpec"], spec(279));
    assert_eq!(made["results"][1]["associationSpec"], spec(280));
    assert_eq!(made["results"][1]["from"]["id"], company.as_str());

    let pair = format!("{path}/companies/{company}");
    let (status, labels) = hubspot.put(&pair, Some(json!([spec(1)]))).await;
    assert_eq!(status, 201, "{labels}");
    assert_eq!(labels["labels"], json!(["Primary"]));
    assert_eq!(labels["toObjectTypeId"], "0-2");

    let around = format!("/crm/v4/objects/companies/{company}/associations/contacts");
    let (_, listed) = hubspot.get(&around).await;
    assert_eq!(listed["results"][0]["toObjectId"], contact.as_str());
    assert_eq!(types(&listed["results"][0]), [280, 2]);

    for wrong in [
        json!([]),
        json!([spec(2)]),
        json!([spec(4)]),
        json!([spec(9999)]),
    ] {
        let (status, refused) = hubspot.put(&pair, Some(wrong.clone())).await;
        assert_eq!(status, 400, "{wrong}: {refused}");
    }
    assert_eq!(
        hubspot
            .put(&format!("{path}/companies/1"), Some(json!([spec(1)])))
            .await
            .0,
        404
    );
    assert_eq!(hubspot.delete(&pair).await.0, 204);
    assert_eq!(hubspot.get(&around).await.1["results"], json!([]));
}

#[tokio::test]
async fn a_contact_has_one_primary_company() {
    let hubspot = Tester::start().await;
    let contact = hubspot.account.contact([("email", "a@b.c")]);
    let first = hubspot.account.company([("name", "Acme")]);
    let second = hubspot.account.company([("name", "Other")]);
    let path = format!("/crm/v4/objects/contacts/{contact}/associations/companies");
    for company in [&first, &second] {
        assert_eq!(
            hubspot
                .put(&format!("{path}/{company}"), Some(json!([spec(1)])))
                .await
                .0,
            201
        );
    }
    let (_, listed) = hubspot.get(&path).await;
    assert_eq!(types(&listed["results"][0]), [279]);
    assert_eq!(types(&listed["results"][1]), [279, 1]);
    let (_, page) = hubspot.get(&format!("{path}?limit=1")).await;
    assert_eq!(page["results"].as_array().unwrap().len(), 1);
    let after = page["paging"]["next"]["after"].as_str().unwrap();
    let (_, page) = hubspot.get(&format!("{path}?limit=1&after={after}")).await;
    assert_eq!(page["results"][0]["toObjectId"], second.as_str());
}

#[tokio::test]
async fn batches_respond_by_version() {
    for (root, created_status, ended_status) in [
        ("/crm/v4/associations", 201, 204),
        ("/crm/associations/2026-09", 200, 200),
    ] {
        let hubspot = Tester::start().await;
        let contact = hubspot.account.contact([("email", "a@b.c")]);
        let lone = hubspot.account.contact([("email", "x@y.z")]);
        let company = hubspot.account.company([("name", "Acme")]);
        let path = format!("{root}/contacts/companies/batch");
        let pair =
            |to: &str| json!({"from": {"id": contact}, "to": {"id": to}, "types": [spec(1)]});
        let (status, made) = hubspot
            .post(
                &format!("{path}/create"),
                json!({"inputs": [pair(&company)]}),
            )
            .await;
        assert_eq!(status, created_status, "{root}: {made}");
        let (status, made) = hubspot
            .post(
                &format!("{path}/create"),
                json!({"inputs": [pair(&company), pair("1")]}),
            )
            .await;
        assert_eq!((status, &made["numErrors"]), (207, &json!(1)));

        let (status, read) = hubspot
            .post(
                &format!("{path}/read"),
                json!({"inputs": [{"id": contact}, {"id": lone}]}),
            )
            .await;
        assert_eq!(status, 207, "{read}");
        assert_eq!(read["results"][0]["from"]["id"], contact.as_str());
        assert_eq!(types(&read["results"][0]["to"][0]), [279, 1]);
        assert_eq!(
            read["errors"][0]["subCategory"],
            "crm.associations.NO_ASSOCIATIONS_FOUND"
        );
        assert_eq!(read["errors"][0]["context"]["fromObjectId"], json!([lone]));

        let archived = hubspot
            .post(
                &format!("{path}/labels/archive"),
                json!({"inputs": [pair(&company)]}),
            )
            .await;
        assert_eq!(archived.0, ended_status);
        archive_and_associate(&hubspot, &path, [&contact, &lone, &company], ended_status).await;
    }
}

/// Removes the association that has lost its label, and makes another.
async fn archive_and_associate(
    hubspot: &Tester,
    path: &str,
    [contact, lone, company]: [&str; 3],
    ended_status: u16,
) {
    let read = json!({"inputs": [{"id": contact}]});
    let (_, found) = hubspot.post(&format!("{path}/read"), read.clone()).await;
    assert_eq!(
        types(&found["results"][0]["to"][0]),
        [279],
        "the unlabeled type stays"
    );

    let many = json!({"inputs": [{"from": {"id": contact}, "to": [{"id": company}, {"id": "1"}]}]});
    assert_eq!(
        hubspot.post(&format!("{path}/archive"), many).await.0,
        ended_status
    );
    assert_eq!(
        hubspot.post(&format!("{path}/read"), read).await.1["results"],
        json!([])
    );
    let plain = json!({"inputs": [{"from": {"id": lone}, "to": {"id": company}}]});
    let (status, made) = hubspot
        .post(&format!("{path}/associate/default"), plain)
        .await;
    assert_eq!(status, 200);
    assert_eq!(made["results"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn archived_records_are_not_listed() {
    let hubspot = Tester::start().await;
    let contact = hubspot.account.contact([("email", "a@b.c")]);
    let company = hubspot.account.company([("name", "Acme")]);
    hubspot
        .put(
            &format!("/crm/v4/objects/contacts/{contact}/associations/default/companies/{company}"),
            None,
        )
        .await;
    hubspot
        .delete(&format!("/crm/v3/objects/companies/{company}"))
        .await;
    let (_, read) = hubspot
        .get(&format!(
            "/crm/v3/objects/contacts/{contact}?associations=companies"
        ))
        .await;
    assert!(read.get("associations").is_none(), "{read}");
}

#[tokio::test]
async fn an_account_has_labels_of_its_own() {
    let hubspot = Tester::start().await;
    let (works_for, employs) = hubspot
        .account
        .label(("contacts", "companies"), ("Works for", "Employs"));
    let contact = hubspot.account.contact([("email", "a@b.c")]);
    let company = hubspot.account.company([("name", "Acme")]);
    let path = format!("/crm/v4/objects/contacts/{contact}/associations/companies");
    let own = json!({"associationCategory": "USER_DEFINED", "associationTypeId": works_for});
    let wrong = json!({"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": works_for});
    let pair = format!("{path}/{company}");
    assert_eq!(hubspot.put(&pair, Some(json!([wrong]))).await.0, 400);
    let (status, labels) = hubspot.put(&pair, Some(json!([own]))).await;
    assert_eq!((status, &labels["labels"]), (201, &json!(["Works for"])));
    let (_, listed) = hubspot.get(&path).await;
    let expected = json!([
        {"category": "HUBSPOT_DEFINED", "typeId": 279},
        {"category": "USER_DEFINED", "typeId": works_for, "label": "Works for"},
    ]);
    assert_eq!(listed["results"][0]["associationTypes"], expected);
    let path = format!("/crm/v4/objects/companies/{company}/associations/contacts");
    let (_, listed) = hubspot.get(&path).await;
    assert_eq!(
        listed["results"][0]["associationTypes"][1]["typeId"],
        employs
    );
    let around = format!("/crm/v3/objects/contacts/{contact}?associations=companies");
    let (_, read) = hubspot.get(&around).await;
    let listed = read["associations"]["companies"]["results"]
        .as_array()
        .unwrap();
    assert_eq!(listed.len(), 2, "once for each type: {read}");
}
