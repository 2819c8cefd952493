//! Token responses whose fields are not as documented.

use hubspot_generated::oauth::{OAuthError, TokenVersion};
use serde_json::{Value, json};

use crate::hub::{ACCOUNT, Hub, Odd, TestClock};

/// Fields that only inform, with values that HubSpot does not document, as JSON.
const ODD_FIELDS: [&str; 24] = [
    r#""user_id": "u""#,
    r#""user_id": -1"#,
    r#""user_id": {"id": 7}"#,
    r#""hub_id": "6000000017""#,
    r#""hub_id": 6000000017.0"#,
    r#""hub_id": null"#,
    r#""hub_id": "acme""#,
    r#""hub_id": [1]"#,
    r#""hub_id": -1"#,
    r#""scopes": "oauth crm.objects.contacts.read""#,
    r#""scopes": ["oauth", 1, null]"#,
    r#""scopes": 7"#,
    r#""scopes": {"oauth": true}"#,
    r#""expires_in": "1800""#,
    r#""expires_in": 0"#,
    r#""expires_in": -5"#,
    r#""expires_in": "soon""#,
    r#""expires_in": 1e999"#,
    r#""expires_in": 123456789012345678901234567890"#,
    r#""expires_in": 1800.5"#,
    r#""expires_in": [1800]"#,
    r#""token_type": "mac""#,
    r#""token_type": 7"#,
    r#""new_in_2027": 1e999, "token_type": "bearer", "token_type": null"#,
];

const VERSIONS: [TokenVersion; 4] = [
    TokenVersion::V2026_09,
    TokenVersion::V2026_03,
    TokenVersion::V3,
    TokenVersion::V1,
];

fn response(field: &str) -> Odd {
    Odd {
        body: format!(
            r#"{{{field}, "access_token": "hidden-access-2", "refresh_token": "hidden-refresh-new"}}"#
        ),
        ..Odd::json(200, &Value::Null)
    }
}

#[tokio::test]
async fn an_odd_field_does_not_lose_the_refresh_token() {
    for (number, field) in ODD_FIELDS.into_iter().enumerate() {
        let version = VERSIONS[number % VERSIONS.len()];
        let (hub, clock) = (Hub::start().await, TestClock::new());
        let connected = hub.connected(&clock).await;
        let app = hub
            .app_with(&clock, &connected.store)
            .token_version(version);
        let app = app.build().unwrap();
        clock.advance(1800);
        hub.next(response(field));
        hub.inner().issued = 2;
        let tokens = app.tokens().account(ACCOUNT);
        let token = tokens
            .access_token()
            .await
            .unwrap_or_else(|error| panic!("{field}: {error}"));
        assert_eq!(token.expose_secret(), "hidden-access-2", "{field}");
        assert!(token.scopes().contains(&"oauth".to_owned()), "{field}");
        let stored = connected.stored().await.unwrap();
        assert_eq!(stored.refresh_token.expose_secret(), "hidden-refresh-new");

        // The token is neither refreshed at once nor used for ever.
        for _ in 0..3 {
            app.account(ACCOUNT).contacts().list().send().await.unwrap();
        }
        assert_eq!(hub.asked(), 1, "{field}");
        clock.advance(24 * 3600);
        tokens.access_token().await.unwrap();
        assert_eq!(hub.asked(), 2, "{field}");
    }
}

