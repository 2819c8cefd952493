//! Decides whether and when a failed request is retried.
//!
//! [`RetryPolicy`] is the public half. [`Retries`] counts the attempts of one call.

mod tokens;

use std::hash::{BuildHasher, Hasher, RandomState};
use std::time::{Duration, Instant};

use crate::error::{Error, Fault};
pub(crate) use tokens::RetryTokens;

/// HubSpot's shortest wait for a locked record.
const LOCKED: Duration = Duration::from_secs(2);
/// The shortest wait, if `Retry-After` asks for less.
const FLOOR: Duration = Duration::from_millis(100);

/// How often, how long and at what intervals a request is retried.
///
/// The default is 5 attempts within a minute. After a server error, a timeout or a lost connection the client waits a
/// random time below 1, 2, 4 and 8 seconds ("full jitter"). After a rate limit (429) it waits 1, 2, 4 and 8 seconds and
/// a random time below that on top. If HubSpot sends `Retry-After`, the client waits that long, and up to a second more.
/// A wait that would end after [`max_elapsed`](Self::max_elapsed) is not begun: the call fails at once with an error whose
/// [`retry_after`](Error::retry_after) tells what HubSpot asked for.
///
/// Set it for a client with [`ClientBuilder::retry`](crate::ClientBuilder::retry) and for a request with
/// [`Request::retry`](crate::Request::retry).
///
/// ```
/// use std::time::Duration;
///
/// use hubspot_generated::{Client, RetryPolicy};
///
/// // A nightly export may wait for a longer outage to end.
/// let patient = RetryPolicy::default()
///     .max_attempts(20)
///     .max_elapsed(Duration::from_mins(15))
///     .max_delay(Duration::from_mins(1));
/// let hubspot = Client::unchecked_builder().access_token("pat-na1-1234").retry(patient).build()?;
/// # Ok::<(), hubspot_generated::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub struct RetryPolicy {
    max_attempts: u32,
    max_elapsed: Duration,
    base_delay: Duration,
    max_delay: Duration,
    assume_idempotent: bool,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        // After a 429, waits of at least 1, 2, 4 and 8 s outlast HubSpot's window of ten seconds.
        Self {
            max_attempts: 5,
            max_elapsed: Duration::from_mins(1),
            base_delay: Duration::from_secs(1),
            max_delay: Duration::from_secs(30),
            assume_idempotent: false,
        }
    }
}

impl RetryPolicy {
    /// Returns a policy with a single attempt.
    pub fn none() -> Self {
        Self::default().max_attempts(1)
    }

    /// Sets the number of attempts, the first included. The default is 5; 0 counts as 1.
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts.max(1);
        self
    }

    /// Sets how long after the start of the call the last retry may begin. The default is one minute.
    ///
    /// It is also the longest `Retry-After` that is waited for. Time that the client spends waiting for its
    /// [rate limit](crate::Pacing) does not count.
    pub fn max_elapsed(mut self, elapsed: Duration) -> Self {
        self.max_elapsed = elapsed;
        self
    }

    /// Sets the upper bound of the first wait, which doubles with each retry. The default is one second.
    pub fn base_delay(mut self, delay: Duration) -> Self {
        self.base_delay = delay;
        self
    }

    /// Sets the value at which the bound of the waits stops doubling. The default is 30 seconds.
    pub fn max_delay(mut self, delay: Duration) -> Self {
        self.max_delay = delay;
        self
    }

    /// Retries a request that may have taken effect even if its operation is not
    /// [idempotent](crate::Operation::idempotent), such as a create. Off by default.
    ///
    /// Use it only where doing the same twice does no harm, for example where a unique property makes HubSpot refuse the
    /// second create.
    pub fn assume_idempotent(mut self, assume: bool) -> Self {
        self.assume_idempotent = assume;
        self
    }

    /// The same policy within narrower bounds.
    #[cfg(feature = "oauth")]
    pub(crate) fn within(self, attempts: u32, elapsed: Duration) -> Self {
        Self {
            max_attempts: self.max_attempts.min(attempts),
            max_elapsed: self.max_elapsed.min(elapsed),
            ..self
        }
    }

    /// The bound of the wait after `retries` retries.
    fn bound(&self, retries: u32) -> Duration {
        let factor = 1_u32.checked_shl(retries).unwrap_or(u32::MAX);
        self.base_delay.saturating_mul(factor).min(self.max_delay)
    }

    /// The least time to wait, and the random time on top.
    fn wait(&self, error: &Error, retries: u32) -> (Duration, Duration) {
        let bound = self.bound(retries);
        match (error.retry_after(), Fault::of(error)) {
            (Some(asked), _) => {
                let least = asked.max(FLOOR);
                (least, random_below(least.min(self.base_delay)))
            }
            // Nothing is gained by coming back before the window has moved on.
            (None, Fault::RateLimited) => (bound, random_below(bound)),
            (None, Fault::Locked) => (LOCKED, random_below(bound)),
            _ => (Duration::ZERO, random_below(bound)),
        }
    }
}

