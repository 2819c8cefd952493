//! Validation rules that an account sets on a property.

use std::collections::BTreeMap;
use std::sync::Mutex;

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use regex::{Regex, RegexBuilder};

use crate::definitions::{Key, PropertyType, is_email, key, moment, number, timestamp};
use crate::values::sync;

/// A rule that an account sets for the values of a property. Other rules can be set by
/// `property_validations.replace_rule`.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum ValidationRule {
    /// The minimum number of characters.
    MinLength(usize),
    /// The maximum number of characters.
    MaxLength(usize),
    /// The minimum of a number.
    MinNumber(f64),
    /// The maximum of a number.
    MaxNumber(f64),
    /// Letters and digits only.
    Alphanumeric,
}

/// A rule in the form of the API: a type and its arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rule {
    /// `MAX_LENGTH`
    pub(crate) ty: String,
    pub(crate) arguments: Vec<String>,
    /// Whether HubSpot may correct values; `None` if the request does not say.
    pub(crate) normalizes: Option<bool>,
}

impl From<ValidationRule> for Rule {
    fn from(rule: ValidationRule) -> Self {
        let (ty, argument) = match rule {
            ValidationRule::MinLength(least) => ("MIN_LENGTH", Some(least.to_string())),
            ValidationRule::MaxLength(most) => ("MAX_LENGTH", Some(most.to_string())),
            ValidationRule::MinNumber(least) => ("MIN_NUMBER", Some(least.to_string())),
            ValidationRule::MaxNumber(most) => ("MAX_NUMBER", Some(most.to_string())),
            ValidationRule::Alphanumeric => ("ALPHANUMERIC", None),
        };
        Self {
            ty: ty.to_owned(),
            arguments: argument.into_iter().collect(),
            normalizes: None,
        }
    }
}

/// The memory that a compiled regular expression may take, in bytes.
const LARGEST_PATTERN: usize = 1024 * 1024;

/// How many compiled regular expressions are kept.
const MOST_COMPILED: usize = 64;

/// Compiled regular expressions by their patterns. `None` for those that are not valid.
static COMPILED: Mutex<BTreeMap<String, Option<Regex>>> = Mutex::new(BTreeMap::new());

impl Rule {
    fn number(&self) -> Option<f64> {
        number(self.arguments.first()?)
    }

