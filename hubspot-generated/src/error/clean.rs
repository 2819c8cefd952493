//! Makes text of HubSpot's fit for a line of a log.

use serde_json::Value;

/// As much of a text as an error shows, in characters.
const LONGEST: usize = 300;

/// Shorter texts are not looked for: they would be found in ordinary words.
const SHORTEST_SECRET: usize = 8;

const REDACTED: &str = "[redacted]";

/// Removes escape sequences and characters that are invisible or change the order of others, makes one space of any white
/// space, and cuts what is longer than [`LONGEST`].
pub(crate) fn clean(text: &str) -> String {
    let mut cleaned = String::new();
    let mut length = 0;
    let mut chars = text.chars();
    while let Some(char) = chars.next() {
        let char = match char {
            '\u{1b}' => {
                skip_escape(&mut chars);
                continue;
            }
            '\u{9b}' => {
                skip_sequence(&mut chars);
                continue;
            }
            char if char.is_whitespace() => ' ',
            char if is_invisible(char) => continue,
            char => char,
        };
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

/// Skips what follows ESC in a terminal's escape sequence.
fn skip_escape(chars: &mut std::str::Chars<'_>) {
    match chars.as_str().chars().next() {
        Some('[') => {
            chars.next();
            skip_sequence(chars);
        }
        // A title or a link, which ends with BEL or ESC `\`.
        Some(']' | 'P' | 'X' | '^' | '_') => {
            while let Some(char) = chars.next() {
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
fn skip_sequence(chars: &mut std::str::Chars<'_>) {
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

/// Replaces the secrets of a request where a text repeats them.
pub(crate) fn redact(text: &str, secrets: &[String]) -> String {
    let mut text = text.to_owned();
    for secret in secrets {
        if secret.len() >= SHORTEST_SECRET && text.contains(secret) {
            text = text.replace(secret, REDACTED);
        }
    }
    text
}

/// Replaces the secrets of a request wherever a JSON value repeats them.
pub(super) fn redact_json(value: Value, secrets: &[String]) -> Value {
    match value {
        Value::String(text) => Value::String(redact(&text, secrets)),
        Value::Array(items) => items
            .into_iter()
            .map(|item| redact_json(item, secrets))
            .collect(),
        Value::Object(entries) => entries
            .into_iter()
            .map(|(key, value)| (redact(&key, secrets), redact_json(value, secrets)))
            .collect(),
        other => other,
    }
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
