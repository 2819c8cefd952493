//! Pacing across processes: Redis grants the requests.
//!
//! One script call grants up to ten requests, by the clock of Redis. What a process does not use it gives back, or it expires.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::pin::Pin;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use ::redis::aio::{ConnectionManager, ConnectionManagerConfig};
use ::redis::{RedisError, Script, ScriptInvocation};

use super::authority::{Authority, Granted, Unused, Wanted};
use crate::debug::debug_fields;
use crate::error::Error;

/// The default prefix of keys.
const PREFIX: &str = "hubspot-pacing";
/// Timeout of a response, and of a connection.
const TIMEOUT: Duration = Duration::from_millis(250);
/// The share of a process that cannot reach Redis.
const FALLBACK_SHARE: f64 = 0.1;

/// Grants up to `ARGV[1]` of `ARGV[2]` requests in `ARGV[3]` milliseconds; a request counts `ARGV[4]` milliseconds longer.
///
/// `ARGV[5]` is a name that no other call has. `ARGV[6]` is the generation of this process's last grant, if that was in the
/// last window: when Redis has another, it has lost the requests of that window, and grants nothing for as long. The others
/// are requests that are given back.
static GRANT: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "local time = redis.call('TIME')
         local now = time[1] * 1000 + math.floor(time[2] / 1000)
         for n = 7, #ARGV do redis.call('ZREM', KEYS[1], ARGV[n]) end
         local length = tonumber(ARGV[3])
         local generation = redis.call('GET', KEYS[2])
         if not generation then generation = ARGV[5] end
         redis.call('SET', KEYS[2], generation, 'EX', 86400)
         if ARGV[6] ~= '' and ARGV[6] ~= generation then
           redis.call('SET', KEYS[3], now + length, 'PX', length)
         end
         local blocked = tonumber(redis.call('GET', KEYS[3]) or '0')
         if blocked > now then return {0, blocked - now, generation} end
         redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
         local free = tonumber(ARGV[2]) - redis.call('ZCARD', KEYS[1])
         local granted = math.min(tonumber(ARGV[1]), free)
         if granted < 1 then
           local first = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')
           return {0, tonumber(first[2]) - now, generation}
         end
         local ends = now + length + tonumber(ARGV[4])
         for n = 1, granted do redis.call('ZADD', KEYS[1], ends, ARGV[5] .. ':' .. n) end
         redis.call('PEXPIRE', KEYS[1], ends - now)
         return {granted, 0, generation}",
    )
});

/// Lets the processes of several programs or machines share the limits of an account through Redis.
///
/// Each grant is one call of a script, for up to ten requests that wait. What is not used of it, because requests were
/// dropped, is given back. When Redis cannot be reached, a process goes on
/// with a share of its own and tries again every five seconds. After a restart of Redis nothing is granted for one window,
/// since HubSpot still counts the requests that Redis forgot.
///
/// ```no_run
/// use hubspot_generated::{Client, Pacing, RedisPacing};
///
/// # async fn example() -> Result<(), hubspot_generated::Error> {
/// let redis = RedisPacing::new("redis://127.0.0.1/")?.fallback_share(0.125);
/// let hubspot = Client::unchecked_builder()
///     .access_token("pat-na1-1234")
///     .pacing(Pacing::new().across_processes(redis))
///     .build()?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
#[must_use]
pub struct RedisPacing {
    connection: ConnectionManager,
    url: Arc<str>,
    prefix: Arc<str>,
    fallback_share: f64,
}

impl RedisPacing {
    /// Uses the Redis at `url` (`redis://user:password@host:6379/0`). It connects when it is first used.
    ///
    /// # Errors
    ///
    /// If `url` is not a Redis URL, or there is no tokio runtime.
    pub fn new(url: &str) -> Result<Self, Error> {
        if tokio::runtime::Handle::try_current().is_err() {
            return Err(Error::configuration(
                "Redis can be used within a tokio runtime only",
            ));
        }
        // The errors could repeat the URL, which may hold a password.
        let invalid = |_| Error::configuration("the URL is not a Redis URL");
        let client = ::redis::Client::open(url).map_err(invalid)?;
        let config = ConnectionManagerConfig::new()
            .set_number_of_retries(1)
            .set_response_timeout(Some(TIMEOUT))
            .set_connection_timeout(Some(TIMEOUT));
        let connection = ConnectionManager::new_lazy_with_config(client, config);
        Ok(Self {
            connection: connection.map_err(invalid)?,
            url: url.into(),
            prefix: PREFIX.into(),
            fallback_share: FALLBACK_SHARE,
        })
    }

    /// Sets the prefix of all keys; `hubspot-pacing` by default. Programs share the limits if they have the same prefix.
    pub fn prefix(mut self, prefix: impl Into<String>) -> Self {
        self.prefix = prefix.into().into();
        self
    }

