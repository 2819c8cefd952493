//! `OpenAPI` 3.1 as 3.0, where 3.0 can say the same.
//!
//! What it cannot say stays as it is, and is an error with its place where an operation needs it.

use serde_json::{Map, Value, json};

/// Keys whose values are data, not parts of the document.
pub(super) const DATA: [&str; 5] = ["const", "default", "enum", "example", "examples"];

/// Keys whose values are objects with names as keys.
const MAPS: [&str; 9] = [
    "content",
    "headers",
    "parameters",
    "paths",
    "properties",
    "requestBodies",
    "responses",
    "schemas",
    "x-path-items",
];

/// Rewrites a document of 3.1 as one of 3.0.
pub(super) fn to_older(value: &mut Value) {
    rewrite(value, false);
    value["openapi"] = json!("3.0.3");
    if let Some(fields) = value.as_object_mut() {
        fields.entry("paths").or_insert_with(|| json!({}));
        fields.remove("webhooks");
    }
}

/// Rewrites every schema at or below a value.
fn rewrite(value: &mut Value, is_map: bool) {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields.iter_mut() {
                let is_data = DATA.contains(&name.as_str()) || name.starts_with("x-hubspot");
                if is_map || !is_data {
                    rewrite(field, !is_map && MAPS.contains(&name.as_str()));
                }
            }
            if !is_map {
                schema(fields);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| rewrite(item, false)),
        _ => {}
    }
}

/// Rewrites what a schema says in another way in 3.1. Objects that are no schemas have none of it.
fn schema(fields: &mut Map<String, Value>) {
    nullable_type(fields);
    nullable_choice(fields);
    if let Some(Value::String(only)) = fields.get("const") {
        let only = json!([only]);
        fields.remove("const");
        fields.entry("type").or_insert_with(|| json!("string"));
        fields.insert("enum".to_owned(), only);
    }
    if fields.get("examples").is_some_and(Value::is_array) {
        fields.remove("examples");
    }
}

/// `type: [string, "null"]` is a string that may be null.
fn nullable_type(fields: &mut Map<String, Value>) {
    let Some(Value::Array(types)) = fields.get_mut("type") else {
        return;
    };
    let before = types.len();
    types.retain(|name| name != "null");
    let has_null = types.len() < before;
    if let [only] = &types[..] {
        let only = only.clone();
        fields.insert("type".to_owned(), only);
        if has_null {
            fields.insert("nullable".to_owned(), json!(true));
        }
    } else if has_null {
        types.push(json!("null"));
    }
}

/// `anyOf: [A, { type: "null" }]` is an `A` that may be null.
fn nullable_choice(fields: &mut Map<String, Value>) {
    for key in ["anyOf", "oneOf"] {
        let Some(Value::Array(variants)) = fields.get_mut(key) else {
            continue;
        };
        let before = variants.len();
        variants.retain(|variant| variant.get("type") != Some(&json!("null")));
        if variants.len() == before || variants.is_empty() {
            continue;
        }
        if let [only] = &variants[..] {
            let only = json!([only]);
            fields.remove(key);
            fields.insert("allOf".to_owned(), only);
        }
        fields.insert("nullable".to_owned(), json!(true));
    }
}
