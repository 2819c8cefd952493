//! Schemas whose constraints do not fit their type are of the declared type, or of the one that has the constraints.

use hubspot_codegen::config::Config;
use hubspot_codegen::lower::lower;
use hubspot_codegen::model::{Document, Type};

use crate::documents::{document, operation};
use crate::files::load_from;

fn lowered(text: &str) -> Document {
    let config = Config::ad_hoc("things", "v1", "a.yaml");
    let sources = load_from(&config, &[("a.yaml", text)]).unwrap();
    let mut lowered = lower(&sources, &config);
    assert_eq!(lowered.refused, [], "{text}");
    lowered.documents.remove(0)
}

#[test]
fn schemas_are_fitted() {
    for (written, fitted) in [
        ("type: boolean, enum: [true]", "type: boolean"),
        ("type: boolean, format: yes", "type: boolean"),
        (
            "type: integer, format: int32, enum: [1, 2]",
            "type: integer, format: int32",
        ),
        ("type: integer, enum: ['1', '2']", "type: integer"),
        ("type: number, enum: [1.5]", "type: number"),
        (
            "type: string, enum: [1, true, a, null]",
            "type: string, enum: ['1', 'true', a, null]",
        ),
        (
            "type: string, properties: { b: { type: string } }",
            "type: string",
        ),
        (
            "type: array, items: { type: string }, enum: [b]",
            "type: array, items: { type: string }",
        ),
        (
            "type: array, items: { type: string }, properties: { b: { type: string } }, required: [c]",
            "type: array, items: { type: string }",
        ),
        ("type: array", "type: array, items: {}"),
        (
            "type: object, properties: { b: { type: string } }, items: { type: string }, enum: [c]",
            "type: object, properties: { b: { type: string } }",
        ),
        (
            "properties: { b: { type: string } }, required: [b]",
            "type: object, properties: { b: { type: string } }, required: [b]",
        ),
        (
            "additionalProperties: { type: string }",
            "type: object, additionalProperties: { type: string }",
        ),
        (
            "items: { type: string }",
            "type: array, items: { type: string }",
        ),
        ("enum: [b, c]", "type: string, enum: [b, c]"),
        ("enum: [b, 1]", ""),
        ("format: int64, minimum: 1", ""),
        ("required: [b]", ""),
        ("not: { type: string }", ""),
        ("not: { type: string }, required: [b]", ""),
    ] {
        let thing = |schema: &str| {
            let schema = format!("{{ type: object, properties: {{ a: {{ {schema} }} }} }}");
            lowered(&document(&schema)).schemas
        };
        let (found, expected) = (thing(written), thing(fitted));
        assert_eq!(found, expected, "{written}");
        assert!(found.contains_key("Thing"), "{written}");
    }
}

#[test]
fn what_a_part_requires_stays() {
    let text = document(
        "{ allOf: [{ type: object, properties: { b: { type: string } } }, { required: [b] }] }",
    );
    assert!(lowered(&text).schemas["Thing"].shape.fields()[0].required);
}

#[test]
fn objects_in_a_query_are_written_as_json() {
    let object = "{ type: object, properties: { b: { type: string } } }";
    let map = "{ type: object, additionalProperties: { type: string } }";
    let list = format!("{{ type: array, items: {object} }}");
    for schema in [object, map, &list] {
        let text = operation(&format!(
            "      parameters: [{{ name: a, in: query, schema: {schema} }}]\n      responses: {{ '204': {{ description: . }} }}"
        ));
        let document = lowered(&text);
        assert_eq!(
            document.operations[0].query_parameters[0].ty,
            Type::Any,
            "{schema}"
        );
        assert!(document.schemas.is_empty(), "{schema}");
    }
}

#[test]
fn successes_of_different_json_are_any_value() {
    let json = |schema: &str| format!("content: {{ application/json: {{ schema: {schema} }} }}");
    let object = |field: &str| {
        json(&format!(
            "{{ type: object, properties: {{ {field}: {{ type: string }} }} }}"
        ))
    };
    let nothing = "description: .".to_owned();
    for (ok, accepted, is_any) in [
        (object("a"), object("b"), true),
        (object("a"), nothing, true),
        (json("{ type: string }"), json("{ type: integer }"), true),
        (object("a"), object("a"), false),
    ] {
        let text = operation(&format!(
            "      responses:\n        '200': {{ description: ., {ok} }}\n        '202': {{ description: later, {accepted} }}"
        ));
        let text = text.replace("description: later, description: .", "description: later");
        let answer = lowered(&text).operations.remove(0).response;
        assert_eq!(answer == Some(Type::Any), is_any, "{text}");
    }
}
