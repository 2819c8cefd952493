//! Errors of error responses, redirects and broken connections.

use std::error::Error as _;

use hubspot_generated::{Error, StatusCode};

use crate::server::{Server, TOKEN, ok, response, response_with};

#[tokio::test]
async fn a_missing_scope_names_what_to_ask_for() {
    let body = r#"{"status":"error","message":"This app hasn't been granted all required scopes to make this call.",
        "correlationId":"c-17","errors":[{"message":"One or more of the following scopes are required.",
        "context":{"requiredGranularScopes":["crm.objects.contacts.read","crm.objects.contacts.write"]}}],
        "links":{"scopes":"https://developers.hubspot.com/scopes"},"category":"MISSING_SCOPES"}"#;
    let server = Server::start([response("403 Forbidden", body)]).await;
    let error = server
        .client()
        .contacts()
        .get("17")
        .send()
        .await
        .unwrap_err();
    assert!(error.is_missing_scopes());
    let any = r#"any("crm.objects.contacts.read", "crm.objects.contacts.write")"#;
    assert_eq!(error.missing_scopes().unwrap().to_string(), any);
    assert!(
        error
            .requirement()
            .unwrap()
            .scopes()
            .contains("crm.objects.contacts.read")
    );
    assert_eq!(
        error.to_string(),
        format!(
            "contacts.get (GET /crm/objects/2026-09/contacts/{{objectId}}): HubSpot responded 403 Forbidden, \
             MISSING_SCOPES: This app hasn't been granted all required scopes to make this call; the token lacks {any} \
             (correlation id c-17)"
        )
    );
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let other = Server::start([ok("{}")]).await;
    for status in [
        "301 Moved Permanently",
        "302 Found",
        "307 Temporary Redirect",
        "308 Permanent Redirect",
    ] {
        let location = format!("location: {}/stolen", other.url());
        let server = Server::start([response_with(status, &location, "")]).await;
        let error = server.client().contacts().list().send().await.unwrap_err();
        assert_eq!(error.status().unwrap().as_str(), &status[..3]);
        assert!(!error.is_retryable());
    }
    assert!(other.received().is_empty());
}

#[tokio::test]
async fn a_client_of_ones_own_takes_the_token_to_no_other_host() {
    let other = Server::start([ok(r#"{"results": []}"#)]).await;
    let location = format!("location: {}/stolen", other.url());
    let server = Server::start([response_with("307 Temporary Redirect", &location, "")]).await;
    let own = reqwest::Client::builder().no_proxy().build().unwrap();
    let error = server
        .builder()
        .http_client(own)
        .build()
        .unwrap()
        .contacts()
        .list()
        .send()
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "contacts.list (GET /crm/objects/2026-09/contacts): the response came from another host, after a redirect"
    );

    let [stolen] = &other.received()[..] else {
        panic!("the redirect was not followed: the test shows nothing")
    };
    assert_eq!(stolen.line(), "GET /stolen HTTP/1.1");
    assert!(!format!("{stolen:?}").contains(TOKEN), "{stolen:?}");
    assert!(server.received()[0].head.contains(TOKEN));
}

#[tokio::test]
async fn no_error_shows_a_token_or_a_url_or_a_body() {
    let echo = format!(
        r#"{{"message": "bad token {TOKEN}", "category": "{TOKEN} x", "errors": [{{"message": "{TOKEN}"}}],
            "status": "{TOKEN}", "correlationId": "{TOKEN}", "context": {{"{TOKEN}": ["{TOKEN}"]}}}}"#
    );
    let located = format!("location: https://user:{TOKEN}@[bad");
    let script = [
        response("401 Unauthorized", &echo),
        response("200 OK", &format!(r#"{{"id": {{"{TOKEN}": 1}}}}"#)),
        response(
            "200 OK",
            &format!(r#"{{"id": "1", "properties": "{TOKEN}"}}"#),
        ),
        response(
            "200 OK",
            &format!(r#"{{"id": "1", "properties": {{"{TOKEN}": []}}}}"#),
        ),
        response_with("302 Found", &located, ""),
        format!("HTTP/1.1 200 OK\r\ncontent-length: 9999\r\n\r\n{TOKEN}").into_bytes(),
        format!("{TOKEN} is not HTTP\r\n\r\n").into_bytes(),
        Vec::new(),
    ];
    let calls = script.len();
    let server = Server::start(script).await;
    let hubspot = server.builder().max_retries(0).build().unwrap();
    for _ in 0..calls {
        let error = hubspot
            .contacts()
            .get("secret-id")
            .query("hapikey", "secret-key")
            .send()
            .await
            .unwrap_err();
        let text = shown(&error);
        assert!(
            !text.contains("hidden") && !text.contains("secret"),
            "{text}"
        );
    }
    assert!(!format!("{hubspot:?} {:?}", hubspot.contacts()).contains("hidden"));
}

/// All that logging an error can show.
fn shown(error: &Error) -> String {
    let mut texts = vec![format!("{error} {error:?} {error:#?}")];
    let mut source = error.source();
    while let Some(cause) = source {
        texts.push(format!("{cause} {cause:?}"));
        source = cause.source();
    }
    texts.join(" ")
}

#[tokio::test]
async fn a_status_is_at_hand() {
    let server = Server::start([response(
        "404 Not Found",
        r#"{"category": "OBJECT_NOT_FOUND"}"#,
    )])
    .await;
    let error = server
        .client()
        .contacts()
        .get("1")
        .send()
        .await
        .unwrap_err();
    assert!(error.is_not_found());
    assert_eq!(error.status(), Some(StatusCode::NOT_FOUND));
    assert_eq!(error.operation(), Some("contacts.get"));
}

#[tokio::test]
async fn a_token_in_a_path_is_not_repeated() {
    let body = r#"{"category": "NOT_FOUND", "message": "no such token: CJ+secret-in-path"}"#;
    let server = Server::start([response("404 Not Found", body)]).await;
    let path = "/oauth/v1/access-tokens/CJ%2Bsecret-in-path";
    let request = server
        .client()
        .request(hubspot_generated::Method::Get, path);
    let error = request.send().await.unwrap_err();
    assert_eq!(error.message(), Some("no such token: [redacted]"));
    assert!(!error.to_string().contains("secret-in-path"), "{error}");
}
