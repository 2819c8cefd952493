//! Nothing that a document may contain makes the front of the generator panic or hang.

use std::io;

use hubspot_codegen::config::Config;
use hubspot_codegen::load::{MAX_DEPTH, Origin, load};
use hubspot_codegen::lower::lower;
use serde_json::{Value, json};

/// A document with one of each kind of node.
fn specimen() -> Value {
    json!({
        "openapi": "3.0.1",
        "info": { "title": "Things", "version": "v1" },
        "paths": { "/things/{id}": {
            "parameters": [{ "name": "id", "in": "path", "required": true, "schema": { "type": "integer", "format": "int32" } }],
            "post": {
                "operationId": "post-/things_create",
                "parameters": [{ "name": "q", "in": "query", "schema": { "type": "array", "items": { "type": "string", "enum": ["a"] } } }],
                "requestBody": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Thing" } } } },
                "responses": {
                    "200": { "description": ".", "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Thing" } } } },
                    "default": { "$ref": "#/components/responses/Error" },
                },
                "security": [{ "oauth2": ["a", "b"] }],
                "x-hubspot-rate-limit-exemptions": ["ten-secondly"],
            },
        } },
        "components": {
            "responses": { "Error": { "description": "." } },
            "schemas": { "Thing": {
                "type": "object",
                "required": ["a"],
                "properties": {
                    "a": { "type": "string", "enum": ["x", "y"], "nullable": true },
                    "b": { "type": "object", "additionalProperties": { "type": "number" } },
                    "c": { "allOf": [{ "$ref": "#/components/schemas/Thing" }], "description": "." },
                    "d": { "oneOf": [{ "type": "boolean" }] },
                },
            } },
        },
    })
}

fn pointers(value: &Value, pointer: &str, found: &mut Vec<String>) {
    found.push(pointer.to_owned());
    let mut add = |part: String, value| {
        let part = part.replace('~', "~0").replace('/', "~1");
        pointers(value, &format!("{pointer}/{part}"), found);
    };
    match value {
        Value::Object(fields) => fields
            .iter()
            .for_each(|(name, value)| add(name.clone(), value)),
        Value::Array(values) => values
            .iter()
            .enumerate()
            .for_each(|(index, value)| add(index.to_string(), value)),
        _ => {}
    }
}

fn depth(value: &Value) -> usize {
    match value {
        Value::Object(fields) => 1 + fields.values().map(depth).max().unwrap_or(0),
        Value::Array(values) => 1 + values.iter().map(depth).max().unwrap_or(0),
        _ => 0,
    }
}

/// Reads and lowers a document, whatever comes of it.
fn run(value: &Value) {
    let text = value.to_string().into_bytes();
    let config = Config::ad_hoc("things", "v1", "a.json");
    let errors = match load(&config, Origin::Own, &|_| Ok::<_, io::Error>(text.clone())) {
        Ok(sources) => lower(&sources).refused,
        Err(errors) => errors.as_slice().to_vec(),
    };
    for error in errors {
        assert_eq!(error.place.document, "a.json", "{error}");
    }
}

#[test]
fn any_node_may_be_anything() {
    let specimen = specimen();
    let mut places = Vec::new();
    pointers(&specimen, "", &mut places);
    let anything = [
        json!(null),
        json!(true),
        json!(-1),
        json!(1e300),
        json!(u64::MAX),
        json!(""),
        json!("#/components/schemas/Thing"),
        json!([]),
        json!([null]),
        json!({}),
        json!({ "$ref": "#/components/schemas/Thing" }),
        json!({ "$ref": "#/components/schemas/~2" }),
        json!({ "$ref": 7 }),
        json!({ "type": "object", "enum": [{}] }),
    ];
    for place in &places {
        for other in &anything {
            let mut changed = specimen.clone();
            if let Some(node) = changed.pointer_mut(place) {
                *node = other.clone();
            }
            run(&changed);
        }
    }
}

#[test]
fn a_fault_as_deep_as_can_be_does_not_take_for_ever() {
    let document = |schema: &Value| json!({ "openapi": "3.0.0", "paths": {}, "components": { "schemas": { "Thing": schema } } });
    let mut schema = json!({ "type": "string", "required": 7 });
    while depth(&document(&schema)) < MAX_DEPTH {
        schema = json!({ "type": "object", "properties": { "a": schema } });
    }
    run(&document(&schema));
}
