//! Each known fault of HubSpot's documents is found, and the action that is suggested mends it.

use hubspot_codegen::config::Config;
use hubspot_codegen::correct::{Overlay, correct};
use hubspot_codegen::lint::lint;
use hubspot_codegen::load::{Source, Sources};
use serde_json::{Value, json};

fn source(value: Value) -> Source {
    Source {
        api: "things".to_owned(),
        version: "v3".to_owned(),
        path: "a.json".to_owned(),
        shared: false,
        value,
    }
}

/// A document with this operation and these schemas.
fn document(operation: &Value, schemas: &Value) -> Value {
    json!({
        "openapi": "3.0.1",
        "info": {"title": "Things", "version": "v3"},
        "paths": {"/it's/{id}": {"get": operation}},
        "components": {"schemas": schemas},
    })
}

fn fine() -> Value {
    json!({"security": [{"oauth2": ["a"]}], "responses": {"204": {"description": "."}}})
}

/// A list in a query.
fn commas() -> Value {
    json!({"name": "ids", "in": "query", "description": "Separated by Commas.", "explode": true,
        "schema": {"type": "array", "items": {"type": "string"}}})
}

/// Documents with one fault, where it is, and what is said of it.
type Fault = (Value, String, &'static str);

fn faults_of_operations() -> Vec<Fault> {
    let with = |key: &str, value: Value| {
        let mut operation = fine();
        operation[key] = value;
        document(&operation, &json!({}))
    };
    let get = "/paths/~1it's~1{id}/get";
    vec![
        (with("security", json!([])), get.to_owned(), "no `security`"),
        (
            with("security", json!([{"oauth2": ["x", "e-commerce"]}])),
            format!("{get}/security"),
            "`e-commerce` at once",
        ),
        (
            with(
                "responses",
                json!({"200": {"description": ".", "content": {"*/*": {}}}}),
            ),
            format!("{get}/responses/200/content/*~1*"),
            "`*/*` as a content type",
        ),
        (
            with("responses", json!({"default": {"description": "."}})),
            format!("{get}/responses"),
            "no success",
        ),
        (
            with("parameters", json!([commas()])),
            format!("{get}/parameters/0"),
            "separated by commas",
        ),
    ]
}

fn faults_of_schemas() -> Vec<Fault> {
    let of = |name: &str, schema: Value| document(&fine(), &json!({name: schema}));
    let of_field = |name: &str, schema: Value| of("Thing", json!({"properties": {name: schema}}));
    let field = "/components/schemas/Thing/properties";
    vec![
        (
            of(
                "PublicObjectSearchRequest",
                json!({"required": ["x", "after"]}),
            ),
            "/components/schemas/PublicObjectSearchRequest/required".to_owned(),
            "does not require",
        ),
        (
            of_field("portalId", json!({"type": "integer", "format": "int32"})),
            format!("{field}/portalId"),
            "32 bits",
        ),
        (
            of_field("subCategory", json!({"type": "object"})),
            format!("{field}/subCategory"),
            "which is text",
        ),
        (
            of_field(
                "a",
                json!({"$ref": "#/components/schemas/Thing", "description": ""}),
            ),
            format!("{field}/a/description"),
            "an empty description",
        ),
        (
            of_field("a", json!({"$ref": "#/components/schemas/Lost"})),
            format!("{field}/a"),
            "to nothing",
        ),
        (
            of(
                "SimplePublicObject",
                json!({"properties": {"properties": {"additionalProperties": {"type": "string"}}}}),
            ),
            "/components/schemas/SimplePublicObject/properties/properties/additionalProperties"
                .to_owned(),
            "comes as null",
        ),
        (
            of(
                "SimplePublicUpsertObject",
                json!({"properties": {"properties": {"additionalProperties": {"type": "string"}}}}),
            ),
            "/components/schemas/SimplePublicUpsertObject/properties/properties/additionalProperties"
                .to_owned(),
            "comes as null",
        ),
    ]
}

#[test]
fn each_fault_is_found_and_mended() {
    for (document, pointer, fault) in faults_of_operations()
        .into_iter()
        .chain(faults_of_schemas())
    {
        let source = source(document);
        let findings = lint(&source);
        assert!(!findings.is_empty(), "{fault}");
        assert!(findings[0].fault.contains(fault), "{findings:?}");
        assert_eq!(findings[0].place.pointer, pointer);
        assert_eq!(lint(&mended(source, &findings)), [], "{fault}");
    }
}

/// The document with the suggested actions applied. The only operation without scopes gets some.
fn mended(source: Source, findings: &[hubspot_codegen::lint::Finding]) -> Source {
    let actions = findings.iter().map(|finding| {
        let action = finding
            .action()
            .unwrap()
            .replace(r#"{"oauth2":[]}"#, r#"{"oauth2":["a"]}"#);
        format!("  - {action}\n")
    });
    let overlay = format!(
        "overlay: 1.0.0\ninfo: {{ title: Mended, version: 1.0.0 }}\nactions:\n{}",
        actions.collect::<String>()
    );
    let overlay = Overlay::parse("mended.yaml", overlay.as_bytes()).unwrap();
    let config = Config::ad_hoc("things", "v3", "a.json");
    let sources = Sources {
        documents: vec![source],
        ..Sources::default()
    };
    let mut corrected = correct(sources, &config, &[overlay]).unwrap();
    corrected.documents.remove(0)
}

#[test]
fn a_name_that_two_operations_share_is_found_at_both() {
    let mut operation = fine();
    operation["operationId"] = json!("get-/things");
    let mut document = document(&operation, &json!({}));
    document["paths"]["/others"] = json!({"get": operation});
    let findings = lint(&source(document));
    let pointers = findings
        .iter()
        .map(|finding| finding.place.pointer.as_str());
    assert_eq!(
        pointers.collect::<Vec<_>>(),
        [
            "/paths/~1it's~1{id}/get/operationId",
            "/paths/~1others/get/operationId"
        ]
    );
}

#[test]
fn lists_that_are_repeated_and_say_so_are_right() {
    let mut plain = commas();
    plain["description"] = json!("Ids.");
    let mut joined = commas();
    joined["explode"] = json!(false);
    let mut operation = fine();
    operation["parameters"] = json!([plain, joined]);
    assert_eq!(lint(&source(document(&operation, &json!({})))), []);
}

/// What is right cannot be read from the document, so no action is suggested.
#[test]
fn faults_that_a_person_has_to_decide_have_no_action() {
    let mut batch = fine();
    let body = json!({"description": ".", "content": {"application/json": {}}});
    batch["responses"] = json!({"200": body});
    let path = "/things/batch/read";
    let of_batch = |operation: &Value| {
        let mut document = document(&fine(), &json!({}));
        document["paths"] = json!({path: {"post": operation}});
        lint(&source(document))
    };
    let found = of_batch(&batch);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].fault.starts_with("a batch without 207"));
    assert_eq!(
        found[0].place.pointer,
        "/paths/~1things~1batch~1read/post/responses"
    );
    assert_eq!(found[0].action(), None);
    batch["responses"]["207"] = body;
    assert_eq!(of_batch(&batch), []);
    assert_eq!(of_batch(&fine()), [], "a batch that returns nothing");

    let scopes = |count: usize| {
        let scopes = (0..count).map(|number| json!({"oauth2": [format!("scope.{number}")]}));
        let mut operation = fine();
        operation["security"] = scopes.collect();
        lint(&source(document(&operation, &json!({}))))
    };
    let found = scopes(77);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(
        found[0]
            .fault
            .starts_with("the scopes of every object type")
    );
    assert_eq!(found[0].place.pointer, "/paths/~1it's~1{id}/get/security");
    assert_eq!(found[0].action(), None);
    assert_eq!(scopes(20), []);
}

#[test]
fn a_document_without_faults_has_no_findings() {
    assert_eq!(lint(&source(document(&fine(), &json!({})))), []);
}
