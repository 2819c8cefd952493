//! Values without parts.

use std::borrow::Cow;

/// A value without parts. A list or an object is reported and not read.
pub(crate) enum Scalar<'a> {
    Null,
    Flag(bool),
    Number(&'a str),
    Text(Cow<'a, str>),
    List,
    Object,
}

impl Scalar<'_> {
    /// A number, or the text that may be one; empty for anything else.
    pub(super) fn number(&self) -> &str {
        match self {
            Self::Number(text) => text,
            Self::Text(text) => text,
            _ => "",
        }
    }

    /// What it is, without its value.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Flag(_) => "a boolean",
            Self::Number(text) if text.contains(['.', 'e', 'E']) => "a floating point number",
            Self::Number(_) => "an integer",
            Self::Text(_) => "a string",
            Self::List => "a list",
            Self::Object => "a map",
        }
    }
}
