//! Refreshes an access token.
//!
//! The order is: load the stored record, which another process may have refreshed; take the lock; load again; ask
//! HubSpot; save; hand the token out. All of it happens while the record is held.

use std::sync::Arc;
use std::time::Duration;

use super::acceptance::REFUSED_INTERVAL;
use super::error::{OAuthError, StoreError};
use super::event::TokenEvent;
use super::lease::{self, Turn};
use super::lock::Lease;
use super::persistence::{load, save};
use super::record::TokenRecord;
use super::record_guard::RecordGuard;
use super::state::{Context, CurrentToken, Known, Trigger};
use super::token_response::Received;
use crate::error::Error;
use crate::proof::ScopeCheck;
use crate::secret::Secret;

/// How long a token that is still valid is used after its refresh failed.
const RETRY_INTERVAL: Duration = Duration::from_secs(30);
/// How many refresh tokens are tried: the second is one that another process saved meanwhile.
const ROUNDS: u32 = 2;
/// The longest that a lease is needed: each round, and the loads and saves around them.
#[cfg(feature = "redis")]
pub(super) const MAX_DURATION: Duration = Duration::from_secs(
    ROUNDS as u64 * super::endpoint::MAX_DURATION.as_secs()
        + 5 * super::persistence::TIMEOUT.as_secs(),
);

/// Returns a valid token, other than the refused one if there is one.
pub(super) async fn refresh(
    context: &Context,
    trigger: &Trigger,
) -> Result<Arc<CurrentToken>, OAuthError> {
    let mut known = RecordGuard::wait(context).await;
    let outcome = match obtain(context, &mut known, trigger).await {
        Ok(record) => activate(context, record).await,
        Err(error) => Err(error),
    };
    let outcome = outcome.or_else(|error| keep_current(context, trigger, error));
    let current = outcome.as_ref().ok().cloned();
    if current.is_some() && trigger.refused().is_some() {
        context.account.acceptance().start(true);
    }
    if known.publish() {
        context.account.current.store(current);
    }
    outcome
}

/// Records that HubSpot refused an access token that a refresh had just returned, with `cause`, and returns the error of the
/// account.
///
/// Returns `None` if that is not the account's token any more.
pub(super) async fn reject(
    context: &Context,
    token: &Secret,
    cause: Arc<Error>,
) -> Option<OAuthError> {
    let mut known = RecordGuard::wait(context).await;
    let record = match load(context, &mut known).await {
        Ok(Some(record)) if record.access_token == *token => record,
        _ => return None,
    };
    Some(if record.needs_authorization {
        needs_authorization(context, &known)
    } else {
        known.retry_at = Some(context.shared.clock.now() + REFUSED_INTERVAL);
        mark(context, &mut known, record, cause).await
    })
}

/// Finds or requests a record with a usable token.
async fn obtain(
    context: &Context,
    known: &mut RecordGuard,
    trigger: &Trigger,
) -> Result<TokenRecord, OAuthError> {
    let record = load_authorized(context, known, trigger).await?;
    if is_usable(context, known, &record, trigger) {
        return Ok(record);
    }
    let usable = |record: &TokenRecord| is_usable(context, known, record, trigger);
    let lease = match lease::acquire(context, record.fence, usable).await? {
        Turn::Ours(lease) => lease,
        Turn::Done(record) => {
            known.replace(record.clone(), false);
            return Ok(record);
        }
    };
    let outcome = request(context, known, trigger, record, lease).await;
    lease::release(context, lease).await;
    outcome
}

/// Requests new tokens, unless another process did so before this one had the lease.
async fn request(
    context: &Context,
    known: &mut RecordGuard,
    trigger: &Trigger,
    mut record: TokenRecord,
    lease: Option<Lease>,
) -> Result<TokenRecord, OAuthError> {
    if lease.is_some() {
        record = load_authorized(context, known, trigger).await?;
        if is_usable(context, known, &record, trigger) {
            return Ok(record);
        }
    }
    let (hub_id, endpoint) = (context.hub_id(), &context.shared.endpoint);
    let mut round = 1;
    loop {
        known.begin_sending()?;
        let cause = match endpoint.refresh(&record.refresh_token).await {
            Ok(received) => {
                return accept(context, known, trigger, &record, received, lease).await;
            }
            Err(cause) => cause,
        };
        if !cause.ends_authorization() {
            return Err(OAuthError::Refresh { hub_id, cause });
        }
        // Without a lock another process may have sent the same refresh token a moment ago: its new one counts.
        let latest = load_authorized(context, known, trigger).await?;
        if latest.refresh_token == record.refresh_token {
            known.retry_at = None;
            return Err(mark(context, known, latest, Arc::new(cause)).await);
        }
        if is_usable(context, known, &latest, trigger) {
            return Ok(latest);
        }
        if round == ROUNDS {
            return Err(OAuthError::Refresh { hub_id, cause });
        }
        round += 1;
        record = latest;
    }
}

