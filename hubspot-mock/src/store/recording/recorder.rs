//! Writes requests and responses to a file while the server runs. The file is a complete archive after each of them.
//! Each is written at once, so that a program that is stopped leaves a complete archive.

use std::fs::File;
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::Notify;

use crate::store::recording::har::{Exchange, HEAD, TAIL};
use crate::values::sync;

/// Writes to a file, once there is one.
#[derive(Debug, Default)]
pub(crate) struct Recorder {
    /// Saves most requests from taking the lock.
    armed: AtomicBool,
    file: Mutex<Option<Output>>,
    /// Why the recording has ended, until it is asked for.
    failure: Mutex<Option<std::io::Error>>,
    failed: Notify,
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
        file.write_all(format!("{HEAD}{TAIL}").as_bytes())?;
        let is_empty = true;
        *sync::lock(&self.file) = Some(Output { file, is_empty });
        self.armed.store(true, Ordering::Release);
        Ok(())
    }

    /// Whether requests are recorded.
    pub(crate) fn is_on(&self) -> bool {
        self.armed.load(Ordering::Acquire)
    }

    /// Waits until the recording ends because the file cannot be written.
    pub(crate) async fn failed(&self) -> std::io::Error {
        loop {
            if let Some(error) = sync::lock(&self.failure).take() {
                return error;
            }
            self.failed.notified().await;
        }
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
        if let Some(Err(error)) = written {
            *output = None;
            self.armed.store(false, Ordering::Release);
            *sync::lock(&self.failure) = Some(error);
            self.failed.notify_one();
        }
    }
}

impl Output {
    fn write(&mut self, entry: &str) -> std::io::Result<()> {
        let tail = i64::try_from(TAIL.len()).unwrap_or_default();
        let end = self.file.seek(SeekFrom::End(-tail))?;
        let separator = if self.is_empty { "" } else { ",\n" };
        self.is_empty = false;
        let text = format!("{separator}{entry}{TAIL}");
        self.file.write_all(text.as_bytes()).inspect_err(|_| {
            // What was written of the entry is removed. The error of the entry is the one to report.
            let _ = self.restore(end);
        })
    }

    /// Ends the archive here.
    fn restore(&mut self, end: u64) -> std::io::Result<()> {
        self.file.seek(SeekFrom::Start(end))?;
        self.file.write_all(TAIL.as_bytes())?;
        self.file.set_len(end + TAIL.len() as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_error_ends_the_recording_and_is_reported() {
        let path = std::env::temp_dir().join(format!("recorder-{}.har", std::process::id()));
        let recorder = Recorder::default();
        recorder.start(&path).unwrap();
        // A file that is open for reading only refuses every write.
        sync::lock(&recorder.file).as_mut().unwrap().file = File::open(&path).unwrap();
        let (method, url, time) = ("GET", "http://localhost/a".to_owned(), String::new());
        recorder.add(&Exchanged {
            method,
            url,
            request: &[],
            status: 200,
            response: &[],
            time,
        });
        recorder.failed().await;
        assert!(!recorder.is_on());
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::remove_file(&path).unwrap();
        assert_eq!(text, format!("{HEAD}{TAIL}"));
    }
}
