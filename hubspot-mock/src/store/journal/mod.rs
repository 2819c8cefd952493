//! The journal of requests, which tests inspect. Secrets are redacted before anything is kept.

use std::collections::{BTreeSet, VecDeque};
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use jiff::Timestamp;

use crate::definitions::operation::check_operation;
use crate::store::account::Account;
use crate::values::sync;

pub(crate) mod redact;

/// How many requests are kept unless a test asks for more.
pub(crate) const CAPACITY: usize = 100_000;

/// How much is kept of a request's body.
pub(crate) const MOST_BODY_BYTES: usize = 64 * 1024;

/// A request, and how it was answered.
#[derive(Debug)]
pub struct Entry {
    pub(crate) method: Box<str>,
    pub(crate) path: Box<str>,
    pub(crate) query: Box<str>,
    pub(crate) body: Bytes,
    pub(crate) operation: Option<&'static str>,
    pub(crate) account: Option<Arc<Account>>,
    pub(crate) scopes: Option<&'static BTreeSet<String>>,
    pub(crate) status: Option<u16>,
    pub(crate) fault: Option<Box<str>>,
    pub(crate) time: Timestamp,
}

impl Entry {
    /// `GET`, `POST`, …
    pub fn method(&self) -> &str {
        &self.method
    }

    /// As it was sent, without the query. What is secret in it is blotted out.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// As it was sent, without the question mark. What is secret in it is blotted out.
    pub fn query(&self) -> &str {
        &self.query
    }

    /// What was sent: its first 64 KiB. What is secret in it is blotted out.
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// The operation: `contacts.batch_upsert`, `v3.contacts.list`; none if the path has none, or another method.
    pub fn operation(&self) -> Option<&'static str> {
        self.operation
    }

    /// The name of the token's account; none without a token that is known.
    pub fn account(&self) -> Option<&str> {
        self.account.as_ref().map(|account| account.name.as_str())
    }

    /// The scopes that allowed the call: of the ways to meet what the operation needs, the first that the token has. None
    /// of a call that needs none, or was refused.
    pub fn scopes(&self) -> impl Iterator<Item = &str> {
        self.scopes.into_iter().flatten().map(String::as_str)
    }

    /// The status of the answer; none if a fault left the caller without one.
    pub fn status(&self) -> Option<u16> {
        self.status
    }

    /// What went wrong on demand, in words.
    pub fn fault(&self) -> Option<&str> {
        self.fault.as_deref()
    }

    /// When it was, by this HubSpot's clock.
    pub fn time(&self) -> std::time::SystemTime {
        self.time.into()
    }
}

/// The requests so far, kept for tests.
#[derive(Debug)]
pub(crate) struct Journal {
    capacity: usize,
    kept: Mutex<Entries>,
}

#[derive(Debug, Default)]
struct Entries {
    entries: VecDeque<Arc<Entry>>,
    dropped: u64,
}

impl Default for Journal {
    fn default() -> Self {
        Self::with_capacity(CAPACITY)
    }
}

impl Journal {
    /// Keeps the last `capacity` requests.
    pub(crate) fn with_capacity(capacity: usize) -> Self {
        Self {
            capacity,
            kept: Mutex::default(),
        }
    }

    pub(crate) fn record(&self, entry: Entry) {
        let mut kept = sync::lock(&self.kept);
        if kept.entries.len() >= self.capacity {
            kept.entries.pop_front();
            kept.dropped += 1;
        }
        if self.capacity > 0 {
            kept.entries.push_back(Arc::new(entry));
        }
    }

    /// What is there now.
    pub(crate) fn view(&self) -> JournalView {
        let kept = sync::lock(&self.kept);
        JournalView {
            entries: kept.entries.iter().cloned().collect(),
            dropped: kept.dropped,
        }
    }

    /// Forgets everything.
    pub(crate) fn clear(&self) {
        *sync::lock(&self.kept) = Entries::default();
    }
}

/// The journal as it was when it was asked for: every request, the oldest first.
///
/// ```
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// use hubspot_mock::MockHubSpot;
///
/// let hubspot = MockHubSpot::start().await?;
/// // … the program under test does its work …
/// let journal = hubspot.journal();
/// assert_eq!(journal.count("contacts.batch_upsert"), 0);
/// assert!(journal.entries().all(|entry| entry.status() != Some(429)));
/// # Ok(())
/// # }
/// # tokio::runtime::Runtime::new()?.block_on(example())?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct JournalView {
    entries: Vec<Arc<Entry>>,
    dropped: u64,
}

impl JournalView {
    /// How often an operation was called, whatever the answer.
    ///
    /// # Panics
    ///
    /// There is no operation of that id: a test that counts on it not being called would pass for ever.
    #[track_caller]
    pub fn count(&self, operation: &str) -> usize {
        self.of(operation).count()
    }

    /// The calls of an operation, the oldest first.
    ///
    /// # Panics
    ///
    /// There is no operation of that id.
    #[track_caller]
    pub fn of(&self, operation: &str) -> impl Iterator<Item = &Entry> {
        if let Err(unknown) = check_operation(operation) {
            panic!("{unknown}");
        }
        let called = move |entry: &&Entry| entry.operation == Some(operation);
        self.entries().filter(called)
    }

    /// Every request, the oldest first.
    pub fn entries(&self) -> impl DoubleEndedIterator<Item = &Entry> + ExactSizeIterator {
        self.entries.iter().map(AsRef::as_ref)
    }

    /// How many requests there were.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether nothing was asked.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// How many requests are no longer there because the journal was full.
    pub fn dropped(&self) -> u64 {
        self.dropped
    }

    /// The scopes that the calls needed, as far as they were allowed: what an app needs that does the same.
    pub fn scopes_used(&self) -> BTreeSet<String> {
        let scopes = self.entries().flat_map(Entry::scopes);
        scopes.map(str::to_owned).collect()
    }
}
