//! The daily limit, which HubSpot renews at midnight in the account's time zone.

use std::time::{Duration, Instant, SystemTime};

const DAY: u64 = 24 * 60 * 60;
/// The interval at which a request is sent although the limit is used up, to find out whether it was renewed early.
const PROBE: Duration = Duration::from_mins(10);

/// Whether the daily limit is used up.
#[derive(Debug, Default)]
pub(super) struct Daily {
    /// When the limit is renewed, and when the next request finds out whether it is already.
    spent: Option<(Instant, Instant)>,
}

impl Daily {
    /// Notes that the limit is used up, and returns the time until it is renewed.
    pub(super) fn spend(&mut self, now: Instant, renewed_in: Duration) -> Duration {
        // A time that no `Instant` has is as good as a day.
        let renewed = now
            .checked_add(renewed_in)
            .unwrap_or(now + Duration::from_secs(DAY));
        self.spent = Some((renewed, renewed.min(now + PROBE)));
        renewed_in
    }

    /// Notes that a request was accepted.
    pub(super) fn renew(&mut self) {
        self.spent = None;
    }

    /// Returns whether a request may be sent, or the time until the limit is renewed, and until the next probe.
    pub(super) fn check(&self, now: Instant) -> Result<(), (Duration, Duration)> {
        match self.spent {
            Some((renewed, probe)) if now < probe => {
                let left = |time: Instant| time.saturating_duration_since(now);
                Err((left(renewed), left(probe)))
            }
            _ => Ok(()),
        }
    }

    /// Notes that a request is sent. While the limit is used up, the others wait for what it finds out.
    pub(super) fn sent(&mut self, now: Instant) {
        if let Some((renewed, _)) = self.spent {
            self.spent = Some((renewed.max(now), now + PROBE));
        }
    }

    pub(super) fn is_spent(&self) -> bool {
        self.spent.is_some()
    }
}

/// The time until midnight, `offset` minutes ahead of UTC.
pub(super) fn until_midnight(wall_time: SystemTime, offset_minutes: i16) -> Duration {
    let since = wall_time.duration_since(SystemTime::UNIX_EPOCH);
    let seconds = since.unwrap_or_default().as_secs() % DAY;
    let local = seconds.cast_signed() + i64::from(offset_minutes) * 60;
    let day = DAY.cast_signed();
    Duration::from_secs((day - local.rem_euclid(day)).cast_unsigned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_ends_at_the_midnight_of_the_account() {
        let at = |hours: u64| SystemTime::UNIX_EPOCH + Duration::from_hours(24 * 9 + hours);
        for (hour, offset, hours) in [
            (0, 0, 24),
            (23, 0, 1),
            (23, 60, 24),
            (1, -120, 1),
            (12, 1440, 12),
        ] {
            assert_eq!(
                until_midnight(at(hour), offset),
                Duration::from_hours(hours),
                "{hour} {offset}"
            );
        }
    }

    #[test]
    fn one_request_in_ten_minutes_finds_out_whether_the_limit_is_renewed() {
        let mut daily = Daily::default();
        let start = Instant::now();
        let at = |minutes| start + Duration::from_mins(minutes);
        assert!(daily.check(start).is_ok());
        daily.spend(start, Duration::from_mins(25));
        let mut sent = Vec::new();
        for minute in 0..=60 {
            if daily.check(at(minute)).is_ok() {
                daily.sent(at(minute));
                sent.push(minute);
            }
        }
        assert_eq!(sent, [10, 20, 30, 40, 50, 60]);
        daily.spend(start, Duration::from_mins(5));
        let left = Duration::from_mins(2);
        assert_eq!(daily.check(at(3)), Err((left, left)));
        daily.renew();
        assert!(daily.check(at(4)).is_ok() && !daily.is_spent());
        daily.spend(start, Duration::MAX);
        assert!(daily.check(at(1)).is_err());
    }
}
