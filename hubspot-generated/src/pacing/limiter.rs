//! The limiter of an account: who may send, and when.
//!
//! A request takes a place in the window of its budget. If there is none, it queues for its turn, and the first in the
//! queue sleeps until there is. A future that is dropped leaves the queue, and the next is woken. One that is kept and not
//! polled is passed over.

mod queue;
mod state;

use std::future::poll_fn;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;
use std::time::{Duration, Instant};

use tokio::runtime::Handle;

pub(crate) use self::state::DailySpent;
use self::state::{Position, State, Step};
use super::authority::{ASK_AGAIN_AFTER, Authority, Credit, Granted, Wanted};
use super::daily::until_midnight;
use super::headers::Rate;
use super::settings::{Pacing, window_of};
use super::window::Slot;
use crate::clock::Clock;
use crate::operation::Budget;

/// The limiter of an account.
pub(crate) struct Limiter {
    state: Mutex<State>,
}

/// Permission to send one request.
#[derive(Clone, Copy)]
pub(crate) struct Ticket {
    window: usize,
    place: Slot,
    /// How long the request waited for it.
    pub(crate) waited: Duration,
}

impl Limiter {
    pub(super) fn new(pacing: &Pacing, is_oauth: bool) -> Self {
        Self {
            state: Mutex::new(State::new(pacing, is_oauth)),
        }
    }

    /// Takes over the settings of another client of the account.
    pub(super) fn set(&self, pacing: &Pacing, authority: Option<Arc<dyn Authority>>, now: Instant) {
        self.with(|state| {
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
        });
    }

    /// Locks the state, and wakes those who were called once it is no longer locked.
    fn with<T>(&self, act: impl FnOnce(&mut State) -> T) -> T {
        let mut state = self.lock();
        let result = act(&mut state);
        unlock(state);
        result
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether it remembers nothing that matters.
    pub(super) fn is_idle(&self, now: Instant) -> bool {
        self.with(|state| {
            !state.daily.is_spent() && state.windows.iter_mut().all(|window| window.is_idle(now))
        })
    }

    /// Returns whether requests of this budget wait for permission.
    pub(crate) fn has_waiters(&self, budget: Budget) -> bool {
        window_of(budget).is_some_and(|window| {
            self.with(|state| state.queues[window].iter().any(|queue| queue.len() > 0))
        })
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
        let place = self.with(|state| state.try_take(clock.now(), window, is_background));
        if let Some(place) = place {
            return Ok(Some(Ticket {
                window,
                place,
                waited: Duration::ZERO,
            }));
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
        let waiting = Waiting {
            limiter: self,
            clock,
            position: self.with(|state| state.join(window, is_background)),
        };
        let (mut reached, mut looks) = (start, true);
        loop {
            // A clock that does not move while it sleeps has still slept.
            let mut now = clock.now().max(reached);
            let step = self.with(|state| state.take(now, waiting.position))?;
            let (end, is_first) = match step {
                Step::Go(place) => {
                    let waited = now.saturating_duration_since(start);
                    return Ok(Ticket {
                        window,
                        place,
                        waited,
                    });
                }
                Step::Wait(end) => (Some(end), true),
                Step::Queue(end) => (looks.then_some(end), false),
                Step::Ask(authority, wanted) => match self.ask(clock, &*authority, wanted).await {
                    Some(wait) => {
                        // The wait begins when the authority has responded.
                        now = now.max(clock.now());
                        let end = now + wait;
                        self.with(|state| state.expect(waiting.position, end));
                        (Some(end), true)
                    }
                    None => continue,
                },
            };
            if waiting
                .sleep(end.map(|end| end.saturating_duration_since(now)))
                .await
                && let Some(end) = end
            {
                if is_first {
                    reached = end;
                } else {
                    // With a clock that does not move, it would look again and again.
                    looks = clock.now() >= end;
                }
            }
        }
    }

    /// Asks the authority for requests. Returns how long to wait if it grants none.
    async fn ask(
        &self,
        clock: &dyn Clock,
        authority: &dyn Authority,
        wanted: Wanted,
    ) -> Option<Duration> {
        let (asked, window, margin) = (clock.now(), wanted.window, wanted.margin);
        let granted = authority.grant(wanted).await;
        self.with(|state| match granted {
            Some(Granted::Requests(requests, grant)) => {
                state.apply_share(asked);
                // Half of the margin is for the way to HubSpot.
                let credit = Credit::new(requests, grant, asked + margin / 2);
                state.grant(window, credit);
                None
            }
            Some(Granted::Nothing(wait)) => Some(wait),
            None => {
                let now = clock.now();
                state.away_until = Some(now + ASK_AGAIN_AFTER);
                state.apply_share(now);
                None
            }
        })
    }

    /// Notes the head of a response.
    pub(crate) fn arrived(&self, ticket: Ticket, clock: &dyn Clock, is_success: bool, rate: &Rate) {
        let now = clock.now();
        self.with(|state| {
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
            if is_wider || (was_spent && !state.daily.is_spent()) {
                state.call_all(now);
            }
        });
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
        self.with(|state| {
            if policy == Some("DAILY") {
                let midnight = until_midnight(clock.wall_time(), state.utc_offset_minutes);
                let renewed_in = state.daily.spend(now, retry_after.unwrap_or(midnight));
                return Some((renewed_in, state.waits_for_day));
            }
            state.windows[ticket.window].refused(ticket.place, now, retry_after);
            None
        })
    }
}

/// Unlocks the state, and then wakes those who were called. Not part of [`Limiter::with`], which is generic.
fn unlock(mut state: MutexGuard<'_, State>) {
    let calls = std::mem::take(&mut state.calls);
    drop(state);
    for waker in calls {
        waker.wake();
    }
}

/// Waits in a queue as long as it lives.
struct Waiting<'a> {
    limiter: &'a Limiter,
    clock: &'a dyn Clock,
    position: Position,
}

impl Waiting<'_> {
    /// Waits until it is called, or so long. Returns whether it was not called.
    async fn sleep(&self, duration: Option<Duration>) -> bool {
        let mut sleep = duration.map(|duration| self.clock.sleep(duration));
        poll_fn(|context| {
            let is_called = |state: &mut State| state.is_called(self.position, context.waker());
            if self.limiter.with(is_called) {
                return Poll::Ready(false);
            }
            match &mut sleep {
                Some(sleep) => sleep.as_mut().poll(context).map(|()| true),
                None => Poll::Pending,
            }
        })
        .await
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        let now = self.clock.now();
        let unused = self.limiter.with(|state| state.leave(self.position, now));
        // Without a runtime, it expires.
        if let (Some((authority, window, unused)), Ok(runtime)) = (unused, Handle::try_current()) {
            runtime.spawn(async move { authority.give_back(window, unused).await });
        }
    }
}

#[cfg(test)]
mod model;
#[cfg(test)]
mod tests;
