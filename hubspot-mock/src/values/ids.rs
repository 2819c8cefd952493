//! Ids that are unique within one account.

/// Identifies an object type. Not HubSpot's `objectTypeId`, which is text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct TypeId(pub(crate) usize);

impl TypeId {
    /// The lowest id.
    pub(crate) const FIRST: Self = Self(0);
}

/// Identifies a property within its object type.
pub(crate) type PropertyId = u16;

/// Identifies one direction of an association type.
pub(crate) type TypeIndex = u32;

/// Identifies a record: its object type and its HubSpot id.
pub(crate) type RecordKey = (TypeId, u64);
