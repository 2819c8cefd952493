//! Documents of `OpenAPI` 3.1 are taken where they say what 3.0 can.

use hubspot_codegen::config::Config;
use hubspot_codegen::lower::lower;
use hubspot_codegen::model::Document;

use crate::documents::{document, messages, refuses};
use crate::files::load_from;

/// The document with this schema `Thing` in 3.1.
fn newer(thing: &str) -> String {
    document(thing).replace("openapi: 3.0.3", "openapi: 3.1.0")
}

fn lowered(text: &str) -> Document {
    let config = Config::ad_hoc("things", "v1", "a.yaml");
    let sources = load_from(&config, &[("a.yaml", text)]).unwrap();
    let mut lowered = lower(&sources, &config);
    assert_eq!(lowered.refused, [], "{text}");
    lowered.documents.remove(0)
}

/// Schemas of 3.1, and the same in 3.0.
const SAME: [(&str, &str); 21] = [
    ("type: [string, 'null']", "type: string, nullable: true"),
    (
        "type: ['null', integer], format: int32",
        "type: integer, format: int32, nullable: true",
    ),
    ("type: [boolean]", "type: boolean"),
    ("const: a", "type: string, enum: [a]"),
    ("type: string, const: a", "type: string, enum: [a]"),
    ("type: string, examples: [a, b]", "type: string, example: a"),
    (
        "type: integer, exclusiveMinimum: 5",
        "type: integer, minimum: 5, exclusiveMinimum: true",
    ),
    (
        "anyOf: [{ $ref: '#/components/schemas/Thing' }, { type: 'null' }]",
        "allOf: [{ $ref: '#/components/schemas/Thing' }], nullable: true",
    ),
    (
        "oneOf: [{ type: string }, { type: 'null' }]",
        "allOf: [{ type: string }], nullable: true",
    ),
    (
        "type: [object, 'null'], properties: { example: { type: [string, 'null'] } }",
        "type: object, nullable: true, properties: { example: { type: string, nullable: true } }",
    ),
    (
        "type: array, items: { type: object, properties: { const: { type: string } } }",
        "type: array, items: { type: object, properties: { const: { type: string } } }",
    ),
    (
        "$ref: '#/components/schemas/Thing', description: A., deprecated: true",
        "allOf: [{ $ref: '#/components/schemas/Thing' }], description: A., deprecated: true",
    ),
    (
        "$ref: '#/components/schemas/Thing', type: object",
        "$ref: '#/components/schemas/Thing'",
    ),
    (
        "$ref: '#/components/schemas/Thing', required: [a], description: A.",
        "allOf: [{ $ref: '#/components/schemas/Thing' }, { required: [a] }], description: A.",
    ),
    ("type: [string, integer], minLength: 1", "{}"),
    (
        "type: [string, array, 'null'], items: { type: string }",
        "nullable: true",
    ),
    ("type: [integer, number]", "type: number"),
    (
        "type: object, properties: { any: true, none: false, a: { type: string } }",
        "type: object, properties: { any: {}, a: { type: string } }",
    ),
    ("type: array, items: true", "type: array, items: {}"),
    (
        "type: array, prefixItems: [{ type: string }], items: false",
        "type: array, items: {}",
    ),
    (
        "type: string, default: { type: [string, 'null'] }",
        "type: string, default: { type: [string, 'null'] }",
    ),
];

#[test]
fn what_3_0_says_in_another_way() {
    for (in_3_1, in_3_0) in SAME {
        let thing = |schema: &str| {
            format!("{{ type: object, properties: {{ a: {{ {schema} }} }} }}")
                .replace("{ {} }", "{}")
        };
        let (newer, older) = (
            lowered(&newer(&thing(in_3_1))),
            lowered(&document(&thing(in_3_0))),
        );
        assert_eq!(newer.schemas, older.schemas, "{in_3_1}");
        assert!(!newer.schemas.is_empty());
    }
}