/// Saves what HubSpot returned, the refresh token first of all. Then fails if there is no access token of the account.
async fn accept(
    context: &Context,
    known: &mut RecordGuard,
    trigger: &Trigger,
    old: &TokenRecord,
    received: Received,
    lease: Option<Lease>,
) -> Result<TokenRecord, OAuthError> {
    let (hub_id, shared) = (context.hub_id(), &context.shared);
    let account = check_account(hub_id, &received);
    // A lease that ended meanwhile must not replace the record of a later one.
    let fence = lease.map_or(old.fence.saturating_add(1), |lease| lease.fence);
    let record = TokenRecord::new(hub_id, &received, fence, &old.refresh_token, Some(old));
    let record = save(context, known, record).await;
    account?;
    if let Err(cause) = received.access_token {
        return Err(OAuthError::Refresh { hub_id, cause });
    }
    known.refreshed_for = trigger.refused().cloned();
    context.account.acceptance().start(old.needs_authorization);
    shared.emit(&TokenEvent::Refreshed { hub_id });
    Ok(record)
}

/// Refuses the tokens of another account.
pub(super) fn check_account(hub_id: u64, received: &Received) -> Result<(), OAuthError> {
    match received.hub_id {
        Some(given) if given != hub_id => Err(OAuthError::OtherAccount {
            asked: hub_id,
            given,
        }),
        _ => Ok(()),
    }
}

/// Marks the account as one that needs authorization.
async fn mark(
    context: &Context,
    known: &mut RecordGuard,
    mut record: TokenRecord,
    cause: Arc<Error>,
) -> OAuthError {
    let hub_id = context.hub_id();
    // The fence stays: if someone authorizes the app at this moment, that record is the later one.
    record.needs_authorization = true;
    let retry_at = known.retry_at;
    let saved = save(context, known, record).await;
    if saved.needs_authorization {
        known.cause = Some(cause);
        known.retry_at = retry_at;
    }
    context.account.current.store(None);
    context
        .shared
        .emit(&TokenEvent::AuthorizationNeeded { hub_id });
    needs_authorization(context, known)
}

fn needs_authorization(context: &Context, known: &Known) -> OAuthError {
    OAuthError::NeedsAuthorization {
        hub_id: context.hub_id(),
        cause: known.cause.clone(),
    }
}

/// Loads the latest record; fails if nobody has authorized the account, or somebody must do so again.
async fn load_authorized(
    context: &Context,
    known: &mut Known,
    trigger: &Trigger,
) -> Result<TokenRecord, OAuthError> {
    let record = load(context, known).await?;
    // Only a record that was marked for refused access tokens has a time to retry at.
    let may_try = match (trigger, known.retry_at) {
        (Trigger::TryAgain, _) => true,
        (Trigger::Due(Some(target)), Some(_)) if context.account.acceptance().may_try(*target) => {
            true
        }
        (_, retry_at) => retry_at.is_some_and(|at| context.shared.clock.now() >= at),
    };
    record
        .filter(|record| !record.needs_authorization || may_try)
        .ok_or_else(|| needs_authorization(context, known))
}

/// Whether the token of a record can be used: it is not the refused one, and need not be refreshed yet.
fn is_usable(context: &Context, known: &Known, record: &TokenRecord, trigger: &Trigger) -> bool {
    let token = &record.access_token;
    // Of a token in use, the monotonic clock knows the age better than the time of day does.
    let current = context.account.current.load();
    let is_old = current
        .as_ref()
        .is_some_and(|current| current.token == *token && !context.is_fresh(current));
    // HubSpot may return the refused token again; then there is no other one.
    let refused = trigger.refused();
    let is_refused = Some(token) == refused && known.refreshed_for.as_ref() != refused;
    !record.needs_authorization
        && !is_old
        && !is_refused
        && record.remaining(context.shared.clock.wall_time()) > record.refresh_margin()
}

/// Makes the token of a record ready for use, if it has the scopes that the app requires.
pub(super) async fn activate(
    context: &Context,
    mut record: TokenRecord,
) -> Result<Arc<CurrentToken>, OAuthError> {
    let (hub_id, shared) = (context.hub_id(), &context.shared);
    if let Some((scope_set, declared)) = &shared.required {
        if record.scopes.is_empty() {
            // The responses of v1 name no scopes.
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
    let current = CurrentToken::new(&record, &*shared.clock).map_err(|what| OAuthError::Store {
        hub_id,
        cause: StoreError::permanent(what),
    })?;
    Ok(Arc::new(current))
}

/// Keeps the token in use for a while, if it is still valid and the error may be transient.
fn keep_current(
    context: &Context,
    trigger: &Trigger,
    error: OAuthError,
) -> Result<Arc<CurrentToken>, OAuthError> {
    let may_pass = matches!(
        error,
        OAuthError::Refresh { .. } | OAuthError::Store { .. } | OAuthError::Lock { .. }
    );
    let now = context.shared.clock.now();
    let current = context.account.current.load_full().filter(|current| {
        may_pass && now < current.expires_at && Some(&current.token) != trigger.refused()
    });
    let Some(current) = current else {
        return Err(error);
    };
    tracing::warn!(
        hub_id = context.hub_id(),
        "the token was not refreshed; using it while it is valid"
    );
    Ok(Arc::new(CurrentToken {
        refresh_at: current.expires_at.min(now + RETRY_INTERVAL),
        ..CurrentToken::clone(&current)
    }))
}
