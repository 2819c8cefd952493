//! Access tokens that HubSpot refuses with 401, and refresh tokens that it refuses.

use std::error::Error as _;
use std::time::Duration;

use hubspot_generated::oauth::{OAuthError, TokenRefusal, TokenStore};
use hubspot_generated::{Client, Error, Method};
use serde_json::json;

use crate::hub::{ACCOUNT, AppScopes, Connected, Hub, Odd, TestClock};

/// Responses of HubSpot and of proxies to a refused token.
fn refusals() -> [Odd; 6] {
    [
        Odd::json(
            401,
            &json!({"category": "INVALID_AUTHENTICATION", "message": "hidden"}),
        ),
        Odd::json(401, &json!({"category": "EXPIRED_AUTHENTICATION"})),
        Odd::json(401, &json!({"status": "error", "message": "hidden"})),
        Odd::json(401, &json!([1])),
        Odd {
            body: String::new(),
            ..Odd::json(401, &json!(null))
        },
        Odd {
            body: "<html>hidden</html>".to_owned(),
            ..Odd::json(401, &json!(null))
        },
    ]
}

async fn list(connected: &Connected) -> Result<(), Error> {
    let client = connected.app.account(ACCOUNT);
    client.contacts().list().send().await.map(drop)
}

fn refused() -> Odd {
    Odd::json(
        400,
        &json!({"error": "invalid_grant", "error_description": "hidden"}),
    )
}

/// Those that say that the token has expired are believed three times.
#[tokio::test]
async fn any_401_refreshes_and_another_one_ends_the_authorization() {
    for refusal in refusals() {
        let is_expired = refusal.body.contains("EXPIRED_AUTHENTICATION");
        let refreshes = if is_expired { 3 } else { 1 };
        let (hub, clock) = (Hub::start().await, TestClock::new());
        let connected = hub.connected(&clock).await;
        hub.inner().refusal = Some(refusal.clone());
        let error = list(&connected).await.unwrap_err();
        assert!(error.needs_authorization(), "{error}");
        assert!(error.is_unauthorized() && !error.is_retryable());
        let cause = error.source().unwrap().downcast_ref::<Error>().unwrap();
        assert_eq!(cause.status().unwrap().as_u16(), 401, "{cause}");
        let sent = (refreshes, refreshes + 1);
        assert_eq!((hub.asked(), hub.calls()), sent, "{}", refusal.body);
        let mut events = vec!["Refreshed"; refreshes];
        events.push("AuthorizationNeeded");
        assert_eq!(connected.events.take(), events);
        assert!(connected.stored().await.unwrap().needs_authorization);
        let tokens = connected.app.tokens().account(ACCOUNT);
        assert!(tokens.needs_authorization().await.unwrap());

        // Nothing more is sent.
        for _ in 0..3 {
            let error = list(&connected).await.unwrap_err();
            assert!(error.needs_authorization(), "{error}");
            assert!(error.source().is_some(), "the cause is kept");
        }
        assert_eq!((hub.asked(), hub.calls()), sent);
        assert_eq!(connected.events.take(), [""; 0]);
    }
}

/// Calls that one endpoint refuses (`bad`) and that all others accept (`good`), and whether each succeeds.
async fn one_endpoint_is_refused(calls: &[(&str, bool)], refreshes: usize, events: &[&str]) {
    let (hub, clock) = (Hub::start().await, TestClock::new());
    let connected = hub.connected(&clock).await;
    hub.inner().refused_path = Some("/bad");
    hub.inner().category = "INVALID_AUTHENTICATION";
    let hubspot = connected.app.account(ACCOUNT);
    for (place, (call, is_ok)) in calls.iter().enumerate() {
        let outcome = match *call {
            "wait" => {
                clock.advance(300);
                continue;
            }
            "list" => hubspot.contacts().list().send().await.map(drop),
            raw => hubspot
                .request(Method::Get, &format!("/crm/{raw}"))
                .send()
                .await
                .map(drop),
        };
        assert_eq!(outcome.is_ok(), *is_ok, "{place} of {calls:?}: {outcome:?}");
    }
    assert_eq!(hub.asked(), refreshes, "{calls:?}");
    assert_eq!(connected.events.take(), events, "{calls:?}");
    let tokens = connected.app.tokens().account(ACCOUNT);
    assert!(!tokens.needs_authorization().await.unwrap());
    assert!(!connected.stored().await.unwrap().needs_authorization);
}

