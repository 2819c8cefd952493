//! An authority that grants requests to several processes.

use std::pin::Pin;
use std::time::{Duration, Instant};

/// What a process asks an authority for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wanted {
    /// The index of the window.
    pub(super) window: usize,
    pub(super) requests: u32,
    /// The number of requests that all processes may send within `length`.
    pub(super) limit: u32,
    pub(super) length: Duration,
    /// How long after the grant a request may arrive at HubSpot.
    pub(super) margin: Duration,
    /// The time by the clock of the client.
    pub(super) now: Instant,
    /// What is given back.
    pub(super) unused: Vec<Unused>,
}

/// Requests of a grant that were not sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unused {
    /// The id of the grant.
    pub(super) grant: u64,
    /// The first and the last of them, counted from 1.
    pub(super) first: u32,
    pub(super) last: u32,
}

/// What an authority granted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Granted {
    /// The number of requests, and the id of the grant.
    Requests(u32, u64),
    /// Nothing before this time has passed.
    Nothing(Duration),
}

/// Grants requests of an account. Returns `None` if it cannot be reached.
pub(super) trait Authority: Send + Sync {
    fn grant(&self, wanted: Wanted) -> Pin<Box<dyn Future<Output = Option<Granted>> + Send + '_>>;

    /// Gives back what was not used of a window.
    fn give_back(
        &self,
        window: usize,
        unused: Vec<Unused>,
    ) -> Pin<Box<dyn Future<Output = ()> + Send + '_>>;

    /// Where it is, and under which name.
    fn place(&self) -> [&str; 2];

    /// The share of the limits that this process uses while the authority cannot be reached.
    fn fallback_share(&self) -> f64;
}

/// The most requests of a grant.
pub(super) const MOST: u32 = 10;
/// How long a process goes on by itself before it asks an authority again that it could not reach.
pub(super) const ASK_AGAIN_AFTER: Duration = Duration::from_secs(5);

/// What is left of a grant.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Credit {
    grant: u64,
    granted: u32,
    left: u32,
    until: Option<Instant>,
}

impl Credit {
    pub(super) fn new(requests: u32, grant: u64, until: Instant) -> Self {
        Self {
            grant,
            granted: requests,
            left: requests,
            until: Some(until),
        }
    }

    /// What was not used.
    pub(super) fn unused(self) -> Option<Unused> {
        (self.left > 0).then_some(Unused {
            grant: self.grant,
            first: self.granted - self.left + 1,
            last: self.granted,
        })
    }

    pub(super) fn is_left(&self, now: Instant) -> bool {
        self.left > 0 && self.until.is_some_and(|until| now < until)
    }

    pub(super) fn use_one(&mut self) {
        self.left = self.left.saturating_sub(1);
    }
}
