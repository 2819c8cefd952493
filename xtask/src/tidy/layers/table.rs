//! The layers of each crate, from the ground up. A crate that is not here has none yet.

use super::Rows;

/// Each crate by its folder.
pub(super) const CRATES: &[(&str, Rows<'static>)] = &[];
