//! Measures how long an OAuth app takes to return access tokens.
//!
//! `cargo xtask bench auth` runs it. It prints one figure per line: a name, a tab, a number. Without `redis-server` the
//! figures of four processes are left out.

mod contention;
mod lookup;

use hubspot_generated::Client;
use hubspot_generated::Unchecked;
use hubspot_generated::oauth::{OAuthApp, OAuthAppBuilder, TokenRecord};

/// What a measurement ends with when it cannot be taken.
type Outcome = Result<(), Box<dyn std::error::Error>>;

/// The account of all measurements.
const ACCOUNT: u64 = 17;

#[tokio::main]
async fn main() -> Outcome {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [hub, redis, begin] = &arguments[..] {
        return contention::one_of_four(hub, redis, begin).await;
    }
    lookup::measure().await?;
    contention::measure().await
}

/// Prints a figure.
fn tell(name: &str, value: f64) {
    println!("{name}\t{value}");
}

/// An app whose HubSpot is at `url`.
fn app(url: &str) -> OAuthAppBuilder<Unchecked> {
    OAuthApp::builder("app", "app-secret", "http://localhost/")
        .client(Client::unchecked_builder().base_url(url))
}

/// The record of the account, whose token lives until `expires_at`.
fn record(expires_at: u64) -> Result<TokenRecord, serde_json::Error> {
    serde_json::from_value(serde_json::json!({
        "hub_id": ACCOUNT, "access_token": "a".repeat(512), "refresh_token": "r".repeat(64),
        "expires_at": expires_at, "lifetime": 1800,
    }))
}
