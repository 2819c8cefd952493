//! Why a body cannot be decoded, and where in it.

use std::fmt;

use serde::de::{self, Expected, Unexpected};

use crate::error::describe_decode_error;

/// Why a body cannot be decoded. It quotes no value of the body.
#[derive(Debug)]
pub(crate) struct DecodeError(Box<Inner>);

#[derive(Debug, Default)]
struct Inner {
    what: String,
    /// The innermost step first.
    steps: Vec<Step>,
}

#[derive(Debug)]
enum Step {
    Key(String),
    Index(usize),
}

impl DecodeError {
    fn new(what: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            what: what.into(),
            steps: Vec::new(),
        }))
    }

    /// For a body that is not JSON.
    pub(super) fn of_body(error: &serde_json::Error) -> Self {
        Self::new(describe_decode_error(error))
    }

    pub(super) fn too_deep() -> Self {
        Self::new("the body is nested too deeply")
    }

    #[cold]
    pub(super) fn at_key(mut self, key: &str) -> Self {
        self.0.steps.push(Step::Key(key.to_owned()));
        self
    }

    #[cold]
    pub(super) fn at_index(mut self, index: usize) -> Self {
        self.0.steps.push(Step::Index(index));
        self
    }

    /// What is wrong, without its place.
    pub(crate) fn what(&self) -> &str {
        &self.0.what
    }

    /// Where it is wrong, as in `results[3].properties.email`; empty for the whole body.
    pub(crate) fn path(&self) -> String {
        let steps = self.0.steps.iter().rev().map(|step| match step {
            Step::Key(key) => format!(".{key}"),
            Step::Index(index) => format!("[{index}]"),
        });
        let path = steps.collect::<String>();
        path.strip_prefix('.').unwrap_or(&path).to_owned()
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.what())
    }
}

impl std::error::Error for DecodeError {}

/// Every message names kinds and fields of Rust types; none repeats what the body holds.
impl de::Error for DecodeError {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self::new("a value is not as expected")
    }

    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::new(format!("found {}, expected {expected}", kind_of(&found)))
    }

    fn invalid_value(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::invalid_type(found, expected)
    }

    fn invalid_length(length: usize, expected: &dyn Expected) -> Self {
        Self::new(format!("found {length} elements, expected {expected}"))
    }

    fn unknown_variant(_: &str, _: &'static [&'static str]) -> Self {
        Self::new("a value is not one of the known ones")
    }

    fn unknown_field(_: &str, _: &'static [&'static str]) -> Self {
        Self::new("a field is not one of the known ones")
    }

    fn missing_field(field: &'static str) -> Self {
        Self::new(format!("missing field `{field}`"))
    }

    fn duplicate_field(field: &'static str) -> Self {
        Self::new(format!("duplicate field `{field}`"))
    }
}

fn kind_of(found: &Unexpected<'_>) -> &'static str {
    match found {
        Unexpected::Bool(_) => "a boolean",
        Unexpected::Unsigned(_) | Unexpected::Signed(_) => "an integer",
        Unexpected::Float(_) => "a floating point number",
        Unexpected::Char(_) | Unexpected::Str(_) | Unexpected::Bytes(_) => "a string",
        Unexpected::Unit | Unexpected::Option => "null",
        Unexpected::Seq => "a list",
        Unexpected::Map => "a map",
        _ => "another kind of value",
    }
}

/// For values that `serde_json` reads; their line and column are not those of the body.
impl From<serde_json::Error> for DecodeError {
    fn from(_: serde_json::Error) -> Self {
        de::Error::custom("")
    }
}
