//! What documents say arrives in the model: cross-file references, answers, requirements, names, types.

use std::collections::BTreeMap;
use std::io;

use hubspot_codegen::config::Config;
use hubspot_codegen::conform::compare;
use hubspot_codegen::load::{Origin, load};
use hubspot_codegen::lower::lower;
use hubspot_codegen::model::{
    Authentication, Budget, Document, Encoding, Field, Operation, Shape, Type,
};

/// Lowers the first of some files, all of which must be fine.
fn lowered(files: &[(&str, &str)]) -> Document {
    let config = Config::ad_hoc("things", "v1", files[0].0);
    let files = files.iter().copied().collect::<BTreeMap<_, _>>();
    let sources = load(&config, Origin::Own, &|path| match files.get(path) {
        Some(text) => Ok(text.as_bytes().to_vec()),
        None => Err(io::Error::from(io::ErrorKind::NotFound)),
    });
    let lowered = lower(&sources.unwrap(), &config);
    assert_eq!(lowered.refused, []);
    lowered.documents.into_iter().next().unwrap()
}

/// The only operation of a document with the path `/things/v1/batch/{id}` and these parts.
fn operation(parts: &str, components: &str) -> Operation {
    document(parts, components).operations.remove(0)
}

fn document(parts: &str, components: &str) -> Document {
    let text = format!(
        "openapi: 3.0.3
info: {{ title: Things, version: v1, description: About things. }}
security: [{{ oauth2: [] }}]
paths:
  /things/v1/batch/{{id}}:
    parameters: [{{ name: id, in: path, required: true, schema: {{ type: string }} }}]
    post:
{parts}
components:
{components}
"
    );
    lowered(&[("2026-09/a.yaml", &text)])
}

const EMPTY: &str = "      responses: { '204': { description: . } }\n";

#[test]
fn path_items_parameters_bodies_answers_and_schemas_of_other_files() {
    let a = "
openapi: 3.0.3
info: { title: Things, version: v1 }
security: [{ oauth2: [] }]
paths:
  /things: { $ref: '../parts/b.yaml#/x-path-items/Things' }
  /old/things: { $ref: 'c.yaml#/paths/~1new~1things' }
";
    let b = "
x-path-items:
  Things:
    post:
      parameters: [{ $ref: '#/components/parameters/Limit' }]
      requestBody: { $ref: '#/components/requestBodies/Thing' }
      responses: { '200': { $ref: 'd.yaml#/components/responses/Thing' } }
components:
  parameters:
    Limit: { name: limit, in: query, schema: { type: integer, format: int32, default: 10 } }
  requestBodies:
    Thing: { required: true, content: { application/json: { schema: { $ref: 'd.yaml#/components/schemas/Thing' } } } }
";
    let c = "
openapi: 3.0.3
info: { title: C, version: v1 }
paths:
  /new/things: { get: { responses: { '204': { description: . } } } }
";
    let d = "
components:
  responses:
    Thing: { description: ., content: { application/json: { schema: { $ref: '#/components/schemas/Alias' } } } }
  schemas:
    Alias: { $ref: '#/components/schemas/Thing' }
    Thing: { type: object, properties: { id: { type: string } } }
";
    let document = lowered(&[
        ("v1/a.yaml", a),
        ("parts/b.yaml", b),
        ("v1/c.yaml", c),
        ("parts/d.yaml", d),
    ]);
    let [old, things] = &document.operations[..] else {
        panic!("{document:?}")
    };
    assert_eq!((&*old.path, &*old.method), ("/old/things", "GET"));
    assert_eq!(old.place.document, "v1/c.yaml");
    assert_eq!(things.query_parameters[0].default.as_deref(), Some("10"));
    let thing = Type::Named("Thing".to_owned());
    assert_eq!(things.body.as_ref().unwrap().ty, thing);
    assert_eq!(things.response.as_ref().unwrap(), &thing);
    assert_eq!(
        document.schemas["Thing"].place.to_string(),
        "parts/d.yaml#/components/schemas/Thing"
    );
    assert_eq!(document.schemas.len(), 1);
}

