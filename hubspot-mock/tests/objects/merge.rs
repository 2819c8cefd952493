//! Merging two records.

use serde_json::json;

use crate::{Tester, ids, text};

const CONTACTS: &str = "/crm/objects/2026-09/contacts";

#[tokio::test]
async fn the_other_id_leads_to_the_survivor() {
    let hubspot = Tester::start().await;
    let ada = hubspot
        .account
        .contact([("email", "ada@b.c"), ("city", "London")]);
    let twin = hubspot
        .account
        .contact([("email", "twin@b.c"), ("city", "Paris"), ("phone", "7")]);
    let company = hubspot.account.company([("name", "Acme")]);
    hubspot
        .put(
            &format!("{CONTACTS}/{twin}/associations/default/companies/{company}"),
            None,
        )
        .await;
    let body = json!({"primaryObjectId": ada, "objectIdToMerge": twin});
    let (status, survivor) = hubspot.post(&format!("{CONTACTS}/merge"), body).await;
    assert_eq!(
        (status, text(&survivor["id"])),
        (200, ada.clone()),
        "{survivor}"
    );

    let wanted =
        "properties=city,phone,hs_merged_object_ids,hs_additional_emails&associations=companies";
    for id in [&ada, &twin] {
        let (status, read) = hubspot.get(&format!("{CONTACTS}/{id}?{wanted}")).await;
        assert_eq!((status, text(&read["id"])), (200, ada.clone()));
        let properties = &read["properties"];
        assert_eq!(properties["city"], "London", "its own value is kept");
        assert_eq!(
            properties["phone"], "7",
            "what it lacks comes from the other"
        );
        assert_eq!(properties["hs_merged_object_ids"], twin.as_str());
        assert_eq!(properties["hs_additional_emails"], "twin@b.c");
        assert_eq!(ids(&read["associations"]["companies"]), [company.as_str()]);
    }
    let (_, page) = hubspot.get(CONTACTS).await;
    assert_eq!(ids(&page), [ada.as_str()]);
    let (status, refused) = hubspot
        .post(CONTACTS, json!({"properties": {"email": "twin@b.c"}}))
        .await;
    assert_eq!(status, 409);
    assert_eq!(
        refused["message"],
        format!("Contact already exists. Existing ID: {ada}")
    );
}

#[tokio::test]
async fn a_record_is_not_merged_with_itself_or_with_nothing() {
    let hubspot = Tester::start().await;
    let ada = hubspot.account.contact([("email", "ada@b.c")]);
    for (other, expected) in [(ada.as_str(), 400), ("1", 404), ("x", 404)] {
        let body = json!({"primaryObjectId": ada, "objectIdToMerge": other});
        let (status, refused) = hubspot.post(&format!("{CONTACTS}/merge"), body).await;
        assert_eq!(status, expected, "{refused}");
    }
    let (status, _) = hubspot
        .post(
            "/crm/objects/2026-09/line_items/merge",
            json!({"primaryObjectId": "1", "objectIdToMerge": "2"}),
        )
        .await;
    assert!(
        matches!(status, 404 | 405),
        "line items have no merge: {status}"
    );
}
