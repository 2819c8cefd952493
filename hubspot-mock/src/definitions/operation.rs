//! The operations of the generated table.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use hubspot_scopes::{ParseRequirementError, Requirement};

use crate::definitions::endpoints;
use crate::table::Endpoint;
use crate::values::Refusal;

/// An operation, with its parsed requirement.
#[derive(Debug)]
pub(crate) struct Operation {
    pub(crate) endpoint: &'static Endpoint,
    /// Parsed on first use: parsing all requirements would slow down the start.
    requirement: OnceLock<Result<Requirement, ParseRequirementError>>,
}

impl Operation {
    /// Creates an operation whose requirement is not parsed yet.
    pub(crate) const fn new(endpoint: &'static Endpoint) -> Self {
        Self {
            endpoint,
            requirement: OnceLock::new(),
        }
    }

    /// The scopes that it requires.
    pub(crate) fn requirement(&self) -> Result<&Requirement, Refusal> {
        let read = || self.endpoint.requirement.parse();
        let requirement = self.requirement.get_or_init(read).as_ref();
        requirement.map_err(|error| Refusal::internal(error))
    }
}

/// The error for an id that no operation has.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no operation {0:?}; an operation id is `contacts.list` or `v3.contacts.list`")]
pub(crate) struct UnknownOperation(String);

/// Fails if no operation has this id, so that a typo does not look like a missing request.
pub(crate) fn check_operation(id: &str) -> Result<(), UnknownOperation> {
    let is_known = endpoints().iter().any(|known| known.id == id);
    is_known
        .then_some(())
        .ok_or_else(|| UnknownOperation(id.to_owned()))
}

/// Every scope that some operation names.
pub(crate) fn every_scope() -> BTreeSet<String> {
    // Many operations share a requirement, and parsing the long ones takes time.
    let texts = endpoints().iter().map(|known| known.requirement);
    let texts = texts.collect::<BTreeSet<_>>();
    let requirements = texts.into_iter().filter_map(|text| text.parse().ok());
    let scopes = requirements.flat_map(|requirement: Requirement| {
        let scopes = requirement.scopes().into_iter();
        scopes.map(str::to_owned).collect::<Vec<_>>()
    });
    scopes.collect()
}
