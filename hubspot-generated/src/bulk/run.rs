//! A run: a stream of the outcomes of its inputs.

use std::collections::{HashMap, VecDeque};
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures_core::Stream;

use super::dispatch::{RawStatus, Verdict};
use super::engine::Engine;
use super::input::{Action, BulkInput, Job, job};
use super::journal::Before;
use super::outcome::{End, InputError, Outcome, Progress, Report, Status};
use super::source::Source;
use crate::debug::debug_fields;
use crate::response::Read;

const UNREADABLE: &str = "the input took effect, but HubSpot's record cannot be decoded";

pub(super) type OnProgress = Box<dyn FnMut(&Progress) + Send>;

/// A run of a batch operation over inputs: a [`Stream`] of their [outcomes](Outcome), in the order in which they come.
///
/// Nothing is read or sent unless the stream is polled. Every input that was read has exactly one outcome. A run that is
/// dropped cancels its requests, which may take effect nevertheless; [`Stop`](super::Stop) ends it with an outcome for each.
#[must_use = "a run does nothing until it is polled"]
pub struct BulkRun<I, R> {
    source: Source<I>,
    engine: Engine,
    /// The inputs without an outcome, by position.
    held: HashMap<u64, I>,
    ready: VecDeque<Outcome<I, R>>,
    read: Read<R>,
    progress: Progress,
    on_progress: Option<OnProgress>,
    end: Option<End>,
}

impl<I: BulkInput, R> BulkRun<I, R> {
    pub(super) fn new(
        source: Source<I>,
        engine: Engine,
        read: Read<R>,
        on_progress: Option<OnProgress>,
    ) -> Self {
        Self {
            source,
            engine,
            held: HashMap::new(),
            ready: VecDeque::new(),
            read,
            progress: Progress::default(),
            on_progress,
            end: None,
        }
    }

    /// The next outcome; `None` when every input has one.
    pub async fn next(&mut self) -> Option<Outcome<I, R>> {
        poll_fn(|context| self.poll_outcome(context)).await
    }

    /// Runs to the end and returns the counts, and the outcomes of the inputs that were not done.
    ///
    /// Records of inputs that are done are dropped. Read the stream instead to get them.
    pub async fn run(mut self) -> Report<I, R> {
        let mut rest = Vec::new();
        while let Some(outcome) = self.next().await {
            if !outcome.status.is_done() {
                rest.push(outcome);
            }
        }
        Report {
            progress: self.progress,
            rest,
            end: self.end.unwrap_or(End::Complete),
        }
    }

    fn poll_outcome(&mut self, context: &mut Context<'_>) -> Poll<Option<Outcome<I, R>>> {
        self.engine.plan.stop.register(context.waker());
        loop {
            if let Some(outcome) = self.ready.pop_front() {
                return Poll::Ready(Some(outcome));
            }
            if self.engine.plan.is_halted() {
                self.close();
            }
            let is_waiting = self.fill(context);
            if !self.ready.is_empty() {
                continue;
            }
            let is_over = !self.source.is_open();
            while self.engine.launch(is_waiting, is_over) {}
            if let Poll::Ready(verdicts) = self.engine.poll(context) {
                self.take(verdicts);
                continue;
            }
            if is_over && self.engine.is_idle() {
                let end = self.engine.plan.take_end();
                self.end = end.or(self.end.take()).or(Some(End::Complete));
                return Poll::Ready(None);
            }
            if is_waiting || is_over || !self.engine.has_room() {
                return Poll::Pending;
            }
        }
    }

    /// Reads inputs while there is room. Returns whether the source has none at the moment.
    fn fill(&mut self, context: &mut Context<'_>) -> bool {
        while self.source.is_open() && self.engine.has_room() && self.ready.is_empty() {
            match self.source.poll(context) {
                Poll::Pending => return true,
                Poll::Ready(Ok(input)) => self.accept(input),
                Poll::Ready(Err(end)) => self.end = Some(end),
            }
        }
        false
    }

    /// Queues an input, unless it cannot be written or the journal says that it is done.
    fn accept(&mut self, mut input: I) {
        let index = self.progress.read;
        self.progress.read += 1;
        let plan = Arc::clone(&self.engine.plan);
        let settle_by = plan.lookup.as_ref().map(|lookup| lookup.property.as_str());
        let mut job = match job(&mut input, index, plan.kind, plan.by, settle_by) {
            Ok(job) => job,
            Err(error) => {
                let error = InputError::invalid(error.what());
                return self.give(index, input, Status::Failed(error));
            }
        };
        let journal = plan.journal.as_ref();
        let before = journal.map_or(Ok(None), |journal| journal.before(index, job.hash));
        match before {
            Ok(Some(Before::Done(id))) => {
                let id = (id != 0).then(|| id.to_string());
                return self.give(index, input, Status::DoneBefore(id));
            }
            Ok(Some(Before::Sent(at))) => job.note_earlier(at),
            Ok(None) => {}
            Err(error) => {
                plan.halt_journal(error);
                self.give(index, input, Status::NotSent);
                return self.close();
            }
        }
        self.held.insert(index, input);
        self.engine.push(job);
    }

    /// Reads and sends no more.
    fn close(&mut self) {
        let is_cut_off = self.source.is_open() || !self.engine.has_nothing_to_send();
        self.source.close();
        if is_cut_off && !matches!(self.end, Some(End::Source(_) | End::SourcePanicked(_))) {
            self.end = Some(End::Stopped);
        }
        let verdicts = self.engine.take_queue();
        self.take(verdicts);
    }

    fn take(&mut self, verdicts: Vec<Verdict>) {
        for (Job { index, .. }, raw) in verdicts {
            let Some(input) = self.held.remove(&index) else {
                continue;
            };
            let status = self.status(raw);
            self.give(index, input, status);
        }
        self.progress.requests = self.engine.plan.requests();
        if let Some(on_progress) = &mut self.on_progress {
            on_progress(&self.progress);
        }
    }

    fn status(&self, raw: RawStatus) -> Status<R> {
        let read = |json: &str| (self.read)(json.as_bytes());
        let is_read = self.engine.plan.kind == Action::Read;
        let unreadable = |error| {
            if is_read {
                return Status::Failed(InputError::unreadable(error));
            }
            // It took effect, but what there is of it cannot be read.
            Status::Unknown(InputError::lost(UNREADABLE))
        };
        match raw {
            RawStatus::Done { json, .. } => read(&json).map_or_else(unreadable, Status::Done),
            RawStatus::Existing { json } => read(&json).map_or_else(unreadable, Status::Existing),
            RawStatus::Failed(error) => Status::Failed(error),
            RawStatus::Unknown(error) => Status::Unknown(error),
            RawStatus::NotSent => Status::NotSent,
        }
    }

    fn give(&mut self, index: u64, input: I, status: Status<R>) {
        self.progress.count(&status);
        self.ready.push_back(Outcome {
            index,
            input,
            status,
        });
    }
}

impl<I, R> BulkRun<I, R> {
    /// How far the run has come.
    pub fn progress(&self) -> Progress {
        self.progress
    }

    /// Why the run ended; `None` while there are outcomes to come.
    pub fn end(&self) -> Option<&End> {
        self.end.as_ref()
    }
}

/// Inputs and records are handed out, never pinned.
impl<I, R> Unpin for BulkRun<I, R> {}

impl<I: BulkInput, R> Stream for BulkRun<I, R> {
    type Item = Outcome<I, R>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll_outcome(context)
    }
}

debug_fields!(BulkRun<I, R>, |run| progress: run.progress);
