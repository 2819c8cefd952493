//! Replaces what tells about people and companies in a recording.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde_json::Value;

use crate::definitions::{PropertyType, is_email, standard};

/// Fields outside `properties` whose values are replaced.
const FIELDS: [&str; 12] = [
    "displayName",
    "firstName",
    "fullName",
    "highValue",
    "hub_domain",
    "lastName",
    "query",
    "user",
    "userEmail",
    "value",
    "values",
    "website",
];

/// HubSpot's own properties whose values are numbers, dates or options.
static PLAIN: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    let names = standard::object_types().flat_map(|ty| {
        let plain = ty
            .properties()
            .filter(|(_, property)| !is_free(property.ty));
        let names = plain.map(|(_, property)| property.name.clone());
        names.collect::<Vec<_>>()
    });
    names.collect()
});

/// Whether values can be any text.
const fn is_free(ty: PropertyType) -> bool {
    matches!(
        ty,
        PropertyType::Text | PropertyType::Email | PropertyType::Phone
    )
}

/// The replaced values with their replacements.
#[derive(Debug, Default)]
pub(super) struct Pseudonyms(BTreeMap<String, String>);

impl Pseudonyms {
    /// The body with other values. A body that is not JSON is dropped.
    pub(super) fn body(&mut self, text: &str) -> String {
        let Ok(mut json) = serde_json::from_str::<Value>(text) else {
            return String::new();
        };
        self.replace(&mut json, "");
        json.to_string()
    }

    /// A path and query with other values.
    pub(super) fn target(&mut self, target: &str) -> String {
        let parts = target.split_inclusive(['/', '?', '&', '=', ',']);
        let parts = parts.map(|part| {
            let end = part.find(['/', '?', '&', '=', ',']).unwrap_or(part.len());
            let (text, end) = part.split_at(end);
            let decoded = percent_decode_str(text).decode_utf8_lossy();
            let known = self.0.contains_key(decoded.as_ref());
            if known || is_email(&decoded) {
                let other = self.of(&decoded);
                format!("{}{end}", utf8_percent_encode(&other, NON_ALPHANUMERIC))
            } else {
                part.to_owned()
            }
        });
        parts.collect()
    }

    /// The replacement of a text, the same one each time.
    fn of(&mut self, text: &str) -> String {
        let number = self.0.len() + 1;
        let replacement = self.0.entry(text.to_owned()).or_insert_with(|| {
            if is_email(text) {
                format!("person{number}@example.com")
            } else {
                format!("text {number}")
            }
        });
        replacement.clone()
    }

    /// Replaces texts below a field.
    fn replace(&mut self, json: &mut Value, field: &str) {
        match json {
            Value::Object(fields) => {
                let named = fields.get("propertyName").and_then(Value::as_str);
                let is_plain = named.is_some_and(|name| PLAIN.contains(name));
                for (name, value) in fields {
                    match value {
                        Value::Object(values) if name == "properties" => {
                            for (property, value) in values {
                                if !PLAIN.contains(property) {
                                    self.replace(value, "value");
                                }
                            }
                        }
                        _ if is_plain && FIELDS.contains(&name.as_str()) => {}
                        value => self.replace(value, name),
                    }
                }
            }
            Value::Array(values) => {
                for value in values {
                    self.replace(value, field);
                }
            }
            Value::String(text)
                if !text.is_empty() && (FIELDS.contains(&field) || is_email(text)) =>
            {
                *text = self.of(text);
            }
            _ => {}
        }
    }
}
