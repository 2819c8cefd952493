//! The limiters of this process, one an account.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::Instant;

use super::authority::Authority;
use super::limiter::Limiter;
use super::settings::Pacing;

/// Identifies an account: an account of an OAuth app, or a token.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Account<'a> {
    #[cfg(feature = "oauth")]
    Installed {
        client_id: &'a str,
        hub_id: u64,
    },
    Token(&'a [u8]),
}

#[cfg(feature = "redis")]
impl Account<'_> {
    /// A name that is the same in all processes, and tells no token.
    fn name(self) -> String {
        use sha2::{Digest, Sha256};
        match self {
            Self::Installed { client_id, hub_id } => format!("{client_id}:{hub_id}"),
            Self::Token(token) => {
                let digest = Sha256::digest(token);
                let half = digest.first_chunk().copied().unwrap_or_default();
                format!("{:032x}", u128::from_be_bytes(half))
            }
        }
    }
}

/// What grants the requests of the account to several processes, if the program wants that.
#[cfg(feature = "redis")]
fn authority(pacing: &Pacing, account: Account<'_>) -> Option<Arc<dyn Authority>> {
    let redis = pacing.redis.as_ref()?;
    Some(redis.authority(&account.name()))
}

#[cfg(not(feature = "redis"))]
fn authority(_: &Pacing, _: Account<'_>) -> Option<Arc<dyn Authority>> {
    None
}

/// Hashes stand for tokens, so that none is kept here.
#[derive(Default)]
struct Registry {
    random: RandomState,
    limiters: HashMap<u64, Arc<Limiter>>,
    /// Idle limiters are removed when there are more than this.
    purge_at: usize,
}

static REGISTRY: LazyLock<Mutex<Registry>> = LazyLock::new(Mutex::default);

/// The limiter of an account at `origin`; `None` without pacing.
pub(crate) fn limiter(
    pacing: &Pacing,
    origin: &str,
    account: Account<'_>,
    now: Instant,
) -> Option<Arc<Limiter>> {
    if !pacing.is_on {
        return None;
    }
    let mut registry = REGISTRY.lock().unwrap_or_else(PoisonError::into_inner);
    let (key, is_oauth) = match account {
        #[cfg(feature = "oauth")]
        Account::Installed { client_id, hub_id } => {
            (registry.random.hash_one((origin, client_id, hub_id)), true)
        }
        Account::Token(token) => (registry.random.hash_one((origin, token)), false),
    };
    let authority = authority(pacing, account);
    if let Some(limiter) = registry.limiters.get(&key) {
        limiter.set(pacing, authority, now);
        return Some(Arc::clone(limiter));
    }
    if registry.limiters.len() >= registry.purge_at {
        let is_used =
            |limiter: &Arc<Limiter>| Arc::strong_count(limiter) > 1 || !limiter.is_idle(now);
        registry.limiters.retain(|_, limiter| is_used(limiter));
        registry.purge_at = (registry.limiters.len() * 2).max(64);
    }
    let limiter = Arc::new(Limiter::new(pacing, is_oauth));
    limiter.set(pacing, authority, now);
    registry.limiters.insert(key, Arc::clone(&limiter));
    Some(limiter)
}
