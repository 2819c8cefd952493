//! Takes turns with other processes.

use std::time::Duration;

use super::error::{OAuthError, StoreError};
use super::lock::Lease;
use super::persistence::{load_stored, within_timeout};
use super::record::TokenRecord;
use super::state::Context;

/// The pause between two attempts to take the lock; a refresh takes some hundred milliseconds.
const POLL_INTERVAL: Duration = Duration::from_millis(10);

/// Whose turn it is to refresh.
pub(super) enum Turn {
    /// This process's, with a lease if the app has a lock.
    Ours(Option<Lease>),
    /// Nobody's: another process has saved a usable record.
    Done(TokenRecord),
}

/// Waits for the lock, or for a stored record that is usable.
pub(super) async fn acquire(
    context: &Context,
    above: u64,
    is_usable: impl Fn(&TokenRecord) -> bool,
) -> Result<Turn, OAuthError> {
    let (hub_id, shared) = (context.hub_id(), &context.shared);
    let Some(lock) = &shared.lock else {
        return Ok(Turn::Ours(None));
    };
    let failed = |cause| OAuthError::Lock { hub_id, cause };
    let clock = &*shared.clock;
    let start = clock.now();
    loop {
        let lease = within_timeout(clock, lock.acquire(hub_id, above)).await;
        if let Some(lease) = lease.map_err(failed)? {
            return Ok(Turn::Ours(Some(lease)));
        }
        clock.sleep(POLL_INTERVAL).await;
        if let Ok(Some(record)) = load_stored(context).await
            && is_usable(&record)
        {
            return Ok(Turn::Done(record));
        }
        if clock.now().saturating_duration_since(start) >= lock.max_wait() {
            return Err(failed(StoreError::new(
                "another process has held it for too long",
            )));
        }
    }
}

/// Releases the lock. A failure is logged only: the lease ends by itself.
pub(super) async fn release(context: &Context, lease: Option<Lease>) {
    let (hub_id, shared) = (context.hub_id(), &context.shared);
    if let (Some(lock), Some(lease)) = (&shared.lock, lease)
        && let Err(error) = within_timeout(&*shared.clock, lock.release(hub_id, lease)).await
    {
        tracing::warn!(hub_id, %error, "the lock was not released");
    }
}
