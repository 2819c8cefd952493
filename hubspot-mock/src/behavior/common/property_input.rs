//! Definitions of properties in requests.

use std::collections::BTreeSet;

use serde::Deserialize;

use crate::definitions::{Choice, Property, PropertyType};
use crate::values::{Detail, Refusal};

/// A property definition in a request.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PropertyInput<'a> {
    pub(crate) name: &'a str,
    label: &'a str,
    #[serde(rename = "type")]
    ty: &'a str,
    field_type: &'a str,
    pub(crate) group_name: Option<&'a str>,
    description: Option<&'a str>,
    #[serde(borrow, default)]
    options: Vec<OptionInput<'a>>,
    display_order: Option<i32>,
    #[serde(default)]
    has_unique_value: bool,
    #[serde(default)]
    hidden: bool,
    #[serde(default)]
    form_field: bool,
    external_options_reference_type: Option<&'a str>,
    referenced_object_type: Option<&'a str>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct OptionInput<'a> {
    label: &'a str,
    value: &'a str,
    #[serde(default = "last")]
    display_order: i32,
    #[serde(default)]
    hidden: bool,
    description: Option<&'a str>,
}

const fn last() -> i32 {
    -1
}

impl PropertyInput<'_> {
    /// Validates the definition. `group` is the default group.
    pub(crate) fn define(&self, group: &str, now: i64) -> Result<Property, Refusal> {
        if !is_name(self.name) {
            return Err(self.refused(
                "INVALID_PROPERTY_NAME",
                "a name consists of lower-case letters, digits and underscores, and starts with a letter",
            ));
        }
        let ty = self.property_type().ok_or_else(|| {
            self.refused(
                "INVALID_FIELD_TYPE",
                "its fieldType does not match its type",
            )
        })?;
        self.check_options(ty)?;
        let property = Property {
            label: self.label.to_owned(),
            field: self.field_type.to_owned(),
            group: self.group_name.unwrap_or(group).to_owned(),
            description: self.description.unwrap_or_default().to_owned(),
            display_order: self.display_order.unwrap_or_else(last),
            hidden: self.hidden,
            form_field: self.form_field,
            created_at: Some(now),
            options: self.options.iter().map(OptionInput::choice).collect(),
            ..Property::new(self.name, ty)
        };
        Ok(if self.has_unique_value {
            property.unique()
        } else {
            property
        })
    }

    fn property_type(&self) -> Option<PropertyType> {
        match (self.ty, self.field_type) {
            (
                "string",
                "text" | "textarea" | "html" | "file" | "phonenumber" | "calculation_equation",
            ) => Some(PropertyType::Text),
            ("phone_number", "phonenumber" | "text") => Some(PropertyType::Phone),
            ("number", "number" | "text" | "calculation_equation") => Some(PropertyType::Number),
            ("bool", "booleancheckbox" | "calculation_equation") => Some(PropertyType::Flag),
            ("date", "date") => Some(PropertyType::Date),
            ("datetime", "date") => Some(PropertyType::DateTime),
            ("enumeration", "select" | "radio" | "booleancheckbox") => {
                Some(PropertyType::Enumeration)
            }
            ("enumeration", "checkbox") => Some(PropertyType::Checkboxes),
            _ => None,
        }
    }

    fn check_options(&self, ty: PropertyType) -> Result<(), Refusal> {
        let mut values = BTreeSet::new();
        for option in &self.options {
            if option.value.is_empty() || option.value.contains(';') || !values.insert(option.value)
            {
                return Err(self.refused(
                    "INVALID_OPTION",
                    "option values must be unique, must not be empty and must not contain \";\"",
                ));
            }
        }
        let elsewhere = self
            .external_options_reference_type
            .or(self.referenced_object_type);
        let enumeration = matches!(ty, PropertyType::Enumeration | PropertyType::Checkboxes);
        if enumeration && self.options.is_empty() && elsewhere.is_none() {
            return Err(self.refused("INVALID_OPTION", "an enumeration requires options"));
        }
        Ok(())
    }

    fn refused(&self, code: &'static str, reason: &str) -> Refusal {
        let message = format!("Property \"{}\" is refused: {reason}", self.name);
        Refusal::validation(message.clone()).details([Detail {
            place: Some("properties".to_owned()),
            ..Detail::of_property(self.name, code, message)
        }])
    }
}

impl OptionInput<'_> {
    fn choice(&self) -> Choice {
        Choice {
            value: self.value.to_owned(),
            label: self.label.to_owned(),
            display_order: self.display_order,
            hidden: self.hidden,
            description: self.description.map(ToOwned::to_owned),
        }
    }
}

fn is_name(name: &str) -> bool {
    let rest =
        |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_';
    name.starts_with(|letter: char| letter.is_ascii_lowercase()) && name.chars().all(rest)
}
