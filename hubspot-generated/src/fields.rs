//! Reads single fields of a JSON object, whatever the rest of the body holds.
//!
//! A token response may hold the only copy of a refresh token. So a byte order mark, a malformed field, a missing end, or
//! text after the end affects nothing but itself. Of a field that occurs twice, the last value that can be read counts.

use serde_json::Value;

use crate::decode::DecodeError;
use crate::decode::fields::{entries, scopes_of};

/// The fields of a body.
pub(crate) struct Fields<'a> {
    body: &'a [u8],
    fields: Vec<(String, Value)>,
}

impl<'a> Fields<'a> {
    pub(crate) fn new(body: &'a [u8]) -> Self {
        let fields = Scanner { rest: body }.collect();
        Self { body, fields }
    }

    /// Why the body as a whole is not a JSON object.
    pub(crate) fn fault(&self) -> Option<DecodeError> {
        let body = self.body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(self.body);
        entries(body).err()
    }

    /// What `read` makes of the last value of `name` that it can read.
    fn last<T>(&self, name: &str, read: impl Fn(&Value) -> Option<T>) -> Option<T> {
        let mut values = self.fields.iter().rev().filter(|(key, _)| key == name);
        values.find_map(|(_, value)| read(value))
    }

    /// Returns whether there is a value other than `null`.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.last(name, |value| (!value.is_null()).then_some(()))
            .is_some()
    }

    /// A string that is not empty.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        self.last(name, text_of)
    }

    /// A string that is not empty, wherever it is in a body that is not JSON.
    pub(crate) fn text_anywhere(&self, name: &str) -> Option<String> {
        self.text(name).or_else(|| {
            self.fault()?;
            let key = format!("\"{name}\"");
            let starts = self.body.windows(key.len()).enumerate();
            let starts = starts.filter(|(_, window)| *window == key.as_bytes());
            let found = starts.filter_map(|(start, _)| {
                Scanner {
                    rest: &self.body[start..],
                }
                .next()
            });
            found.filter_map(|(_, value)| text_of(&value)).next_back()
        })
    }

    /// An integer, given as a number or as text; fractions are cut off.
    pub(crate) fn integer(&self, name: &str) -> Option<i128> {
        self.last(name, |value| match value {
            Value::Number(number) => parse_integer(&number.to_string()),
            Value::String(text) => parse_integer(text.trim()),
            _ => None,
        })
    }

    /// The id of an account or a user, which is positive.
    pub(crate) fn id(&self, name: &str) -> Option<u64> {
        let id = u64::try_from(self.integer(name)?).ok()?;
        (id > 0).then_some(id)
    }

    /// A flag, given as a boolean or as text.
    pub(crate) fn flag(&self, name: &str) -> Option<bool> {
        self.last(name, |value| match value {
            Value::Bool(flag) => Some(*flag),
            Value::String(text) => text.trim().to_ascii_lowercase().parse().ok(),
            _ => None,
        })
    }

    /// The granted scopes; empty if there are none. `scopes` is HubSpot's name, `scope` OAuth's.
    pub(crate) fn scopes(&self) -> Vec<String> {
        let read = |name| {
            self.last(name, |value| {
                scopes_of(value).filter(|scopes| !scopes.is_empty())
            })
        };
        read("scopes").or_else(|| read("scope")).unwrap_or_default()
    }
}

fn text_of(value: &Value) -> Option<String> {
    value
        .as_str()
        .filter(|text| !text.is_empty())
        .map(str::to_owned)
}

fn parse_integer(text: &str) -> Option<i128> {
    // Through a float, the digits of a long id would change.
    let whole = match text.split_once('.') {
        Some((whole, fraction)) if fraction.bytes().all(|digit| digit.is_ascii_digit()) => whole,
        _ => text,
    };
    if let Ok(integer) = whole.parse() {
        return Some(integer);
    }
    let number: f64 = text
        .parse()
        .ok()
        .filter(|number: &f64| number.is_finite())?;
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the fraction is cut off; larger numbers saturate"
    )]
    Some(number as i128)
}

/// Splits the outermost object of a body into its fields. It skips what is malformed, and a value that is cut off.
struct Scanner<'a> {
    rest: &'a [u8],
}

impl Iterator for Scanner<'_> {
    type Item = (String, Value);

    fn next(&mut self) -> Option<(String, Value)> {
        loop {
            let start = self
                .rest
                .iter()
                .position(|byte| matches!(byte, b'"' | b'}'))?;
            self.rest = &self.rest[start..];
            if self.rest[0] == b'}' {
                return None;
            }
            let key = self.take(string_length)?;
            self.skip_space();
            let Some(rest) = self.rest.strip_prefix(b":") else {
                continue;
            };
            self.rest = rest;
            self.skip_space();
            let value = self.take(value_length)?;
            if let (Ok(key), Ok(value)) =
                (serde_json::from_slice(key), serde_json::from_slice(value))
            {
                return Some((key, value));
            }
        }
    }
}

impl<'a> Scanner<'a> {
    fn skip_space(&mut self) {
        self.rest = self.rest.trim_ascii_start();
    }

    /// Takes as much as `length` says; `None` if it is cut off.
    fn take(&mut self, length: fn(&[u8]) -> Option<usize>) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(length(self.rest)?)?;
        self.rest = rest;
        Some(taken)
    }
}

