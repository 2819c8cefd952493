//! `$defs` of `OpenAPI` 3.1 as components, which is where 3.0 has schemas that references lead to.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::newer::DATA;
use crate::error::join;

/// Moves the schemas of every `$defs` to `components/schemas`, and leads references there.
pub(super) fn to_components(document: &mut Value) {
    let mut moved = BTreeMap::new();
    let mut schemas = components(document).cloned().unwrap_or_default();
    take(document, "", &mut schemas, &mut moved);
    if moved.is_empty() {
        return;
    }
    // What was taken out of a component is gone from it.
    for (name, schema) in components(document).into_iter().flatten() {
        schemas.insert(name.clone(), schema.clone());
    }
    document["components"]["schemas"] = json!(schemas);
    redirect(document, &moved);
}

fn components(document: &Value) -> Option<&Map<String, Value>> {
    document.pointer("/components/schemas")?.as_object()
}

/// Takes the schemas out of every `$defs` at or below a value. Notes where each one was, and what it is called now.
fn take(
    value: &mut Value,
    pointer: &str,
    schemas: &mut Map<String, Value>,
    moved: &mut BTreeMap<String, String>,
) {
    match value {
        Value::Object(fields) => {
            if let Some(Value::Object(defs)) = fields.remove("$defs") {
                let pointer = join(pointer, "$defs");
                for (name, mut schema) in defs {
                    let pointer = join(&pointer, &name);
                    let mut free = name.clone();
                    while schemas.contains_key(&free) {
                        free.push('_');
                    }
                    schemas.insert(free.clone(), Value::Null);
                    take(&mut schema, &pointer, schemas, moved);
                    schemas.insert(free.clone(), schema);
                    moved.insert(pointer, free);
                }
            }
            let parts = fields.iter_mut();
            for (name, field) in parts.filter(|(name, _)| !DATA.contains(&name.as_str())) {
                take(field, &join(pointer, name), schemas, moved);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter_mut().enumerate() {
                take(item, &join(pointer, &index.to_string()), schemas, moved);
            }
        }
        _ => {}
    }
}

/// Leads the references at or below a value to where schemas were moved to.
fn redirect(value: &mut Value, moved: &BTreeMap<String, String>) {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                match field {
                    Value::String(reference) if name == "$ref" => {
                        let mut ends = moved.iter().rev().filter_map(|(pointer, name)| {
                            let rest = reference.strip_prefix('#')?.strip_prefix(&**pointer)?;
                            let is_end = rest.is_empty() || rest.starts_with('/');
                            is_end.then(|| format!("#{}{rest}", join("/components/schemas", name)))
                        });
                        if let Some(new) = ends.next() {
                            *reference = new;
                        }
                    }
                    _ if DATA.contains(&name.as_str()) => {}
                    _ => redirect(field, moved),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| redirect(item, moved)),
        _ => {}
    }
}
