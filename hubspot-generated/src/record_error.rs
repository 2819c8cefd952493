//! Why a record cannot be read as the type of a user. A leaf: errors of decoding carry it.

use std::fmt;

/// Why a record of HubSpot cannot be read as a [`Record`](crate::Record): which record, which property, and what is wrong.
///
/// `Display` and `Debug` do not show the value, which may be personal data and ends up in logs; [`value`](Self::value) returns
/// it.
#[derive(Clone, PartialEq, Eq)]
pub struct RecordError(Box<Inner>);

#[derive(Clone, PartialEq, Eq)]
struct Inner {
    object: &'static str,
    record: String,
    property: &'static str,
    problem: RecordProblem,
    expected: &'static str,
    value: Option<String>,
}

/// What is wrong with a property of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RecordProblem {
    /// The response lacks the property: HubSpot does not know it, or it was not requested.
    Absent,
    /// The property has no value, and the field is no `Option`.
    NoValue,
    /// The value is not of the field's type.
    Unreadable,
}

impl RecordError {
    pub(crate) fn new(
        (object, record, property): (&'static str, &str, &'static str),
        problem: RecordProblem,
        expected: &'static str,
        value: Option<&str>,
    ) -> Self {
        Self(Box::new(Inner {
            object,
            record: record.to_owned(),
            property,
            problem,
            expected,
            value: value.map(str::to_owned),
        }))
    }

    /// The object type in paths, such as `contacts`.
    pub fn object(&self) -> &'static str {
        self.0.object
    }

    /// The record's id.
    pub fn record(&self) -> &str {
        &self.0.record
    }

    /// The property's internal name; `hs_object_id` for the id.
    pub fn property(&self) -> &'static str {
        self.0.property
    }

    /// What is wrong.
    pub fn problem(&self) -> RecordProblem {
        self.0.problem
    }

    /// The value that cannot be read. `None` if there is none, and for fields that are marked as sensitive.
    pub fn value(&self) -> Option<&str> {
        self.0.value.as_deref()
    }
}

impl fmt::Display for RecordError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner {
            object,
            record,
            property,
            problem,
            expected,
            ..
        } = &*self.0;
        // HubSpot's ids are digits; anything else is not shown.
        let is_id = |id: &&String| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit());
        let record = Some(record).filter(is_id);
        let record = record.map_or("?", |id| id);
        write!(f, "record {record} of `{object}`: ")?;
        match problem {
            RecordProblem::Absent => write!(f, "the response lacks the property `{property}`"),
            RecordProblem::NoValue => write!(f, "the property `{property}` has no value"),
            RecordProblem::Unreadable => {
                write!(
                    f,
                    "the value of the property `{property}` is not {expected}"
                )
            }
        }
    }
}

impl fmt::Debug for RecordError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("RecordError")
            .field(&self.to_string())
            .finish()
    }
}

impl std::error::Error for RecordError {}
