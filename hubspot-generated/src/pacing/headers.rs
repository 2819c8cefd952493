//! HubSpot's rate limit headers.

use std::time::Duration;

use reqwest::header::HeaderMap;

/// What a response says about the limits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Rate {
    /// The limit of a window, and what is left of it.
    pub(super) window: Option<(u32, u32)>,
    pub(super) length: Option<Duration>,
    /// What is left of the daily limit.
    pub(super) left_today: Option<u64>,
}

impl Rate {
    pub(crate) fn read(headers: &HeaderMap) -> Self {
        let [mut limit, mut left, mut length, mut left_today] = [None; 4];
        // Every response comes here: one look at each name is less work than four searches.
        for (name, value) in headers {
            let Some(name) = name.as_str().strip_prefix("x-hubspot-ratelimit-") else {
                continue;
            };
            let number = match name {
                "max" => &mut limit,
                "remaining" => &mut left,
                "interval-milliseconds" => &mut length,
                "daily-remaining" => &mut left_today,
                _ => continue,
            };
            let text = value.to_str().unwrap_or_default();
            *number = number.or_else(|| text.trim_ascii().parse::<u64>().ok());
        }
        let small = |number: Option<u64>| u32::try_from(number?).ok();
        let limit = small(limit).filter(|limit| LIMITS.contains(limit));
        let length = length.map(Duration::from_millis);
        Self {
            window: limit.zip(small(left)),
            length: length.filter(|length| PLAUSIBLE.contains(length)),
            left_today,
        }
    }
}

/// The limits that are taken over. Each request takes memory as long as it counts.
const LIMITS: std::ops::RangeInclusive<u32> = 1..=100_000;
/// The lengths of a window that are taken over.
const PLAUSIBLE: std::ops::RangeInclusive<Duration> =
    Duration::from_millis(100)..=Duration::from_mins(1);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absent_and_odd_headers_say_nothing() {
        let rate = |entries: &[(&'static str, &'static str)]| {
            let mut headers = HeaderMap::new();
            for (name, value) in entries {
                let name = format!("x-hubspot-ratelimit-{name}");
                headers.insert(
                    name.parse::<reqwest::header::HeaderName>().unwrap(),
                    value.parse().unwrap(),
                );
            }
            Rate::read(&headers)
        };
        let full = rate(&[
            ("max", "190"),
            ("remaining", " 7 "),
            ("interval-milliseconds", "10000"),
            ("daily", "650000"),
            ("daily-remaining", "0"),
        ]);
        assert_eq!(full.window, Some((190, 7)));
        assert_eq!(full.length, Some(Duration::from_secs(10)));
        assert_eq!(full.left_today, Some(0));
        for odd in [
            &[][..],
            &[("max", "190")],
            &[("remaining", "190")],
            &[("max", "0"), ("remaining", "0")],
            &[("max", "-1"), ("remaining", "1")],
            &[("max", "99999999999"), ("remaining", "1")],
            &[("max", "4000000000"), ("remaining", "0")],
            &[("interval-milliseconds", "0"), ("daily-remaining", "x")],
            &[("interval-milliseconds", "86400000")],
        ] {
            assert_eq!(rate(odd), Rate::default(), "{odd:?}");
        }
    }
}
