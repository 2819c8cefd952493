//! Tells a record that a request has created from one that existed before, by HubSpot's own clock.

use std::time::{Duration, SystemTime};

use reqwest::header::{DATE, HeaderMap};

use crate::error::{days_since_1970, parse_date};
use crate::values::DateTime;

/// HubSpot's time when it sent a response, rounded down to a second.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ServerTime(SystemTime);

impl ServerTime {
    pub(crate) fn of(headers: &HeaderMap) -> Option<Self> {
        let text = headers.get(DATE)?.to_str().ok()?;
        parse_date(text).map(Self)
    }

    /// HubSpot's time this long before, at the earliest.
    pub(crate) fn before(self, since: Duration) -> SystemTime {
        self.0.checked_sub(since).unwrap_or(SystemTime::UNIX_EPOCH)
    }
}

/// The time of a record, which is RFC 3339 in UTC or milliseconds since 1970.
pub(crate) fn created_at(text: &DateTime) -> Option<SystemTime> {
    let text = text.as_str().trim();
    let since = if let Ok(milliseconds) = text.parse() {
        Duration::from_millis(milliseconds)
    } else {
        let (date, time) = text.strip_suffix('Z')?.split_once('T')?;
        let [year, month, day] = numbers(date, '-')?;
        let (time, fraction) = time.split_once('.').unwrap_or((time, "0"));
        let [hour, minute, second] = numbers(time, ':')?;
        let fraction: f64 = format!("0.{fraction}").parse().ok()?;
        let valid = (1..=12).contains(&month) && hour < 24 && minute < 60 && second <= 60;
        let days = valid.then(|| days_since_1970(year, month, day))??;
        let seconds = ((days * 24 + hour) * 60 + minute) * 60 + second;
        Duration::from_secs(seconds) + Duration::try_from_secs_f64(fraction).ok()?
    };
    SystemTime::UNIX_EPOCH.checked_add(since)
}

fn numbers(text: &str, separator: char) -> Option<[u64; 3]> {
    let numbers = text.split(separator).map(|part| {
        let is_number =
            (1..=4).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| part.parse().ok())?
    });
    numbers.collect::<Option<Vec<_>>>()?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_hubspot_writes_them() {
        for (text, expected) in [
            ("1970-01-01T00:00:00Z", Some(0)),
            ("2026-11-26T02:00:00.500Z", Some(1_795_658_400_500)),
            ("2026-11-26T02:00:00Z", Some(1_795_658_400_000)),
            ("1795658400500", Some(1_795_658_400_500)),
            ("", None),
            ("yesterday", None),
            ("2026-13-01T00:00:00Z", None),
            ("2026-11-26T02:00:00", None),
            ("2026-11-26T+2:00:00Z", None),
        ] {
            let time = created_at(&DateTime::from(text));
            let since = time.map(|time| time.duration_since(SystemTime::UNIX_EPOCH).unwrap());
            assert_eq!(since.map(|since| since.as_millis()), expected, "{text}");
        }
    }
}
