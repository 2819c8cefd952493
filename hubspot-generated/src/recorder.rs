//! Counts the calls of a client by operation, for `cargo hubspot audit --used`.
//!
//! The count of an operation is an atomic number in a table of fixed size: counting takes no lock and allocates nothing.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::io::Write as _;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};
use std::{fs, io, ptr};

use serde_json::json;

use crate::clock::{Clock, TokioClock};
use crate::debug::debug_fields;
use crate::operation::{Method, Operation};

/// The version of the JSON.
const FORMAT: u32 = 1;

/// More than all operations of all versions; a power of two.
const SLOTS: usize = 2048;

/// How many different paths of raw requests are kept apart.
const MAX_RAW: usize = 1000;

/// Counts the calls of each operation, so that the audit can tell which scopes a program uses.
///
/// Clones count together. Pass one to [`ClientBuilder::record_scopes`](crate::ClientBuilder::record_scopes), and save it from
/// time to time, and before the program ends. `cargo hubspot audit --used FILE…` reads the files.
///
/// A call counts once, however often it is retried, and also if it fails. Counting an operation takes no lock and a few
/// nanoseconds. Of a [raw request](crate::Client::request), the path is kept without ids: what is neither a word in lower case
/// nor a version becomes `{}`. Nothing else of a request is kept.
///
/// ```no_run
/// use hubspot_generated::{Client, ScopeRecorder};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let recorder = ScopeRecorder::new(env!("CARGO_PKG_NAME"));
/// let hubspot = Client::unchecked_builder()
///     .access_token("pat-na1-…")
///     .record_scopes(&recorder)
///     .build()?;
/// // … calls …
/// recorder.save("used/worker-1.json")?;
/// # let _ = hubspot;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct ScopeRecorder(Arc<Inner>);

struct Inner {
    program: String,
    slots: Box<[Slot]>,
    /// Calls for which the table had no room.
    overflow: AtomicU64,
    /// Raw requests by method and path.
    raw: Mutex<BTreeMap<String, Usage>>,
    /// What was last reported of each operation, by id.
    reported: Mutex<BTreeMap<String, Usage>>,
    /// The clock of the first client, and when that was built.
    started: OnceLock<(Arc<dyn Clock>, SystemTime)>,
    on_call: Option<Box<OnCall>>,
}

/// How often and when a call was used. When is known to the interval between two reports.
#[derive(Default)]
struct Usage {
    calls: u64,
    /// The calls at the last report.
    reported: u64,
    /// In seconds since 1970.
    last_used: u64,
}

impl Usage {
    /// When the call was last used, as a report at `now` finds it.
    fn report(&mut self, now: u64) -> u64 {
        if self.reported != self.calls {
            self.reported = self.calls;
            self.last_used = now;
        }
        self.last_used
    }
}

