//! The clock of this HubSpot: the machine's, and how far a test has moved it.
//!
//! Comes in: how far to move it. Goes out: the time. Refuses to go back.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

/// The machine's clock plus what it was advanced by.
#[derive(Debug, Default)]
pub(crate) struct Clock {
    /// In milliseconds.
    advanced: AtomicI64,
}

impl Clock {
    /// What time it is here.
    pub(crate) fn now(&self) -> Timestamp {
        let advanced = SignedDuration::from_millis(self.advanced.load(Ordering::Relaxed));
        Timestamp::now()
            .saturating_add(advanced)
            .unwrap_or(Timestamp::MAX)
    }

    /// Moves the clock on.
    pub(crate) fn advance(&self, by: Duration) {
        let milliseconds = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
        self.advanced.fetch_add(milliseconds, Ordering::Relaxed);
    }
}
