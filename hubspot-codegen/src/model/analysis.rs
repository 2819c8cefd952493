//! What the code needs to know of a model beyond its shapes.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::{OperationId, TypeId};

/// What the code needs to know beyond shapes and names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Analysis {
    /// Fields that must be boxed, because their type would have no size: type and name on the wire.
    pub boxed: BTreeSet<(TypeId, String)>,
    /// Fields of types that hold themselves by required fields alone, which are optional in Rust: a value must have an end.
    pub endless: BTreeSet<(TypeId, String)>,
    /// Which way the values of a type travel.
    pub directions: BTreeMap<TypeId, Direction>,
    /// The documents from which a type is reached, as (version, API or generic resource).
    pub gates: BTreeMap<TypeId, BTreeSet<(String, String)>>,
    /// Operations that return a page at a time.
    pub paging: BTreeMap<OperationId, Paging>,
    /// Types that wrap what an operation returns: all of their fields but `results` and `errors` may be absent.
    pub envelopes: BTreeSet<TypeId>,
    /// Operations that can be repeated: a second, equal request has no effect beyond the first.
    pub idempotent: BTreeSet<OperationId>,
    /// Operations that change nothing.
    pub read_only: BTreeSet<OperationId>,
}

/// Which way the values of a type travel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Direction {
    /// To HubSpot.
    pub request: bool,
    /// From HubSpot.
    pub response: bool,
}

/// How the next page is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub enum Paging {
    /// The cursor goes into the query parameter `after`.
    Query,
    /// The cursor goes into the body's field `after`.
    Body,
}
