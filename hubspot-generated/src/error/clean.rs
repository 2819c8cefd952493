//! Makes text of HubSpot's fit for a line of a log.

use std::collections::HashSet;
use std::str::CharIndices;

use serde_json::Value;

/// As much of a text as an error shows, in characters.
const LONGEST: usize = 300;

/// Shorter texts are not looked for: they would be found in ordinary words.
const SHORTEST_SECRET: usize = 8;

/// So many characters of a secret in a row are redacted, wherever they stand.
const SECRET_PART: usize = 12;

const REDACTED: &str = "[redacted]";

/// Makes a text of HubSpot's fit for one line: removes escape sequences and invisible characters, makes one space of any
/// white space, and cuts what is longer than [`LONGEST`]. Secrets are redacted before.
pub(crate) fn clean(text: &str) -> String {
    let mut cleaned = String::new();
    let mut length = 0;
    for (_, char) in Visible(text.char_indices()) {
        let char = if char.is_whitespace() { ' ' } else { char };
        if char == ' ' && (cleaned.is_empty() || cleaned.ends_with(' ')) {
            continue;
        }
        if length == LONGEST {
            cleaned.pop();
            cleaned.push('…');
            return cleaned;
        }
        cleaned.push(char);
        length += 1;
    }
    cleaned.truncate(cleaned.trim_end().len());
    cleaned
}

/// The characters of a text without escape sequences and invisible ones, each with its place.
struct Visible<'a>(CharIndices<'a>);

impl Iterator for Visible<'_> {
    type Item = (usize, char);

    fn next(&mut self) -> Option<(usize, char)> {
        loop {
            match self.0.next()? {
                (_, '\u{1b}') => skip_escape(&mut self.0),
                (_, '\u{9b}') => skip_sequence(&mut self.0),
                (_, char) if is_invisible(char) && !char.is_whitespace() => {}
                visible => return Some(visible),
            }
        }
    }
}

/// Skips what follows ESC in a terminal's escape sequence.
fn skip_escape(chars: &mut CharIndices<'_>) {
    match chars.as_str().chars().next() {
        Some('[') => {
            chars.next();
            skip_sequence(chars);
        }
        // A title or a link, which ends with BEL or ESC `\`.
        Some(']' | 'P' | 'X' | '^' | '_') => {
            while let Some((_, char)) = chars.next() {
                if char == '\u{1b}' {
                    chars.next();
                }
                if matches!(char, '\u{1b}' | '\u{7}' | '\u{9c}') {
                    return;
                }
            }
        }
        Some('@'..='~') => {
            chars.next();
        }
        _ => {}
    }
}

/// Skips parameters up to the letter that ends a control sequence.
fn skip_sequence(chars: &mut CharIndices<'_>) {
    while let Some(char) = chars.as_str().chars().next() {
        if !matches!(char, ' '..='~') {
            return;
        }
        chars.next();
        if matches!(char, '@'..='~') {
            return;
        }
    }
}

