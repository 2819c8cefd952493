//! Errors: what is read from bodies of every kind, what is shown, and what is not.

use std::error::Error as _;

use super::*;
use crate::decode::decode;
use crate::operation::{Budget, Method};

static READ: Operation = Operation {
    id: "schemas.list",
    method: Method::Get,
    path: "/schemas",
    requirement: r#"any("crm.objects.custom.read", "crm.schemas.custom.read")"#,
    idempotent: true,
    read_only: true,
    budget: Budget::TenSecondly,
    paging: None,
    authenticated: true,
};
static WRITE: Operation = Operation {
    id: "schemas.create",
    idempotent: false,
    read_only: false,
    method: Method::Post,
    ..READ
};

fn refused_by(
    operation: &'static Operation,
    status: u16,
    headers: &[(&'static str, &'static str)],
    body: &[u8],
) -> Error {
    let headers = headers
        .iter()
        .map(|(name, value)| ((*name).parse().unwrap(), (*value).parse().unwrap()))
        .collect();
    Error::refused(
        operation,
        StatusCode::from_u16(status).unwrap(),
        &headers,
        body,
        &["hidden-token".to_owned()],
    )
}

fn refused(status: u16, body: &str) -> Error {
    refused_by(&READ, status, &[], body.as_bytes())
}

#[test]
fn every_field_is_read() {
    let error = refused(
        400,
        r#"{"status": "error", "message": "Property values were not valid", "correlationId": "aeb5f871",
            "category": "VALIDATION_ERROR", "subCategory": "crm.PROPERTY", "context": {"ids": ["1", 2], "one": "x"},
            "errors": [{"message": "no such property", "code": "PROPERTY_DOESNT_EXIST", "in": "properties",
                        "subCategory": "s", "context": {"propertyName": ["emial"]}}, "odd", {}]}"#,
    );
    assert_eq!(error.operation(), Some("schemas.list"));
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
    assert_eq!(
        error.to_string(),
        "schemas.list (GET /schemas): HubSpot responded 400 Bad Request, VALIDATION_ERROR: Property values were not valid \
         (correlation id aeb5f871)"
    );
}

#[test]
fn any_body_will_do() {
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
        let error = refused_by(
            &READ,
            502,
            &[("x-hubspot-correlation-id", "from-header")],
            body,
        );
        assert_eq!(error.status(), Some(StatusCode::BAD_GATEWAY));
        assert_eq!(
            (error.category(), error.message(), error.errors().len()),
            (None, None, 0)
        );
        assert_eq!(
            error.to_string(),
            "schemas.list (GET /schemas): HubSpot responded 502 Bad Gateway (correlation id from-header)"
        );
    }
}

