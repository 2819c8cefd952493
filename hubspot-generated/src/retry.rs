//! Whether and when a call is made again.
//!
//! Comes in: the error of an attempt. Goes out, in two parts: what kind of fault it is ([`classify`]), and whether to try
//! once more and after how long ([`decide`]); the wait itself is the clock's. Refuses: to repeat a request that may have
//! taken effect, unless repeating it is harmless.

use std::time::Duration;

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
        // The call was not sent for want of a token, whatever that was for.
        #[cfg(feature = "oauth")]
        Kind::OAuth(error) if error.is_passing() => Fault::Unreachable,
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
            patience: Duration::from_mins(1),
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

#[cfg(test)]
mod tests {
    use reqwest::StatusCode;
    use reqwest::header::{HeaderMap, HeaderValue, RETRY_AFTER};

    use super::*;
    use crate::operation::{Method, Operation};

    const POLICY: Policy = Policy {
        retries: 3,
        patience: Duration::from_secs(20),
    };

    fn refused(status: u16, retry_after: Option<u64>, body: &str) -> Error {
        let headers: HeaderMap = retry_after
            .map(|seconds| (RETRY_AFTER, HeaderValue::from(seconds)))
            .into_iter()
            .collect();
        let status = StatusCode::from_u16(status).unwrap();
        Error::refused(
            Operation::raw(Method::Get),
            status,
            &headers,
            body.as_bytes(),
        )
    }

    fn wait(error: &Error, idempotent: bool, retries_done: u32, elapsed: u64) -> Option<u64> {
        decide(
            POLICY,
            error,
            idempotent,
            retries_done,
            Duration::from_secs(elapsed),
        )
        .map(|wait| wait.as_secs())
    }

    #[test]
    fn a_rate_limit_is_waited_out_whatever_the_call() {
        for idempotent in [true, false] {
            let told = refused(429, Some(10), "");
            assert_eq!(wait(&told, idempotent, 0, 0), Some(10));
            let untold = refused(429, None, r#"{"policyName": "SECONDLY"}"#);
            assert_eq!(
                [0, 1, 2].map(|done| wait(&untold, idempotent, done, 0)),
                [Some(1), Some(2), Some(4)]
            );
        }
    }

    #[test]
    fn patience_ends() {
        let told = refused(429, Some(10), "");
        assert_eq!(wait(&told, true, 3, 0), None, "no retries left");
        assert_eq!(wait(&told, true, 0, 10), Some(10));
        assert_eq!(wait(&told, true, 0, 11), None, "would be too late");
        assert_eq!(wait(&refused(429, Some(u64::MAX), ""), true, 0, 0), None);
        let patient = Policy {
            retries: u32::MAX,
            patience: Duration::MAX,
        };
        let untold = refused(429, None, "");
        assert_eq!(
            decide(patient, &untold, true, u32::MAX - 1, Duration::ZERO),
            Some(Duration::from_secs(64))
        );
    }

    #[test]
    fn a_daily_limit_is_final() {
        assert_eq!(
            wait(
                &refused(429, Some(1), r#"{"policyName": "DAILY"}"#),
                true,
                0,
                0
            ),
            None
        );
    }

    #[test]
    fn an_overload_is_waited_out_if_hubspot_says_how_long_and_repeating_is_harmless() {
        assert_eq!(wait(&refused(503, Some(2), ""), true, 0, 0), Some(2));
        assert_eq!(wait(&refused(503, Some(2), ""), false, 0, 0), None);
        assert_eq!(wait(&refused(503, None, ""), true, 0, 0), None);
    }

    #[test]
    fn nothing_else_is_repeated() {
        for status in [400, 401, 403, 404, 409, 423, 477, 500, 502, 504] {
            assert_eq!(
                wait(&refused(status, Some(1), ""), true, 0, 0),
                None,
                "{status}"
            );
        }
    }
}