/// Whether a character has no shape of its own: controls, marks of direction, joiners and tags.
fn is_invisible(char: char) -> bool {
    char.is_control()
        || matches!(char,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// The first sentence of a message, clean, without its full stop and without a JSON text that it leads to.
pub(super) fn first_sentence(message: &str) -> Option<String> {
    let line = message.trim_start().lines().next()?;
    let ends = [". ", "! ", "? ", ": [", ": {"];
    let end = ends.iter().filter_map(|end| line.find(end)).min();
    let sentence = clean(&line[..end.unwrap_or(line.len())]);
    let sentence = sentence.trim_end_matches('.');
    (!sentence.is_empty()).then(|| sentence.to_owned())
}

/// Replaces the secrets of a request where a text repeats them, or [`SECRET_PART`] characters of one.
///
/// White space, control characters and escape sequences within a secret hide nothing.
pub(crate) fn redact(text: &str, secrets: &[String]) -> String {
    let secrets = secrets.iter().map(|secret| graphic(secret.char_indices()));
    let secrets: Vec<_> = secrets.map(|(secret, _)| secret).collect();
    let mut parts = HashSet::new();
    for secret in &secrets {
        for part in windows(secret, secret.len().min(SECRET_PART)) {
            parts.insert(part.to_owned());
        }
    }
    let lengths = SHORTEST_SECRET..=SECRET_PART;
    let lengths = lengths.filter(|length| parts.iter().any(|part| part.len() == *length));
    // Where what begins at each byte of the text and has to be redacted ends.
    let mut ends = vec![0; text.len()];
    // What a terminal would not show is looked at with and without.
    for (shown, places) in [
        graphic(text.char_indices()),
        graphic(Visible(text.char_indices())),
    ] {
        for length in lengths.clone() {
            for (start, window) in windows(&shown, length).enumerate() {
                if parts.contains(window) {
                    let end = places[start + length - 1] + 1;
                    let known = &mut ends[places[start]];
                    *known = end.max(*known);
                }
            }
        }
    }
    let (mut redacted, mut end) = (String::with_capacity(text.len()), 0);
    for (start, part_end) in ends.into_iter().enumerate().filter(|(_, end)| *end > 0) {
        if start >= end {
            redacted.push_str(&text[end..start]);
            redacted.push_str(REDACTED);
        }
        end = end.max(part_end);
    }
    redacted.push_str(&text[end..]);
    redacted
}

/// Every part of an ASCII text that has `length` characters; nothing for a `length` that no secret has.
fn windows(text: &str, length: usize) -> impl Iterator<Item = &str> {
    let starts = (text.len() + 1).saturating_sub(length);
    let starts = if length < SHORTEST_SECRET { 0 } else { starts };
    (0..starts).map(move |start| &text[start..start + length])
}

/// The characters of which secrets consist, and their places. A backslash may be an escape of JSON.
fn graphic(chars: impl Iterator<Item = (usize, char)>) -> (String, Vec<usize>) {
    let (mut text, mut places) = (String::new(), Vec::new());
    for (place, char) in chars.filter(|(_, char)| char.is_ascii_graphic() && *char != '\\') {
        text.push(char);
        places.push(place);
    }
    (text, places)
}

/// Replaces the secrets of a request wherever a JSON value repeats them.
pub(super) fn redact_json(value: Value, secrets: &[String]) -> Value {
    match value {
        Value::String(text) => Value::String(redact(&text, secrets)),
        Value::Number(number) => {
            let text = redact(&number.to_string(), secrets);
            if text.contains(REDACTED) {
                Value::String(text)
            } else {
                Value::Number(number)
            }
        }
        Value::Array(items) => items
            .into_iter()
            .map(|item| redact_json(item, secrets))
            .collect(),
        Value::Object(entries) => {
            let mut redacted = serde_json::Map::new();
            for (key, value) in entries {
                redacted.insert(redact(&key, secrets), redact_json(value, secrets));
            }
            Value::Object(redacted)
        }
        other => other,
    }
}

/// Returns whether a text of HubSpot's is a name: short, and without spaces or unusual characters.
pub(crate) fn is_name(text: &str) -> bool {
    (1..=100).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_would_act_on_is_removed() {
        for (text, expected) in [
            ("plain", "plain"),
            ("  two\r\n\twords ", "two words"),
            ("\u{1b}[31;1mred\u{1b}[0m text", "red text"),
            ("\u{9b}31mred", "red"),
            ("\u{1b}]0;title\u{7}after", "after"),
            ("\u{1b}]8;;https://x\u{1b}\\link\u{1b}]8;;\u{1b}\\", "link"),
            ("\u{1b}creset", "reset"),
            ("\u{202e}desrever\u{202c}", "desrever"),
            ("\u{2066}a\u{2069}\u{200b}\u{feff}b\u{0}\u{7f}\u{85}", "ab"),
            ("a\u{2028}b", "a b"),
            ("Größe 日本", "Größe 日本"),
            ("cut\u{1b}[", "cut"),
            ("cut\u{1b}", "cut"),
        ] {
            assert_eq!(clean(text), expected, "{text:?}");
        }
    }

    #[test]
    fn a_long_text_is_cut_at_300_characters() {
        assert_eq!(clean(&"ä".repeat(300)), "ä".repeat(300));
        let cut = clean(&"ä".repeat(301));
        assert_eq!(cut.chars().count(), 300);
        assert!(cut.ends_with("ä…"));
    }

    #[test]
    fn a_sentence_ends_before_what_quotes_values() {
        for (message, sentence) in [
            (
                "Contact already exists. Existing ID: 123",
                "Contact already exists",
            ),
            (
                r#"Property values were not valid: [{"isValid":false,"name":"zz"}]"#,
                "Property values were not valid",
            ),
            ("No version 1.5 here", "No version 1.5 here"),
            ("One line\nand another", "One line"),
            ("\n\n  Late.", "Late"),
        ] {
            assert_eq!(first_sentence(message).as_deref(), Some(sentence));
        }
        for nothing in ["", "  ", ".", "\u{202e}"] {
            assert_eq!(first_sentence(nothing), None);
        }
    }

    #[test]
    fn no_part_of_a_secret_remains() {
        let secrets = [
            "pat-na1-0123456789abcdef".to_owned(),
            "pat-na1-0123456789".to_owned(),
            "short-1".to_owned(),
        ];
        for (text, expected) in [
            ("a pat-na1-0123456789abcdef b", "a [redacted] b"),
            ("a pat-na1-0123456789ab… b", "a [redacted]… b"),
            ("…89abcdef pat-na1-9 short-1", "…89abcdef pat-na1-9 short-1"),
            ("pat-na1-\u{0}0123456789\u{202e}abcdef", "[redacted]"),
            ("pat-na1-\r\n  0123456789\u{200b}abcdef", "[redacted]"),
            ("pat-na1-\u{1b}[31m0123456789\u{1b}[0mabcdef", "[redacted]"),
            ("pat-na1-\u{1b}0123456789abcdef", "[redacted]"),
            (
                "\u{1b}]0;pat-na1-0123456789abcdef\u{7}",
                "\u{1b}]0;[redacted]\u{7}",
            ),
            ("\u{1b}[pat-na1-0123456789abcdef", "\u{1b}[[redacted]"),
            ("äpat-na1-0123456789abcdefö", "ä[redacted]ö"),
            ("pat-na1-0123456789\\u0000abcdef", "[redacted]\\u0000abcdef"),
            (
                "pat-na1-0123456789abcdefpat-na1-0123456789abcdef",
                "[redacted][redacted]",
            ),
        ] {
            assert_eq!(redact(text, &secrets), expected, "{text:?}");
        }
        let text = format!("{} pat-na1-01234567\u{0}89abcdef", "x".repeat(290));
        assert!(!clean(&redact(&text, &secrets)).contains("pat"));
        let json = redact_json(
            serde_json::json!({"n": 123_456_789_012_u64}),
            &["123456789012".to_owned()],
        );
        assert_eq!(json, serde_json::json!({"n": "[redacted]"}));
    }

    #[test]
    fn secrets_are_redacted_in_values_and_keys() {
        let secrets = ["hidden-token".to_owned(), "the".to_owned(), String::new()];
        let value =
            serde_json::json!({"the hidden-token": ["a hidden-token", 1, {"x": "hidden-token"}]});
        assert_eq!(
            redact_json(value, &secrets),
            serde_json::json!({"the [redacted]": ["a [redacted]", 1, {"x": "[redacted]"}]})
        );
    }
}
