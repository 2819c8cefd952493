//! Dates and times of other crates. HubSpot writes them as epoch milliseconds or in ISO 8601.

#[cfg(any(feature = "jiff", feature = "chrono", feature = "time"))]
use super::value::{Ordered, PropertyValue};

/// Implements the traits for a type of times and one of dates, from milliseconds or by parsing.
#[cfg(any(feature = "jiff", feature = "chrono", feature = "time"))]
macro_rules! times {
    ($($ty:ty, $expected:literal, $read:path, $write:path, $millis:path, $is_usual:path;)*) => {
        $(
            impl PropertyValue for $ty {
                const EXPECTED: &'static str = $expected;

                fn from_property(text: &str) -> Option<Self> {
                    Some(text.trim()).filter(|text| !is_compact(text)).and_then($read)
                }

                fn to_property(&self) -> String {
                    $write(*self)
                }

                fn checked_property(&self) -> Option<String> {
                    $is_usual(*self).then(|| self.to_property())
                }

                fn to_filter(&self) -> String {
                    $millis(*self).to_string()
                }
            }

            impl Ordered for $ty {}
        )*
    };
}

/// Returns whether a text has the form of a date without a time. Times need an offset from UTC: without one it is unknown
/// which instant they are.
#[cfg(any(feature = "jiff", feature = "chrono", feature = "time"))]
fn is_date(text: &str) -> bool {
    let form = text.bytes().enumerate();
    let mut form = form.map(|(at, byte)| match at {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    });
    text.len() == 10 && form.all(|fits| fits)
}

/// Returns whether a number is a year or a date without dashes (`20260908`) rather than milliseconds, which would be the
/// first hours of 1970.
#[cfg(any(feature = "jiff", feature = "chrono", feature = "time"))]
fn is_compact(text: &str) -> bool {
    matches!((text.len(), text.get(..2)), (4 | 8, Some("19" | "20")))
}

/// The years that every spelling can express: those of four digits. Others cannot be written.
#[cfg(any(feature = "jiff", feature = "chrono", feature = "time"))]
fn is_usual(year: impl Into<i64>) -> bool {
    (0..=9999).contains(&year.into())
}

#[cfg(feature = "jiff")]
mod of_jiff {
    use jiff::Timestamp;
    use jiff::civil::Date;
    use jiff::tz::TimeZone;

    use super::{Ordered, PropertyValue, is_compact, is_date, is_usual};

    times! {
        Timestamp, "a time", time, write_time, millis, is_usual_time;
        Date, "a date", date, write_date, date_millis, is_usual_date;
    }

    fn is_usual_time(time: Timestamp) -> bool {
        is_usual(time.to_zoned(TimeZone::UTC).year())
    }

    fn is_usual_date(date: Date) -> bool {
        is_usual(date.year())
    }

    fn time(text: &str) -> Option<Timestamp> {
        let time = match text.parse() {
            Ok(millis) => Timestamp::from_millisecond(millis).ok()?,
            // A date alone is its beginning, in UTC.
            Err(_) if is_date(text) => {
                let date = text.parse::<Date>().ok()?;
                date.to_zoned(TimeZone::UTC).ok()?.timestamp()
            }
            Err(_) => text.parse().ok()?,
        };
        is_usual_time(time).then_some(time)
    }

    fn date(text: &str) -> Option<Date> {
        // The last days of the year 9999 have no timestamp.
        if is_date(text) {
            return text.parse().ok();
        }
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

    fn date_millis(date: Date) -> i128 {
        jiff::civil::date(1970, 1, 1)
            .duration_until(date)
            .as_millis()
    }
}

#[cfg(feature = "chrono")]
mod of_chrono {
    use chrono::{DateTime, Datelike as _, NaiveDate, NaiveTime, SecondsFormat, Utc};

    use super::{Ordered, PropertyValue, is_compact, is_date, is_usual};

    times! {
        DateTime<Utc>, "a time", time, write_time, millis, is_usual_time;
        NaiveDate, "a date", date, write_date, date_millis, is_usual_date;
    }

