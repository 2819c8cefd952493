//! The OAuth API over HTTP.

mod exchange;
mod info;
mod shapes;

use std::time::{Duration, SystemTime};

use crate::support::{Answer, exchange as send};
use hubspot_mock::{App, Install, MockHubSpot, Rotation};
use serde_json::Value;

const URI: &str = "https://app.example/callback";
const TOKEN: &str = "/oauth/2026-09/token";
const INTROSPECT: &str = "/oauth/2026-09/token/introspect";
const REVOKE: &str = "/oauth/2026-09/token/revoke";

/// A server whose clock stands still, with the app `id`, whose secret is `app-secret`.
async fn start(rotation: Rotation) -> MockHubSpot {
    let builder = MockHubSpot::builder().frozen_at(SystemTime::UNIX_EPOCH);
    let hubspot = builder.start().await.unwrap();
    let app = App::new("id", "app-secret")
        .redirect_uri(URI)
        .required(["crm.objects.contacts.read", "oauth"])
        .optional(["tickets"])
        .rotation(rotation);
    hubspot.register(app).unwrap();
    hubspot
}

/// The app, installed in the account `acme`.
async fn installed(rotation: Rotation) -> (MockHubSpot, Install) {
    let hubspot = start(rotation).await;
    let install = hubspot.account("acme").install("id").unwrap();
    (hubspot, install)
}

/// Sends a form.
async fn post(hubspot: &MockHubSpot, target: &str, fields: &[(&str, &str)]) -> Answer {
    let body = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish();
    let head = format!(
        "POST {target} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-length: {}\r\n\
         content-type: application/x-www-form-urlencoded\r\n\r\n",
        body.len()
    );
    let (answer, end) = send(hubspot, &[head.as_bytes(), body.as_bytes()].concat()).await;
    end.unwrap();
    Answer::read(&answer)
}

/// Sends a form with the app's credentials.
async fn post_as_app(hubspot: &MockHubSpot, target: &str, fields: &[(&str, &str)]) -> Answer {
    let credentials = [("client_id", "id"), ("client_secret", "app-secret")];
    post(hubspot, target, &[&credentials, fields].concat()).await
}

async fn refresh(hubspot: &MockHubSpot, target: &str, refresh_token: &str) -> Answer {
    let fields = [
        ("grant_type", "refresh_token"),
        ("refresh_token", refresh_token),
    ];
    post_as_app(hubspot, target, &fields).await
}

/// Reads contacts with a token.
async fn read_contacts(hubspot: &MockHubSpot, token: &str) -> Answer {
    let authorization = format!("Bearer {token}");
    crate::support::get(
        hubspot,
        "/crm/objects/2026-09/contacts",
        Some(&authorization),
    )
    .await
}

fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

/// Takes the member out and gives its text.
fn take(object: &mut Value, name: &str) -> String {
    let member = object
        .as_object_mut()
        .and_then(|members| members.remove(name));
    member
        .and_then(|value| value.as_str().map(str::to_owned))
        .unwrap()
}
