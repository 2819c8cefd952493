//! Replaces known values and email addresses within the texts of a recording.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde_json::{Map, Value};

use crate::definitions::{endpoints, is_email};
use crate::store::recording::pseudonyms::{
    Part, Pseudonyms, VALUE_KINDS, VALUES, ValueKind, is_scalar, json_in, parts,
};

/// The shortest number that is replaced within texts. Shorter ones occur by chance.
const SHORTEST_NUMBER: usize = 5;

/// The fewest digits of a number that is replaced where it is a value of its own. Shorter ones occur by chance.
const FEWEST_DIGITS: usize = 7;

/// The shortest value that is searched for in base64.
const SHORTEST_ENCODED: usize = 6;

/// Fields with numbers and cursors, besides those with ids.
const NUMBERS: [&str; 4] = ["after", "offset", "timestamp", "total"];

/// Fields whose texts HubSpot chooses. Only email addresses in them are replaced.
const FIXED: [&str; 19] = [
    "associationCategory",
    "category",
    "code",
    "correlationId",
    "direction",
    "error",
    "format",
    "id",
    "idProperty",
    "in",
    "operator",
    "property",
    "propertyName",
    "sorts",
    "state",
    "status",
    "subCategory",
    "type",
    "policyName",
];

/// The parts of paths that are not parameters. They and the names of HubSpot's properties stay.
static WORDS: LazyLock<BTreeSet<&'static str>> = LazyLock::new(|| {
    let parts = endpoints().iter().flat_map(|known| known.path.split('/'));
    parts.filter(|part| !part.starts_with('{')).collect()
});

/// Replaces values within texts.
pub(super) struct Sweep {
    pseudonyms: Pseudonyms,
    /// Values with their replacements by their first word in lower case, the longest first.
    known: BTreeMap<String, Vec<(String, String)>>,
}

impl Sweep {
    pub(super) fn new(pseudonyms: Pseudonyms) -> Self {
        let mut known = BTreeMap::<String, Vec<(String, String)>>::new();
        for (value, replacement) in &pseudonyms.replacements {
            // A text like `+49 30` is found without what comes before its first word.
            let trimmed = value.trim_start_matches(|letter: char| !letter.is_alphanumeric());
            let is_number = trimmed.bytes().all(|byte| byte.is_ascii_digit());
            let is_short = trimmed.len() < if is_number { SHORTEST_NUMBER } else { 2 };
            let is_word = WORDS.contains(value.as_str()) || VALUE_KINDS.contains_key(value);
            if !is_short && !is_word {
                for (value, replacement) in encodings(trimmed, replacement) {
                    known
                        .entry(first_word(&value))
                        .or_default()
                        .push((value, replacement));
                }
            }
        }
        for values in known.values_mut() {
            values.sort_by_key(|(value, _)| std::cmp::Reverse(value.len()));
            values.dedup();
        }
        Self { pseudonyms, known }
    }

    /// A path and query with other values.
    pub(super) fn target(&mut self, target: &str) -> String {
        let mut text = String::new();
        for part in parts(target) {
            let replaced = self.part(&part);
            match replaced.filter(|replaced| *replaced != part.decoded) {
                Some(other) => text.extend(utf8_percent_encode(&other, NON_ALPHANUMERIC)),
                None => text.push_str(part.text),
            }
            text.push_str(part.end);
        }
        text
    }

    fn part(&mut self, part: &Part<'_>) -> Option<String> {
        if is_email(&part.decoded) {
            return Some(self.pseudonyms.of(&part.decoded));
        }
        let known = self.pseudonyms.known(&part.decoded);
        match known.filter(|_| part.kind.is_some()) {
            Some(known) => Some(known.clone()),
            None if is_scalar(&part.decoded) => {
                self.number(&part.decoded, &part.field, ValueKind::Unknown)
            }
            None => Some(self.text(&part.decoded)),
        }
    }

    /// The body with other values.
    pub(super) fn body(&mut self, text: &str) -> String {
        let Ok(mut json) = serde_json::from_str::<Value>(text) else {
            return String::new();
        };
        self.replace(&mut json, "", ValueKind::Unknown);
        json.to_string()
    }