    fn time(text: &str) -> Option<DateTime<Utc>> {
        let time = match text.parse() {
            Ok(millis) => DateTime::from_timestamp_millis(millis)?,
            // A date alone is its beginning, in UTC.
            Err(_) if is_date(text) => start(text.parse().ok()?),
            Err(_) => DateTime::parse_from_rfc3339(text).ok()?.to_utc(),
        };
        is_usual_time(time).then_some(time)
    }

    fn is_usual_time(time: DateTime<Utc>) -> bool {
        is_usual(time.year())
    }

    fn is_usual_date(date: NaiveDate) -> bool {
        is_usual(date.year())
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

    use super::{Ordered, PropertyValue, is_compact, is_date, is_usual};

    times! {
        OffsetDateTime, "a time", moment, write_time, millis, is_usual_time;
        Date, "a date", date, write_date, date_millis, is_usual_date;
    }

    fn moment(text: &str) -> Option<OffsetDateTime> {
        let moment = match text.parse::<i64>() {
            Ok(millis) => {
                OffsetDateTime::from_unix_timestamp_nanos(i128::from(millis) * 1_000_000).ok()?
            }
            // A date alone is its beginning, in UTC.
            Err(_) if is_date(text) => {
                OffsetDateTime::parse(&format!("{text}T00:00:00Z"), &Rfc3339).ok()?
            }
            Err(_) => OffsetDateTime::parse(text, &Rfc3339).ok()?,
        };
        is_usual_time(moment).then_some(moment)
    }

    fn is_usual_time(moment: OffsetDateTime) -> bool {
        let utc = moment.checked_to_offset(UtcOffset::UTC);
        utc.is_some_and(|utc| is_usual(utc.year()))
    }

    fn is_usual_date(date: Date) -> bool {
        is_usual(date.year())
    }

    fn date(text: &str) -> Option<Date> {
        Some(moment(text)?.to_offset(UtcOffset::UTC).date())
    }

    /// Milliseconds, where it has no representation in RFC 3339.
    fn write_date(date: Date) -> String {
        date.to_string()
    }

    fn write_time(moment: OffsetDateTime) -> String {
        let utc = moment.checked_to_offset(UtcOffset::UTC);
        let text = utc.and_then(|utc| utc.format(&Rfc3339).ok());
        text.unwrap_or_else(|| millis(moment).to_string())
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
            ("+10000-01-01T00:00:00Z", None),
            ("253402300800000", None),
            ("-99999999999999", None),
            ("2026-09-08T12:34:56", None),
            ("2026-09-08 12:34:56", None),
            ("999999999999999999", None),
            ("20260908", None),
            ("2026", None),
            ("86400001", Some(["1970-01-02T00:00:00.001Z", "86400001"])),
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
    fn years_that_cannot_be_read_cannot_be_written() {
        let written =
            |values: [Option<String>; 6]| values.into_iter().flatten().collect::<Vec<_>>();
        let early = jiff::civil::date(-44, 3, 15);
        let late = chrono::NaiveDate::from_ymd_opt(10_000, 1, 1).unwrap();
        let offset = time::UtcOffset::from_hms(1, 0, 0).unwrap();
        let edge = time::Date::MIN.midnight().assume_offset(offset);
        let texts = [
            early.checked_property(),
            early
                .to_zoned(jiff::tz::TimeZone::UTC)
                .unwrap()
                .timestamp()
                .checked_property(),
            late.checked_property(),
            late.and_time(chrono::NaiveTime::MIN)
                .and_utc()
                .checked_property(),
            time::Date::MIN.checked_property(),
            edge.checked_property(),
        ];
        assert_eq!(written(texts), Vec::<String>::new());
        // Without the check it is written somehow, and does not panic.
        assert!(!edge.to_property().is_empty());
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
            ("9999-12-31", Some(["9999-12-31", "253402214400000"])),
            ("0001-01-01", Some(["0001-01-01", "-62135596800000"])),
            ("2026-09-08T12:34:56", None),
            ("253402300800000", None),
            ("+10000-01-01", None),
            ("10000-01-01", None),
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
