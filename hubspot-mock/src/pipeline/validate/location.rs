//! Where in a JSON body an error is, such as `inputs[3].properties`. Formatted only when there is an error.

use std::fmt;

/// The location of a value in a body.
#[derive(Debug)]
pub(super) enum Location<'a> {
    /// The body itself.
    Body,
    /// A field of the object at a place.
    Field(&'a Location<'a>, &'a str),
    /// An item of the list at a place.
    Item(&'a Location<'a>, usize),
}

impl fmt::Display for Location<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Body => f.write_str("body"),
            Self::Field(Self::Body, name) => f.write_str(name),
            Self::Field(parent, name) => write!(f, "{parent}.{name}"),
            Self::Item(parent, index) => write!(f, "{parent}[{index}]"),
        }
    }
}
