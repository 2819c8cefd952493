//! OAuth's own calls: secrets travel in the body, and without a token in the header.

use hubspot_generated::models::{GrantType, TokenRequest};
use hubspot_generated::{Client, Secret};

use crate::server::{Server, TOKEN, ok, record, response};

fn refresh() -> TokenRequest {
    TokenRequest::new()
        .grant_type(GrantType::RefreshToken)
        .client_id("app 1")
        .client_secret("hidden-secret")
        .refresh_token("hidden-refresh")
}

#[tokio::test]
async fn a_refreshed_token_is_what_the_next_client_uses() {
    let tokens = format!(
        r#"{{"access_token": "{TOKEN}", "refresh_token": "hidden-new", "expires_in": 1800, "hub_id": 6000000000,
            "token_type": "bearer", "scopes": ["oauth", "crm.objects.contacts.read"]}}"#
    );
    let server = Server::start([ok(&tokens), ok(&record("1").to_string())]).await;
    let nobody = Client::unchecked_builder()
        .base_url(server.url())
        .build()
        .unwrap();
    assert!(!format!("{:?}", refresh()).contains("hidden"));

    let tokens = nobody.oauth().token(refresh()).send().await.unwrap();
    assert_eq!(tokens.hub_id, Some(6_000_000_000));
    assert!(!format!("{tokens:?}").contains("hidden"), "{tokens:?}");
    let somebody = Client::unchecked_builder()
        .base_url(server.url())
        .access_token(tokens.access_token)
        .build()
        .unwrap();
    somebody.contacts().get("1").send().await.unwrap();

    let [exchange, get] = &server.received()[..] else {
        panic!()
    };
    assert_eq!(exchange.line(), "POST /oauth/2026-09/token HTTP/1.1");
    assert_eq!(exchange.header("authorization"), None);
    assert_eq!(
        exchange.header("content-type"),
        Some("application/x-www-form-urlencoded")
    );
    assert_eq!(
        exchange.body,
        "client_id=app%201&client_secret=hidden-secret&grant_type=refresh_token&refresh_token=hidden-refresh"
    );
    assert_eq!(
        get.header("authorization"),
        Some(format!("Bearer {TOKEN}").as_str())
    );
}

#[tokio::test]
async fn a_client_with_a_token_does_not_send_it_to_oauth() {
    let dead = r#"{"error": "invalid_grant", "error_description": "hidden-refresh is dead"}"#;
    let server = Server::start([response("400 Bad Request", dead)]).await;
    let error = server
        .client()
        .oauth()
        .token(refresh())
        .send()
        .await
        .unwrap_err();
    assert_eq!(error.category(), Some("invalid_grant"));
    assert_eq!(
        error.to_string(),
        "oauth.token (POST /oauth/2026-09/token): HubSpot responded 400 Bad Request, invalid_grant: [redacted] is dead"
    );
    assert!(!format!("{:?}", server.received()).contains(TOKEN));
}

#[tokio::test]
async fn a_response_that_breaks_off_after_the_refresh_token_is_a_response() {
    use hubspot_generated::Unchecked;
    use hubspot_generated::oauth::OAuthApp;

    let head = "HTTP/1.1 200 OK\r\ncontent-length: 9999\r\n\r\n";
    let both = r#"{"access_token": "hidden-a", "refresh_token": "hidden-new", "scopes": ["oau"#;
    let none = r#"{"access_token": "hidden-"#;
    let server = Server::start([
        format!("{head}{both}").into_bytes(),
        format!("{head}{none}").into_bytes(),
    ])
    .await;
    let app = OAuthApp::<Unchecked>::builder("id", "hidden-secret", "http://localhost/")
        .client(Client::unchecked_builder().base_url(server.url()))
        .build()
        .unwrap();
    let response = app.refresh(&"hidden-old".into()).await.unwrap();
    assert_eq!(
        response.refresh_token.unwrap().expose_secret(),
        "hidden-new"
    );
    assert_eq!(response.access_token.expose_secret(), "hidden-a");
    let error = app.refresh(&"hidden-old".into()).await.unwrap_err();
    assert!(
        error.to_string().contains("the connection failed"),
        "{error}"
    );
    assert_eq!(
        server.received().len(),
        2,
        "a refresh token may be used up: nothing is sent twice"
    );
}

#[tokio::test]
async fn a_token_response_that_cannot_be_decoded_keeps_the_refresh_token() {
    let cut = "HTTP/1.1 200 OK\r\ncontent-length: 9999\r\n\r\n";
    for (response, token) in [
        (ok(r#"{"refresh_token": "hidden-new"}"#), Some("hidden-new")),
        (
            ok(r#"{"refresh_token": "hidden-new", "access_token": {"odd": 1}}"#),
            Some("hidden-new"),
        ),
        (
            ok(r#"{"refresh_token": "hidden-new", "access_token": "hidden-"#),
            Some("hidden-new"),
        ),
        (
            format!(r#"{cut}{{"refresh_token": "hidden-new", "acc"#).into_bytes(),
            Some("hidden-new"),
        ),
        (
            format!(r#"{cut}{{"refresh_token": "hidden-"#).into_bytes(),
            None,
        ),
        (ok("<html>"), None),
    ] {
        let server = Server::start([response]).await;
        let nobody = Client::unchecked_builder().base_url(server.url());
        let request = nobody.build().unwrap().oauth().token(refresh());
        let error = request.send().await.unwrap_err();
        assert_eq!(
            error.refresh_token().map(Secret::expose_secret),
            token,
            "{error}"
        );
        assert!(
            !format!("{error} {error:?}").contains("hidden"),
            "{error:?}"
        );
        assert_eq!(server.received().len(), 1);
    }
}