/// Bodies of which `hidden-refresh-new` is the new refresh token, and whether they have an access token, too.
const ODD_BODIES: [(&str, bool); 14] = [
    (
        r#"{"access_token": "hidden-access-2", "refresh_token": "hidden-refresh-new"} trailing"#,
        true,
    ),
    (
        r#"{"access_token": "hidden-access-2", "refresh_token": "hidden-refresh-new"}{"refresh_token": "x"}"#,
        true,
    ),
    (
        "\u{feff}{\"access_token\": \"hidden-access-2\", \"refresh_token\": \"hidden-refresh-new\"}",
        true,
    ),
    (
        r#"{"access_token": "hidden-access-2", "refresh_token": "hidden-refresh-new", "expires_in": 18"#,
        true,
    ),
    (
        r#"{"access_token": "hidden-access-2", "refresh_token": "hidden-refresh-new""#,
        true,
    ),
    (
        r#"{"refresh_token": "hidden-refresh-new", "access_token": "hidden-acc"#,
        false,
    ),
    (
        r#"{"refresh_token": "hidden-refresh-new", "token_type": "bearer"}"#,
        false,
    ),
    (
        r#"{"refresh_token": "hidden-old", "refresh_token": "hidden-refresh-new", "access_token": "hidden-access-2"}"#,
        true,
    ),
    (
        r#"{"refresh_token": "hidden-refresh-new", "refresh_token": null, "access_token": "hidden-access-2"}"#,
        true,
    ),
    (
        r#"{"hub_domain": "un"quoted", "access_token": "hidden-access-2", "refresh_token": "hidden-refresh-new"}"#,
        false,
    ),
    (
        r#"{"n": NaN, "access_token": "hidden-access-2" "refresh_token": "hidden-refresh-new",}"#,
        true,
    ),
    (
        r#"[{"access_token": "hidden-access-2", "refresh_token": "hidden-refresh-new"}]"#,
        true,
    ),
    (
        r#"{"user": "\ud83d", "access_token": "hidden-access-2", "refresh_token": "hidden-refresh-new"}"#,
        true,
    ),
    (
        r#"{"hub_id": 18, "access_token": "hidden-access-2", "refresh_token": "hidden-refresh-new"}"#,
        false,
    ),
];

#[tokio::test]
async fn a_new_refresh_token_survives_whatever_else_the_body_holds() {
    for (body, has_access_token) in ODD_BODIES {
        let (hub, clock) = (Hub::start().await, TestClock::new());
        let connected = hub.connected(&clock).await;
        let before = connected.stored().await.unwrap();
        clock.advance(1800);
        let odd = || Odd {
            body: body.to_owned(),
            ..Odd::json(200, &Value::Null)
        };
        hub.next(odd());
        let outcome = connected.token().await;
        assert_eq!(outcome.is_ok(), has_access_token, "{body}: {outcome:?}");
        let stored = connected.stored().await.unwrap();
        assert_eq!(
            stored.refresh_token.expose_secret(),
            "hidden-refresh-new",
            "{body}"
        );
        assert!(stored.fence > before.fence && !stored.needs_authorization);
        assert_eq!((stored.hub_id, &stored.scopes), (ACCOUNT, &before.scopes));
        // The next refresh sends it, and sets everything right.
        clock.advance(1800);
        connected.token().await.unwrap();
        let form = hub.inner().forms.last().unwrap().clone();
        assert_eq!(
            crate::hub::field(&form, "refresh_token").unwrap(),
            "hidden-refresh-new"
        );

        // Where the program keeps the tokens itself, it gets the new one in any case.
        hub.next(odd());
        let refresh_token = match connected.app.refresh(&"hidden-r".into()).await {
            Ok(response) => response.refresh_token,
            Err(error) => error.refresh_token().cloned(),
        };
        assert_eq!(
            refresh_token.unwrap().expose_secret(),
            "hidden-refresh-new",
            "{body}"
        );
    }
}

#[tokio::test]
async fn the_token_of_another_account_is_reported_and_not_used() {
    let (hub, clock) = (Hub::start().await, TestClock::new());
    let connected = hub.connected(&clock).await;
    clock.advance(1800);
    hub.inner().hub_id = 18;
    let calls = hub.calls();
    let error = connected
        .app
        .account(ACCOUNT)
        .contacts()
        .list()
        .send()
        .await
        .unwrap_err();
    assert!(
        matches!(
            error.oauth(),
            Some(OAuthError::OtherAccount {
                asked: ACCOUNT,
                given: 18
            })
        ),
        "{error}"
    );
    assert_eq!(hub.calls(), calls, "nothing was sent with it");
    assert_eq!(connected.events.take(), [""; 0]);
    hub.inner().hub_id = ACCOUNT;
    assert_eq!(connected.token().await.unwrap(), "hidden-access-3");
}

