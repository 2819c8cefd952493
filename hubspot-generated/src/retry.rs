//! Decides when a failed call is retried.

use std::time::Duration;

use crate::error::{Error, Fault};

/// HubSpot's shortest wait for a locked record.
const LOCKED: Duration = Duration::from_secs(2);

/// How often and how long a client retries.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Policy {
    /// How many retries there are, at most.
    pub(crate) retries: u32,
    /// How long after its start a call is retried, at most.
    pub(crate) max_elapsed: Duration,
}

impl Default for Policy {
    fn default() -> Self {
        // Waits of 1, 2, 4 and 8 s outlast HubSpot's window of ten seconds.
        Self {
            retries: 4,
            max_elapsed: Duration::from_mins(1),
        }
    }
}

/// How long to wait before the next attempt, after `retries_done` retries and `elapsed` since the call began; `None` to
/// give up.
pub(crate) fn decide(
    policy: Policy,
    error: &Error,
    retries_done: u32,
    elapsed: Duration,
) -> Option<Duration> {
    if retries_done >= policy.retries || !error.is_retryable() {
        return None;
    }
    let backoff = Duration::from_secs(1 << retries_done.min(6));
    let wait = error.retry_after().unwrap_or(match Fault::of(error) {
        Fault::Locked => backoff.max(LOCKED),
        _ => backoff,
    });
    (elapsed.saturating_add(wait) <= policy.max_elapsed).then_some(wait)
}
