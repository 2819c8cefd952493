//! Writes requests and responses to a file while the server runs. The file is a complete archive after each of them.

use std::fs::File;
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::store::recording::har::{Exchange, HEAD, TAIL};
use crate::values::sync;

/// Writes to a file, once there is one.
#[derive(Debug, Default)]
pub(crate) struct Recorder {
    /// Saves most requests from taking the lock.
    armed: AtomicBool,
    file: Mutex<Option<Output>>,
}

#[derive(Debug)]
struct Output {
    file: File,
    is_empty: bool,
}

/// A request with its response. Secrets are redacted.
pub(crate) struct Exchanged<'a> {
    pub(crate) method: &'a str,
    /// The whole URL.
    pub(crate) url: String,
    pub(crate) request: &'a [u8],
    pub(crate) status: u16,
    pub(crate) response: &'a [u8],
    pub(crate) time: String,
}

impl Recorder {
    /// Starts a new file.
    pub(crate) fn start(&self, path: &Path) -> std::io::Result<()> {
        let mut file = File::create(path)?;
        write!(file, "{HEAD}{TAIL}")?;
        let is_empty = true;
        *sync::lock(&self.file) = Some(Output { file, is_empty });
        self.armed.store(true, Ordering::Release);
        Ok(())
    }

    /// Whether requests are recorded.
    pub(crate) fn is_on(&self) -> bool {
        self.armed.load(Ordering::Acquire)
    }

    /// Adds a request. A file that cannot be written ends the recording.
    pub(crate) fn add(&self, exchanged: &Exchanged<'_>) {
        let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
        let exchange = Exchange {
            method: exchanged.method.to_owned(),
            target: String::new(),
            request: text(exchanged.request),
            status: exchanged.status,
            response: text(exchanged.response),
        };
        let entry = exchange.entry(&exchanged.url, &exchanged.time).to_string();
        let mut output = sync::lock(&self.file);
        let written = output.as_mut().map(|output| output.write(&entry));
        if written.is_some_and(|written| written.is_err()) {
            *output = None;
            self.armed.store(false, Ordering::Release);
        }
    }
}

impl Output {
    fn write(&mut self, entry: &str) -> std::io::Result<()> {
        let tail = i64::try_from(TAIL.len()).unwrap_or_default();
        self.file.seek(SeekFrom::End(-tail))?;
        let separator = if self.is_empty { "" } else { ",\n" };
        self.is_empty = false;
        write!(self.file, "{separator}{entry}{TAIL}")
    }
}
