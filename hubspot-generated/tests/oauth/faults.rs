//! Failing stores, locks and processes.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use hubspot_generated::oauth::{
    Lease, MemoryStore, OAuthError, RefreshLock, Saved, StoreError, StoreFuture, TokenEvent,
    TokenRecord, TokenStore,
};
use serde_json::json;

use crate::hub::{ACCOUNT, Events, Hub, Odd, TestClock};

/// A store that fails on demand.
#[derive(Default)]
struct Shaky {
    store: MemoryStore,
    cannot_save: AtomicBool,
    cannot_load: AtomicBool,
    attempts: AtomicU32,
}

impl TokenStore for Shaky {
    fn load(&self, hub_id: u64) -> StoreFuture<'_, Option<TokenRecord>> {
        if self.cannot_load.load(Ordering::Relaxed) {
            return Box::pin(async { Err(StoreError::new("the disk is gone")) });
        }
        self.store.load(hub_id)
    }

    fn save<'a>(&'a self, record: &'a TokenRecord) -> StoreFuture<'a, Saved> {
        self.attempts.fetch_add(1, Ordering::Relaxed);
        if self.cannot_save.load(Ordering::Relaxed) {
            return Box::pin(async { Err(StoreError::new("the disk is full")) });
        }
        self.store.save(record)
    }

    fn remove(&self, hub_id: u64) -> StoreFuture<'_, ()> {
        self.store.remove(hub_id)
    }
}

#[tokio::test]
async fn a_refresh_token_outlives_a_store_that_fails_after_the_refresh() {
    let (hub, clock, events) = (Hub::start().await, TestClock::new(), Events::default());
    hub.inner().rotates = true;
    let store = Arc::new(Shaky::default());
    let app = hub
        .app_with(&clock, &store)
        .on_event(events.hook())
        .build()
        .unwrap();
    app.connect(&"hidden-code".into(), None).await.unwrap();
    let tokens = app.tokens().account(ACCOUNT);
    store.cannot_save.store(true, Ordering::Relaxed);
    for expected in ["hidden-access-2", "hidden-access-3"] {
        clock.advance(1800);
        let token = tokens.access_token().await.unwrap();
        assert_eq!(
            token.expose_secret(),
            expected,
            "the store's record is older"
        );
    }
    let stored = store.load(ACCOUNT).await.unwrap().unwrap();
    assert_eq!(stored.refresh_token.expose_secret(), "hidden-refresh-1");
    assert_eq!(
        events.take(),
        [
            "Connected",
            "NotSaved",
            "Refreshed",
            "NotSaved",
            "Refreshed"
        ]
    );

    store.cannot_save.store(false, Ordering::Relaxed);
    while store
        .load(ACCOUNT)
        .await
        .unwrap()
        .unwrap()
        .refresh_token
        .expose_secret()
        != "hidden-refresh-3"
    {
        tokio::time::sleep(std::time::Duration::from_millis(2)).await;
    }
    while !events.take().contains(&"Saved".to_owned()) {
        tokio::time::sleep(std::time::Duration::from_millis(2)).await;
    }
    let attempts = store.attempts.load(Ordering::Relaxed);
    tokio::time::sleep(std::time::Duration::from_millis(30)).await;
    assert_eq!(
        store.attempts.load(Ordering::Relaxed),
        attempts,
        "it is saved once"
    );
}

#[tokio::test]
async fn a_store_that_cannot_be_read_matters_at_first_use_only() {
    let (hub, clock) = (Hub::start().await, TestClock::new());
    let store = Arc::new(Shaky::default());
    let app = || hub.app_with(&clock, &store).build().unwrap();
    let here = app();
    here.connect(&"hidden-code".into(), None).await.unwrap();
    store.cannot_load.store(true, Ordering::Relaxed);
    clock.advance(1800);
    let token = here.tokens().account(ACCOUNT).access_token().await.unwrap();
    assert_eq!(token.expose_secret(), "hidden-access-2");

    let error = app()
        .tokens()
        .account(ACCOUNT)
        .access_token()
        .await
        .unwrap_err();
    assert!(
        matches!(error.oauth(), Some(OAuthError::Store { .. })),
        "{error}"
    );
    assert!(error.is_retryable());
    let cause = std::error::Error::source(&error).unwrap();
    assert_eq!(cause.to_string(), "the disk is gone");
    assert_eq!(hub.asked(), 2);
}

#[tokio::test]
async fn two_processes_with_one_stale_refresh_token_both_end_with_the_new_one() {
    let (hub, clock) = (Hub::start().await, TestClock::new());
    hub.inner().rotates = true;
    let here = hub.connected(&clock).await;
    let there = hub.app_with(&clock, &here.store).build().unwrap();
    let there = there.tokens().account(ACCOUNT);
    there.access_token().await.unwrap();
    clock.advance(1800);
    // Both hand in the same refresh token, without a lock; HubSpot takes it once.
    hub.inner().delay = std::time::Duration::from_millis(20);
    let (one, other) = tokio::join!(here.token(), there.access_token());
    assert_eq!(one.unwrap(), "hidden-access-2");
    assert_eq!(other.unwrap().expose_secret(), "hidden-access-2");
    assert_eq!(hub.asked(), 2);
    assert!(!here.stored().await.unwrap().needs_authorization);
}

/// A lock whose lease another process takes while this one still asks.
struct Overtaken {
    store: Arc<MemoryStore>,
    fence: u64,
}

