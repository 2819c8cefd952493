//! Granted scopes compared with declared ones.

use hubspot_generated::Client;
use hubspot_generated::oauth::OAuthError;
use serde_json::json;

use crate::hub::{ACCOUNT, AppScopes, Hub, Odd, TestClock};

hubspot_generated::scope_set! {
    pub(crate) struct WithCompanies {
        required: ["crm.objects.companies.read"],
    }
}

#[tokio::test]
async fn the_scopes_of_an_account_are_introspected() {
    let (hub, clock) = (Hub::start().await, TestClock::new());
    let connected = hub.connected(&clock).await;
    let client = connected.app.account(ACCOUNT);
    let check = client.verify_scopes().await.unwrap();
    assert!(check.is_complete());
    assert_eq!(
        check.left_out(),
        [
            "crm.objects.contacts.write",
            "crm.objects.companies.read",
            "crm.schemas.custom.read"
        ]
    );
    hub.inner().scopes = vec!["oauth", "crm.objects.companies.read"];
    let check = client.verify_scopes().await.unwrap();
    assert_eq!(check.missing(), ["crm.objects.contacts.read"]);
    assert!(check.granted().contains("crm.objects.companies.read"));
}

#[tokio::test]
async fn a_client_is_upgraded_if_the_token_response_had_the_scopes() {
    let (hub, clock) = (Hub::start().await, TestClock::new());
    let connected = hub.connected(&clock).await;
    let client = connected.app.account(ACCOUNT);
    assert!(client.upgrade::<WithCompanies>().await.unwrap().is_none());
    hub.inner().scopes.push("crm.objects.companies.read");
    clock.advance(1800);
    let upgraded = client.upgrade::<WithCompanies>().await.unwrap().unwrap();
    upgraded.companies().list().send().await.unwrap();
    assert!(
        !hub.inner()
            .paths
            .iter()
            .any(|path| path.contains("introspect"))
    );
}

#[tokio::test]
async fn the_scopes_of_a_static_token_are_looked_up() {
    let hub = Hub::start().await;
    let client = Client::<AppScopes>::builder()
        .base_url(hub.url())
        .access_token("pat-hidden-1")
        .build()
        .unwrap();
    assert!(client.verify_scopes().await.unwrap().is_complete());
    assert!(client.upgrade::<WithCompanies>().await.unwrap().is_none());
    hub.inner().scopes.push("crm.objects.companies.read");
    assert!(client.upgrade::<WithCompanies>().await.unwrap().is_some());
}

#[tokio::test]
async fn the_scopes_of_a_bare_oauth_token_are_unknown() {
    let hub = Hub::start().await;
    let client = Client::<AppScopes>::builder()
        .base_url(hub.url())
        .access_token("hidden-access-1")
        .build()
        .unwrap();
    let error = client.verify_scopes().await.unwrap_err();
    assert!(
        error
            .to_string()
            .contains("the client id and secret that HubSpot asks for"),
        "{error}"
    );
    assert!(error.to_string().contains("OAuthApp::account"), "{error}");
    assert!(!format!("{error:?}").contains("hidden"), "{error:?}");
    assert!(client.upgrade::<WithCompanies>().await.is_err());
}

#[tokio::test]
async fn an_app_can_refuse_tokens_that_lack_scopes() {
    let hub = Hub::start().await;
    hub.inner().scopes = vec!["oauth"];
    let app = hub.app().require_scopes().build().unwrap();
    let error = app.connect(&"hidden-code".into(), None).await.unwrap_err();
    let Some(OAuthError::MissingScopes { missing, .. }) = error.oauth() else {
        panic!("{error}")
    };
    assert_eq!(missing, &["crm.objects.contacts.read"]);
    assert_eq!(
        error.to_string(),
        "the token of account 6000000017 lacks scopes that `AppScopes` requires: crm.objects.contacts.read"
    );
    let client = app.account(ACCOUNT);
    assert!(
        client
            .contacts()
            .list()
            .send()
            .await
            .unwrap_err()
            .oauth()
            .is_some()
    );
    assert_eq!(
        hub.inner().paths,
        ["POST /oauth/2026-09/token"],
        "the call is not made"
    );

    hub.inner().scopes = vec!["oauth", "crm.objects.contacts.read"];
    app.connect(&"hidden-code".into(), None).await.unwrap();
    client.contacts().list().send().await.unwrap();
}

#[tokio::test]
async fn a_403_names_operation_scopes_and_the_declared_set() {
    let hub = Hub::start().await;
    let client = Client::<AppScopes>::builder()
        .base_url(hub.url())
        .access_token("pat-hidden-1")
        .build()
        .unwrap();
    // Only responses to token requests can be scripted.
    hub.next(Odd::json(
        403,
        &json!({"status": "error", "category": "MISSING_SCOPES", "errors": [{
            "message": "One or more of the following scopes are required.",
            "context": {"requiredGranularScopes": ["crm.objects.contacts.write"]}}]}),
    ));
    let request = client.request(hubspot_generated::Method::Post, "/x/token");
    let error = request.send().await.unwrap_err();
    assert_eq!(error.scope_set(), Some("AppScopes"));
    assert_eq!(
        error.missing_scopes().unwrap().to_string(),
        r#""crm.objects.contacts.write""#
    );
    assert_eq!(
        error.to_string(),
        "raw request (POST): HubSpot responded 403 Forbidden, MISSING_SCOPES; the token lacks \
         \"crm.objects.contacts.write\"; the client declares `AppScopes`"
    );
}
