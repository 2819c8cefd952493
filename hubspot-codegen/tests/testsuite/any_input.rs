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
        Ok(sources) => lower(&sources, &config).refused,
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

/// What is within a schema of each kind that may hold another.
const NESTINGS: [fn(Value) -> Value; 6] = [
    |inner| json!({ "type": "object", "properties": { "a": inner } }),
    |inner| json!({ "type": "object", "additionalProperties": inner }),
    |inner| json!({ "type": "array", "items": inner }),
    |inner| json!({ "allOf": [inner] }),
    |inner| json!({ "oneOf": [inner, { "anyOf": [] }] }),
    |inner| json!({ "not": inner }),
];

/// A document whose one call answers with schemas in one another, as deep as a document may be.
fn nested(innermost: &Value, nest: impl Fn(usize, Value) -> Value) -> Value {
    let mut document = specimen();
    let thing = "/components/schemas/Thing";
    let mut schema = innermost.clone();
    for level in 0.. {
        let outer = nest(level, schema.clone());
        *document.pointer_mut(thing).unwrap() = outer.clone();
        if depth(&document) > MAX_DEPTH {
            break;
        }
        schema = outer;
    }
    *document.pointer_mut(thing).unwrap() = schema;
    document
}

#[test]
fn time_does_not_grow_with_a_power_of_the_depth() {
    let (done, all) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        for innermost in [
            json!({ "type": "string" }),
            json!({ "type": "string", "required": 7 }),
        ] {
            for nest in NESTINGS {
                run(&nested(&innermost, |_, inner| nest(inner)));
            }
            let in_turn = |level: usize, inner| NESTINGS[level % NESTINGS.len()](inner);
            run(&nested(&innermost, in_turn));
        }
        done.send(()).unwrap();
    });
    // A second or less, where every level once doubled the time: 20 levels took 4 seconds, and these are up to 90.
    let finished = all.recv_timeout(std::time::Duration::from_mins(1));
    assert!(finished.is_ok(), "not done after a minute");
}

#[test]
fn deep_schemas_arrive_whole() {
    let text = |levels: usize| {
        let thing = (0..levels).fold(json!({ "type": "string" }), |inner, _| NESTINGS[1](inner));
        let mut document = specimen();
        *document.pointer_mut("/components/schemas/Thing").unwrap() =
            json!({ "type": "object", "properties": { "a": thing } });
        document.to_string().into_bytes()
    };
    let config = Config::ad_hoc("things", "v1", "a.json");
    let generated = |levels: usize| {
        let bytes = text(levels);
        hubspot_codegen::generate(&config, Origin::Own, &[], &|_| Ok(bytes.clone()))
    };
    let files = generated(16).unwrap_or_else(|errors| panic!("{errors}"));
    let maps = |text: &String| text.matches("BTreeMap<").count();
    assert!(files.values().any(|text| maps(text) >= 16));
    assert_eq!(
        generated(17).unwrap_err().to_string(),
        "a.json#/components/schemas/Thing/properties/a: not supported yet: lists and maps nested more than 16 levels deep"
    );
    let message = generated(MAX_DEPTH).unwrap_err().to_string();
    assert_eq!(
        message,
        "a.json: values are nested more than 100 levels deep"
    );
}
