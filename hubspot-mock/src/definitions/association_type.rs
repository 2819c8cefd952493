//! Association types: which object types an association connects, and its label.

use serde::{Deserialize, Serialize};

use crate::values::{TypeId, TypeIndex};

/// Who has defined an association type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Category {
    /// HubSpot.
    HubspotDefined,
    /// The account's users.
    UserDefined,
    /// An app.
    IntegratorDefined,
    /// HubSpot's work objects.
    Work,
}

/// An association type in one direction.
#[derive(Clone, Debug)]
pub(crate) struct AssociationType {
    pub(crate) number: u32,
    pub(crate) category: Category,
    pub(crate) from: TypeId,
    pub(crate) to: TypeId,
    /// `contact_to_company`
    pub(crate) name: String,
    /// The label; the unlabeled type has none.
    pub(crate) label: Option<String>,
    /// The type of the other direction.
    pub(crate) inverse: TypeIndex,
    /// Whether a record can have it with only one other record.
    pub(crate) exclusive: bool,
    /// When the account defined it, in milliseconds since 1970.
    pub(crate) created_at: Option<i64>,
}

/// An association type as requests name it.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Spec {
    #[serde(rename = "associationCategory")]
    pub(crate) category: Category,
    #[serde(rename = "associationTypeId")]
    pub(crate) number: u32,
}
