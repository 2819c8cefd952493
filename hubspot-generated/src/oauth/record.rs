//! What is kept of an account.
//!
//! Comes in: a token answer. Goes out: a [`TokenRecord`], which stores keep, and what it says about its own freshness.
//! Refuses: an answer without a refresh token where there was none before.

use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use super::answer::{LONGEST, TokenAnswer};
use crate::values::Secret;

/// A token is renewed so long before it expires; a short-lived one at half its life.
pub(super) const EARLY: Duration = Duration::from_mins(5);

/// The tokens of one account, as a [`TokenStore`](super::TokenStore) keeps them.
///
/// Written by serde it holds the tokens in the clear: encrypt it, bound to [`hub_id`](Self::hub_id), as the stores of
/// this crate do.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TokenRecord {
    /// The account.
    pub hub_id: u64,
    /// The token that calls carry.
    pub access_token: Secret,
    /// What the next access token is asked for with.
    pub refresh_token: Secret,
    /// When the access token expires, in seconds since 1970.
    pub expires_at: u64,
    /// How long the access token lives in all, in seconds.
    pub lifetime: u64,
    /// The scopes that were granted, optional ones included.
    #[serde(default)]
    pub scopes: Vec<String>,
    /// The user who installed the app.
    #[serde(default)]
    pub user_id: Option<i64>,
    /// Grows with every renewal: a store keeps the record with the greater one.
    #[serde(default)]
    pub fence: u64,
    /// Whether the refresh token is dead: nothing is asked for with it until someone authorizes the app anew.
    #[serde(default)]
    pub needs_authorization: bool,
}

impl TokenRecord {
    /// What an answer brings that was asked for at `asked`. `old` is what is known of the account already.
    pub(super) fn new(
        hub_id: u64,
        answer: TokenAnswer,
        asked: SystemTime,
        fence: u64,
        old: Option<&Self>,
    ) -> Option<Self> {
        let refresh_token = answer
            .refresh_token
            .or_else(|| old.map(|old| old.refresh_token.clone()))?;
        let asked = asked.duration_since(UNIX_EPOCH).unwrap_or_default();
        let mut scopes = answer.scopes;
        if scopes.is_empty() {
            scopes = old.map(|old| old.scopes.clone()).unwrap_or_default();
        }
        Some(Self {
            hub_id,
            access_token: answer.access_token,
            refresh_token,
            expires_at: asked.as_secs().saturating_add(answer.expires_in.as_secs()),
            lifetime: answer.expires_in.as_secs(),
            scopes,
            user_id: answer.user_id.or_else(|| old?.user_id),
            fence,
            needs_authorization: false,
        })
    }

    /// How long the access token lives on at `now`: never longer than in all, so that a clock that was put back gives
    /// an old token no new life.
    pub(super) fn remaining(&self, now: SystemTime) -> Duration {
        let now = now.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        Duration::from_secs(self.expires_at.saturating_sub(now).min(self.lifetime)).min(LONGEST)
    }

    /// How long before its end the access token is to be renewed.
    pub(super) fn early(&self) -> Duration {
        EARLY.min(Duration::from_secs(self.lifetime / 2))
    }
}

/// Shows no token.
impl fmt::Debug for TokenRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenRecord")
            .field("hub_id", &self.hub_id)
            .field("expires_at", &self.expires_at)
            .field("scopes", &self.scopes)
            .field("fence", &self.fence)
            .field("needs_authorization", &self.needs_authorization)
            .finish_non_exhaustive()
    }
}
