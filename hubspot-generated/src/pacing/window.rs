//! One budget: so many requests within a rolling window.
//!
//! Pure bookkeeping over the instants that it is given, so that tests need no clock.
//!
//! HubSpot counts a request when it arrives there, which is some time between sending it and the response. So a request
//! occupies its place for the window's length from its response on, or from `2.5 %` of the window after it was sent, if the
//! response takes longer. A first burst may use the whole budget at once. After the budget was used up, requests are
//! spaced evenly: bursts would repeat in every window otherwise, and HubSpot would see them move against each other.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use super::authority::Wanted;

/// How many requests may be sent at once to make up for a late timer, after the budget was used up.
const CATCH_UP: u32 = 3;
/// The longest pause after a 429.
const MAX_PAUSE: Duration = Duration::from_secs(10);
/// While both wait, one of so many requests is a background request.
const BACKGROUND_TURN: u32 = 10;

/// A slot of a window.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Slot {
    number: u64,
    /// How many slots of the window were taken when this one was.
    taken: usize,
    /// How many slots had been taken since the start.
    ever: u64,
}

/// The kind of request that asks for a slot, and whether one of the other kind waits.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Turn {
    pub(super) is_background: bool,
    /// Whether a request of the other kind waits.
    pub(super) is_contended: bool,
}

#[derive(Debug)]
pub(super) struct Window {
    /// HubSpot's limit.
    limit: u32,
    /// The part of the limit that this program may use.
    share: f64,
    length: Duration,
    /// When the requests of this program leave the window, the oldest first.
    own: VecDeque<Instant>,
    /// The number of the oldest of `own`.
    first: u64,
    /// When requests of other programs leave the window, the oldest first.
    foreign: VecDeque<Instant>,
    /// When all connections are open, after an idle time.
    warm_at: Option<Instant>,
    /// When HubSpot last told what it had counted.
    told_at: Option<Instant>,
    /// The number of requests ever, of other programs too.
    ever: u64,
    /// The time up to which the rate is used up; at most a window ahead.
    used_until: Option<Instant>,
    /// The same for background requests, which are always spaced evenly.
    background_until: Option<Instant>,
    paused_until: Option<Instant>,
    /// The pauses since the last success, and the requests before the last of them.
    pauses: u32,
    paused_at: u64,
    /// Foreground requests since the last background request, while one waits.
    streak: u32,
}

impl Window {
    pub(super) fn new(limit: u32, length: Duration, share: f64) -> Self {
        Self {
            limit,
            share,
            length,
            own: VecDeque::new(),
            first: 0,
            foreign: VecDeque::new(),
            warm_at: None,
            told_at: None,
            ever: 0,
            used_until: None,
            background_until: None,
            paused_until: None,
            pauses: 0,
            paused_at: 0,
            streak: 0,
        }
    }

    pub(super) fn set_limit(&mut self, limit: u32) {
        self.limit = limit;
    }

    pub(super) fn set_share(&mut self, share: f64) {
        self.share = share;
    }

    /// The number of requests that this program may send in a window.
    fn own_limit(&self) -> usize {
        self.part(self.share)
    }

