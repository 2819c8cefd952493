//! How text looks at a terminal.
//!
//! Comes in: text. Goes out: the same between escape codes, which `anstream` takes out where they do not belong: in a file, or
//! with `NO_COLOR`. Refuses nothing.

use anstyle::{AnsiColor, Style};

/// A heading.
pub(crate) const BOLD: Style = Style::new().bold();
/// What matters less.
pub(crate) const DIM: Style = Style::new().dimmed();
/// What is there, or is to come.
pub(crate) const GOOD: Style = AnsiColor::Green.on_default();
/// What should not be there.
pub(crate) const BAD: Style = AnsiColor::Yellow.on_default();

/// `text` in `style`.
pub(crate) fn styled(style: Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
}
