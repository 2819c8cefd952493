//! Planned faults: which requests meet which fault, by script or at random.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use fastrand::Rng;
use jiff::{SignedDuration, Timestamp};

use crate::definitions::{Fault, Target};
use crate::values::sync;

/// Random faults. The same seed and the same order of requests give the same faults.
///
/// ```
/// use hubspot_mock::{Fault, RandomFaults};
///
/// let weather = RandomFaults::seeded(7)
///     .with(0.05, Fault::status(503))
///     .with(0.01, Fault::reset().after_effect());
/// ```
#[derive(Clone, Debug)]
pub struct RandomFaults {
    random: Rng,
    chances: Vec<(f64, Fault)>,
}

impl RandomFaults {
    /// Creates a source of faults without any faults.
    pub fn seeded(seed: u64) -> Self {
        Self {
            random: Rng::with_seed(seed),
            chances: Vec::new(),
        }
    }

    /// Adds a fault that occurs with a probability, for each request that it targets: 0.05 is one in twenty. If the
    /// probabilities add up to more than 1, the last faults occur less often.
    pub fn with(mut self, share: f64, fault: Fault) -> Self {
        self.chances.push((share, fault));
        self
    }

    pub(crate) fn faults(&self) -> impl Iterator<Item = &Fault> {
        self.chances.iter().map(|(_, fault)| fault)
    }

    fn next(&mut self, target: &Target<'_>) -> Option<Fault> {
        let mut drawn = self.random.f64();
        let mut aimed = self
            .chances
            .iter()
            .filter(|(_, fault)| fault.applies_to(target));
        let found = aimed.find(|(share, _)| {
            drawn -= share;
            drawn < 0.0
        });
        found.map(|(_, fault)| fault.clone())
    }
}

/// How long a fault remains planned.
#[derive(Clone, Copy, Debug)]
enum Remaining {
    /// For so many requests.
    Requests(usize),
    /// For one request, after so many others.
    After(usize),
    /// Until this time, by the server's clock.
    Until(Timestamp),
}

/// The planned faults.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    /// Whether any fault is planned. Saves most requests from taking the lock.
    armed: AtomicBool,
    /// Whether a fault for one request after others has occurred.
    occurred: AtomicBool,
    plan: Mutex<Plan>,
}

#[derive(Debug, Default)]
struct Plan {
    script: Vec<(Fault, Remaining)>,
    random: Option<RandomFaults>,
}

impl Faults {
    /// Plans a fault for the next `requests` that it targets.
    pub(crate) fn next_requests(&self, requests: usize, fault: Fault) {
        self.add(fault, Remaining::Requests(requests));
    }

    /// Plans a fault for one request that it targets, after `before` others.
    pub(crate) fn nth_request(&self, before: usize, fault: Fault) {
        self.add(fault, Remaining::After(before));
    }

    /// Plans a fault for every request that it targets, for a time.
    pub(crate) fn for_a_time(&self, now: Timestamp, time: Duration, fault: Fault) {
        let time = SignedDuration::try_from(time).unwrap_or(SignedDuration::MAX);
        let end = now.saturating_add(time).unwrap_or(Timestamp::MAX);
        self.add(fault, Remaining::Until(end));
    }

    /// Plans random faults, for requests that no other fault targets.
    pub(crate) fn by_chance(&self, random: RandomFaults) {
        sync::lock(&self.plan).random = Some(random);
        self.armed.store(true, Ordering::Release);
    }

    pub(crate) fn clear(&self) {
        *sync::lock(&self.plan) = Plan::default();
        self.armed.store(false, Ordering::Release);
    }

    fn add(&self, fault: Fault, remaining: Remaining) {
        sync::lock(&self.plan).script.push((fault, remaining));
        self.armed.store(true, Ordering::Release);
    }

    /// Takes the fault for a request: the first planned fault that targets it, or else a random one.
    pub(crate) fn take(&self, target: &Target<'_>, now: Timestamp) -> Option<Fault> {
        if !self.armed.load(Ordering::Acquire) {
            return None;
        }
        let mut plan = sync::lock(&self.plan);
        plan.script.retain(|(_, remaining)| remaining.is_left(now));
        let script = plan.script.iter_mut();
        for (fault, remaining) in script.filter(|(fault, _)| fault.applies_to(target)) {
            match remaining {
                Remaining::After(before @ 1..) => {
                    *before -= 1;
                    continue;
                }
                Remaining::After(_) => {
                    *remaining = Remaining::Requests(0);
                    self.occurred.store(true, Ordering::Release);
                }
                Remaining::Requests(requests) => *requests -= 1,
                Remaining::Until(_) => {}
            }
            return Some(fault.clone());
        }
        plan.random.as_mut()?.next(target)
    }

    /// Whether a fault of [`nth_request`](Self::nth_request) has occurred.
    pub(crate) fn has_occurred(&self) -> bool {
        self.occurred.load(Ordering::Acquire)
    }

    /// Describes the faults that are still planned.
    pub(crate) fn describe(&self, now: Timestamp) -> Vec<String> {
        let plan = sync::lock(&self.plan);
        let script = plan
            .script
            .iter()
            .filter(|(_, remaining)| remaining.is_left(now));
        let scripted = script.map(|(fault, remaining)| match remaining {
            Remaining::Requests(1) => format!("{fault}: the next request"),
            Remaining::Requests(requests) => format!("{fault}: the next {requests} requests"),
            Remaining::After(before) => format!("{fault}: one request, after {before} others"),
            Remaining::Until(end) => format!("{fault}: until {end}"),
        });
        let random = plan.random.iter().flat_map(|random| &random.chances);
        let by_chance =
            random.map(|(share, fault)| format!("{fault}: {}% of the requests", share * 100.0));
        scripted.chain(by_chance).collect()
    }
}

impl Remaining {
    fn is_left(&self, now: Timestamp) -> bool {
        match self {
            Self::Requests(requests) => *requests > 0,
            Self::After(_) => true,
            Self::Until(end) => now < *end,
        }
    }
}
