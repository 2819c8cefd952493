//! What is wrong with an app file, and where.

use std::fmt;

/// A fault in an `app-hsmeta.json`, with its place.
///
/// `Display` is the end of a sentence that begins with the file: "has no `config.auth`, at line 1 column 1".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppFileError {
    pub(super) line: usize,
    pub(super) column: usize,
    pub(super) offset: usize,
    pub(super) fault: String,
}

impl AppFileError {
    /// At `offset` in `text`.
    pub(super) fn new(text: &str, offset: usize, fault: String) -> Self {
        let before = text.get(..offset).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |end| end + 1);
        Self {
            line: 1 + before.matches('\n').count(),
            column: 1 + before[line_start..].chars().count(),
            offset: before.len(),
            fault,
        }
    }

    /// The line of the fault, from 1.
    pub const fn line(&self) -> usize {
        self.line
    }

    /// The column of the fault in characters, from 1.
    pub const fn column(&self) -> usize {
        self.column
    }

    /// Where the fault begins, in bytes from the start of the text.
    pub const fn offset(&self) -> usize {
        self.offset
    }

    /// What is wrong, without the place.
    pub fn fault(&self) -> &str {
        &self.fault
    }
}

impl fmt::Display for AppFileError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            line,
            column,
            fault,
            ..
        } = self;
        write!(formatter, "{fault}, at line {line} column {column}")
    }
}

impl std::error::Error for AppFileError {}
