//! `OpenAPI` 3.1 as 3.0, where 3.0 can say the same.
//!
//! What it cannot say stays as it is, and is an error with its place where an operation needs it.

use serde_json::{Map, Value, json};

/// Keys whose values are data, not parts of the document.
pub(super) const DATA: [&str; 5] = ["const", "default", "enum", "example", "examples"];

/// Keys whose values are objects with names as keys.
const MAPS: [&str; 10] = [
    "content",
    "headers",
    "parameters",
    "pathItems",
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
            if !is_map && fields.get("in").is_some_and(Value::is_string) {
                fields.get_mut("schema").map(several_types_of_text);
            }
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

/// What says nothing of the values of a schema.
const ANNOTATIONS: [&str; 9] = [
    "default",
    "deprecated",
    "description",
    "example",
    "nullable",
    "readOnly",
    "summary",
    "title",
    "writeOnly",
];

/// Rewrites what a schema says in another way in 3.1. Objects that are no schemas have none of it.
fn schema(fields: &mut Map<String, Value>) {
    nullable_type(fields);
    nullable_choice(fields);
    flags(fields);
    if let Some(Value::String(only)) = fields.get("const") {
        let only = json!([only]);
        fields.remove("const");
        fields.entry("type").or_insert_with(|| json!("string"));
        fields.insert("enum".to_owned(), only);
    }
    if fields.contains_key("contentMediaType") && !fields.contains_key("contentEncoding") {
        fields.insert("type".to_owned(), json!("string"));
        fields.insert("format".to_owned(), json!("binary"));
    }
    if fields.get("examples").is_some_and(Value::is_array) {
        fields.remove("examples");
    }
    beside_reference(fields);
}

/// `{ $ref: A, description: … }` is an `A` of which more is said, and `{ $ref: A, required: […] }` is both.
fn beside_reference(fields: &mut Map<String, Value>) {
    let reference = fields.get("$ref").and_then(Value::as_str);
    if !reference.is_some_and(|reference| reference.contains("#/components/schemas/")) {
        return;
    }
    let is_annotation =
        |name: &str| ANNOTATIONS.contains(&name) || name.starts_with("x-") || name == "$comment";
    let (about, mut also): (Map<_, _>, Map<_, _>) = std::mem::take(fields)
        .into_iter()
        .partition(|(name, _)| is_annotation(name));
    let reference = also.remove("$ref").unwrap_or_default();
    // A type alone adds nothing to the one that is referred to.
    let is_more = also.keys().any(|name| name != "type");
    *fields = about;
    let mut parts = vec![json!({ "$ref": reference })];
    if is_more {
        parts.push(also.into());
    } else if fields.is_empty() {
        fields.insert("$ref".to_owned(), reference);
        return;
    }
    fields.insert("allOf".to_owned(), parts.into());
}

/// `true` is a schema of any value, and `false` of none.
fn flags(fields: &mut Map<String, Value>) {
    let anything = |schema: &mut Value| {
        if *schema == Value::Bool(true) {
            *schema = json!({});
        }
    };
    if fields.get("items") == Some(&Value::Bool(false)) {
        fields.remove("items");
    }
    if let Some(Value::Object(properties)) = fields.get_mut("properties") {
        properties.retain(|_, schema| *schema != Value::Bool(false));
    }
    for name in ["items", "schema"] {
        fields.get_mut(name).map(anything);
    }
    for name in ["allOf", "anyOf", "oneOf", "properties", "schemas"] {
        match fields.get_mut(name) {
            Some(Value::Array(schemas)) => schemas.iter_mut().for_each(anything),
            Some(Value::Object(schemas)) => schemas.values_mut().for_each(anything),
            _ => {}
        }
    }
}

/// `type: [string, "null"]` is a string that may be null. What has several other types is any value.
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
    } else if !types.is_empty()
        && types
            .iter()
            .all(|name| TYPES.iter().any(|known| name == known))
    {
        let is_number = |name: &Value| name == "integer" || name == "number";
        let is_number = types.iter().all(is_number);
        fields.retain(|name, _| ANNOTATIONS.contains(&name.as_str()));
        if is_number {
            fields.insert("type".to_owned(), json!("number"));
        }
    } else if has_null {
        types.push(json!("null"));
        return;
    }
    if has_null {
        fields.insert("nullable".to_owned(), json!(true));
    }
}

const TYPES: [&str; 6] = ["array", "boolean", "integer", "number", "object", "string"];

/// A parameter is text: one of several types is a list if that is among them, and else text.
fn several_types_of_text(schema: &mut Value) {
    let Some(Value::Array(types)) = schema.get_mut("type") else {
        return;
    };
    let has = |name: &str| types.iter().any(|other| other == name);
    let only = if has("array") { "array" } else { "string" };
    if types.len() > 1 && has(only) && !has("object") && !has("null") {
        schema["type"] = json!(only);
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
