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
#[error("there is no operation {given:?}; the nearest is `{nearest}`")]
pub(crate) struct UnknownOperation {
    given: String,
    nearest: &'static str,
}

/// Fails if no operation has this id, so that a typo does not look like a missing request.
pub(crate) fn check_operation(id: &str) -> Result<(), UnknownOperation> {
    named(id).map(drop)
}

/// The operation with this id.
pub(crate) fn named(id: &str) -> Result<&'static Endpoint, UnknownOperation> {
    let mut known = endpoints().iter();
    known.find(|known| known.id == id).ok_or_else(|| {
        let nearest = endpoints()
            .iter()
            .min_by_key(|known| distance(known.id, id));
        UnknownOperation {
            given: id.to_owned(),
            nearest: nearest.map_or("", |nearest| nearest.id),
        }
    })
}

/// How many pairs of letters one text has and the other has not.
pub(crate) fn distance(left: &str, right: &str) -> usize {
    let pairs = |text: &str| {
        let bytes = text.to_lowercase().into_bytes();
        bytes
            .windows(2)
            .map(<[u8]>::to_vec)
            .collect::<BTreeSet<_>>()
    };
    pairs(left).symmetric_difference(&pairs(right)).count()
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
