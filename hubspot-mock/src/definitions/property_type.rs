//! The types that property values have.

/// What the values of a property are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PropertyType {
    /// Any text.
    Text,
    /// Text of the form of an e-mail address, kept in lower case.
    Email,
    /// A telephone number; any text.
    Phone,
    /// A decimal number.
    Number,
    /// `true` or `false`.
    Flag,
    /// A day.
    Date,
    /// A moment.
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

    /// The control that HubSpot shows for it, `fieldType`, unless a definition says otherwise.
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

    /// Whether values have an order that is not that of letters, or letters at all: `LT` and its kin apply.
    pub(crate) const fn is_ordered(self) -> bool {
        !matches!(self, Self::Flag | Self::Enumeration | Self::Checkboxes)
    }

    /// Whether values are made of words.
    pub(crate) const fn is_text(self) -> bool {
        !matches!(
            self,
            Self::Number | Self::Flag | Self::Date | Self::DateTime
        )
    }
}
