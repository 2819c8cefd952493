//! The end of a program: no refresh token is lost.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use hubspot_generated::oauth::{
    MemoryStore, OAuthError, Saved, StoreError, StoreFuture, TokenRecord, TokenStore,
};

use crate::hub::{ACCOUNT, Hub, TestClock};

#[tokio::test]
async fn shutdown_waits_for_refreshes_in_flight() {
    let (hub, clock) = (Hub::start().await, TestClock::new());
    hub.inner().rotates = true;
    let connected = hub.connected(&clock).await;
    connected.app.shutdown().await.unwrap();
    clock.advance(1800);
    hub.inner().delay = Duration::from_millis(50);
    let tokens = connected.app.tokens().account(ACCOUNT);
    let waited = tokio::time::timeout(Duration::from_millis(10), tokens.access_token()).await;
    assert!(waited.is_err());
    let before = connected.stored().await.unwrap();
    assert_eq!(before.refresh_token.expose_secret(), "hidden-refresh-1");
    connected.app.shutdown().await.unwrap();
    let after = connected.stored().await.unwrap();
    assert_eq!(after.refresh_token.expose_secret(), "hidden-refresh-2");
}

#[test]
fn a_program_that_ends_after_shutdown_has_saved_the_new_token() {
    let store = Arc::new(MemoryStore::default());
    let runtime = || tokio::runtime::Runtime::new().unwrap();
    let hubs = runtime();
    let hub = hubs.block_on(Hub::start());
    hub.inner().rotates = true;
    let clock = TestClock::new();
    runtime().block_on(async {
        let app = hub.app_with(&clock, &store).build().unwrap();
        app.connect(&"hidden-code".into(), None).await.unwrap();
        clock.advance(1800);
        hub.inner().delay = Duration::from_millis(50);
        let tokens = app.tokens().account(ACCOUNT);
        tokio::spawn(async move { tokens.access_token().await });
        while hub.asked() < 2 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        app.shutdown().await.unwrap();
    });
    let stored = hubs.block_on(store.load(ACCOUNT)).unwrap().unwrap();
    assert_eq!(stored.refresh_token.expose_secret(), "hidden-refresh-2");
}

/// A store that saves nothing while `full`.
#[derive(Default)]
struct Full {
    store: MemoryStore,
    full: AtomicBool,
}

impl TokenStore for Full {
    fn load(&self, hub_id: u64) -> StoreFuture<'_, Option<TokenRecord>> {
        self.store.load(hub_id)
    }

    fn save<'a>(&'a self, record: &'a TokenRecord) -> StoreFuture<'a, Saved> {
        if self.full.load(Ordering::Relaxed) {
            return Box::pin(async { Err(StoreError::new("the disk is full")) });
        }
        self.store.save(record)
    }

    fn remove(&self, hub_id: u64) -> StoreFuture<'_, ()> {
        self.store.remove(hub_id)
    }
}

#[tokio::test]
async fn shutdown_saves_what_was_not_saved_or_says_that_it_cannot() {
    let hub = Hub::start().await;
    let store = Arc::new(Full::default());
    store.full.store(true, Ordering::Relaxed);
    let app = hub
        .app()
        .store(crate::hub::Kept(store.clone()))
        .build()
        .unwrap();
    app.connect(&"hidden-code".into(), None).await.unwrap();
    let error = app.shutdown().await.unwrap_err();
    assert!(
        matches!(
            error.oauth(),
            Some(OAuthError::NotSaved {
                hub_id: ACCOUNT,
                ..
            })
        ),
        "{error}"
    );
    assert!(error.is_retryable());
    let cause = std::error::Error::source(&error).unwrap();
    assert_eq!(cause.to_string(), "the disk is full");

    store.full.store(false, Ordering::Relaxed);
    app.shutdown().await.unwrap();
    assert!(store.load(ACCOUNT).await.unwrap().is_some());
}

/// A store and a lock that never respond.
struct Silent;

impl TokenStore for Silent {
    fn load(&self, _hub_id: u64) -> StoreFuture<'_, Option<TokenRecord>> {
        Box::pin(std::future::pending())
    }

    fn save<'a>(&'a self, _record: &'a TokenRecord) -> StoreFuture<'a, Saved> {
        Box::pin(std::future::pending())
    }

    fn remove(&self, _hub_id: u64) -> StoreFuture<'_, ()> {
        Box::pin(std::future::pending())
    }
}

