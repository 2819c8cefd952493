//! Schemas whose constraints do not fit their type, as schemas of the declared type.
//!
//! openapiv3 takes a schema with a constraint of another type for one without a type, so such constraints are left out. A list
//! of values counts for texts only. A schema without a type gets the one that has its constraints.

use serde_json::{Map, Value, json};

/// What says more of the values of each type, limits aside.
const OWN: [(&str, &[&str]); 6] = [
    ("string", &["enum", "format"]),
    ("integer", &["format"]),
    ("number", &["format"]),
    ("boolean", &[]),
    ("array", &["items"]),
    (
        "object",
        &["additionalProperties", "properties", "required"],
    ),
];

/// Fits the fields of a schema. Schemas within it are not looked at.
pub(super) fn fit(fields: &mut Map<String, Value>) {
    let is_composed = ["$ref", "allOf", "anyOf", "not", "oneOf"];
    if is_composed.iter().any(|key| fields.contains_key(*key)) {
        return;
    }
    if !fields.contains_key("type")
        && let Some(name) = implied(fields)
    {
        fields.insert("type".to_owned(), json!(name));
    }
    let name = fields.get("type").and_then(Value::as_str);
    let Some((_, own)) = OWN.iter().find(|(known, _)| Some(*known) == name) else {
        return;
    };
    fields.retain(|key, _| own.contains(&key.as_str()) || !is_of_a_type(key));
    if let Some(Value::Array(values)) = fields.get_mut("enum") {
        let others = values
            .iter_mut()
            .filter(|value| !value.is_null() && !value.is_string());
        others.for_each(|value| *value = json!(value.to_string()));
    }
}

/// The type that has the constraints of a schema without one.
fn implied(fields: &Map<String, Value>) -> Option<&'static str> {
    let is_text = |value: &Value| value.is_string() || value.is_null();
    let texts = fields.get("enum").and_then(Value::as_array);
    if fields.contains_key("properties")
        || fields
            .get("additionalProperties")
            .is_some_and(Value::is_object)
    {
        Some("object")
    } else if fields.contains_key("items") {
        Some("array")
    } else if texts
        .is_some_and(|values| values.iter().any(Value::is_string) && values.iter().all(is_text))
    {
        Some("string")
    } else {
        None
    }
}

fn is_of_a_type(key: &str) -> bool {
    let mut all = OWN.iter().flat_map(|(_, own)| own.iter());
    all.any(|one| *one == key)
}
