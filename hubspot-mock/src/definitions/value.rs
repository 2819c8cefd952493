//! How property values are read, compared and written. On the wire, every value is text.

use std::borrow::Cow;
use std::cmp::Ordering;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::definitions::PropertyType;

/// A value as searches compare it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Key<'a> {
    Number(f64),
    /// Dates and times, in milliseconds since 1970.
    Moment(i64),
    /// Everything else, in lower case.
    Text(Cow<'a, str>),
}

impl Key<'_> {
    /// An id, which is compared as a number.
    #[expect(clippy::cast_precision_loss, reason = "ids here are far below 2^53")]
    pub(crate) const fn id(id: u64) -> Self {
        Self::Number(id as f64)
    }

    /// Compares two values of one property.
    pub(crate) fn order(&self, other: &Key<'_>) -> Ordering {
        match (self, other) {
            (Self::Number(left), Key::Number(right)) => left.total_cmp(right),
            (Self::Moment(left), Key::Moment(right)) => left.cmp(right),
            (Self::Text(left), Key::Text(right)) => left.cmp(right),
            // All keys of a property are of one kind.
            _ => Ordering::Equal,
        }
    }
}

/// Parses a value for comparison. Returns `None` if the text is not valid for the type.
pub(crate) fn key(ty: PropertyType, text: &str) -> Option<Key<'_>> {
    match ty {
        PropertyType::Number => number(text).map(Key::Number),
        PropertyType::Date | PropertyType::DateTime => moment(text).map(Key::Moment),
        _ => Some(Key::Text(lower(text))),
    }
}

/// Converts `text` to lower case. Borrows it if nothing changes.
pub(crate) fn lower(text: &str) -> Cow<'_, str> {
    if text.chars().any(char::is_uppercase) {
        Cow::Owned(text.to_lowercase())
    } else {
        Cow::Borrowed(text)
    }
}

/// Formats a time as HubSpot does: `2026-09-08T12:00:00.000Z`.
pub(crate) fn moment_text(milliseconds: i64) -> String {
    format!("{:.3}", timestamp(milliseconds))
}

/// Converts milliseconds to a timestamp, clamped to the years -9999 to 9999.
pub(crate) fn timestamp(milliseconds: i64) -> Timestamp {
    let end = if milliseconds < 0 {
        Timestamp::MIN
    } else {
        Timestamp::MAX
    };
    Timestamp::from_millisecond(milliseconds).unwrap_or(end)
}

/// Parses milliseconds since 1970, or ISO 8601 with or without a time.
pub(crate) fn moment(text: &str) -> Option<i64> {
    let text = text.trim();
    if let Ok(milliseconds) = text.parse::<i64>() {
        // jiff's range is the years -9999 to 9999.
        return Timestamp::from_millisecond(milliseconds)
            .ok()
            .map(Timestamp::as_millisecond);
    }
    if let Ok(time) = text.parse::<Timestamp>() {
        return Some(time.as_millisecond());
    }
    // jiff would also parse a date with a time as a date, and ignore the time.
    let day = text
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'-');
    let day = day.then(|| text.parse::<Date>().ok())??;
    let midnight = day.to_zoned(TimeZone::UTC).ok()?;
    Some(midnight.timestamp().as_millisecond())
}

pub(crate) fn number(text: &str) -> Option<f64> {
    let text = text.trim();
    // Rust also parses `inf` and `nan`.
    let digits = text.bytes().any(|byte| byte.is_ascii_digit());
    let number = text.parse::<f64>().ok().filter(|_| digits)?;
    number.is_finite().then_some(number)
}

/// Formats an amount, rounded to six decimals.
pub(crate) fn decimal(number: f64) -> String {
    let text = format!("{number:.6}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0" } else { text }.to_owned()
}

/// Whether `text` is an email address: a name, `@` and a domain with a dot.
///
/// HubSpot does not document its rules; these reject what no mail server would accept.
pub(crate) fn is_email(text: &str) -> bool {
    let Some((name, domain)) = text.rsplit_once('@') else {
        return false;
    };
    let plain = |part: &str| {
        !part.is_empty()
            && !part.starts_with('.')
            && !part.ends_with('.')
            && !part.contains("..")
            && part
                .chars()
                .all(|letter| !letter.is_whitespace() && !letter.is_control())
    };
    let bare = !name.contains(['@', ',', ';', '<', '>', '(', ')', '[', ']', '\\', '"']);
    let host = domain
        .chars()
        .all(|letter| letter.is_alphanumeric() || matches!(letter, '.' | '-'));
    plain(name) && plain(domain) && bare && host && domain.contains('.')
}