impl hubspot_generated::oauth::RefreshLock for Silent {
    fn acquire(
        &self,
        _hub_id: u64,
        _above: u64,
    ) -> StoreFuture<'_, Option<hubspot_generated::oauth::Lease>> {
        Box::pin(std::future::pending())
    }

    fn release(
        &self,
        _hub_id: u64,
        _lease: hubspot_generated::oauth::Lease,
    ) -> StoreFuture<'_, ()> {
        Box::pin(std::future::pending())
    }

    fn max_wait(&self) -> Duration {
        Duration::MAX
    }
}

#[tokio::test]
async fn stores_and_locks_that_do_not_respond_time_out_by_the_injected_clock() {
    let (hub, clock) = (Hub::start().await, TestClock::new());
    let app = hub
        .app_with(&clock, &Arc::new(Silent))
        .lock(Silent)
        .build()
        .unwrap();
    // Neither loses the installation.
    app.connect(&"hidden-code".into(), None).await.unwrap();
    app.account(ACCOUNT).contacts().list().send().await.unwrap();
    let error = app.tokens().account(18).access_token().await.unwrap_err();
    assert!(
        matches!(error.oauth(), Some(OAuthError::Store { hub_id: 18, .. })),
        "{error}"
    );
    assert!(error.is_retryable());
    clock.advance(1800);
    let error = app
        .tokens()
        .account(ACCOUNT)
        .access_token()
        .await
        .unwrap_err();
    assert!(
        matches!(error.oauth(), Some(OAuthError::Lock { .. })),
        "{error}"
    );
}

/// The runtime of a refresh ends before the refresh begins. Another runtime refreshes again.
#[test]
fn a_refresh_that_never_began_does_not_block_the_account() {
    let mut servers = tokio::runtime::Builder::new_multi_thread();
    let servers = servers.worker_threads(1).enable_all().build().unwrap();
    let clock = TestClock::new();
    let (hub, connected) = servers.block_on(async {
        let hub = Hub::start().await;
        let connected = hub.connected(&clock).await;
        (hub, connected)
    });
    clock.advance(1800);
    let mut first = tokio::runtime::Builder::new_current_thread();
    let first = first.enable_all().build().unwrap();
    first.block_on(async {
        let mut token = Box::pin(connected.token());
        assert!(futures_util::poll!(&mut token).is_pending());
    });
    drop(first);
    assert_eq!(hub.asked(), 0);
    servers.block_on(async {
        assert_eq!(connected.token().await.unwrap(), "hidden-access-2");
        connected.app.shutdown().await.unwrap();
    });
}

fn single_threaded() -> tokio::runtime::Runtime {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.enable_all().build().unwrap()
}

/// Limits the time of what must not wait for ever.
async fn soon<T>(what: impl Future<Output = T>) -> T {
    let limit = Duration::from_secs(10);
    let outcome = tokio::time::timeout(limit, what).await;
    outcome.expect("it waits for ever")
}

/// A store that yields once before it returns a record, while `waits`.
#[derive(Default)]
struct Slow {
    store: MemoryStore,
    waits: AtomicBool,
    asked: AtomicUsize,
}

impl TokenStore for Slow {
    fn load(&self, hub_id: u64) -> StoreFuture<'_, Option<TokenRecord>> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        if self.waits.load(Ordering::Relaxed) {
            return Box::pin(async move {
                tokio::task::yield_now().await;
                self.store.load(hub_id).await
            });
        }
        self.store.load(hub_id)
    }

    fn save<'a>(&'a self, record: &'a TokenRecord) -> StoreFuture<'a, Saved> {
        self.store.save(record)
    }

    fn remove(&self, hub_id: u64) -> StoreFuture<'_, ()> {
        self.store.remove(hub_id)
    }
}

