//! The store and the lock in Redis.

use std::time::Duration;

use hubspot_generated::oauth::{
    OAuthError, RedisStore, RefreshLock, Saved, TokenKey, TokenRecord, TokenStore,
};
use serde_json::json;

use crate::hub::{ACCOUNT, Hub};

#[path = "../support/redis.rs"]
mod server;

pub(crate) use server::Redis;

/// Starts a Redis, with a log that must not show secrets.
pub(crate) async fn start() -> Option<Redis> {
    crate::secrets::log();
    Redis::start().await
}

impl Redis {
    pub(crate) fn store(&self) -> RedisStore {
        RedisStore::new(&self.url(), key()).unwrap()
    }
}

pub(crate) fn key() -> TokenKey {
    TokenKey::from_base64("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=").unwrap()
}

/// A record whose token expired long ago.
pub(crate) fn expired(hub_id: u64, fence: u64) -> TokenRecord {
    serde_json::from_value(json!({
        "hub_id": hub_id, "access_token": "hidden-access-0", "refresh_token": "hidden-refresh-0",
        "expires_at": 1_000_000_000, "lifetime": 1800, "fence": fence,
    }))
    .unwrap()
}

#[tokio::test]
async fn records_are_encrypted_bound_to_their_account_and_fenced() {
    let Some(redis) = start().await else {
        return;
    };
    let store = redis.store();
    assert!(store.load(17).await.unwrap().is_none());
    assert_eq!(store.save(&expired(17, 3)).await.unwrap(), Saved::Kept);
    assert_eq!(store.load(17).await.unwrap().unwrap(), expired(17, 3));
    assert_eq!(
        store.save(&expired(17, 2)).await.unwrap(),
        Saved::Superseded
    );
    assert_eq!(store.load(17).await.unwrap().unwrap().fence, 3);

    let client = ::redis::Client::open(redis.url()).unwrap();
    let mut connection = client.get_multiplexed_async_connection().await.unwrap();
    let sealed: String = ::redis::cmd("HGET")
        .arg(&["hubspot-oauth:{17}:tokens", "record"])
        .query_async(&mut connection)
        .await
        .unwrap();
    assert!(!sealed.contains("hidden"));
    // The record of A in place of B's.
    let _: () = ::redis::cmd("HSET")
        .arg(&["hubspot-oauth:{18}:tokens", "record", &sealed])
        .query_async(&mut connection)
        .await
        .unwrap();
    let error = store.load(18).await.unwrap_err();
    assert!(
        error.to_string().contains("put in the place of another"),
        "{error}"
    );
    assert!(!error.is_transient());
    assert_eq!(redis.keys().await, 2);
    store.remove(17).await.unwrap();
    assert!(store.load(17).await.unwrap().is_none());
    assert_eq!(redis.keys().await, 1);
}