type OnCall = dyn Fn(&'static Operation) + Send + Sync;

#[derive(Default)]
struct Slot {
    operation: OnceLock<&'static Operation>,
    calls: AtomicU64,
}

debug_fields!(ScopeRecorder, |this| program: this.0.program);

impl ScopeRecorder {
    /// Creates a recorder for a program, which is named as its package: `env!("CARGO_PKG_NAME")`.
    pub fn new(program: impl Into<String>) -> Self {
        Self::create(program.into(), None)
    }

    /// Creates a recorder that also calls `on_call` for each call, for metrics. It runs on the task that sends the request
    /// and must not block.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use std::sync::atomic::{AtomicU64, Ordering};
    ///
    /// use hubspot_generated::ScopeRecorder;
    ///
    /// let writes = Arc::new(AtomicU64::new(0));
    /// let counter = Arc::clone(&writes);
    /// let recorder = ScopeRecorder::with_callback("acme-sync", move |operation| {
    ///     if !operation.read_only {
    ///         counter.fetch_add(1, Ordering::Relaxed);
    ///     }
    /// });
    /// # let _ = recorder;
    /// ```
    pub fn with_callback(
        program: impl Into<String>,
        on_call: impl Fn(&'static Operation) + Send + Sync + 'static,
    ) -> Self {
        Self::create(program.into(), Some(Box::new(on_call)))
    }

    fn create(program: String, on_call: Option<Box<OnCall>>) -> Self {
        Self(Arc::new(Inner {
            program,
            slots: (0..SLOTS).map(|_| Slot::default()).collect(),
            overflow: AtomicU64::new(0),
            raw: Mutex::default(),
            reported: Mutex::default(),
            started: OnceLock::new(),
            on_call,
        }))
    }

    /// Starts with the clock of a client, unless another client has started it.
    pub(crate) fn start(&self, clock: &Arc<dyn Clock>) {
        let start = || (Arc::clone(clock), clock.wall_time());
        self.0.started.get_or_init(start);
    }

    /// Counts a call; `path` is that of a raw request.
    pub(crate) fn count(&self, operation: &'static Operation, path: &str) {
        if operation.is_raw() {
            self.count_raw(operation.method, path);
        } else {
            self.counter(operation).fetch_add(1, Ordering::Relaxed);
        }
        if let Some(on_call) = &self.0.on_call {
            on_call(operation);
        }
    }

    fn counter(&self, operation: &'static Operation) -> &AtomicU64 {
        // Descriptions are neighbours in memory, some dozens of bytes apart.
        let start = (ptr::from_ref(operation).addr() / align_of::<Operation>()).wrapping_mul(31);
        for step in 0..SLOTS {
            let slot = &self.0.slots[(start + step) % SLOTS];
            if ptr::eq(*slot.operation.get_or_init(|| operation), operation) {
                return &slot.calls;
            }
        }
        &self.0.overflow
    }

    fn count_raw(&self, method: Method, path: &str) {
        let key = format!("{} {}", method.as_str(), without_ids(path));
        let mut raw = self.0.raw.lock().unwrap_or_else(PoisonError::into_inner);
        if raw.len() < MAX_RAW || raw.contains_key(&key) {
            raw.entry(key).or_default().calls += 1;
        } else {
            self.0.overflow.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// The operations that were called, each with the number of its calls, by id. Raw requests are not among them.
    pub fn calls(&self) -> Vec<(&'static Operation, u64)> {
        let slots = self.0.slots.iter().filter_map(|slot| {
            let operation = *slot.operation.get()?;
            Some((operation, slot.calls.load(Ordering::Relaxed)))
        });
        let mut calls: Vec<(&'static Operation, u64)> = slots.collect();
        calls.sort_unstable_by_key(|(operation, _)| operation.id);
        calls.dedup_by(|(next, more), (kept, calls)| {
            let is_same = next.id == kept.id;
            if is_same {
                *calls += *more;
            }
            is_same
        });
        calls
    }

    /// The counts as JSON, in the format that `cargo hubspot audit --used` reads.
    ///
    /// When an operation was last used is known to the interval between two calls of this method or of [`save`](Self::save).
    pub fn to_json(&self) -> String {
        let (clock, since) = match self.0.started.get() {
            Some((clock, since)) => (clock.wall_time(), *since),
            None => (TokioClock.wall_time(), TokioClock.wall_time()),
        };
        let now = seconds(clock);
        let mut reported = self
            .0
            .reported
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let operations = self.calls().into_iter().map(|(operation, calls)| {
            let known = reported.entry(operation.id.to_owned()).or_default();
            known.calls = calls;
            json!({
                "id": operation.id,
                "method": operation.method.as_str(),
                "path": operation.path,
                "calls": calls,
                "last_used": known.report(now),
            })
        });
        let operations: Vec<_> = operations.collect();
        let mut raw = self.0.raw.lock().unwrap_or_else(PoisonError::into_inner);
        let raw = raw.iter_mut().map(|(request, usage)| {
            let (method, path) = request.split_once(' ').unwrap_or_default();
            json!({
                "method": method,
                "path": path,
                "calls": usage.calls,
                "last_used": usage.report(now),
            })
        });
        let usage = json!({
            "format": FORMAT,
            "program": self.0.program,
            "client": env!("CARGO_PKG_VERSION"),
            "since": seconds(since),
            "until": now,
            "operations": operations,
            "raw": raw.collect::<Vec<_>>(),
            "not_counted": self.0.overflow.load(Ordering::Relaxed),
        });
        format!("{usage:#}\n")
    }

    /// Saves [the counts](Self::to_json) to a file, which is replaced as a whole.
    ///
    /// A recorder starts from zero: a program that starts again, and each of several processes, saves to a file of its own.
    /// The call blocks for the time of the write.
    ///
    /// # Errors
    ///
    /// Fails if the file, or the one that is written beside it first, cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> io::Result<()> {
        let path = path.as_ref();
        // Saves at once, in this or another process, each write to a file of their own.
        let mut beside = path.as_os_str().to_owned();
        let random = RandomState::new().build_hasher().finish();
        beside.push(format!(".{random:016x}.tmp"));
        let written =
            write_whole(&beside, &self.to_json()).and_then(|()| fs::rename(&beside, path));
        if written.is_err() {
            _ = fs::remove_file(&beside);
        }
        written
    }
}

/// Writes a new file, and waits until it is on the disk.
fn write_whole(path: &OsStr, text: &str) -> io::Result<()> {
    let mut file = fs::File::create_new(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

/// Seconds since 1970.
fn seconds(time: SystemTime) -> u64 {
    let since = time.duration_since(UNIX_EPOCH);
    since.map_or(0, |since| since.as_secs())
}

/// A path without what may be an id, a name or an address: `/crm/owners/2026-09/{}`.
fn without_ids(path: &str) -> String {
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let mut kept = String::with_capacity(path.len());
    for segment in path.trim_matches('/').split('/') {
        kept.push('/');
        kept.push_str(if is_word(segment) { segment } else { "{}" });
    }
    kept
}

/// Returns whether a segment of a path is a word such as `line_items`, or a version such as `v3` and `2026-09`.
fn is_word(segment: &str) -> bool {
    let is_all = |text: &str, fits: fn(&u8) -> bool| {
        !text.is_empty() && text.bytes().all(|byte| fits(&byte))
    };
    let is_version = segment
        .strip_prefix('v')
        .is_some_and(|number| number.len() < 3 && is_all(number, u8::is_ascii_digit))
        || segment
            .get(..7)
            .unwrap_or_default()
            .split_once('-')
            .is_some_and(|(year, month)| {
                year.len() == 4
                    && is_all(year, u8::is_ascii_digit)
                    && is_all(month, u8::is_ascii_digit)
            })
            && matches!(segment.get(7..), Some("" | "-beta"));
    let is_letters = |byte: &u8| byte.is_ascii_lowercase() || b"-_".contains(byte);
    is_version || (segment.len() <= 40 && is_all(segment, is_letters))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_keep_no_ids() {
        for (path, kept) in [
            (
                "/crm/v3/objects/line_items/17?a=b",
                "/crm/v3/objects/line_items/{}",
            ),
            (
                "/crm/objects/2026-09/2-123/ada@example.com",
                "/crm/objects/2026-09/{}/{}",
            ),
            (
                "/crm/owners/2026-09-beta/Ada/",
                "/crm/owners/2026-09-beta/{}",
            ),
            (
                "/a/2026-0x/v1234/gdpr-delete/p1_car",
                "/a/{}/{}/gdpr-delete/{}",
            ),
            ("/2026-0\u{e9}", "/{}"),
            ("", "/{}"),
        ] {
            assert_eq!(without_ids(path), kept, "{path}");
        }
    }

    #[test]
    fn every_operation_has_its_own_count() {
        let recorder = ScopeRecorder::new("test");
        let all: Vec<_> = crate::operations::all().collect();
        for (number, operation) in (1..).zip(&all) {
            for _ in 0..=(number % 3) {
                recorder.count(operation, "");
            }
        }
        let calls: BTreeMap<_, _> = recorder
            .calls()
            .into_iter()
            .map(|(one, calls)| (one.id, calls))
            .collect();
        assert_eq!(calls.len(), all.len());
        for (number, operation) in (1..).zip(&all) {
            assert_eq!(calls[operation.id], number % 3 + 1, "{}", operation.id);
        }
        assert_eq!(recorder.0.overflow.load(Ordering::Relaxed), 0);
    }

    #[test]
    fn threads_count_together() {
        let recorder = ScopeRecorder::new("test");
        let Some(operation) = crate::operations::all().next() else {
            return;
        };
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| (0..1000).for_each(|_| recorder.count(operation, "")));
            }
        });
        let calls = recorder.calls();
        assert_eq!(
            (calls.len(), calls[0].0.id, calls[0].1),
            (1, operation.id, 4000)
        );
    }
}
