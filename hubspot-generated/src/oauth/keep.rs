//! Keeping records, and finding them again.
//!
//! Comes in: what HubSpot gave. Goes out: the latest record of an account, whether the store works or not. Refuses: a
//! record of another account. What the store does not take stays in memory and is offered to it until it does.

use std::time::Duration;

use super::error::{OAuthError, StoreError};
use super::event::TokenEvent;
use super::manager::{AccountTokens, Held};
use super::record::TokenRecord;
use super::store::{Saved, StoreFuture};

/// How long a store may take; what it was asked for is then as good as failed.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long until a record is offered to a store again that did not take it: at first, and at most.
const PAUSES: [Duration; 2] = [Duration::from_secs(1), Duration::from_mins(1)];

/// The latest record of the account: the store's, unless this process has a later one that the store did not take.
pub(super) async fn recall(
    tokens: &AccountTokens,
    held: &mut Option<Held>,
) -> Result<Option<TokenRecord>, OAuthError> {
    let hub_id = tokens.hub_id();
    let stored = patiently(tokens.shared.store.load(hub_id)).await;
    let stored = stored.and_then(|stored| match stored {
        Some(record) if record.hub_id != hub_id => Err(StoreError::lasting(
            "the store gave the record of another account",
        )),
        stored => Ok(stored),
    });
    match (stored, &mut *held) {
        (Ok(Some(stored)), held) => {
            if !held.as_ref().is_some_and(|held| supersedes(held, &stored)) {
                *held = Some(Held {
                    record: stored,
                    unsaved: false,
                });
            }
        }
        // Lost with the store's memory, perhaps; HubSpot decides what the refresh token is still good for.
        (Ok(None), _) => {}
        (Err(cause), Some(_)) => {
            tracing::warn!(hub_id, %cause, "the store cannot be read; what is in memory will do");
        }
        (Err(cause), None) => return Err(OAuthError::Store { hub_id, cause }),
    }
    Ok(held.as_ref().map(|held| held.record.clone()))
}

/// Whether what is in memory is later than what is stored.
fn supersedes(held: &Held, stored: &TokenRecord) -> bool {
    // That a refresh token is dead does not raise the fence, since it is no new one.
    let same_grant = held.record.refresh_token == stored.refresh_token;
    held.record.fence > stored.fence || (held.record.needs_authorization && same_grant)
}

/// Has the store keep a record, and gives the one to use: this, or a later one that the store has already.
pub(super) async fn keep(
    tokens: &AccountTokens,
    held: &mut Option<Held>,
    record: TokenRecord,
) -> TokenRecord {
    let hub_id = tokens.hub_id();
    let store = &tokens.shared.store;
    let was_unsaved = held.as_ref().is_some_and(|held| held.unsaved);
    let saved = patiently(store.save(&record)).await;
    if matches!(saved, Ok(Saved::Superseded))
        && let Ok(Some(later)) = patiently(store.load(hub_id)).await
    {
        *held = Some(Held {
            record: later.clone(),
            unsaved: false,
        });
        return later;
    }
    *held = Some(Held {
        record: record.clone(),
        unsaved: saved.is_err(),
    });
    if let Err(cause) = &saved {
        tokens.shared.tell(&TokenEvent::NotSaved { hub_id, cause });
        if !was_unsaved {
            tokio::spawn(save_later(tokens.clone()));
        }
    }
    record
}

/// Offers the record to the store until it takes it.
async fn save_later(tokens: AccountTokens) {
    let (hub_id, shared) = (tokens.hub_id(), &tokens.shared);
    let [mut pause, longest] = PAUSES;
    loop {
        shared.clock.sleep(pause).await;
        pause = (pause * 2).min(longest);
        let mut held = tokens.account.held.lock().await;
        let Some(unsaved) = held.as_mut().filter(|held| held.unsaved) else {
            return;
        };
        match patiently(shared.store.save(&unsaved.record)).await {
            Ok(saved) => {
                unsaved.unsaved = false;
                if saved == Saved::Superseded {
                    // The next who needs a token finds the later record.
                    tokens.account.current.store(None);
                }
                shared.tell(&TokenEvent::Saved { hub_id });
                return;
            }
            Err(cause) => tracing::debug!(hub_id, %cause, "the new tokens are still not stored"),
        }
    }
}

/// What a store does, if it does it in time.
pub(super) async fn patiently<T>(work: StoreFuture<'_, T>) -> Result<T, StoreError> {
    match tokio::time::timeout(PATIENCE, work).await {
        Ok(outcome) => outcome,
        Err(_) => Err(StoreError::new("the store did not answer in time")),
    }
}