/// The length of the string that `bytes` start with, quotes included; `None` if it has no end.
fn string_length(bytes: &[u8]) -> Option<usize> {
    let mut is_escaped = false;
    let end = bytes.iter().skip(1).position(|byte| {
        let is_end = *byte == b'"' && !is_escaped;
        is_escaped = *byte == b'\\' && !is_escaped;
        is_end
    });
    Some(end? + 2)
}

/// The length of the value that `bytes` start with; `None` if it has no end.
fn value_length(bytes: &[u8]) -> Option<usize> {
    let (mut depth, mut place) = (0_usize, 0);
    while let Some(&byte) = bytes.get(place) {
        match byte {
            b'"' => {
                place += string_length(&bytes[place..])?;
                if depth == 0 {
                    return Some(place);
                }
                continue;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' if depth > 1 => depth -= 1,
            b'}' | b']' if depth == 1 => return Some(place + 1),
            b',' | b'}' | b']' | b' ' | b'\t' | b'\r' | b'\n' if depth == 0 => return Some(place),
            _ => {}
        }
        place += 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_malformed_field_does_not_affect_another() {
        let body = br#"{"a": 1e999, "b": {"c": [1, "}"]}, "d": "x", "d": "y", "d": null, "e": null, "f": "", "\ud83d": 1, "g": NaN, "h": "z"}"#;
        let fields = Fields::new(body);
        assert!(!fields.has("a") && !fields.has("e") && fields.has("f") && !fields.has("g"));
        assert_eq!(fields.text("d").as_deref(), Some("y"));
        assert_eq!(fields.text("h").as_deref(), Some("z"));
        for name in ["b", "c", "e", "f", "i"] {
            assert_eq!(fields.text(name), None, "{name}");
        }
        for (body, is_json) in [
            ("{}", true),
            ("\u{feff} {}\n", true),
            ("", false),
            ("[]", false),
            ("{", false),
            ("{} x", false),
            ("\"x\"", false),
            ("<html>", false),
        ] {
            assert_eq!(
                Fields::new(body.as_bytes()).fault().is_none(),
                is_json,
                "{body}"
            );
        }
    }

    #[test]
    fn a_token_is_found_whatever_is_wrong_around_it() {
        for body in [
            r#"{"t": "x"}"#,
            "\u{feff}{\"t\": \"x\"}",
            r#"{"t": "x"} trailing "t": "other""#,
            r#"{"t": "x"}{"t": "other"}"#,
            r#"{"t": "x""#,
            r#"{"t": "x", "u": "cut off"#,
            r#"{"t": "x", "t": "cut off"#,
            r#"{"t": "x", "n": 18"#,
            r#"{"a": "un"quoted", "t": "x"}"#,
            r#"{"a": {"b": "}, "t": "x"}"#,
            r#"{"a": [1, 2}, "t": "x"}"#,
            r#"{a: 1, "t": "x"}"#,
            r#"[{"t": "x"}]"#,
            r#"{"t": "old" "t":"x"}"#,
            r#")]}', {"t": "x"}"#,
            "{\"a\": \"line\nbreak\", \"t\"\t:\n\"x\"}",
        ] {
            assert_eq!(
                Fields::new(body.as_bytes()).text_anywhere("t").as_deref(),
                Some("x"),
                "{body}"
            );
        }
        let mut body = b"{\"a\": \"\xff\", \"t\": \"x\"}".to_vec();
        assert_eq!(Fields::new(&body).text_anywhere("t").as_deref(), Some("x"));
        body.truncate(body.len() - 2);
        assert_eq!(
            Fields::new(&body).text_anywhere("t"),
            None,
            "half a token is none"
        );
        for body in [
            r#"{"a": {"t": "x"}}"#,
            r#"{"a": "\"t\": \"x\""}"#,
            r#"{"t": ["x"]}"#,
            r#"{"T": "x"}"#,
            r#"{"t"#,
        ] {
            assert_eq!(
                Fields::new(body.as_bytes()).text_anywhere("t"),
                None,
                "{body}"
            );
        }
    }

    #[test]
    fn numbers_flags_and_scopes_may_be_text() {
        let field = |json: &str| format!("{{\"n\": {json}, \"scopes\": {json}}}");
        for (json, integer, flag, scopes) in [
            ("1800", Some(1800), None, vec![]),
            ("\" 1800 \"", Some(1800), None, vec!["1800"]),
            ("1800.9", Some(1800), None, vec![]),
            (
                "\"9007199254740993.0\"",
                Some(9_007_199_254_740_993),
                None,
                vec!["9007199254740993.0"],
            ),
            ("-5", Some(-5), None, vec![]),
            ("18446744073709551615", Some(u64::MAX.into()), None, vec![]),
            ("true", None, Some(true), vec![]),
            ("\"True\"", None, Some(true), vec!["True"]),
            ("[1]", None, None, vec![]),
            ("\"NaN\"", None, None, vec!["NaN"]),
            ("\"inf\"", None, None, vec!["inf"]),
            (r#"["a", 1, "b", null]"#, None, None, vec!["a", "b"]),
            (r#""a  b,c""#, None, None, vec!["a", "b", "c"]),
            ("null", None, None, vec![]),
        ] {
            let body = field(json);
            let fields = Fields::new(body.as_bytes());
            assert_eq!(
                (fields.integer("n"), fields.flag("n"), fields.scopes()),
                (
                    integer,
                    flag,
                    scopes.into_iter().map(str::to_owned).collect()
                ),
                "{json}"
            );
        }
    }
}