#[test]
fn what_3_0_cannot_say_is_an_error_with_its_place() {
    for (schema, place) in [
        ("{ type: 'null' }", "/type"),
        ("{ type: [text, integer] }", ""),
        (
            "{ type: object, properties: { a: { type: [string, text, 'null'] } } }",
            "/properties/a",
        ),
        (
            "{ type: object, additionalProperties: { items: { not: 7 } } }",
            "/additionalProperties/items/not",
        ),
    ] {
        let messages = messages(&[("a.yaml", &newer(schema))]);
        assert_eq!(messages.len(), 1, "{messages:?}");
        let start = format!(
            "a.yaml#/components/schemas/Thing{place}: this is not what OpenAPI 3.0 allows here: "
        );
        assert!(messages[0].starts_with(&start), "{messages:?}");
    }
}

#[test]
fn a_document_without_paths_has_no_operations() {
    let text =
        "openapi: 3.1.0\ninfo: { title: Hooks, version: v1 }\nwebhooks: { made: { post: {} } }\n";
    assert_eq!(lowered(text).operations, []);
}

#[test]
fn other_versions_are_refused() {
    for version in ["2.0.0", "3.2.0", "3.10.1", "4.0.0"] {
        let text = document("{ type: string }").replace("3.0.3", version);
        refuses(
            &text,
            &format!(
                "a.yaml#/openapi: this is not an OpenAPI 3.0 or 3.1 document: `openapi` is \"{version}\", and 3.0.x and 3.1.x \
                 are what can be read"
            ),
        );
    }
}

#[test]
fn schemas_of_defs_are_components() {
    let inner = "#/components/schemas/Thing/$defs/Inner";
    let deep = format!("{inner}/$defs/Thing");
    let newer = lowered(&newer(&format!(
        "
      type: object
      properties: {{ a: {{ $ref: '{inner}' }}, b: {{ $ref: '{deep}' }} }}
      $defs:
        Inner:
          type: object
          properties: {{ c: {{ $ref: '{deep}' }} }}
          $defs: {{ Thing: {{ type: object, properties: {{ d: {{ type: [string, 'null'] }} }} }} }}"
    )));
    let fields = |name: &str| {
        let fields = newer.schemas[name].shape.fields().iter();
        let types = fields.map(|field| field.ty.named().map_or("", String::as_str));
        types.collect::<Vec<_>>()
    };
    let names: Vec<_> = newer.schemas.keys().collect();
    assert_eq!(names, ["Inner", "Thing", "Thing_"]);
    assert_eq!(fields("Thing"), ["Inner", "Thing_"]);
    assert_eq!(fields("Inner"), ["Thing_"]);
    assert_eq!(fields("Thing_"), [""]);
}

#[test]
fn a_body_that_may_be_null_is_taken() {
    for ty in ["[object, 'null']", "object"] {
        let thing = format!("{{ type: {ty}, properties: {{ a: {{ type: string }} }} }}");
        let document = lowered(&newer(&thing));
        let answers: Vec<_> = document
            .operations
            .iter()
            .map(|of| of.response.clone())
            .collect();
        let is_any = answers.contains(&Some(hubspot_codegen::model::Type::Any));
        assert_eq!(is_any, ty.starts_with('['), "{answers:?}");
    }
}

#[test]
fn parameters_of_several_types_are_text() {
    let texts = "{ type: string }";
    for (schema, older) in [
        ("{ type: [string, integer] }", texts),
        (
            "{ type: [string, array], items: { type: string } }",
            "{ type: array, items: { type: string } }",
        ),
        ("{ type: [string, 'null'] }", texts),
        ("{ anyOf: [{ type: string }, { type: 'null' }] }", texts),
        ("{ anyOf: [{ type: string }, { type: integer }] }", texts),
    ] {
        let parameter = |schema: &str| {
            let text = crate::documents::operation(&format!(
                "      parameters: [{{ name: a, in: query, schema: {schema} }}]\n      responses: {{ '204': {{ description: . }} }}\n"
            ));
            let text = text.replace("openapi: 3.0.3", "openapi: 3.1.0");
            lowered(&text).operations.remove(0).query_parameters
        };
        assert_eq!(parameter(schema), parameter(older), "{schema}");
    }
}

#[test]
fn path_items_are_components() {
    let text = crate::documents::operation("      responses: { '204': { description: . } }\n")
        .replace("openapi: 3.0.3", "openapi: 3.1.0")
        .replace("  /things:", "  /things: { $ref: '#/components/pathItems/things' }\ncomponents:\n pathItems:\n  things:");
    assert_eq!(lowered(&text).operations.len(), 1);
}
