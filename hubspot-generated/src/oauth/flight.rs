//! One renewal at a time, within this process.
//!
//! Comes in: tasks that need a token. Goes out: the outcome of one renewal, to all of them. Refuses nothing. The renewal
//! is a task of its own, so that it ends whoever stops waiting for it: a refresh token that was handed in may be dead.

use std::sync::{Arc, MutexGuard, PoisonError};

use tokio::sync::watch;
use tracing::Instrument;

use super::error::OAuthError;
use super::manager::{Account, AccountTokens, Current};
use super::renew;
use crate::values::Secret;

/// What became of a renewal.
type Outcome = Result<Arc<Current>, Arc<OAuthError>>;

/// A renewal under way; it holds `None` until it is done.
pub(super) type Flight = watch::Receiver<Option<Outcome>>;

/// Waits for the renewal that is under way, or for one of its own.
///
/// The token that comes out is another than `refused`.
pub(super) async fn join(tokens: &AccountTokens, refused: Option<&Secret>) -> Outcome {
    // The renewal that is under way may have begun before the token was refused: then a second one begins.
    let mut outcome = wait(tokens, refused).await?;
    if Some(&outcome.token) == refused {
        outcome = wait(tokens, refused).await?;
    }
    Ok(outcome)
}

async fn wait(tokens: &AccountTokens, refused: Option<&Secret>) -> Outcome {
    let mut flight = board(tokens, refused);
    let hub_id = tokens.hub_id();
    let interrupted = || Arc::new(OAuthError::Interrupted { hub_id });
    let outcome = flight
        .wait_for(Option::is_some)
        .await
        .map_err(|_| interrupted())?;
    outcome.clone().ok_or_else(interrupted)?
}

/// Gives the renewal that is under way, or starts one.
fn board(tokens: &AccountTokens, refused: Option<&Secret>) -> Flight {
    let mut slot = slot(&tokens.account);
    if let Some(flight) = &*slot {
        return flight.clone();
    }
    // One may have landed since the caller looked.
    let current = tokens.account.current.load_full();
    let landed = current
        .filter(|current| tokens.is_fresh(current) && Some(&current.token) != refused)
        .map(Ok);
    let is_over = landed.is_some();
    let (sender, flight) = watch::channel(landed);
    if !is_over {
        *slot = Some(flight.clone());
        let renewal = fly(tokens.clone(), refused.cloned(), sender);
        tokio::spawn(renewal.in_current_span());
    }
    flight
}

/// Renews, and tells everybody.
async fn fly(
    tokens: AccountTokens,
    refused: Option<Secret>,
    sender: watch::Sender<Option<Outcome>>,
) {
    // The slot is free again before anybody is told, also if renewing panics or its runtime ends.
    let landing = Landing(Arc::clone(&tokens.account));
    let outcome = renew::renew(&tokens, refused.as_ref()).await;
    drop(landing);
    sender.send_replace(Some(outcome.map_err(Arc::new)));
}

/// Takes the renewal out of its place when it is over.
struct Landing(Arc<Account>);

impl Drop for Landing {
    fn drop(&mut self) {
        slot(&self.0).take();
    }
}

fn slot(account: &Account) -> MutexGuard<'_, Option<Flight>> {
    account
        .flight
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
}
