//! Renewing a token.
//!
//! Comes in: an account, and the token that HubSpot refused, if it did. Goes out: another token, which the store keeps
//! by then if it can. Refuses: to ask HubSpot again with a refresh token that is dead, and tokens of another account.
//!
//! In this order: what the store has may do already, since another process may have renewed; then the lock; then the
//! store again; then HubSpot; then the store; then everybody who waits. Whoever holds `held` does this, and nobody else.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use super::answer::TokenAnswer;
use super::error::{OAuthError, StoreError};
use super::event::TokenEvent;
use super::keep::{keep, recall};
use super::lock::Lease;
use super::manager::{AccountTokens, Current, Held};
use super::record::TokenRecord;
use crate::error::Error;
use crate::proof::ScopeCheck;
use crate::values::Secret;

/// After a renewal that failed, a token that is still valid is used for so long before the next one.
const RESPITE: Duration = Duration::from_secs(30);
/// How often to look whether another process is done; a renewal takes some hundred milliseconds.
const GLANCE: Duration = Duration::from_millis(10);

/// Gets a valid token other than `refused`.
pub(super) async fn renew(
    tokens: &AccountTokens,
    refused: Option<&Secret>,
) -> Result<Arc<Current>, OAuthError> {
    let mut held = tokens.account.held.lock().await;
    let outcome = match obtain(tokens, &mut held, refused).await {
        Ok(record) => accept(tokens, record).await,
        Err(error) => Err(error),
    };
    let outcome = outcome.or_else(|error| {
        let current = still_valid(tokens, refused, &error).ok_or(error)?;
        tracing::warn!(
            hub_id = tokens.hub_id(),
            "the token was not renewed, and is used while it lasts"
        );
        Ok(Arc::new(current))
    });
    let current = outcome.as_ref().ok().cloned();
    tokens.account.current.store(current);
    outcome
}

/// Keeps what an authorization brought: it supersedes all that was known.
pub(super) async fn connect(
    tokens: &AccountTokens,
    answer: TokenAnswer,
    asked: SystemTime,
) -> Result<Arc<Current>, OAuthError> {
    let mut held = tokens.account.held.lock().await;
    // The code is used up: neither a store nor a lock that fails is a reason to lose what it brought.
    let mut known = recall(tokens, &mut held).await.unwrap_or_default();
    let above = known.as_ref().map_or(0, |known| known.fence);
    let lease = match take_turn(tokens, above, |_| false).await {
        Ok(Turn::Mine(lease)) => lease,
        Ok(Turn::Over(_)) | Err(_) => None,
    };
    if lease.is_some() {
        known = recall(tokens, &mut held).await.unwrap_or(known);
    }
    let above = known.as_ref().map_or(0, |known| known.fence + 1);
    let fence = lease.map_or(above, |lease| lease.fence.max(above));
    let record = TokenRecord::new(tokens.hub_id(), answer, asked, fence, None);
    let outcome = match record {
        Some(record) => {
            let record = keep(tokens, &mut held, record).await;
            accept(tokens, record).await
        }
        None => Err(OAuthError::UnknownAccount),
    };
    give_back(tokens, lease).await;
    tokens.account.current.store(outcome.as_ref().ok().cloned());
    if outcome.is_ok() {
        let hub_id = tokens.hub_id();
        tokens.shared.tell(&TokenEvent::Connected { hub_id });
    }
    outcome
}

/// Finds or asks for a record with a valid token other than `refused`.
async fn obtain(
    tokens: &AccountTokens,
    held: &mut Option<Held>,
    refused: Option<&Secret>,
) -> Result<TokenRecord, OAuthError> {
    let known = look(tokens, held).await?;
    if is_usable(tokens, &known, refused) {
        return Ok(known);
    }
    let usable = |record: &TokenRecord| is_usable(tokens, record, refused);
    let lease = match take_turn(tokens, known.fence, usable).await? {
        Turn::Mine(lease) => lease,
        Turn::Over(record) => {
            let unsaved = false;
            *held = Some(Held {
                record: record.clone(),
                unsaved,
            });
            return Ok(record);
        }
    };
    let outcome = renew_once(tokens, held, refused, known, lease).await;
    give_back(tokens, lease).await;
    outcome
}

/// Asks HubSpot, unless another process has done so before this one had the lease.
async fn renew_once(
    tokens: &AccountTokens,
    held: &mut Option<Held>,
    refused: Option<&Secret>,
    mut known: TokenRecord,
    lease: Option<Lease>,
) -> Result<TokenRecord, OAuthError> {
    if lease.is_some() {
        known = look(tokens, held).await?;
        if is_usable(tokens, &known, refused) {
            return Ok(known);
        }
    }
    let (hub_id, shared) = (tokens.hub_id(), &tokens.shared);
    loop {
        let asked = shared.clock.wall_time();
        let cause = match shared.endpoint.refresh(&known.refresh_token).await {
            Ok(answer) => {
                check_account(hub_id, &answer)?;
                let fence = lease.map_or(known.fence + 1, |lease| lease.fence);
                let record = TokenRecord::new(hub_id, answer, asked, fence, Some(&known))
                    .ok_or(OAuthError::UnknownAccount)?;
                let record = keep(tokens, held, record).await;
                shared.tell(&TokenEvent::Renewed { hub_id });
                return Ok(record);
            }
            Err(cause) => cause,
        };
        if !cause.ends_authorization() {
            return Err(OAuthError::Refresh { hub_id, cause });
        }
        // Without a lock another process may have handed in the same refresh token a moment ago: its new one counts.
        let latest = look(tokens, held).await?;
        if latest.refresh_token == known.refresh_token {
            return Err(give_up(tokens, held, latest, cause).await);
        }
        if is_usable(tokens, &latest, refused) {
            return Ok(latest);
        }
        known = latest;
    }
}

