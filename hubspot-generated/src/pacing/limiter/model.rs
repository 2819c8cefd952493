//! The limiter under random schedules: no deadlock, no starvation, no budget overdrawn, whoever is dropped or not polled.
//!
//! Tasks are switched where they await, not between the steps of locks and atomics.

use std::collections::BTreeMap;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::{Context, Waker};
use std::time::SystemTime;

use shuttle::future::{block_on, spawn, yield_now};
use shuttle::rand::{Rng, thread_rng};

use super::*;
use crate::pacing::settings::TEN_SECONDS;

/// A clock that a task of its own moves on.
#[derive(Clone)]
struct ModelClock(Arc<Time>);

struct Time {
    start: Instant,
    now: Mutex<Duration>,
    sleeping: Mutex<BTreeMap<(Duration, usize), Waker>>,
    sleeps: AtomicUsize,
    is_over: AtomicBool,
}

impl ModelClock {
    fn new() -> Self {
        Self(Arc::new(Time {
            start: Instant::now(),
            now: Mutex::default(),
            sleeping: Mutex::default(),
            sleeps: AtomicUsize::default(),
            is_over: AtomicBool::default(),
        }))
    }

    fn elapsed(&self) -> Duration {
        *self.0.now.lock().unwrap()
    }

    /// Moves on to the next end of a sleep, or beyond it: timers are late.
    async fn tick(self) {
        while !self.0.is_over.load(Ordering::Relaxed) {
            yield_now().await;
            let mut sleeping = self.0.sleeping.lock().unwrap();
            let Some(((end, _), waker)) = sleeping.pop_first() else {
                continue;
            };
            let late = Duration::from_millis(thread_rng().gen_range(0..30));
            let mut now = self.0.now.lock().unwrap();
            *now = (*now).max(end + late);
            waker.wake();
        }
    }
}

/// Ends when its clock has reached a time.
struct Sleep {
    clock: ModelClock,
    end: Duration,
    key: Option<(Duration, usize)>,
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if self.clock.elapsed() >= self.end {
            return Poll::Ready(());
        }
        let number = self.clock.0.sleeps.fetch_add(1, Ordering::Relaxed);
        let key = self.key.unwrap_or((self.end, number));
        self.key = Some(key);
        let mut sleeping = self.clock.0.sleeping.lock().unwrap();
        sleeping.insert(key, context.waker().clone());
        Poll::Pending
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        if let Some(key) = self.key {
            self.clock.0.sleeping.lock().unwrap().remove(&key);
        }
    }
}

impl Clock for ModelClock {
    fn now(&self) -> Instant {
        self.0.start + self.elapsed()
    }

    fn wall_time(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH
    }

    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(Sleep {
            clock: self.clone(),
            end: self.elapsed() + duration,
            key: None,
        })
    }
}

const LIMIT: u32 = 4;

/// Sends some requests, and drops one of them now and then. Returns when each was sent.
async fn send(limiter: Arc<Limiter>, clock: ModelClock, is_background: bool) -> Vec<Duration> {
    let mut sent = Vec::new();
    for _ in 0..3 {
        let patience = Duration::from_millis(thread_rng().gen_range(0..30_000));
        let drops = thread_rng().gen_bool(0.3);
        let mut patience = clock.sleep(patience);
        let mut acquire = pin!(limiter.acquire(&clock, Budget::TenSecondly, is_background));
        let ticket = poll_fn(|context| {
            if drops && patience.as_mut().poll(context).is_ready() {
                return Poll::Ready(None);
            }
            acquire.as_mut().poll(context).map(Some)
        });
        let Some(ticket) = ticket.await else {
            continue;
        };
        sent.push(clock.elapsed());
        yield_now().await;
        if let Some(ticket) = ticket.ok().flatten() {
            limiter.arrived(ticket, &clock, true, &Rate::default());
        }
    }
    sent
}

/// Joins the queue, and is not polled again until all others are done. Returns when it has sent a request, if it has.
async fn stall(limiter: Arc<Limiter>, clock: ModelClock, is_background: bool) -> Option<Duration> {
    let mut acquire = pin!(limiter.acquire(&clock, Budget::TenSecondly, is_background));
    for _ in 0..thread_rng().gen_range(1..3) {
        let polled = poll_fn(|context| Poll::Ready(acquire.as_mut().poll(context).is_ready()));
        if polled.await {
            return Some(clock.elapsed());
        }
        yield_now().await;
    }
    while !clock.0.is_over.load(Ordering::Relaxed) {
        yield_now().await;
    }
    None
}

fn model() {
    block_on(async {
        let clock = ModelClock::new();
        let limiter = Arc::new(Limiter::new(&Pacing::new(), false));
        limiter.with(|state| state.windows[0].set_limit(LIMIT));
        let ticking = spawn(clock.clone().tick());
        let stalled = [false, true, false]
            .map(|is_background| spawn(stall(Arc::clone(&limiter), clock.clone(), is_background)));
        let tasks = (0..6).map(|n| spawn(send(Arc::clone(&limiter), clock.clone(), n % 3 == 0)));
        let tasks: Vec<_> = tasks.collect();
        let mut sent = Vec::new();
        for task in tasks {
            sent.extend(task.await.unwrap());
        }
        clock.0.is_over.store(true, Ordering::Relaxed);
        ticking.await.unwrap();
        for task in stalled {
            sent.extend(task.await.unwrap());
        }
        sent.sort_unstable();
        assert!(sent.len() >= 3, "{sent:?}");
        let window = usize::try_from(LIMIT).unwrap();
        for requests in sent.windows(window + 1) {
            assert!(requests[window] >= requests[0] + TEN_SECONDS, "{sent:?}");
        }
        let is_empty =
            |state: &mut State| state.queues.iter().flatten().all(|queue| queue.len() == 0);
        assert!(limiter.with(is_empty));
    });
}

#[test]
fn random_schedules_of_tasks_do_not_deadlock_starve_or_overdraw() {
    shuttle::check_random(model, 300);
    shuttle::check_pct(model, 100, 3);
}
