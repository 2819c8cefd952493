//! Finds the line of a place in the text of a seed.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::value::RawValue;

/// The line of a place such as `accounts[0].records.contacts[2]`, from 1 on. `None` if the text has no such place.
pub(super) fn line(text: &str, place: &str) -> Option<usize> {
    line_of(text, find(text, place)?)
}

/// The line of a field, whose name may have dots, of the object at a place.
pub(super) fn line_of_field(text: &str, place: &str, name: &str) -> Option<usize> {
    line_of(text, fields(find(text, place)?)?.get(name)?.get())
}

/// The fields of an object, as they are written.
fn fields(object: &str) -> Option<BTreeMap<Cow<'_, str>, &RawValue>> {
    serde_json::from_str(object).ok()
}

/// The part of the text at a place.
fn find<'a>(text: &'a str, place: &str) -> Option<&'a str> {
    let mut rest = text;
    for step in place.split('.') {
        let (name, indexes) = step.split_at(step.find('[').unwrap_or(step.len()));
        rest = fields(rest)?.get(name)?.get();
        let indexes = indexes.split(['[', ']']).filter(|part| !part.is_empty());
        for index in indexes {
            let items = serde_json::from_str::<Vec<&RawValue>>(rest).ok()?;
            rest = items.get(index.parse::<usize>().ok()?)?.get();
        }
    }
    Some(rest)
}

/// The line of a part of the text.
fn line_of(text: &str, part: &str) -> Option<usize> {
    let offset = part.as_ptr().addr().checked_sub(text.as_ptr().addr())?;
    let before = text.as_bytes().get(..offset)?;
    let feeds = before.iter().map(|byte| usize::from(*byte == b'\n'));
    Some(feeds.sum::<usize>() + 1)
}

#[cfg(test)]
mod tests {
    use super::{line, line_of_field};

    #[test]
    fn places_have_lines() {
        let text = "{\n\"accounts\": [{}, {\"records\":\n{\"contacts\": [\n{},\n{\"a\": 1}]}}]}";
        for (place, expected) in [
            ("accounts", Some(2)),
            ("accounts[1]", Some(2)),
            ("accounts[1].records.contacts[0]", Some(4)),
            ("accounts[1].records.contacts[1]", Some(5)),
            ("accounts[1].records.contacts[2]", None),
            ("accounts[0].records", None),
        ] {
            assert_eq!(line(text, place), expected, "{place}");
        }
    }

    #[test]
    fn fields_whose_names_have_dots_have_lines() {
        let text = "{\"answers\": {\n\"a.list\": {},\n\n\"a.get\": {}}}";
        for (name, expected) in [("a.list", Some(2)), ("a.get", Some(4)), ("a", None)] {
            assert_eq!(line_of_field(text, "answers", name), expected, "{name}");
        }
    }
}
