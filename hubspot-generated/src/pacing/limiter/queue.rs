//! Those who wait for a place in a window, in order.
//!
//! Only the first takes a place. One that was called and has not come is passed over until it comes: its future may be kept by
//! a program that does not poll it any more.

use std::collections::VecDeque;
use std::task::Waker;
use std::time::{Duration, Instant};

/// How long one that was called has to come.
pub(super) const GRACE: Duration = Duration::from_secs(1);

#[derive(Default)]
pub(super) struct Queue(VecDeque<Waiter>);

struct Waiter {
    number: u64,
    waker: Option<Waker>,
    is_called: bool,
    /// When it is expected to come: when it was called, or when it said that it would.
    due: Option<Instant>,
}

impl Waiter {
    fn is_late(&self, now: Instant) -> bool {
        self.due.is_some_and(|due| now >= due + GRACE)
    }

    fn call(&mut self, now: Instant, calls: &mut Vec<Waker>) {
        self.due = Some(self.due.map_or(now, |due| due.min(now)));
        self.is_called = true;
        calls.extend(self.waker.take());
    }
}

impl Queue {
    /// Adds one whose number is greater than all others.
    pub(super) fn join(&mut self, number: u64) {
        self.0.push_back(Waiter {
            number,
            waker: None,
            is_called: false,
            due: None,
        });
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    fn place(&self, number: u64) -> Option<usize> {
        self.0
            .binary_search_by_key(&number, |waiter| waiter.number)
            .ok()
    }

    /// Removes one, and calls the next.
    pub(super) fn leave(&mut self, number: u64, now: Instant, calls: &mut Vec<Waker>) {
        if let Some(place) = self.place(number) {
            self.0.remove(place);
        }
        self.call_first(now, calls);
    }

    /// Calls the first.
    pub(super) fn call_first(&mut self, now: Instant, calls: &mut Vec<Waker>) {
        if let Some(first) = self.0.iter_mut().find(|waiter| !waiter.is_late(now)) {
            first.call(now, calls);
        }
    }

    /// Returns how many at the front are late. Calls all up to `end` if there are some, since they may be late as well.
    fn late(&mut self, end: usize, now: Instant, calls: &mut Vec<Waker>) -> usize {
        let waiters = self.0.iter().take(end);
        let late = waiters.take_while(|waiter| waiter.is_late(now)).count();
        if late > 0 {
            let others = self.0.range_mut(late..end);
            for waiter in others.filter(|waiter| waiter.due.is_none()) {
                waiter.call(now, calls);
            }
        }
        late
    }

    /// Returns whether one waits that is not late.
    pub(super) fn has_present(&mut self, now: Instant, calls: &mut Vec<Waker>) -> bool {
        let length = self.0.len();
        self.late(length, now, calls) < length
    }

    /// Notes that one has come. Fails with the time at which it should come again, if it is not its turn.
    pub(super) fn come(
        &mut self,
        number: u64,
        now: Instant,
        calls: &mut Vec<Waker>,
    ) -> Result<(), Instant> {
        let Some(place) = self.place(number) else {
            return Ok(());
        };
        let waiter = &mut self.0[place];
        (waiter.is_called, waiter.due) = (false, None);
        match self.late(place, now, calls) {
            late if late == place => Ok(()),
            // The further behind, the less often.
            0 => Err(now + GRACE.saturating_mul(u32::try_from(place + 1).unwrap_or(u32::MAX))),
            _ => Err(now + GRACE),
        }
    }

    /// Notes that the first comes again at this time.
    pub(super) fn expect(&mut self, number: u64, due: Instant) {
        if let Some(place) = self.place(number) {
            self.0[place].due = Some(due);
        }
    }

    /// Returns whether one was called; wakes it when it is.
    pub(super) fn is_called(&mut self, number: u64, waker: &Waker) -> bool {
        let Some(place) = self.place(number) else {
            return true;
        };
        let waiter = &mut self.0[place];
        waiter.waker = Some(waker.clone());
        waiter.is_called
    }
}
