//! A token store and a lock in Redis.
//!
//! Redis itself compares fences, so that a process that was suspended for longer than its lease overwrites nothing.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use ::redis::aio::{ConnectionManager, ConnectionManagerConfig};
use ::redis::{AsyncTypedCommands, RedisError, Script};
use oauth2::CsrfToken;

use super::seal::TokenKeys;
use super::{Saved, StoreFuture, TokenRecord, TokenStore};
use crate::debug::debug_fields;
use crate::oauth::error::StoreError;
use crate::oauth::lock::{Lease, RefreshLock};
use crate::oauth::refresh;

/// The default prefix of keys.
const PREFIX: &str = "hubspot-oauth";
/// Timeout of a response, and of a connection.
const TIMEOUT: Duration = Duration::from_secs(2);
/// The default duration of a lease: longer than the longest refresh.
const LEASE: Duration = Duration::from_mins(3);
/// The longest duration of a lease.
const MAX_LEASE: Duration = Duration::from_hours(24);

const _: () = assert!(LEASE.as_secs() > refresh::MAX_DURATION.as_secs());

/// Saves the record (`ARGV[2]`) unless one with a greater fence (`ARGV[1]`) is stored.
static SAVE: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "local kept = redis.call('HGET', KEYS[1], 'fence')
         if kept and tonumber(kept) > tonumber(ARGV[1]) then return 0 end
         redis.call('HSET', KEYS[1], 'fence', ARGV[1], 'record', ARGV[2])
         return 1",
    )
});

/// Takes the lock for `ARGV[1]` milliseconds with a fence above `ARGV[2]`; returns 0 if another owner than `ARGV[3]` has it.
static ACQUIRE: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "local holder = redis.call('GET', KEYS[1])
         if holder and string.match(holder, '^(.*):') == ARGV[3] then redis.call('DEL', KEYS[1]) end
         local last = tonumber(redis.call('GET', KEYS[2]) or '0')
         local fence = string.format('%.0f', math.max(last, tonumber(ARGV[2])) + 1)
         local lease = ARGV[3] .. ':' .. fence
         if not redis.call('SET', KEYS[1], lease, 'NX', 'PX', ARGV[1]) then return 0 end
         redis.call('SET', KEYS[2], fence)
         return tonumber(fence)",
    )
});

/// Releases the lock if it is still held by the lease `ARGV[1]`.
static RELEASE: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
         return 0",
    )
});

/// A token store in Redis, encrypted with AES-256-GCM: for services of several processes.
///
/// ```no_run
/// use hubspot_generated::Unchecked;
/// use hubspot_generated::oauth::{OAuthApp, RedisStore, TokenKey};
///
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let store = RedisStore::new("redis://127.0.0.1/", TokenKey::from_env("HUBSPOT_TOKEN_KEY")?)?;
/// let app = OAuthApp::<Unchecked>::builder("id", "secret", "https://app.example.com/callback")
///     .lock(store.lock())
///     .store(store)
///     .build()?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct RedisStore {
    server: Server,
    keys: Arc<TokenKeys>,
}

impl RedisStore {
    /// Creates a store in the Redis at `url` (`redis://user:password@host:6379/0`). It connects when it is first used.
    ///
    /// # Errors
    ///
    /// If `url` is not a Redis URL, or there is no tokio runtime.
    pub fn new(url: &str, keys: impl Into<TokenKeys>) -> Result<Self, StoreError> {
        Ok(Self {
            server: Server::new(url)?,
            keys: Arc::new(keys.into()),
        })
    }

    /// Sets the prefix of all keys; `hubspot-oauth` by default. Apps that share a Redis need one each.
    pub fn prefix(mut self, prefix: impl Into<String>) -> Self {
        self.server.prefix = prefix.into().into();
        self
    }

    /// Creates a lock in the same Redis, with the same prefix and connection.
    pub fn lock(&self) -> RedisLock {
        RedisLock::of(self.server.clone())
    }
}

impl TokenStore for RedisStore {
    fn load(&self, hub_id: u64) -> StoreFuture<'_, Option<TokenRecord>> {
        Box::pin(async move {
            let key = self.server.key(hub_id, "tokens");
            let mut attempts = Attempts::new();
            let sealed = loop {
                let mut connection = self.server.connection.clone();
                match connection.hget(&key, "record").await {
                    Ok(sealed) => break sealed,
                    Err(error) => attempts.next(error)?,
                }
            };
            sealed
                .map(|sealed| self.keys.open(hub_id, &sealed))
                .transpose()
        })
    }

    fn save<'a>(&'a self, record: &'a TokenRecord) -> StoreFuture<'a, Saved> {
        Box::pin(async move {
            let sealed = self.keys.seal(record)?;
            let mut script = SAVE.key(self.server.key(record.hub_id, "tokens"));
            script.arg(record.fence).arg(sealed);
            let mut attempts = Attempts::new();
            loop {
                let mut connection = self.server.connection.clone();
                match script.invoke_async::<u8>(&mut connection).await {
                    Ok(0) => return Ok(Saved::Superseded),
                    Ok(_) => return Ok(Saved::Kept),
                    Err(error) => attempts.next(error)?,
                }
            }
        })
    }

    fn remove(&self, hub_id: u64) -> StoreFuture<'_, ()> {
        Box::pin(async move {
            let key = self.server.key(hub_id, "tokens");
            let mut connection = self.server.connection.clone();
            connection.del(&key).await.map(drop).map_err(failed)
        })
    }
}

