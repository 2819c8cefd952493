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
fn a_document_without_faults_has_no_findings() {
    assert_eq!(lint(&source(document(&fine(), &json!({})))), []);
}
