//! One renewal at a time, across processes.
//!
//! Comes in: an account whose token is to be renewed. Goes out: a [`Lease`], to one process at a time. Refuses: a second
//! lease before the first is released or over.

use std::time::Duration;

use super::store::StoreFuture;

/// Keeps two processes from renewing the token of an account at once.
///
/// [`RedisLock`](super::RedisLock) is one. A lock may fail to keep them apart, since a process may sleep longer than its
/// lease lives: that is what the [`fence`](Lease::fence) is for, by which a store tells the later record from the earlier.
pub trait RefreshLock: Send + Sync + 'static {
    /// Takes the lock of an account, if nobody has it. The fence of the lease is greater than any before it, and greater
    /// than `above`. Does not wait.
    ///
    /// # Errors
    ///
    /// If it cannot be said whether anybody has the lock.
    fn acquire(&self, hub_id: u64, above: u64) -> StoreFuture<'_, Option<Lease>>;

    /// Gives a lock back, unless somebody else has it by now.
    ///
    /// # Errors
    ///
    /// If that cannot be done: the lease is over in time.
    fn release(&self, hub_id: u64, lease: Lease) -> StoreFuture<'_, ()>;

    /// How long to wait for somebody else's lease at most: longer than a lease lives.
    fn patience(&self) -> Duration;
}

/// The right to renew a token, for a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lease {
    /// The number of this lease among all of the account: what is written under it supersedes what was written before.
    pub fence: u64,
}
