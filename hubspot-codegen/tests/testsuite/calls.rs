//! How operations are called and what they bring: lists in queries, successes of several shapes, paths with suffixes.

use hubspot_codegen::config::Config;
use hubspot_codegen::lower::lower;
use hubspot_codegen::model::{Document, ListStyle, Operation, Type};

use crate::documents::operation as text_of;
use crate::files::load_from;

const EMPTY: &str = "      responses: { '204': { description: . } }\n";

/// A document with one operation, `GET /things`.
fn document(rest: &str, components: &str) -> Document {
    lowered(&format!("{}components:\n{components}", text_of(rest)))
}

fn lowered(text: &str) -> Document {
    let config = Config::ad_hoc("things", "v1", "a.yaml");
    let mut lowered = lower(&load_from(&config, &[("a.yaml", text)]).unwrap(), &config);
    assert_eq!(lowered.refused, [], "{text}");
    lowered.documents.remove(0)
}

fn operation(rest: &str, components: &str) -> Operation {
    document(rest, components).operations.remove(0)
}

#[test]
fn an_answer_of_207_counts_for_those_whose_fields_it_has() {
    let of = |whole: &str, part: &str| {
        let answers = "      responses:
        '200': { description: ., content: { application/json: { schema: { $ref: '#/components/schemas/Whole' } } } }
        '207': { description: ., content: { application/json: { schema: { $ref: '#/components/schemas/Part' } } } }
        default: { description: ., content: { '*/*': { schema: { $ref: '#/components/schemas/Whole' } } } }
";
        let schemas = format!("  schemas:\n    Whole: {{ {whole} }}\n    Part: {{ {part} }}\n");
        let document = document(answers, &schemas);
        let names = document.schemas.into_keys().collect::<Vec<_>>();
        (document.operations[0].response.clone(), names)
    };
    let part = (
        Some(Type::Named("Part".to_owned())),
        vec!["Part".to_owned()],
    );
    let whole = "type: object, properties: { a: { type: string, description: An a. } }";
    for more in [
        "type: object, properties: { a: { type: string }, errors: { type: integer } }",
        "allOf: [{ $ref: '#/components/schemas/Whole' }, { type: object, properties: { errors: { type: integer } } }]",
    ] {
        assert_eq!(of(whole, more), part, "{more}");
    }
    for other in [
        "type: object, properties: { b: { type: string } }",
        "type: object, properties: { a: { type: integer }, errors: { type: integer } }",
        "type: array, items: { type: string }",
    ] {
        assert_eq!(of(whole, other), (Some(Type::Any), vec![]), "{other}");
    }
    let list = "type: array, items: { type: string }";
    assert_eq!(of(list, whole), (Some(Type::Any), vec![]));
}

#[test]
fn lists_are_written_as_the_document_says() {
    let list = |more: &str, schema: &str| {
        let parameters = format!(
            "      parameters: [{{ name: a, in: query, {more} schema: {schema} }}]\n{EMPTY}"
        );
        operation(&parameters, "  {}").query_parameters[0].list
    };
    let texts = "{ type: array, items: { type: string } }";
    for (more, style) in [
        ("", ListStyle::Repeated),
        ("style: form, explode: true,", ListStyle::Repeated),
        ("explode: false,", ListStyle::Commas),
        ("style: spaceDelimited,", ListStyle::Spaces),
        ("style: pipeDelimited, explode: false,", ListStyle::Pipes),
    ] {
        assert_eq!(list(more, texts), style, "{more}");
    }
    assert_eq!(
        list("explode: false,", "{ type: string }"),
        ListStyle::Repeated
    );
}

#[test]
fn parameters_may_be_parts_of_segments() {
    let text = text_of(EMPTY).replace("/things:", "/things/{id}.{format}/v{part}:");
    let operation = lowered(&text).operations.remove(0);
    let names = operation
        .path_parameters
        .iter()
        .map(|parameter| parameter.name.as_str());
    assert_eq!(names.collect::<Vec<_>>(), ["id", "format", "part"]);
}

#[test]
fn a_field_of_several_parts_has_the_narrower_type() {
    let answer = "      responses:
        '200': { description: ., content: { application/json: { schema: { $ref: '#/components/schemas/Thing' } } } }
";
    let field = |one: &str, other: &str| {
        let part = |of: &str| format!("{{ type: object, properties: {{ a: {{ {of} }} }} }}");
        let schemas = format!(
            "  schemas:\n    Thing: {{ allOf: [{}, {}] }}\n    Status: {{ type: string, enum: [a, b] }}\n",
            part(one),
            part(other)
        );
        let document = document(answer, &schemas);
        document.schemas["Thing"].shape.fields()[0].clone()
    };
    let status = "$ref: '#/components/schemas/Status'";
    for (one, other, ty) in [
        (
            "type: string",
            "type: string, format: date-time",
            Type::DateTime,
        ),
        ("type: number", "type: integer", Type::Int64),
        ("type: integer", "type: integer, format: int32", Type::Int32),
        ("type: string", status, Type::Named("Status".to_owned())),
        ("{}", "type: boolean", Type::Boolean),
    ] {
        let one = if one == "{}" {
            "description: Any."
        } else {
            one
        };
        assert_eq!(field(one, other).ty, ty, "{one}, {other}");
        assert_eq!(field(other, one).ty, ty, "{other}, {one}");
    }
    let field = field(
        "type: string, nullable: true",
        "type: string, deprecated: true, description: A.",
    );
    assert!(field.nullable && field.deprecated);
    assert_eq!(field.notes.description.as_deref(), Some("A."));
}

#[test]
fn the_status_of_a_success_is_the_lowest_that_is_listed() {
    let status =
        |responses: &str| operation(&format!("      responses: {responses}\n"), "").success;
    for (responses, expected) in [
        ("{ '204': { description: . } }", Some(204)),
        (
            "{ '207': { description: . }, '201': { description: . }, '400': { description: . } }",
            Some(201),
        ),
        ("{ 2XX: { description: . } }", Some(200)),
        (
            "{ '302': { description: . }, default: { description: . } }",
            None,
        ),
    ] {
        assert_eq!(status(responses), expected, "{responses}");
    }
}