#[tokio::test]
async fn a_lock_has_one_holder_until_it_is_released_or_its_lease_ends() {
    let Some(redis) = start().await else {
        return;
    };
    let [here, there] = [(), ()].map(|()| {
        redis
            .store()
            .lock()
            .lease(Duration::from_millis(200))
            .unwrap()
    });
    let first = here.acquire(17, 40).await.unwrap().unwrap();
    assert_eq!(first.fence, 41, "above what is stored");
    assert!(there.acquire(17, 0).await.unwrap().is_none());
    assert!(
        there.acquire(18, 0).await.unwrap().is_some(),
        "another account"
    );
    here.release(17, first).await.unwrap();
    let second = there.acquire(17, 0).await.unwrap().unwrap();
    assert_eq!(second.fence, 42);
    // Its holder is gone; its lease ends.
    let third = loop {
        match here.acquire(17, 0).await.unwrap() {
            Some(lease) => break lease,
            None => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    };
    assert_eq!(third.fence, 43);
    there.release(17, second).await.unwrap();
    assert!(
        there.acquire(17, 0).await.unwrap().is_none(),
        "not given back by who lost it"
    );
    // As if the response had been lost.
    let fourth = here.acquire(17, 0).await.unwrap().unwrap();
    assert_eq!(fourth.fence, 44, "its own lease is in nobody's way");
}

#[tokio::test]
async fn a_lock_whose_holder_was_killed_is_waited_for() {
    let Some(redis) = start().await else {
        return;
    };
    let hub = Hub::start().await;
    let store = redis.store();
    store.save(&expired(ACCOUNT, 0)).await.unwrap();
    let killed = store.lock().lease(Duration::from_millis(300)).unwrap();
    killed.acquire(ACCOUNT, 0).await.unwrap().unwrap();
    let app = hub.app().lock(store.lock()).store(store).build().unwrap();
    let token = app.tokens().account(ACCOUNT).access_token().await.unwrap();
    assert_eq!(token.expose_secret(), "hidden-access-1");
    assert_eq!(hub.asked(), 1);
}

#[tokio::test]
async fn a_redis_that_is_down_is_an_error_and_one_that_comes_back_is_used_again() {
    let Some(mut redis) = start().await else {
        return;
    };
    let hub = Hub::start().await;
    hub.inner().rotates = true;
    let store = redis.store();
    let app = hub
        .app()
        .lock(store.lock())
        .store(store.clone())
        .build()
        .unwrap();
    app.connect(&"hidden-code".into(), None).await.unwrap();
    let tokens = app.tokens().account(ACCOUNT);

    redis.stop();
    let first = tokens.access_token().await.unwrap();
    assert_eq!(
        first.expose_secret(),
        "hidden-access-1",
        "Redis is not asked for it"
    );
    let error = tokens.refresh(&first).await.unwrap_err();
    assert!(
        matches!(error.oauth(), Some(OAuthError::Lock { .. })),
        "{error}"
    );
    assert!(error.is_retryable());
    let other = hub.app().store(redis.store()).build().unwrap();
    let error = other
        .tokens()
        .account(ACCOUNT)
        .access_token()
        .await
        .unwrap_err();
    assert!(
        matches!(error.oauth(), Some(OAuthError::Store { .. })),
        "{error}"
    );
    assert_eq!(hub.asked(), 1, "nothing is refreshed without the lock");

    // It has forgotten everything; this process has not.
    redis.restart().await;
    let second = tokens.refresh(&first).await.unwrap();
    assert_eq!(second.expose_secret(), "hidden-access-2");
    let stored = store.load(ACCOUNT).await.unwrap().unwrap();
    assert_eq!(stored.refresh_token.expose_secret(), "hidden-refresh-2");
}

#[tokio::test]
async fn a_redis_that_does_not_respond_times_out() {
    let Some(redis) = start().await else {
        return;
    };
    let hub = Hub::start().await;
    let store = redis.store();
    let app = hub.app().lock(store.lock()).store(store).build().unwrap();
    app.connect(&"hidden-code".into(), None).await.unwrap();
    let tokens = app.tokens().account(ACCOUNT);
    let first = tokens.access_token().await.unwrap();
    redis.signal("STOP");
    let error = tokens.refresh(&first).await.unwrap_err();
    assert!(
        matches!(error.oauth(), Some(OAuthError::Lock { .. })),
        "{error}"
    );
    redis.signal("CONT");
    loop {
        // What was asked meanwhile may still be on its way.
        if let Ok(token) = tokens.refresh(&first).await {
            assert_eq!(token.expose_secret(), "hidden-access-2");
            break;
        }
    }
}

#[test]
fn an_invalid_url_is_an_error_that_does_not_repeat_it() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let _inside = runtime.enter();
    let error = RedisStore::new("http://user:hidden@host", key()).unwrap_err();
    assert!(
        !format!("{error} {error:?}").contains("hidden"),
        "{error:?}"
    );
}

#[test]
fn a_lease_has_bounds() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let _inside = runtime.enter();
    let store = RedisStore::new("redis://127.0.0.1/", key()).unwrap();
    for lease in [Duration::ZERO, Duration::from_nanos(1), Duration::MAX] {
        let error = store.lock().lease(lease).unwrap_err();
        assert_eq!(
            error.to_string(),
            "a lease lasts from a millisecond to 24 hours"
        );
    }
    let lock = store.lock().lease(Duration::from_hours(24)).unwrap();
    assert!(lock.max_wait() > Duration::from_hours(24));
    // A refresh of two rounds, each with 40 s of retries and a last attempt of 20 s.
    assert!(store.lock().max_wait() > Duration::from_mins(2));
}

#[test]
fn without_a_runtime_there_is_an_error() {
    assert!(RedisStore::new("redis://127.0.0.1/", key()).is_err());
}
