//! Runs `--token-env` against a local server that knows one token of each kind.

use std::process::Command;

use axum::http::StatusCode;
use axum::routing::post;
use axum::{Json, Router};
use serde_json::{Value, json};

use super::{audit, demo, texts};

const STATIC: &str = "pat-eu1-secret";
const OF_APP: &str = "of-an-app-secret";

const GRANTED: [&str; 5] = [
    "crm.objects.contacts.read",
    "crm.objects.contacts.write",
    "crm.objects.companies.read",
    "crm.objects.line_items.write",
    "crm.lists.read",
];

async fn token_info(Json(body): Json<Value>) -> (StatusCode, Json<Value>) {
    if body["tokenKey"] == STATIC {
        let answer = json!({ "userId": 1, "hubId": 7, "appId": 2, "scopes": GRANTED });
        return (StatusCode::OK, Json(answer));
    }
    let answer =
        json!({ "status": "error", "category": "VALIDATION_ERROR", "message": "no such token" });
    (StatusCode::NOT_FOUND, Json(answer))
}

async fn introspect(body: String) -> (StatusCode, Json<Value>) {
    let form: Vec<_> = url::form_urlencoded::parse(body.as_bytes())
        .into_owned()
        .collect();
    let value = |name| {
        let field = form.iter().find(|(key, _)| key == name);
        field.map(|(_, value)| value.as_str())
    };
    if value("client_id") != Some("id") || value("client_secret") != Some("app-secret") {
        let answer = json!({ "error": "invalid_client" });
        return (StatusCode::UNAUTHORIZED, Json(answer));
    }
    let active = value("token") == Some(OF_APP);
    let answer = if active {
        json!({ "active": true, "hub_id": 7, "scopes": GRANTED, "token_type": "bearer" })
    } else {
        json!({ "active": false })
    };
    (StatusCode::OK, Json(answer))
}

/// Starts the server, which runs until the test ends, and returns its address.
fn start() -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            let routes = Router::new()
                .route(
                    "/oauth/v2/private-apps/get/access-token-info",
                    post(token_info),
                )
                .route("/oauth/2026-09/token/introspect", post(introspect));
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            axum::serve(listener, routes).await.unwrap();
        });
    });
    format!("http://{address}")
}

/// Runs an audit with a token and the credentials of an app. No output contains a secret.
fn run_with(
    mut command: Command,
    token: &str,
    credentials: Option<&str>,
) -> (Option<i32>, String, String) {
    command
        .env("THE_TOKEN", token)
        .env_remove("HUBSPOT_CLIENT_ID")
        .env_remove("HUBSPOT_CLIENT_SECRET");
    if let Some(secret) = credentials {
        command
            .env("HUBSPOT_CLIENT_ID", "id")
            .env("HUBSPOT_CLIENT_SECRET", secret);
    }
    let output = command.output().unwrap();
    let (stdout, stderr) = texts(&output);
    for secret in [STATIC, OF_APP, "app-secret"] {
        assert!(!stdout.contains(secret) && !stderr.contains(secret));
    }
    (output.status.code(), stdout, stderr)
}

#[test]
fn a_token_is_compared_with_what_is_declared_and_needed() {
    let hubspot = start();
    let workspace = demo("live");
    let run = |token: &str, credentials: Option<&str>, more: &[&str]| {
        let base = ["--token-env", "THE_TOKEN", "--base-url", &hubspot];
        let command = audit(&workspace, &[&base, more].concat());
        run_with(command, token, credentials)
    };
    for (token, credentials) in [(STATIC, None), (OF_APP, Some("app-secret"))] {
        let (status, stdout, _) = run(token, credentials, &["--deny", "missing,surplus"]);
        assert_eq!(status, Some(1));
        assert!(
            stdout.contains("which the token was not granted"),
            "{stdout}"
        );
        assert!(
            stdout.contains("error[missing]: `companies.archive` and `companies.create` need crm.objects.companies.write"),
            "{stdout}"
        );
        assert!(
            stdout.contains(
                "warning[surplus]: the token was granted `crm.lists.read`, which nothing needs"
            ),
            "{stdout}"
        );
        let (_, stdout, _) = run(token, credentials, &["--format", "json"]);
        let report: Value = serde_json::from_str(&stdout).unwrap();
        let mut granted = GRANTED.to_vec();
        granted.sort_unstable();
        assert_eq!(report["granted"]["scopes"], json!(granted));
    }

    let (status, _, stderr) = run("unknown", None, &[]);
    assert_eq!(status, Some(2));
    assert!(stderr.contains("HUBSPOT_CLIENT_SECRET"), "{stderr}");
    let (status, _, stderr) = run("expired", Some("app-secret"), &[]);
    assert_eq!(status, Some(2));
    assert!(
        stderr.contains("the token has expired, or was revoked"),
        "{stderr}"
    );
    let (status, _, _) = run(OF_APP, Some("wrong"), &[]);
    assert_eq!(status, Some(2));
    let (status, _, stderr) = run("", None, &[]);
    assert_eq!(status, Some(2));
    assert!(
        stderr.ends_with("error: `THE_TOKEN` is empty\n"),
        "{stderr}"
    );
}
