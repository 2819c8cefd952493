//! What `#[derive(Record)]` knows of object types and of the operations on their records.

use hubspot_scopes::Sensitivity;

/// An object type of `specs/object-types.toml`.
pub(crate) struct ObjectType {
    pub(crate) id: &'static str,
    /// The name in paths.
    pub(crate) path: &'static str,
    /// The first part of the ids of its operations.
    pub(crate) resource: &'static str,
    /// The requirements of reading and writing records.
    pub(crate) read: &'static str,
    pub(crate) write: &'static str,
    /// The further scopes for reading and for writing properties of each sensitivity, if HubSpot has them.
    pub(crate) sensitive: [Option<[&'static str; 2]>; Sensitivity::ALL.len()],
    /// The operations that HubSpot does not offer for it, by the last part of their ids.
    pub(crate) without: &'static [&'static str],
}

impl ObjectType {
    /// The scope that reading or writing properties of a sensitivity needs.
    pub(crate) fn scope_for(&self, of: Sensitivity, is_write: bool) -> Option<&'static str> {
        let scopes = Sensitivity::ALL.iter().zip(self.sensitive);
        let mut scopes = scopes.filter(|(known, _)| **known == of);
        scopes.next()?.1.map(|scopes| scopes[usize::from(is_write)])
    }
}

/// An operation on records of any object type.
pub(crate) struct Operation {
    /// `objects.batch_read`
    pub(crate) id: &'static str,
    /// The HTTP method.
    pub(crate) http: &'static str,
    /// The path, with the parameter for the object type first.
    pub(crate) path: &'static str,
    pub(crate) is_read_only: bool,
    pub(crate) is_idempotent: bool,
    pub(crate) budget: Budget,
    pub(crate) paging: Option<Paging>,
}

/// The rate limit that an operation counts against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(dead_code, reason = "the table has some of them")]
pub(crate) enum Budget {
    TenSecondly,
    Secondly,
    Exempt,
}

/// Where the cursor of the next page goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Paging {
    Query,
    Body,
}
