//! Routing, authentication, scopes and validation over HTTP.

use std::time::{Duration, SystemTime};

use crate::support::{Answer, get, request};
use hubspot_mock::{App, MockHubSpot, Tier};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const CONTACTS: &str = "/crm/objects/2026-09/contacts";

async fn start() -> MockHubSpot {
    MockHubSpot::start().await.unwrap()
}

/// Checks what every error has, and gives its category.
fn category(answer: &Answer, status: u16) -> Value {
    assert_eq!(answer.status, status, "{}", answer.text());
    let body = answer.json();
    assert_eq!(body["status"], "error");
    let correlation_id = body["correlationId"].as_str().unwrap();
    let lengths = correlation_id.split('-').map(str::len).collect::<Vec<_>>();
    assert_eq!(lengths, [8, 4, 4, 4, 12]);
    assert_eq!(
        answer.header("x-hubspot-correlation-id"),
        Some(correlation_id)
    );
    assert!(!body["message"].as_str().unwrap().is_empty());
    body["category"].clone()
}

#[tokio::test]
async fn an_unknown_path_is_a_501_and_an_unknown_method_a_405() {
    let hubspot = start().await;
    for path in [
        "/crm/objects/2026-09",
        "/nowhere",
        "/crm/v9/objects/contacts",
        "/%FF",
    ] {
        let answer = get(&hubspot, path, None).await;
        let status = if path == "/%FF" { 400 } else { 501 };
        category(&answer, status);
    }
    let answer = request(&hubspot, "PUT", CONTACTS, None, None).await;
    assert_eq!(category(&answer, 405), Value::Null);
    assert_eq!(answer.header("allow"), Some("GET, POST"));
    assert_eq!(answer.header("x-hubspot-mock"), Some("no such operation"));
}

#[tokio::test]
async fn unknown_tokens_are_refused() {
    let hubspot = start().await;
    for authorization in [
        "",
        "Bearer",
        "Bearer ",
        "Basic dTpw",
        "pat-na1-1",
        "Bearer nobody",
        "Bearer a b",
    ] {
        let answer = get(&hubspot, CONTACTS, Some(authorization)).await;
        assert_eq!(
            category(&answer, 401),
            "INVALID_AUTHENTICATION",
            "{authorization:?}"
        );
    }
    let answer = get(&hubspot, CONTACTS, None).await;
    assert_eq!(category(&answer, 401), "INVALID_AUTHENTICATION");
}

#[tokio::test]
async fn a_token_that_has_expired_is_told_from_one_that_is_not_known() {
    let builder = MockHubSpot::builder().frozen_at(SystemTime::UNIX_EPOCH);
    let hubspot = builder.start().await.unwrap();
    let app = App::new("id", "secret")
        .redirect_uri("https://app.example/callback")
        .required(["crm.objects.contacts.read"]);
    hubspot.register(app).unwrap();
    let acme = hubspot.account("acme");
    let token = format!("bearer {}", acme.install("id").unwrap().access_token);
    hubspot.advance(Duration::from_secs(1799));
    assert_eq!(get(&hubspot, CONTACTS, Some(&token)).await.status, 200);
    hubspot.advance(Duration::from_secs(1));
    let answer = get(&hubspot, CONTACTS, Some(&token)).await;
    assert_eq!(category(&answer, 401), "EXPIRED_AUTHENTICATION");
    assert!(acme.uninstall("id"));
    let answer = get(&hubspot, CONTACTS, Some(&token)).await;
    assert_eq!(category(&answer, 401), "INVALID_AUTHENTICATION");
}

#[tokio::test]
async fn a_rotated_token_is_of_no_use_at_once() {
    let hubspot = start().await;
    let old = hubspot.account("acme").grant(["crm.objects.contacts.read"]);
    let new = hubspot.rotate(&old).unwrap();
    let status = async |token: &str| {
        let authorization = format!("Bearer {token}");
        get(&hubspot, CONTACTS, Some(&authorization)).await.status
    };
    assert_eq!((status(&old).await, status(&new).await), (401, 200));
    let edited = hubspot.edit_scopes(&new, ["oauth"]).unwrap();
    assert_eq!((status(&new).await, status(&edited).await), (401, 403));
    assert_eq!(hubspot.rotate(&new), None);
}

