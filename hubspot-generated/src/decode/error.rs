//! Why JSON cannot be read or written, and where.

use std::fmt;

use super::scalar::Scalar;
use crate::record_error::RecordError;

/// The longest part of a key that a path shows, in bytes.
const MAX_KEY: usize = 1000;

/// What reading and writing return.
pub type Decoded<T = ()> = Result<T, DecodeError>;

/// Why a body cannot be read or written. It quotes no value of the body.
#[derive(Debug)]
pub struct DecodeError(Box<Inner>);

#[derive(Debug)]
struct Inner {
    what: String,
    /// The innermost step first.
    steps: Vec<Step>,
    /// Set if the body is a record that is not of the user's type.
    record: Option<RecordError>,
}

#[derive(Debug)]
enum Step {
    Key(String),
    Index(usize),
}

impl DecodeError {
    #[cold]
    pub(crate) fn new(what: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            what: what.into(),
            steps: Vec::new(),
            record: None,
        }))
    }

    /// For a record that is not of the user's type.
    #[cold]
    #[cfg_attr(
        not(feature = "records"),
        expect(dead_code, reason = "only records need it")
    )]
    pub(crate) fn of_record(error: RecordError) -> Self {
        let mut this = Self::new(error.to_string());
        this.0.record = Some(error);
        this
    }

    pub(crate) fn record(&self) -> Option<&RecordError> {
        self.0.record.as_ref()
    }

    /// For a body that is not JSON from the byte `at` on.
    #[cold]
    pub(super) fn malformed(body: &[u8], at: usize) -> Self {
        let before = &body[..at.min(body.len())];
        let line = before.split(|byte| *byte == b'\n').count();
        let column = before.iter().rev().take_while(|byte| **byte != b'\n');
        let what = if body.is_empty() {
            return Self::new("the body is empty");
        } else if at >= body.len() {
            "the body ends early"
        } else {
            "the body is not JSON"
        };
        // Counted from 1, and an end from what stands before it.
        let column = column.count() + usize::from(at < body.len());
        Self::new(format!("{what}, in line {line} column {column}"))
    }

    #[cold]
    pub(super) fn too_deep() -> Self {
        Self::new("the body is nested too deeply")
    }

    #[cold]
    pub(super) fn too_long() -> Self {
        Self::new("the body has too many elements")
    }

    #[cold]
    pub(crate) fn missing(field: &str) -> Self {
        Self::new(format!("missing field `{field}`"))
    }

    /// For a value of another kind than `expected`.
    #[cold]
    pub(super) fn unexpected(found: &Scalar<'_>, expected: &dyn fmt::Display) -> Self {
        Self::new(format!("found {}, expected {expected}", found.kind()))
    }

    #[cold]
    pub(super) fn out_of_range(expected: &str) -> Self {
        Self::new(format!("found a number out of range, expected {expected}"))
    }

    #[cold]
    pub(crate) fn at_key(mut self, key: &str) -> Self {
        let shown = &key[..key.floor_char_boundary(MAX_KEY)];
        self.0.steps.push(Step::Key(shown.to_owned()));
        self
    }

    #[cold]
    pub(crate) fn at_index(mut self, index: usize) -> Self {
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
