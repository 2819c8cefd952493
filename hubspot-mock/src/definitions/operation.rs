//! The operations of the generated table.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use hubspot_scopes::{ParseRequirementError, Requirement};

use crate::generated::ENDPOINTS;
use crate::table::Endpoint;
use crate::values::refusal::Refusal;

/// An operation, ready to be asked for.
#[derive(Debug)]
pub(crate) struct Operation {
    pub(crate) endpoint: &'static Endpoint,
    /// Read when it is first asked for: reading all takes longer than starting may.
    requirement: OnceLock<Result<Requirement, ParseRequirementError>>,
}

impl Operation {
    /// An operation whose requirement is not parsed yet.
    pub(crate) const fn new(endpoint: &'static Endpoint) -> Self {
        Self {
            endpoint,
            requirement: OnceLock::new(),
        }
    }

    /// The scopes that it needs.
    pub(crate) fn requirement(&self) -> Result<&Requirement, Refusal> {
        let read = || self.endpoint.requirement.parse();
        let requirement = self.requirement.get_or_init(read).as_ref();
        requirement.map_err(|error| Refusal::internal(error))
    }
}

/// An id that no operation has.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "there is no operation {0:?} here; operations are called `contacts.list` or `v3.contacts.list`"
)]
pub(crate) struct UnknownOperation(String);

/// Refuses an id that no operation has, so that a slip of the pen does not look like a call that never came.
pub(crate) fn check_operation(id: &str) -> Result<(), UnknownOperation> {
    let is_known = ENDPOINTS.iter().any(|known| known.id == id);
    is_known
        .then_some(())
        .ok_or_else(|| UnknownOperation(id.to_owned()))
}

/// Every scope that some operation needs.
pub(crate) fn every_scope() -> BTreeSet<String> {
    // Names stand in quotes, and nothing else does. Parsing all requirements would slow down the start.
    let named = |known: &'static Endpoint| known.requirement.split('"').skip(1).step_by(2);
    let scopes = ENDPOINTS.iter().flat_map(named);
    scopes.map(str::to_owned).collect()
}
