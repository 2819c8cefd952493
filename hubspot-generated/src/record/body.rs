//! Reads the records of a response. Each value is read from the response's text into its field, without a copy in between.

use std::borrow::Cow;

use super::Record;
use super::fields::{Fields, Slot};
use crate::decode::{Decode, DecodeError, Decoded, Decoder, decode_fields};
use crate::error::BatchError;
use crate::record_error::{RecordError, RecordProblem};

/// Where the next page starts.
pub(super) struct Paging {
    next: Option<Next>,
}

decode_fields!(Paging; "next" next);

struct Next {
    after: Option<String>,
}

decode_fields!(Next; "after" after);

pub(super) fn next_cursor(paging: Option<Paging>) -> Option<String> {
    paging?.next?.after
}

/// What a response has besides its records.
#[derive(Default)]
pub(super) struct Envelope {
    pub(super) paging: Option<Paging>,
    pub(super) total: Option<i64>,
    pub(super) errors: Vec<BatchError>,
}

/// The records of a response, and why one cannot be read.
type Results<T> = Vec<Result<T, RecordError>>;

/// A record of a response.
pub(super) struct Found<'a> {
    /// Empty if the response has none.
    pub(super) id: &'a str,
    values: &'a [Slot<'a>],
    /// The former values of its properties, as JSON.
    pub(super) history: Option<&'a str>,
}

/// Reads a record as its type.
pub(super) fn record_of<T: Record>(found: &Found<'_>) -> Result<T, RecordError> {
    if found.id.is_empty() {
        let place = (T::OBJECT, "", "hs_object_id");
        return Err(RecordError::new(place, RecordProblem::Absent, "", None));
    }
    T::from_fields(Fields::of::<T>(found.id, found.values))
}

/// Reads a page or a batch of records. One that is no record is among the results, like one whose properties cannot be read.
pub(super) fn read_records<T: Record, R>(
    body: &[u8],
    read: fn(&Found<'_>) -> Result<R, RecordError>,
) -> Decoded<(Results<R>, Envelope)> {
    let mut results = Vec::new();
    let envelope = envelope(body, T::PROPERTIES, &mut |found| match found {
        Some(found) => results.push(read(found)),
        None => results.clear(),
    })?;
    Ok((results, envelope))
}

/// Reads a body that is one record.
pub(crate) fn read_record<T: Record>(body: &[u8]) -> Decoded<T> {
    read_one::<T, T>(body, record_of)
}

/// Reads a body that is one record, as what `read` makes of it.
pub(super) fn read_one<T: Record, R>(
    body: &[u8],
    read: fn(&Found<'_>) -> Result<R, RecordError>,
) -> Decoded<R> {
    let mut result = None;
    let mut decoder = Decoder::of_body(body)?;
    record(&mut decoder, T::PROPERTIES, &mut Vec::new(), &mut |found| {
        result = Some(read(found));
    })?;
    decoder.end()?;
    let result = result.ok_or_else(|| DecodeError::missing("id"))?;
    result.map_err(DecodeError::of_record)
}

/// Calls `read` for each record, and with `None` before the first one. That happens twice if `results` is repeated: the
/// last one counts.
fn envelope(
    body: &[u8],
    names: &'static [&'static str],
    read: &mut dyn FnMut(Option<&Found<'_>>),
) -> Decoded<Envelope> {
    const FIELDS: &[&str] = &["errors", "paging", "results", "total"];
    let mut decoder = Decoder::of_body(body)?;
    let mut envelope = Envelope::default();
    let mut values = Vec::new();
    decoder.known_members(&"an object", FIELDS, &mut |decoder, field| {
        match FIELDS[field] {
            "errors" => envelope.errors = next(decoder)?,
            "paging" => envelope.paging = next(decoder)?,
            "total" => envelope.total = next(decoder)?,
            _ => {
                read(None);
                decoder.list(&mut |decoder| {
                    record(decoder, names, &mut values, &mut |found| read(Some(found)))
                })?;
            }
        }
        Ok(())
    })?;
    decoder.end()?;
    Ok(envelope)
}

/// Reads the value that comes next.
fn next<T: Decode>(decoder: &mut Decoder<'_>) -> Decoded<T> {
    let mut value = T::empty();
    value.decode(decoder)?;
    Ok(value)
}

/// Reads one record; `values` gets a value for each of `names`, which are sorted.
fn record<'a>(
    decoder: &mut Decoder<'a>,
    names: &'static [&'static str],
    values: &mut Vec<Slot<'a>>,
    read: &mut dyn FnMut(&Found<'_>),
) -> Decoded {
    // What is skipped is passed over faster if its name is known.
    const FIELDS: &[&str] = &[
        "archived",
        "createdAt",
        "id",
        "properties",
        "propertiesWithHistory",
        "updatedAt",
    ];
    let (mut id, mut history) = (Cow::Borrowed(""), None);
    values.clear();
    values.resize(names.len(), Slot::Absent);
    if decoder.peek() == Some(b'{') {
        decoder.known_members(&"an object", FIELDS, &mut |decoder, field| {
            match FIELDS[field] {
                "id" => id = identifier(decoder)?,
                "properties" => properties(decoder, names, values)?,
                "propertiesWithHistory" => history = Some(decoder.raw()?),
                _ => decoder.skip()?,
            }
            Ok(())
        })?;
    } else {
        decoder.skip()?;
    }
    read(&Found {
        id: &id,
        values,
        history,
    });
    Ok(())
}

/// Reads the properties of a record.
fn properties<'a>(
    decoder: &mut Decoder<'a>,
    names: &'static [&'static str],
    values: &mut [Slot<'a>],
) -> Decoded {
    values.fill(Slot::Absent);
    if decoder.peek() == Some(b'{') {
        return decoder.known_members(&"a map", names, &mut |decoder, index| {
            values[index] = match structure(decoder)? {
                Some(json) => Slot::Structure(json),
                None => Slot::of(decoder.text()?),
            };
            Ok(())
        });
    }
    if !decoder.take_null() {
        values.fill(Slot::Structure(decoder.raw()?));
    }
    Ok(())
}

/// Reads an id; empty if there is none.
fn identifier<'a>(decoder: &mut Decoder<'a>) -> Decoded<Cow<'a, str>> {
    match structure(decoder)? {
        Some(_) => Ok(Cow::Borrowed("")),
        None => Ok(decoder.text()?.unwrap_or_default()),
    }
}

/// The list or object that comes next, as JSON.
fn structure<'a>(decoder: &mut Decoder<'a>) -> Decoded<Option<&'a str>> {
    let is_structure = matches!(decoder.peek(), Some(b'{' | b'['));
    is_structure.then(|| decoder.raw()).transpose()
}

#[cfg(test)]
mod tests {
    use super::envelope;

    #[test]
    fn an_error_says_where() {
        for (body, path, what) in [
            ("null", "", "an object"),
            (r#"{"results":{}}"#, "results", "a list"),
            (
                r#"{"results":[{"id":"1","properties":{"email":["a"}}]}"#,
                "results[0].properties.email",
                "JSON",
            ),
            (
                r#"{"results":[{"updatedAt":[1,}]}"#,
                "results[0].updatedAt",
                "JSON",
            ),
            (r#"{"errors":[1]}"#, "errors[0]", "an object"),
        ] {
            let read = envelope(body.as_bytes(), &["email"], &mut |_| ());
            let error = read.err().expect(body);
            assert_eq!(error.path(), path, "{body}");
            assert!(error.what().contains(what), "{body}: {}", error.what());
        }
    }
}
