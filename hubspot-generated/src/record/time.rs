//! Dates and times of other crates. HubSpot writes them as epoch milliseconds or in ISO 8601.

#[cfg(any(feature = "jiff", feature = "chrono", feature = "time"))]
use super::value::{Ordered, PropertyValue};

/// Implements the traits for a type of times and one of dates, from milliseconds or by parsing.
#[cfg(any(feature = "jiff", feature = "chrono", feature = "time"))]
macro_rules! times {
    ($($ty:ty, $expected:literal, $read:path, $write:path, $millis:path;)*) => {
        $(
            impl PropertyValue for $ty {
                const EXPECTED: &'static str = $expected;

                fn from_property(text: &str) -> Option<Self> {
                    $read(text.trim())
                }

                fn to_property(&self) -> String {
                    $write(*self)
                }

                fn to_filter(&self) -> String {
                    $millis(*self).to_string()
                }
            }

            impl Ordered for $ty {}
        )*
    };
}

#[cfg(feature = "jiff")]
mod of_jiff {
    use jiff::Timestamp;
    use jiff::civil::Date;
    use jiff::tz::TimeZone;

    use super::{Ordered, PropertyValue};

    times! {
        Timestamp, "a time", time, write_time, millis;
        Date, "a date", date, write_date, date_millis;
    }

    fn time(text: &str) -> Option<Timestamp> {
        match text.parse() {
            Ok(millis) => Timestamp::from_millisecond(millis).ok(),
            // A date alone is its beginning, in UTC.
            Err(_) => text.parse().ok().or_else(|| start(text.parse().ok()?)),
        }
    }

    fn start(date: Date) -> Option<Timestamp> {
        Some(date.to_zoned(TimeZone::UTC).ok()?.timestamp())
    }

    fn date(text: &str) -> Option<Date> {
        Some(time(text)?.to_zoned(TimeZone::UTC).date())
    }

    fn write_date(date: Date) -> String {
        date.to_string()
    }

    fn write_time(time: Timestamp) -> String {
        format!("{time:.3}")
    }

    fn millis(time: Timestamp) -> i64 {
        time.as_millisecond()
    }

    fn date_millis(date: Date) -> i64 {
        start(date).map_or(0, Timestamp::as_millisecond)
    }
}

#[cfg(feature = "chrono")]
mod of_chrono {
    use chrono::{DateTime, NaiveDate, NaiveTime, SecondsFormat, Utc};

    use super::{Ordered, PropertyValue};

    times! {
        DateTime<Utc>, "a time", time, write_time, millis;
        NaiveDate, "a date", date, write_date, date_millis;
    }

    fn time(text: &str) -> Option<DateTime<Utc>> {
        if let Ok(millis) = text.parse() {
            return DateTime::from_timestamp_millis(millis);
        }
        let time = DateTime::parse_from_rfc3339(text).ok();
        time.map(|time| time.to_utc())
            .or_else(|| Some(start(text.parse().ok()?)))
    }

    fn start(date: NaiveDate) -> DateTime<Utc> {
        date.and_time(NaiveTime::MIN).and_utc()
    }

    fn date(text: &str) -> Option<NaiveDate> {
        Some(time(text)?.date_naive())
    }

    fn write_date(date: NaiveDate) -> String {
        date.to_string()
    }

    fn millis(time: DateTime<Utc>) -> i64 {
        time.timestamp_millis()
    }

    fn write_time(time: DateTime<Utc>) -> String {
        time.to_rfc3339_opts(SecondsFormat::Millis, true)
    }

    fn date_millis(date: NaiveDate) -> i64 {
        start(date).timestamp_millis()
    }
}

#[cfg(feature = "time")]
mod of_time {
    use time::format_description::well_known::Rfc3339;
    use time::{Date, OffsetDateTime, Time, UtcOffset};

    use super::{Ordered, PropertyValue};

    times! {
        OffsetDateTime, "a time", moment, write_time, millis;
        Date, "a date", date, write_date, date_millis;
    }

    fn moment(text: &str) -> Option<OffsetDateTime> {
        match text.parse::<i64>() {
            Ok(millis) => {
                OffsetDateTime::from_unix_timestamp_nanos(i128::from(millis) * 1_000_000).ok()
            }
            Err(_) => OffsetDateTime::parse(text, &Rfc3339)
                .or_else(|_| OffsetDateTime::parse(&format!("{text}T00:00:00Z"), &Rfc3339))
                .ok(),
        }
    }

    fn date(text: &str) -> Option<Date> {
        Some(moment(text)?.to_offset(UtcOffset::UTC).date())
    }

    /// Milliseconds, where it has no representation in RFC 3339.
    fn write_date(date: Date) -> String {
        date.to_string()
    }

    fn write_time(moment: OffsetDateTime) -> String {
        let utc = moment.to_offset(UtcOffset::UTC);
        utc.format(&Rfc3339)
            .unwrap_or_else(|_| millis(moment).to_string())
    }

    fn millis(moment: OffsetDateTime) -> i128 {
        moment.unix_timestamp_nanos().div_euclid(1_000_000)
    }

    fn date_millis(date: Date) -> i128 {
        millis(date.with_time(Time::MIDNIGHT).assume_utc())
    }
}

#[cfg(all(test, feature = "jiff", feature = "chrono", feature = "time"))]
mod tests {
    use super::PropertyValue;

    /// What each library reads and writes, as text.
    fn read<T: PropertyValue>(text: &str) -> Option<[String; 2]> {
        let value = T::from_property(text)?;
        Some([value.to_property(), value.to_filter()])
    }

    #[test]
    fn times_have_both_spellings() {
        for (text, expected) in [
            (
                "2026-09-08T12:34:56.789Z",
                Some(["2026-09-08T12:34:56.789Z", "1788870896789"]),
            ),
            (
                "1788870896789",
                Some(["2026-09-08T12:34:56.789Z", "1788870896789"]),
            ),
            (
                "2026-09-08T14:34:56.789+02:00",
                Some(["2026-09-08T12:34:56.789Z", "1788870896789"]),
            ),
            ("yesterday", None),
            ("2026-13-08T12:34:56Z", None),
            ("10000-01-01T00:00:00Z", None),
            ("999999999999999999", None),
            ("1,5", None),
        ] {
            let expected = expected.map(|texts| texts.map(str::to_owned));
            assert_eq!(read::<jiff::Timestamp>(text), expected, "{text}");
            assert_eq!(
                read::<chrono::DateTime<chrono::Utc>>(text),
                expected,
                "{text}"
            );
            assert_eq!(read::<time::OffsetDateTime>(text), expected, "{text}");
        }
    }

    #[test]
    fn dates_have_both_spellings() {
        for (text, expected) in [
            ("2026-09-08", Some(["2026-09-08", "1788825600000"])),
            ("1788825600000", Some(["2026-09-08", "1788825600000"])),
            (
                "2026-09-08T00:00:00Z",
                Some(["2026-09-08", "1788825600000"]),
            ),
            ("2026-02-30", None),
            ("08.09.2026", None),
            ("NaN", None),
        ] {
            let expected = expected.map(|texts| texts.map(str::to_owned));
            assert_eq!(read::<jiff::civil::Date>(text), expected, "{text}");
            assert_eq!(read::<chrono::NaiveDate>(text), expected, "{text}");
            assert_eq!(read::<time::Date>(text), expected, "{text}");
        }
    }
}
