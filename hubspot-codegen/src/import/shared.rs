//! Finds schemas that `components/` has already: of the same name and shape, and all that they refer to as well.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::load::split_reference;

/// The files of `components/`, by path below `specs/`.
pub type Components = BTreeMap<String, Value>;

/// What says nothing about a shape.
const WORDS: [&str; 6] = [
    "description",
    "example",
    "title",
    "pattern",
    "minItems",
    "maxItems",
];

/// The path of the file that has a schema of the document, if one has.
pub(super) fn find(
    document: &Value,
    name: &str,
    components: &Components,
    version: &str,
) -> Option<String> {
    let mut files = components
        .iter()
        .filter(|(path, value)| is_for(path, version) && value.pointer(&pointer(name)).is_some());
    let here = format!("#{}", pointer(name));
    let same = |path: &&String| {
        let mut comparison = Comparison {
            document,
            components,
            seen: BTreeSet::new(),
        };
        comparison.same_target(&here, path, &here)
    };
    files
        .find(|(path, _)| same(path))
        .map(|(path, _)| path.clone())
}

/// Returns whether documents of a version may refer to a file: not to one of another version alone.
fn is_for(path: &str, version: &str) -> bool {
    let stem = path.trim_end_matches(".yaml");
    let of_version = stem.split_once("-2").is_some() || stem.contains("-v");
    !of_version || stem.ends_with(&format!("-{version}"))
}

fn pointer(name: &str) -> String {
    format!("/components/schemas/{name}")
}

struct Comparison<'a> {
    document: &'a Value,
    components: &'a Components,
    /// Pairs of schemas that are compared already, or are being compared.
    seen: BTreeSet<(String, String)>,
}

impl Comparison<'_> {
    /// Compares the target of a reference in the document with that of a reference in a file.
    fn same_target(&mut self, theirs: &str, file: &str, ours: &str) -> bool {
        let Some((path, at)) = split_reference(file, ours) else {
            return false;
        };
        if theirs.rsplit('/').next() != at.rsplit('/').next() {
            return false;
        }
        if !self
            .seen
            .insert((theirs.to_owned(), format!("{path}#{at}")))
        {
            return true;
        }
        let there = self.document.pointer(theirs.trim_start_matches('#'));
        let here = self
            .components
            .get(&path)
            .and_then(|value| value.pointer(at));
        there
            .zip(here)
            .is_some_and(|(there, here)| self.same(there, &path, here))
    }

    fn same(&mut self, theirs: &Value, file: &str, ours: &Value) -> bool {
        match (theirs, ours) {
            (Value::Object(theirs), Value::Object(ours)) => {
                let (theirs, ours) = (facts(theirs), facts(ours));
                let reference = |fields: &Map<String, Value>| {
                    fields
                        .get("$ref")
                        .and_then(Value::as_str)
                        .map(str::to_owned)
                };
                match (reference(&theirs), reference(&ours)) {
                    (Some(theirs), Some(ours)) => self.same_target(&theirs, file, &ours),
                    (None, None) => {
                        theirs.len() == ours.len()
                            && theirs.iter().all(|(name, value)| {
                                ours.get(name)
                                    .is_some_and(|ours| self.same(value, file, ours))
                            })
                    }
                    _ => false,
                }
            }
            (Value::Array(theirs), Value::Array(ours)) => {
                let (mut theirs, mut ours) = (theirs.clone(), ours.clone());
                // `required` and `enum` say the same in any order.
                theirs.sort_by_key(Value::to_string);
                ours.sort_by_key(Value::to_string);
                let mut pairs = theirs.iter().zip(&ours);
                theirs.len() == ours.len()
                    && pairs.all(|(theirs, ours)| self.same(theirs, file, ours))
            }
            (theirs, ours) => theirs == ours,
        }
    }
}

/// A schema without what says nothing about its shape.
fn facts(schema: &Map<String, Value>) -> Map<String, Value> {
    let is_fact = |name: &str, value: &Value| {
        // A field may be called `description`.
        (!WORDS.contains(&name) || value.is_object())
            && !(name == "properties" && value.as_object().is_some_and(Map::is_empty))
    };
    let facts = schema.iter().filter(|(name, value)| is_fact(name, value));
    let facts = facts.map(|(name, value)| (name.clone(), value.clone()));
    let facts = facts.collect::<Map<_, _>>();
    match facts.get("allOf") {
        Some(Value::Array(parts)) if facts.len() == 1 => match parts.as_slice() {
            [Value::Object(only)] => self::facts(only),
            _ => facts,
        },
        _ => facts,
    }
}
