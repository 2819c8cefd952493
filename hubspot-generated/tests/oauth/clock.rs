//! A clock that a test sets.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use hubspot_generated::Clock;

/// A clock that a test sets.
pub(crate) struct TestClock {
    start: Instant,
    passed: Mutex<Duration>,
    /// The time of day, apart from what has passed.
    wall: Mutex<SystemTime>,
}

impl TestClock {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self {
            start: Instant::now(),
            passed: Mutex::default(),
            wall: Mutex::new(UNIX_EPOCH + Duration::from_hours(500_000)),
        })
    }

    pub(crate) fn advance(&self, seconds: u64) {
        *self.passed.lock().unwrap() += Duration::from_secs(seconds);
    }

    /// Puts the time of day forward, or back if negative.
    pub(crate) fn jump(&self, seconds: i64) {
        let mut wall = self.wall.lock().unwrap();
        let by = Duration::from_secs(seconds.unsigned_abs());
        *wall = if seconds < 0 { *wall - by } else { *wall + by };
    }
}

/// What a builder takes.
pub(crate) struct Shared(pub(crate) Arc<TestClock>);

impl Clock for Shared {
    fn now(&self) -> Instant {
        self.0.start + *self.0.passed.lock().unwrap()
    }

    fn wall_time(&self) -> SystemTime {
        *self.0.wall.lock().unwrap() + *self.0.passed.lock().unwrap()
    }

    /// Real, and short: whoever waits for something else looks again.
    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(tokio::time::sleep(duration.min(Duration::from_millis(5))))
    }
}
