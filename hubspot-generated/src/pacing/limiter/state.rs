//! What the clients of an account share: the windows, the daily limit, and those who wait.

use std::sync::Arc;
use std::task::Waker;
use std::time::{Duration, Instant};

use super::queue::Queue;
use crate::pacing::authority::{Authority, Credit, MOST, Unused, Wanted};
use crate::pacing::daily::Daily;
use crate::pacing::settings::{Pacing, SEARCHES, TEN_SECONDS};
use crate::pacing::window::{Slot, Turn, Window};

/// How long it takes to ask an authority, at most.
const ASKING: Duration = Duration::from_secs(5);

pub(super) struct State {
    pub(super) windows: [Window; 2],
    pub(super) daily: Daily,
    pub(super) share: f64,
    pub(super) waits_for_day: bool,
    pub(super) utc_offset_minutes: i16,
    /// What grants requests to several processes, and until when it is not asked.
    pub(super) authority: Option<Arc<dyn Authority>>,
    pub(super) away_until: Option<Instant>,
    credits: [Credit; 2],
    /// By window, the granted requests that were not sent, apart from the credit.
    unused: [Vec<Unused>; 2],
    /// By window, those in the foreground and those in the background.
    pub(super) queues: [[Queue; 2]; 2],
    /// How many have ever waited.
    joined: u64,
    /// Whom to wake when the state is no longer locked.
    pub(super) calls: Vec<Waker>,
}

/// One in a queue.
#[derive(Clone, Copy)]
pub(super) struct Position {
    pub(super) window: usize,
    pub(super) is_background: bool,
    number: u64,
}

/// What a request does next.
pub(super) enum Step {
    Go(Slot),
    Wait(Instant),
    Ask(Arc<dyn Authority>, Wanted),
    /// It is not its turn. It looks again at this time, in case that nobody calls it.
    Queue(Instant),
}

/// The daily limit is used up; the time until it is renewed.
pub(crate) struct DailySpent(pub(crate) Duration);

impl State {
    pub(super) fn new(pacing: &Pacing, is_oauth: bool) -> Self {
        let ten_secondly = pacing.ten_secondly(is_oauth);
        Self {
            windows: [
                Window::new(ten_secondly, TEN_SECONDS, pacing.share),
                Window::new(SEARCHES, Duration::from_secs(1), pacing.share),
            ],
            daily: Daily::default(),
            share: pacing.share,
            waits_for_day: pacing.waits_for_day,
            utc_offset_minutes: pacing.utc_offset_minutes,
            authority: None,
            away_until: None,
            credits: Default::default(),
            unused: Default::default(),
            queues: Default::default(),
            joined: 0,
            calls: Vec::new(),
        }
    }

    /// Sets the part of the limits that the windows allow: the share, unless an authority keeps to it.
    pub(super) fn apply_share(&mut self, now: Instant) {
        let share = match (&self.authority, self.authority(now)) {
            (None, _) => self.share,
            (_, Some(_)) => 1.0,
            (Some(authority), None) => self.share * authority.fallback_share(),
        };
        for window in &mut self.windows {
            window.set_share(share);
        }
    }

    /// Takes another authority. One with the same settings stays, because it knows what it granted.
    pub(super) fn replace(&mut self, authority: Arc<dyn Authority>) {
        let settings = |one: &Arc<dyn Authority>| {
            let share = one.fallback_share().to_bits();
            (one.place().map(str::to_owned), share)
        };
        if self.authority.as_ref().map(settings) != Some(settings(&authority)) {
            self.authority = Some(authority);
            self.away_until = None;
            self.credits = Default::default();
            self.unused = Default::default();
        }
    }

    /// The authority, unless it cannot be reached.
    pub(super) fn authority(&self, now: Instant) -> Option<&Arc<dyn Authority>> {
        let is_away = self.away_until.is_some_and(|until| now < until);
        self.authority.as_ref().filter(|_| !is_away)
    }

    /// Takes a place, with a credit if there is an authority.
    fn step(&mut self, now: Instant, window: usize, turn: Turn, waiting: usize) -> Step {
        if let Some(authority) = self.authority(now)
            && !self.credits[window].is_left(now)
        {
            let requests = u32::try_from(waiting).unwrap_or(MOST).clamp(1, MOST);
            let wanted = self.windows[window].wanted(now, window, requests, self.share);
            return Step::Ask(Arc::clone(authority), wanted);
        }
        match self.windows[window].take(now, turn) {
            Ok(place) => {
                self.credits[window].use_one();
                self.daily.sent(now);
                Step::Go(place)
            }
            Err(end) => Step::Wait(end),
        }
    }

