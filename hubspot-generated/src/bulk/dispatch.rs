//! One batch on its way: it is sent, split if HubSpot refuses it as a whole, and settled if its outcome is not known.

use std::sync::Arc;
use std::time::SystemTime;

use super::input::{Action, Attempt, Job};
use super::journal::Entry;
use super::outcome::InputError;
use super::plan::Plan;
use super::response::{BatchResponse, PerInput, Record, assign};
use super::settle;
use crate::error::Error;

/// The outcome of an input; records are JSON.
#[derive(Clone)]
pub(super) enum RawStatus {
    Done { id: String, json: String },
    Existing { json: String },
    Failed(InputError),
    Unknown(InputError),
    NotSent,
}

impl RawStatus {
    /// Whether the request failed because HubSpot could not take it: without a response, or with 429 or 5xx.
    pub(super) fn is_refusal_of_load(&self) -> bool {
        let (Self::Failed(error) | Self::Unknown(error)) = self else {
            return false;
        };
        error.request_error().is_some_and(|error| {
            let status = error.status();
            error.is_rate_limited() || status.is_none_or(|status| status.is_server_error())
        })
    }
}

pub(super) type Verdict = (Job, RawStatus);

/// How often an input is sent that was found not to have taken effect.
const ROUNDS: u8 = 3;
const KILLED: &str = "an earlier run was killed before HubSpot's response came";
const NOT_REPEATED: &str = "the create had no effect, and the run ended before it was sent again";
const UNMENTIONED: &str = "HubSpot's response does not mention the input";

/// Handles a batch and returns the outcome of each of its inputs.
pub(super) async fn dispatch(plan: Arc<Plan>, batch: Vec<Job>) -> Vec<Verdict> {
    let mut dispatch = Dispatch {
        plan,
        waiting: Vec::new(),
        verdicts: Vec::with_capacity(batch.len()),
    };
    dispatch.begin(batch).await;
    while let Some(batch) = dispatch.waiting.pop() {
        dispatch.handle(batch).await;
    }
    dispatch.record().await;
    dispatch.verdicts
}

struct Dispatch {
    plan: Arc<Plan>,
    /// Batches that are sent one after the other, the last one first.
    waiting: Vec<Vec<Job>>,
    verdicts: Vec<Verdict>,
}

impl Dispatch {
    /// Looks up the inputs that an earlier run has sent, before the others are sent.
    async fn begin(&mut self, batch: Vec<Job>) {
        let (sent, new) = batch.into_iter().partition(|job| job.attempt.is_some());
        self.waiting.push(new);
        self.settle(sent, &InputError::lost(KILLED)).await;
    }

    async fn handle(&mut self, mut batch: Vec<Job>) {
        if batch.is_empty() {
            return;
        }
        if self.plan.is_halted() {
            let verdicts = batch.into_iter().map(cut_off);
            return self.verdicts.extend(verdicts);
        }
        if self.plan.kind == Action::Create {
            let now = Attempt::Here(self.plan.template.parts.core.clock.now());
            for job in &mut batch {
                job.attempt.get_or_insert(now);
            }
            settle::learn_time(&self.plan, &batch).await;
            if !self.record_sent(&batch).await {
                return self.give(batch, || RawStatus::NotSent);
            }
        }
        match self.plan.send(self.plan.batch(&batch)).await {
            Ok((response, _)) => self.read(batch, response).await,
            Err(error) if error.may_have_taken_effect() => {
                for job in &mut batch {
                    job.note_unknown(&error);
                }
                self.settle(batch, &InputError::request(error)).await;
            }
            Err(error) if is_about_inputs(&error) && batch.len() > 1 => self.split(batch, &error),
            Err(error) => {
                let is_fatal = is_fatal(&error);
                let error = InputError::request(error);
                if is_fatal {
                    self.plan.halt_refused(&error);
                }
                if error.is_conflict() && self.plan.lookup.is_some() {
                    return self.settle(batch, &error).await;
                }
                self.give(batch, || RawStatus::Failed(error.clone()));
            }
        }
    }

    /// Reads the response to a batch.
    async fn read(&mut self, batch: Vec<Job>, response: BatchResponse) {
        let plan = Arc::clone(&self.plan);
        let id_property = plan.template.id_property.clone();
        let id_property = id_property.or_else(|| batch[0].id_property.clone());
        let is_single = batch.len() == 1;
        let (mut conflicts, mut unmentioned) = (Vec::new(), Vec::new());
        for (job, outcome) in assign(plan.kind, id_property.as_deref(), batch, response) {
            match outcome {
                PerInput::Done(record) => self.verdicts.push((job, done(record))),
                PerInput::Archived => self.verdicts.push((job, RawStatus::done())),
                PerInput::Failed(error) if error.is_conflict() && plan.lookup.is_some() => {
                    conflicts.push((job, error));
                }
                PerInput::Failed(error) => self.verdicts.push((job, RawStatus::Failed(error))),
                PerInput::Nothing => unmentioned.push(job),
            }
        }
        if let Some((_, error)) = conflicts.first() {
            let error = error.clone();
            let conflicts = conflicts.into_iter().map(|(job, _)| job);
            self.settle(conflicts.collect(), &error).await;
        }
        if plan.kind != Action::Create && !is_single {
            // The response to a single input can only be about that one. Repeating these operations does no harm.
            for mut job in unmentioned {
                job.is_unknown = plan.kind != Action::Read;
                self.waiting.push(vec![job]);
            }
        } else {
            for job in &mut unmentioned {
                job.is_unknown = true;
            }
            self.settle(unmentioned, &InputError::lost(UNMENTIONED))
                .await;
        }
    }

