//! How property values are read, compared and written. On the wire, every value is text.

use std::borrow::Cow;
use std::cmp::Ordering;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::definitions::property_type::PropertyType;

/// What is compared in searches.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Key<'a> {
    /// Numbers.
    Number(f64),
    /// Days and moments, as milliseconds since 1970.
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

    /// The order of two values of one property.
    pub(crate) fn order(&self, other: &Key<'_>) -> Ordering {
        match (self, other) {
            (Self::Number(left), Key::Number(right)) => left.total_cmp(right),
            (Self::Moment(left), Key::Moment(right)) => left.cmp(right),
            (Self::Text(left), Key::Text(right)) => left.cmp(right),
            // The keys of one property are of one kind.
            _ => Ordering::Equal,
        }
    }
}

/// What a stored or searched value is compared as; `None` where the text has no such meaning.
pub(crate) fn key(ty: PropertyType, text: &str) -> Option<Key<'_>> {
    match ty {
        PropertyType::Number => number(text).map(Key::Number),
        PropertyType::Date | PropertyType::DateTime => moment(text).map(Key::Moment),
        _ => Some(Key::Text(lower(text))),
    }
}

/// `text` in lower case, borrowed where it is already.
pub(crate) fn lower(text: &str) -> Cow<'_, str> {
    if text.chars().any(char::is_uppercase) {
        Cow::Owned(text.to_lowercase())
    } else {
        Cow::Borrowed(text)
    }
}

/// A moment as HubSpot writes it: `2026-09-08T12:00:00.000Z`.
pub(crate) fn moment_text(milliseconds: i64) -> String {
    format!("{:.3}", timestamp(milliseconds))
}

/// A number of milliseconds as a time; one beyond year 9999 becomes the last of it.
pub(crate) fn timestamp(milliseconds: i64) -> Timestamp {
    let end = if milliseconds < 0 {
        Timestamp::MIN
    } else {
        Timestamp::MAX
    };
    Timestamp::from_millisecond(milliseconds).unwrap_or(end)
}

/// Milliseconds since 1970, from the same number as text or from ISO 8601 with or without a time.
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
    // jiff would also read a day out of a day with a time, and forget the time.
    let day = text
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'-');
    let day = day.then(|| text.parse::<Date>().ok())??;
    let midnight = day.to_zoned(TimeZone::UTC).ok()?;
    Some(midnight.timestamp().as_millisecond())
}

pub(crate) fn number(text: &str) -> Option<f64> {
    let text = text.trim();
    // Rust also reads `inf` and `nan`.
    let digits = text.bytes().any(|byte| byte.is_ascii_digit());
    let number = text.parse::<f64>().ok().filter(|_| digits)?;
    number.is_finite().then_some(number)
}

/// Whether `text` has the form of an e-mail address: a name, `@`, a domain with a dot.
///
/// HubSpot is not documented to say what it takes for an address; this refuses what no mail server would take.
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
