//! Matches the response to a batch with its inputs.

use std::borrow::Cow;
use std::collections::HashMap;

use super::input::{Action, Job, normal};
use super::outcome::InputError;
use crate::decode::fields::entries;
use crate::decode::{Decode, Decoded, Decoder, decode, decode_fields};
use crate::error::BatchError;
use crate::values::{DateTime, Properties};

/// The response to a batch.
#[derive(Default)]
pub(super) struct BatchResponse {
    pub(super) results: Vec<Record>,
    errors: Vec<BatchError>,
}

/// A record whose JSON is kept as it came.
#[derive(Default)]
pub(super) struct Record {
    pub(super) json: String,
    pub(super) head: Head,
}

/// What is read of a record, whatever its type.
#[derive(Default)]
pub(super) struct Head {
    pub(super) id: String,
    pub(super) created_at: DateTime,
    trace: Option<String>,
    pub(super) properties: Properties,
}

decode_fields!(Head; "id" id, "createdAt" created_at, "objectWriteTraceId" trace, "properties" properties);
decode_fields!(BatchResponse; "results" results, "errors" errors);

impl Decode for Record {
    fn empty() -> Self {
        Self {
            json: String::new(),
            head: Head::empty(),
        }
    }

    fn decode(&mut self, decoder: &mut Decoder<'_>) -> Decoded {
        decoder.raw()?.clone_into(&mut self.json);
        let json = self.json.as_bytes();
        self.head = decode(json).unwrap_or_else(|_| Head::of_broken(json));
        Ok(())
    }
}

impl Head {
    /// What can be read of a record that is not as it should be, so that it does not hide the others of its batch.
    fn of_broken(json: &[u8]) -> Self {
        fn fields(json: &[u8]) -> Vec<(Cow<'_, str>, &str)> {
            entries(json).map_or_else(|_| Vec::new(), |fields| fields.0)
        }
        let text = |json: &str| decode::<Option<String>>(json.as_bytes()).ok().flatten();
        let mut head = Self::empty();
        for (name, json) in fields(json) {
            match &*name {
                "id" => head.id = text(json).unwrap_or_default(),
                "createdAt" => head.created_at = DateTime::from(&*text(json).unwrap_or_default()),
                "objectWriteTraceId" => head.trace = text(json),
                "properties" => {
                    for (name, json) in fields(json.as_bytes()) {
                        if let Some(value) = text(json) {
                            head.properties.insert(name, value);
                        }
                    }
                }
                _ => {}
            }
        }
        head
    }
}

impl BatchResponse {
    /// Reads a response; one without a body has no results and no errors.
    pub(super) fn read(body: &[u8]) -> Decoded<Self> {
        if body.iter().all(u8::is_ascii_whitespace) {
            return Ok(Self::default());
        }
        decode(body)
    }
}

/// What a response says of one input.
pub(super) enum PerInput {
    Done(Record),
    /// Archives have no results.
    Archived,
    Failed(InputError),
    /// Nothing.
    Nothing,
}

/// Finds what the response says of each input. `id_property` is the property that the ids are values of.
pub(super) fn assign(
    kind: Action,
    id_property: Option<&str>,
    jobs: Vec<Job>,
    response: BatchResponse,
) -> Vec<(Job, PerInput)> {
    let mut found = Found::new(id_property, response);
    let is_single = jobs.len() == 1;
    let said = jobs.into_iter().map(|job| {
        let said = found.by_name(&job);
        let said = said.or_else(|| found.only().filter(|_| is_single));
        let is_archived = kind == Action::Archive && found.errors.is_empty();
        let otherwise = if is_archived {
            PerInput::Archived
        } else {
            PerInput::Nothing
        };
        (job, said.unwrap_or(otherwise))
    });
    said.collect()
}

/// The results and errors of a response by the inputs that they name.
struct Found {
    results: HashMap<Name, Record>,
    named: HashMap<Name, usize>,
    errors: Vec<BatchError>,
}

/// What a response calls an input.
#[derive(PartialEq, Eq, Hash)]
enum Name {
    Trace(String),
    Id(String),
}

impl Found {
    fn new(id_property: Option<&str>, response: BatchResponse) -> Self {
        let BatchResponse { results, errors } = response;
        let name = |record: &Record| {
            let head = &record.head;
            if let Some(trace) = &head.trace {
                return Name::Trace(trace.clone());
            }
            let value = id_property.and_then(|property| head.properties.get(property));
            Name::Id(normal(value.unwrap_or(&head.id)))
        };
        let mut named = HashMap::new();
        for (place, error) in errors.iter().enumerate() {
            let traces = error.write_trace_ids().iter().cloned().map(Name::Trace);
            let ids = ["ids", "id"].into_iter();
            let ids = ids.filter_map(|key| error.context.get(key)).flatten();
            let ids = ids.map(|id| Name::Id(normal(id)));
            named.extend(traces.chain(ids).map(|name| (name, place)));
        }
        Self {
            results: results
                .into_iter()
                .map(|record| (name(&record), record))
                .collect(),
            named,
            errors,
        }
    }

    fn by_name(&mut self, job: &Job) -> Option<PerInput> {
        let names = [
            Name::Trace(job.index.to_string()),
            Name::Id(normal(&job.id)),
        ];
        if let Some(place) = names.iter().find_map(|name| self.named.get(name)) {
            return Some(PerInput::failed(&self.errors[*place]));
        }
        let record = names.iter().find_map(|name| self.results.remove(name));
        record.map(PerInput::Done)
    }

    /// What the response says if it is about a single input.
    fn only(&mut self) -> Option<PerInput> {
        if let Some(error) = self.errors.first() {
            return Some(PerInput::failed(error));
        }
        // One of several would be a guess. The only one may have another id: that of the record it was merged into.
        let mut results = self.results.drain().map(|(_, record)| record);
        let only = results.next().filter(|_| results.len() == 0);
        only.map(PerInput::Done)
    }
}

impl PerInput {
    fn failed(error: &BatchError) -> Self {
        Self::Failed(InputError::input(error.clone()))
    }
}
