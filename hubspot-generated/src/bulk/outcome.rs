//! What becomes of the inputs of a run.

use std::fmt;
use std::sync::Arc;

use crate::decode::DecodeError;
use crate::error::{BatchError, Error, ErrorDetail, existing_id, properties};
use crate::record_error::RecordError;

/// The outcome of one input.
#[derive(Debug)]
#[non_exhaustive]
pub struct Outcome<I, R> {
    /// The position of the input in its source, from 0.
    pub index: u64,
    /// The input.
    pub input: I,
    /// Whether it was done.
    pub status: Status<R>,
}

/// Whether an input was done.
#[derive(Debug)]
#[non_exhaustive]
pub enum Status<R> {
    /// It took effect. For a create, the record is new.
    Done(R),
    /// A create that is [settled by](super::Bulk::settle_by) a property found a record that already had its value.
    Existing(R),
    /// It took effect in an earlier run, by the [journal](super::Bulk::journal). The id is that of the record, if HubSpot
    /// returned one.
    DoneBefore(Option<String>),
    /// It had no effect.
    Failed(InputError),
    /// It was sent, and whether it took effect is not known.
    Unknown(InputError),
    /// It was not sent, because the run ended before its turn.
    NotSent,
}

impl<R> Status<R> {
    /// Returns whether the record is as the input wants it, as far as HubSpot says.
    pub fn is_done(&self) -> bool {
        matches!(self, Self::Done(_) | Self::DoneBefore(_))
    }

    /// The error of an input that failed, or whose status is not known.
    pub fn error(&self) -> Option<&InputError> {
        match self {
            Self::Failed(error) | Self::Unknown(error) => Some(error),
            _ => None,
        }
    }

    /// The record, if HubSpot returned it.
    pub fn record(&self) -> Option<&R> {
        match self {
            Self::Done(record) | Self::Existing(record) => Some(record),
            _ => None,
        }
    }
}

/// Why an input failed, or why its status is not known.
///
/// `Display` and `Debug` show no values of the input. [`message`](Self::message) returns all that HubSpot wrote, which may
/// quote them.
#[derive(Clone)]
pub struct InputError(Why);

#[derive(Clone)]
enum Why {
    /// The request failed, for all of its inputs.
    Request(Arc<Error>),
    /// The response has an error for the input.
    Input(Arc<BatchError>),
    /// The input cannot be written.
    Invalid(Arc<str>),
    /// The record was read, but is not of its type.
    Unreadable(Arc<DecodeError>),
    /// The response does not mention the input, or an earlier run was killed before it came.
    Lost(&'static str),
}

impl InputError {
    pub(super) fn request(error: Error) -> Self {
        Self(Why::Request(Arc::new(error)))
    }

    pub(super) fn input(error: BatchError) -> Self {
        Self(Why::Input(Arc::new(error)))
    }

    pub(super) fn invalid(what: &str) -> Self {
        Self(Why::Invalid(what.into()))
    }

    pub(super) fn unreadable(error: DecodeError) -> Self {
        Self(Why::Unreadable(Arc::new(error)))
    }

    pub(super) fn lost(what: &'static str) -> Self {
        Self(Why::Lost(what))
    }

    /// The error of the request, if it failed as a whole.
    pub fn request_error(&self) -> Option<&Error> {
        match &self.0 {
            Why::Request(error) => Some(error),
            _ => None,
        }
    }

    /// The error that HubSpot's response has for the input.
    pub fn batch_error(&self) -> Option<&BatchError> {
        match &self.0 {
            Why::Input(error) => Some(error),
            _ => None,
        }
    }

    /// Why the record that was read is not of its type.
    #[cfg(feature = "objects")]
    pub fn record_error(&self) -> Option<&RecordError> {
        match &self.0 {
            Why::Unreadable(error) => error.record(),
            _ => None,
        }
    }

    /// HubSpot's category, such as `VALIDATION_ERROR`, `CONFLICT` or `OBJECT_NOT_FOUND`.
    pub fn category(&self) -> Option<&str> {
        match &self.0 {
            Why::Request(error) => error.category(),
            Why::Input(error) => error.category.as_deref(),
            _ => None,
        }
    }

    /// HubSpot's message. It may quote values of the input.
    pub fn message(&self) -> Option<&str> {
        match &self.0 {
            Why::Request(error) => error.message(),
            Why::Input(error) => error.message.as_deref(),
            _ => None,
        }
    }

    /// The names of the properties that HubSpot refuses, each once. Empty if HubSpot names none.
    pub fn properties(&self) -> Vec<String> {
        match &self.0 {
            Why::Request(error) => error.properties(),
            Why::Input(error) => {
                properties(error.message.as_deref(), &error.context, &error.errors)
            }
            _ => Vec::new(),
        }
    }

    /// The individual errors, such as one per invalid property.
    pub fn errors(&self) -> &[ErrorDetail] {
        match &self.0 {
            Why::Request(error) => error.errors(),
            Why::Input(error) => &error.errors,
            _ => &[],
        }
    }

