//! How many batches are in flight at once.

use std::sync::Arc;

use crate::operation::Budget;
use crate::pacing::Limiter;

/// How many batches are in flight at first, and at least.
const LEAST: usize = 8;
/// The most batches in flight. With 190 requests in ten seconds, that is enough for responses that take three seconds.
const MOST: usize = 64;
/// The most bytes of inputs in flight in more than [`LEAST`] batches.
const MAX_BYTES: usize = 16 << 20;

/// How many batches may be in flight: a number, or as many as the limits of the account let pass.
pub(super) enum Concurrency {
    Fixed(usize),
    /// One more with each batch that is finished while none waits for the limits, one fewer if one does, and the least after a
    /// batch that HubSpot could not take.
    Adaptive {
        limiter: Arc<Limiter>,
        budget: Budget,
        batches: usize,
    },
}

impl Concurrency {
    /// As many as set, or else as many as `limiter` lets pass.
    pub(super) fn new(set: Option<usize>, limiter: Option<&Arc<Limiter>>, budget: Budget) -> Self {
        match (set, limiter) {
            (Some(batches), _) => Self::Fixed(batches),
            (None, None) => Self::Fixed(LEAST),
            (None, Some(limiter)) => Self::Adaptive {
                limiter: Arc::clone(limiter),
                budget,
                batches: LEAST,
            },
        }
    }

    /// How many batches may be in flight, now that `in_flight` are, with so many bytes.
    pub(super) fn allows(&self, in_flight: usize, bytes: usize) -> bool {
        match *self {
            Self::Fixed(batches) => in_flight < batches,
            Self::Adaptive { batches, .. } => {
                in_flight < batches && (in_flight < LEAST || bytes < MAX_BYTES)
            }
        }
    }

    /// The most batches that there may be.
    pub(super) fn most(&self) -> usize {
        match *self {
            Self::Fixed(batches) => batches,
            Self::Adaptive { .. } => MOST,
        }
    }

    /// Notes that one of `in_flight` batches is finished, and whether HubSpot could take it.
    pub(super) fn finished(&mut self, in_flight: usize, is_taken: bool) {
        let Self::Adaptive {
            limiter,
            budget,
            batches,
        } = self
        else {
            return;
        };
        if !is_taken {
            *batches = LEAST;
        } else if limiter.has_waiters(*budget) {
            *batches = batches.saturating_sub(1).max(LEAST);
        } else if in_flight == *batches {
            // More are in flight after the least was set.
            *batches = (*batches + 1).min(MOST);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use futures_util::poll;

    use super::*;
    use crate::clock::TokioClock;
    use crate::pacing::{Account, Pacing, limiter};

    /// Each token has a limiter of its own.
    fn adaptive(token: &str) -> (Arc<Limiter>, Concurrency) {
        let account = Account::Token(token.as_bytes());
        let limiter = limiter(&Pacing::new(), "http://bulk.test/", account, Instant::now());
        let limiter = limiter.unwrap();
        let concurrency = Concurrency::new(None, Some(&limiter), Budget::TenSecondly);
        (limiter, concurrency)
    }

    /// How many batches may be in flight with so many bytes.
    fn allowed(concurrency: &Concurrency, bytes: usize) -> usize {
        let counts = 0..=MOST;
        counts
            .take_while(|count| concurrency.allows(*count, bytes))
            .count()
    }

    #[tokio::test]
    async fn more_batches_are_in_flight_while_none_waits() {
        let (limiter, mut concurrency) = adaptive("waiting");
        assert_eq!(allowed(&concurrency, 0), LEAST);
        concurrency.finished(LEAST - 1, true);
        assert_eq!(allowed(&concurrency, 0), LEAST, "there was room for more");
        for more in 1..=2 * MOST {
            concurrency.finished(allowed(&concurrency, 0), true);
            assert_eq!(allowed(&concurrency, 0), (LEAST + more).min(MOST));
        }
        assert_eq!(allowed(&concurrency, MAX_BYTES), LEAST, "large inputs");
        let clock = TokioClock;
        let mut waiting = Vec::new();
        while waiting.is_empty() {
            let mut request = Box::pin(limiter.acquire(&clock, Budget::TenSecondly, false));
            if poll!(request.as_mut()).is_pending() {
                waiting.push(request);
            }
        }
        concurrency.finished(MOST, true);
        assert_eq!(allowed(&concurrency, 0), MOST - 1);
        for _ in 0..2 * MOST {
            concurrency.finished(MOST, true);
        }
        assert_eq!(allowed(&concurrency, 0), LEAST);
    }

    #[test]
    fn the_least_are_in_flight_after_a_batch_that_is_not_taken() {
        let (_limiter, mut concurrency) = adaptive("failing");
        for _ in 0..MOST {
            concurrency.finished(allowed(&concurrency, 0), true);
        }
        assert_eq!(allowed(&concurrency, 0), MOST);
        concurrency.finished(MOST, false);
        for in_flight in (LEAST + 1..MOST).rev() {
            concurrency.finished(in_flight, true);
        }
        assert_eq!(allowed(&concurrency, 0), LEAST);
    }

    #[test]
    fn a_number_that_is_set_stays() {
        let mut concurrency = Concurrency::new(Some(3), None, Budget::TenSecondly);
        concurrency.finished(3, true);
        assert_eq!(allowed(&concurrency, usize::MAX), 3);
        let unpaced = Concurrency::new(None, None, Budget::TenSecondly);
        assert_eq!(allowed(&unpaced, usize::MAX), LEAST);
    }
}
