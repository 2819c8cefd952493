//! Error responses: what is read from bodies of every kind, what is shown, and what is not.

use std::error::Error as _;
use std::time::Duration;

use hubspot_generated::models::{BatchRead, CreateObject, ObjectId};
use hubspot_generated::{Batch, BatchError, Error, ErrorDetail, StatusCode};

use crate::server::{Server, TOKEN, response_with};

const LIST: &str = "contacts.list (GET /crm/objects/2026-09/contacts): HubSpot responded";

/// The error of a list that gets this response.
async fn refused_with(status: u16, header: &str, body: &[u8]) -> Error {
    let mut response = response_with(&format!("{status} Status"), header, &" ".repeat(body.len()));
    let start = response.len() - body.len();
    response[start..].copy_from_slice(body);
    let server = Server::start([response]).await;
    let hubspot = server.builder().max_retries(0).build().unwrap();
    hubspot.contacts().list().send().await.unwrap_err()
}

async fn refused(status: u16, body: &str) -> Error {
    refused_with(status, "x: y", body.as_bytes()).await
}

/// The error of a create that gets this response, from a client that reads `limit` bytes.
async fn create_refused(status: u16, body: &str, limit: usize) -> Error {
    let server = Server::start([response_with(&format!("{status} Status"), "x: y", body)]).await;
    let builder = server.builder().max_retries(0).max_response_bytes(limit);
    let create = CreateObject::new([("email", "ada@example.com")]);
    builder
        .build()
        .unwrap()
        .contacts()
        .create(create)
        .send()
        .await
        .unwrap_err()
}

#[tokio::test]
async fn every_field_is_read() {
    let error = refused(
        400,
        r#"{"status": "error", "message": "Property values were not valid", "correlationId": "aeb5f871",
            "category": "VALIDATION_ERROR", "subCategory": "crm.PROPERTY", "context": {"ids": ["1", 2], "one": "x"},
            "errors": [{"message": "no such property", "code": "PROPERTY_DOESNT_EXIST", "in": "properties",
                        "subCategory": "s", "context": {"propertyName": ["emial"]}}, "odd", {}]}"#,
    )
    .await;
    assert_eq!(error.operation(), Some("contacts.list"));
    assert_eq!(error.status(), Some(StatusCode::BAD_REQUEST));
    assert_eq!(error.category(), Some("VALIDATION_ERROR"));
    assert_eq!(error.sub_category(), Some("crm.PROPERTY"));
    assert_eq!(error.message(), Some("Property values were not valid"));
    assert_eq!(error.correlation_id(), Some("aeb5f871"));
    assert_eq!(error.context("ids"), ["1", "2"]);
    assert_eq!(error.context("one"), ["x"]);
    assert!(error.context("none").is_empty());
    let [detail, empty] = error.errors() else {
        panic!("{:?}", error.errors())
    };
    assert_eq!(detail.message.as_deref(), Some("no such property"));
    assert_eq!(detail.code.as_deref(), Some("PROPERTY_DOESNT_EXIST"));
    assert_eq!(detail.location.as_deref(), Some("properties"));
    assert_eq!(detail.sub_category.as_deref(), Some("s"));
    assert_eq!(detail.context["propertyName"], ["emial"]);
    assert_eq!(*empty, ErrorDetail::default());
    assert!(!error.is_retryable() && error.source().is_none());
    let expected = format!(
        "{LIST} 400 Bad Request, VALIDATION_ERROR: Property values were not valid; refused: `emial` (correlation id aeb5f871)"
    );
    assert_eq!(error.to_string(), expected);
}

#[tokio::test]
async fn some_of_many_refused_properties_are_shown() {
    let error = refused(
        400,
        r#"{"message": "not valid", "context": {"propertyName": ["b", "a", "c", "d", "a b: personal", "e", "f", "g"]}}"#,
    )
    .await;
    let expected =
        format!("{LIST} 400 Bad Request: not valid; refused: `a`, `b`, `c`, `d`, `e` and 2 more");
    assert!(error.to_string().starts_with(&expected), "{error}");
    assert_eq!(error.properties().len(), 8);
}

#[tokio::test]
async fn any_body_will_do() {
    let bodies: [&[u8]; 9] = [
        b"",
        b"{}",
        b"null",
        b"[1]",
        b"<html><body>Bad gateway</body></html>",
        b"\xff\xfe\x00",
        b"{\"message\": ",
        br#"{"message": {"a": 1}, "errors": {"a": 1}, "context": ["a"], "category": ["b"], "correlationId": null}"#,
        br#"{"errors": [null, 1, "x", []], "context": {"a": null, "b": {"c": 1}}}"#,
    ];
    for body in bodies {
        let error = refused_with(502, "x-hubspot-correlation-id: from-header", body).await;
        assert_eq!(error.status(), Some(StatusCode::BAD_GATEWAY));
        assert_eq!(
            (error.category(), error.message(), error.errors().len()),
            (None, None, 0)
        );
        assert_eq!(
            error.to_string(),
            format!("{LIST} 502 Bad Gateway (correlation id from-header)")
        );
    }
}

