//! Word search, for `query` and for `CONTAINS_TOKEN`.
//!
//! HubSpot does not document how it splits text into words; here a word is a run of letters and digits.

use std::borrow::Cow;

use crate::definitions::lower;

/// The words of a search by text.
#[derive(Debug)]
pub(super) struct Words(Vec<String>);

impl Words {
    /// The words of `text`.
    pub(super) fn new(text: &str) -> Self {
        Self(split(&lower(text)).map(ToOwned::to_owned).collect())
    }

    /// Whether there are no words.
    pub(super) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether every word is the beginning of a word in one of the texts.
    pub(super) fn are_in<'a>(&self, texts: impl Iterator<Item = Cow<'a, str>>) -> bool {
        let texts = texts
            .map(|text| lower(&text).into_owned())
            .collect::<Vec<_>>();
        let begins = |word: &String| {
            let mut words = texts.iter().flat_map(|text| split(text));
            words.any(|known| known.starts_with(word.as_str()))
        };
        self.0.iter().all(begins)
    }
}

/// The pattern of `CONTAINS_TOKEN`.
#[derive(Debug)]
pub(super) enum Pattern {
    /// Consecutive words.
    Words(Vec<String>),
    /// A word in which `*` stands for anything.
    Wildcard(String),
}

impl Pattern {
    /// Parses the value of a filter.
    pub(super) fn new(text: &str) -> Self {
        let text = lower(text.trim());
        if text.contains('*') {
            return Self::Wildcard(text.into_owned());
        }
        Self::Words(split(&text).map(ToOwned::to_owned).collect())
    }

    /// Whether it occurs in `text`, which is in lower case.
    pub(super) fn is_in(&self, text: &str) -> bool {
        match self {
            Self::Words(words) => {
                let known = split(text).collect::<Vec<_>>();
                !words.is_empty()
                    && known
                        .windows(words.len())
                        .any(|window| window == words.as_slice())
            }
            Self::Wildcard(pattern) => {
                let mut words = text.split_whitespace().chain(split(text));
                words.any(|word| matches(pattern, word))
            }
        }
    }
}

fn split(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|letter: char| !letter.is_alphanumeric());
    words.filter(|word| !word.is_empty())
}

/// Whether `word` matches `pattern`, in which `*` stands for any characters.
fn matches(pattern: &str, word: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = word.strip_prefix(first) else {
        return false;
    };
    let parts = parts.collect::<Vec<_>>();
    let Some((last, middle)) = parts.split_last() else {
        return rest.is_empty();
    };
    for part in middle {
        let Some((_, after)) = rest.split_once(part) else {
            return false;
        };
        rest = after;
    }
    rest.ends_with(last)
}
