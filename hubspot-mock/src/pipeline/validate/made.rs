//! Checks that the responses of operations without behavior fit their documents.

use super::*;
use crate::behavior::{Call, generated};
use crate::definitions::endpoints;

/// A request to an operation, with this body and a value for every parameter of the path.
fn call(endpoint: &'static Endpoint, body: Value) -> Call {
    let path = endpoint.path_parameters.iter().map(|parameter| {
        let value = match generated::made(&parameter.ty, &"17".into()) {
            Value::String(text) => text,
            other => other.to_string(),
        };
        (parameter.name, value)
    });
    Call {
        endpoint,
        path: path.collect(),
        query: Vec::new(),
        body: Content::Json(body),
        now: jiff::Timestamp::UNIX_EPOCH,
        correlation_id: String::new(),
    }
}

/// Checks the response that is made for a request.
fn check_made(endpoint: &'static Endpoint, body: Value) {
    let made = generated::handle(&call(endpoint, body)).unwrap();
    assert_eq!(made.status, endpoint.status, "{}", endpoint.id);
    let Some(ty) = &endpoint.response else {
        assert!(made.body.is_empty(), "{}", endpoint.id);
        return;
    };
    let mut value = serde_json::from_slice::<Value>(&made.body).unwrap();
    let mut errors = Errors::default();
    errors.check_value(&Location::Body, ty, &mut value);
    assert!(
        errors.errors.is_empty(),
        "{}: {value:#}\n{:#?}",
        endpoint.id,
        errors.errors
    );
}

/// Operations with behavior are among them: what has none is decided by a request.
#[test]
fn every_response_that_is_made_fits_the_schema_of_its_operation() {
    for endpoint in endpoints() {
        check_made(endpoint, Value::Null);
        if let Some(body) = &endpoint.body {
            check_made(endpoint, generated::made(&body.ty, &Value::Null));
        }
    }
}

/// A body belongs to a status that may have one.
#[test]
fn statuses_suit_the_responses() {
    for endpoint in endpoints() {
        let known = [200, 201, 202, 204].contains(&endpoint.status);
        assert!(known, "{}: {}", endpoint.id, endpoint.status);
        if endpoint.response.is_some() {
            assert_ne!(endpoint.status, 204, "{}", endpoint.id);
        }
    }
}
