//! Finds wording that our files share with HubSpot's documents, whose text is not licensed to us.

use std::collections::HashSet;
use std::fmt;

use serde_json::Value;

/// Shorter runs are no sentences: everyone writes "the id of the object".
pub const SHORTEST: usize = 6;

/// A run of words that HubSpot's documents have too.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Shared {
    /// Our file.
    pub file: String,
    /// The line on which the run begins, from 1.
    pub line: usize,
    /// The run, in lower case and without punctuation.
    pub words: String,
}

impl fmt::Display for Shared {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{}:{}: HubSpot's documents have these words too: {}",
            self.file, self.line, self.words
        )
    }
}

/// The longest runs of six words or more, within a sentence, that our files share with HubSpot's documents. Each file is
/// a path and its text; comments and keys are text like the rest.
///
/// ```
/// use hubspot_codegen::wording::shared;
///
/// let published = serde_json::json!({ "description": "Says what the thing is for. And more." });
/// let ours = ("a.yaml", "# First\n# says what the thing\n# is for, and how.");
/// let found = shared([ours], [&published]);
/// assert_eq!(found[0].line, 2);
/// assert_eq!(found[0].words, "says what the thing is for");
///
/// let names = ("b.yaml", "- one\n- two\n- three\n- four\n- five\n- six");
/// let published = serde_json::json!("one two three four five six");
/// assert_eq!(shared([names], [&published]), []);
/// ```
pub fn shared<'a>(
    ours: impl IntoIterator<Item = (&'a str, &'a str)>,
    published: impl IntoIterator<Item = &'a Value>,
) -> Vec<Shared> {
    let mut runs = HashSet::new();
    for document in published {
        collect(document, &mut runs);
    }
    let mut found = Vec::new();
    for (file, text) in ours {
        for sentence in sentences(text) {
            found.extend(runs_in(&sentence, &runs).map(|words| Shared {
                file: file.to_owned(),
                line: words[0].line,
                words: joined(words),
            }));
        }
    }
    found
}

struct Word {
    line: usize,
    text: String,
}

/// The sentences of a text. A colon, a table's bar and an empty line end one too, and an item of a list that is a single
/// word stands alone: a list of names is no sentence.
fn sentences(text: &str) -> Vec<Vec<Word>> {
    let mut sentences = vec![Vec::new()];
    for (index, line) in text.lines().enumerate() {
        let item = line.trim().strip_prefix("- ");
        let is_name = item.is_some_and(|item| item.split_whitespace().count() == 1);
        if is_name || line.trim_matches(['#', '/', '!', ' ']).is_empty() {
            sentences.push(Vec::new());
        }
        for token in line.split_whitespace() {
            let text = token
                .trim_matches(|character: char| !character.is_alphanumeric())
                .to_lowercase();
            if !text.is_empty() {
                let word = Word {
                    line: index + 1,
                    text,
                };
                if let Some(sentence) = sentences.last_mut() {
                    sentence.push(word);
                }
            }
            if token == "|"
                || token
                    .trim_end_matches(['"', '\'', ')', '`', '*'])
                    .ends_with(['.', ':', '!', '?'])
            {
                sentences.push(Vec::new());
            }
        }
    }
    sentences
}

/// Adds every run of the shortest length in the sentences of a document. Values without blanks are names, not sentences.
fn collect(value: &Value, runs: &mut HashSet<String>) {
    match value {
        Value::String(text) => {
            for sentence in sentences(text) {
                runs.extend(sentence.windows(SHORTEST).map(joined));
            }
        }
        Value::Array(values) => values.iter().for_each(|value| collect(value, runs)),
        Value::Object(fields) => fields.values().for_each(|value| collect(value, runs)),
        _ => {}
    }
}

/// The longest parts of a sentence of which every run of the shortest length is among `runs`.
fn runs_in<'a>(sentence: &'a [Word], runs: &HashSet<String>) -> impl Iterator<Item = &'a [Word]> {
    let mut found: Vec<(usize, usize)> = Vec::new();
    for (start, window) in sentence.windows(SHORTEST).enumerate() {
        if runs.contains(&joined(window)) {
            match found.last_mut() {
                Some((_, end)) if *end + 1 == start + SHORTEST => *end += 1,
                _ => found.push((start, start + SHORTEST)),
            }
        }
    }
    found.into_iter().map(|(start, end)| &sentence[start..end])
}

fn joined(words: &[Word]) -> String {
    words
        .iter()
        .map(|word| word.text.as_str())
        .collect::<Vec<_>>()
        .join(" ")
}