    /// What is wrong with the arguments.
    pub(crate) fn invalid_arguments(&self) -> Option<&'static str> {
        let first = self.arguments.first();
        let is_date = first.and_then(|text| moment(text)).is_some();
        match self.ty.as_str() {
            "MIN_LENGTH" | "MAX_LENGTH" | "MIN_NUMBER" | "MAX_NUMBER" | "DECIMAL" => {
                self.number().is_none().then_some("needs a number")
            }
            "START_DATE" | "END_DATE" | "START_DATETIME" | "END_DATETIME" => {
                (!is_date).then_some("needs a date, in milliseconds since 1970 or as ISO 8601")
            }
            "REGEX" => self
                .pattern()
                .is_none()
                .then_some("needs a regular expression (hubspot-mock takes none with look-around and back-references)"),
            "EMAIL_ALLOWED_DOMAINS"
            | "EMAIL_BLOCKED_DOMAINS"
            | "URL_ALLOWED_DOMAINS"
            | "URL_BLOCKED_DOMAINS"
            | "DAYS_OF_WEEK" => first.is_none().then_some("needs an argument"),
            _ => None,
        }
    }

    /// The expression of a rule of the type `REGEX`, which has to match the whole value. It is compiled once, not for each value.
    fn pattern(&self) -> Option<Regex> {
        let pattern = self.arguments.first().filter(|text| !text.is_empty())?;
        let mut compiled = sync::lock(&COMPILED);
        if let Some(known) = compiled.get(pattern) {
            return known.clone();
        }
        let build = |text: &str| {
            let mut builder = RegexBuilder::new(text);
            builder.size_limit(LARGEST_PATTERN).build().ok()
        };
        // A pattern alone may be valid only within the group that surrounds it here.
        let whole = build(&format!("^(?:{pattern})$")).filter(|_| build(pattern).is_some());
        if compiled.len() >= MOST_COMPILED {
            compiled.clear();
        }
        compiled.insert(pattern.clone(), whole.clone());
        whole
    }

    /// Whether a value follows the rule. The type `FORMAT` and those of durations allow all values.
    pub(crate) fn holds(&self, ty: PropertyType, text: &str) -> bool {
        let compare = |holds: fn(f64, f64) -> bool, value: Option<f64>| {
            value
                .zip(self.number())
                .is_none_or(|(value, bound)| holds(value, bound))
        };
        let given = || match key(ty, text) {
            Some(Key::Number(number)) => Some(number),
            _ => None,
        };
        #[expect(
            clippy::cast_precision_loss,
            reason = "texts are far shorter than 2^53"
        )]
        let length = || Some(text.chars().count() as f64);
        let bound = self.arguments.first().and_then(|text| moment(text));
        let dates = || moment(text).zip(bound);
        match self.ty.as_str() {
            "MIN_LENGTH" => compare(|value, bound| value >= bound, length()),
            "MAX_LENGTH" => compare(|value, bound| value <= bound, length()),
            "MIN_NUMBER" => compare(|value, bound| value >= bound, given()),
            "MAX_NUMBER" => compare(|value, bound| value <= bound, given()),
            "ALPHANUMERIC" => text.chars().all(char::is_alphanumeric),
            "SPECIAL_CHARACTERS" => text
                .chars()
                .all(|letter| letter.is_alphanumeric() || letter.is_whitespace()),
            "WHITESPACE" => !text.contains(char::is_whitespace),
            #[expect(
                clippy::cast_precision_loss,
                reason = "texts are far shorter than 2^53"
            )]
            "DECIMAL" => compare(
                |value, bound| value <= bound,
                text.split_once('.')
                    .map(|(_, decimals)| decimals.len() as f64),
            ),
            "REGEX" => self.pattern().is_none_or(|pattern| pattern.is_match(text)),
            "EMAIL" => is_email(text),
            "DOMAIN" => is_domain(text),
            "URL" => host(text).is_some(),
            "PHONE_NUMBER_WITH_EXPLICIT_COUNTRY_CODE" => text.starts_with('+'),
            "EMAIL_ALLOWED_DOMAINS" => self.names(text.rsplit('@').next()),
            "EMAIL_BLOCKED_DOMAINS" => !self.names(text.rsplit('@').next()),
            "URL_ALLOWED_DOMAINS" => self.names(host(text).as_deref()),
            "URL_BLOCKED_DOMAINS" => !self.names(host(text).as_deref()),
            "START_DATE" | "START_DATETIME" => dates().is_none_or(|(value, bound)| value >= bound),
            "END_DATE" | "END_DATETIME" => dates().is_none_or(|(value, bound)| value <= bound),
            "DAYS_OF_WEEK" => day(text).is_none_or(|day| self.names(Some(day))),
            _ => true,
        }
    }

    /// Whether an argument is this name.
    fn names(&self, name: Option<&str>) -> bool {
        let mut arguments = self.arguments.iter();
        name.is_some_and(|name| arguments.any(|known| known.eq_ignore_ascii_case(name)))
    }

    /// What values must be, for messages.
    pub(crate) fn wording(&self) -> String {
        let argument = self.arguments.first().map_or("", String::as_str);
        match self.ty.as_str() {
            "MIN_LENGTH" => format!("must have at least {argument} characters"),
            "MAX_LENGTH" => format!("must have at most {argument} characters"),
            "MIN_NUMBER" => format!("must be at least {argument}"),
            "MAX_NUMBER" => format!("must be at most {argument}"),
            "ALPHANUMERIC" => "must have letters and digits only".to_owned(),
            other => format!(
                "must follow the validation rule {other} [{}]",
                self.arguments.join(", ")
            ),
        }
    }
}

fn is_domain(text: &str) -> bool {
    let letters = text
        .chars()
        .all(|letter| letter.is_alphanumeric() || matches!(letter, '.' | '-'));
    letters && text.contains('.') && !text.starts_with('.') && !text.ends_with('.')
}

/// The host of a URL with or without a scheme.
fn host(text: &str) -> Option<String> {
    let full = if text.contains("://") {
        text.to_owned()
    } else {
        format!("https://{text}")
    };
    let url = url::Url::parse(&full).ok()?;
    url.host_str()
        .filter(|host| is_domain(host))
        .map(str::to_owned)
}

/// The English name of the day of a date.
fn day(text: &str) -> Option<&'static str> {
    let date: Date = timestamp(moment(text)?).to_zoned(TimeZone::UTC).date();
    Some(match date.weekday() {
        Weekday::Monday => "MONDAY",
        Weekday::Tuesday => "TUESDAY",
        Weekday::Wednesday => "WEDNESDAY",
        Weekday::Thursday => "THURSDAY",
        Weekday::Friday => "FRIDAY",
        Weekday::Saturday => "SATURDAY",
        Weekday::Sunday => "SUNDAY",
    })
}