    /// A share of the limit, at least one.
    fn part(&self, share: f64) -> usize {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a share is between 0 and 1"
        )]
        let limit = (f64::from(self.limit) * share) as usize;
        limit.max(1)
    }

    /// The time between two requests that are spaced evenly.
    fn interval(&self) -> Duration {
        self.length / u32::try_from(self.own_limit()).unwrap_or(u32::MAX)
    }

    /// How long after it was sent a request is taken to have arrived, at most.
    fn latency(&self) -> Duration {
        (self.length / 40).max(Duration::from_millis(100))
    }

    /// The same after an idle time, when connections are opened for a burst; and how long that takes, at most.
    fn cold_latency(&self) -> Duration {
        self.length
    }

    /// What to ask an authority for, which grants a share of the limit.
    pub(super) fn wanted(&self, now: Instant, window: usize, requests: u32, share: f64) -> Wanted {
        let limit = u32::try_from(self.part(share)).unwrap_or(u32::MAX);
        Wanted {
            window,
            // A part of the limit, so that there are grants for others.
            requests: requests.min(limit.div_ceil(19)),
            limit,
            length: self.length,
            margin: self.latency() * 2,
            now,
            unused: Vec::new(),
        }
    }

    /// Takes a place, or returns the earliest time at which one may be free.
    pub(super) fn take(&mut self, now: Instant, turn: Turn) -> Result<Slot, Instant> {
        self.expire(now);
        let interval = self.interval();
        if turn.is_contended && (turn.is_background != (self.streak + 1 >= BACKGROUND_TURN)) {
            return Err(now + interval);
        }
        if let Some(end) = self.paused_until.filter(|end| *end > now) {
            return Err(end);
        }
        if let Some(free) = self.full_until(now) {
            self.space_from(free);
            return Err(free);
        }
        let next = |until: Option<Instant>, ahead: Duration| {
            let until = until.map_or(now, |until| until.max(now)) + interval;
            let wait = until.saturating_duration_since(now + ahead);
            if wait.is_zero() {
                Ok(until)
            } else {
                Err(now + wait)
            }
        };
        let used_until = next(self.used_until, self.length)?;
        if turn.is_background {
            self.background_until = Some(next(self.background_until, interval * CATCH_UP)?);
        }
        self.used_until = Some(used_until);
        self.streak = if turn.is_background || !turn.is_contended {
            0
        } else {
            self.streak + 1
        };
        let place = Slot {
            number: self.first + self.own.len() as u64,
            taken: self.own.len() + self.foreign.len() + 1,
            ever: self.ever + 1,
        };
        if self.own.is_empty() {
            self.warm_at = Some(now + self.cold_latency());
        }
        let is_cold = self.warm_at.is_some_and(|warm_at| now < warm_at);
        let latency = if is_cold {
            self.cold_latency()
        } else {
            self.latency()
        };
        self.own.push_back(now + self.length + latency);
        self.ever += 1;
        Ok(place)
    }

    /// When the next place is free, if none is.
    fn full_until(&self, now: Instant) -> Option<Instant> {
        let limit = usize::try_from(self.limit).unwrap_or(usize::MAX);
        let limit = limit.saturating_sub(self.unseen(now)).max(1);
        let next_own = || self.own.front().copied();
        if self.own.len() >= self.own_limit() {
            return next_own();
        }
        if self.own.len() + self.foreign.len() >= limit {
            return next_own()
                .into_iter()
                .chain(self.foreign.front().copied())
                .min();
        }
        None
    }

    /// About how many requests other programs have sent since HubSpot last told.
    fn unseen(&self, now: Instant) -> usize {
        let Some(told_at) = self.told_at.filter(|_| !self.foreign.is_empty()) else {
            return 0;
        };
        let since = now.saturating_duration_since(told_at).min(self.length);
        let rate = self.foreign.len() as u128 * since.as_millis();
        1 + self.foreign.len() / 20
            + usize::try_from(rate / self.length.as_millis().max(1)).unwrap_or_default()
    }

    /// Spaces requests evenly from `start` on. A later call with a better estimate replaces it.
    fn space_from(&mut self, start: Instant) {
        let ahead = self.length.saturating_sub(self.interval() * CATCH_UP);
        self.used_until = Some(start + ahead);
    }

    fn expire(&mut self, now: Instant) {
        // A clock that goes back, or another clock, must not block the window.
        let latest = now + self.length + self.cold_latency();
        let is_over = |end: &Instant| *end <= now || *end > latest;
        while self.own.front().is_some_and(is_over) {
            self.own.pop_front();
            self.first += 1;
        }
        while self.foreign.front().is_some_and(is_over) {
            self.foreign.pop_front();
        }
        // A rate is used up for a window after the window is full, at most.
        self.used_until = self
            .used_until
            .filter(|until| *until <= latest + self.length);
        self.background_until = self.background_until.filter(|until| *until <= latest);
        self.paused_until = self.paused_until.filter(|end| *end <= now + MAX_PAUSE);
    }

    /// Whether nothing is in the window.
    pub(super) fn is_idle(&mut self, now: Instant) -> bool {
        self.expire(now);
        self.own.is_empty()
            && self.foreign.is_empty()
            && self.paused_until.is_none_or(|end| end <= now)
    }

    /// Notes that the response for `place` arrived.
    pub(super) fn arrived(&mut self, place: Slot, now: Instant) {
        let index = place.number.checked_sub(self.first);
        let index = index.and_then(|index| usize::try_from(index).ok());
        if let Some(end) = index.and_then(|index| self.own.get_mut(index)) {
            *end = (*end).min(now + self.length);
        }
    }

    /// Corrects the window by what HubSpot counted when it received the request of `place`: the limit, what is left of it,
    /// and the window's length. Returns whether places may have become free.
    pub(super) fn correct(
        &mut self,
        place: Slot,
        now: Instant,
        limit: u32,
        left: u32,
        length: Option<Duration>,
    ) -> bool {
        let length = length.unwrap_or(self.length);
        let is_wider = limit > self.limit;
        if is_wider || limit != self.limit || length != self.length {
            (self.limit, self.length) = (limit, length);
            // What is in the window is used up; the rest may be used at once.
            let used = u32::try_from(self.own.len()).unwrap_or(u32::MAX);
            self.used_until = Some(now + self.interval().saturating_mul(used));
        }
        let counted = limit.saturating_sub(left);
        // Others cannot have sent more than was counted.
        let others = usize::try_from(counted).unwrap_or(usize::MAX);
        let too_many = self.foreign.len().saturating_sub(others);
        self.foreign.drain(..too_many);
        // Requests that were sent after it may have overtaken it.
        let known = place.taken as u64 + (self.ever - place.ever);
        let unknown = u64::from(counted).saturating_sub(known);
        for _ in 0..unknown {
            self.foreign.push_back(now + self.length);
        }
        self.ever += unknown;
        self.told_at = Some(now);
        self.pauses = 0;
        is_wider || too_many > 0
    }

    /// Pauses after a 429 for the request of `place`.
    pub(super) fn refused(&mut self, place: Slot, now: Instant, retry_after: Option<Duration>) {
        // Those that were sent before the pause say nothing new.
        if place.ever <= self.paused_at {
            return;
        }
        let doubled = (self.length / 10).saturating_mul(1 << self.pauses.min(10));
        let pause = retry_after.unwrap_or(doubled).min(MAX_PAUSE);
        self.pauses += 1;
        // The window is full. What is not of this program is of others, sent at any time.
        let known = self.own.len() + self.foreign.len();
        let unknown = self
            .limit
            .saturating_sub(u32::try_from(known).unwrap_or(u32::MAX));
        let ages = (1..=unknown).map(|n| self.length / unknown * n);
        self.foreign.extend(ages.map(|age| now + age));
        self.foreign.make_contiguous().sort_unstable();
        self.ever += u64::from(unknown);
        let end = now + pause;
        self.paused_until = Some(self.paused_until.map_or(end, |until| until.max(end)));
        self.paused_at = self.ever;
        self.space_from(end);
    }

    /// Notes a success without headers.
    pub(super) fn succeeded(&mut self) {
        self.pauses = 0;
    }
}

/// A share between 0 and 1.
pub(super) fn valid_share(share: f64) -> f64 {
    if share.is_nan() {
        1.0
    } else {
        share.clamp(0.0, 1.0)
    }
}

#[cfg(test)]
mod tests;
