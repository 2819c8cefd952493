//! What can be wrong with the input, and where.
//!
//! An [`Error`] is one problem at one [`Place`]; [`Errors`] are all that a stage found. The message says how to mend the
//! input where that is not obvious.

mod problem;

use std::fmt;

pub use self::problem::Problem;
use crate::model::Place;

/// One problem at one place.
///
/// ```
/// use hubspot_codegen::error::{Error, Problem};
/// use hubspot_codegen::model::Place;
///
/// let place = Place { document: "2026-09/contacts.yaml".into(), pointer: "/openapi".into() };
/// let error = Error::new(place, Problem::NotOpenApi("3.1.0".into()));
/// assert!(error.to_string().starts_with("2026-09/contacts.yaml#/openapi: "));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
#[error("{place}: {problem}")]
pub struct Error {
    /// Where it is.
    pub place: Place,
    /// What it is.
    pub problem: Box<Problem>,
}

impl Error {
    /// A problem at a place.
    pub fn new(place: Place, problem: Problem) -> Self {
        let problem = Box::new(problem);
        Self { place, problem }
    }

    /// A problem with a file as a whole.
    pub fn in_file(document: impl Into<String>, problem: Problem) -> Self {
        let document = document.into();
        let pointer = String::new();
        Self::new(Place { document, pointer }, problem)
    }
}

/// One or more problems, in the order of their places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Errors(Vec<Error>);

impl Errors {
    /// `Err` with the problems if there are any, sorted and each once.
    pub fn check(mut errors: Vec<Error>) -> Result<(), Self> {
        if errors.is_empty() {
            return Ok(());
        }
        errors.sort();
        errors.dedup();
        Err(Self(errors))
    }

    /// The problems.
    pub fn as_slice(&self) -> &[Error] {
        &self.0
    }
}

impl From<Error> for Errors {
    fn from(error: Error) -> Self {
        Self(vec![error])
    }
}

impl fmt::Display for Errors {
    /// One problem a line.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, error) in self.0.iter().enumerate() {
            if index > 0 {
                formatter.write_str("\n")?;
            }
            write!(formatter, "{error}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Errors {}

impl Place {
    /// The place of a part: a field, or an index into a list.
    #[must_use]
    pub fn child(&self, part: &str) -> Self {
        Self {
            document: self.document.clone(),
            pointer: join(&self.pointer, part),
        }
    }
}

impl fmt::Display for Place {
    /// `document#pointer`, or the document alone.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.document)?;
        if !self.pointer.is_empty() {
            write!(formatter, "#{}", self.pointer)?;
        }
        Ok(())
    }
}

/// A JSON pointer with one more part, escaped as RFC 6901 says.
pub(crate) fn join(pointer: &str, part: &str) -> String {
    let mut joined = String::with_capacity(pointer.len() + part.len() + 1);
    joined.push_str(pointer);
    joined.push('/');
    for character in part.chars() {
        match character {
            '~' => joined.push_str("~0"),
            '/' => joined.push_str("~1"),
            other => joined.push(other),
        }
    }
    joined
}

/// A part of a JSON pointer without its escapes.
pub(crate) fn unescape(part: &str) -> String {
    part.replace("~1", "/").replace("~0", "~")
}