impl RefreshLock for Overtaken {
    fn acquire(&self, _hub_id: u64, _above: u64) -> StoreFuture<'_, Option<Lease>> {
        Box::pin(async move {
            // The other process comes after, and is done first.
            let mut record = self.store.load(ACCOUNT).await?.unwrap();
            record.fence = self.fence + 1;
            record.refresh_token = "hidden-refresh-of-another".into();
            record.expires_at = 0;
            self.store.save(&record).await?;
            Ok(Some(Lease { fence: self.fence }))
        })
    }

    fn release(&self, _hub_id: u64, _lease: Lease) -> StoreFuture<'_, ()> {
        Box::pin(async { Ok(()) })
    }

    fn max_wait(&self) -> std::time::Duration {
        std::time::Duration::from_secs(1)
    }
}

#[tokio::test]
async fn a_process_that_slept_through_its_lease_overwrites_nothing() {
    let (hub, clock) = (Hub::start().await, TestClock::new());
    let connected = hub.connected(&clock).await;
    let app = hub
        .app_with(&clock, &connected.store)
        .lock(Overtaken {
            store: connected.store.clone(),
            fence: 7,
        })
        .build()
        .unwrap();
    clock.advance(1800);
    let _ = app.tokens().account(ACCOUNT).access_token().await;
    let stored = connected.stored().await.unwrap();
    assert_eq!(
        (stored.fence, stored.refresh_token.expose_secret()),
        (8, "hidden-refresh-of-another")
    );
}

/// A lock that cannot be had.
struct Down;

impl RefreshLock for Down {
    fn acquire(&self, _hub_id: u64, _above: u64) -> StoreFuture<'_, Option<Lease>> {
        Box::pin(async { Err(StoreError::new("no connection")) })
    }

    fn release(&self, _hub_id: u64, _lease: Lease) -> StoreFuture<'_, ()> {
        Box::pin(async { Ok(()) })
    }

    fn max_wait(&self) -> std::time::Duration {
        std::time::Duration::from_secs(1)
    }
}

#[tokio::test]
async fn without_its_lock_a_process_refreshes_nothing_and_uses_what_is_valid() {
    let (hub, clock) = (Hub::start().await, TestClock::new());
    let connected = hub.connected(&clock).await;
    let app = hub
        .app_with(&clock, &connected.store)
        .lock(Down)
        .build()
        .unwrap();
    let tokens = app.tokens().account(ACCOUNT);
    assert_eq!(
        tokens.access_token().await.unwrap().expose_secret(),
        "hidden-access-1"
    );
    clock.advance(1700);
    assert_eq!(
        tokens.access_token().await.unwrap().expose_secret(),
        "hidden-access-1"
    );
    clock.advance(100);
    let error = tokens.access_token().await.unwrap_err();
    assert!(
        matches!(error.oauth(), Some(OAuthError::Lock { .. })),
        "{error}"
    );
    assert!(error.is_retryable());
    assert_eq!(hub.asked(), 0);
    // An authorization is not lost for it.
    app.connect(&"hidden-code".into(), None).await.unwrap();
    assert_eq!(
        tokens.access_token().await.unwrap().expose_secret(),
        "hidden-access-2"
    );
}

/// Gives everybody the same record.
struct Mixed(Arc<MemoryStore>);

impl TokenStore for Mixed {
    fn load(&self, _hub_id: u64) -> StoreFuture<'_, Option<TokenRecord>> {
        self.0.load(ACCOUNT)
    }
    fn save<'a>(&'a self, record: &'a TokenRecord) -> StoreFuture<'a, Saved> {
        self.0.save(record)
    }
    fn remove(&self, hub_id: u64) -> StoreFuture<'_, ()> {
        self.0.remove(hub_id)
    }
}

#[tokio::test]
async fn the_record_of_another_account_is_refused() {
    let (hub, clock) = (Hub::start().await, TestClock::new());
    let connected = hub.connected(&clock).await;
    let app = hub
        .app()
        .store(Mixed(connected.store.clone()))
        .build()
        .unwrap();
    let error = app.account(18).contacts().list().send().await.unwrap_err();
    assert!(
        matches!(error.oauth(), Some(OAuthError::Store { hub_id: 18, .. })),
        "{error}"
    );
    assert!(!error.is_retryable());
}

/// The program's event handler panics when the account needs authorization: HubSpot's refusal is still returned.
#[tokio::test]
async fn an_event_handler_that_panics_does_not_hide_the_refusal() {
    let (hub, clock) = (Hub::start().await, TestClock::new());
    hub.inner().category = "INVALID_AUTHENTICATION";
    let store = Arc::new(MemoryStore::default());
    let panics = |event: &TokenEvent<'_>| {
        assert!(!matches!(event, TokenEvent::AuthorizationNeeded { .. }));
    };
    let app = hub.app_with(&clock, &store).on_event(panics);
    let app = app.build().unwrap();
    app.connect(&"hidden-code".into(), None).await.unwrap();
    hub.inner().refusal = Some(Odd::json(
        401,
        &json!({"category": "INVALID_AUTHENTICATION"}),
    ));
    let list = || async { app.account(ACCOUNT).contacts().list().send().await };
    let error = list().await.unwrap_err();
    assert!(error.is_unauthorized(), "{error}");
    assert!(!error.is_retryable(), "{error}");
    assert_eq!(error.status().unwrap().as_u16(), 401, "{error}");
    let error = list().await.unwrap_err();
    assert!(error.needs_authorization(), "{error}");
}