    /// Sends a refused batch in parts: the inputs that the error names, or else its halves.
    fn split(&mut self, mut batch: Vec<Job>, error: &Error) {
        let traces = error.context("objectWriteTraceId");
        let is_named = |job: &Job| traces.iter().any(|trace| *trace == job.index.to_string());
        if batch.iter().any(is_named) && !batch.iter().all(is_named) {
            let (named, others): (Vec<_>, Vec<_>) = batch.into_iter().partition(is_named);
            self.waiting.push(others);
            self.waiting.push(named);
            return;
        }
        let right = batch.split_off(batch.len().div_ceil(2));
        self.waiting.push(right);
        self.waiting.push(batch);
    }

    /// Finds out whether inputs took effect, if that can be told; `error` says why it is not known.
    async fn settle(&mut self, jobs: Vec<Job>, error: &InputError) {
        if jobs.is_empty() {
            return;
        }
        let plan = Arc::clone(&self.plan);
        let unresolved = |job: &Job| match plan.kind {
            Action::Read => RawStatus::Failed(error.clone()),
            _ if job.is_unknown => RawStatus::Unknown(error.clone()),
            _ => RawStatus::Failed(error.clone()),
        };
        let (known, unknown): (Vec<_>, Vec<_>) = jobs
            .into_iter()
            .partition(|job| plan.lookup.is_some() && job.unique.is_some());
        for job in unknown {
            let raw = unresolved(&job);
            self.verdicts.push((job, raw));
        }
        let Some(lookup) = plan.lookup.as_ref() else {
            return;
        };
        let mut again = Vec::new();
        for (mut job, found) in settle::look_up(&plan, lookup, known).await {
            match found {
                settle::Found::New(record) => self.verdicts.push((job, done(record))),
                settle::Found::Old(record) => {
                    self.verdicts
                        .push((job, RawStatus::Existing { json: record.json }));
                }
                settle::Found::Nothing if job.is_unknown && job.rounds < ROUNDS => {
                    job.rounds += 1;
                    again.push(job);
                }
                settle::Found::Nothing => {
                    self.verdicts.push((job, RawStatus::Failed(error.clone())));
                }
                settle::Found::Unknown => {
                    let raw = unresolved(&job);
                    self.verdicts.push((job, raw));
                }
            }
        }
        self.waiting.push(again);
    }

    fn give(&mut self, jobs: Vec<Job>, raw: impl Fn() -> RawStatus) {
        self.verdicts
            .extend(jobs.into_iter().map(|job| (job, raw())));
    }

    /// Records that inputs are sent now. Those that may have taken effect keep the time when they were sent first. Returns
    /// whether the batch may be sent.
    async fn record_sent(&mut self, batch: &[Job]) -> bool {
        let Some(journal) = &self.plan.journal else {
            return true;
        };
        let since = self.plan.hubspot_time().and_then(|time| {
            let since = time.duration_since(SystemTime::UNIX_EPOCH);
            since.ok()
        });
        let now = since.unwrap_or_default().as_secs();
        let new = batch.iter().filter(|job| !job.is_unknown);
        let entries: Vec<Entry> = new.map(|job| (job.index, job.hash, now)).collect();
        if let Err(error) = journal.append("sent", &entries).await {
            self.plan.halt_journal(error);
            return false;
        }
        true
    }

    /// Records the outcomes.
    async fn record(&self) {
        let Some(journal) = &self.plan.journal else {
            return;
        };
        let (mut done, mut void) = (Vec::new(), Vec::new());
        for (job, raw) in &self.verdicts {
            match raw {
                RawStatus::Done { id, .. } => {
                    done.push((job.index, job.hash, id.parse().unwrap_or(0)));
                }
                RawStatus::Failed(_) | RawStatus::Existing { .. } | RawStatus::NotSent
                    if self.plan.kind == Action::Create =>
                {
                    void.push((job.index, job.hash, 0));
                }
                _ => {}
            }
        }
        for (verb, entries) in [("done", done), ("void", void)] {
            if let Err(error) = journal.append(verb, &entries).await {
                return self.plan.halt_journal(error);
            }
        }
    }
}

impl RawStatus {
    fn done() -> Self {
        Self::Done {
            id: String::new(),
            json: String::new(),
        }
    }
}

/// The outcome of an input that is not sent, or not again, because the run ends.
fn cut_off(job: Job) -> Verdict {
    let raw = match &job {
        Job { rounds: 1.., .. } => RawStatus::Failed(InputError::lost(NOT_REPEATED)),
        Job {
            is_unknown: true, ..
        } => RawStatus::Unknown(InputError::lost(UNMENTIONED)),
        _ => RawStatus::NotSent,
    };
    (job, raw)
}

fn done(record: Record) -> RawStatus {
    RawStatus::Done {
        id: record.head.id,
        json: record.json,
    }
}

/// Whether HubSpot refused a batch for what is in it, so that a part of it may be accepted.
fn is_about_inputs(error: &Error) -> bool {
    let status = error.status().map_or(0, |status| status.as_u16());
    matches!(status, 400 | 404 | 409 | 413 | 414 | 422)
}

/// Whether every other request would be refused for the same reason.
fn is_fatal(error: &Error) -> bool {
    error.is_unauthorized()
        || error.is_forbidden()
        || error.is_invalid_request()
        || error.rate_limit_policy() == Some("DAILY")
        || (error.status().is_none() && !error.is_retryable())
}
