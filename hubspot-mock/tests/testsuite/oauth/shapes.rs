//! The three shapes of OAuth errors.

use hubspot_mock::{ErrorShape, MockHubSpot, Rotation};
use serde_json::{Value, json};

use super::{INTROSPECT, REVOKE, TOKEN, installed, post, post_as_app, refresh, start, take};

const V1: &str = "/oauth/v1/token";

#[tokio::test]
async fn each_version_has_its_shape() {
    let hubspot = start(Rotation::Off).await;
    let rfc = json!({
        "error": "invalid_grant",
        "error_description": "missing or invalid refresh token",
    });
    for version in ["2026-09", "2026-03", "v3"] {
        let answer = refresh(&hubspot, &format!("/oauth/{version}/token"), "dead").await;
        assert_eq!(
            (answer.status, answer.json()),
            (400, rfc.clone()),
            "{version}"
        );
    }
    let answer = refresh(&hubspot, V1, "dead").await;
    let mut body = answer.json();
    assert_eq!(take(&mut body, "correlationId").len(), 36);
    let legacy = json!({
        "status": "BAD_REFRESH_TOKEN",
        "message": "missing or invalid refresh token",
    });
    assert_eq!((answer.status, body), (400, legacy));
}

#[tokio::test]
async fn one_shape_can_be_set_for_all() {
    let hubspot = start(Rotation::Off).await;
    hubspot.set_error_shape(Some(ErrorShape::HubSpot));
    let answer = refresh(&hubspot, TOKEN, "dead").await;
    let mut body = answer.json();
    assert_eq!(take(&mut body, "correlationId").len(), 36);
    let expected = json!({
        "status": "error",
        "message": "missing or invalid refresh token",
        "category": "INVALID_AUTHENTICATION",
    });
    assert_eq!((answer.status, body), (401, expected));
    hubspot.set_error_shape(Some(ErrorShape::Legacy));
    let answer = refresh(&hubspot, TOKEN, "dead").await;
    assert_eq!(answer.json()["status"], "BAD_REFRESH_TOKEN");
    hubspot.set_error_shape(Some(ErrorShape::Rfc6749));
    let answer = refresh(&hubspot, V1, "dead").await;
    assert_eq!(answer.json()["error"], "invalid_grant");
}

#[tokio::test]
async fn every_error_has_its_name_in_every_shape() {
    let hubspot = start(Rotation::Off).await;
    let id = ("client_id", "id");
    let secret = ("client_secret", "app-secret");
    let (unknown, wrong) = (("client_id", "?"), ("client_secret", "?"));
    let code = ("grant_type", "authorization_code");
    let uri = ("redirect_uri", "https://app.example/callback");
    // The app's fields, then what the shapes call the fault. Wrong credentials are a 401, but in the oldest shape.
    for (fields, rfc, hubspot_own, legacy) in [
        (
            &[code, secret][..],
            "invalid_client",
            "INVALID_CLIENT",
            "BAD_CLIENT_ID",
        ),
        (
            &[unknown, code, secret],
            "invalid_client",
            "INVALID_CLIENT",
            "BAD_CLIENT_ID",
        ),
        (
            &[id, code],
            "invalid_client",
            "INVALID_CLIENT",
            "BAD_CLIENT_SECRET",
        ),
        (
            &[id, wrong, code],
            "invalid_client",
            "INVALID_CLIENT",
            "BAD_CLIENT_SECRET",
        ),
        (
            &[id, secret, code, uri],
            "invalid_grant",
            "VALIDATION_ERROR",
            "BAD_AUTH_CODE",
        ),
        (
            &[id, secret],
            "unsupported_grant_type",
            "VALIDATION_ERROR",
            "BAD_GRANT_TYPE",
        ),
        (
            &[id, id, secret, code],
            "invalid_request",
            "VALIDATION_ERROR",
            "BAD_REQUEST",
        ),
    ] {
        refused_in_every_shape(&hubspot, fields, [rfc, hubspot_own, legacy]).await;
    }
}

/// Sends a token request in each shape, and expects these names of the error.
async fn refused_in_every_shape(
    hubspot: &MockHubSpot,
    fields: &[(&str, &str)],
    [rfc, hubspot_own, legacy]: [&str; 3],
) {
    let status = if rfc == "invalid_client" { 401 } else { 400 };
    for (shape, status, member, name) in [
        (ErrorShape::Rfc6749, status, "error", rfc),
        (ErrorShape::HubSpot, status, "category", hubspot_own),
        (ErrorShape::Legacy, 400, "status", legacy),
    ] {
        hubspot.set_error_shape(Some(shape));
        let answer = post(hubspot, TOKEN, fields).await;
        let actual = (answer.status, answer.json()[member].clone());
        assert_eq!(actual, (status, json!(name)), "{shape:?} {fields:?}");
    }
}

#[tokio::test]
async fn introspection_and_revocation_require_credentials() {
    let (hubspot, install) = installed(Rotation::Off).await;
    let token = ("token", install.access_token.as_str());
    let stranger = [("client_id", "id"), ("client_secret", "wrong"), token];
    for target in [INTROSPECT, REVOKE] {
        let answer = post(&hubspot, target, &stranger).await;
        let actual = (answer.status, answer.json()["error"].clone());
        assert_eq!(actual, (401, json!("invalid_client")), "{target}");
        let answer = post_as_app(&hubspot, target, &[]).await;
        let expected =
            json!({ "error": "invalid_request", "error_description": "token is missing" });
        assert_eq!((answer.status, answer.json()), (400, expected), "{target}");
    }
    let known = post_as_app(&hubspot, INTROSPECT, &[token]).await;
    assert_eq!(known.json()["active"], Value::Bool(true));
}

#[tokio::test]
async fn no_error_repeats_what_was_sent() {
    let hubspot = start(Rotation::Off).await;
    for shape in [ErrorShape::Rfc6749, ErrorShape::HubSpot, ErrorShape::Legacy] {
        hubspot.set_error_shape(Some(shape));
        for fields in [
            [("grant_type", "refresh_token"), ("refresh_token", "s3cret")],
            [("grant_type", "authorization_code"), ("code", "s3cret")],
            [("grant_type", "s3cret"), ("code", "s3cret")],
        ] {
            let answer = post_as_app(&hubspot, TOKEN, &fields).await;
            assert!(!answer.text().contains("s3cret"), "{}", answer.text());
        }
    }
}
