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

/// Both directions of one of HubSpot's own types.
pub(crate) struct Standard {
    pub(crate) from: &'static str,
    pub(crate) to: &'static str,
    pub(crate) numbers: (u32, u32),
    pub(crate) names: (&'static str, &'static str),
    pub(crate) labels: Option<(&'static str, &'static str)>,
    /// Whether a record can have the first direction with only one other record.
    pub(crate) exclusive: bool,
}

const fn plain(
    from: &'static str,
    to: &'static str,
    numbers: (u32, u32),
    names: (&'static str, &'static str),
) -> Standard {
    Standard {
        from,
        to,
        numbers,
        names,
        labels: None,
        exclusive: false,
    }
}

const fn primary(
    from: &'static str,
    to: &'static str,
    numbers: (u32, u32),
    names: (&'static str, &'static str),
) -> Standard {
    Standard {
        labels: Some(("Primary", "Primary")),
        exclusive: true,
        ..plain(from, to, numbers, names)
    }
}

/// HubSpot's own association types.
///
/// The numbers are those of HubSpot's association guide. The names are the `type` in responses, which HubSpot does not
/// document.
pub(crate) static STANDARD: [Standard; 15] = [
    plain(
        "contacts",
        "contacts",
        (449, 449),
        ("contact_to_contact", "contact_to_contact"),
    ),
    plain(
        "contacts",
        "companies",
        (279, 280),
        (
            "contact_to_company_unlabeled",
            "company_to_contact_unlabeled",
        ),
    ),
    primary(
        "contacts",
        "companies",
        (1, 2),
        ("contact_to_company", "company_to_contact"),
    ),
    plain(
        "contacts",
        "deals",
        (4, 3),
        ("contact_to_deal", "deal_to_contact"),
    ),
    plain(
        "contacts",
        "tickets",
        (15, 16),
        ("contact_to_ticket", "ticket_to_contact"),
    ),
    plain(
        "companies",
        "companies",
        (450, 450),
        ("company_to_company", "company_to_company"),
    ),
    Standard {
        labels: Some(("Child Company", "Parent Company")),
        ..plain(
            "companies",
            "companies",
            (13, 14),
            ("parent_to_child_company", "child_to_parent_company"),
        )
    },
    plain(
        "deals",
        "companies",
        (341, 342),
        ("deal_to_company_unlabeled", "company_to_deal_unlabeled"),
    ),
    primary(
        "deals",
        "companies",
        (5, 6),
        ("deal_to_company", "company_to_deal"),
    ),
    plain(
        "tickets",
        "companies",
        (339, 340),
        ("ticket_to_company_unlabeled", "company_to_ticket_unlabeled"),
    ),
    primary(
        "tickets",
        "companies",
        (26, 25),
        ("ticket_to_company", "company_to_ticket"),
    ),
    plain(
        "deals",
        "deals",
        (451, 451),
        ("deal_to_deal", "deal_to_deal"),
    ),
    plain(
        "deals",
        "tickets",
        (27, 28),
        ("deal_to_ticket", "ticket_to_deal"),
    ),
    plain(
        "deals",
        "line_items",
        (19, 20),
        ("deal_to_line_item", "line_item_to_deal"),
    ),
    plain(
        "tickets",
        "tickets",
        (452, 452),
        ("ticket_to_ticket", "ticket_to_ticket"),
    ),
];
