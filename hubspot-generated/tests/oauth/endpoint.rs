//! Requests to the token endpoint, and its responses.

use hubspot_generated::oauth::{OAuthError, TokenRefusal, TokenVersion};
use serde_json::json;

use crate::hub::{ACCOUNT, Hub, Odd, REDIRECT_URI, field};

#[tokio::test]
async fn secrets_go_in_the_body_of_a_form() {
    let hub = Hub::start().await;
    let app = hub.app().build().unwrap();
    let verifier = "hidden-verifier-hidden-verifier-hidden-verifier".into();
    let response = app
        .exchange(&"hidden-code".into(), Some(&verifier))
        .await
        .unwrap();
    assert_eq!(response.hub_id, Some(ACCOUNT));
    assert_eq!(response.expires_in.as_secs(), 1800);
    assert_eq!(response.scopes, ["oauth", "crm.objects.contacts.read"]);
    app.refresh(&response.refresh_token.unwrap()).await.unwrap();
    let token = "hidden-access-2".into();
    let info = app.introspect(&token).await.unwrap();
    assert!(info.active && info.hub_id == Some(6_000_000_017));
    assert_eq!(info.client_id.as_deref(), Some("app-1"));
    assert!(!app.introspect(&"hidden-old".into()).await.unwrap().active);
    app.revoke(&token).await.unwrap();

    let inner = hub.inner();
    assert_eq!(
        inner.paths,
        [
            "POST /oauth/2026-09/token",
            "POST /oauth/2026-09/token",
            "POST /oauth/2026-09/token/introspect",
            "POST /oauth/2026-09/token/introspect",
            "POST /oauth/2026-09/token/revoke",
        ]
    );
    let [exchange, refresh] = &inner.forms[..] else {
        panic!()
    };
    for (name, value) in [
        ("grant_type", "authorization_code"),
        ("code", "hidden-code"),
        ("redirect_uri", REDIRECT_URI),
        ("client_id", "app-1"),
        ("client_secret", "hidden-secret"),
        ("code_verifier", verifier.expose_secret()),
    ] {
        assert_eq!(field(exchange, name).as_deref(), Some(value));
    }
    assert_eq!(
        field(refresh, "grant_type").as_deref(),
        Some("refresh_token")
    );
    assert_eq!(
        field(refresh, "refresh_token").as_deref(),
        Some("hidden-refresh-1")
    );
}

#[tokio::test]
async fn older_versions_have_their_own_paths() {
    let hub = Hub::start().await;
    for version in [TokenVersion::V2026_03, TokenVersion::V3, TokenVersion::V1] {
        let app = hub.app().token_version(version).build().unwrap();
        app.refresh(&"hidden-refresh-1".into()).await.unwrap();
        app.introspect(&"hidden-access-1".into()).await.unwrap();
        app.revoke(&"hidden-access-1".into()).await.unwrap();
    }
    assert_eq!(
        hub.inner().paths,
        [
            "POST /oauth/2026-03/token",
            "POST /oauth/2026-03/token/introspect",
            "POST /oauth/2026-03/token/revoke",
            "POST /oauth/v3/token",
            "POST /oauth/v3/token/introspect",
            "POST /oauth/v3/token/revoke",
            "POST /oauth/v1/token",
            "POST /oauth/2026-09/token/introspect",
            "POST /oauth/2026-09/token/revoke",
        ]
    );
}

#[tokio::test]
async fn an_error_is_understood_in_each_of_its_three_shapes() {
    let hub = Hub::start().await;
    let app = hub.app().build().unwrap();
    for (status, body, refusal, category) in [
        (
            400,
            json!({"error": "invalid_grant", "error_description": "hidden-refresh-1 is dead"}),
            TokenRefusal::InvalidGrant,
            "invalid_grant",
        ),
        (
            400,
            json!({"status": "BAD_REFRESH_TOKEN", "message": "hidden-refresh-1 is dead"}),
            TokenRefusal::InvalidGrant,
            "BAD_REFRESH_TOKEN",
        ),
        (
            400,
            json!({"status": "error", "category": "INVALID_GRANT", "message": "hidden-refresh-1", "correlationId": "c-1"}),
            TokenRefusal::InvalidGrant,
            "INVALID_GRANT",
        ),
        (
            401,
            json!({"error": "invalid_client"}),
            TokenRefusal::InvalidClient,
            "invalid_client",
        ),
        (
            400,
            json!({"status": "BAD_REDIRECT_URI", "message": "no hidden-refresh-1"}),
            TokenRefusal::InvalidRedirectUri,
            "BAD_REDIRECT_URI",
        ),
        (
            400,
            json!({"status": "error", "category": "VALIDATION_ERROR"}),
            TokenRefusal::InvalidRequest,
            "VALIDATION_ERROR",
        ),
        (
            403,
            json!({"status": "SOMETHING_NEW"}),
            TokenRefusal::Other,
            "SOMETHING_NEW",
        ),
    ] {
        hub.next(Odd::json(status, &body));
        let error = app.refresh(&"hidden-refresh-1".into()).await.unwrap_err();
        assert_eq!(error.token_refusal(), Some(refusal), "{body}");
        assert_eq!(error.category(), Some(category));
        assert_eq!(error.operation(), Some("oauth.token"));
        assert!(
            !format!("{error} {error:?}").contains("hidden"),
            "{error:?}"
        );
    }
}