/// A lock in Redis: `SET NX PX`, with a fencing token. Use it for one app: it replaces a lease of its own, whose response
/// may have been lost.
///
/// If a process dies while it holds the lock, the others wait until its lease ends.
pub struct RedisLock {
    server: Server,
    /// Distinguishes this lock from those of other processes.
    owner: String,
    lease: Duration,
}

impl RedisLock {
    /// Creates a lock in the Redis at `url`, for a store that is elsewhere. See also [`RedisStore::lock`].
    ///
    /// # Errors
    ///
    /// If `url` is not a Redis URL, or there is no tokio runtime.
    pub fn new(url: &str) -> Result<Self, StoreError> {
        Server::new(url).map(Self::of)
    }

    fn of(server: Server) -> Self {
        Self {
            server,
            owner: CsrfToken::new_random().into_secret(),
            lease: LEASE,
        }
    }

    /// Sets how long a lease lasts if it is not released; 3 minutes by default.
    ///
    /// A refresh takes some hundred milliseconds. With all timeouts and retries it takes less than 3 minutes. With a shorter
    /// lease two processes may refresh at once; the store then keeps the later record.
    ///
    /// # Errors
    ///
    /// If the duration is less than a millisecond or more than 24 hours.
    pub fn lease(mut self, lease: Duration) -> Result<Self, StoreError> {
        if !(Duration::from_millis(1)..=MAX_LEASE).contains(&lease) {
            return Err(StoreError::permanent(
                "a lease lasts from a millisecond to 24 hours",
            ));
        }
        self.lease = lease;
        Ok(self)
    }
}

impl RefreshLock for RedisLock {
    fn acquire(&self, hub_id: u64, above: u64) -> StoreFuture<'_, Option<Lease>> {
        Box::pin(async move {
            let milliseconds = u64::try_from(self.lease.as_millis()).unwrap_or(u64::MAX);
            let mut script = ACQUIRE.key(self.server.key(hub_id, "lock"));
            script
                .key(self.server.key(hub_id, "fence"))
                .arg(milliseconds)
                .arg(above)
                .arg(&self.owner);
            let mut connection = self.server.connection.clone();
            let fence: u64 = script.invoke_async(&mut connection).await.map_err(failed)?;
            Ok((fence > 0).then_some(Lease { fence }))
        })
    }

    fn release(&self, hub_id: u64, lease: Lease) -> StoreFuture<'_, ()> {
        Box::pin(async move {
            let mut script = RELEASE.key(self.server.key(hub_id, "lock"));
            script.arg(format!("{}:{}", self.owner, lease.fence));
            let mut connection = self.server.connection.clone();
            let released: Result<u8, RedisError> = script.invoke_async(&mut connection).await;
            released.map(drop).map_err(failed)
        })
    }

    fn max_wait(&self) -> Duration {
        self.lease + TIMEOUT
    }
}

/// A connection to Redis, and the prefix of keys.
#[derive(Clone)]
struct Server {
    connection: ConnectionManager,
    prefix: Arc<str>,
}

impl Server {
    fn new(url: &str) -> Result<Self, StoreError> {
        if tokio::runtime::Handle::try_current().is_err() {
            return Err(StoreError::permanent(
                "Redis can be used within a tokio runtime only",
            ));
        }
        // The error could repeat the URL, which may hold a password.
        let client = ::redis::Client::open(url)
            .map_err(|_| StoreError::permanent("the URL is not a Redis URL"))?;
        let config = ConnectionManagerConfig::new()
            .set_number_of_retries(1)
            .set_response_timeout(Some(TIMEOUT))
            .set_connection_timeout(Some(TIMEOUT));
        let connection = ConnectionManager::new_lazy_with_config(client, config).map_err(failed)?;
        Ok(Self {
            connection,
            prefix: PREFIX.into(),
        })
    }

    /// A key of an account. The braces keep all keys of an account on one node of a cluster.
    fn key(&self, hub_id: u64, name: &str) -> String {
        format!("{}:{{{hub_id}}}:{name}", self.prefix)
    }
}

/// One retry after a lost connection.
struct Attempts {
    left: u8,
}

impl Attempts {
    fn new() -> Self {
        Self { left: 1 }
    }

    fn next(&mut self, error: RedisError) -> Result<(), StoreError> {
        if self.left == 0 || !error.is_unrecoverable_error() {
            return Err(failed(error));
        }
        self.left -= 1;
        Ok(())
    }
}

fn failed(error: RedisError) -> StoreError {
    StoreError::new("the request to Redis failed").caused_by(error)
}

// Shows the prefix: a URL may hold a password.
debug_fields!(RedisStore, |store| prefix: store.server.prefix);

debug_fields!(RedisLock, |lock| prefix: lock.server.prefix, lease: lock.lease);
