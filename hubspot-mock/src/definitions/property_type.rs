//! The types that property values have.

use serde::Deserialize;

/// The type of a property's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum PropertyType {
    /// Any text.
    Text,
    /// An email address, stored in lower case.
    Email,
    /// A phone number. Any text is valid.
    Phone,
    /// A decimal number.
    Number,
    /// `true` or `false`.
    Flag,
    /// A day.
    Date,
    /// A date with a time.
    DateTime,
    /// One of the property's options.
    Enumeration,
    /// Several of the property's options, joined by `;`.
    Checkboxes,
}

impl PropertyType {
    /// HubSpot's `type`.
    pub(crate) const fn wire(self) -> &'static str {
        match self {
            Self::Text | Self::Email => "string",
            Self::Phone => "phone_number",
            Self::Number => "number",
            Self::Flag => "bool",
            Self::Date => "date",
            Self::DateTime => "datetime",
            Self::Enumeration | Self::Checkboxes => "enumeration",
        }
    }

    /// The default `fieldType`: the form control that HubSpot shows.
    pub(crate) const fn field(self) -> &'static str {
        match self {
            Self::Text | Self::Email => "text",
            Self::Phone => "phonenumber",
            Self::Number => "number",
            Self::Flag => "booleancheckbox",
            Self::Date | Self::DateTime => "date",
            Self::Enumeration => "select",
            Self::Checkboxes => "checkbox",
        }
    }

    /// Whether `LT`, `GTE`, `BETWEEN` and the like apply.
    pub(crate) const fn is_ordered(self) -> bool {
        !matches!(self, Self::Flag | Self::Enumeration | Self::Checkboxes)
    }

    /// Whether values are text, so that `CONTAINS_TOKEN` applies.
    pub(crate) const fn is_text(self) -> bool {
        !matches!(
            self,
            Self::Number | Self::Flag | Self::Date | Self::DateTime
        )
    }
}
