//! Tests of validation. `tests/bad_input.rs` tests it over HTTP.

use hubspot_generated::{Authentication, Budget};

use super::*;
use crate::table::{Field, Schema};

const fn field(name: &'static str, ty: Type, required: bool) -> Field {
    Field {
        name,
        ty,
        required,
        nullable: false,
    }
}

const fn parameter(name: &'static str, ty: Type) -> Parameter {
    Parameter {
        name,
        ty,
        required: false,
    }
}

static KIND: Schema = Schema {
    name: "Kind",
    shape: Shape::Enum(&["ONE", "TWO"]),
};
static INPUT: Schema = Schema {
    name: "Input",
    shape: Shape::Object(&[
        field(
            "properties",
            Type::Map {
                value: &Type::String,
                nullable: true,
            },
            true,
        ),
        field("kind", Type::Named(&KIND), false),
        field("typeId", Type::Int32, false),
        field("size", Type::Int64, false),
        field("since", Type::DateTime, false),
    ]),
};
static BATCH: Schema = Schema {
    name: "Batch",
    shape: Shape::Object(&[field("inputs", Type::Array(&Type::Named(&INPUT)), true)]),
};
static ENDPOINT: Endpoint = Endpoint {
    id: "contacts.batch_create",
    version: "v3",
    resource: "contacts",
    action: "batch_create",
    read_only: false,
    method: "POST",
    path: "/contacts/batch/create",
    requirement: "",
    authentication: Authentication::AccessToken,
    budget: Budget::TenSecondly,
    path_parameters: &[],
    query_parameters: &[
        parameter("archived", Type::Boolean),
        parameter("ids", Type::Array(&Type::Int64)),
        parameter("limit", Type::Int32),
    ],
    body: Some(Body {
        encoding: Encoding::Json,
        ty: Type::Named(&BATCH),
        required: true,
    }),
    status: 200,
    response: None,
};

fn check_json(query: &str, body: &str) -> Result<Checked, Refusal> {
    let form = Form {
        path: &[],
        query,
        content_type: Some(b"Application/JSON; charset=utf-8"),
        body: body.as_bytes(),
    };
    check(&ENDPOINT, &form)
}

/// The places and codes of the faults.
fn faults(query: &str, body: &str) -> Vec<(String, &'static str)> {
    let refusal = check_json(query, body).unwrap_err();
    assert_eq!(
        (refusal.status, refusal.body.category),
        (400, "VALIDATION_ERROR")
    );
    let faults = refusal.body.errors.into_iter();
    faults
        .map(|fault| (fault.place.unwrap(), fault.code.unwrap()))
        .collect()
}

fn fault(place: &str, code: &'static str) -> (String, &'static str) {
    (place.to_owned(), code)
}

const EMPTY: &str = r#"{"inputs": []}"#;

#[test]
fn a_valid_request_is_decoded() {
    let body = r#"{"inputs": [{"properties": {"email": "a@b.c", "phone": null}, "kind": "TWO", "typeId": -7,
        "size": 9007199254740993, "since": "2026-11-01T12:00:00+01:00", "objectWriteTraceId": null}], "new": 1}"#;
    let checked = check_json("archived=true&ids=1,2&ids=3&limit=5&unknown=x", body).unwrap();
    assert_eq!(checked.query.len(), 5);
    assert!(matches!(checked.body, Content::Json(Value::Object(_))));
}

#[test]
fn every_error_has_its_place() {
    let body = r#"{"inputs": [{"properties": {"email": [5]}, "typeId": 2147483648}, 7, {"kind": "THREE"},
        {"properties": {}, "size": 1.5, "since": "yesterday", "kind": null}]}"#;
    let expected = [
        fault("inputs[0].properties.email", "INVALID_TYPE"),
        fault("inputs[0].typeId", "INVALID_TYPE"),
        fault("inputs[1]", "INVALID_TYPE"),
        fault("inputs[2].properties", "REQUIRED_FIELD"),
        fault("inputs[2].kind", "INVALID_TYPE"),
        fault("inputs[3].size", "INVALID_TYPE"),
        fault("inputs[3].since", "INVALID_TYPE"),
    ];
    assert_eq!(faults("", body), expected);
}

#[test]
fn the_message_names_the_first_place_and_no_value() {
    let body = r#"{"inputs": [{"properties": {"email": ["secret"]}}, {}]}"#;
    let message = check_json("", body).unwrap_err().body.message;
    assert_eq!(
        message,
        "Invalid input: inputs[0].properties.email must be a string. There are 1 more errors."
    );
}

#[test]
fn every_parameter_is_checked() {
    let query = "archived=yes&ids=1,b&limit=99999999999&limit=x";
    let expected = [
        fault("archived", "INVALID_TYPE"),
        fault("ids", "INVALID_TYPE"),
        fault("limit", "INVALID_TYPE"),
        fault("limit", "INVALID_TYPE"),
    ];
    assert_eq!(faults(query, EMPTY), expected);
    assert!(check_json("ids=%FF", EMPTY).is_err());
}

#[test]
fn the_number_of_errors_is_limited() {
    let body = format!(r#"{{"inputs": [{}]}}"#, vec!["1"; 10_000].join(","));
    let refusal = check_json("", &body).unwrap_err();
    assert_eq!(refusal.body.errors.len(), MAX_ERRORS);
    assert!(
        refusal
            .body
            .message
            .ends_with("There are 9999 more errors.")
    );
}

/// What the mock makes without behavior is what the documents say, whatever the request says.
#[test]
fn responses_that_are_made_are_valid() {
    let said = serde_json::json!({
        "id": "x", "name": null, "type": "x", "results": [{}, null, "x"], "createdAt": 1, "updatedAt": "soon", "paging": 7,
    });
    let endpoints = crate::generated::ENDPOINTS.iter();
    let answers = endpoints.filter_map(|endpoint| Some((endpoint.id, endpoint.response.as_ref()?)));
    let mut count = 0;
    for (id, answer) in answers {
        for said in [&Value::Null, &said] {
            let mut made = crate::behavior::generated::made(answer, said);
            let mut errors = Errors::default();
            errors.check_value(&Location::Body, answer, &mut made);
            assert!(errors.into_result().is_ok(), "{id}: {made}");
            count += 1;
        }
    }
    assert!(count > 1000, "{count}");
}
