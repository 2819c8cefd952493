//! JSON in which every value and every key keeps its place.
//!
//! `serde_json` reads the text; a raw value is a part of the text, which tells where it is.

use std::borrow::Cow;
use std::fmt;

use serde_json::value::RawValue;
use serde_json::{Error, from_str};

use serde_core::Deserialize;
use serde_core::de::{Deserializer, IgnoredAny, MapAccess, Visitor};

use super::error::AppFileError;

/// Deeper files are refused: they are read recursively.
const DEEPEST: usize = 100;

/// A value and its place.
pub(super) struct Node<'a> {
    text: &'a str,
    offset: usize,
    pub(super) kind: NodeKind<'a>,
}

pub(super) enum NodeKind<'a> {
    Null,
    Boolean,
    Number,
    String(String),
    Array(Vec<Node<'a>>),
    Object(Vec<Member<'a>>),
}

/// A key of an object with its value, in the order of the text.
pub(super) struct Member<'a> {
    text: &'a str,
    offset: usize,
    pub(super) key: String,
    pub(super) value: Node<'a>,
}

/// Reads the text of a file.
pub(super) fn parse(text: &str) -> Result<Node<'_>, AppFileError> {
    // The whole text first, so that an error has its place in the text and not in a part of it.
    let reader = Reader { text };
    from_str::<IgnoredAny>(text).map_err(|error| reader.syntax_error(&error))?;
    let root: &RawValue = from_str(text).map_err(|error| reader.syntax_error(&error))?;
    reader.node(root, 0)
}

#[derive(Clone, Copy)]
struct Reader<'a> {
    text: &'a str,
}

impl<'a> Reader<'a> {
    fn node(self, raw: &'a RawValue, depth: usize) -> Result<Node<'a>, AppFileError> {
        let offset = self.offset(raw);
        let fault = |fault: String| AppFileError::new(self.text, offset, fault);
        if depth > DEEPEST {
            return Err(fault(format!("has more than {DEEPEST} levels")));
        }
        let invalid = |error: Error| fault(format!("is not JSON: {}", without_place(&error)));
        let kind = match raw.get().bytes().next() {
            Some(b'n') => NodeKind::Null,
            Some(b't' | b'f') => NodeKind::Boolean,
            Some(b'"') => NodeKind::String(from_str(raw.get()).map_err(invalid)?),
            Some(b'[') => {
                let items: Vec<&RawValue> = from_str(raw.get()).map_err(invalid)?;
                let items = items.into_iter().map(|item| self.node(item, depth + 1));
                NodeKind::Array(items.collect::<Result<_, _>>()?)
            }
            Some(b'{') => {
                let Members(members) = from_str(raw.get()).map_err(invalid)?;
                let members = members.into_iter().map(|(key, value)| {
                    let text: Cow<'_, str> = from_str(key.get()).map_err(invalid)?;
                    Ok(Member {
                        text: self.text,
                        offset: self.offset(key),
                        key: text.into_owned(),
                        value: self.node(value, depth + 1)?,
                    })
                });
                NodeKind::Object(members.collect::<Result<_, _>>()?)
            }
            _ => NodeKind::Number,
        };
        let text = self.text;
        Ok(Node { text, offset, kind })
    }

    /// Where a part of the text begins.
    fn offset(self, part: &RawValue) -> usize {
        let start = self.text.as_ptr().addr();
        part.get().as_ptr().addr().saturating_sub(start)
    }

    fn syntax_error(self, error: &Error) -> AppFileError {
        let lines = self.text.split_inclusive('\n');
        let before = lines.take(error.line().saturating_sub(1)).map(str::len);
        let line_start: usize = before.sum();
        let mut offset = line_start + error.column().saturating_sub(1);
        while !self.text.is_char_boundary(offset.min(self.text.len())) {
            offset -= 1;
        }
        let fault = format!("is not JSON: {}", without_place(error));
        AppFileError::new(self.text, offset.min(self.text.len()), fault)
    }
}

fn without_place(error: &Error) -> String {
    let text = error.to_string();
    match text.rsplit_once(" at line ") {
        Some((fault, _)) => fault.to_owned(),
        None => text,
    }
}

/// The members of an object, duplicates included.
struct Members<'a>(Vec<(&'a RawValue, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Collect;

        impl<'de> Visitor<'de> for Collect {
            type Value = Members<'de>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(Collect)
    }
}

impl Node<'_> {
    pub(super) fn error(&self, fault: String) -> AppFileError {
        AppFileError::new(self.text, self.offset, fault)
    }

    /// What it is, with its article.
    pub(super) const fn name(&self) -> &'static str {
        match &self.kind {
            NodeKind::Null => "null",
            NodeKind::Boolean => "a boolean",
            NodeKind::Number => "a number",
            NodeKind::String(_) => "a string",
            NodeKind::Array(_) => "an array",
            NodeKind::Object(_) => "an object",
        }
    }

    /// Fails if an object in it has a key twice.
    pub(super) fn refuse_duplicates(&self) -> Result<(), AppFileError> {
        match &self.kind {
            NodeKind::Array(items) => items.iter().try_for_each(Self::refuse_duplicates),
            NodeKind::Object(members) => {
                let mut seen = std::collections::BTreeSet::new();
                for member in members {
                    if !seen.insert(&member.key) {
                        return Err(member.duplicate());
                    }
                    member.value.refuse_duplicates()?;
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }
}

impl Member<'_> {
    /// The error for a key that its object has already.
    pub(super) fn duplicate(&self) -> AppFileError {
        let fault = format!("has the key `{}` twice in one object", self.key);
        AppFileError::new(self.text, self.offset, fault)
    }
}
