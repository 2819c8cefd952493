//! Finds what is still to be written in our documents.

use std::fmt;

use serde_json::Value;

use super::TODO;
use crate::error::{Error, Problem};
use crate::load::Sources;
use crate::model::Place;

/// A text that is to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Due {
    /// The line of it, from 1.
    pub line: usize,
    /// What it is about: `components.schemas.Owner.properties.type.description`.
    pub what: String,
}

impl fmt::Display for Due {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.line, self.what)
    }
}

/// What is due in the text of a document.
///
/// ```
/// use hubspot_codegen::import::due;
///
/// let found = due("info:\n  title: Owners\n  description: TODO\n");
/// assert_eq!(found[0].to_string(), "3: info.description");
/// ```
pub fn due(text: &str) -> Vec<Due> {
    let mut above: Vec<(usize, &str)> = Vec::new();
    let mut found = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let content = line.trim_start().trim_start_matches("- ");
        let indent = line.len() - content.len();
        let Some((key, value)) = content.split_once(':') else {
            continue;
        };
        above.retain(|(level, _)| *level < indent);
        above.push((indent, if key == "name" { value.trim() } else { key }));
        if value.trim() == TODO {
            let names = above.iter().map(|(_, name)| *name);
            let what = names.collect::<Vec<_>>().join(".");
            let line = index + 1;
            found.push(Due { line, what });
        }
    }
    found
}

/// One problem for each text that is to be written in the documents and what they refer to.
pub fn unwritten(sources: &Sources) -> Vec<Error> {
    let documents = sources.documents.iter();
    let files = documents.map(|source| (&source.path, &source.value));
    let mut errors = Vec::new();
    for (path, value) in files.chain(&sources.components) {
        let place = Place {
            document: path.clone(),
            pointer: String::new(),
        };
        collect(value, &place, &mut errors);
    }
    errors
}

fn collect(value: &Value, place: &Place, errors: &mut Vec<Error>) {
    match value {
        Value::String(text) if text == TODO => {
            errors.push(Error::new(place.clone(), Problem::Unwritten));
        }
        Value::Array(items) => (0..).zip(items).for_each(|(index, item): (usize, _)| {
            if !item.is_string() {
                collect(item, &place.child(&index.to_string()), errors);
            }
        }),
        Value::Object(fields) => {
            fields.iter().for_each(|(name, value)| {
                if value.is_object() || value.is_array() || value == TODO {
                    collect(value, &place.child(name), errors);
                }
            });
        }
        _ => {}
    }
}
