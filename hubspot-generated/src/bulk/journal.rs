//! The journal of a run: a file from which a run that was killed goes on.
//!
//! A line is a checksum and a record. A line that was not written to its end is not valid, so what was being written when
//! the process died does not count. The first line names the format and the operation. The others each are one batch:
//! `sent` is written before a create is sent, `done` when inputs took effect, `void` when they had no effect. Lines are
//! written to the disk before the run goes on.

use std::fmt;
use std::fmt::Write as _;
use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use crate::hash::hash;

const FORMAT: &str = "hubspot-bulk-journal 1";

/// An error of a [journal](super::Bulk::journal).
#[derive(Debug)]
#[non_exhaustive]
pub struct JournalError {
    path: PathBuf,
    problem: Problem,
}

#[derive(Debug)]
enum Problem {
    Io(io::Error),
    /// The file is no journal, or one of another version of this crate.
    Format,
    /// The journal is that of another operation.
    Operation(String),
    /// A line other than the last is damaged.
    Damaged(usize),
    /// The input at this position is not the one that the journal has there.
    Input(u64),
    /// Another run uses the file.
    Locked,
}

impl JournalError {
    /// Returns whether the file cannot be read or written, for example because the disk is full.
    pub fn is_io(&self) -> bool {
        matches!(self.problem, Problem::Io(_))
    }

    /// Returns whether the journal is that of another run: of another operation, or of other inputs.
    pub fn is_other_run(&self) -> bool {
        matches!(self.problem, Problem::Operation(_) | Problem::Input(_))
    }
}

impl fmt::Display for JournalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the journal {}: ", self.path.display())?;
        match &self.problem {
            Problem::Io(_) => f.write_str("cannot be read or written"),
            Problem::Format => f.write_str("is not a journal that this version can read"),
            Problem::Operation(other) => write!(f, "is that of a run of {other}"),
            Problem::Damaged(line) => write!(f, "is damaged at line {line}"),
            Problem::Input(index) => write!(
                f,
                "is that of a run with other inputs: the one at position {index} has changed"
            ),
            Problem::Locked => f.write_str("is in use by another run"),
        }
    }
}

impl std::error::Error for JournalError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.problem {
            Problem::Io(error) => Some(error),
            _ => None,
        }
    }
}

/// What the journal of an earlier run says of an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Before {
    /// It was sent, at this time in seconds since 1970.
    Sent(u64),
    /// It took effect; the record's id is 0 if it is not known.
    Done(u64),
}

/// One input in a record: its position, the hash of its JSON, and the id of its record or the time.
pub(super) type Entry = (u64, u64, u64);

/// An open journal. Clones write to the same file.
#[derive(Clone)]
pub(super) struct Journal {
    path: Arc<Path>,
    file: Arc<Mutex<File>>,
    before: Arc<Vec<Option<(u64, Before)>>>,
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
        match file.try_lock() {
            Ok(()) => {}
            Err(std::fs::TryLockError::WouldBlock) => return Err(fail(Problem::Locked)),
            Err(std::fs::TryLockError::Error(error)) => return Err(io(error)),
        }
        let mut text = Vec::new();
        file.read_to_end(&mut text).map_err(io)?;
        let (valid, before) = read(&text, operation).map_err(fail)?;
        file.set_len(valid as u64).map_err(io)?;
        file.seek(SeekFrom::End(0)).map_err(io)?;
        let journal = Self {
            path: path.into(),
            file: Arc::new(Mutex::new(file)),
            before: Arc::new(before),
        };
        if valid == 0 {
            journal.write(&format!("{FORMAT} {operation}"))?;
        }
        Ok(journal)
    }

    /// What an earlier run did with an input. Fails if that run had another input there.
    pub(super) fn before(&self, index: u64, hash: u64) -> Result<Option<Before>, JournalError> {
        let place = usize::try_from(index).ok();
        match place.and_then(|place| *self.before.get(place)?) {
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
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        let written = file.write_all(line.as_bytes());
        written
            .and_then(|()| file.sync_data())
            .map_err(|error| JournalError {
                path: self.path.to_path_buf(),
                problem: Problem::Io(error),
            })
    }
}

type Inputs = Vec<Option<(u64, Before)>>;

/// Reads a journal: the length of its valid part, and what it says of inputs by their position.
fn read(bytes: &[u8], operation: &str) -> Result<(usize, Inputs), Problem> {
    let (mut valid, mut inputs) = (0, Inputs::new());
    let mut lines = bytes
        .split_inclusive(|byte| *byte == b'\n')
        .enumerate()
        .peekable();
    while let Some((number, line)) = lines.next() {
        let is_last = lines.peek().is_none();
        let Some(record) = checked(line) else {
            // The process died while it wrote this line.
            if is_last && (number > 0 || is_torn_header(line, operation)) {
                break;
            }
            let problem = if number == 0 {
                Problem::Format
            } else {
                Problem::Damaged(number + 1)
            };
            return Err(problem);
        };
        if number == 0 {
            check_header(record, operation)?;
        } else {
            apply(&mut inputs, record).ok_or(Problem::Damaged(number + 1))?;
        }
        valid += line.len();
    }
    Ok((valid, inputs))
}

/// The record of a line whose checksum is right.
fn checked(line: &[u8]) -> Option<&str> {
    let line = std::str::from_utf8(line).ok()?.strip_suffix('\n')?;
    let (checksum, record) = line.split_once(' ')?;
    let checksum = (checksum.len() == 16).then(|| u64::from_str_radix(checksum, 16).ok())?;
    (checksum == Some(hash(record.as_bytes()))).then_some(record)
}

/// Whether a line is the beginning of the first line of a journal.
fn is_torn_header(line: &[u8], operation: &str) -> bool {
    let record = format!("{FORMAT} {operation}");
    let header = format!("{:016x} {record}\n", hash(record.as_bytes()));
    header.as_bytes().starts_with(line)
}

fn check_header(record: &str, operation: &str) -> Result<(), Problem> {
    let other = record
        .strip_prefix(FORMAT)
        .and_then(|rest| rest.strip_prefix(' '));
    match other {
        None => Err(Problem::Format),
        Some(other) if other != operation => Err(Problem::Operation(other.to_owned())),
        Some(_) => Ok(()),
    }
}

fn apply(inputs: &mut Inputs, record: &str) -> Option<()> {
    let mut parts = record.split(' ');
    let verb = parts.next()?;
    for entry in parts {
        let mut numbers = entry.split(':');
        let index: usize = numbers.next()?.parse().ok()?;
        let hash = u64::from_str_radix(numbers.next()?, 16).ok()?;
        let value = numbers.next()?.parse().ok()?;
        if inputs.len() <= index {
            inputs.resize(index + 1, None);
        }
        inputs[index] = match verb {
            "sent" => Some((hash, Before::Sent(value))),
            "done" => Some((hash, Before::Done(value))),
            "void" => None,
            _ => return None,
        };
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file that cannot be written stands for a full disk.
    #[tokio::test]
    async fn what_cannot_be_recorded_is_an_error() {
        let path = std::env::temp_dir().join(format!("hubspot-{}-full", std::process::id()));
        std::fs::write(&path, "").unwrap();
        let journal = Journal {
            path: path.as_path().into(),
            file: Arc::new(Mutex::new(File::open(&path).unwrap())),
            before: Arc::default(),
        };
        let error = journal.append("sent", &[(0, 1, 2)]).await.unwrap_err();
        assert!(error.is_io() && !error.is_other_run());
        std::fs::remove_file(&path).unwrap();
    }
}