    fn replace(&mut self, json: &mut Value, field: &str, kind: ValueKind) {
        match json {
            Value::Object(fields) => {
                let kind = ValueKind::named(fields).unwrap_or(kind);
                let mut replaced = Map::new();
                for (name, mut value) in std::mem::take(fields) {
                    let is_plain = VALUE_KINDS.get(&name) == Some(&ValueKind::Plain);
                    let kind = if is_plain { ValueKind::Plain } else { kind };
                    self.replace(&mut value, &name, kind);
                    let name = if is_field(&name) {
                        name
                    } else {
                        self.text(&name)
                    };
                    replaced.insert(name, value);
                }
                *fields = replaced;
            }
            Value::Array(values) => {
                for value in values {
                    self.replace(value, field, kind);
                }
            }
            Value::String(text) if json_in(text).is_some() && !self.pseudonyms.is_own(text) => {
                let mut inner = json_in(text).unwrap_or_default();
                self.replace(&mut inner, "", kind);
                *text = inner.to_string();
            }
            Value::String(text)
                if !self.pseudonyms.is_own(text)
                    && (text.contains('@') || !is_scalar(text) && !is_fixed(field, kind, text)) =>
            {
                *text = match url_path(text) {
                    Some(path) => {
                        let (origin, target) = text.split_at(path);
                        let target = self.target(target);
                        self.text(origin) + &target
                    }
                    None => self.text(text),
                };
            }
            Value::String(_) | Value::Number(_) => {
                let text = json
                    .as_str()
                    .map_or_else(|| json.to_string(), str::to_owned);
                if let Some(replacement) = self.number(&text, field, kind) {
                    *json = replacement.into();
                }
            }
            _ => {}
        }
    }

    /// The replacement of a long number, such as a phone number, that is no id.
    fn number(&self, text: &str, field: &str, kind: ValueKind) -> Option<String> {
        let name = field.to_ascii_lowercase();
        let is_id = field.contains("Id") || name.trim_end_matches('s').ends_with("id");
        let digits = text.bytes().filter(u8::is_ascii_digit).count();
        let is_other =
            field.is_empty() || is_id || NUMBERS.contains(&field) || is_fixed(field, kind, text);
        let known = self.pseudonyms.known(text)?;
        (digits >= FEWEST_DIGITS && !is_other).then(|| known.clone())
    }

    /// The text with other values.
    fn text(&mut self, text: &str) -> String {
        let mut emails = emails(text);
        emails.sort_unstable_by_key(|email| email.start);
        let mut emails = emails.into_iter().peekable();
        let mut replaced = String::with_capacity(text.len());
        let mut place = 0;
        while let Some(letter) = text[place..].chars().next() {
            while emails.next_if(|email| email.end <= place).is_some() {}
            let email = emails.peek().filter(|email| email.contains(&place));
            let known = self.known_at(text, place);
            match (email, known) {
                (Some(email), known) if known.is_none_or(|(end, _)| end <= email.end) => {
                    let decoded = percent_decode_str(&text[email.clone()]).decode_utf8_lossy();
                    replaced.push_str(&self.pseudonyms.of(&decoded));
                    place = email.end;
                }
                (_, Some((end, known))) => {
                    replaced.push_str(known);
                    place = end;
                }
                _ => {
                    replaced.push(letter);
                    place += letter.len_utf8();
                }
            }
        }
        replaced
    }

    /// The end and the replacement of the longest value that begins here.
    fn known_at(&self, text: &str, place: usize) -> Option<(usize, &str)> {
        if !is_boundary(text, place) {
            return None;
        }
        let rest = &text[place..];
        let values = self.known.get(&first_word(rest))?.iter();
        let is_here = |value: &str| {
            let same = rest
                .get(..value.len())
                .is_some_and(|part| lower(part) == lower(value));
            same && is_boundary(text, place + value.len())
        };
        let mut here = values.filter(|(value, _)| is_here(value));
        let (value, replacement) = here.next()?;
        // Of values that differ in their case only, the one that is written here.
        let exact = here.find(|(other, _)| {
            other.len() == value.len() && rest.starts_with(other) && !rest.starts_with(value)
        });
        let replacement = exact.map_or(replacement, |(_, replacement)| replacement);
        Some((place + value.len(), replacement))
    }
}

/// The text with escapes of JSON.
fn json_escaped(text: &str) -> String {
    let mut units = [0; 2];
    let escape = |letter: char| match letter {
        '"' | '\\' => format!("\\{letter}"),
        letter if letter.is_ascii() => letter.to_string(),
        letter => letter
            .encode_utf16(&mut units)
            .iter()
            .map(|unit| format!("\\u{unit:04x}"))
            .collect::<Vec<_>>()
            .concat(),
    };
    text.chars().map(escape).collect()
}

/// The text as HTML, with numbers for all letters that are not of ASCII.
fn html_escaped(text: &str) -> String {
    let escape = |letter: char| match letter {
        '&' => "&amp;".to_owned(),
        '<' => "&lt;".to_owned(),
        '>' => "&gt;".to_owned(),
        '"' => "&quot;".to_owned(),
        '\'' => "&#39;".to_owned(),
        letter if letter.is_ascii() => letter.to_string(),
        letter => format!("&#{};", u32::from(letter)),
    };
    text.chars().map(escape).collect()
}

