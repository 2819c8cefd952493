//! The limiter of an account: who may send, and when.
//!
//! A request takes a place in the window of its budget. If there is none, it queues for its turn, and the first in the
//! queue sleeps until there is. A future that is dropped leaves the queue, and the next is woken.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;
use std::time::{Duration, Instant};

use tokio::sync::{Mutex as Queue, Notify};

use super::authority::{AWAY, Authority, Credit, Granted, MOST, Wanted};
use super::daily::{Daily, until_midnight};
use super::headers::Rate;
use super::settings::{Pacing, SEARCHES, TEN_SECONDS, window_of};
use super::window::{Place, Turn, Window};
use crate::clock::Clock;
use crate::operation::Budget;

/// The limiter of an account.
pub(crate) struct Limiter {
    state: Mutex<State>,
    /// By window.
    lanes: [Lane; 2],
}

struct State {
    windows: [Window; 2],
    daily: Daily,
    share: f64,
    waits_for_day: bool,
    utc_offset_minutes: i16,
    /// What grants requests to several processes, and until when it is not asked.
    authority: Option<Arc<dyn Authority>>,
    away_until: Option<Instant>,
    credits: [Credit; 2],
}

/// What a request does next.
enum Step {
    Go(Place),
    Wait(Instant),
    Ask(Arc<dyn Authority>, Wanted),
}

