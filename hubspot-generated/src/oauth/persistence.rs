//! Loads and saves records.
//!
//! A record that the store does not save stays in memory and is saved later.

use std::future::poll_fn;
use std::task::Poll;
use std::time::Duration;

use tokio::runtime::Handle;

use super::error::{OAuthError, StoreError};
use super::event::TokenEvent;
use super::record::TokenRecord;
use super::record_guard::RecordGuard;
use super::state::{Context, Known};
use super::store::{Saved, StoreFuture};
use crate::clock::Clock;

/// Timeout of one operation of a store or a lock.
pub(super) const TIMEOUT: Duration = Duration::from_secs(10);
/// The first and the longest wait before a failed save is retried.
const SAVE_BACKOFF: [Duration; 2] = [Duration::from_secs(1), Duration::from_mins(1)];

/// Loads the latest record: the stored one, unless this process knows a later one that was not saved.
pub(super) async fn load(
    context: &Context,
    known: &mut Known,
) -> Result<Option<TokenRecord>, OAuthError> {
    let hub_id = context.hub_id();
    if known.is_unsaved {
        ensure_saver(context);
    }
    match load_stored(context).await {
        Ok(Some(stored)) => {
            if !known
                .record
                .as_ref()
                .is_some_and(|record| supersedes(record, &stored))
            {
                known.replace(stored, false);
            }
        }
        // The store may have lost its content; HubSpot decides whether the refresh token is still valid.
        Ok(None) => {}
        Err(cause) if known.record.is_some() => {
            tracing::warn!(hub_id, %cause, "the stored tokens cannot be read; using those in memory");
        }
        Err(cause) => return Err(OAuthError::Store { hub_id, cause }),
    }
    Ok(known.record.clone())
}

/// The stored record; one of another account is an error.
pub(super) async fn load_stored(context: &Context) -> Result<Option<TokenRecord>, StoreError> {
    let (hub_id, shared) = (context.hub_id(), &context.shared);
    let stored = within_timeout(&*shared.clock, shared.store.load(hub_id)).await?;
    match stored {
        Some(record) if record.hub_id != hub_id => Err(StoreError::permanent(
            "the store returned the record of another account",
        )),
        stored => Ok(stored),
    }
}

/// Whether the record in memory is later than the stored one.
fn supersedes(record: &TokenRecord, stored: &TokenRecord) -> bool {
    // A record that needs authorization keeps its fence, since it holds no new tokens.
    let is_marked = record.needs_authorization && record.refresh_token == stored.refresh_token;
    record.fence > stored.fence || (record.fence == stored.fence && is_marked)
}

/// Saves a record and returns the one to use: this one, or a later one that the store has already.
pub(super) async fn save(
    context: &Context,
    known: &mut RecordGuard,
    record: TokenRecord,
) -> TokenRecord {
    let (hub_id, shared) = (context.hub_id(), &context.shared);
    known.replace(record.clone(), true);
    known.publish();
    let saved = within_timeout(&*shared.clock, shared.store.save(&record)).await;
    if matches!(saved, Ok(Saved::Superseded))
        && let Ok(Some(later)) = load_stored(context).await
    {
        known.replace(later.clone(), false);
        return later;
    }
    known.is_unsaved = saved.is_err();
    if let Err(cause) = &saved {
        ensure_saver(context);
        shared.emit(&TokenEvent::NotSaved { hub_id, cause });
    }
    record
}

/// Spawns a task that saves the record later, unless this runtime has one: that of another may have ended, or nothing may
/// drive it.
fn ensure_saver(context: &Context) {
    let mut saver = context.account.saver();
    let here = Handle::current().id();
    if let Some((runtime, task)) = &*saver {
        if *runtime == here && !task.is_finished() {
            return;
        }
        task.abort();
    }
    *saver = Some((here, tokio::spawn(save_later(context.clone()))));
}

/// Retries to save the record until the store does.
async fn save_later(context: Context) {
    let [mut wait, longest] = SAVE_BACKOFF;
    loop {
        context.shared.clock.sleep(wait).await;
        wait = (wait * 2).min(longest);
        let mut known = RecordGuard::wait(&context).await;
        match save_unsaved(&context, &mut known).await {
            Ok(()) => return,
            Err(cause) => {
                tracing::debug!(hub_id = context.hub_id(), %cause, "the new tokens are still not saved");
            }
        }
    }
}

/// Saves the record if it was not saved yet.
pub(super) async fn save_unsaved(context: &Context, known: &mut Known) -> Result<(), StoreError> {
    let (hub_id, shared) = (context.hub_id(), &context.shared);
    let Some(record) = known.record.as_ref().filter(|_| known.is_unsaved) else {
        return Ok(());
    };
    let saved = within_timeout(&*shared.clock, shared.store.save(record)).await?;
    known.is_unsaved = false;
    if saved == Saved::Superseded {
        // The later record is loaded when a token is needed.
        context.account.current.store(None);
    }
    shared.emit(&TokenEvent::Saved { hub_id });
    Ok(())
}

/// Removes the record.
pub(super) async fn remove(context: &Context, known: &mut Known) -> Result<(), StoreError> {
    let (hub_id, shared) = (context.hub_id(), &context.shared);
    within_timeout(&*shared.clock, shared.store.remove(hub_id)).await?;
    *known = Known::default();
    context.account.current.store(None);
    Ok(())
}

/// Limits the time of an operation of a store or a lock.
pub(super) async fn within_timeout<T>(
    clock: &dyn Clock,
    mut operation: StoreFuture<'_, T>,
) -> Result<T, StoreError> {
    let mut timer = None;
    poll_fn(move |task| {
        if let Poll::Ready(outcome) = operation.as_mut().poll(task) {
            return Poll::Ready(outcome);
        }
        // Not before it is needed: most operations are done at once.
        let timer = timer.get_or_insert_with(|| clock.sleep(TIMEOUT));
        let timed_out = timer.as_mut().poll(task);
        timed_out.map(|()| Err(StoreError::new("timed out")))
    })
    .await
}
