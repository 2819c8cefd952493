//! The server's clock: the system time, a frozen time or a scaled time, plus an offset that tests advance.

use std::fmt;
use std::pin::Pin;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant, SystemTime};

use jiff::{SignedDuration, Timestamp};
use tokio::sync::Notify;

/// The system clock, a frozen time or a scaled time, plus an offset.
#[derive(Debug)]
pub(crate) struct Clock {
    source: RwLock<Source>,
    /// The offset in milliseconds.
    advanced: AtomicI64,
    /// Wakes those who sleep by this clock when it is changed.
    changed: Notify,
    /// The start of a client's monotonic time.
    start: (Instant, Timestamp),
}

#[derive(Clone, Copy, Debug)]
enum Source {
    System,
    /// Moves only when it is advanced.
    Frozen(Timestamp),
    /// Moves faster by a factor, from a time on.
    Scaled(Timestamp, Instant, u32),
}

impl Default for Clock {
    fn default() -> Self {
        Self::of(Source::System)
    }
}

impl Clock {
    fn of(source: Source) -> Self {
        Self {
            source: RwLock::new(source),
            advanced: AtomicI64::default(),
            changed: Notify::new(),
            start: (Instant::now(), source.now()),
        }
    }

    /// Creates a clock that moves only when it is advanced.
    pub(crate) fn frozen_at(time: Timestamp) -> Self {
        Self::of(Source::Frozen(time))
    }

    /// The current time.
    pub(crate) fn now(&self) -> Timestamp {
        let advanced = SignedDuration::from_millis(self.advanced.load(Ordering::Relaxed));
        let start = self.source().now();
        start.saturating_add(advanced).unwrap_or(Timestamp::MAX)
    }

    pub(crate) fn advance(&self, by: Duration) {
        let by = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
        let further = |advanced: i64| Some(advanced.saturating_add(by));
        // Always succeeds, as `further` always gives a value.
        let _ = self
            .advanced
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, further);
        self.changed.notify_waiters();
    }

    fn source(&self) -> Source {
        *self.source.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn scale(&self, times: u32) {
        let mut source = self.source.write().unwrap_or_else(PoisonError::into_inner);
        *source = Source::Scaled(source.now(), Instant::now(), times);
        drop(source);
        self.changed.notify_waiters();
    }

    /// The time since the clock's start.
    fn elapsed(&self) -> Duration {
        let elapsed = self.now().duration_since(self.start.1);
        Duration::try_from(elapsed).unwrap_or_default()
    }

    /// Waits by this clock.
    async fn sleep(&self, duration: Duration) {
        let end = self.elapsed().saturating_add(duration);
        loop {
            let changed = self.changed.notified();
            let rest = end.saturating_sub(self.elapsed());
            match self.source() {
                _ if rest.is_zero() => return,
                // Milliseconds, rounded up. At the end of time the clock stops before that.
                Source::Frozen(_) => {
                    self.advance(rest.saturating_add(Duration::from_nanos(999_999)));
                    return;
                }
                Source::System | Source::Scaled(_, _, 0) => wait(rest, changed).await,
                Source::Scaled(_, _, times) => wait(rest / times, changed).await,
            }
        }
    }
}

/// Waits for a time to pass, or for a change of the clock.
async fn wait(duration: Duration, changed: impl Future) {
    let _ = tokio::time::timeout(duration, changed).await;
}

impl Source {
    fn now(self) -> Timestamp {
        match self {
            Self::System => Timestamp::now(),
            Self::Frozen(time) => time,
            Self::Scaled(start, since, times) => {
                let passed = since.elapsed().saturating_mul(times);
                start.saturating_add(passed).unwrap_or(Timestamp::MAX)
            }
        }
    }
}

/// The clock of a [`MockHubSpot`](crate::MockHubSpot), for its clients. See
/// [`MockHubSpot::clock`](crate::MockHubSpot::clock).
#[derive(Clone)]
pub struct MockClock(Arc<Clock>);

impl MockClock {
    pub(crate) fn new(clock: Arc<Clock>) -> Self {
        Self(clock)
    }

    /// Lets the clock run `times` as fast as the system's from now on, for the server and for all clients that have it. A
    /// frozen clock starts to run. With 0 the clock stands still, and waits last until it is advanced.
    ///
    /// Limits, tokens and waits then pass faster. Timeouts and delays of responses are by the system clock.
    #[must_use]
    pub fn scaled(self, times: u32) -> Self {
        self.0.scale(times);
        self
    }
}

/// With a frozen clock, a wait takes no time: the clock moves to its end.
impl hubspot_generated::Clock for MockClock {
    fn now(&self) -> Instant {
        self.0.start.0 + self.0.elapsed()
    }

    fn wall_time(&self) -> SystemTime {
        self.0.now().into()
    }

    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        let clock = Arc::clone(&self.0);
        Box::pin(async move { clock.sleep(duration).await })
    }
}

impl fmt::Debug for MockClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("MockClock").field(&self.0.now()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_longest_wait_of_a_frozen_clock_ends() {
        let clock = Clock::frozen_at(Timestamp::UNIX_EPOCH);
        clock.sleep(Duration::MAX).await;
        clock.sleep(Duration::from_secs(1)).await;
    }

    #[test]
    fn a_frozen_clock_moves_only_when_advanced() {
        let start: Timestamp = "2026-11-01T12:00:00Z".parse().unwrap();
        let clock = Clock::frozen_at(start);
        assert_eq!(clock.now(), start);
        clock.advance(Duration::from_mins(30));
        assert_eq!(clock.now().to_string(), "2026-11-01T12:30:00Z");
    }

    #[test]
    fn the_clock_stops_at_the_end_of_time() {
        let clock = Clock::default();
        clock.advance(Duration::MAX);
        clock.advance(Duration::MAX);
        assert_eq!(clock.now(), Timestamp::MAX);
    }

    #[tokio::test]
    async fn a_scaled_clock_runs_faster_for_those_who_sleep_by_it() {
        use hubspot_generated::Clock as _;

        let clock = MockClock::new(Arc::new(Clock::default())).scaled(1_000);
        let (real, start, wall) = (Instant::now(), clock.now(), clock.wall_time());
        clock.sleep(Duration::from_secs(30)).await;
        assert!(clock.now() - start >= Duration::from_secs(30));
        assert!(clock.wall_time() > wall + Duration::from_secs(29));
        assert!(real.elapsed() < Duration::from_secs(20));
    }

    #[tokio::test]
    async fn a_wait_ends_when_the_clock_is_advanced_or_frozen() {
        use hubspot_generated::Clock as _;

        let clock = MockClock::new(Arc::new(Clock::default()));
        let waiting = tokio::spawn(clock.sleep(Duration::from_hours(1)));
        tokio::task::yield_now().await;
        clock.0.advance(Duration::from_hours(2));
        waiting.await.unwrap();

        let frozen = MockClock::new(Arc::new(Clock::frozen_at(Timestamp::UNIX_EPOCH)));
        let start = frozen.now();
        frozen.sleep(Duration::from_hours(1)).await;
        assert_eq!(frozen.now() - start, Duration::from_hours(1));
    }
}
