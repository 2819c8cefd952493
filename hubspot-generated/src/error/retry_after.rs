//! `Retry-After`: seconds, fractions of them, or an HTTP date.

use std::time::{Duration, SystemTime};

use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};

const DAY: u64 = 24 * 60 * 60;
const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// How long `Retry-After` asks to wait. A date counts from the response's own `Date`, or else from `now`.
pub(crate) fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = header(headers, RETRY_AFTER.as_str())?.trim();
    if text.starts_with(|first: char| first.is_ascii_digit()) {
        let seconds = text.parse().ok()?;
        return Some(Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX));
    }
    let at = parse_date(text)?;
    let date = header(headers, DATE.as_str()).and_then(parse_date);
    Some(at.duration_since(date.unwrap_or(now)).unwrap_or_default())
}

/// A header that is text.
pub(super) fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// Parses a date in one of HTTP's three formats: `Sun, 06 Nov 1994 08:49:37 GMT`, `Sunday, 06-Nov-94 08:49:37 GMT`, and
/// `Sun Nov  6 08:49:37 1994`.
pub(crate) fn parse_date(text: &str) -> Option<SystemTime> {
    let parts = text
        .split([' ', ',', '-', ':'])
        .filter(|part| !part.is_empty());
    let parts: Vec<&str> = parts.collect();
    let [day, month, year, hour, minute, second] = match parts[..] {
        [_, day, month, year, hour, minute, second, "GMT"]
            if day.as_bytes()[0].is_ascii_digit() =>
        {
            [day, month, year, hour, minute, second]
        }
        [_, month, day, hour, minute, second, year] => [day, month, year, hour, minute, second],
        _ => return None,
    };
    let month = 1 + MONTHS.iter().position(|name| *name == month)? as u64;
    let number = |text: &str, limit: u64| {
        let number = text.bytes().all(|digit| digit.is_ascii_digit());
        let number = number.then(|| text.parse::<u64>().ok())?;
        number.filter(|number| *number <= limit)
    };
    let century = match year.len() {
        2 if number(year, 99)? < 70 => 2000,
        2 => 1900,
        4 => 0,
        _ => return None,
    };
    let days = days_since_1970(century + number(year, 9999)?, month, number(day, 31)?)?;
    let clock = number(hour, 23)? * 3600 + number(minute, 59)? * 60 + number(second, 60)?;
    SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(days * DAY + clock))
}

/// The days from 1970 to a date; `None` before 1970.
pub(crate) fn days_since_1970(year: u64, month: u64, day: u64) -> Option<u64> {
    // The year begins in March, so that the leap day is its last.
    let year = if month < 3 {
        year.checked_sub(1)?
    } else {
        year
    };
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day.checked_sub(1)?;
    (year * 365 + year / 4 - year / 100 + year / 400 + day_of_year).checked_sub(719_468)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(text: &str) -> Option<u64> {
        let since = parse_date(text)?.duration_since(SystemTime::UNIX_EPOCH);
        since.ok().map(|since| since.as_secs())
    }

    #[test]
    fn dates_have_three_formats() {
        for text in [
            "Sun, 06 Nov 1994 08:49:37 GMT",
            "Sunday, 06-Nov-94 08:49:37 GMT",
            "Sun Nov  6 08:49:37 1994",
        ] {
            assert_eq!(seconds(text), Some(784_111_777), "{text}");
        }
        for (text, expected) in [
            ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
            ("Sat, 29 Feb 2020 23:59:59 GMT", 1_583_020_799),
            ("Sun, 01 Mar 2020 00:00:00 GMT", 1_583_020_800),
            ("Thu, 26 Nov 2026 02:00:00 GMT", 1_795_658_400),
            ("Thursday, 26-Nov-26 02:00:00 GMT", 1_795_658_400),
        ] {
            assert_eq!(seconds(text), Some(expected), "{text}");
        }
        for text in [
            "",
            "soon",
            "Sun, 06 Nov 1994 08:49:37",
            "Sun, 06 Nov 1994 24:49:37 GMT",
            "Sun, 00 Nov 1994 08:49:37 GMT",
            "Sun, 06 Nov 994 08:49:37 GMT",
            "Sun, 06 Foo 1994 08:49:37 GMT",
            "Sun, 06 Nov 1969 08:49:37 GMT",
            "Sun, 06 Nov +994 08:49:37 GMT",
            "é, é é é é é é GMT",
        ] {
            assert_eq!(seconds(text), None, "{text}");
        }
    }

    #[test]
    fn waits_are_seconds_fractions_or_dates() {
        let date = "Sun, 06 Nov 1994 08:49:37 GMT";
        let wait = |retry_after: &str, date: Option<&str>| {
            let mut headers = HeaderMap::new();
            headers.insert(RETRY_AFTER, retry_after.parse().unwrap());
            if let Some(date) = date {
                headers.insert(DATE, date.parse().unwrap());
            }
            let now = SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_770);
            retry_after_ms(&headers, now)
        };
        for (text, expected) in [
            ("0", Some(0)),
            (" 12 ", Some(12_000)),
            ("1.5", Some(1_500)),
            ("0.25", Some(250)),
            ("-3", None),
            ("soon", None),
            ("", None),
            ("1 s", None),
        ] {
            assert_eq!(wait(text, None), expected, "{text}");
        }
        assert_eq!(wait(date, None), Some(7_000), "from this machine's clock");
        assert_eq!(
            wait(date, Some("Sun, 06 Nov 1994 08:49:35 GMT")),
            Some(2_000)
        );
        assert_eq!(wait(date, Some("Sun, 06 Nov 1994 08:50:00 GMT")), Some(0));
        assert!(wait("18446744073709551615", None) > Some(u128::from(u64::MAX)));
        assert_eq!(wait("1e999", None), Some(Duration::MAX.as_millis()));
    }

    fn retry_after_ms(headers: &HeaderMap, now: SystemTime) -> Option<u128> {
        retry_after(headers, now).map(|wait| wait.as_millis())
    }
}
