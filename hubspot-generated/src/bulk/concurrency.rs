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
    /// One more with each batch that is finished while none waits for the limits, and one fewer if one does.
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

    /// Notes that one of `in_flight` batches is finished.
    pub(super) fn finished(&mut self, in_flight: usize) {
        let Self::Adaptive {
            limiter,
            budget,
            batches,
        } = self
        else {
            return;
        };
        if limiter.has_waiters(*budget) {
            *batches = batches.saturating_sub(1).max(LEAST);
        } else if in_flight >= *batches {
            *batches = (*batches + 1).min(MOST);
        }
    }
}