#[test]
fn answers_of_batches_carry_errors() {
    let answer = "      responses:
        '200': { description: ., content: { '*/*': { schema: { $ref: '#/components/schemas/Batch' } } } }
";
    let batch = "    Batch:
      type: object
      properties: { results: { type: array, items: { type: string } }, completedAt: { type: string } }
";
    let error = "    StandardError: { type: object, properties: { message: { type: string } } }\n";
    let fields = |schemas: &str| {
        let mut document = document(answer, &format!("  schemas:\n{schemas}"));
        match document.schemas.remove("Batch").unwrap().shape {
            Shape::Object(fields) => fields
                .into_iter()
                .map(|field| field.name)
                .collect::<Vec<_>>(),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(fields(batch), ["completedAt", "results"]);
    assert_eq!(
        fields(&format!("{batch}{error}")),
        ["completedAt", "errors", "numErrors", "results"]
    );
}

#[test]
fn requirements() {
    let requirement = |security: &str| {
        let operation = operation(&format!("{EMPTY}      security: {security}"), "  {}");
        (operation.authentication, operation.requirement.to_string())
    };
    let needs = |text: &str| (Authentication::AccessToken, text.to_owned());
    // A document that names one kind of login speaks for both.
    assert_eq!(requirement("[{ oauth2: [b, a] }]"), needs(r#""a", "b""#));
    assert_eq!(
        requirement("[{ oauth2: [a] }, { private_apps_legacy: [b] }]"),
        needs(r#"any(oauth2("a"), private_apps("b"))"#)
    );
    assert_eq!(
        requirement("[{ oauth2: [a] }, { private_apps: [a] }]"),
        needs(r#""a""#)
    );
    // Another credential is no way around the scopes.
    assert_eq!(
        requirement("[{ developer_hapikey: [] }, { oauth2: [a] }]"),
        needs(r#""a""#)
    );
    assert_eq!(requirement("[{ oauth2: [] }]"), needs(""));
    let with_key = (Authentication::DeveloperKey, String::new());
    assert_eq!(requirement("[{ developer_hapikey: [] }]"), with_key);
    assert_eq!(requirement("[{ hapikey: [] }]"), with_key);
}

/// `name: type or null, required`.
fn described(field: &Field) -> String {
    let nullable = if field.nullable { " or null" } else { "" };
    let required = if field.required { ", required" } else { "" };
    let deprecated = if field.deprecated { ", deprecated" } else { "" };
    let Field { name, ty, .. } = field;
    format!("{name}: {ty}{nullable}{required}{deprecated}")
}

#[test]
fn types_of_fields() {
    let answer = "      responses:
        '200': { description: ., content: { application/json: { schema: { $ref: '#/components/schemas/Thing' } } } }
";
    let schemas = "  schemas:
    Thing:
      type: object
      required: [text]
      properties:
        anything: {}
        at: { type: string, format: date-time }
        enumeration: { type: string, enum: [b, a, b, null] }
        few: { type: integer, format: int32 }
        free: { type: object }
        inline: { type: object, additionalProperties: { type: array, items: { type: object, properties: { x: { type: number } } } } }
        many: { type: integer }
        more: { description: Says more., nullable: true, allOf: [{ $ref: '#/components/schemas/Other' }] }
        open: { type: object, additionalProperties: true }
        other: { $ref: '#/components/schemas/Other' }
        text: { type: string, format: uuid, deprecated: true }
        values: { type: object, additionalProperties: { type: string, nullable: true } }
    Other: { type: string, nullable: true }
";
    let document = document(answer, schemas);
    let Shape::Object(fields) = &document.schemas["Thing"].shape else {
        panic!("{document:?}")
    };
    assert_eq!(
        fields.iter().map(described).collect::<Vec<_>>(),
        [
            "anything: anything",
            "at: date-time",
            "enumeration: `Thing/enumeration` or null",
            "few: int32",
            "free: anything",
            "inline: map to list of `Thing/inline`",
            "many: int64",
            "more: `Other` or null",
            "open: anything",
            "other: `Other` or null",
            "text: string, required, deprecated",
            "values: map to string or null",
        ]
    );
    assert_eq!(fields[7].notes.description.as_deref(), Some("Says more."));
    let enumeration = &document.schemas["Thing/enumeration"];
    assert_eq!(enumeration.shape, Shape::Enum(vec!["a".into(), "b".into()]));
    assert_eq!(
        enumeration.place.pointer,
        "/components/schemas/Thing/properties/enumeration"
    );
}

#[test]
fn inline_types_of_operations_are_named_without_the_version() {
    let parts = format!(
        "{EMPTY}      parameters: [{{ name: kind, in: query, schema: {{ type: string, enum: [a] }} }}]
      requestBody: {{ content: {{ application/x-www-form-urlencoded: {{ schema: {{ type: object, properties: {{ a: {{ type: string }} }} }} }} }} }}
"
    );
    let document = document(&parts, "  {}");
    assert_eq!(
        document.schemas.keys().collect::<Vec<_>>(),
        [
            "POST /things/batch/{id}/body",
            "POST /things/batch/{id}/kind"
        ]
    );
    let body = document.operations[0].body.as_ref().unwrap();
    assert_eq!((body.encoding, body.required), (Encoding::Form, false));
    assert_eq!(document.notes.description.as_deref(), Some("About things."));
}

#[test]
fn what_hubspot_adds_to_operations() {
    let name = |text: &str| operation(&format!("{EMPTY}      {text}"), "  {}").hubspot_name;
    assert_eq!(
        name("operationId: post-/crm/v3/things_doSearch").as_deref(),
        Some("doSearch")
    );
    assert_eq!(name("operationId: post-/crm/{a}_/crm/{b}"), None);
    assert_eq!(name("operationId: search"), None);
    assert_eq!(
        name("x-hubspot-operation-id: doSearch").as_deref(),
        Some("doSearch")
    );
    let budget = |text: &str| operation(&format!("{EMPTY}      {text}"), "  {}").budget;
    assert_eq!(budget("deprecated: true"), Budget::TenSecondly);
    assert_eq!(
        budget("x-hubspot-rate-limit-exemptions: [ten-secondly]"),
        Budget::Secondly
    );
}

#[test]
fn each_difference_between_two_documents_is_a_line() {
    let ours = document(
        "      parameters: [{ name: a, in: query, schema: { type: string } }]
      security: [{ oauth2: [x] }]
      responses: { '200': { description: Ours., content: { application/json: { schema: { $ref: '#/components/schemas/T' } } } } }
",
        "  schemas: { T: { type: object, required: [b], properties: { b: { type: integer }, c: { type: string } } } }",
    );
    let theirs = document(
        "      parameters: [{ name: a, in: query, required: true, schema: { type: string, default: z } }]
      security: [{ oauth2: [y] }]
      deprecated: true
      responses: { '200': { description: Theirs., content: { application/json: { schema: { $ref: '#/components/schemas/T' } } } } }
",
        "  schemas: { T: { type: object, properties: { b: { type: string, nullable: true }, d: { type: string } } } }",
    );
    let (ours, theirs) = ([ours], [theirs]);
    assert_eq!(compare(&ours, &ours), []);
    let differences = compare(&ours, &theirs);
    let lines = differences.iter().map(ToString::to_string);
    let file = "2026-09/a.yaml";
    let schema = "#/components/schemas/T/properties";
    let call = "#/paths/~1things~1v1~1batch~1{id}/post";
    let at = |pointer: &str, what: &str| format!("{file}{pointer}: {what} at {file}{pointer}");
    assert_eq!(
        lines.collect::<Vec<_>>(),
        [
            at(&format!("{schema}/b"), "`nullable` is false here and true"),
            at(&format!("{schema}/b"), "`required` is true here and false"),
            at(&format!("{schema}/b"), "the type is int64 here and string"),
            format!("{file}{schema}/c: only here: field `c`"),
            format!("{file}{schema}/d: only here: field `d`"),
            at(call, "`deprecated` is false here and true"),
            at(call, "the requirement is \"x\" here and \"y\""),
            at(
                &format!("{call}/parameters/0"),
                "`default` is absent here and \"z\""
            ),
            at(
                &format!("{call}/parameters/0"),
                "`required` is false here and true"
            ),
        ]
    );
}

#[test]
fn an_operation_that_lists_no_success_brings_any_value() {
    let answer =
        |responses: &str| operation(&format!("      responses: {responses}\n"), "").response;
    assert_eq!(answer("{ default: { description: . } }"), None);
    let error = "content: { application/json: { schema: { type: string } } }";
    for responses in [
        "{}".to_owned(),
        format!("{{ default: {{ description: ., {error} }} }}"),
        format!("{{ '400': {{ description: ., {error} }} }}"),
    ] {
        assert_eq!(answer(&responses), Some(Type::Any), "{responses}");
    }
}

#[test]
fn constraints_that_do_not_fit_the_type_are_ignored() {
    for (schema, ty) in [
        (
            "{ type: integer, format: int64, pattern: '[0-9]+' }",
            Type::Int64,
        ),
        ("{ type: boolean, minLength: 1, maximum: 3 }", Type::Boolean),
        (
            "{ type: string, multipleOf: 2, uniqueItems: true }",
            Type::String,
        ),
        ("{ type: number, maxItems: 2 }", Type::Double),
    ] {
        let parts =
            format!("      parameters: [{{ name: a, in: query, schema: {schema} }}]\n{EMPTY}");
        assert_eq!(operation(&parts, "").query_parameters[0].ty, ty, "{schema}");
    }
}

#[test]
fn parameters_that_are_not_described_or_of_any_type() {
    let document = document(EMPTY, "");
    assert_eq!(document.operations[0].path_parameters[0].ty, Type::String);
    let text = "
openapi: 3.0.3
info: { title: Things, version: v1 }
security: [{ oauth2: [] }]
paths:
  /things/{id}/{kind}:
    get:
      parameters: [{ name: filter, in: query, schema: { type: object } }]
      responses: { '204': { description: . } }
";
    let operation = lowered(&[("a.yaml", text)]).operations.remove(0);
    let names = operation.path_parameters.iter();
    let names = names.map(|parameter| (parameter.name.as_str(), &parameter.ty, parameter.required));
    assert!(names.eq([("id", &Type::String, true), ("kind", &Type::String, true)]));
    assert_eq!(operation.query_parameters[0].ty, Type::Any);
}

#[test]
fn exemptions_from_rate_limits() {
    for (limits, budget) in [
        ("[]", Budget::TenSecondly),
        ("['ten-secondly']", Budget::Secondly),
        ("['daily', 'ten-secondly']", Budget::Exempt),
    ] {
        let parts = format!("      x-hubspot-rate-limit-exemptions: {limits}\n{EMPTY}");
        assert_eq!(operation(&parts, "").budget, budget, "{limits}");
    }
}