#[tokio::test]
async fn a_code_is_refused_the_second_time() {
    let hub = Hub::start().await;
    let app = hub.app().build().unwrap();
    hub.next(Odd::json(400, &json!({"error": "invalid_grant"})));
    for code in ["hidden-code", "hidden-old"] {
        let error = app.connect(&code.into(), None).await.unwrap_err();
        assert_eq!(error.token_refusal(), Some(TokenRefusal::InvalidGrant));
        assert!(
            !error.needs_authorization(),
            "nothing is known of an account"
        );
    }
}

#[tokio::test]
async fn optional_fields_may_be_missing() {
    let hub = Hub::start().await;
    let app = hub.app().token_version(TokenVersion::V1).build().unwrap();
    hub.next(Odd::json(200, &json!({"access_token": "hidden-access-1", "refresh_token": "hidden-refresh-1", "expires_in": null})));
    hub.inner().issued = 1;
    let connection = app.connect(&"hidden-code".into(), None).await.unwrap();
    assert_eq!(connection.hub_id, ACCOUNT, "asked for by introspection");
    assert_eq!(connection.user_id, Some(7));
    assert_eq!(connection.scopes, ["oauth", "crm.objects.contacts.read"]);
    app.account(ACCOUNT).contacts().list().send().await.unwrap();
}

#[tokio::test]
async fn a_missing_required_field_is_an_error_that_names_it() {
    let hub = Hub::start().await;
    let app = hub.app().build().unwrap();
    for (body, what) in [
        (
            json!({"refresh_token": "hidden-r", "hub_id": 1}),
            "missing field `access_token`",
        ),
        (
            json!({"access_token": "hidden-a", "hub_id": 1}),
            "missing field `refresh_token`",
        ),
        (json!({"access_token": {"hidden": 1}}), "access_token`"),
        (json!({"access_token": "hidden\nhidden"}), "access_token`"),
        (json!({"access_token": ""}), "access_token`"),
        (json!(["hidden"]), "cannot decode the response"),
    ] {
        hub.next(Odd::json(200, &body));
        let error = app.connect(&"hidden-code".into(), None).await.unwrap_err();
        assert!(error.is_decode(), "{body}: {error}");
        assert!(error.to_string().contains(what), "{body}: {error}");
        assert!(!format!("{error:?}").contains("hidden"), "{error:?}");
    }
    // The account is asked for by introspection, and not told there either.
    hub.next(Odd::json(
        200,
        &json!({"access_token": "hidden-a", "refresh_token": "hidden-r"}),
    ));
    let error = app.connect(&"hidden-code".into(), None).await.unwrap_err();
    assert!(
        matches!(error.oauth(), Some(OAuthError::UnknownAccount)),
        "{error}"
    );
}

#[tokio::test]
async fn html_long_bodies_and_redirects_are_errors() {
    let hub = Hub::start().await;
    let elsewhere = Hub::start().await;
    let app = hub.app().build().unwrap();
    let html = vec![("content-type", "text/html".to_owned())];

    for (status, body) in [
        (200, "<html>hidden</html>"),
        (200, ""),
        (502, "<h1>hidden</h1>"),
    ] {
        let headers = html.clone();
        hub.next(Odd {
            status,
            headers,
            body: body.to_owned(),
        });
        let error = app.refresh(&"hidden-r".into()).await.unwrap_err();
        assert_eq!(error.is_decode(), status == 200, "{error}");
        assert!(!format!("{error:?}").contains("hidden"));
    }

    let body = format!("{{\"access_token\": \"{}\"}}", "x".repeat(10 * 1024 * 1024));
    hub.next(Odd {
        status: 200,
        headers: Vec::new(),
        body,
    });
    let error = app.refresh(&"hidden-r".into()).await.unwrap_err();
    assert!(error.is_too_large(), "{error}");

    for status in [301, 302, 307, 308] {
        let headers = vec![(
            "location",
            format!("{}/oauth/2026-09/token", elsewhere.url()),
        )];
        hub.next(Odd {
            status,
            headers,
            body: String::new(),
        });
        let error = app.refresh(&"hidden-r".into()).await.unwrap_err();
        assert_eq!(error.status().unwrap().as_u16(), status);
    }
    assert_eq!(elsewhere.asked(), 0, "the secrets went nowhere else");
}
