//! A part of a source file.

use proc_macro2::LineColumn;
use serde::{Deserialize, Serialize};

/// A part of a source file.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Place {
    pub(crate) file: String,
    pub(crate) line: usize,
    pub(crate) column: usize,
    pub(crate) end_line: usize,
    /// The column after its end.
    pub(crate) end_column: usize,
    /// The offset in the file, in bytes from 0.
    pub(crate) byte_start: usize,
    /// The byte after its end.
    pub(crate) byte_end: usize,
    /// The source line in which it begins, without its line break.
    pub(crate) text: String,
}

impl Place {
    /// Where it begins, as spans of tokens have it: columns count from 0.
    pub(crate) const fn start(&self) -> LineColumn {
        LineColumn {
            line: self.line,
            column: self.column.saturating_sub(1),
        }
    }
}