    /// Takes a place if that takes no time and nobody is before.
    pub(super) fn try_take(
        &mut self,
        now: Instant,
        window: usize,
        is_background: bool,
    ) -> Option<Slot> {
        let [foreground, background] = self.queues[window].each_ref().map(|queue| queue.len() > 0);
        if foreground || (is_background && background) || self.daily.is_spent() {
            return None;
        }
        let turn = Turn {
            is_background,
            is_contended: background,
        };
        match self.step(now, window, turn, 1) {
            Step::Go(place) => Some(place),
            _ => None,
        }
    }

    pub(super) fn join(&mut self, window: usize, is_background: bool) -> Position {
        self.joined += 1;
        self.queues[window][usize::from(is_background)].join(self.joined);
        Position {
            window,
            is_background,
            number: self.joined,
        }
    }

    /// The queue of one, and whom to wake afterwards.
    fn queue(&mut self, position: Position) -> (&mut Queue, &mut Vec<Waker>) {
        let queues = &mut self.queues[position.window];
        (
            &mut queues[usize::from(position.is_background)],
            &mut self.calls,
        )
    }

    /// Leaves the queue. Returns what to give back to the authority, if nobody else waits.
    pub(super) fn leave(
        &mut self,
        position: Position,
        now: Instant,
    ) -> Option<(Arc<dyn Authority>, usize, Vec<Unused>)> {
        let (queue, calls) = self.queue(position);
        queue.leave(position.number, now, calls);
        let window = position.window;
        if self.queues[window].iter().any(|queue| queue.len() > 0) {
            return None;
        }
        let authority = Arc::clone(self.authority(now)?);
        let unused = self.take_unused(window);
        (!unused.is_empty()).then_some((authority, window, unused))
    }

    /// Takes a place if it is the turn of one.
    pub(super) fn take(&mut self, now: Instant, position: Position) -> Result<Step, DailySpent> {
        let (queue, calls) = self.queue(position);
        if let Err(end) = queue.come(position.number, now, calls) {
            return Ok(Step::Queue(end));
        }
        let Position {
            window,
            is_background,
            ..
        } = position;
        let mut step = match self.daily.check(now) {
            Ok(()) => {
                let other = &mut self.queues[window][usize::from(!is_background)];
                let turn = Turn {
                    is_background,
                    is_contended: other.has_present(now, &mut self.calls),
                };
                let waiting = self.queues[window].iter().map(Queue::len).sum();
                self.step(now, window, turn, waiting)
            }
            Err((_, until_probe)) if self.waits_for_day => Step::Wait(now + until_probe),
            Err((renewed_in, _)) => return Err(DailySpent(renewed_in)),
        };
        match &mut step {
            Step::Wait(end) => self.expect(position, *end),
            Step::Ask(_, wanted) => {
                wanted.unused = self.take_unused(window);
                self.expect(position, now + ASKING);
            }
            _ => {}
        }
        Ok(step)
    }

    /// Notes that the first of a queue comes again at this time.
    pub(super) fn expect(&mut self, position: Position, due: Instant) {
        self.queue(position).0.expect(position.number, due);
    }

    /// Returns whether one was called; wakes it when it is.
    pub(super) fn is_called(&mut self, position: Position, waker: &Waker) -> bool {
        self.queue(position).0.is_called(position.number, waker)
    }

    /// Calls those who may have a place earlier than they know.
    pub(super) fn call_all(&mut self, now: Instant) {
        for queue in self.queues.iter_mut().flatten() {
            queue.call_first(now, &mut self.calls);
        }
    }

    /// Gives a window a credit. What is left of the one before is given back later.
    pub(super) fn grant(&mut self, window: usize, credit: Credit) {
        let before = std::mem::replace(&mut self.credits[window], credit);
        self.unused[window].extend(before.unused());
    }

    /// Takes all that a window does not use.
    fn take_unused(&mut self, window: usize) -> Vec<Unused> {
        self.grant(window, Credit::default());
        std::mem::take(&mut self.unused[window])
    }
}
