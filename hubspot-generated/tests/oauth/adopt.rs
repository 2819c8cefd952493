//! Refresh tokens that another program stored.

use hubspot_generated::oauth::{OAuthError, TokenRefusal, TokenVersion};
use serde_json::json;

use crate::hub::{ACCOUNT, Events, Hub, Odd, TestClock, field};

#[tokio::test]
async fn a_token_is_verified_saved_and_used() {
    let (hub, clock, events) = (Hub::start().await, TestClock::new(), Events::default());
    hub.inner().rotates = true;
    hub.inner().issued = 4;
    let store = std::sync::Arc::default();
    let app = hub.app_with::<hubspot_generated::oauth::MemoryStore>(&clock, &store);
    let app = app.on_event(events.hook()).build().unwrap();
    let connection = app.adopt(ACCOUNT, "hidden-refresh-4").await.unwrap();
    assert_eq!((connection.hub_id, connection.user_id), (ACCOUNT, Some(7)));
    assert_eq!(connection.scopes, ["oauth", "crm.objects.contacts.read"]);
    let form = hub.inner().forms[0].clone();
    assert_eq!(field(&form, "refresh_token").unwrap(), "hidden-refresh-4");
    app.account(ACCOUNT).contacts().list().send().await.unwrap();
    assert_eq!(hub.asked(), 1);
    assert_eq!(events.take(), ["Connected"]);

    // After a restart the new token is there.
    let restarted = hub.app_with(&clock, &store).build().unwrap();
    clock.advance(1800);
    let token = restarted.tokens().account(ACCOUNT).access_token().await;
    assert_eq!(token.unwrap().expose_secret(), "hidden-access-6");
}

#[tokio::test]
async fn a_token_that_is_refused_leaves_an_existing_account_as_it_is() {
    let (hub, clock) = (Hub::start().await, TestClock::new());
    hub.inner().rotates = true;
    let connected = hub.connected(&clock).await;
    let before = connected.stored().await.unwrap();
    let error = connected
        .app
        .adopt(ACCOUNT, "hidden-old")
        .await
        .unwrap_err();
    assert_eq!(error.token_refusal(), Some(TokenRefusal::InvalidGrant));
    assert!(!format!("{error} {error:?}").contains("hidden-old"));
    assert_eq!(connected.stored().await.unwrap(), before);
    assert_eq!(connected.token().await.unwrap(), "hidden-access-1");
    assert_eq!(connected.events.take(), [""; 0]);

    // One that is accepted replaces it.
    let adopted = connected.app.adopt(ACCOUNT, "hidden-refresh-1").await;
    adopted.unwrap();
    assert_eq!(connected.token().await.unwrap(), "hidden-access-2");
    let after = connected.stored().await.unwrap();
    assert!(after.fence > before.fence);

    // So it does for an account that needs authorization.
    clock.advance(1800);
    hub.next(Odd::json(400, &json!({"error": "invalid_grant"})));
    assert!(connected.token().await.unwrap_err().needs_authorization());
    let adopted = connected.app.adopt(ACCOUNT, "hidden-refresh-2").await;
    adopted.unwrap();
    assert_eq!(connected.token().await.unwrap(), "hidden-access-3");
}

#[tokio::test]
async fn a_token_of_another_account_is_not_saved() {
    for version in [TokenVersion::V2026_09, TokenVersion::V1] {
        let (hub, clock) = (Hub::start().await, TestClock::new());
        let store = std::sync::Arc::new(hubspot_generated::oauth::MemoryStore::default());
        let app = hub.app_with(&clock, &store).token_version(version);
        let app = app.build().unwrap();
        if version == TokenVersion::V1 {
            // The response does not name the account; introspection does.
            hub.inner().issued = 1;
            let body = json!({"access_token": "hidden-access-1", "refresh_token": "hidden-r"});
            hub.next(Odd::json(200, &body));
        }
        let error = app.adopt(18, "hidden-r").await.unwrap_err();
        let Some(OAuthError::OtherAccount { asked, given }) = error.oauth() else {
            panic!("{error}")
        };
        assert_eq!((*asked, *given), (18, ACCOUNT));
        // The token that was sent may be used up; this one can be adopted for the right account.
        let new = error.refresh_token().unwrap().expose_secret();
        assert_eq!(
            new,
            if version == TokenVersion::V1 {
                "hidden-r"
            } else {
                "hidden-refresh-1"
            }
        );
        for hub_id in [18, ACCOUNT] {
            let tokens = app.tokens().account(hub_id);
            assert!(tokens.needs_authorization().await.unwrap());
        }
    }
}

#[tokio::test]
async fn dropping_the_future_does_not_lose_the_new_token() {
    let (hub, clock) = (Hub::start().await, TestClock::new());
    let connected = hub.connected(&clock).await;
    hub.inner().delay = std::time::Duration::from_millis(50);
    let adopting = connected.app.adopt(ACCOUNT, "hidden-refresh-1");
    let waited = tokio::time::timeout(std::time::Duration::from_millis(10), adopting).await;
    assert!(waited.is_err());
    connected.app.shutdown().await.unwrap();
    assert_eq!(connected.token().await.unwrap(), "hidden-access-2");
    assert_eq!(hub.asked(), 1);
}
