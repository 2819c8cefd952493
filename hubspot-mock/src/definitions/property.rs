//! Properties of object types, HubSpot's own and those that an account defines.

use crate::definitions::rule::Rule;
use crate::definitions::{PropertyType, ValidationRule};

/// Who sets the values of a property.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// Callers.
    Plain,
    /// Only HubSpot.
    ReadOnly,
    /// The record's id.
    Id,
    /// When the record was created.
    Created,
    /// When the record was last changed.
    Updated,
}

/// Whether values identify records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Identity {
    /// They do not.
    None,
    /// They do, but several records may share a value; the oldest is found. A company's `domain` is such a property.
    Shared,
    /// They do, and no two records share a value.
    Unique,
}

/// Where the allowed values of an enumeration come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Choices {
    /// The property's own options.
    Options,
    /// The owners of the account.
    Owners,
    /// The pipelines of the object type.
    Pipelines,
    /// The stages of the record's pipeline.
    Stages,
}

/// A value that an enumeration allows.
#[derive(Clone, Debug)]
pub(crate) struct Choice {
    /// The value that records store.
    pub(crate) value: String,
    /// The label that people see.
    pub(crate) label: String,
    /// Its position.
    pub(crate) display_order: i32,
    /// Whether HubSpot hides it.
    pub(crate) hidden: bool,
    pub(crate) description: Option<String>,
}

/// A property of an object type.
///
/// ```
/// use hubspot_mock::{Property, PropertyType, ValidationRule};
///
/// let code = Property::new("member_code", PropertyType::Text)
///     .unique()
///     .rule(ValidationRule::MaxLength(8));
/// let size = Property::new("size", PropertyType::Enumeration).options(["s", "m", "l"]);
/// # let _ = (code, size);
/// ```
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "HubSpot has a flag for each")]
pub struct Property {
    pub(crate) name: String,
    pub(crate) label: String,
    pub(crate) description: String,
    pub(crate) group: String,
    pub(crate) field: String,
    pub(crate) ty: PropertyType,
    pub(crate) options: Vec<Choice>,
    pub(crate) choices: Choices,
    /// Whether a value may be replaced by a later option only, unless it is cleared first.
    pub(crate) forward_only: bool,
    pub(crate) role: Role,
    pub(crate) identity: Identity,
    pub(crate) rules: Vec<Rule>,
    pub(crate) hubspot_defined: bool,
    pub(crate) hidden: bool,
    pub(crate) form_field: bool,
    pub(crate) display_order: i32,
    /// Milliseconds since 1970; `None` for HubSpot's own.
    pub(crate) created_at: Option<i64>,
    pub(crate) updated_at: Option<i64>,
    pub(crate) archived_at: Option<i64>,
}

impl Property {
    /// Creates a property that callers may write and whose values need not be unique.
    pub fn new(name: impl Into<String>, ty: PropertyType) -> Self {
        let name = name.into();
        Self {
            label: name.clone(),
            name,
            description: String::new(),
            group: String::new(),
            field: ty.field().to_owned(),
            ty,
            options: Vec::new(),
            choices: Choices::Options,
            forward_only: false,
            role: Role::Plain,
            identity: Identity::None,
            rules: Vec::new(),
            hubspot_defined: false,
            hidden: false,
            form_field: false,
            display_order: -1,
            created_at: None,
            updated_at: None,
            archived_at: None,
        }
    }

    /// Requires unique values. The property can then be used as `idProperty`.
    pub fn unique(mut self) -> Self {
        self.identity = Identity::Unique;
        self
    }

    /// Makes the property read-only: requests that set it fail.
    pub fn read_only(mut self) -> Self {
        self.role = Role::ReadOnly;
        self
    }

    /// Sets the allowed values of an enumeration or of checkboxes.
    pub fn options(mut self, values: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let values = values.into_iter().map(Into::into).zip(0..);
        self.options = values
            .map(|(value, display_order): (String, i32)| Choice {
                label: value.clone(),
                value,
                display_order,
                hidden: false,
                description: None,
            })
            .collect();
        self
    }

    /// Sets the label that people see. The default is the name.
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// Sets the group that the property belongs to. The default is the first group of the object type.
    pub fn group(mut self, name: impl Into<String>) -> Self {
        self.group = name.into();
        self
    }

    /// Adds a validation rule of the account. HubSpot enforces these on requests from version 2026-09 on.
    pub fn rule(mut self, rule: ValidationRule) -> Self {
        self.rules.push(rule.into());
        self
    }
}
