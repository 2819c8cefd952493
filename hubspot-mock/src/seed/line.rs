//! Finds the line of a place in the text of a seed.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::value::RawValue;

/// The line of a place such as `accounts[0].records.contacts[2]`, from 1 on. `None` if the text has no such place.
pub(super) fn line(text: &str, place: &str) -> Option<usize> {
    let mut rest = text;
    for step in place.split('.') {
        let (name, indexes) = step.split_at(step.find('[').unwrap_or(step.len()));
        let fields = serde_json::from_str::<BTreeMap<Cow<'_, str>, &RawValue>>(rest);
        rest = fields.ok()?.get(name)?.get();
        let indexes = indexes.split(['[', ']']).filter(|part| !part.is_empty());
        for index in indexes {
            let items = serde_json::from_str::<Vec<&RawValue>>(rest).ok()?;
            rest = items.get(index.parse::<usize>().ok()?)?.get();
        }
    }
    let offset = rest.as_ptr().addr().checked_sub(text.as_ptr().addr())?;
    let before = text.as_bytes().get(..offset)?;
    let feeds = before.iter().map(|byte| usize::from(*byte == b'\n'));
    Some(feeds.sum::<usize>() + 1)
}

#[cfg(test)]
mod tests {
    use super::line;

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
}