#[tokio::test]
async fn missing_scopes_are_read_as_any_of_or_all_of() {
    let body = |message: &str, key: &str, scopes: &str| {
        let context = format!(r#"{{"message": "{message}", "context": {{"{key}": {scopes}}}}}"#);
        format!(
            r#"{{"message": "not granted", "category": "MISSING_SCOPES", "errors": [{context}], "links": {{}}}}"#
        )
    };
    let any = "One or more of the following scopes are required.";
    let all = "All of the following scopes are required.";
    let two = r#"["a.write", "b.write"]"#;
    for (message, key, scopes, expected) in [
        (
            any,
            "requiredGranularScopes",
            two,
            r#"any("a.write", "b.write")"#,
        ),
        (
            all,
            "requiredGranularScopes",
            two,
            r#""a.write", "b.write""#,
        ),
        (any, "requiredScopes", r#"["contacts"]"#, r#""contacts""#),
        ("", "requiredScopes", r#"["a", "b"]"#, r#"any("a", "b")"#),
    ] {
        let error = refused(403, &body(message, key, scopes)).await;
        assert!(error.is_missing_scopes() && error.is_forbidden() && !error.is_retryable());
        assert_eq!(error.missing_scopes().unwrap().to_string(), expected);
        let shown = format!(
            "{LIST} 403 Forbidden, MISSING_SCOPES: not granted; the token lacks {expected}"
        );
        assert_eq!(error.to_string(), shown);
    }
    let unnamed = refused(403, &body(any, "requiredScopes", "[]")).await;
    assert!(unnamed.is_missing_scopes() && unnamed.missing_scopes().is_none());
    let documented = unnamed.requirement().unwrap().to_string();
    assert_eq!(documented, r#""crm.objects.contacts.read""#);
    let other = refused(
        403,
        r#"{"category": "BANNED", "context": {"requiredScopes": ["a"]}}"#,
    )
    .await;
    assert!(other.is_forbidden() && !other.is_missing_scopes() && other.missing_scopes().is_none());
}

#[tokio::test]
async fn a_conflict_names_the_existing_record() {
    for (status, message, id) in [
        (409, "Contact already exists. Existing ID: 123", Some("123")),
        (
            409,
            "Already there. Existing ID: 45. Merge them.",
            Some("45"),
        ),
        (409, "Existing ID: none", None),
        (409, "", None),
        (400, "Existing ID: 123", None),
    ] {
        let error = refused(
            status,
            &format!(r#"{{"category": "CONFLICT", "message": "{message}"}}"#),
        )
        .await;
        assert_eq!(
            (error.is_conflict(), error.existing_id()),
            (status == 409, id),
            "{message}"
        );
    }
}

#[tokio::test]
async fn oauth_and_rate_limits_have_shapes_of_their_own() {
    for (body, category, message) in [
        (
            r#"{"error": "invalid_grant", "error_description": "the code has expired"}"#,
            "invalid_grant",
            "the code has expired",
        ),
        (
            r#"{"status": "BAD_REFRESH_TOKEN", "message": "gone"}"#,
            "BAD_REFRESH_TOKEN",
            "gone",
        ),
    ] {
        let error = refused(400, body).await;
        assert_eq!(
            (error.category(), error.message()),
            (Some(category), Some(message))
        );
    }
    let limit = br#"{"status":"error","message":"You have reached your limit.","errorType":"RATE_LIMIT",
                     "correlationId":"c","policyName":"TEN_SECONDLY_ROLLING","groupName":"publicapi:x"}"#;
    let error = refused_with(429, "retry-after: 11", limit).await;
    assert!(error.is_rate_limited() && error.is_retryable());
    assert_eq!(error.category(), Some("RATE_LIMIT"));
    assert_eq!(error.rate_limit_policy(), Some("TEN_SECONDLY_ROLLING"));
    assert_eq!(error.retry_after(), Some(Duration::from_secs(11)));
    for (value, milliseconds) in [
        ("0", Some(0)),
        (" 7 ", Some(7_000)),
        ("1.5", Some(1_500)),
        ("-1", None),
        ("Sun, 22 Nov 2026", None),
    ] {
        let error = refused_with(503, &format!("retry-after: {value}"), b"").await;
        assert_eq!(
            error.retry_after(),
            milliseconds.map(Duration::from_millis),
            "{value}"
        );
    }
}

#[tokio::test]
async fn an_error_tells_whether_a_retry_is_safe_and_an_effect_possible() {
    // The status, whether a read and a create may be repeated, and whether the create may have taken effect.
    for (status, read, write, effect) in [
        (301, false, false, false),
        (400, false, false, false),
        (401, false, false, false),
        (404, false, false, false),
        (408, true, false, true),
        (409, false, false, false),
        (423, true, true, false),
        (429, true, true, false),
        (477, true, true, false),
        (500, true, false, true),
        (501, false, false, false),
        (503, true, false, true),
        (504, true, false, true),
        (521, true, false, true),
        (524, true, false, true),
        (599, false, false, true),
    ] {
        let error = refused(status, "").await;
        assert_eq!(
            (error.is_retryable(), error.may_have_taken_effect()),
            (read, false),
            "{status}"
        );
        assert_eq!(
            (error.is_unauthorized(), error.is_not_found()),
            (status == 401, status == 404)
        );
        let error = create_refused(status, "", 99).await;
        assert_eq!(
            (error.is_retryable(), error.may_have_taken_effect()),
            (write, effect),
            "{status}"
        );
    }
    for (status, effect) in [(200, true), (400, false), (500, true)] {
        let error = create_refused(status, "{}", 1).await;
        assert!(error.is_too_large() && !error.is_retryable());
        assert_eq!(error.may_have_taken_effect(), effect, "{status}");
    }
}

#[tokio::test]
async fn display_shows_the_first_sentence_and_nothing_else_of_the_body() {
    let body = r#"{"message": "No access. hidden-1", "category": "hidden 2", "correlationId": "hidden/3",
                   "subCategory": "hidden-4", "errors": [{"message": "hidden-5", "context": {"a": ["hidden-6"]}}]}"#;
    let error = refused(401, body).await;
    let expected = format!("{LIST} 401 Unauthorized: No access");
    assert_eq!(error.to_string(), expected);
    assert_eq!(format!("{error:?}"), format!("Error({expected})"));
}

#[tokio::test]
async fn what_is_shown_is_clean_short_and_without_the_token() {
    let (start, end) = TOKEN.split_at(6);
    for split in ["", "\\u202e", "\\u0000", "\\n", "\\u001b[31m", " \\u200b"] {
        let message = format!(
            "\\u001b[31m{start}{split}{end} is\\t bad{}",
            "!".repeat(400)
        );
        let body = format!(
            r#"{{"message": "{message}", "category": "{TOKEN}", "correlationId": "{TOKEN}",
                "errors": [{{"message": "{TOKEN}"}}], "context": {{"{TOKEN}": ["{TOKEN}"]}}}}"#
        );
        let header = format!("x-hubspot-correlation-id: {TOKEN}");
        let error = refused_with(400, &header, body.as_bytes()).await;
        let shown = error.to_string();
        assert!(shown.chars().count() < 450 && !shown.contains(char::is_control));
        if !split.contains("\\n") {
            assert!(
                shown.contains(": [redacted] is bad!!!") && shown.contains('…'),
                "{shown}"
            );
        }
        let all = format!(
            "{error} {error:?} {:?} {:?} {:?} {:?} {:?}",
            error.message(),
            error.category(),
            error.correlation_id(),
            error.errors(),
            error.context("[redacted]")
        );
        assert!(!all.contains("hidden") && !all.contains(end), "{all}");
    }
    // No part remains where the message is cut.
    for length in 270..300 {
        let body = format!(
            r#"{{"message": "{} {start}\u0000{end}"}}"#,
            "x".repeat(length)
        );
        let shown = refused(400, &body).await.to_string();
        assert!(!shown.contains("pat"), "{shown}");
    }
}

#[tokio::test]
async fn a_batch_error_leads_back_to_its_inputs() {
    let body = r#"{"results": [], "errors": [{}, {"status": "error", "category": "CONFLICT", "message": "m",
        "subCategory": {"odd": 1}, "id": 7, "new": [], "links": {"doc": 1}, "errors": [{"code": "c"}],
        "context": {"objectWriteTraceId": ["row-1", "row-2"], "ids": "9"}}]}"#;
    let server = Server::start([response_with("207 Multi-Status", "x: y", body)]).await;
    let request = server
        .client()
        .contacts()
        .batch_read(BatchRead::new([ObjectId::new("1")], ["email"]));
    let response = request.send().await.unwrap();
    let [empty, error] = response.errors() else {
        panic!("{:?}", response.errors())
    };
    assert_eq!(*empty, BatchError::default());
    assert_eq!(error.write_trace_ids(), ["row-1", "row-2"]);
    assert_eq!(error.context["ids"], ["9"]);
    assert_eq!(
        (error.id.as_deref(), error.sub_category.as_deref()),
        (Some("7"), None)
    );
    assert_eq!(error.errors[0].code.as_deref(), Some("c"));
    assert!(response.error_of("row-2").is_some() && response.error_of("row-3").is_none());
}
