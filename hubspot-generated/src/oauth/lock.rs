//! One refresh at a time, across processes.

use std::time::Duration;

use super::store::StoreFuture;

/// Keeps two processes from refreshing the token of an account at once.
///
/// [`RedisLock`](super::RedisLock) is one. A process may be suspended for longer than its lease, so that no lock is safe
/// by itself: the [`fence`](Lease::fence) lets a store tell the later record from the earlier one.
pub trait RefreshLock: Send + Sync + 'static {
    /// Takes the lock of an account and returns a lease, or `None` if another process has the lock. The fence of the lease
    /// is greater than any before it, and greater than `above`. Does not wait for the other process.
    ///
    /// # Errors
    ///
    /// If the state of the lock is unknown. An operation that takes longer than 10 seconds counts as failed.
    fn acquire(&self, hub_id: u64, above: u64) -> StoreFuture<'_, Option<Lease>>;

    /// Releases the lock, unless another process has it by now.
    ///
    /// # Errors
    ///
    /// If the lock was not released. The lease then ends by itself.
    fn release(&self, hub_id: u64, lease: Lease) -> StoreFuture<'_, ()>;

    /// The longest time to wait for another process: longer than a lease lasts.
    fn max_wait(&self) -> Duration;
}

/// The right to refresh a token, for a limited time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Lease {
    /// The number of this lease. Records that are saved under it replace those with a lower number.
    pub fence: u64,
}
