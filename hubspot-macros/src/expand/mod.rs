//! From what was parsed to the tokens that replace it: pure functions.

pub(crate) mod attribute;
pub(crate) mod docs;
mod optional;
pub(crate) mod request;
mod resolve;
pub(crate) mod scope_set;
