//! Takes an account's tokens into the app, and out of it.

use std::sync::Arc;

use super::acceptance::Acceptance;
use super::error::OAuthError;
use super::event::TokenEvent;
use super::lease::{self, Turn};
use super::lock::Lease;
use super::persistence::{self, load, save};
use super::record::TokenRecord;
use super::record_guard::RecordGuard;
use super::refresh::{activate, check_account};
use super::state::{Context, Shared};
use super::token_response::Received;
use crate::error::Error;
use crate::secret::Secret;

/// An account that has authorized the app; returned by [`OAuthApp::connect`](super::OAuthApp::connect) and [`OAuthApp::adopt`](super::OAuthApp::adopt).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Connection {
    /// The account.
    pub hub_id: u64,
    /// The user who authorized the app.
    pub user_id: Option<u64>,
    /// The scopes that were granted, optional ones included.
    pub scopes: Vec<String>,
}

/// Exchanges a code and saves the tokens of the account that it is for.
pub(super) async fn connect(
    shared: &Arc<Shared>,
    code: &Secret,
    pkce_verifier: Option<&Secret>,
) -> Result<Connection, Error> {
    let endpoint = &shared.endpoint;
    let mut received = endpoint.exchange(code, pkce_verifier).await?;
    if let Err(error) = identify(shared, &mut received).await {
        return Err(error.with_refresh_token(received.refresh_token));
    }
    let Some(hub_id) = received.hub_id else {
        let refresh_token = received.complete()?.refresh_token;
        return Err(Error::from(OAuthError::UnknownAccount).with_refresh_token(refresh_token));
    };
    let Some(refresh_token) = received.refresh_token.clone() else {
        return Err(endpoint.missing_refresh_token());
    };

    let context = Context::new(shared, hub_id);
    let mut known = RecordGuard::wait(&context).await;
    // The code is used up: a store or a lock that fails is no reason to lose the tokens.
    let mut record = load(&context, &mut known).await.unwrap_or_default();
    let above = record.as_ref().map_or(0, |record| record.fence);
    let lease = match lease::acquire(&context, above, |_| false).await {
        Ok(Turn::Ours(lease)) => lease,
        Ok(Turn::Done(_)) | Err(_) => None,
    };
    if lease.is_some() {
        record = load(&context, &mut known).await.unwrap_or(record);
    }
    let fence = next_fence(record.as_ref(), lease);
    let record = TokenRecord::new(hub_id, &received, fence, &refresh_token, None);
    let connection = install(&context, &mut known, record, received).await;
    lease::release(&context, lease).await;
    connection
}

/// Refreshes with a refresh token that another program stored, and saves what HubSpot returns.
pub(super) async fn adopt(
    shared: &Arc<Shared>,
    hub_id: u64,
    refresh_token: &Secret,
) -> Result<Connection, Error> {
    let context = Context::new(shared, hub_id);
    let mut known = RecordGuard::wait(&context).await;
    let above = load(&context, &mut known).await?;
    let above = above.map_or(0, |record| record.fence);
    let lease = match lease::acquire(&context, above, |_| false).await? {
        Turn::Ours(lease) => lease,
        Turn::Done(_) => None,
    };
    let outcome = adopt_with_lease(&context, &mut known, refresh_token, lease).await;
    lease::release(&context, lease).await;
    outcome
}

async fn adopt_with_lease(
    context: &Context,
    known: &mut RecordGuard,
    refresh_token: &Secret,
    lease: Option<Lease>,
) -> Result<Connection, Error> {
    let (hub_id, shared) = (context.hub_id(), &context.shared);
    let old = load(context, known).await?;
    known.begin_sending()?;
    let mut received = shared.endpoint.refresh(refresh_token).await?;
    // Without an account in the response the caller's word counts, unless introspection contradicts it.
    let _ = identify(shared, &mut received).await;
    if let Err(error) = check_account(hub_id, &received) {
        return Err(Error::from(error).with_refresh_token(received.refresh_token));
    }
    let fence = next_fence(old.as_ref(), lease);
    let record = TokenRecord::new(hub_id, &received, fence, refresh_token, None);
    install(context, known, record, received).await
}

/// Asks HubSpot for the account, if the response does not name it: those of v1 need not.
async fn identify(shared: &Shared, received: &mut Received) -> Result<(), Error> {
    let (None, Ok(access_token)) = (received.hub_id, &received.access_token) else {
        return Ok(());
    };
    let info = shared.endpoint.introspect(access_token).await?;
    received.hub_id = info.hub_id;
    received.user_id = received.user_id.or(info.user_id);
    if received.scopes.is_empty() {
        received.scopes = info.scopes;
    }
    Ok(())
}

/// The fence of a record that replaces `old` in any case.
fn next_fence(old: Option<&TokenRecord>, lease: Option<Lease>) -> u64 {
    let above = old.map_or(0, |old| old.fence.saturating_add(1));
    lease.map_or(above, |lease| lease.fence.max(above))
}

/// Saves a record that replaces all that was known of the account, and uses its token from now on.
async fn install(
    context: &Context,
    known: &mut RecordGuard,
    record: TokenRecord,
    received: Received,
) -> Result<Connection, Error> {
    let (hub_id, shared) = (context.hub_id(), &context.shared);
    let record = save(context, known, record).await;
    let response = received.complete()?;
    let outcome = activate(context, record).await;
    let account = &context.account;
    *account.acceptance() = Acceptance::default();
    account.current.store(outcome.as_ref().ok().cloned());
    outcome?;
    shared.emit(&TokenEvent::Connected { hub_id });
    Ok(Connection {
        hub_id,
        user_id: response.user_id,
        scopes: response.scopes,
    })
}

/// Revokes the refresh token and removes the record.
pub(super) async fn disconnect(context: &Context) -> Result<(), Error> {
    let (hub_id, shared) = (context.hub_id(), &context.shared);
    let mut known = RecordGuard::wait(context).await;
    let record = load(context, &mut known).await?;
    known.begin_sending()?;
    if let Some(record) = record
        && let Err(error) = shared.endpoint.revoke(&record.refresh_token).await
        && !error.ends_authorization()
    {
        return Err(error);
    }
    persistence::remove(context, &mut known)
        .await
        .map_err(|cause| OAuthError::Store { hub_id, cause })?;
    Ok(())
}