/// The text as HTML in UTF-8, with the other form of apostrophes.
fn html_quoted(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('"', "&quot;")
        .replace('\'', "&#x27;")
}

/// A value and its replacement as they are in texts: plain, in JSON and HTML, in base64, and as a part of a URL.
fn encodings(value: &str, replacement: &str) -> Vec<(String, String)> {
    const UNRESERVED: AsciiSet = NON_ALPHANUMERIC
        .remove(b'-')
        .remove(b'.')
        .remove(b'_')
        .remove(b'~');
    let both = |encode: &dyn Fn(&str) -> String| (encode(value), encode(replacement));
    let percent = |text: &str| utf8_percent_encode(text, &UNRESERVED).to_string();
    let mut all = vec![
        both(&str::to_owned),
        both(&percent),
        both(&|text: &str| percent(text).replace("%20", "+")),
        both(&|text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()),
    ];
    if value.len() >= SHORTEST_ENCODED {
        all.push(both(&|text: &str| STANDARD_NO_PAD.encode(text)));
        all.push(both(&|text: &str| URL_SAFE_NO_PAD.encode(text)));
    }
    all.extend([json_escaped, html_escaped, html_quoted].map(|encode| both(&encode)));
    let plain = all[0].0.clone();
    all.retain(|(encoded, _)| *encoded != plain);
    all.push((plain, replacement.to_owned()));
    all
}

fn lower(text: &str) -> Cow<'_, str> {
    crate::definitions::lower(text)
}

/// Whether only email addresses are replaced in a field. Texts of several words are messages, unless they are options.
fn is_fixed(field: &str, kind: ValueKind, text: &str) -> bool {
    let ends = ["Type", "Id", "Ids", "At"];
    let is_word = !text.contains(' ');
    let is_option = VALUES.contains(&field)
        || field == "label"
        || VALUE_KINDS.get(field) == Some(&ValueKind::Plain);
    let is_chosen = FIXED.contains(&field) || ends.iter().any(|end| field.ends_with(end));
    is_word && is_chosen || kind == ValueKind::Plain && (is_word || is_option)
}

/// Whether the name of a field is one as HubSpot has them. Others may be values.
fn is_field(name: &str) -> bool {
    let mut letters = name.chars();
    letters
        .next()
        .is_some_and(|first| !first.is_ascii_uppercase())
        && name
            .chars()
            .all(|letter| letter.is_ascii_alphanumeric() || "_-.".contains(letter))
}

/// Where the path of a URL begins.
fn url_path(text: &str) -> Option<usize> {
    let start = ["https://", "http://"];
    let host = start.iter().find(|scheme| text.starts_with(**scheme))?;
    let path = text[host.len()..].find('/')?;
    Some(host.len() + path)
}

/// The first word of a text, in lower case: letters and digits of ASCII, or one other letter.
fn first_word(text: &str) -> String {
    let end = text.find(|letter: char| !letter.is_ascii_alphanumeric());
    let first = text.chars().next().map_or(0, char::len_utf8);
    let end = end.unwrap_or(text.len()).max(first);
    text[..end].to_lowercase()
}

/// Whether a word can begin or end here. Other scripts than ASCII have words without separators.
fn is_boundary(text: &str, place: usize) -> bool {
    let before = text[..place].chars().next_back();
    let after = text[place..].chars().next();
    ![before, after]
        .iter()
        .all(|letter| letter.is_some_and(|letter| letter.is_ascii_alphanumeric()))
}

/// Where the email addresses of a text are, with `@` or its percent-encoding.
fn emails(text: &str) -> Vec<Range<usize>> {
    let signs = text
        .match_indices('@')
        .chain(text.match_indices("%40"))
        .collect::<Vec<_>>();
    let mut emails = Vec::new();
    for (place, sign) in signs {
        let is_name = |letter: char| {
            letter.is_alphanumeric()
                || "._+-'!#$*~^`{|}".contains(letter)
                || letter == '%' && sign == "%40"
        };
        let is_host = |letter: char| letter.is_alphanumeric() || matches!(letter, '.' | '-');
        let name = text[..place].trim_end_matches(is_name).len();
        let name = &text[name..place];
        let name = name.trim_start_matches(['.', '\'', '`']);
        let host = &text[place + sign.len()..];
        let end = host.find(|letter| !is_host(letter)).unwrap_or(host.len());
        let host = host[..end].trim_end_matches(['.', '-']);
        let email = place - name.len()..place + sign.len() + host.len();
        let decoded = percent_decode_str(&text[email.clone()]).decode_utf8_lossy();
        if is_email(&decoded) {
            emails.push(email);
        }
    }
    emails
}
