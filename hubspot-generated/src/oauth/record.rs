//! The record of an account, as stores keep it.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use super::token_response::{MAX_LIFETIME, Received};
use crate::debug::debug_fields;
use crate::secret::Secret;

/// How long before it expires a token is refreshed; a short-lived one is refreshed at half its lifetime.
const REFRESH_MARGIN: Duration = Duration::from_mins(5);

/// The tokens of one account, as a [`TokenStore`](super::TokenStore) keeps them.
///
/// Serialized, it holds the tokens in plain text: encrypt it, bound to [`hub_id`](Self::hub_id), as the stores of this
/// crate do.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TokenRecord {
    /// The account.
    pub hub_id: u64,
    /// The access token; empty if HubSpot returned a refresh token only.
    pub access_token: Secret,
    /// The refresh token.
    pub refresh_token: Secret,
    /// When the access token expires, in seconds since 1970.
    pub expires_at: u64,
    /// The whole lifetime of the access token, in seconds.
    pub lifetime: u64,
    /// The scopes that were granted, optional ones included.
    #[serde(default)]
    pub scopes: Vec<String>,
    /// The user who installed the app.
    #[serde(default)]
    pub user_id: Option<u64>,
    /// Grows with every refresh: a store keeps the record with the greater one.
    #[serde(default)]
    pub fence: u64,
    /// Whether HubSpot refused the tokens: they are not used until someone authorizes the app again, or the program
    /// calls [`AccountTokens::try_again`](super::AccountTokens::try_again).
    #[serde(default)]
    pub needs_authorization: bool,
}

impl TokenRecord {
    /// The record of a response to a request with `refresh_token`, which stays if the response has no new one. `old` is
    /// the record that it replaces.
    ///
    /// Without an access token of this account in the response, the record has the old one, as expired.
    pub(super) fn new(
        hub_id: u64,
        received: &Received,
        fence: u64,
        refresh_token: &Secret,
        old: Option<&Self>,
    ) -> Self {
        let requested_at = received.requested_at.duration_since(UNIX_EPOCH);
        let requested_at = requested_at.unwrap_or_default().as_secs();
        let lifetime = received.expires_in.as_secs();
        let is_ours = received.hub_id.is_none_or(|given| given == hub_id);
        let (access_token, expires_at) = match (&received.access_token, old) {
            (Ok(token), _) if is_ours => (token.clone(), requested_at.saturating_add(lifetime)),
            (_, Some(old)) => (old.access_token.clone(), 0),
            (_, None) => (Secret::from(""), 0),
        };
        let (mut scopes, mut user_id) = (received.scopes.clone(), received.user_id);
        if let Some(old) = old {
            if scopes.is_empty() || !is_ours {
                scopes.clone_from(&old.scopes);
            }
            user_id = user_id.filter(|_| is_ours).or(old.user_id);
        }
        Self {
            hub_id,
            access_token,
            refresh_token: received
                .refresh_token
                .as_ref()
                .unwrap_or(refresh_token)
                .clone(),
            expires_at,
            lifetime,
            scopes,
            user_id,
            fence,
            needs_authorization: false,
        }
    }

    /// The time from `now` until the access token expires. Never longer than its lifetime, so that a clock that was set
    /// back does not prolong it.
    pub(super) fn remaining(&self, now: SystemTime) -> Duration {
        let now = now.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        Duration::from_secs(self.expires_at.saturating_sub(now).min(self.lifetime))
            .min(MAX_LIFETIME)
    }

    /// How long before it expires the access token is refreshed.
    pub(super) fn refresh_margin(&self) -> Duration {
        REFRESH_MARGIN.min(Duration::from_secs(self.lifetime / 2))
    }
}

debug_fields! {
    TokenRecord, |record|
    hub_id: record.hub_id,
    expires_at: record.expires_at,
    scopes: record.scopes,
    fence: record.fence,
    needs_authorization: record.needs_authorization,
}
