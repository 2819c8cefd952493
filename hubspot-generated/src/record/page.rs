//! What operations on records return.

use std::fmt;

use super::Record;
use super::body::{Found, next_cursor, read_records, record_of};
use super::id::RecordId;
use crate::batch::Batch;
use crate::decode::{DecodeError, Decoded, ReadBody, decode, decode_fields};
use crate::error::BatchError;
use crate::page::Page;
use crate::record_error::{RecordError, RecordProblem};
use crate::values::Properties;

/// A page of a list or a search, with a result for each record: one that cannot be read does not hide the others.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RecordPage<T> {
    /// The records, and why one cannot be read as `T`.
    pub results: Vec<Result<T, RecordError>>,
    /// The cursor of the next page; `None` on the last.
    pub next: Option<String>,
    /// How many records a search found; `None` for a list.
    pub total: Option<u64>,
}

impl<T> Page for RecordPage<T> {
    type Item = Result<T, RecordError>;

    fn next_cursor(&self) -> Option<&str> {
        self.next.as_deref()
    }

    fn into_items(self) -> Vec<Self::Item> {
        self.results
    }
}

/// The response to a batch that reads records, with a result for each that was found.
#[derive(Debug)]
#[non_exhaustive]
pub struct RecordBatch<T> {
    /// The records, and why one cannot be read as `T`.
    pub results: Vec<Result<T, RecordError>>,
    /// The errors of inputs that were not found.
    pub errors: Vec<BatchError>,
}

/// A record that was written: HubSpot returns its id, and the values that it has stored.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct Written {
    /// The record's id.
    pub id: RecordId,
    /// The properties that were written, and some that HubSpot computes.
    pub properties: Properties,
    /// Whether the record is new; `None` for operations other than an upsert.
    pub new: Option<bool>,
}

/// Shows the names of the properties only: values are data of an account.
impl fmt::Debug for Written {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.properties.iter().map(|(name, _)| name);
        f.debug_struct("Written")
            .field("id", &self.id)
            .field("properties", &names.collect::<Vec<_>>())
            .field("new", &self.new)
            .finish()
    }
}

/// The response to a batch that writes records.
///
/// HubSpot may accept some inputs and reject others: check [`errors`](Self::errors), also after a request that succeeded.
#[derive(Debug)]
#[non_exhaustive]
pub struct WrittenBatch {
    /// The records that were written, in no particular order.
    pub results: Vec<Written>,
    /// The errors of inputs that failed.
    pub errors: Vec<BatchError>,
}

macro_rules! batch {
    ($name:ident $(<$parameter:ident>)?, $output:ty) => {
        impl $(<$parameter>)? Batch for $name $(<$parameter>)? {
            type Output = $output;

            fn results(&self) -> &[Self::Output] {
                &self.results
            }

            fn errors(&self) -> &[BatchError] {
                &self.errors
            }

            fn into_parts(self) -> (Vec<Self::Output>, Vec<BatchError>) {
                (self.results, self.errors)
            }
        }
    };
}

batch!(RecordBatch<T>, Result<T, RecordError>);
batch!(WrittenBatch, Written);

/// A record in the response to a request that writes.
struct Raw {
    id: String,
    properties: Properties,
    new: Option<bool>,
}

decode_fields!(Raw; "id" id, "new" new, "properties" properties);

/// The response to a batch that writes.
struct Body {
    results: Vec<Raw>,
    errors: Vec<BatchError>,
}

decode_fields!(Body; "errors" errors, "results" results);

/// How a record is read.
type Read<R> = fn(&Found<'_>) -> Result<R, RecordError>;

impl<R> RecordPage<R> {
    /// Reads a page of records of `T`.
    pub(super) fn read<T: Record>(body: &[u8], read: Read<R>) -> Decoded<Self> {
        let (results, envelope) = read_records::<T, R>(body, read)?;
        Ok(Self {
            results,
            next: next_cursor(envelope.paging),
            total: envelope.total.and_then(|total| total.try_into().ok()),
        })
    }
}

impl<R> RecordBatch<R> {
    /// Reads a batch of records of `T`.
    pub(super) fn read<T: Record>(body: &[u8], read: Read<R>) -> Decoded<Self> {
        let (results, envelope) = read_records::<T, R>(body, read)?;
        Ok(Self {
            results,
            errors: envelope.errors,
        })
    }
}

impl<T: Record> ReadBody for RecordPage<T> {
    fn read_body(body: &[u8]) -> Decoded<Self> {
        Self::read::<T>(body, record_of)
    }
}

impl<T: Record> ReadBody for RecordBatch<T> {
    fn read_body(body: &[u8]) -> Decoded<Self> {
        Self::read::<T>(body, record_of)
    }
}

impl ReadBody for Written {
    fn read_body(body: &[u8]) -> Decoded<Self> {
        written(decode(body)?)
    }
}

impl ReadBody for WrittenBatch {
    fn read_body(body: &[u8]) -> Decoded<Self> {
        let body: Body = decode(body)?;
        let results = body.results.into_iter().map(written);
        Ok(Self {
            results: results.collect::<Decoded<_>>()?,
            errors: body.errors,
        })
    }
}

fn written(raw: Raw) -> Decoded<Written> {
    let id = raw.id.parse().map_err(|_| {
        let place = ("records", &*raw.id, "hs_object_id");
        DecodeError::of_record(RecordError::new(
            place,
            RecordProblem::Unreadable,
            "an id",
            Some(&raw.id),
        ))
    })?;
    Ok(Written {
        id,
        properties: raw.properties,
        new: raw.new,
    })
}