/// The runtime of a refresh is kept, and nothing drives it any more. Before it has sent the refresh token, another runtime
/// refreshes, and when it is driven again, it sends nothing.
#[test]
fn a_refresh_in_a_runtime_that_nothing_drives_does_not_block_the_account() {
    let servers = tokio::runtime::Runtime::new().unwrap();
    for has_begun in [false, true] {
        let (clock, store) = (TestClock::new(), Arc::new(Slow::default()));
        let hub = servers.block_on(Hub::start());
        hub.inner().rotates = true;
        let app = hub.app_with(&clock, &store).build().unwrap();
        servers
            .block_on(async { app.connect(&"hidden-code".into(), None).await })
            .unwrap();
        clock.advance(1800);
        let token = || async {
            let token = app.tokens().account(ACCOUNT).access_token().await;
            token.map(|token| token.expose_secret().to_owned())
        };
        let first = single_threaded();
        let asked = store.asked.load(Ordering::Relaxed);
        store.waits.store(true, Ordering::Relaxed);
        first.block_on(async {
            let mut token = Box::pin(token());
            assert!(futures_util::poll!(&mut token).is_pending());
            while has_begun && store.asked.load(Ordering::Relaxed) == asked {
                tokio::task::yield_now().await;
            }
        });
        store.waits.store(false, Ordering::Relaxed);
        servers.block_on(async {
            assert_eq!(soon(token()).await.unwrap(), "hidden-access-2");
            let tokens = app.tokens().account(ACCOUNT);
            assert!(!soon(tokens.needs_authorization()).await.unwrap());
            soon(app.shutdown()).await.unwrap();
        });
        // It goes on, and finds the token.
        let late = first.block_on(async {
            soon(app.shutdown()).await.unwrap();
            soon(token()).await
        });
        assert_eq!(late.unwrap(), "hidden-access-2");
        // One for the code, and one for the refresh.
        assert_eq!(
            hub.asked(),
            2,
            "a refresh token was sent twice; begun: {has_begun}"
        );
    }
}

/// The refresh token was sent when its runtime stopped. It is not sent again before the first request has surely ended, and
/// what HubSpot returned for it is saved when the runtime is driven again.
#[test]
fn a_refresh_token_that_was_sent_is_not_sent_again_at_once() {
    let servers = tokio::runtime::Runtime::new().unwrap();
    let clock = TestClock::new();
    let hub = servers.block_on(Hub::start());
    hub.inner().rotates = true;
    let connected = servers.block_on(hub.connected(&clock));
    clock.advance(1800);
    // So that the response is not there when the runtime stops.
    hub.inner().delay = Duration::from_millis(200);
    let first = single_threaded();
    first.block_on(async {
        let mut token = Box::pin(connected.token());
        while hub.asked() == 0 {
            assert!(futures_util::poll!(&mut token).is_pending());
            tokio::task::yield_now().await;
        }
    });
    servers.block_on(async {
        let token = tokio::time::timeout(Duration::from_secs(4), connected.token());
        assert!(token.await.is_err(), "the first request is in flight");
        assert_eq!(hub.asked(), 1);
        clock.advance(60);
        // HubSpot has replaced the refresh token, and the response is not read.
        assert!(soon(connected.token()).await.is_err());
        assert_eq!(hub.asked(), 2);
    });
    first.block_on(soon(connected.app.shutdown())).unwrap();
    let stored = servers.block_on(connected.stored()).unwrap();
    assert_eq!(stored.refresh_token.expose_secret(), "hidden-refresh-2");
    assert!(!stored.needs_authorization);
    assert_eq!(
        servers.block_on(connected.token()).unwrap(),
        "hidden-access-2"
    );
}

/// What was not saved when its runtime ended is saved by the next runtime that needs a token.
#[test]
fn a_record_whose_runtime_ended_before_it_was_saved_is_saved_later() {
    let servers = tokio::runtime::Runtime::new().unwrap();
    let (clock, store) = (TestClock::new(), Arc::new(Full::default()));
    let hub = servers.block_on(Hub::start());
    let app = hub.app_with(&clock, &store).build().unwrap();
    store.full.store(true, Ordering::Relaxed);
    let first = single_threaded();
    first
        .block_on(app.connect(&"hidden-code".into(), None))
        .unwrap();
    drop(first);
    store.full.store(false, Ordering::Relaxed);
    servers.block_on(async {
        let tokens = app.tokens().account(ACCOUNT);
        assert!(!tokens.needs_authorization().await.unwrap());
        let is_saved = async {
            while store.load(ACCOUNT).await.unwrap().is_none() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        soon(is_saved).await;
    });
}