    /// Sets the share of the limits, between 0 and 1, that this process uses while Redis cannot be reached: one divided by
    /// the number of processes. The default is 0.1.
    pub fn fallback_share(mut self, share: f64) -> Self {
        self.fallback_share = super::window::valid_share(share);
        self
    }

    /// The authority for an account.
    pub(super) fn authority(&self, account: &str) -> Arc<dyn Authority> {
        Arc::new(RedisAuthority {
            redis: self.clone(),
            account: account.to_owned(),
            generations: Mutex::default(),
        })
    }
}

struct RedisAuthority {
    redis: RedisPacing,
    account: String,
    /// By window, the generation of Redis's data, and when it last granted something.
    generations: Mutex<[Option<(String, Instant)>; 2]>,
}

impl RedisAuthority {
    /// The braces keep all keys of an account on one node of a cluster.
    fn key(&self, window: usize, name: &str) -> String {
        format!("{}:{{{}}}:{window}:{name}", self.redis.prefix, self.account)
    }

    fn generations(&self) -> MutexGuard<'_, [Option<(String, Instant)>; 2]> {
        self.generations
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// The generation of the last grant, if that was in the last window.
    fn recent_generation(&self, wanted: &Wanted) -> String {
        let generations = self.generations();
        let last = generations[wanted.window].as_ref();
        let since = |at: &Instant| wanted.now.saturating_duration_since(*at);
        let recent = last.filter(|(_, at)| since(at) < wanted.length);
        recent
            .map(|(generation, _)| generation.clone())
            .unwrap_or_default()
    }

    /// Notes the generation of a response, and the time if it granted something.
    fn note(&self, wanted: &Wanted, generation: String, is_granted: bool) {
        match &mut self.generations()[wanted.window] {
            Some((last, _)) if !is_granted => *last = generation,
            None if !is_granted => {}
            last => *last = Some((generation, wanted.now)),
        }
    }
}

impl Authority for RedisAuthority {
    fn grant(&self, wanted: Wanted) -> Pin<Box<dyn Future<Output = Option<Granted>> + Send + '_>> {
        let key = |name| self.key(wanted.window, name);
        let grant = RandomState::new().build_hasher().finish();
        let mut script = GRANT.key(key("requests"));
        script
            .key(key("generation"))
            .key(key("blocked"))
            .arg(wanted.requests)
            .arg(wanted.limit)
            .arg(milliseconds(wanted.length))
            .arg(milliseconds(wanted.margin))
            .arg(format!("{grant:016x}"))
            .arg(self.recent_generation(&wanted))
            .arg(names(&wanted.unused));
        Box::pin(async move {
            let mut granted = call(&self.redis, &script).await;
            // A connection that Redis has closed shows in the next call only.
            if granted
                .as_ref()
                .is_err_and(RedisError::is_unrecoverable_error)
            {
                granted = call(&self.redis, &script).await;
            }
            match granted {
                Ok((requests, wait, generation)) => {
                    self.note(&wanted, generation, requests > 0);
                    Some(match requests {
                        0 => {
                            let wait = Duration::from_millis(wait.max(1));
                            Granted::Nothing(wait.min(wanted.length + wanted.margin))
                        }
                        requests => Granted::Requests(requests, grant),
                    })
                }
                Err(error) => {
                    tracing::warn!(
                        kind = ?error.kind(),
                        "Redis cannot be reached; this process is paced by itself"
                    );
                    None
                }
            }
        })
    }

    fn give_back(
        &self,
        window: usize,
        unused: Vec<Unused>,
    ) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        let mut command = ::redis::cmd("ZREM");
        command
            .arg(self.key(window, "requests"))
            .arg(names(&unused));
        Box::pin(async move {
            let mut connection = self.redis.connection.clone();
            // Otherwise it expires.
            let _: Result<(), RedisError> = command.query_async(&mut connection).await;
        })
    }

    fn place(&self) -> [&str; 2] {
        [&self.redis.url, &self.redis.prefix]
    }

    fn fallback_share(&self) -> f64 {
        self.redis.fallback_share
    }
}

/// The members of the set of requests that stand for unused ones.
fn names(unused: &[Unused]) -> Vec<String> {
    let names = unused.iter().flat_map(|unused| {
        let numbers = unused.first..=unused.last;
        numbers.map(|number| format!("{:016x}:{number}", unused.grant))
    });
    names.collect()
}

type Response = (u32, u64, String);

async fn call(redis: &RedisPacing, script: &ScriptInvocation<'_>) -> Result<Response, RedisError> {
    let mut connection = redis.connection.clone();
    script.invoke_async(&mut connection).await
}

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

// Shows the prefix: a URL may hold a password.
debug_fields!(RedisPacing, |pacing| prefix: pacing.prefix, fallback_share: pacing.fallback_share);
