//! Reads the records of a response. Each value is read from the response's text into its field, without a copy in between.

use std::borrow::Cow;

use super::Record;
use super::fields::{Fields, Slot};
use crate::decode::{Decode, DecodeError, Decoded, Decoder, decode_fields};
use crate::error::BatchError;
use crate::record_error::RecordError;

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

/// Reads a page or a batch of records.
pub(super) fn read_records<T: Record>(body: &[u8]) -> Decoded<(Results<T>, Envelope)> {
    let mut results = Vec::new();
    let envelope = envelope(body, T::PROPERTIES, &mut |found| match found {
        Some((id, values)) => results.push(T::from_fields(Fields::of::<T>(id, values))),
        None => results.clear(),
    })?;
    Ok((results, envelope))
}

/// Reads a body that is one record.
pub(crate) fn read_record<T: Record>(body: &[u8]) -> Decoded<T> {
    let (mut read, mut values) = (None, Vec::new());
    let mut decoder = Decoder::of_body(body)?;
    record(
        &mut decoder,
        T::PROPERTIES,
        &mut values,
        &mut |id, values| {
            read = Some(T::from_fields(Fields::of::<T>(id, values)));
        },
    )?;
    decoder.end()?;
    let read = read.ok_or_else(|| DecodeError::missing("id"))?;
    read.map_err(DecodeError::of_record)
}

/// The id and the values of a record.
type Found<'a> = (&'a str, &'a [Slot<'a>]);

/// Calls `read` for each record, and with `None` before the first one. That happens twice if `results` is repeated: the
/// last one counts.
fn envelope(
    body: &[u8],
    names: &'static [&'static str],
    read: &mut dyn FnMut(Option<Found<'_>>),
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
                    record(decoder, names, &mut values, &mut |id, values| {
                        read(Some((id, values)));
                    })
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
    read: &mut dyn FnMut(&str, &[Slot<'_>]),
) -> Decoded {
    // What is skipped is passed over faster if its name is known.
    const FIELDS: &[&str] = &["archived", "createdAt", "id", "properties", "updatedAt"];
    let mut id = None;
    values.clear();
    values.resize(names.len(), Slot::ABSENT);
    decoder.known_members(&"an object", FIELDS, &mut |decoder, field| {
        match FIELDS[field] {
            "id" => id = Some(decoder.some_text()?),
            "properties" => {
                values.fill(Slot::ABSENT);
                if !decoder.take_null() {
                    decoder.known_members(&"a map", names, &mut |decoder, index| {
                        values[index] = Slot::of(decoder.text()?);
                        Ok(())
                    })?;
                }
            }
            _ => decoder.skip()?,
        }
        Ok(())
    })?;
    let id: Cow<'a, str> = id.ok_or_else(|| DecodeError::missing("id"))?;
    read(&id, values);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::envelope;

    #[test]
    fn an_error_says_where() {
        for (body, path, what) in [
            ("null", "", "an object"),
            (
                r#"{"results":[{"id":"1"},{"properties":{}}]}"#,
                "results[1]",
                "missing field `id`",
            ),
            (r#"{"results":[{"id":null}]}"#, "results[0].id", "a string"),
            (
                r#"{"results":[{"id":"1","properties":["a"]}]}"#,
                "results[0].properties",
                "a map",
            ),
            (
                r#"{"results":[{"properties":{"email":["a"]}}]}"#,
                "results[0].properties.email",
                "a string",
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
