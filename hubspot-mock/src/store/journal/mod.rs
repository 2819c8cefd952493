//! The journal of requests, which tests inspect. Secrets are redacted before anything is kept.

use std::collections::{BTreeSet, VecDeque};
use std::fmt;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use jiff::Timestamp;

use crate::definitions::check_operation;
use crate::store::Account;
use crate::values::sync;

pub(crate) mod redact;

/// The default number of requests to keep.
pub(crate) const CAPACITY: usize = 100_000;

/// The default maximum size of all entries together.
pub(crate) const MOST_BYTES: usize = 64 * 1024 * 1024;

/// How much of a request body is kept.
const MOST_BODY_BYTES: usize = 64 * 1024;

/// The part of a body that is kept, and whether it is cut. A slice would keep the whole buffer of the connection in memory.
pub(crate) fn kept(body: &[u8]) -> (Bytes, bool) {
    let kept = body.get(..MOST_BODY_BYTES);
    (
        Bytes::copy_from_slice(kept.unwrap_or(body)),
        kept.is_some_and(|kept| kept.len() < body.len()),
    )
}

/// A request and its outcome.
pub struct Entry {
    pub(crate) method: Box<str>,
    pub(crate) path: Box<str>,
    pub(crate) query: Box<str>,
    pub(crate) body: Bytes,
    pub(crate) is_body_cut: bool,
    pub(crate) operation: Option<&'static str>,
    pub(crate) account: Option<Arc<Account>>,
    pub(crate) scopes: Option<&'static BTreeSet<String>>,
    pub(crate) status: Option<u16>,
    pub(crate) fault: Option<Box<str>>,
    pub(crate) time: Timestamp,
}

impl Entry {
    /// The memory that the entry takes.
    fn size(&self) -> usize {
        let texts = self.path.len() + self.query.len() + self.body.len();
        size_of::<Self>() + texts + self.fault.as_ref().map_or(0, |fault| fault.len())
    }

    /// `GET`, `POST`, …
    pub fn method(&self) -> &str {
        &self.method
    }

    /// The path as it was sent, without the query. Secrets are redacted.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The query as it was sent, without the question mark. Secrets are redacted.
    pub fn query(&self) -> &str {
        &self.query
    }

    /// The first 64 KiB of the body. Secrets are redacted. See [`is_body_cut`](Self::is_body_cut).
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// Whether the body had more than the 64 KiB that are kept.
    pub fn is_body_cut(&self) -> bool {
        self.is_body_cut
    }

    /// The operation, such as `contacts.batch_upsert` or `v3.contacts.list`; `None` if no operation has this path and method.
    pub fn operation(&self) -> Option<&'static str> {
        self.operation
    }

    /// The name of the token's account; `None` without a valid token.
    pub fn account(&self) -> Option<&str> {
        self.account.as_ref().map(|account| account.name.as_str())
    }

    /// The scopes that allowed the request: the first alternative of the operation's requirement that the token meets. Empty
    /// if the operation requires no scopes, or if the request was refused.
    pub fn scopes(&self) -> impl Iterator<Item = &str> {
        self.scopes.into_iter().flatten().map(String::as_str)
    }

    /// The status of the response; `None` if a fault reset the connection.
    pub fn status(&self) -> Option<u16> {
        self.status
    }

    /// A description of the injected fault.
    pub fn fault(&self) -> Option<&str> {
        self.fault.as_deref()
    }

    /// The time, by the server's clock.
    pub fn time(&self) -> std::time::SystemTime {
        self.time.into()
    }
}

/// Shows what identifies the request, without its body.
impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entry")
            .field("method", &self.method)
            .field("path", &self.path)
            .field("query", &self.query)
            .field("operation", &self.operation)
            .field("account", &self.account())
            .field("status", &self.status)
            .field("fault", &self.fault)
            .field("time", &self.time)
            .finish_non_exhaustive()
    }
}