#[tokio::test]
async fn one_endpoint_that_always_refuses_does_not_end_the_authorization() {
    const REFRESHED: &str = "Refreshed";
    let (good, bad) = (("good", true), ("bad", false));
    one_endpoint_is_refused(&[good, bad, good, bad, bad, good], 1, &[REFRESHED]).await;
    one_endpoint_is_refused(&[("list", true), bad, ("list", true)], 1, &[REFRESHED]).await;
    one_endpoint_is_refused(
        &[good, bad, bad, bad, ("list", true), good],
        1,
        &[REFRESHED],
    )
    .await;
    // One refresh in five minutes, as long as it is refused.
    let wait = ("wait", true);
    one_endpoint_is_refused(&[good, bad, good, wait, bad, bad, good], 2, &[REFRESHED; 2]).await;
    // Nothing else was sent before: the account needs authorization until another request succeeds.
    let events = [REFRESHED, "AuthorizationNeeded", REFRESHED, REFRESHED];
    one_endpoint_is_refused(&[bad, bad, good, bad, good], 3, &events).await;
}

#[tokio::test]
async fn all_endpoints_that_refuse_end_the_authorization() {
    let (hub, clock) = (Hub::start().await, TestClock::new());
    let connected = hub.connected(&clock).await;
    list(&connected).await.unwrap();
    hub.inner().refused_path = Some("");
    hub.inner().category = "INVALID_AUTHENTICATION";
    let hubspot = connected.app.account(ACCOUNT);
    for path in ["/crm/a", "/crm/b", "/crm/c"] {
        let error = hubspot.request(Method::Get, path).send().await.unwrap_err();
        assert_eq!(
            error.needs_authorization(),
            path != "/crm/a",
            "{path}: {error}"
        );
    }
    assert!(list(&connected).await.unwrap_err().needs_authorization());
    assert_eq!(hub.asked(), 1);
    assert_eq!(
        connected.events.take(),
        ["Refreshed", "AuthorizationNeeded"]
    );
}

