//! Permanent deletion of contacts.

use serde_json::json;

use super::{Tester, codes};

const CONTACTS: &str = "/crm/objects/2026-09/contacts";

#[tokio::test]
async fn a_deleted_contact_is_removed_everywhere() {
    let hubspot = Tester::start().await;
    let by_id = hubspot.account.contact([("email", "a@b.c")]);
    let by_email = hubspot.account.contact([("email", "x@y.z")]);
    let erase = format!("{CONTACTS}/gdpr-delete");
    assert_eq!(
        hubspot.post(&erase, json!({"objectId": by_id})).await.0,
        204
    );
    let body = json!({"objectId": "X@y.z", "idProperty": "email"});
    assert_eq!(hubspot.post(&erase, body).await.0, 204);
    for id in [by_id, by_email] {
        assert_eq!(hubspot.get(&format!("{CONTACTS}/{id}")).await.0, 404);
        assert_eq!(
            hubspot
                .get(&format!("{CONTACTS}/{id}?archived=true"))
                .await
                .0,
            404
        );
    }
    assert_eq!(hubspot.post(&erase, json!({"objectId": "1"})).await.0, 404);
}

#[tokio::test]
async fn an_unknown_address_is_blocklisted() {
    let hubspot = Tester::start().await;
    let body = json!({"objectId": "Gone@b.c", "idProperty": "email"});
    assert_eq!(
        hubspot
            .post(&format!("{CONTACTS}/gdpr-delete"), body)
            .await
            .0,
        204
    );
    let body = json!({"properties": {"email": "gone@B.c"}});
    let (status, refused) = hubspot.post(CONTACTS, body).await;
    assert_eq!(status, 400);
    assert_eq!(codes(&refused), ["BLOCKLISTED_EMAIL"]);
}
