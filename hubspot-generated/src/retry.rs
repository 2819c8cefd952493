//! Whether and when a call is made again.
//!
//! Comes in: the error of an attempt. Goes out, in three parts: what kind of fault it is ([`classify`]), whether to try
//! once more and after how long ([`decide`]), and the wait itself ([`Timer`], which tests replace). Refuses: to repeat
//! a request that may have taken effect, unless repeating it is harmless.

use std::future::Future;
use std::pin::Pin;
use std::time::{Duration, Instant};

use crate::error::{Error, Kind};

/// What an error says about the request's fate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// A rate limit that passes in seconds; the call had no effect.
    RateLimited,
    /// The daily limit; the call had no effect, and nor will the next.
    DailyLimit,
    /// The record is locked or the account is moving between data centres; the call had no effect.
    Locked,
    /// No connection; nothing was sent.
    Unreachable,
    /// HubSpot says that it is too busy (503).
    Overloaded,
    /// The call may have taken effect or not.
    Unknown,
    /// The same call will fail again.
    Permanent,
}

pub(crate) fn classify(error: &Error) -> Fault {
    match error.kind() {
        Kind::Transport(_) if error.is_connect() => Fault::Unreachable,
        Kind::Transport(_) => Fault::Unknown,
        Kind::Refused(body) => match error.status().map_or(0, |status| status.as_u16()) {
            429 if body.policy_name.as_deref() == Some("DAILY") => Fault::DailyLimit,
            429 => Fault::RateLimited,
            423 | 477 => Fault::Locked,
            503 => Fault::Overloaded,
            408 | 500 | 502 | 504 | 520..=524 => Fault::Unknown,
            _ => Fault::Permanent,
        },
        _ => Fault::Permanent,
    }
}

/// How much patience a client has.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Policy {
    /// How often a call is made again, at most.
    pub(crate) retries: u32,
    /// How long after its start a call may be made again, at most.
    pub(crate) patience: Duration,
}

impl Default for Policy {
    fn default() -> Self {
        // Waits of 1, 2, 4 and 8 s outlast HubSpot's window of ten seconds.
        Self {
            retries: 4,
            patience: Duration::from_secs(60),
        }
    }
}

/// How long to wait before trying again, after `retries_done` retries and `elapsed` since the call began; `None` to
/// give up.
pub(crate) fn decide(
    policy: Policy,
    error: &Error,
    idempotent: bool,
    retries_done: u32,
    elapsed: Duration,
) -> Option<Duration> {
    if retries_done >= policy.retries {
        return None;
    }
    let wait = match classify(error) {
        Fault::RateLimited => error
            .retry_after()
            .unwrap_or_else(|| Duration::from_secs(1 << retries_done.min(6))),
        Fault::Overloaded if idempotent => error.retry_after()?,
        _ => return None,
    };
    (elapsed.saturating_add(wait) <= policy.patience).then_some(wait)
}

/// The clock that waits are measured and slept by.
pub(crate) trait Timer: Send + Sync {
    fn now(&self) -> Instant;
    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>>;
}

/// The clock of the tokio runtime that the call runs on.
pub(crate) struct TokioTimer;

impl Timer for TokioTimer {
    fn now(&self) -> Instant {
        tokio::time::Instant::now().into_std()
    }

    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(tokio::time::sleep(duration))
    }
}