/// The response that refuses the old token comes when a new one is in use that no request has tried.
#[tokio::test]
async fn a_refusal_of_a_token_that_was_replaced_since_is_retried() {
    let (hub, clock) = (Hub::start().await, TestClock::new());
    let connected = hub.connected(&clock).await;
    list(&connected).await.unwrap();
    let tokens = connected.app.tokens().account(ACCOUNT);
    let old = tokens.access_token().await.unwrap();
    hub.inner().issued += 10;
    hub.inner().category = "INVALID_AUTHENTICATION";
    tokio::time::sleep(Duration::from_millis(20)).await;
    let client = connected.app.account(ACCOUNT);
    let calls = hub.calls();
    let mut request = Box::pin(client.request(Method::Get, "/crm/new").send());
    // A connection is open, so that this sends the request. The response is read later.
    assert!(futures_util::poll!(&mut request).is_pending());
    while hub.calls() == calls {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    tokens.refresh(&old).await.unwrap();
    request.await.unwrap();
    assert_eq!((hub.asked(), hub.calls()), (1, calls + 2));
}

#[tokio::test]
async fn after_an_uninstall_the_refresh_is_refused_and_nothing_more_is_sent() {
    let (hub, clock) = (Hub::start().await, TestClock::new());
    let connected = hub.connected(&clock).await;
    let [refusal, ..] = refusals();
    hub.inner().refusal = Some(refusal);
    hub.next(refused());
    for _ in 0..3 {
        let error = list(&connected).await.unwrap_err();
        assert!(error.needs_authorization(), "{error}");
        let cause = error.source().unwrap().downcast_ref::<Error>().unwrap();
        assert_eq!(cause.token_refusal(), Some(TokenRefusal::InvalidGrant));
    }
    assert_eq!((hub.asked(), hub.calls()), (1, 1));
    assert_eq!(connected.events.take(), ["AuthorizationNeeded"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_thousand_tasks_refused_with_one_token_make_one_refresh() {
    for same_again in [false, true] {
        let (hub, clock) = (Hub::start().await, TestClock::new());
        let connected = hub.connected(&clock).await;
        let tokens = connected.app.tokens().account(ACCOUNT);
        let refused = tokens.access_token().await.unwrap();
        hub.inner().delay = std::time::Duration::from_millis(20);
        if same_again {
            hub.next(Odd::json(
                200,
                &json!({"access_token": "hidden-access-1", "refresh_token": "hidden-r"}),
            ));
        }
        let tasks: Vec<_> = (0..1000)
            .map(|number| {
                let (tokens, refused) = (tokens.clone(), refused.clone());
                tokio::spawn(async move {
                    // Some are told late.
                    tokio::time::sleep(std::time::Duration::from_millis(number % 50)).await;
                    tokens.refresh(&refused).await.unwrap()
                })
            })
            .collect();
        let expected = if same_again {
            "hidden-access-1"
        } else {
            "hidden-access-2"
        };
        for task in tasks {
            assert_eq!(task.await.unwrap().expose_secret(), expected);
        }
        assert_eq!(hub.asked(), 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_thousand_requests_of_an_uninstalled_app_make_one_refresh_and_one_event() {
    let (hub, clock) = (Hub::start().await, TestClock::new());
    let connected = std::sync::Arc::new(hub.connected(&clock).await);
    let [refusal, ..] = refusals();
    hub.inner().refusal = Some(refusal);
    let tasks: Vec<_> = (0..1000)
        .map(|_| {
            let connected = connected.clone();
            tokio::spawn(async move { list(&connected).await })
        })
        .collect();
    for task in tasks {
        let error = task.await.unwrap().unwrap_err();
        assert!(error.needs_authorization(), "{error:?}");
    }
    assert_eq!(hub.asked(), 1);
    assert_eq!(
        connected.events.take(),
        ["Refreshed", "AuthorizationNeeded"]
    );
}

#[tokio::test]
async fn a_static_token_is_not_refreshed() {
    let hub = Hub::start().await;
    for refusal in refusals() {
        hub.inner().refusal = Some(refusal);
        hub.inner().paths.clear();
        let client = Client::<AppScopes>::builder()
            .base_url(hub.url())
            .access_token("pat-hidden-1")
            .build()
            .unwrap();
        let error = client.contacts().list().send().await.unwrap_err();
        assert!(error.is_unauthorized() && !error.needs_authorization());
        assert!(error.oauth().is_none());
        assert_eq!(hub.inner().paths.len(), 1);
    }
}

#[tokio::test]
async fn an_account_that_needs_authorization_can_be_tried_again() {
    let (hub, clock) = (Hub::start().await, TestClock::new());
    let connected = hub.connected(&clock).await;
    let tokens = connected.app.tokens().account(ACCOUNT);
    clock.advance(1800);
    hub.next(refused());
    assert!(connected.token().await.unwrap_err().needs_authorization());
    connected.events.take();

    // It is refused again.
    hub.next(refused());
    let error = tokens.try_again().await.unwrap_err();
    assert!(error.needs_authorization() && error.source().is_some());
    assert_eq!(connected.events.take(), ["AuthorizationNeeded"]);
    assert!(connected.token().await.unwrap_err().needs_authorization());
    assert_eq!(hub.asked(), 2);

    // The endpoint is down: the account stays as it is.
    hub.next(Odd::json(500, &json!({})));
    let error = tokens.try_again().await.unwrap_err();
    assert!(
        matches!(error.oauth(), Some(OAuthError::Refresh { .. })),
        "{error}"
    );
    assert!(connected.token().await.unwrap_err().needs_authorization());

    // Many try at once, beside others that only ask.
    let (first, second, asked) = tokio::join!(
        tokens.try_again(),
        tokens.try_again(),
        tokens.access_token()
    );
    assert_eq!(first.unwrap().expose_secret(), "hidden-access-2");
    assert_eq!(second.unwrap().expose_secret(), "hidden-access-2");
    drop(asked);
    assert_eq!(hub.asked(), 4);
    assert_eq!(connected.token().await.unwrap(), "hidden-access-2");
    assert!(!tokens.needs_authorization().await.unwrap());
    assert!(!connected.stored().await.unwrap().needs_authorization);
    assert_eq!(connected.events.take(), ["Refreshed"]);

    // One that works is left alone.
    tokens.try_again().await.unwrap();
    assert_eq!(hub.asked(), 4);
}

#[tokio::test]
async fn another_process_notices_that_trying_again_worked() {
    let (hub, clock) = (Hub::start().await, TestClock::new());
    let here = hub.connected(&clock).await;
    let there = hub.app_with(&clock, &here.store).build().unwrap();
    clock.advance(1800);
    hub.next(refused());
    assert!(here.token().await.unwrap_err().needs_authorization());
    // HubSpot returns the same refresh token again.
    there.tokens().account(ACCOUNT).try_again().await.unwrap();
    assert_eq!(here.token().await.unwrap(), "hidden-access-2");
}

#[tokio::test]
async fn an_account_whose_access_tokens_were_refused_is_tried_again_every_five_minutes() {
    let (hub, clock) = (Hub::start().await, TestClock::new());
    let connected = hub.connected(&clock).await;
    let [refusal, ..] = refusals();
    hub.inner().refusal = Some(refusal);
    for round in 1..=3 {
        for _ in 0..5 {
            assert!(list(&connected).await.unwrap_err().needs_authorization());
        }
        assert_eq!(hub.asked(), round, "one refresh in five minutes");
        clock.advance(300);
    }
    hub.inner().refusal = None;
    list(&connected).await.unwrap();
    assert_eq!(hub.asked(), 4);
    assert!(!connected.stored().await.unwrap().needs_authorization);
}

#[tokio::test]
async fn a_refusal_that_names_the_wrong_client_is_no_verdict_on_the_token() {
    for (status, body) in [
        (401, json!({"error": "invalid_client"})),
        (400, json!({"error": "unauthorized_client"})),
        (401, json!({"error": "unauthorized_client"})),
        (
            400,
            json!({"error": "invalid_grant", "error_description": "client_id does not match"}),
        ),
        (
            400,
            json!({"error": "invalid_grant", "error_description": "issued to another client"}),
        ),
        (
            401,
            json!({"category": "INVALID_CLIENT", "status": "error"}),
        ),
        (403, json!({"category": "UNAUTHORIZED_CLIENT"})),
        (
            401,
            json!({"category": "INVALID_AUTHENTICATION", "message": "Mismatched client ID"}),
        ),
        (400, json!({"status": "BAD_CLIENT_ID", "message": "hidden"})),
        (403, json!({"status": "BAD_CLIENT_SECRET"})),
        (401, json!({"status": "MISMATCHED_CLIENT_ID"})),
        (
            400,
            json!({"status": "BAD_REFRESH_TOKEN", "message": "client id mismatch"}),
        ),
    ] {
        let (hub, clock) = (Hub::start().await, TestClock::new());
        let connected = hub.connected(&clock).await;
        clock.advance(1800);
        hub.next(Odd::json(status, &body));
        let error = connected.token().await.unwrap_err();
        assert!(!error.needs_authorization(), "{body}: {error}");
        assert!(matches!(error.oauth(), Some(OAuthError::Refresh { .. })));
        assert!(
            !connected
                .store
                .load(ACCOUNT)
                .await
                .unwrap()
                .unwrap()
                .needs_authorization
        );
        assert_eq!(hub.asked(), 1, "it is not retried by itself");
        assert_eq!(connected.events.take(), [""; 0], "{body}");
        assert_eq!(connected.token().await.unwrap(), "hidden-access-2");
    }
}
