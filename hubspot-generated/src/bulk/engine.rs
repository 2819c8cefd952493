//! Forms batches of the inputs that were read and keeps several of them in flight.
//!
//! Nothing here is generic, so that it is compiled once.

use std::collections::{HashMap, HashSet, VecDeque};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use super::concurrency::Concurrency;
use super::dispatch::{RawStatus, Verdict, dispatch};
use super::input::{Action, Job};
use super::plan::Plan;

/// The longest body of a batch with more than one input, in bytes of its inputs.
const MAX_BYTES: usize = 2 << 20;

/// The inputs between the source and their outcomes.
pub(super) struct Engine {
    pub(super) plan: Arc<Plan>,
    concurrency: Concurrency,
    queue: VecDeque<Job>,
    bytes: usize,
    /// The keys of the inputs in flight.
    busy: HashSet<String>,
    flights: Vec<InFlight>,
}

struct InFlight {
    keys: Vec<String>,
    /// The bytes of its inputs.
    bytes: usize,
    /// Further inputs that read a record of the batch, by its id. They get the same outcome.
    readers: HashMap<String, Vec<Job>>,
    verdicts: Pin<Box<dyn Future<Output = Vec<Verdict>> + Send>>,
}

impl Engine {
    pub(super) fn new(plan: Plan, concurrency: Concurrency) -> Self {
        Self {
            plan: Arc::new(plan),
            concurrency,
            queue: VecDeque::new(),
            bytes: 0,
            busy: HashSet::new(),
            flights: Vec::new(),
        }
    }

    /// Whether another input is to be read.
    pub(super) fn has_room(&self) -> bool {
        // Two batches, so that inputs for one record do not keep the others waiting.
        self.queue.len() < 2 * self.plan.template.limit && self.bytes < 2 * MAX_BYTES
    }

    pub(super) fn push(&mut self, job: Job) {
        self.bytes += job.json.len();
        self.queue.push_back(job);
    }

    pub(super) fn has_nothing_to_send(&self) -> bool {
        self.queue.is_empty()
    }

    pub(super) fn is_idle(&self) -> bool {
        self.queue.is_empty() && self.flights.is_empty()
    }

    /// Takes the inputs that were not sent.
    pub(super) fn take_queue(&mut self) -> Vec<Verdict> {
        self.bytes = 0;
        let jobs = self.queue.drain(..);
        jobs.map(|job| (job, RawStatus::NotSent)).collect()
    }

    /// Sends a batch if there is one to send. `is_waiting` says that the source has no input at the moment, and `is_over`
    /// that it never will have.
    pub(super) fn launch(&mut self, is_waiting: bool, is_over: bool) -> bool {
        let bytes = self.flights.iter().map(|flight| flight.bytes).sum();
        if self.queue.is_empty() || !self.concurrency.allows(self.flights.len(), bytes) {
            return false;
        }
        let is_forced = is_over || !self.has_room() || (is_waiting && self.flights.is_empty());
        if !is_forced && self.queue.len() < self.plan.template.limit {
            return false;
        }
        let (batch, readers) = self.form();
        if batch.is_empty() {
            return false;
        }
        let keys = batch.iter().filter_map(|job| job.key.clone()).collect();
        let bytes = batch.iter().map(|job| job.json.len()).sum();
        let verdicts = Box::pin(dispatch(Arc::clone(&self.plan), batch));
        self.flights.push(InFlight {
            keys,
            bytes,
            readers,
            verdicts,
        });
        true
    }

    /// Whether an input may get the outcome of another one, instead of being sent. A journal has to record each by itself.
    fn reads(&self) -> bool {
        self.plan.kind == Action::Read && self.plan.journal.is_none()
    }

    /// The inputs that wait for the outcome of the same read in flight. `None` if there is none, or if too many are held.
    fn readers_in_flight(&mut self, job: &Job) -> Option<&mut Vec<Job>> {
        let readers = self
            .flights
            .iter()
            .flat_map(|flight| flight.readers.values());
        if readers.map(Vec::len).sum::<usize>()
            >= self.concurrency.most() * self.plan.template.limit
        {
            return None;
        }
        let mut flights = self.flights.iter_mut();
        flights.find_map(|flight| flight.readers.get_mut(&job.id))
    }

    /// Takes inputs for one batch from the queue: each for another record, none before an earlier one for its record. A record
    /// that several inputs read is read once.
    fn form(&mut self) -> (Vec<Job>, HashMap<String, Vec<Job>>) {
        let (mut batch, mut rest) = (Vec::<Job>::new(), VecDeque::new());
        let (mut skipped, mut readers) = (HashSet::new(), HashMap::<_, Vec<_>>::new());
        let mut bytes = 0;
        while let Some(job) = self.queue.pop_front() {
            let is_full = batch.len() >= self.plan.template.limit
                || (!batch.is_empty() && bytes + job.json.len() > MAX_BYTES);
            if is_full {
                self.queue.push_front(job);
                break;
            }
            if self.reads() {
                let size = job.json.len();
                let others = match readers.get_mut(&job.id) {
                    Some(others) => Some(others),
                    None => self.readers_in_flight(&job),
                };
                if let Some(others) = others {
                    others.push(job);
                    self.bytes -= size;
                    continue;
                }
            }
            let is_blocked = job
                .key
                .as_ref()
                .is_some_and(|key| self.busy.contains(key) || skipped.contains(key));
            let is_other = batch
                .first()
                .is_some_and(|first| first.id_property != job.id_property);
            if is_blocked || is_other {
                skipped.extend(job.key.clone());
                rest.push_back(job);
                continue;
            }
            self.busy.extend(job.key.clone());
            bytes += job.json.len();
            if self.reads() {
                readers.insert(job.id.clone(), Vec::new());
            }
            batch.push(job);
        }
        rest.append(&mut self.queue);
        self.queue = rest;
        self.bytes -= bytes;
        (batch, readers)
    }

    /// The outcomes of the next batch that is finished.
    pub(super) fn poll(&mut self, context: &mut Context<'_>) -> Poll<Vec<Verdict>> {
        for place in 0..self.flights.len() {
            if let Poll::Ready(mut verdicts) = self.flights[place].verdicts.as_mut().poll(context) {
                let is_taken = !verdicts.iter().any(|(_, raw)| raw.is_refusal_of_load());
                self.concurrency.finished(self.flights.len(), is_taken);
                let flight = self.flights.swap_remove(place);
                for key in &flight.keys {
                    self.busy.remove(key);
                }
                share(&mut verdicts, flight.readers);
                self.note_rivals(&verdicts);
                return Poll::Ready(verdicts);
            }
        }
        Poll::Pending
    }

    /// Tells inputs that wait for their turn that the run has written their record already.
    fn note_rivals(&mut self, verdicts: &[Verdict]) {
        for (job, raw) in verdicts {
            let (Some(key), RawStatus::Done { id, .. }) = (&job.key, raw) else {
                continue;
            };
            if self.plan.lookup.is_none() {
                return;
            }
            for waiting in &mut self.queue {
                if waiting.key.as_ref() == Some(key) {
                    waiting.rival = Some(id.clone());
                }
            }
        }
    }
}

/// Gives the outcome of a read to the other inputs that read the same record.
fn share(verdicts: &mut Vec<Verdict>, mut readers: HashMap<String, Vec<Job>>) {
    for place in 0..verdicts.len() {
        let (job, raw) = &verdicts[place];
        let others = readers.remove(&job.id).unwrap_or_default();
        let others: Vec<_> = others
            .into_iter()
            .map(|other| (other, raw.clone()))
            .collect();
        verdicts.extend(others);
    }
}
