//! The retry tokens of a client: they end retries when most requests fail, so that an outage is not made worse.

use std::sync::atomic::{AtomicU32, Ordering};

use crate::error::Fault;

/// What a full bucket holds: enough for a hundred retries.
const CAPACITY: u32 = 500;

/// A bucket of tokens that retries are paid with.
///
/// A call that succeeds in the end gets back what its retries cost; one that succeeds at once adds a token. The bucket
/// runs empty when more calls fail for good than succeed.
pub(crate) struct RetryTokens(AtomicU32);

impl Default for RetryTokens {
    fn default() -> Self {
        Self(AtomicU32::new(CAPACITY))
    }
}

impl RetryTokens {
    /// What a retry costs. Limits and locks cost nothing: HubSpot works, and says when to come back.
    pub(crate) fn cost(fault: Fault, is_timeout: bool) -> u32 {
        match fault {
            Fault::RateLimited | Fault::Locked => 0,
            _ if is_timeout => 10,
            _ => 5,
        }
    }

    /// Takes tokens; returns whether there were enough.
    pub(crate) fn take(&self, cost: u32) -> bool {
        let taken = |left: u32| left.checked_sub(cost);
        self.0
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, taken)
            .is_ok()
    }

    /// Puts tokens back, up to the capacity.
    pub(crate) fn give(&self, tokens: u32) {
        // Most often the bucket is full, and nothing is written.
        if tokens > 0 && self.0.load(Ordering::Relaxed) < CAPACITY {
            let given = |left: u32| Some(left.saturating_add(tokens).min(CAPACITY));
            let _ = self
                .0
                .fetch_update(Ordering::Relaxed, Ordering::Relaxed, given);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_never_overdrawn_and_never_exceed_the_capacity() {
        let tokens = RetryTokens::default();
        assert_eq!((0..200).filter(|_| tokens.take(5)).count(), 100);
        assert!(tokens.take(0), "limits and locks cost nothing");
        tokens.give(4);
        assert!(!tokens.take(5));
        tokens.give(u32::MAX);
        assert_eq!((0..200).filter(|_| tokens.take(10)).count(), 50);
    }

    #[test]
    fn threads_together_take_no_more_than_there_is() {
        let tokens = RetryTokens::default();
        let take = || (0..1_000).filter(|_| tokens.take(5)).count();
        let taken: usize = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(take)).collect();
            threads
                .into_iter()
                .map(|thread| thread.join().unwrap())
                .sum()
        });
        assert_eq!(taken, 100);
    }

    /// Calls that take tokens, and give them back when they succeed or are dropped without. However they are switched where
    /// they await, none overdraws, and when all have succeeded the bucket is full.
    #[test]
    fn under_random_schedules_success_brings_all_tokens_back() {
        use shuttle::future::{block_on, spawn, yield_now};
        use shuttle::rand::{Rng, thread_rng};
        use std::sync::Arc;

        async fn call(tokens: Arc<RetryTokens>, taken: Arc<AtomicU32>) {
            let mut cost = 0;
            for _ in 0..thread_rng().gen_range(0..40) {
                let next = RetryTokens::cost(Fault::Transient, thread_rng().gen_bool(0.3));
                if !tokens.take(next) {
                    break;
                }
                cost += next;
                let all = taken.fetch_add(next, Ordering::Relaxed) + next;
                assert!(all <= CAPACITY, "{all} tokens are taken");
                yield_now().await;
            }
            taken.fetch_sub(cost, Ordering::Relaxed);
            tokens.give(cost);
        }
        let model = || {
            block_on(async {
                let (tokens, taken) = (Arc::<RetryTokens>::default(), Arc::default());
                let calls = (0..6).map(|_| spawn(call(Arc::clone(&tokens), Arc::clone(&taken))));
                let calls: Vec<_> = calls.collect();
                for call in calls {
                    call.await.unwrap();
                }
                assert!(tokens.take(CAPACITY) && !tokens.take(1));
            });
        };
        shuttle::check_random(model, 200);
    }
}
