//! Checks and normalizes values that are written to a property.

use std::borrow::Cow;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::definitions::{
    Choices, Property, PropertyType, is_email, lower, moment, moment_text, number,
};

const DAY: i64 = 24 * 60 * 60 * 1000;

/// An error of a value that is not valid for its property.
#[derive(Debug)]
pub(crate) struct BadValue {
    /// HubSpot's error code: `INVALID_OPTION`.
    pub(crate) code: &'static str,
    /// The error message.
    pub(crate) message: String,
}

/// Normalizes `text` as HubSpot stores it. Does not check the validation rules of the property.
pub(crate) fn normalize<'a>(property: &Property, text: &'a str) -> Result<Cow<'a, str>, BadValue> {
    let bad = |code, what: &str| BadValue {
        code,
        message: format!("\"{text}\" is not {what} of property \"{}\"", property.name),
    };
    match property.ty {
        PropertyType::Text | PropertyType::Phone => Ok(Cow::Borrowed(text)),
        PropertyType::Email => {
            let email = lower(text.trim());
            if is_email(&email) {
                Ok(email)
            } else {
                Err(BadValue {
                    code: "INVALID_EMAIL",
                    message: format!("Email address {text} is invalid"),
                })
            }
        }
        PropertyType::Number => match number(text) {
            Some(_) => Ok(Cow::Borrowed(text.trim())),
            None => Err(bad("INVALID_LONG", "a number, as the type requires,")),
        },
        PropertyType::Flag => match lower(text.trim()).as_ref() {
            "true" => Ok(Cow::Borrowed("true")),
            "false" => Ok(Cow::Borrowed("false")),
            _ => Err(bad(
                "INVALID_OPTION",
                "one of the allowed options [true, false]",
            )),
        },
        PropertyType::Date => {
            let moment = moment(text).filter(|moment| moment.rem_euclid(DAY) == 0);
            let day = moment.and_then(date_text);
            day.map(Cow::Owned).ok_or_else(|| {
                bad(
                    "INVALID_DATE",
                    "a date (midnight UTC in milliseconds, or YYYY-MM-DD)",
                )
            })
        }
        PropertyType::DateTime => moment(text)
            .map(|moment| Cow::Owned(moment_text(moment)))
            .ok_or_else(|| {
                bad(
                    "INVALID_DATE",
                    "a date and time (milliseconds since 1970, or ISO 8601)",
                )
            }),
        PropertyType::Enumeration if property.choices != Choices::Options => {
            Ok(Cow::Borrowed(text.trim()))
        }
        PropertyType::Enumeration => option(property, text).map(Cow::Borrowed),
        PropertyType::Checkboxes => checkboxes(property, text),
    }
}

/// Fails if `text` breaks a validation rule of the property. HubSpot does not document the code of this error.
pub(crate) fn check_rules(property: &Property, text: &str) -> Result<(), BadValue> {
    let mut rules = property.rules.iter();
    let broken = rules.find(|rule| !rule.holds(property.ty, text));
    broken.map_or(Ok(()), |rule| {
        Err(BadValue {
            code: "VALIDATION_RULE_FAILED",
            message: format!("Property \"{}\" {}", property.name, rule.wording()),
        })
    })
}

fn date_text(milliseconds: i64) -> Option<String> {
    let time = Timestamp::from_millisecond(milliseconds).ok()?;
    Some(time.to_zoned(TimeZone::UTC).date().to_string())
}

fn option<'a>(property: &Property, text: &'a str) -> Result<&'a str, BadValue> {
    if property.options.iter().any(|option| option.value == text) {
        return Ok(text);
    }
    let allowed = property.options.iter().map(|option| option.value.as_str());
    let allowed = allowed.collect::<Vec<_>>().join(", ");
    Err(BadValue {
        code: "INVALID_OPTION",
        message: format!("{text} was not one of the allowed options: [{allowed}]"),
    })
}

/// Normalizes a list of options joined by `;`. Removes duplicates.
fn checkboxes<'a>(property: &Property, text: &'a str) -> Result<Cow<'a, str>, BadValue> {
    let mut chosen = Vec::new();
    for part in text.split(';').filter(|part| !part.is_empty()) {
        let part = option(property, part)?;
        if !chosen.contains(&part) {
            chosen.push(part);
        }
    }
    Ok(Cow::Owned(chosen.join(";")))
}