#[tokio::test]
async fn an_odd_field_does_not_lose_an_installation() {
    for field in ODD_FIELDS {
        let hub = Hub::start().await;
        let app = hub.app().build().unwrap();
        hub.next(response(field));
        // What the response does not say, introspection does.
        hub.inner().issued = 2;
        let connection = app.connect(&"hidden-code".into(), None).await.unwrap();
        assert_eq!(connection.hub_id, ACCOUNT, "{field}");
        app.account(ACCOUNT).contacts().list().send().await.unwrap();
    }
}

#[tokio::test]
async fn a_lifetime_is_read_in_any_form_and_has_a_fallback() {
    let hub = Hub::start().await;
    let app = hub.app().build().unwrap();
    for (value, seconds) in [
        ("900", 900),
        ("\"900\"", 900),
        ("900.9", 900),
        ("0", 1800),
        ("-900", 1800),
        ("null", 1800),
        ("\"x\"", 1800),
        ("1e999", 1800),
        ("99999999999999999999", 86_400),
        ("864000", 86_400),
    ] {
        hub.next(response(&format!("\"expires_in\": {value}")));
        let response = app.refresh(&"hidden-r".into()).await.unwrap();
        assert_eq!(response.expires_in.as_secs(), seconds, "{value}");
    }
}

#[tokio::test]
async fn a_refresh_token_without_an_access_token_is_saved() {
    for access_token in [
        json!(null),
        json!(""),
        json!(7),
        json!("hidden\nhidden"),
        json!({}),
    ] {
        let (hub, clock) = (Hub::start().await, TestClock::new());
        hub.inner().rotates = true;
        let connected = hub.connected(&clock).await;
        clock.advance(1800);
        hub.inner().issued = 7;
        hub.next(Odd::json(
            200,
            &json!({"access_token": access_token, "refresh_token": "hidden-refresh-7"}),
        ));
        let error = connected.token().await.unwrap_err();
        let Some(OAuthError::Refresh { cause, .. }) = error.oauth() else {
            panic!("{error}")
        };
        assert!(
            cause.is_decode() && cause.to_string().contains("access_token"),
            "{cause}"
        );
        let stored = connected.stored().await.unwrap();
        assert_eq!(stored.refresh_token.expose_secret(), "hidden-refresh-7");
        // It is used for the next refresh.
        assert_eq!(connected.token().await.unwrap(), "hidden-access-8");
    }
}

#[tokio::test]
async fn introspection_is_read_as_leniently() {
    let hub = Hub::start().await;
    let app = hub.app().build().unwrap();
    for (fields, hub_id, scopes) in [
        (
            r#""active": true, "hub_id": "7", "scopes": "a b""#,
            Some(7),
            vec!["a", "b"],
        ),
        (
            r#""active": "true", "hub_id": -7, "user_id": 1e999"#,
            None,
            vec![],
        ),
        (
            r#""active": true, "token_type": 7, "scopes": ["a", 1]"#,
            None,
            vec!["a"],
        ),
        (
            r#""active": true, "expires_in": "x", "token_use": []"#,
            None,
            vec![],
        ),
    ] {
        hub.inner().introspection = Some(format!("{{{fields}}}"));
        let info = app.introspect(&"hidden-a".into()).await.unwrap();
        assert!(info.active, "{fields}");
        assert_eq!(info.hub_id, hub_id, "{fields}");
        assert_eq!(info.scopes, scopes, "{fields}");
    }
    for body in ["{}", r#"{"active": null}"#, "[]", "<html>", ""] {
        hub.inner().introspection = Some(body.to_owned());
        let error = app.introspect(&"hidden-a".into()).await.unwrap_err();
        assert!(error.is_decode(), "{body}: {error}");
    }
}

#[tokio::test]
async fn scopes_of_a_static_token_may_be_text() {
    let hub = Hub::start().await;
    hub.inner().static_scopes = Some(json!("oauth crm.objects.contacts.read"));
    let client = hubspot_generated::Client::<crate::hub::AppScopes>::builder()
        .base_url(hub.url())
        .access_token("pat-hidden-1")
        .build()
        .unwrap();
    assert!(client.verify_scopes().await.unwrap().is_complete());
    hub.inner().static_scopes = Some(json!(7));
    assert!(client.verify_scopes().await.unwrap_err().is_decode());
}
