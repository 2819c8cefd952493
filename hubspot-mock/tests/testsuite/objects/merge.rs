//! Merging two records.

use serde_json::json;

use super::{Tester, ids, text};

const CONTACTS: &str = "/crm/objects/2026-09/contacts";

#[tokio::test]
async fn a_merge_makes_a_new_record_that_both_old_ids_find() {
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
    let (status, merged) = hubspot.post(&format!("{CONTACTS}/merge"), body).await;
    assert_eq!(status, 200, "{merged}");
    let id = text(&merged["id"]);
    assert!(id != ada && id != twin, "{merged}");

    let wanted = "properties=city,phone,hs_merged_object_ids,hs_additional_emails,hs_calculated_merged_vids&associations=companies";
    for asked in [&id, &ada, &twin] {
        let (status, read) = hubspot.get(&format!("{CONTACTS}/{asked}?{wanted}")).await;
        assert_eq!((status, text(&read["id"])), (200, id.clone()));
        let properties = &read["properties"];
        assert_eq!(
            properties["city"], "London",
            "the primary record's value is kept"
        );
        assert_eq!(
            properties["phone"], "7",
            "what it lacks comes from the other"
        );
        assert_eq!(properties["hs_merged_object_ids"], format!("{ada};{twin}"));
        let vids = text(&properties["hs_calculated_merged_vids"]);
        assert!(vids.starts_with(&format!("{ada}:")) && vids.contains(&format!(";{twin}:")));
        assert_eq!(properties["hs_additional_emails"], "twin@b.c");
        let listed = format!("/crm/v4/objects/contacts/{asked}/associations/companies");
        let listed = hubspot.get(&listed).await.1["results"]
            .as_array()
            .unwrap()
            .len();
        if *asked == id {
            assert_eq!(ids(&read["associations"]["companies"]), [company.as_str()]);
            assert_eq!(listed, 1);
        } else {
            assert!(read.get("associations").is_none(), "{read}");
            assert_eq!(listed, 0);
        }
    }
    let (_, page) = hubspot.get(CONTACTS).await;
    assert_eq!(ids(&page), [id.as_str()]);
    assert_address_is_taken(&hubspot, &id).await;
}

/// The address of a merged contact belongs to the contact that it was merged into.
async fn assert_address_is_taken(hubspot: &Tester, id: &str) {
    let (status, refused) = hubspot
        .post(CONTACTS, json!({"properties": {"email": "twin@b.c"}}))
        .await;
    assert_eq!(status, 409);
    assert_eq!(
        refused["message"],
        format!("Contact already exists. Existing ID: {id}")
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
}

/// Deals by HubSpot's documentation.
#[tokio::test]
async fn associations_of_v3_by_an_old_id_are_empty() {
    let hubspot = Tester::start().await;
    let deal = |name| hubspot.account.record("deals", [("dealname", name)]);
    let (first, second) = (deal("Engines"), deal("Wheels"));
    let company = hubspot.account.company([("name", "Acme")]);
    for deal in [&first, &second] {
        let deal = format!("/crm/objects/2026-09/deals/{deal}");
        let path = format!("{deal}/associations/default/companies/{company}");
        assert_eq!(hubspot.put(&path, None).await.0, 200);
    }
    let body = json!({"primaryObjectId": first, "objectIdToMerge": second});
    let path = "/crm/v3/objects/deals/merge";
    let (status, merged) = hubspot.post(path, body).await;
    assert_eq!(status, 200, "{merged}");
    let id = text(&merged["id"]);
    for asked in [&id, &first, &second] {
        let path = format!("/crm/v3/objects/deals/{asked}/associations/companies");
        let (status, listed) = hubspot.get(&path).await;
        assert_eq!(status, 200, "{listed}");
        let path = "/crm/v3/associations/deals/companies/batch/read";
        let (status, read) = hubspot.post(path, json!({"inputs": [{"id": asked}]})).await;
        if *asked == id {
            assert_eq!(listed["results"][0]["id"], company.as_str());
            assert_eq!(
                (status, read["results"][0]["to"][0]["id"].as_str()),
                (200, Some(&*company))
            );
        } else {
            assert_eq!(listed["results"], json!([]), "{asked}");
            assert_eq!(
                (status, &read["results"], &read["numErrors"]),
                (207, &json!([]), &json!(1))
            );
        }
    }
}
