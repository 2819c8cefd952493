//! The server's clock: the system time or a frozen time, plus an offset that tests advance.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

/// The system clock or a frozen time, plus an offset.
#[derive(Debug, Default)]
pub(crate) struct Clock {
    /// The frozen time; `None` for the system clock.
    frozen_at: Option<Timestamp>,
    /// The offset in milliseconds.
    advanced: AtomicI64,
}

impl Clock {
    /// Creates a clock that moves only when it is advanced.
    pub(crate) fn frozen_at(time: Timestamp) -> Self {
        Self {
            frozen_at: Some(time),
            advanced: AtomicI64::default(),
        }
    }

    /// The current time.
    pub(crate) fn now(&self) -> Timestamp {
        let advanced = SignedDuration::from_millis(self.advanced.load(Ordering::Relaxed));
        let start = self.frozen_at.unwrap_or_else(Timestamp::now);
        start.saturating_add(advanced).unwrap_or(Timestamp::MAX)
    }

    pub(crate) fn advance(&self, by: Duration) {
        let by = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
        let further = |advanced: i64| Some(advanced.saturating_add(by));
        // Always succeeds, as `further` always gives a value.
        let _ = self
            .advanced
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, further);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
