//! The journal of a run: a file from which a run that was killed goes on.
//!
//! A line is a checksum and a record. A line that was not written to its end is not valid, so what was being written when
//! the process died does not count. The first line names the format, the operation and its path. The others each are one
//! batch: `sent` is written before a create is sent for the first time, `done` when inputs took effect, `void` when they had
//! no effect. Lines are written to the disk before the run goes on.

mod error;
mod read;

use std::fmt::Write as _;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, BufReader, Seek as _, SeekFrom, Write as _};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

pub use self::error::JournalError;
use self::error::Problem;
pub(super) use self::read::Before;
use self::read::{FORMAT, Inputs, read};
use crate::hash::hash;

/// One input in a record: its position, the hash of its JSON, and the id of its record or the time.
pub(super) type Entry = (u64, u64, u64);

/// An open journal. Clones write to the same file.
#[derive(Clone)]
pub(super) struct Journal {
    path: Arc<Path>,
    lines: Arc<Mutex<Lines>>,
    before: Arc<Inputs>,
}

/// Where lines are appended.
struct Lines {
    disk: Box<dyn Disk>,
    /// The length of the lines that are on the disk.
    length: u64,
    /// Whether a line could not be written. None is written after it, so that at most the last line is torn.
    is_broken: bool,
}

/// The file of a journal.
trait Disk: Send {
    /// Appends, and waits until it is on the disk.
    fn append(&mut self, line: &[u8]) -> io::Result<()>;

    /// Removes what is behind `length`.
    fn cut(&mut self, length: u64) -> io::Result<()>;
}

impl Disk for File {
    fn append(&mut self, line: &[u8]) -> io::Result<()> {
        self.write_all(line)?;
        self.sync_data()
    }

    fn cut(&mut self, length: u64) -> io::Result<()> {
        self.set_len(length)?;
        self.seek(SeekFrom::Start(length)).map(|_| ())
    }
}

impl Journal {
    /// Opens the journal of a run of `operation`, or begins one.
    pub(super) fn open(path: &Path, operation: &str) -> Result<Self, JournalError> {
        let fail = |problem| JournalError {
            path: path.to_owned(),
            problem,
        };
        let io = |error| fail(Problem::Io(error));
        let mut options = OpenOptions::new();
        let options = options.read(true).write(true).create(true).truncate(false);
        let mut file = options.open(path).map_err(io)?;
        if !file.metadata().map_err(io)?.is_file() {
            return Err(fail(Problem::Format));
        }
        lock(&file).map_err(fail)?;
        let (length, before) = read(BufReader::new(&file), operation).map_err(fail)?;
        file.cut(length).map_err(io)?;
        let lines = Lines {
            disk: Box::new(file),
            length,
            is_broken: false,
        };
        let journal = Self {
            path: path.into(),
            lines: Arc::new(Mutex::new(lines)),
            before: Arc::new(before),
        };
        if length == 0 {
            journal.write(&format!("{FORMAT} {operation}"))?;
            sync_folder(path).map_err(io)?;
        }
        Ok(journal)
    }

    /// What an earlier run did with an input. Fails if that run had another input there.
    pub(super) fn before(&self, index: u64, hash: u64) -> Result<Option<Before>, JournalError> {
        match self.before.get(index) {
            Some((other, _)) if other != hash => Err(JournalError {
                path: self.path.to_path_buf(),
                problem: Problem::Input(index),
            }),
            found => Ok(found.map(|(_, before)| before)),
        }
    }

    /// Appends a record, and waits until it is on the disk.
    pub(super) async fn append(&self, verb: &str, entries: &[Entry]) -> Result<(), JournalError> {
        if entries.is_empty() {
            return Ok(());
        }
        let mut record = verb.to_owned();
        for (index, hash, value) in entries {
            let _ = write!(record, " {index}:{hash:x}:{value}");
        }
        let journal = self.clone();
        let written = tokio::task::spawn_blocking(move || journal.write(&record)).await;
        written.unwrap_or_else(|error| {
            Err(JournalError {
                path: self.path.to_path_buf(),
                problem: Problem::Io(io::Error::other(error)),
            })
        })
    }

    fn write(&self, record: &str) -> Result<(), JournalError> {
        let line = format!("{:016x} {record}\n", hash(record.as_bytes()));
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        lines.append(line.as_bytes()).map_err(|error| JournalError {
            path: self.path.to_path_buf(),
            problem: Problem::Io(error),
        })
    }
}

impl Lines {
    fn append(&mut self, line: &[u8]) -> io::Result<()> {
        if self.is_broken {
            return Err(io::Error::other("an earlier line could not be written"));
        }
        let written = self.disk.append(line);
        if written.is_err() {
            self.is_broken = true;
            // If this fails, a torn line stays, which is the last one.
            let _ = self.disk.cut(self.length);
        } else {
            self.length += line.len() as u64;
        }
        written
    }
}

/// Keeps other runs from the file. One that was just dropped may still write its last line.
fn lock(file: &File) -> Result<(), Problem> {
    for _ in 0..25 {
        match file.try_lock() {
            Ok(()) => return Ok(()),
            Err(TryLockError::Error(error)) => return Err(Problem::Io(error)),
            Err(TryLockError::WouldBlock) => thread::sleep(Duration::from_millis(20)),
        }
    }
    Err(Problem::Locked)
}

/// Makes a new file survive a loss of power.
fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| *folder != Path::new(""));
    // Other systems cannot open a folder.
    if cfg!(unix) {
        File::open(folder.unwrap_or(Path::new(".")))?.sync_all()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