#[tokio::test]
async fn a_missing_scope_is_named() {
    let hubspot = start().await;
    let token = hubspot
        .account("acme")
        .grant(["crm.objects.companies.read"]);
    let answer = get(&hubspot, CONTACTS, Some(&format!("Bearer {token}"))).await;
    assert_eq!(category(&answer, 403), "MISSING_SCOPES");
    let body = answer.json();
    let expected = json!([{
        "message": "One or more of the following scopes are required.",
        "context": { "requiredGranularScopes": ["crm.objects.contacts.read"] },
    }]);
    assert_eq!(body["errors"], expected);
    assert!(body["links"]["scopes"].is_string());
    assert!(
        body["message"]
            .as_str()
            .unwrap()
            .starts_with("This app hasn't been granted all required scopes to make this call.")
    );
}

#[tokio::test]
async fn an_invalid_body_is_refused_with_the_places() {
    let hubspot = MockHubSpot::builder()
        .tier(Tier::UNLIMITED)
        .start()
        .await
        .unwrap();
    let token = hubspot
        .account("acme")
        .grant(["crm.objects.contacts.write"]);
    let authorization = format!("Bearer {token}");
    let path = format!("{CONTACTS}/batch/create");
    let body = json!({ "inputs": [{ "properties": { "email": [5] } }, {}] }).to_string();
    let answer = request(&hubspot, "POST", &path, Some(&authorization), Some(&body)).await;
    assert_eq!(category(&answer, 400), "VALIDATION_ERROR");
    let body = answer.json();
    let places = body["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| &error["in"]);
    assert_eq!(
        places.collect::<Vec<_>>(),
        ["inputs[0].properties.email", "inputs[1].properties"]
    );
}

#[tokio::test]
async fn a_head_that_does_not_end_is_cut_off() {
    let hubspot = start().await;
    let address = hubspot.url().replace("http://", "");
    let first = format!("GET {CONTACTS} HTTP/1.1\r\nhost: localhost\r\n\r\n");
    let head = format!("GET {CONTACTS} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n");
    let whole = format!("{head}\r\n");
    let write = format!("POST {CONTACTS} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n");
    let write = format!("{write}content-length: 18\r\n\r\n{{\"pro");
    for (bytes, pause, rest, answered) in [
        (&*head, 60, "\r\n", false),
        (&head, 5, "\r\n", true),
        // A connection without a request may stay open, and a body may take long.
        ("", 600, &whole, true),
        (&first, 600, &whole, true),
        (&write, 600, "perties\": {}}", true),
    ] {
        let mut stream = TcpStream::connect(&address).await.unwrap();
        stream.write_all(bytes.as_bytes()).await.unwrap();
        // The server reads them before the time passes.
        tokio::time::sleep(Duration::from_millis(20)).await;
        tokio::time::pause();
        tokio::time::advance(Duration::from_secs(pause)).await;
        tokio::time::resume();
        // A connection that was cut off may refuse the bytes.
        let _ = stream.write_all(rest.as_bytes()).await;
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        let expected = if answered { "401" } else { "" };
        let answer = String::from_utf8(answer).unwrap();
        assert_eq!(
            answer
                .rsplit("HTTP/1.1 ")
                .next()
                .unwrap()
                .get(..3)
                .unwrap_or_default(),
            expected,
            "{bytes:?}"
        );
    }
}

#[tokio::test]
async fn responses_have_the_date_of_the_servers_clock() {
    let hubspot = MockHubSpot::builder()
        .frozen_at(SystemTime::UNIX_EPOCH)
        .start()
        .await
        .unwrap();
    hubspot.advance(Duration::from_hours(1));
    let answer = get(&hubspot, CONTACTS, None).await;
    assert_eq!(answer.header("date"), Some("Thu, 01 Jan 1970 01:00:00 GMT"));
}