#[test]
fn missing_scopes_are_read_as_any_of_or_all_of() {
    let body = |message: &str, key: &str, scopes: &str| {
        let context = format!(r#"{{"message": "{message}", "context": {{"{key}": {scopes}}}}}"#);
        format!(
            r#"{{"message": "not granted", "category": "MISSING_SCOPES", "errors": [{context}], "links": {{}}}}"#
        )
    };
    let any = "One or more of the following scopes are required.";
    let all = "All of the following scopes are required.";
    for (message, key, scopes, expected) in [
        (
            any,
            "requiredGranularScopes",
            r#"["a.write", "b.write"]"#,
            r#"any("a.write", "b.write")"#,
        ),
        (
            all,
            "requiredGranularScopes",
            r#"["a.write", "b.write"]"#,
            r#""a.write", "b.write""#,
        ),
        (any, "requiredScopes", r#"["contacts"]"#, r#""contacts""#),
        ("", "requiredScopes", r#"["a", "b"]"#, r#"any("a", "b")"#),
    ] {
        let error = refused(403, &body(message, key, scopes));
        assert!(error.is_missing_scopes() && error.is_forbidden() && !error.is_retryable());
        let missing = error.missing_scopes().unwrap().to_string();
        assert_eq!(missing, expected);
        assert_eq!(
            error.to_string(),
            format!(
                "schemas.list (GET /schemas): HubSpot responded 403 Forbidden, MISSING_SCOPES: not granted; the token lacks \
                 {expected}"
            )
        );
    }
    let unnamed = refused(403, &body(any, "requiredScopes", "[]"));
    assert!(unnamed.is_missing_scopes() && unnamed.missing_scopes().is_none());
    let documented = unnamed.requirement().unwrap().to_string();
    assert_eq!(documented, READ.requirement);
}

#[test]
fn another_403_is_not_about_scopes() {
    let error = refused(
        403,
        r#"{"category": "BANNED", "context": {"requiredScopes": ["a"]}}"#,
    );
    assert!(error.is_forbidden() && !error.is_missing_scopes() && error.missing_scopes().is_none());
}

#[test]
fn a_conflict_names_the_record_in_the_way() {
    let conflict = |message: &str| {
        refused(
            409,
            &format!(r#"{{"category": "CONFLICT", "message": "{message}"}}"#),
        )
    };
    let error = conflict("Contact already exists. Existing ID: 123");
    assert!(error.is_conflict());
    assert_eq!(error.existing_id(), Some("123"));
    assert_eq!(
        conflict("Already there. Existing ID: 45. Merge them.").existing_id(),
        Some("45")
    );
    assert_eq!(conflict("Existing ID: none").existing_id(), None);
    assert_eq!(conflict("").existing_id(), None);
    assert_eq!(
        refused(400, r#"{"message": "Existing ID: 123"}"#).existing_id(),
        None
    );
}

#[test]
fn oauth_and_rate_limits_have_shapes_of_their_own() {
    let oauth = refused(
        400,
        r#"{"error": "invalid_grant", "error_description": "the code has expired"}"#,
    );
    assert_eq!(
        (oauth.category(), oauth.message()),
        (Some("invalid_grant"), Some("the code has expired"))
    );
    let legacy = refused(400, r#"{"status": "BAD_REFRESH_TOKEN", "message": "gone"}"#);
    assert_eq!(legacy.category(), Some("BAD_REFRESH_TOKEN"));

    let limit = r#"{"status":"error","message":"You have reached your limit.","errorType":"RATE_LIMIT",
                    "correlationId":"c","policyName":"TEN_SECONDLY_ROLLING","groupName":"publicapi:x"}"#;
    let error = refused_by(&WRITE, 429, &[("retry-after", "11")], limit.as_bytes());
    assert!(error.is_rate_limited() && error.is_retryable());
    assert_eq!(error.category(), Some("RATE_LIMIT"));
    assert_eq!(error.rate_limit_policy(), Some("TEN_SECONDLY_ROLLING"));
    assert_eq!(error.retry_after(), Some(Duration::from_secs(11)));
    let daily = refused(429, r#"{"policyName": "DAILY"}"#);
    assert!(daily.is_rate_limited() && !daily.is_retryable());
}

#[test]
fn retry_after_is_seconds_or_nothing() {
    for (value, expected) in [
        ("0", Some(0)),
        (" 7 ", Some(7)),
        ("1.5", None),
        ("-1", None),
        ("Sun, 22 Nov 2026", None),
    ] {
        let error = refused_by(&READ, 503, &[("retry-after", value)], b"");
        assert_eq!(
            error.retry_after(),
            expected.map(Duration::from_secs),
            "{value}"
        );
    }
}

#[test]
fn an_error_is_retryable_if_a_retry_is_safe() {
    for (status, read, write) in [
        (408, true, false),
        (400, false, false),
        (401, false, false),
        (404, false, false),
        (423, true, true),
        (429, true, true),
        (477, true, true),
        (500, true, false),
        (501, false, false),
        (503, true, false),
        (504, true, false),
        (521, true, false),
    ] {
        assert_eq!(
            refused_by(&READ, status, &[], b"").is_retryable(),
            read,
            "{status}"
        );
        assert_eq!(
            refused_by(&WRITE, status, &[], b"").is_retryable(),
            write,
            "{status}"
        );
    }
    assert!(refused(401, "").is_unauthorized() && refused(404, "").is_not_found());
}

#[test]
fn an_effect_is_possible_unless_hubspot_refused_or_the_operation_reads() {
    for (status, expected) in [
        (301, false),
        (400, false),
        (401, false),
        (404, false),
        (409, false),
        (423, false),
        (429, false),
        (477, false),
        (408, true),
        (500, true),
        (503, true),
        (504, true),
        (524, true),
        (599, true),
    ] {
        let written = refused_by(&WRITE, status, &[], b"");
        assert_eq!(written.may_have_taken_effect(), expected, "{status}");
        assert!(!refused_by(&READ, status, &[], b"").may_have_taken_effect());
    }
    let kind = || Kind::Decode {
        path: String::new(),
        what: String::new(),
    };
    assert!(Error::of_operation(&WRITE, kind()).may_have_taken_effect());
    assert!(!Error::of_operation(&READ, kind()).may_have_taken_effect());
    let too_large = || Kind::TooLarge { limit: 1 };
    for (status, expected) in [(200, true), (400, false), (500, true)] {
        let status = StatusCode::from_u16(status).unwrap();
        let error = Error::about_response(&WRITE, status, &HeaderMap::new(), &[], too_large());
        assert_eq!(error.may_have_taken_effect(), expected, "{status}");
        assert!(!error.is_retryable());
    }
    let invalid = Error::of_operation(&WRITE, Kind::Invalid(String::new()));
    assert!(!invalid.may_have_taken_effect());
    assert!(
        invalid.after_unknown(true).may_have_taken_effect(),
        "of an earlier attempt"
    );
}

#[test]
fn display_shows_the_first_sentence_and_nothing_else_of_the_body() {
    let body = r#"{"message": "No access. hidden-1", "category": "hidden 2", "correlationId": "hidden/3",
                   "subCategory": "hidden-4", "errors": [{"message": "hidden-5", "context": {"a": ["hidden-6"]}}]}"#;
    let error = refused(401, body);
    let expected = "schemas.list (GET /schemas): HubSpot responded 401 Unauthorized: No access";
    assert_eq!(error.to_string(), expected);
    assert_eq!(format!("{error:?}"), format!("Error({expected})"));
}

#[test]
fn what_is_shown_is_clean_short_and_without_the_token() {
    let message = format!(
        "\\u001b[31mhidden\\u202e-token is\\t bad{}",
        "!".repeat(400)
    );
    let body = format!(
        r#"{{"message": "{message}", "category": "hidden-token", "correlationId": "hidden-token",
            "errors": [{{"message": "hidden-token"}}], "context": {{"hidden-token": ["hidden-token"]}}}}"#
    );
    let error = refused(400, &body);
    let shown = error.to_string();
    assert!(
        shown.contains(": [redacted] is bad!!!") && shown.contains('…'),
        "{shown}"
    );
    assert!(shown.chars().count() < 400 && !shown.contains(char::is_control));

    let all = format!(
        "{error} {error:?} {:?} {:?} {:?} {:?} {:?}",
        error.message(),
        error.category(),
        error.correlation_id(),
        error.errors(),
        error.context("[redacted]")
    );
    assert!(!all.contains("hidden"), "{all}");
}

#[test]
fn a_batch_error_leads_back_to_its_inputs() {
    let error: BatchError = decode(
        br#"{"status": "error", "category": "CONFLICT", "message": "m", "subCategory": {"odd": 1}, "id": 7, "new": [],
            "context": {"objectWriteTraceId": ["row-1", "row-2"], "ids": "9"}, "links": {"doc": 1},
            "errors": [{"code": "c"}]}"#,
    )
    .unwrap();
    assert_eq!(error.write_trace_ids(), ["row-1", "row-2"]);
    assert_eq!(error.context["ids"], ["9"]);
    assert_eq!(
        (error.id.as_deref(), error.sub_category.as_deref()),
        (Some("7"), None)
    );
    assert_eq!(error.errors[0].code.as_deref(), Some("c"));
    assert_eq!(decode::<BatchError>(b"{}").unwrap(), BatchError::default());
}
