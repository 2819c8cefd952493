//! Why a journal cannot be used.

use std::path::PathBuf;
use std::{fmt, io};

/// An error of a [journal](crate::bulk::Bulk::journal).
#[derive(Debug)]
#[non_exhaustive]
pub struct JournalError {
    pub(super) path: PathBuf,
    pub(super) problem: Problem,
}

#[derive(Debug)]
pub(super) enum Problem {
    Io(io::Error),
    /// The file is no journal.
    Format,
    /// The journal is in the format of another version of this crate.
    Version,
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
            Problem::Format => f.write_str("is not a journal of a bulk run"),
            Problem::Version => f.write_str(
                "is in the format of another version of hubspot-generated: end the run with that version, or begin it again \
                 with a new journal",
            ),
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
