//! Tokens are refreshed in time, once, and for one account only.

use std::sync::Arc;
use std::time::Duration;

use hubspot_generated::oauth::{OAuthError, TokenStore};
use serde_json::json;

use crate::hub::{ACCOUNT, Hub, Odd, TestClock};

#[tokio::test]
async fn a_token_is_refreshed_five_minutes_before_it_expires() {
    let (hub, clock) = (Hub::start().await, TestClock::new());
    let connected = hub.connected(&clock).await;
    clock.advance(1499);
    assert_eq!(connected.token().await.unwrap(), "hidden-access-1");
    assert_eq!(hub.asked(), 0);
    clock.advance(1);
    assert_eq!(connected.token().await.unwrap(), "hidden-access-2");
    assert_eq!(connected.token().await.unwrap(), "hidden-access-2");
    assert_eq!(hub.asked(), 1);
    assert_eq!(connected.events.take(), ["Refreshed"]);
}

#[tokio::test]
async fn a_hundred_refreshes_in_a_row_keep_the_last_refresh_token() {
    let (hub, clock) = (Hub::start().await, TestClock::new());
    hub.inner().rotates = true;
    let connected = hub.connected(&clock).await;
    for round in 2..102 {
        clock.advance(1800);
        assert_eq!(
            connected.token().await.unwrap(),
            format!("hidden-access-{round}")
        );
        let stored = connected.stored().await.unwrap();
        assert_eq!(
            stored.refresh_token.expose_secret(),
            format!("hidden-refresh-{round}")
        );
    }
    assert_eq!(hub.asked(), 100);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_thousand_tasks_make_one_request() {
    let (hub, clock) = (Hub::start().await, TestClock::new());
    hub.inner().rotates = true;
    let connected = Arc::new(hub.connected(&clock).await);
    clock.advance(1800);
    hub.inner().delay = std::time::Duration::from_millis(50);
    let tasks: Vec<_> = (0..1000)
        .map(|_| {
            let connected = connected.clone();
            tokio::spawn(async move { connected.token().await.unwrap() })
        })
        .collect();
    for task in tasks {
        assert_eq!(task.await.unwrap(), "hidden-access-2");
    }
    assert_eq!(hub.asked(), 1);
}

#[tokio::test]
async fn dropping_the_future_does_not_cancel_the_refresh() {
    let (hub, clock) = (Hub::start().await, TestClock::new());
    hub.inner().rotates = true;
    let connected = hub.connected(&clock).await;
    clock.advance(1800);
    hub.inner().delay = std::time::Duration::from_millis(50);
    let tokens = connected.app.tokens().account(ACCOUNT);
    let impatient =
        tokio::time::timeout(std::time::Duration::from_millis(10), tokens.access_token());
    assert!(impatient.await.is_err());
    assert_eq!(connected.token().await.unwrap(), "hidden-access-2");
    assert_eq!(hub.asked(), 1);
    assert_eq!(
        connected
            .stored()
            .await
            .unwrap()
            .refresh_token
            .expose_secret(),
        "hidden-refresh-2"
    );
}

#[tokio::test]
async fn a_refused_token_is_refreshed_once_and_the_request_retried_once() {
    let (hub, clock) = (Hub::start().await, TestClock::new());
    let connected = hub.connected(&clock).await;
    let client = connected.app.account(ACCOUNT);
    client.contacts().list().send().await.unwrap();
    // HubSpot's clock is ahead of ours.
    hub.inner().issued = 5;
    client.contacts().list().send().await.unwrap();
    assert_eq!(hub.asked(), 1);

    // The new token is refused, too.
    hub.inner().paths.clear();
    hub.inner().issued = 50;
    hub.inner().category = "INVALID_AUTHENTICATION";
    hub.next(Odd::json(
        200,
        &json!({"access_token": "hidden-other", "expires_in": 1800}),
    ));
    let error = client.contacts().list().send().await.unwrap_err();
    assert!(error.needs_authorization() && error.is_unauthorized());
    assert_eq!(error.category(), Some("INVALID_AUTHENTICATION"));
    assert_eq!(error.operation(), Some("contacts.list"));
    assert_eq!(
        hub.inner().paths,
        [
            "GET /crm/objects/2026-09/contacts",
            "POST /oauth/2026-09/token",
            "GET /crm/objects/2026-09/contacts",
        ]
    );
}

#[tokio::test]
async fn a_refused_refresh_token_is_sent_once() {
    for (status, body) in [
        (400, json!({"error": "invalid_grant"})),
        (
            400,
            json!({"status": "BAD_REFRESH_TOKEN", "message": "hidden"}),
        ),
        (401, json!({"status": "error", "category": "UNAUTHORIZED"})),
        (403, json!({"status": "error", "message": "hidden"})),
    ] {
        let (hub, clock) = (Hub::start().await, TestClock::new());
        let connected = hub.connected(&clock).await;
        clock.advance(1800);
        hub.next(Odd::json(status, &body));
        for _ in 0..3 {
            let error = connected.token().await.unwrap_err();
            assert!(error.needs_authorization(), "{error}");
            assert!(!error.is_retryable());
            assert_eq!(
                error.to_string(),
                "account 6000000017 needs authorization: someone must follow the app's install link"
            );
        }
        let error = connected
            .app
            .account(ACCOUNT)
            .contacts()
            .list()
            .send()
            .await;
        assert!(error.unwrap_err().needs_authorization());
        assert_eq!(hub.asked(), 1, "{body}");
        assert_eq!(connected.events.take(), ["AuthorizationNeeded"]);
        assert!(connected.stored().await.unwrap().needs_authorization);

        // Until someone authorizes.
        connected
            .app
            .connect(&"hidden-code".into(), None)
            .await
            .unwrap();
        assert_eq!(connected.token().await.unwrap(), "hidden-access-2");
        assert_eq!(connected.events.take(), ["Connected"]);
    }
}

#[tokio::test]
async fn an_authorization_in_another_process_is_noticed() {
    let (hub, clock) = (Hub::start().await, TestClock::new());
    hub.inner().rotates = true;
    let here = hub.connected(&clock).await;
    let there = hub.app_with(&clock, &here.store).build().unwrap();
    clock.advance(1800);
    hub.next(Odd::json(403, &json!({})));
    assert!(here.token().await.unwrap_err().needs_authorization());
    let elsewhere = there.tokens().account(ACCOUNT).access_token().await;
    assert!(elsewhere.unwrap_err().needs_authorization());
    assert_eq!(hub.asked(), 1, "the other process asks nothing either");
    there.connect(&"hidden-code".into(), None).await.unwrap();
    assert_eq!(here.token().await.unwrap(), "hidden-access-2");
}

#[tokio::test]
async fn wrong_app_credentials_do_not_mark_the_account() {
    let (hub, clock) = (Hub::start().await, TestClock::new());
    let connected = hub.connected(&clock).await;
    clock.advance(1800);
    hub.next(Odd::json(401, &json!({"error": "invalid_client"})));
    let error = connected.token().await.unwrap_err();
    assert!(!error.needs_authorization(), "{error}");
    assert_eq!(connected.token().await.unwrap(), "hidden-access-2");
}

#[tokio::test]
async fn a_token_that_is_still_valid_is_used_when_a_refresh_fails() {
    let (hub, clock) = (Hub::start().await, TestClock::new());
    let connected = hub.connected(&clock).await;
    clock.advance(1600);
    for _ in 0..2 {
        hub.next(Odd::json(500, &json!({})));
    }
    assert_eq!(connected.token().await.unwrap(), "hidden-access-1");
    assert_eq!(connected.token().await.unwrap(), "hidden-access-1");
    assert_eq!(hub.asked(), 1, "not at every call");
    clock.advance(30);
    assert_eq!(connected.token().await.unwrap(), "hidden-access-1");
    assert_eq!(hub.asked(), 2);
    hub.next(Odd::json(500, &json!({})));
    clock.advance(170);
    let error = connected.token().await.unwrap_err();
    assert!(matches!(error.oauth(), Some(OAuthError::Refresh { .. })));
    assert!(error.is_retryable());
    assert_eq!(connected.token().await.unwrap(), "hidden-access-2");
}

#[tokio::test]
async fn a_clock_that_jumps_does_not_prolong_a_token() {
    let (hub, clock) = (Hub::start().await, TestClock::new());
    let connected = hub.connected(&clock).await;
    // The time of day jumps; what has passed does not.
    clock.jump(-86_400);
    clock.advance(1499);
    assert_eq!(connected.token().await.unwrap(), "hidden-access-1");
    clock.advance(1);
    assert_eq!(connected.token().await.unwrap(), "hidden-access-2");
    clock.jump(7 * 86_400);
    assert_eq!(connected.token().await.unwrap(), "hidden-access-2");
    assert_eq!(hub.asked(), 1);

    // Another process reads the record at a time of day before it was written: its token is good for half an hour at
    // most, and a 401 mends what is left.
    clock.jump(-30 * 86_400);
    let other = hub.app_with(&clock, &connected.store).build().unwrap();
    let tokens = other.tokens().account(ACCOUNT);
    assert_eq!(
        tokens.access_token().await.unwrap().expose_secret(),
        "hidden-access-2"
    );
    clock.advance(1500);
    assert_eq!(
        tokens.access_token().await.unwrap().expose_secret(),
        "hidden-access-3"
    );
}

#[tokio::test]
async fn the_token_of_another_account_is_refused() {
    let (hub, clock) = (Hub::start().await, TestClock::new());
    let connected = hub.connected(&clock).await;
    clock.advance(1800);
    hub.inner().hub_id = 18;
    let error = connected.token().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "HubSpot returned a token of account 18 instead of account 6000000017"
    );
    assert!(connected.store.load(18).await.unwrap().is_none());

    let error = connected
        .app
        .account(99)
        .contacts()
        .list()
        .send()
        .await
        .unwrap_err();
    assert!(error.needs_authorization(), "nobody has authorized it");
}

