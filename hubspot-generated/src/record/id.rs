//! The ids of records.

use std::fmt;
use std::num::ParseIntError;
use std::str::FromStr;

/// The id of a CRM record, which is unique within its object type.
///
/// ```
/// use hubspot_generated::RecordId;
///
/// let id: RecordId = "512".parse()?;
/// assert_eq!(id, RecordId::from(512));
/// assert_eq!(id.to_string(), "512");
/// # Ok::<(), std::num::ParseIntError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordId(u64);

impl From<u64> for RecordId {
    fn from(id: u64) -> Self {
        Self(id)
    }
}

impl From<RecordId> for u64 {
    fn from(id: RecordId) -> Self {
        id.0
    }
}

impl From<&RecordId> for RecordId {
    fn from(id: &RecordId) -> Self {
        *id
    }
}

impl FromStr for RecordId {
    type Err = ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

impl fmt::Display for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RecordId({})", self.0)
    }
}
