//! Batch operations over any number of inputs.
//!
//! A run takes inputs from an iterator or a stream, sends them in batches of the size that HubSpot allows, several at a
//! time, and returns **one outcome for every input**. It reads from its source only as fast as HubSpot takes the inputs, so
//! memory does not grow with their number.
//!
//! Each function of this module takes the batch operation of one object type. It is a call like any other: the compiler
//! and the audit check its scopes.
//!
//! ```no_run
//! # #[cfg(feature = "contacts")]
//! # async fn example(hubspot: hubspot_generated::Client<hubspot_generated::Unchecked>) {
//! use hubspot_generated::bulk;
//! use hubspot_generated::models::BatchUpsertInput;
//!
//! let rows = [("ada@example.com", "Ada"), ("grace@example.com", "Grace")];
//! let inputs = rows.map(|(email, name)| BatchUpsertInput::new(email, "email", [("firstname", name)]));
//!
//! let report = bulk::upsert(|batch| hubspot.contacts().batch_upsert(batch))
//!     .inputs(inputs)
//!     .run()
//!     .await;
//! for (row, error) in report.failed() {
//!     println!("row {} ({}): {error}", row.index, row.input.id);
//! }
//! println!("{} done, ended with {:?}", report.progress.done, report.end);
//! # }
//! ```
//!
//! # Inputs and batches
//!
//! - Two inputs for one record go into different batches, in their order. HubSpot refuses a batch with both. A record that
//!   several inputs read is read once, and each of them gets it.
//! - Each input gets its own `objectWriteTraceId`, in place of one that it has. HubSpot then reports errors per input, also
//!   for creates.
//! - A batch that HubSpot refuses as a whole is split until the bad inputs are found; the others take effect.
//! - Set retries on the request: `bulk::update(|batch| hubspot.deals().batch_update(batch).retry(policy))`.
//! - After an error that every other request would meet too (the token, a scope, the daily limit), the run ends.
//!
//! # Outcomes that are not known
//!
//! A create whose response is lost may have taken effect, so it is not repeated. [`Bulk::settle_by`] finds out.
//! [`Bulk::journal`] does the same for a run that was killed.

mod concurrency;
mod dispatch;
mod engine;
mod input;
mod journal;
mod outcome;
mod plan;
#[allow(missing_docs, reason = "the methods of handles have the documentation")]
#[cfg(feature = "records")]
pub(crate) mod records;
mod response;
mod run;
mod settle;
mod source;
mod stop;

use std::marker::PhantomData;
use std::path::Path;

use futures_core::Stream;

use self::concurrency::Concurrency;
use self::engine::Engine;
use self::input::Action;
pub use self::input::BulkInput;
use self::journal::Journal;
pub use self::journal::JournalError;
pub use self::outcome::{End, InputError, Outcome, Progress, Report, Status};
use self::plan::{Lookup, Plan, Template};
pub use self::run::BulkRun;
use self::run::OnProgress;
use self::source::{Infallible, Iter, Source};
pub use self::stop::Stop;
use crate::batch::Batch;
use crate::debug::debug_fields;
use crate::decode::{Decode, decode};
use crate::models::{
    BatchArchive, BatchCreate, BatchCreateInput, BatchRead, BatchUpdate, BatchUpdateInput,
    BatchUpsert, BatchUpsertInput, ObjectId,
};
use crate::parts::Parts;
use crate::request::Request;
use crate::response::Read;
use crate::settle::refusal_of;

/// A batch operation over any number of inputs of type `I`, with records of type `R`.
///
/// See the [module](self). Give it inputs with [`inputs`](Self::inputs), [`try_inputs`](Self::try_inputs),
/// [`stream`](Self::stream) or [`try_stream`](Self::try_stream).
#[must_use = "nothing is sent before it has inputs"]
pub struct Bulk<I, R> {
    kind: Action,
    template: Template,
    read: Read<R>,
    /// The property that records of the user's types are upserted by.
    by: Option<&'static str>,
    lookup: Option<Lookup>,
    in_flight: Option<usize>,
    journal: Option<Journal>,
    stop: Stop,
    on_progress: Option<OnProgress>,
    inputs: PhantomData<fn(I)>,
}

/// Creates records, by a batch operation such as `hubspot.contacts().batch_create(batch)`.
///
/// Scopes are those of the operation.
pub fn create<T, P>(
    operation: impl FnOnce(BatchCreate) -> Request<T, P>,
) -> Bulk<BatchCreateInput, T::Output>
where
    T: Batch<Output: Decode>,
{
    Bulk::new(Action::Create, operation(BatchCreate::new([])), decode)
}

