//! The requests that wait for a slot in a window, in order.
//!
//! Only the first takes a slot. A waiter that was woken and is not polled is passed over until it is: a program may keep its
//! future without polling it any more.

use std::collections::VecDeque;
use std::task::Waker;
use std::time::{Duration, Instant};

/// How long a waiter that was woken has until it is polled. Then it is late.
pub(super) const GRACE: Duration = Duration::from_secs(1);
/// The longest interval at which a waiter polls whether it is its turn, in units of [`GRACE`].
const LONGEST_POLL: u32 = 5;

#[derive(Default)]
pub(super) struct Queue(VecDeque<Waiter>);

struct Waiter {
    number: u64,
    waker: Option<Waker>,
    is_called: bool,
    /// When it is expected to be polled: when it was woken, or the time that it gave.
    due: Option<Instant>,
    /// When it was last polled.
    seen: Option<Instant>,
}

impl Waiter {
    fn is_late(&self, now: Instant) -> bool {
        self.due.is_some_and(|due| now >= due + GRACE)
    }

    fn was_seen(&self, now: Instant) -> bool {
        self.seen.is_some_and(|seen| now < seen + GRACE)
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
            seen: None,
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

    /// Returns how many at the front are late. If there are some, wakes the next, and all up to `end` that were not polled for
    /// a while, since they may be late as well.
    fn late(&mut self, end: usize, now: Instant, calls: &mut Vec<Waker>) -> usize {
        let waiters = self.0.iter().take(end);
        let late = waiters.take_while(|waiter| waiter.is_late(now)).count();
        if late > 0 {
            for (behind, waiter) in self.0.range_mut(late..end).enumerate() {
                if waiter.due.is_none() && (behind == 0 || !waiter.was_seen(now)) {
                    waiter.call(now, calls);
                }
            }
        }
        late
    }

    /// Returns whether there is a waiter that is not late.
    pub(super) fn has_present(&mut self, now: Instant, calls: &mut Vec<Waker>) -> bool {
        let length = self.0.len();
        self.late(length, now, calls) < length
    }

    /// Notes that a waiter was polled. Fails with the time at which it polls again, if it is not its turn.
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
        (waiter.is_called, waiter.due, waiter.seen) = (false, None, Some(now));
        match self.late(place, now, calls) {
            late if late == place => Ok(()),
            // The further behind, the less often.
            0 => Err(now
                + GRACE * u32::try_from(place + 1).map_or(LONGEST_POLL, |n| n.min(LONGEST_POLL))),
            _ => Err(now + GRACE),
        }
    }

    /// Notes that the first is polled again at this time.
    pub(super) fn expect(&mut self, number: u64, due: Instant) {
        if let Some(place) = self.place(number) {
            self.0[place].due = Some(due);
        }
    }

    /// Returns whether a waiter was called; stores its waker for when it is.
    pub(super) fn is_called(&mut self, number: u64, waker: &Waker) -> bool {
        let Some(place) = self.place(number) else {
            return true;
        };
        let waiter = &mut self.0[place];
        waiter.waker = Some(waker.clone());
        waiter.is_called
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};
    use std::task::Wake;

    use super::*;

    type Woken = Arc<Mutex<VecDeque<u64>>>;

    struct Call(u64, Woken);

    impl Wake for Call {
        fn wake(self: Arc<Self>) {
            self.1.lock().unwrap().push_back(self.0);
        }
    }

    fn queue(length: u64) -> Queue {
        let mut queue = Queue::default();
        (0..length).for_each(|number| queue.join(number));
        queue
    }

    /// The first is not polled any more, and the others all look whether it is their turn.
    #[test]
    fn those_behind_one_that_does_not_come_do_not_wake_each_other_again_and_again() {
        const LENGTH: u64 = 300;
        let (mut queue, start) = (queue(LENGTH), Instant::now());
        queue.expect(0, start);
        let now = start + GRACE * 10;
        let woken: Woken = Arc::new(Mutex::new((1..LENGTH).collect()));
        let mut comes = 0;
        let next = || woken.lock().unwrap().pop_front();
        while let Some(number) = next() {
            comes += 1;
            assert!(comes <= 3 * LENGTH, "they keep waking each other");
            let mut calls = Vec::new();
            if queue.come(number, now, &mut calls).is_ok() {
                queue.expect(number, now + GRACE);
            }
            let waker = Arc::new(Call(number, Arc::clone(&woken))).into();
            assert!(!queue.is_called(number, &waker));
            calls.into_iter().for_each(Waker::wake);
        }
    }

    /// A program polls one request only, and keeps many others that were sent before it.
    #[test]
    fn one_behind_many_that_do_not_come_has_its_turn_soon() {
        let (mut queue, start) = (queue(501), Instant::now());
        queue.expect(0, start);
        let mut now = start;
        while let Err(later) = queue.come(500, now, &mut Vec::new()) {
            now = later;
            assert!(now <= start + GRACE * 8, "{:?}", now - start);
        }
    }
}