/// The attempts of one call.
pub(crate) struct Retries<'a> {
    policy: RetryPolicy,
    tokens: &'a RetryTokens,
    /// What the retries so far have taken out of `tokens`.
    cost: u32,
    pub(crate) start: Instant,
    pub(crate) done: u32,
}

impl<'a> Retries<'a> {
    pub(crate) fn new(policy: RetryPolicy, tokens: &'a RetryTokens, start: Instant) -> Self {
        Self {
            policy,
            tokens,
            cost: 0,
            start,
            done: 0,
        }
    }

    /// Notes a success.
    pub(crate) fn succeeded(&self) {
        self.tokens.give(self.cost.max(1));
    }

    /// How long to wait before the next attempt; or why there is none.
    pub(crate) fn next(&mut self, error: &Error, now: Instant) -> Result<Duration, &'static str> {
        let fault = Fault::of(error);
        let is_retryable = error.is_retryable()
            || (self.policy.assume_idempotent && matches!(fault, Fault::Transient));
        if !is_retryable {
            if fault == Fault::Permanent {
                // HubSpot works.
                self.tokens.give(self.cost);
            }
            return Err("the error is not retryable");
        }
        if self.done + 1 >= self.policy.max_attempts {
            return Err("no attempts are left");
        }
        let elapsed = now.saturating_duration_since(self.start);
        let (least, random) = self.policy.wait(error, self.done);
        let rest = self.policy.max_elapsed.checked_sub(elapsed);
        let Some(rest) = rest.and_then(|rest| rest.checked_sub(least)) else {
            return Err("the wait would exceed the time limit");
        };
        let cost = RetryTokens::cost(fault, error.is_timeout());
        if !self.tokens.take(cost) {
            return Err("too many requests have failed lately");
        }
        self.cost += cost;
        self.done += 1;
        Ok(least + random.min(rest))
    }
}

/// A random duration below `bound`.
pub(crate) fn random_below(bound: Duration) -> Duration {
    // The keys of each `RandomState` are new. Jitter needs nothing better, and no dependency.
    let bits = RandomState::new().build_hasher().finish();
    let nanos = bound.as_nanos().min(u64::MAX.into()) * u128::from(bits);
    Duration::from_nanos(u64::try_from(nanos >> 64).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn random_durations_are_spread_over_their_range() {
        let bound = Duration::from_secs(8);
        let mut eighths = [0; 8];
        for _ in 0..8_000 {
            let second = random_below(bound).as_secs();
            eighths[usize::try_from(second).unwrap()] += 1;
        }
        assert!(
            eighths.iter().all(|n| (800..1_200).contains(n)),
            "{eighths:?}"
        );
        assert_eq!(random_below(Duration::ZERO), Duration::ZERO);
        assert!(random_below(Duration::MAX) < Duration::MAX);
    }

    #[test]
    fn bounds_double_up_to_the_longest() {
        let policy = RetryPolicy::default();
        let bounds = [0, 1, 2, 3, 4, 5, 31, 32, u32::MAX].map(|n| policy.bound(n).as_secs());
        assert_eq!(bounds, [1, 2, 4, 8, 16, 30, 30, 30, 30]);
        let odd = policy.base_delay(Duration::MAX).max_delay(Duration::MAX);
        assert_eq!(odd.bound(7), Duration::MAX);
    }
}