/// Updates records, by a batch operation such as `hubspot.contacts().batch_update(batch)`.
///
/// Scopes are those of the operation.
pub fn update<T, P>(
    operation: impl FnOnce(BatchUpdate) -> Request<T, P>,
) -> Bulk<BatchUpdateInput, T::Output>
where
    T: Batch<Output: Decode>,
{
    Bulk::new(Action::Update, operation(BatchUpdate::new([])), decode)
}

/// Creates or updates records by a unique property, by a batch operation such as `hubspot.contacts().batch_upsert(batch)`.
///
/// The property is `email` of contacts, or one of your own that was created as unique. `domain` of companies is not: two
/// companies may have the same.
///
/// Scopes are those of the operation.
pub fn upsert<T, P>(
    operation: impl FnOnce(BatchUpsert) -> Request<T, P>,
) -> Bulk<BatchUpsertInput, T::Output>
where
    T: Batch<Output: Decode>,
{
    Bulk::new(Action::Upsert, operation(BatchUpsert::new([])), decode)
}

/// Archives records by id, by a batch operation such as `hubspot.contacts().batch_archive(batch)`.
///
/// HubSpot does not tell which ids exist. Scopes are those of the operation.
pub fn archive<T, P>(operation: impl FnOnce(BatchArchive) -> Request<T, P>) -> Bulk<ObjectId, ()> {
    Bulk::new(Action::Archive, operation(BatchArchive::new([])), decode)
}

/// Reads records by id, by a batch operation such as `hubspot.contacts().batch_read(batch)`.
///
/// `body` has the properties to read, and the `idProperty` that the ids are values of, if they are not record ids; its
/// inputs are ignored. An id without a record fails with `OBJECT_NOT_FOUND`. Scopes are those of the operation.
///
/// ```no_run
/// # #[cfg(feature = "contacts")]
/// # async fn example(hubspot: hubspot_generated::Client<hubspot_generated::Unchecked>, emails: Vec<String>) {
/// use hubspot_generated::bulk;
/// use hubspot_generated::models::{BatchRead, ObjectId};
///
/// let body = BatchRead::new([], ["firstname"]).id_property("email");
/// let mut contacts = bulk::read(body, |batch| hubspot.contacts().batch_read(batch))
///     .inputs(emails.into_iter().map(ObjectId::new));
/// while let Some(outcome) = contacts.next().await {
///     println!("{}: {:?}", outcome.input.id, outcome.status.record());
/// }
/// # }
/// ```
pub fn read<T, P>(
    body: BatchRead,
    operation: impl FnOnce(BatchRead) -> Request<T, P>,
) -> Bulk<ObjectId, T::Output>
where
    T: Batch<Output: Decode>,
{
    Bulk::new(Action::Read, operation(body), decode)
}

impl<I, R> Bulk<I, R> {
    fn new<T, P>(kind: Action, request: Request<T, P>, read: Read<R>) -> Self {
        Self {
            kind,
            template: Template::new(request.into_parts().0),
            read,
            by: None,
            lookup: None,
            in_flight: None,
            journal: None,
            stop: Stop::default(),
            on_progress: None,
            inputs: PhantomData,
        }
    }

    /// Sets how many batches are in flight at once, at least 1.
    ///
    /// Unless set, it is 8 at first, and more (up to 64) as long as the account's [limits](crate::Pacing) let batches pass
    /// without waiting, so that a run is as fast as the limits allow even if responses are slow. After a batch that
    /// HubSpot could not take (no response, 429 or 5xx) it is 8 again. Without pacing it stays 8.
    pub fn in_flight(mut self, batches: usize) -> Self {
        self.in_flight = Some(batches.max(1));
        self
    }

    /// Records the run in a file, from which a run of the same inputs goes on after it was killed.
    ///
    /// Inputs that are done by the journal are [`DoneBefore`](Status::DoneBefore) and not sent again; the others are. A
    /// create that was sent when the run was killed is [settled](Self::settle_by), or else its status is unknown. The
    /// source has to return the same inputs in the same order.
    ///
    /// The file is append-only, and written to the disk with each batch. It is opened and read here, which blocks. It does
    /// not know the account: use one file for each.
    ///
    /// # Errors
    ///
    /// Fails if the file cannot be read or written, is damaged, is in use, or is the journal of another operation. A
    /// journal of other inputs ends the run with [`End::Journal`].
    ///
    /// ```no_run
    /// # #[cfg(feature = "contacts")]
    /// # async fn example(hubspot: hubspot_generated::Client<hubspot_generated::Unchecked>, rows: Vec<hubspot_generated::models::BatchUpsertInput>) -> Result<(), Box<dyn std::error::Error>> {
    /// use hubspot_generated::bulk;
    ///
    /// let report = bulk::upsert(|batch| hubspot.contacts().batch_upsert(batch))
    ///     .journal("import-2026-11-26.journal")?
    ///     .inputs(rows)
    ///     .run()
    ///     .await;
    /// # Ok(())
    /// # }
    /// ```
    pub fn journal(mut self, path: impl AsRef<Path>) -> Result<Self, JournalError> {
        let parts = &self.template.parts;
        // The path tells object types apart that share an operation.
        let operation = format!("{} {}", parts.operation.id, parts.path);
        self.journal = Some(Journal::open(path.as_ref(), &operation)?);
        Ok(self)
    }

