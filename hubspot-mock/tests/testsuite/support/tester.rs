//! A server with an account and a token for every operation.
use hubspot_mock::{MockAccount, MockHubSpot, Tier};
use serde_json::Value;

use crate::support::{Answer, request};

/// A server, an account and a token with every scope.
pub(crate) struct Tester {
    pub(crate) hubspot: MockHubSpot,
    pub(crate) account: MockAccount,
    authorization: String,
}

impl Tester {
    pub(crate) async fn start() -> Self {
        let builder = MockHubSpot::builder().tier(Tier::UNLIMITED);
        Self::of(builder.start().await.unwrap())
    }

    /// A tester of a server that runs.
    pub(crate) fn of(hubspot: MockHubSpot) -> Self {
        let account = hubspot.account("acme");
        let authorization = format!("Bearer {}", account.grant(MockHubSpot::every_scope()));
        Self {
            hubspot,
            account,
            authorization,
        }
    }

    /// Sends a request whose response has behavior, and returns its status and JSON.
    pub(crate) async fn call(&self, method: &str, path: &str, body: Value) -> (u16, Value) {
        let body = (!body.is_null()).then(|| body.to_string());
        let token = Some(&*self.authorization);
        let answer = request(&self.hubspot, method, path, token, body.as_deref()).await;
        assert_eq!(answer.header("x-hubspot-mock"), None, "{method} {path}");
        let json = if answer.body.is_empty() {
            Value::Null
        } else {
            answer.json()
        };
        (answer.status, json)
    }

    /// Sends a request that must succeed.
    pub(crate) async fn ok(&self, method: &str, path: &str, body: Value) -> Value {
        let (status, json) = self.call(method, path, body).await;
        assert!(
            (200..300).contains(&status),
            "{method} {path}: {status} {json}"
        );
        json
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        self.ok("GET", path, Value::Null).await
    }

    pub(crate) async fn status(&self, method: &str, path: &str, body: Value) -> u16 {
        self.call(method, path, body).await.0
    }

    /// Sends a request and returns the response with its `x-hubspot-mock`.
    pub(crate) async fn marked(&self, method: &str, path: &str) -> (Answer, Option<String>) {
        let token = Some(&*self.authorization);
        let answer = request(&self.hubspot, method, path, token, None).await;
        let mark = answer.header("x-hubspot-mock").map(str::to_owned);
        (answer, mark)
    }
}

/// The values of a field of the results.
pub(crate) fn field(page: &Value, name: &str) -> Vec<String> {
    let results = page["results"].as_array().unwrap();
    let values = results
        .iter()
        .map(|result| result[name].as_str().unwrap_or_default().to_owned());
    values.collect()
}
