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

#[cfg(test)]
mod tests {
    use reqwest::StatusCode;
    use reqwest::header::{HeaderMap, HeaderValue, RETRY_AFTER};

    use super::*;
    use crate::operation::{Method, Operation};

    const POLICY: Policy = Policy {
        retries: 3,
        max_elapsed: Duration::from_secs(20),
    };

    fn refused(method: Method, status: u16, retry_after: Option<u64>, body: &str) -> Error {
        let headers: HeaderMap = retry_after
            .map(|seconds| (RETRY_AFTER, HeaderValue::from(seconds)))
            .into_iter()
            .collect();
        let status = StatusCode::from_u16(status).unwrap();
        Error::refused(
            Operation::raw(method, "/x"),
            status,
            &headers,
            body.as_bytes(),
            &[],
        )
    }

    fn wait(error: &Error, retries_done: u32, elapsed: u64) -> Option<u64> {
        decide(POLICY, error, retries_done, Duration::from_secs(elapsed)).map(|wait| wait.as_secs())
    }

    fn waits(error: &Error) -> [Option<u64>; 4] {
        [0, 1, 2, 3].map(|done| wait(error, done, 0))
    }

    #[test]
    fn a_rate_limit_or_a_lock_is_waited_out_whatever_the_operation() {
        for method in [Method::Get, Method::Post] {
            let told = refused(method, 429, Some(10), "");
            assert_eq!(wait(&told, 0, 0), Some(10));
            let untold = refused(method, 429, None, r#"{"policyName": "SECONDLY"}"#);
            assert_eq!(waits(&untold), [Some(1), Some(2), Some(4), None]);
            let locked = refused(method, 423, None, "");
            assert_eq!(waits(&locked), [Some(2), Some(2), Some(4), None]);
            assert_eq!(wait(&refused(method, 477, Some(86_400), ""), 0, 0), None);
        }
    }

    #[test]
    fn a_server_error_is_retried_if_the_operation_is_idempotent() {
        for status in [408, 500, 502, 503, 504, 520, 524] {
            for method in [Method::Get, Method::Put, Method::Patch, Method::Delete] {
                let error = refused(method, status, None, "");
                assert_eq!(waits(&error), [Some(1), Some(2), Some(4), None], "{status}");
                assert_eq!(wait(&refused(method, status, Some(7), ""), 0, 0), Some(7));
            }
            assert_eq!(
                wait(&refused(Method::Post, status, Some(1), ""), 0, 0),
                None
            );
        }
    }

    #[test]
    fn retries_end() {
        let told = refused(Method::Get, 429, Some(10), "");
        assert_eq!(wait(&told, 3, 0), None, "no retries left");
        assert_eq!(wait(&told, 0, 10), Some(10));
        assert_eq!(wait(&told, 0, 11), None, "would be too late");
        assert_eq!(
            wait(&refused(Method::Get, 429, Some(u64::MAX), ""), 0, 0),
            None
        );
        let patient = Policy {
            retries: u32::MAX,
            max_elapsed: Duration::MAX,
        };
        let untold = refused(Method::Get, 429, None, "");
        assert_eq!(
            decide(patient, &untold, u32::MAX - 1, Duration::ZERO),
            Some(Duration::from_secs(64))
        );
    }

    #[test]
    fn nothing_else_is_retried() {
        let daily = refused(Method::Get, 429, Some(1), r#"{"policyName": "DAILY"}"#);
        assert_eq!(wait(&daily, 0, 0), None);
        // The rest of the body cannot be read.
        for odd in [r#""cut \ud83d""#, "1e999"] {
            let body = format!(r#"{{"message": {odd}, "policyName": "DAILY"}}"#);
            let daily = refused(Method::Get, 429, Some(1), &body);
            assert_eq!(wait(&daily, 0, 0), None, "{odd}");
        }
        for status in [301, 400, 401, 403, 404, 409, 501, 505, 599] {
            let error = refused(Method::Get, status, Some(1), "");
            assert_eq!(wait(&error, 0, 0), None, "{status}");
        }
    }
}
