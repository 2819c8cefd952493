//! Where in a JSON text a decoder gave up.
//!
//! Comes in: the text, and the line and column that `serde_json` reports. Goes out: the path of the value that was being
//! read, as in `results[3].properties.email`. Refuses nothing: of a text that is not JSON it makes what it can.
//!
//! `serde_path_to_error` finds the same by wrapping every type's decoder, which would more than double what a program
//! that calls HubSpot has to compile. This looks at the text again, once, when something is wrong.

/// A container that encloses the place.
enum Step {
    /// An object, and the key whose value is being read.
    Object(Option<String>),
    /// A list, and the element that is being read.
    List(Option<usize>),
}

/// The path of the value that the decoder had read, or was about to read, when it came to `line` and `column`; `.` is
/// the whole text.
pub(crate) fn path_at(json: &[u8], line: usize, column: usize) -> String {
    let start_of_line = json
        .split_inclusive(|byte| *byte == b'\n')
        .take(line.saturating_sub(1))
        .map(<[u8]>::len)
        .sum::<usize>();
    let read = &json[..json.len().min(start_of_line.saturating_add(column))];
    let mut steps = Vec::new();
    let mut at = 0;
    while let Some(byte) = read.get(at) {
        at += match byte {
            b'{' => open(&mut steps, Step::Object(None)),
            b'[' => open(&mut steps, Step::List(None)),
            b'}' | b']' => {
                steps.pop();
                1
            }
            b',' => {
                next(&mut steps);
                1
            }
            b'"' => string(&mut steps, &read[at..]),
            byte if byte.is_ascii_whitespace() || *byte == b':' => 1,
            _ => start_value(&mut steps),
        };
    }
    write_path(&steps)
}

/// Marks that a value begins; in a list, the first makes it element 0.
fn start_value(steps: &mut [Step]) -> usize {
    if let Some(Step::List(index)) = steps.last_mut() {
        index.get_or_insert(0);
    }
    1
}

fn open(steps: &mut Vec<Step>, step: Step) -> usize {
    start_value(steps);
    steps.push(step);
    1
}

fn next(steps: &mut [Step]) {
    match steps.last_mut() {
        Some(Step::Object(key)) => *key = None,
        Some(Step::List(index)) => *index = index.map(|index| index + 1),
        None => {}
    }
}

/// Takes a string, which is a key where an object has none, and returns its length with quotes.
fn string(steps: &mut [Step], text: &[u8]) -> usize {
    let mut end = 1;
    while let Some(byte) = text.get(end) {
        end += match byte {
            b'"' => break,
            b'\\' => 2,
            _ => 1,
        };
    }
    if let Some(Step::Object(key @ None)) = steps.last_mut() {
        let name = text.get(1..end).unwrap_or_default();
        *key = Some(String::from_utf8_lossy(name).into_owned());
    } else {
        start_value(steps);
    }
    end + 1
}

fn write_path(steps: &[Step]) -> String {
    let mut path = String::new();
    for step in steps {
        match step {
            Step::Object(Some(key)) => {
                if !path.is_empty() {
                    path.push('.');
                }
                path.push_str(key);
            }
            Step::List(Some(index)) => {
                path.push('[');
                path.push_str(&index.to_string());
                path.push(']');
            }
            Step::Object(None) | Step::List(None) => {}
        }
    }
    if path.is_empty() {
        path.push('.');
    }
    path
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Deserialize;

    use super::*;
    use crate::values::Properties;

    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "only read to fail")]
    struct Page {
        results: Vec<Record>,
        next: Option<Box<Page>>,
    }

    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "only read to fail")]
    struct Record {
        id: String,
        #[serde(default)]
        properties: Properties,
        #[serde(default)]
        numbers: BTreeMap<String, Vec<u8>>,
    }

    fn place(json: &str) -> String {
        let error = serde_json::from_str::<Page>(json).unwrap_err();
        path_at(json.as_bytes(), error.line(), error.column())
    }

    #[test]
    fn the_path_leads_to_the_value_that_is_wrong() {
        for (json, path) in [
            (r"7", "."),
            (r"{}", "."),
            (r#"{"results": 7}"#, "results"),
            (r#"{"results": {"id": []}}"#, "results"),
            (r#"{"results": [7]}"#, "results[0]"),
            (r#"{"results": [{"id": "1"}, "x"]}"#, "results[1]"),
            (r#"{"results": [{"id": "1"}, []]}"#, "results[1]"),
            (r#"{"results": [{"id": "1"}, {}]}"#, "results[1]"),
            (r#"{"results": [{"id": null}]}"#, "results[0].id"),
            (r#"{"results": [{"id": {"a": 1}}]}"#, "results[0].id"),
            (
                r#"{"results": [{"other": {"id": [{}]}, "id": 1.5}]}"#,
                "results[0].id",
            ),
            (
                r#"{"results": [{"id": "a\"],}", "properties": 1}]}"#,
                "results[0].properties",
            ),
            (
                r#"{"results": [{"id": "1", "properties": {"email": {"a": 1}}}]}"#,
                "results[0].properties.email",
            ),
            (
                r#"{"results": [{"id": "1", "properties": {"email": [1]}}]}"#,
                "results[0].properties.email",
            ),
            (
                r#"{"results": [{"id": "1", "numbers": {"a": [], "b": [1, 2, 300]}}]}"#,
                "results[0].numbers.b[2]",
            ),
            (
                r#"{"results": [], "next": {"results": [{"id": "1"}], "next": {}}}"#,
                "next.next",
            ),
            (
                "{\n  \"results\": [\n    {\"id\": \"1\"},\n    {\"id\":\n 2}\n  ]\n}",
                "results[1].id",
            ),
        ] {
            assert_eq!(place(json), path, "{json}");
        }
    }

    #[test]
    fn a_text_that_is_not_json_has_places_too() {
        for (json, path) in [
            ("", "."),
            ("<html>", "."),
            (r#"{"results": [{"id": "1"}, {"id": "#, "results[1].id"),
            (r#"{"results": [{"id": "1"}, {"i"#, "results[1].i"),
            (r#"{"results": [{"id": "1\"#, "results[0].id"),
            (r#"{"results": [}"#, "results"),
        ] {
            assert_eq!(place(json), path, "{json}");
        }
        assert_eq!(path_at(b"]}],,:\"", 9, 99), ".");
        assert_eq!(path_at(b"[[\xff\"", 1, usize::MAX), "[0][0]");
    }
}
