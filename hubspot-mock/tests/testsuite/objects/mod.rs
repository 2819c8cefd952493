//! The objects APIs over HTTP.

mod any_input;
mod associations;
mod batch;
mod gdpr;
mod history;
mod indexes;
mod lenient;
mod merge;
mod records;
mod rules;
mod schemas;
mod search;
mod types;
mod wire;

use std::time::Duration;

use hubspot_mock::{MockAccount, MockHubSpot, MockHubSpotBuilder};
use serde_json::Value;

/// Every scope that these calls need.
const SCOPES: [&str; 14] = [
    "crm.objects.companies.read",
    "crm.objects.companies.write",
    "crm.objects.contacts.read",
    "crm.objects.contacts.write",
    "crm.objects.custom.read",
    "crm.objects.custom.write",
    "crm.objects.deals.read",
    "crm.objects.deals.write",
    "crm.objects.line_items.read",
    "crm.objects.line_items.write",
    "crm.objects.products.read",
    "crm.objects.products.write",
    "crm.schemas.custom.read",
    "crm.schemas.custom.write",
];

/// A HubSpot, an account of it, and a token that may do everything there.
struct Tester {
    hubspot: MockHubSpot,
    account: MockAccount,
    authorization: String,
}

impl Tester {
    async fn start() -> Self {
        Self::start_with(MockHubSpot::builder()).await
    }

    async fn start_with(builder: MockHubSpotBuilder) -> Self {
        let hubspot = builder.start().await.unwrap();
        let account = hubspot.account("acme");
        let authorization = format!("Bearer {}", account.grant(SCOPES));
        Self {
            hubspot,
            account,
            authorization,
        }
    }

    /// Calls, and gives status and JSON; `null` where there is no body. `path` begins after the host.
    async fn call(&self, method: &str, path: &str, body: Option<Value>) -> (u16, Value) {
        // Searches are limited to five a second.
        self.hubspot.advance(Duration::from_secs(1));
        let body = body.map(|body| body.to_string());
        let answer = crate::support::request(
            &self.hubspot,
            method,
            path,
            Some(&self.authorization),
            body.as_deref(),
        )
        .await;
        let json = if answer.body.is_empty() {
            Value::Null
        } else {
            answer.json()
        };
        (answer.status, json)
    }

    async fn get(&self, path: &str) -> (u16, Value) {
        self.call("GET", path, None).await
    }

    async fn post(&self, path: &str, body: Value) -> (u16, Value) {
        self.call("POST", path, Some(body)).await
    }

    async fn patch(&self, path: &str, body: Value) -> (u16, Value) {
        self.call("PATCH", path, Some(body)).await
    }

    async fn put(&self, path: &str, body: Option<Value>) -> (u16, Value) {
        self.call("PUT", path, body).await
    }

    async fn delete(&self, path: &str) -> (u16, Value) {
        self.call("DELETE", path, None).await
    }

    /// The ids of what a search finds, in order.
    async fn search(&self, path: &str, body: Value) -> Vec<String> {
        let (status, found) = self.post(path, body).await;
        assert_eq!(status, 200, "{found}");
        ids(&found)
    }
}

/// The ids of a page or a batch.
fn ids(page: &Value) -> Vec<String> {
    let results = page["results"].as_array().unwrap();
    results.iter().map(|record| text(&record["id"])).collect()
}

fn text(value: &Value) -> String {
    value
        .as_str()
        .unwrap_or_else(|| panic!("not a text: {value}"))
        .to_owned()
}

/// The codes of the single faults.
fn codes(answer: &Value) -> Vec<String> {
    let errors = answer["errors"].as_array().unwrap();
    errors.iter().map(|error| text(&error["code"])).collect()
}
