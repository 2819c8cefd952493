//! What HubSpot's APIs return about object types, properties and associations.
//!
//! A file of definitions has these responses as they are, by object type. Fields that HubSpot may leave out have defaults.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};

/// A file of definitions, or what was read from an account.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Responses {
    /// `GET /crm-object-schemas/2026-09/schemas`
    #[serde(default)]
    pub(super) schemas: List<Schema>,
    /// `GET /crm/properties/2026-09/{objectType}`, by object type.
    #[serde(default)]
    pub(super) properties: BTreeMap<String, List<Property>>,
    /// `GET /crm/associations/2026-09/{fromObjectType}/{toObjectType}/labels`, by both object types.
    #[serde(default)]
    pub(super) associations: BTreeMap<String, BTreeMap<String, List<AssociationType>>>,
}

/// A response with results.
#[derive(Debug, Deserialize)]
pub(super) struct List<T> {
    pub(super) results: Vec<T>,
    /// Whether there was a response.
    #[serde(skip, default = "given")]
    pub(super) is_given: bool,
}

const fn given() -> bool {
    true
}

impl<T> Default for List<T> {
    fn default() -> Self {
        Self {
            results: Vec::new(),
            is_given: false,
        }
    }
}

/// An object type.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Schema {
    pub(super) name: String,
    id: String,
    /// The same as `id`, which had another form once.
    #[serde(default)]
    object_type_id: Option<String>,
    #[serde(default)]
    pub(super) fully_qualified_name: Option<String>,
    #[serde(default)]
    pub(super) allows_sensitive_properties: Option<bool>,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) archived: bool,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) properties: Vec<Property>,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) associations: Vec<Definition>,
}

impl Schema {
    /// `2-3465404`
    pub(super) fn type_id(&self) -> &String {
        self.object_type_id.as_ref().unwrap_or(&self.id)
    }
}

/// A property.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Property {
    pub(super) name: String,
    #[serde(rename = "type")]
    pub(super) ty: String,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) field_type: String,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) label: String,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) description: String,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) archived: bool,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) calculated: bool,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) has_unique_value: bool,
    #[serde(default)]
    pub(super) data_sensitivity: Option<String>,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) modification_metadata: Modification,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) options: Vec<Choice>,
}

/// What may be changed about a property.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Modification {
    #[serde(default, deserialize_with = "or_default")]
    pub(super) read_only_value: bool,
}

/// An option of a property.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Choice {
    pub(super) value: String,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) label: String,
}

/// A type of association, in a schema.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Definition {
    #[serde(deserialize_with = "number")]
    pub(super) id: i32,
    pub(super) from_object_type_id: String,
    pub(super) to_object_type_id: String,
}

/// A type of association between two object types.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AssociationType {
    #[serde(deserialize_with = "number")]
    pub(super) type_id: i32,
    #[serde(default)]
    pub(super) category: Option<String>,
    #[serde(default)]
    pub(super) label: Option<String>,
}

/// `null` is the default.
fn or_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(
    deserializer: D,
) -> Result<T, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// A number, which may be text.
fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i32, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged, expecting = "expected a number, or text that is one")]
    enum Number {
        Number(i32),
        Text(String),
    }
    match Number::deserialize(deserializer)? {
        Number::Number(number) => Ok(number),
        Number::Text(text) => text.parse().map_err(|_| {
            let expected = &"a number, or text that is one";
            serde::de::Error::invalid_value(serde::de::Unexpected::Str(&text), expected)
        }),
    }
}
