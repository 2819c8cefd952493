//! What the batches of a run share.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Instant, SystemTime};

use tokio::sync::OnceCell;

use super::input::{Action, Job};
use super::journal::{Journal, JournalError};
use super::outcome::{End, InputError};
use super::response::BatchResponse;
use super::stop::Stop;
use crate::decode::decode;
use crate::decode::fields::entries;
use crate::encode::{self, Encode, encode};
use crate::error::Error;
use crate::parts::Parts;
use crate::settle::ServerTime;
use crate::transport;

/// HubSpot's limit of inputs in a batch, and that of reads with history.
const LIMIT: usize = 100;
const LIMIT_WITH_HISTORY: usize = 50;

/// A batch request without its inputs.
#[derive(Clone)]
pub(super) struct Template {
    pub(super) parts: Box<Parts>,
    /// The fields of the body other than `inputs`, each after a comma.
    rest: String,
    pub(super) limit: usize,
    /// The property that the ids of a read are values of.
    pub(super) id_property: Option<String>,
}

impl Template {
    /// Takes a request whose body has no inputs.
    pub(super) fn new(mut parts: Box<Parts>) -> Self {
        let id_property = parts.body_field("idProperty");
        let mut rest = String::new();
        let mut limit = LIMIT;
        let body = parts.body.take();
        let fields = body.as_ref().map(|body| entries(&body.bytes));
        for (name, json) in fields.into_iter().flatten().flat_map(|fields| fields.0) {
            match &*name {
                "inputs" => continue,
                "propertiesWithHistory" if json.len() > 2 && json != "null" => {
                    limit = LIMIT_WITH_HISTORY;
                }
                _ => {}
            }
            rest.push(',');
            encode::text(&mut rest, &name);
            rest.push(':');
            match (&*name, &id_property) {
                // Results are matched with ids by the value of this property.
                ("properties", Some(id_property)) => {
                    rest.push_str(&with_property(json, id_property));
                }
                _ => rest.push_str(json),
            }
        }
        Self {
            parts,
            rest,
            limit,
            id_property,
        }
    }

    /// Reads former values of these properties too.
    pub(super) fn with_history(&mut self, properties: &dyn Encode) {
        self.limit = LIMIT_WITH_HISTORY;
        // Names can be written.
        _ = encode::member(&mut self.rest, "propertiesWithHistory", properties);
    }

    /// The request for inputs that are written already.
    pub(super) fn request<'a>(
        &self,
        inputs: impl Iterator<Item = (&'a str, Option<u64>)>,
    ) -> Box<Parts> {
        let mut body = String::from("{\"inputs\":[");
        for (position, (json, trace)) in inputs.enumerate() {
            if position > 0 {
                body.push(',');
            }
            match trace {
                Some(trace) => {
                    let _ = write!(body, "{{\"objectWriteTraceId\":\"{trace}\",");
                    body.push_str(&json[1..]);
                }
                None => body.push_str(json),
            }
        }
        body.push(']');
        body.push_str(&self.rest);
        body.push('}');
        let mut parts = self.parts.clone();
        parts.set_json(Ok(body.into_bytes()));
        parts
    }
}

/// A list of properties with one more.
fn with_property(json: &str, property: &str) -> String {
    let mut properties: Vec<String> = decode(json.as_bytes()).unwrap_or_default();
    if !properties.iter().any(|other| other == property) {
        properties.push(property.to_owned());
    }
    let json = encode(&properties).ok();
    let json = json.and_then(|json| String::from_utf8(json).ok());
    json.unwrap_or_default()
}

/// How creates of unknown outcome are looked up.
pub(super) struct Lookup {
    pub(super) property: String,
    pub(super) template: Template,
}

/// What the batches of a run share.
pub(super) struct Plan {
    pub(super) kind: Action,
    pub(super) template: Template,
    /// The property that records of the user's types are upserted by.
    pub(super) by: Option<&'static str>,
    pub(super) lookup: Option<Lookup>,
    pub(super) journal: Option<Journal>,
    pub(super) stop: Stop,
    /// Why no more batches are sent.
    end: Mutex<Option<End>>,
    requests: AtomicU64,
    /// HubSpot's time at an instant of the clock.
    time: Mutex<Option<(ServerTime, Instant)>>,
    /// Whether HubSpot was asked for its time.
    pub(super) asked_time: OnceCell<()>,
}

impl Plan {
    pub(super) fn new(
        kind: Action,
        template: Template,
        by: Option<&'static str>,
        lookup: Option<Lookup>,
        journal: Option<Journal>,
        stop: Stop,
    ) -> Self {
        Self {
            kind,
            template,
            by,
            lookup,
            journal,
            stop,
            end: Mutex::new(None),
            requests: AtomicU64::new(0),
            time: Mutex::new(None),
            asked_time: OnceCell::new(),
        }
    }

    pub(super) fn batch(&self, jobs: &[Job]) -> Box<Parts> {
        let is_traced = !matches!(self.kind, Action::Archive | Action::Read);
        let inputs = jobs.iter();
        let inputs = inputs.map(|job| (job.json.as_str(), is_traced.then_some(job.index)));
        self.template.request(inputs)
    }

    fn count_request(&self) {
        self.requests.fetch_add(1, Ordering::Relaxed);
    }

    /// Sends a request and reads the response, and HubSpot's time.
    pub(super) async fn send(
        &self,
        request: Box<Parts>,
    ) -> Result<(BatchResponse, Option<ServerTime>), Error> {
        self.count_request();
        let mut response = transport::send(request).await?;
        let time = ServerTime::of(&response.headers);
        if let Some(time) = time {
            let now = self.template.parts.core.clock.now();
            *lock(&self.time) = Some((time, now));
        }
        Ok((response.decode(BatchResponse::read)?, time))
    }

    /// HubSpot's time, at the earliest; `None` before the first response.
    pub(super) fn hubspot_time(&self) -> Option<SystemTime> {
        let (time, at) = (*lock(&self.time))?;
        let since = self
            .template
            .parts
            .core
            .clock
            .now()
            .saturating_duration_since(at);
        time.after(since)
    }

    pub(super) fn requests(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }

    /// Sends nothing more, for this reason unless there is one already.
    pub(super) fn halt(&self, end: End) {
        lock(&self.end).get_or_insert(end);
    }

    pub(super) fn halt_refused(&self, error: &InputError) {
        self.halt(End::Refused(error.clone()));
    }

    pub(super) fn halt_journal(&self, error: JournalError) {
        self.halt(End::Journal(error));
    }

    pub(super) fn is_halted(&self) -> bool {
        lock(&self.end).is_some() || self.stop.is_stopped()
    }

    pub(super) fn take_end(&self) -> Option<End> {
        lock(&self.end).take()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