/// The first version that enforces the rules.
const ENFORCED_SINCE: &str = "2026-09";

/// Whether an API version enforces the rules.
pub(crate) fn enforced_in(version: &str) -> bool {
    // Release dates compare as text; the number versions start with `v`.
    !version.starts_with('v') && version >= ENFORCED_SINCE
}

#[cfg(test)]
mod tests {
    use super::*;
    use PropertyType::{Date, Number, Text};

    /// A type, the type of the property, arguments, a value that follows the rule, and one that does not.
    const RULES: [(&str, PropertyType, &[&str], &str, &str); 21] = [
        ("REGEX", Text, &["[A-Z]{2}-\\d+|x"], "AB-12", "AB-12x"),
        ("REGEX", Text, &["^a(?i)b$"], "aB", "AB"),
        ("MIN_LENGTH", Text, &["3"], "abc", "ab"),
        ("MAX_LENGTH", Text, &["3"], "äöü", "abcd"),
        ("MIN_NUMBER", Number, &["1.5"], "1.5", "1.4"),
        ("MAX_NUMBER", Number, &["10"], "9", "11"),
        ("ALPHANUMERIC", Text, &[], "a1", "a 1"),
        ("SPECIAL_CHARACTERS", Text, &[], "a 1", "a#1"),
        ("WHITESPACE", Text, &[], "a#1", "a 1"),
        ("DECIMAL", Number, &["2"], "1.25", "1.255"),
        ("EMAIL", Text, &[], "a@b.co", "a@b"),
        ("DOMAIN", Text, &[], "b.co", "a@b.co"),
        ("URL", Text, &[], "https://b.co/x", "https://b c"),
        (
            "PHONE_NUMBER_WITH_EXPLICIT_COUNTRY_CODE",
            Text,
            &[],
            "+49 30",
            "030",
        ),
        ("EMAIL_ALLOWED_DOMAINS", Text, &["b.co"], "a@B.co", "a@c.co"),
        ("EMAIL_BLOCKED_DOMAINS", Text, &["b.co"], "a@c.co", "a@b.co"),
        ("URL_ALLOWED_DOMAINS", Text, &["b.co"], "b.co/x", "c.co"),
        (
            "URL_BLOCKED_DOMAINS",
            Text,
            &["b.co"],
            "http://c.co",
            "http://b.co",
        ),
        (
            "START_DATE",
            Date,
            &["2026-01-01"],
            "2026-01-01",
            "2025-12-31",
        ),
        (
            "END_DATE",
            Date,
            &["2026-01-01"],
            "2026-01-01",
            "2026-01-02",
        ),
        (
            "DAYS_OF_WEEK",
            Date,
            &["MONDAY"],
            "2026-11-23",
            "2026-11-24",
        ),
    ];

    #[test]
    fn rules_hold_for_some_values_only() {
        for (ty, of, arguments, good, bad) in RULES {
            let rule = Rule {
                ty: ty.to_owned(),
                arguments: arguments.iter().map(|text| (*text).to_owned()).collect(),
                normalizes: None,
            };
            assert_eq!(rule.invalid_arguments(), None, "{ty}");
            assert!(rule.holds(of, good), "{ty} {good}");
            assert!(!rule.holds(of, bad), "{ty} {bad}");
        }
    }

    #[test]
    fn a_large_pattern_is_compiled_once() {
        let rule = Rule {
            ty: "REGEX".to_owned(),
            arguments: vec!["\\w{25}|x".to_owned()],
            normalizes: None,
        };
        let start = std::time::Instant::now();
        assert!((0..2000).all(|_| rule.holds(Text, "x")));
        let time = start.elapsed();
        assert!(time < std::time::Duration::from_secs(2), "{time:?}");
    }

    #[test]
    fn arguments_are_checked() {
        for (ty, argument) in [
            ("MIN_NUMBER", "NaN"),
            ("MAX_NUMBER", "inf"),
            ("MIN_LENGTH", "1e999"),
            ("DECIMAL", ""),
            ("REGEX", ""),
            ("REGEX", "("),
            ("REGEX", "a)|(b"),
            ("REGEX", "(\\w{99}){99}{99}"),
            ("START_DATE", "soon"),
        ] {
            let rule = Rule {
                ty: ty.to_owned(),
                arguments: vec![argument.to_owned()],
                normalizes: None,
            };
            assert!(rule.invalid_arguments().is_some(), "{ty} {argument}");
        }
    }
}