    /// Returns whether a record with the same unique value exists.
    pub fn is_conflict(&self) -> bool {
        let by_status = self.request_error().is_some_and(Error::is_conflict);
        by_status || matches!(self.category(), Some("CONFLICT" | "OBJECT_ALREADY_EXISTS"))
    }

    /// Returns whether the record does not exist.
    pub fn is_not_found(&self) -> bool {
        let by_status = self.request_error().is_some_and(Error::is_not_found);
        by_status || self.category() == Some("OBJECT_NOT_FOUND")
    }

    /// The id of the existing record, if a conflict names it.
    pub fn existing_id(&self) -> Option<&str> {
        self.is_conflict().then(|| existing_id(self.message()?))?
    }
}

impl fmt::Display for InputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Why::Request(error) => error.fmt(f),
            Why::Input(error) => match error.summary() {
                Some(summary) => f.write_str(&summary),
                None => f.write_str("HubSpot refused the input"),
            },
            Why::Invalid(what) => write!(f, "the input cannot be written: {what}"),
            Why::Unreadable(error) => write!(f, "cannot read {error}"),
            Why::Lost(what) => f.write_str(what),
        }
    }
}

impl fmt::Debug for InputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "InputError({self})")
    }
}

impl std::error::Error for InputError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.0 {
            Why::Request(error) => error.source(),
            _ => None,
        }
    }
}

/// Why a run ended.
#[derive(Debug)]
#[non_exhaustive]
pub enum End {
    /// The source had no more inputs.
    Complete,
    /// [`Stop::stop`](super::Stop::stop) was called. The rest of the source was not read.
    Stopped,
    /// The source returned an error. Every input before it has its outcome.
    Source(Box<dyn std::error::Error + Send + Sync>),
    /// The source panicked, with this message. Every input before it has its outcome.
    SourcePanicked(String),
    /// HubSpot refused a request for a reason that all others share: the token, a scope, the daily limit. The rest of the
    /// source was not read.
    Refused(InputError),
    /// The journal cannot be written, or is not that of this run. The rest of the source was not read.
    Journal(super::JournalError),
}

impl End {
    /// Returns whether all inputs of the source were read.
    pub fn is_complete(&self) -> bool {
        matches!(self, Self::Complete)
    }
}

/// How far a run has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// Inputs that were read from the source.
    pub read: u64,
    /// Inputs that took effect, in this run or an earlier one.
    pub done: u64,
    /// Creates whose record existed.
    pub existing: u64,
    /// Inputs that had no effect.
    pub failed: u64,
    /// Inputs that were sent, of which it is not known whether they took effect.
    pub unknown: u64,
    /// Inputs that were not sent.
    pub not_sent: u64,
    /// Calls of HubSpot, each of which may have been retried.
    pub requests: u64,
}

impl Progress {
    pub(super) fn count<R>(&mut self, status: &Status<R>) {
        let count = match status {
            Status::Done(_) | Status::DoneBefore(_) => &mut self.done,
            Status::Existing(_) => &mut self.existing,
            Status::Failed(_) => &mut self.failed,
            Status::Unknown(_) => &mut self.unknown,
            Status::NotSent => &mut self.not_sent,
        };
        *count += 1;
    }

    /// The inputs with an outcome.
    pub fn settled(&self) -> u64 {
        self.done + self.existing + self.failed + self.unknown + self.not_sent
    }
}

/// The result of a run: counts, and the outcomes of the inputs that were not done.
#[derive(Debug)]
#[must_use = "inputs may have failed"]
#[non_exhaustive]
pub struct Report<I, R> {
    /// Counts of all inputs.
    pub progress: Progress,
    /// The outcomes other than [`Status::Done`] and [`Status::DoneBefore`], in the order in which they came.
    pub rest: Vec<Outcome<I, R>>,
    /// Why the run ended.
    pub end: End,
}

impl<I, R> Report<I, R> {
    /// The inputs that had no effect, with the reason.
    pub fn failed(&self) -> impl Iterator<Item = (&Outcome<I, R>, &InputError)> {
        self.rest
            .iter()
            .filter_map(|outcome| match &outcome.status {
                Status::Failed(error) => Some((outcome, error)),
                _ => None,
            })
    }

    /// The inputs that were sent, of which it is not known whether they took effect.
    pub fn unknown(&self) -> impl Iterator<Item = (&Outcome<I, R>, &InputError)> {
        self.rest
            .iter()
            .filter_map(|outcome| match &outcome.status {
                Status::Unknown(error) => Some((outcome, error)),
                _ => None,
            })
    }

    /// Returns whether the whole source was read and every input is done or existed.
    pub fn is_complete(&self) -> bool {
        let Progress {
            failed,
            unknown,
            not_sent,
            ..
        } = self.progress;
        self.end.is_complete() && failed + unknown + not_sent == 0
    }
}
