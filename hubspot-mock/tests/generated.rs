//! Operations without behavior: their scopes and their bodies are checked, and the response is made from the schema.

mod support;

use hubspot_generated::models::PropertyUpdate;
use hubspot_mock::MockHubSpot;
use support::{get, request};

hubspot_generated::scope_set! {
    struct Scopes {
        required: ["crm.objects.owners.read", "crm.schemas.contacts.write"],
    }
}

#[tokio::test]
async fn a_client_reads_what_is_made() {
    let hubspot = MockHubSpot::start().await.unwrap();
    let client = hubspot.account("acme").client::<Scopes>();
    assert!(client.owners().list().await.unwrap().results.is_empty());
    assert_eq!(client.owners().get(7).await.unwrap().id, "7");
    let update = PropertyUpdate::new().label("Size");
    let property = client.properties().update("contacts", "size", update);
    assert_eq!(property.await.unwrap().label, "Size");
}

#[tokio::test]
async fn the_response_says_that_it_is_made_and_refusals_are_as_for_any_other() {
    let hubspot = MockHubSpot::start().await.unwrap();
    let account = hubspot.account("acme");
    let bearer = |scope: &str| format!("Bearer {}", account.grant(["oauth", scope]));
    let owners = bearer("crm.objects.owners.read");
    let path = "/crm/owners/2026-09/7";
    let made = get(&hubspot, path, Some(&owners)).await;
    let mark = made.header("x-hubspot-mock");
    assert_eq!((made.status, mark), (200, Some("generated")));
    let again = get(&hubspot, path, Some(&owners)).await;
    assert_eq!(made.body, again.body);

    let refused = get(&hubspot, path, Some(&bearer("tickets"))).await;
    let mark = refused.header("x-hubspot-mock");
    assert_eq!((refused.status, mark), (403, None));

    let path = "/crm/properties/2026-09/contacts/size";
    let body = Some(r#"{"hidden": "perhaps"}"#);
    let write = bearer("crm.schemas.contacts.write");
    let refused = request(&hubspot, "PATCH", path, Some(&write), body).await;
    assert_eq!(refused.status, 400, "{}", refused.text());
}