    /// Sets a function that is called after each batch.
    pub fn on_progress(mut self, call: impl FnMut(&Progress) + Send + 'static) -> Self {
        self.on_progress = Some(Box::new(call));
        self
    }

    /// Returns what ends the run early.
    pub fn stop_handle(&self) -> Stop {
        self.stop.clone()
    }
}

impl<R> Bulk<BatchCreateInput, R> {
    /// Finds out whether a create took effect if its response is lost, by reading back a property with unique values.
    ///
    /// A record with the input's value that is no older than the first attempt is [`Done`](Status::Done). An older one is
    /// [`Existing`](Status::Existing), and so is the record of a conflict. Without a record, the input is sent again: HubSpot
    /// refuses a second record with the same value. Inputs without a value of the property are not settled.
    ///
    /// `property` has to have unique values: `email` of contacts, or a property of your own that was created as unique.
    /// `domain` of companies is not unique, and nothing is sent with it. `read` needs the scopes of its operation. Records
    /// that were read back have the properties that `read` asks for, which is `property` unless it adds others.
    ///
    /// ```no_run
    /// # #[cfg(feature = "contacts")]
    /// # async fn example(hubspot: hubspot_generated::Client<hubspot_generated::Unchecked>, rows: Vec<hubspot_generated::models::BatchCreateInput>) {
    /// use hubspot_generated::bulk;
    ///
    /// let report = bulk::create(|batch| hubspot.contacts().batch_create(batch))
    ///     .settle_by("email", |batch| hubspot.contacts().batch_read(batch))
    ///     .inputs(rows)
    ///     .run()
    ///     .await;
    /// # }
    /// ```
    pub fn settle_by<T, P>(
        mut self,
        property: &str,
        read: impl FnOnce(BatchRead) -> Request<T, P>,
    ) -> Self
    where
        T: Batch<Output = R>,
    {
        if let Some(refusal) = refusal_of(property) {
            self.template.parts.refuse(refusal);
        }
        let body = BatchRead::new([], [property]).id_property(property);
        self.lookup = Some(Lookup {
            property: property.to_owned(),
            template: Template::new(read(body).into_parts().0),
        });
        self
    }
}

impl<I: BulkInput, R> Bulk<I, R> {
    /// Returns the run over the inputs of an iterator.
    pub fn inputs(
        self,
        inputs: impl IntoIterator<Item = I, IntoIter: Send + 'static>,
    ) -> BulkRun<I, R> {
        self.stream(Iter(inputs.into_iter()))
    }

    /// Returns the run over the inputs of an iterator that may fail. Its first error ends the run with [`End::Source`].
    pub fn try_inputs<E>(
        self,
        inputs: impl IntoIterator<Item = Result<I, E>, IntoIter: Send + 'static>,
    ) -> BulkRun<I, R>
    where
        E: Into<Box<dyn std::error::Error + Send + Sync>> + 'static,
    {
        self.try_stream(Iter(inputs.into_iter()))
    }

    /// Returns the run over the inputs of a stream.
    ///
    /// While the stream has no input, a smaller batch is sent if no other one is in flight.
    pub fn stream(self, inputs: impl Stream<Item = I> + Send + 'static) -> BulkRun<I, R> {
        self.try_stream(Infallible(Box::pin(inputs)))
    }

    /// Returns the run over the inputs of a stream that may fail. Its first error ends the run with [`End::Source`].
    pub fn try_stream<E>(
        self,
        inputs: impl Stream<Item = Result<I, E>> + Send + 'static,
    ) -> BulkRun<I, R>
    where
        E: Into<Box<dyn std::error::Error + Send + Sync>> + 'static,
    {
        let Parts {
            core, operation, ..
        } = &*self.template.parts;
        let concurrency = Concurrency::new(self.in_flight, core.limiter.as_ref(), operation.budget);
        let plan = Plan::new(
            self.kind,
            self.template,
            self.by,
            self.lookup,
            self.journal,
            self.stop,
        );
        let engine = Engine::new(plan, concurrency);
        BulkRun::new(Source::new(inputs), engine, self.read, self.on_progress)
    }
}

debug_fields!(Bulk<I, R>, |bulk| operation: bulk.template.parts.operation.id);