impl State {
    /// Sets the part of the limits that the windows allow: the share, unless an authority keeps to it.
    fn apply_share(&mut self, now: Instant) {
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
    fn replace(&mut self, authority: Arc<dyn Authority>) {
        let settings = |one: &Arc<dyn Authority>| {
            (
                one.place().map(str::to_owned),
                one.fallback_share().to_bits(),
            )
        };
        if self.authority.as_ref().map(settings) != Some(settings(&authority)) {
            self.authority = Some(authority);
            self.away_until = None;
            self.credits = Default::default();
        }
    }

    /// The authority, unless it cannot be reached.
    fn authority(&self, now: Instant) -> Option<&Arc<dyn Authority>> {
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
}

/// Those who wait for a place in a window.
#[derive(Default)]
struct Lane {
    /// The requests in the foreground, and those in the background. Each queue is served in order.
    queues: [Queue<()>; 2],
    waiting: [AtomicUsize; 2],
    /// Wakes the first in each queue when there may be a place earlier than it knows.
    widened: Notify,
}

/// Permission to send one request.
#[derive(Clone, Copy)]
pub(crate) struct Ticket {
    window: usize,
    place: Place,
    /// How long the request waited for it.
    pub(crate) waited: Duration,
}

/// The daily limit is used up; the time until it is renewed.
pub(crate) struct DailySpent(pub(crate) Duration);

impl Limiter {
    pub(super) fn new(pacing: &Pacing, is_oauth: bool) -> Self {
        let ten_secondly = pacing.ten_secondly(is_oauth);
        Self {
            state: Mutex::new(State {
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
            }),
            lanes: Default::default(),
        }
    }

    /// Takes over the settings of another client of the account.
    pub(super) fn set(&self, pacing: &Pacing, authority: Option<Arc<dyn Authority>>, now: Instant) {
        let mut state = self.state();
        state.share = pacing.share;
        if let Some(authority) = authority {
            state.replace(authority);
        }
        state.apply_share(now);
        if let Some(tier) = pacing.tier {
            state.windows[0].set_limit(tier.ten_secondly());
        }
        state.waits_for_day = pacing.waits_for_day;
        state.utc_offset_minutes = pacing.utc_offset_minutes;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether it remembers nothing that matters.
    pub(super) fn is_idle(&self, now: Instant) -> bool {
        let mut state = self.state();
        !state.daily.is_spent() && state.windows.iter_mut().all(|window| window.is_idle(now))
    }

    /// Takes a ticket if that takes no time.
    fn try_acquire(&self, clock: &dyn Clock, window: usize, is_background: bool) -> Option<Ticket> {
        let waiting = self.lanes[window].waiting.each_ref();
        let [foreground, background] = waiting.map(|waiting| waiting.load(Ordering::Relaxed) > 0);
        if foreground || (is_background && background) {
            return None;
        }
        let turn = Turn {
            is_background,
            is_contended: background,
        };
        let mut state = self.state();
        let now = clock.now();
        if state.daily.is_spent() {
            return None;
        }
        match state.step(now, window, turn, 1) {
            Step::Go(place) => Some(Ticket {
                window,
                place,
                waited: Duration::ZERO,
            }),
            _ => None,
        }
    }

    /// Waits for permission to send. `None` if no limit applies.
    pub(crate) async fn acquire(
        &self,
        clock: &dyn Clock,
        budget: Budget,
        is_background: bool,
    ) -> Result<Option<Ticket>, DailySpent> {
        let Some(window) = window_of(budget) else {
            return Ok(None);
        };
        if let Some(ticket) = self.try_acquire(clock, window, is_background) {
            return Ok(Some(ticket));
        }
        // Few requests come here, so the others need not have room for it.
        Box::pin(self.queue(clock, window, is_background))
            .await
            .map(Some)
    }

    async fn queue(
        &self,
        clock: &dyn Clock,
        window: usize,
        is_background: bool,
    ) -> Result<Ticket, DailySpent> {
        let start = clock.now();
        let lane = &self.lanes[window];
        let [mine, other] = if is_background { [1, 0] } else { [0, 1] };
        let _waiting = Waiting::new(&lane.waiting[mine]);
        let _turn = lane.queues[mine].lock().await;
        let mut reached = start;
        loop {
            let mut widened = pin!(lane.widened.notified());
            widened.as_mut().enable();
            // A clock that does not move while it sleeps has still slept.
            let now = clock.now().max(reached);
            let turn = Turn {
                is_background,
                is_contended: lane.waiting[other].load(Ordering::Relaxed) > 0,
            };
            let waiting = lane.waiting.each_ref();
            let waiting = waiting.map(|waiting| waiting.load(Ordering::Relaxed));
            let end = match self.take(now, window, turn, waiting.iter().sum())? {
                Step::Go(place) => {
                    let waited = now.saturating_duration_since(start);
                    return Ok(Ticket {
                        window,
                        place,
                        waited,
                    });
                }
                Step::Wait(end) => end,
                Step::Ask(authority, wanted) => match self.ask(clock, &*authority, wanted).await {
                    Some(wait) => clock.now().max(now) + wait,
                    None => continue,
                },
            };
            let mut sleep = clock.sleep(end.saturating_duration_since(now));
            let slept = poll_fn(|context| {
                if widened.as_mut().poll(context).is_ready() {
                    return Poll::Ready(false);
                }
                sleep.as_mut().poll(context).map(|()| true)
            });
            if slept.await {
                reached = end;
            }
        }
    }

    fn take(
        &self,
        now: Instant,
        window: usize,
        turn: Turn,
        waiting: usize,
    ) -> Result<Step, DailySpent> {
        let mut state = self.state();
        match state.daily.check(now) {
            Ok(()) => Ok(state.step(now, window, turn, waiting)),
            Err((_, until_probe)) if state.waits_for_day => Ok(Step::Wait(now + until_probe)),
            Err((renewed_in, _)) => Err(DailySpent(renewed_in)),
        }
    }

    /// Asks the authority for requests. Returns how long to wait if it grants none.
    async fn ask(
        &self,
        clock: &dyn Clock,
        authority: &dyn Authority,
        wanted: Wanted,
    ) -> Option<Duration> {
        let asked = clock.now();
        let granted = authority.grant(wanted).await;
        let mut state = self.state();
        match granted {
            Some(Granted::Requests(requests)) => {
                state.apply_share(asked);
                // Half of the margin is for the way to HubSpot.
                let until = asked + wanted.margin / 2;
                state.credits[wanted.window] = Credit::new(requests, until);
                None
            }
            Some(Granted::Nothing(wait)) => Some(wait),
            None => {
                let now = clock.now();
                state.away_until = Some(now + AWAY);
                state.apply_share(now);
                None
            }
        }
    }

    /// Notes the head of a response.
    pub(crate) fn arrived(&self, ticket: Ticket, clock: &dyn Clock, is_success: bool, rate: &Rate) {
        let now = clock.now();
        let mut state = self.state();
        let is_granted = state.authority(now).is_some();
        let window = &mut state.windows[ticket.window];
        window.arrived(ticket.place, now);
        let is_wider = match rate.window {
            // The headers are about the ten-second limit.
            Some((limit, left)) if ticket.window == 0 => {
                // An authority knows of the other processes.
                let left = if is_granted { limit } else { left };
                window.correct(ticket.place, now, limit, left, rate.length)
            }
            _ => {
                if is_success {
                    window.succeeded();
                }
                false
            }
        };
        let was_spent = state.daily.is_spent();
        match rate.left_today {
            Some(0) => {
                let renewed_in = until_midnight(clock.wall_time(), state.utc_offset_minutes);
                state.daily.spend(now, renewed_in);
            }
            _ if is_success && was_spent => state.daily.renew(),
            _ => {}
        }
        let is_renewed = was_spent && !state.daily.is_spent();
        drop(state);
        if is_wider || is_renewed {
            for lane in &self.lanes {
                lane.widened.notify_waiters();
            }
        }
    }

    /// Notes a 429. For the daily limit, returns the time until it is renewed, and whether requests wait for that.
    pub(crate) fn refused(
        &self,
        ticket: Ticket,
        clock: &dyn Clock,
        policy: Option<&str>,
        retry_after: Option<Duration>,
    ) -> Option<(Duration, bool)> {
        let now = clock.now();
        let mut state = self.state();
        if policy == Some("DAILY") {
            let midnight = until_midnight(clock.wall_time(), state.utc_offset_minutes);
            let renewed_in = state.daily.spend(now, retry_after.unwrap_or(midnight));
            return Some((renewed_in, state.waits_for_day));
        }
        state.windows[ticket.window].refused(ticket.place, now, retry_after);
        None
    }
}

/// Counts one who waits, as long as it does.
struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    fn new(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(count)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod model;
#[cfg(test)]
mod tests;