/// The requests so far.
#[derive(Debug)]
pub(crate) struct Journal {
    capacity: usize,
    most_bytes: usize,
    kept: Mutex<Kept>,
    /// The operations of all requests, which an exploration needs. It is not cleared.
    history: Option<Mutex<Vec<Option<&'static str>>>>,
}

#[derive(Debug, Default)]
struct Kept {
    entries: VecDeque<Arc<Entry>>,
    bytes: usize,
    dropped: u64,
}

impl Default for Journal {
    fn default() -> Self {
        Self::with_capacity(CAPACITY, MOST_BYTES)
    }
}

impl Journal {
    /// Creates a journal that keeps the last `capacity` requests, or fewer that take `most_bytes`.
    pub(crate) fn with_capacity(capacity: usize, most_bytes: usize) -> Self {
        Self {
            capacity,
            most_bytes,
            kept: Mutex::default(),
            history: None,
        }
    }

    /// Keeps the operations of all requests as well, whatever the capacity.
    pub(crate) fn with_history(mut self) -> Self {
        self.history = Some(Mutex::default());
        self
    }

    /// The operations of all requests so far. Empty without [`with_history`](Self::with_history).
    pub(crate) fn history(&self) -> Vec<Option<&'static str>> {
        let history = self.history.as_ref();
        history.map_or_else(Vec::new, |history| sync::lock(history).clone())
    }

    /// The number of requests so far. 0 without [`with_history`](Self::with_history).
    pub(crate) fn total(&self) -> usize {
        let history = self.history.as_ref();
        history.map_or(0, |history| sync::lock(history).len())
    }

    pub(crate) fn record(&self, entry: Entry) {
        if let Some(history) = &self.history {
            sync::lock(history).push(entry.operation);
        }
        let mut kept = sync::lock(&self.kept);
        kept.bytes += entry.size();
        kept.entries.push_back(Arc::new(entry));
        while kept.entries.len() > self.capacity || kept.bytes > self.most_bytes {
            let Some(oldest) = kept.entries.pop_front() else {
                break;
            };
            kept.bytes -= oldest.size();
            kept.dropped += 1;
        }
    }

    /// A snapshot of the journal.
    pub(crate) fn view(&self) -> JournalView {
        let kept = sync::lock(&self.kept);
        JournalView {
            entries: kept.entries.iter().cloned().collect(),
            dropped: kept.dropped,
        }
    }

    /// Removes all entries.
    pub(crate) fn clear(&self) {
        *sync::lock(&self.kept) = Kept::default();
    }
}

/// A snapshot of the journal: every request, the oldest first.
///
/// ```
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// use hubspot_mock::MockHubSpot;
///
/// let hubspot = MockHubSpot::start().await?;
/// // … run the program under test …
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
    /// The number of requests to an operation, whatever their outcome.
    ///
    /// # Panics
    ///
    /// Panics if there is no such operation: a test that expects no requests to it would always pass.
    #[track_caller]
    pub fn count(&self, operation: &str) -> usize {
        self.of(operation).count()
    }

    /// The requests to an operation, the oldest first.
    ///
    /// # Panics
    ///
    /// Panics if there is no such operation.
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

    /// The number of requests.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there were no requests.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The number of requests that were dropped because the journal was full.
    pub fn dropped(&self) -> u64 {
        self.dropped
    }

    /// The scopes that allowed the requests: what an app needs that makes the same requests.
    pub fn scopes_used(&self) -> BTreeSet<String> {
        let scopes = self.entries().flat_map(Entry::scopes);
        scopes.map(str::to_owned).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_bodies_are_cut() {
        let body = vec![b'x'; MOST_BODY_BYTES + 1];
        let (start, is_cut) = kept(&body);
        assert_eq!((start.len(), is_cut), (MOST_BODY_BYTES, true));
        assert!(!kept(&start).1);
    }
}