/// Remembers that the refresh token is dead.
async fn give_up(
    tokens: &AccountTokens,
    held: &mut Option<Held>,
    mut record: TokenRecord,
    cause: Error,
) -> OAuthError {
    let hub_id = tokens.hub_id();
    // With the fence that it has: should someone authorize at this moment, theirs is greater.
    record.needs_authorization = true;
    keep(tokens, held, record).await;
    tokens
        .shared
        .tell(&TokenEvent::AuthorizationNeeded { hub_id });
    OAuthError::NeedsAuthorization {
        hub_id,
        cause: Some(cause),
    }
}

/// The latest record of an account that someone has authorized.
async fn look(tokens: &AccountTokens, held: &mut Option<Held>) -> Result<TokenRecord, OAuthError> {
    recall(tokens, held)
        .await?
        .filter(|record| !record.needs_authorization)
        .ok_or(OAuthError::NeedsAuthorization {
            hub_id: tokens.hub_id(),
            cause: None,
        })
}

/// Whether the token of a record is another than `refused`, and need not be renewed yet.
fn is_usable(tokens: &AccountTokens, record: &TokenRecord, refused: Option<&Secret>) -> bool {
    let token = &record.access_token;
    // Of a token that is in use, the clock that never goes back knows the age better than the time of day does.
    let current = tokens.account.current.load();
    let is_old = current
        .as_ref()
        .is_some_and(|current| current.token == *token && !tokens.is_fresh(current));
    !record.needs_authorization
        && !is_old
        && Some(token) != refused
        && record.remaining(tokens.shared.clock.wall_time()) > record.early()
}

/// Refuses tokens of another account.
pub(super) fn check_account(asked: u64, answer: &TokenAnswer) -> Result<(), OAuthError> {
    match answer.hub_id {
        Some(given) if given != asked => Err(OAuthError::OtherAccount { asked, given }),
        _ => Ok(()),
    }
}

/// Makes the token ready for use, if it has the scopes that the app insists on.
async fn accept(
    tokens: &AccountTokens,
    mut record: TokenRecord,
) -> Result<Arc<Current>, OAuthError> {
    let (hub_id, shared) = (tokens.hub_id(), &tokens.shared);
    if let Some((scope_set, declared)) = &shared.required {
        if record.scopes.is_empty() {
            // The answers of v1 name no scopes.
            let info = shared.endpoint.introspect(&record.access_token).await;
            record.scopes = info
                .map_err(|cause| OAuthError::Refresh { hub_id, cause })?
                .scopes;
        }
        let check = ScopeCheck::new(declared, record.scopes.iter().cloned());
        if !check.is_complete() {
            return Err(OAuthError::MissingScopes {
                hub_id,
                scope_set,
                missing: check.missing().to_vec(),
            });
        }
    }
    let current = Current::new(&record, &*shared.clock).map_err(|fault| OAuthError::Store {
        hub_id,
        cause: StoreError::lasting(fault),
    })?;
    Ok(Arc::new(current))
}

/// The token in use, to be used some more, if what went wrong may pass before the token does.
fn still_valid(
    tokens: &AccountTokens,
    refused: Option<&Secret>,
    error: &OAuthError,
) -> Option<Current> {
    if !matches!(
        error,
        OAuthError::Refresh { .. } | OAuthError::Store { .. } | OAuthError::Lock { .. }
    ) {
        return None;
    }
    let current = tokens.account.current.load();
    let current = current.as_ref()?;
    let now = tokens.shared.clock.now();
    if now >= current.expires_at || Some(&current.token) == refused {
        return None;
    }
    Some(Current {
        renew_at: current.expires_at.min(now + RESPITE),
        ..Current::clone(current)
    })
}

/// Whose turn it is to renew.
enum Turn {
    /// This process's, with a lease if there is a lock.
    Mine(Option<Lease>),
    /// Nobody's: another process has renewed meanwhile.
    Over(TokenRecord),
}

/// Waits for the lock, or for another process to bring what is `wanted`.
async fn take_turn(
    tokens: &AccountTokens,
    above: u64,
    wanted: impl Fn(&TokenRecord) -> bool,
) -> Result<Turn, OAuthError> {
    let (hub_id, shared) = (tokens.hub_id(), &tokens.shared);
    let Some(lock) = &shared.lock else {
        return Ok(Turn::Mine(None));
    };
    let deadline = shared.clock.now() + lock.patience();
    loop {
        match lock.acquire(hub_id, above).await {
            Ok(Some(lease)) => return Ok(Turn::Mine(Some(lease))),
            Ok(None) => {}
            Err(cause) => return Err(OAuthError::Lock { hub_id, cause }),
        }
        shared.clock.sleep(GLANCE).await;
        if let Ok(Some(record)) = shared.store.load(hub_id).await
            && record.hub_id == hub_id
            && wanted(&record)
        {
            return Ok(Turn::Over(record));
        }
        if shared.clock.now() >= deadline {
            let cause = StoreError::new("another process has held it for too long");
            return Err(OAuthError::Lock { hub_id, cause });
        }
    }
}

async fn give_back(tokens: &AccountTokens, lease: Option<Lease>) {
    if let (Some(lock), Some(lease)) = (&tokens.shared.lock, lease)
        && let Err(error) = lock.release(tokens.hub_id(), lease).await
    {
        tracing::warn!(hub_id = tokens.hub_id(), %error, "the lock was not given back");
    }
}
