//! The errors of seeds.

use std::path::{Path, PathBuf};

use crate::definitions::InvalidApp;

/// An error in a seed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SeedError {
    /// The file cannot be read.
    #[error("cannot read {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// The cause.
        source: std::io::Error,
    },
    /// Another error in a seed that was read from a file.
    #[error("{}: {error}", path.display())]
    InFile {
        /// The file.
        path: PathBuf,
        /// The error.
        error: Box<SeedError>,
    },
    /// The text is not the JSON of a seed.
    #[error("{0}")]
    Form(String),
    /// The `appFile` of an app cannot be used.
    #[error("{}apps[{index}].appFile: {}: {message}", Line(*line), path.display())]
    AppFile {
        /// The line of the app, if it is known.
        line: Option<usize>,
        /// The index of the app.
        index: usize,
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        message: String,
    },
    /// HubSpot would not accept the settings of an app.
    #[error("{}apps[{index}]: {fault}", Line(*line))]
    App {
        /// The line of the app, if it is known.
        line: Option<usize>,
        /// The index of the app.
        index: usize,
        /// What is wrong with it.
        fault: InvalidApp,
    },
    /// HubSpot would refuse an object type, a record or an association, or a token occurs twice.
    #[error("{}account {account:?}, {place}: {message}", Line(*line))]
    Refused {
        /// The line of the place, if it is known.
        line: Option<usize>,
        /// The name of the account.
        account: String,
        /// The place in the account: `contacts[2]`, `schemas[0]`, `associations[1]`.
        place: String,
        /// HubSpot's error message.
        message: String,
    },
    /// No operation has the id of an answer.
    #[error("{}answers: {message}", Line(*line))]
    Answer {
        /// The line of the answer, if it is known.
        line: Option<usize>,
        /// What is wrong, and the operation with the nearest id.
        message: String,
    },
    /// A fault is not valid or could never occur.
    #[error("{}faults[{index}]: {message}", Line(*line))]
    Fault {
        /// The line of the fault, if it is known.
        line: Option<usize>,
        /// The index of the fault.
        index: usize,
        /// What is wrong with it.
        message: String,
    },
}

impl SeedError {
    /// The error of a text that is not a seed.
    pub(super) fn form(error: &serde_json::Error) -> Self {
        Self::Form(format!("{error}; {}", remedy(error)))
    }

    /// The error of a seed that was read from this file. An error that names the file already stays as it is.
    pub(super) fn in_file(self, path: &Path) -> Self {
        match self {
            Self::Read { .. } | Self::InFile { .. } => self,
            error => Self::InFile {
                path: path.to_owned(),
                error: Box::new(error),
            },
        }
    }
}

/// The line of an error, as the beginning of its message.
struct Line(Option<usize>);

impl std::fmt::Display for Line {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 {
            Some(line) => write!(f, "line {line}: "),
            None => Ok(()),
        }
    }
}

/// What can be done about a text that is not a seed.
fn remedy(error: &serde_json::Error) -> &'static str {
    use serde_json::error::Category;
    match error.classify() {
        Category::Eof => "the text is cut off: write the whole seed again",
        Category::Syntax => "correct the JSON there",
        _ if error.to_string().contains("expected a string at") => {
            "put it in quotation marks: ids and all values of records are texts"
        }
        _ => "the documentation of `Seed` lists the fields",
    }
}
