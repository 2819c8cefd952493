//! A clock for tests whose waits take no time.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant, SystemTime};

use hubspot_generated::Clock;

/// A clock that does not wait, and whose time of day can be set.
#[derive(Clone, Default)]
pub(crate) struct JumpingClock(Arc<AtomicI64>);

impl JumpingClock {
    /// Sets the time of day to so many seconds from now.
    #[allow(dead_code, reason = "some tests need a clock that does not wait only")]
    pub(crate) fn jump(&self, seconds: i64) {
        self.0.store(seconds, Ordering::Relaxed);
    }
}

impl Clock for JumpingClock {
    fn now(&self) -> Instant {
        Instant::now()
    }

    fn wall_time(&self) -> SystemTime {
        let shift = self.0.load(Ordering::Relaxed);
        let by = Duration::from_secs(shift.unsigned_abs());
        if shift < 0 {
            SystemTime::now() - by
        } else {
            SystemTime::now() + by
        }
    }

    fn sleep(&self, _: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(async {})
    }
}
