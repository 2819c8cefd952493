//! What a command prints on standard output.
//!
//! Comes in: text, with colours or without. Goes out: the same, without colours where they do not belong. Refused: an
//! output that cannot be written to. One that nobody reads any more, as behind `| head`, is no fault: what the command
//! found, its status tells.

use std::io::{ErrorKind, Write as _};

use anyhow::{Context as _, Result};
use serde::Serialize;

/// Prints `text`.
pub(crate) fn print(text: &str) -> Result<()> {
    let mut output = anstream::stdout().lock();
    let printed = output
        .write_all(text.as_bytes())
        .and_then(|()| output.flush());
    match printed {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        printed => printed.context("cannot print"),
    }
}

/// Prints `value` as JSON for readers, and a line's end.
pub(crate) fn print_json(value: &impl Serialize) -> Result<()> {
    print(&(serde_json::to_string_pretty(value)? + "\n"))
}