#[tokio::test]
async fn a_response_without_a_refresh_token_keeps_the_old_one() {
    let (hub, clock) = (Hub::start().await, TestClock::new());
    let connected = hub.connected(&clock).await;
    clock.advance(1800);
    hub.next(Odd::json(
        200,
        &json!({"access_token": "hidden-access-2", "expires_in": 1800}),
    ));
    assert_eq!(connected.token().await.unwrap(), "hidden-access-2");
    let stored = connected.stored().await.unwrap();
    assert_eq!(stored.refresh_token.expose_secret(), "hidden-refresh-1");
    assert_eq!(stored.scopes.len(), 2, "as granted");
}

#[tokio::test]
async fn disconnecting_removes_the_tokens() {
    let (hub, clock) = (Hub::start().await, TestClock::new());
    let connected = hub.connected(&clock).await;
    connected.app.disconnect(ACCOUNT).await.unwrap();
    assert!(connected.stored().await.is_none());
    assert!(connected.token().await.unwrap_err().needs_authorization());
    assert!(
        hub.inner()
            .paths
            .contains(&"POST /oauth/2026-09/token/revoke".to_owned())
    );
}

/// A program may keep a future that it does not poll: the account is not blocked.
#[tokio::test]
async fn a_disconnect_that_is_not_polled_holds_up_nobody() {
    let (hub, clock) = (Hub::start().await, TestClock::new());
    let connected = hub.connected(&clock).await;
    hub.inner().delay = Duration::from_millis(20);
    let mut disconnect = Box::pin(connected.app.disconnect(ACCOUNT));
    assert!(futures_util::poll!(&mut disconnect).is_pending());
    let tokens = connected.app.tokens().account(ACCOUNT);
    let needed = tokio::time::timeout(Duration::from_secs(5), tokens.needs_authorization()).await;
    assert!(needed.expect("it waits for what is not polled").unwrap());
    disconnect.await.unwrap();
}
