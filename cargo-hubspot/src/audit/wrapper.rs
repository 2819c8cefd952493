//! What stands between cargo and rustc during an audit.

use std::process::ExitCode;

/// Acts as rustc, if that is what this process was started for.
pub(crate) fn run() -> Option<ExitCode> {
    None
}
