//! `#[derive(Record)]` and `#[derive(PropertyEnum)]`.
//!
//! A record's derive writes tables and calls of the client's runtime, and a handle whose methods have the bounds of the object
//! type's operations. The handle is part of the output, so that the compiler and the audit see each call with exactly the
//! scopes that the object type and the fields need.

mod enumeration;
mod expand;
mod fields;
mod group;
mod handle;
mod needs;
mod object_type;
mod operations;
mod setter;

pub(crate) use enumeration::expand as expand_enumeration;
pub(crate) use expand::expand as expand_record;
