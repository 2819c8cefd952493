//! The bytes of responses: each request in `wire.txt`, in its order, on one server with a frozen clock, and each in
//! `wire-options.txt` on a server with other options.
//!
//! `WIRE=overwrite cargo test -p hubspot-mock --test testsuite wire` writes the responses; read every difference as a program
//! that parses them.

use std::time::{Duration, SystemTime};

use hubspot_mock::{ConflictBody, InvalidValues, MockHubSpot, MockHubSpotBuilder, Owner};
use serde_json::json;

use super::Tester;
use crate::support;

/// The folder of the files.
const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/testsuite/objects/");

/// A request with the response that is expected: a comment, method and path, the body, status and response.
struct Exchange<'a> {
    comment: &'a str,
    request: &'a str,
    body: &'a str,
    response: String,
}

fn read(text: &str) -> Vec<Exchange<'_>> {
    let blocks = text.split("\n\n").filter(|block| !block.trim().is_empty());
    let exchanges = blocks.map(|block| {
        let mut lines = block.trim().lines();
        let [comment, request, body] = [(); 3].map(|()| lines.next().unwrap_or_default());
        let response = lines.collect::<Vec<_>>().join("\n");
        Exchange {
            comment,
            request,
            body,
            response,
        }
    });
    exchanges.collect()
}

/// Replaces the only part that differs from run to run.
fn without_correlation_id(mut text: String) -> String {
    let field = "\"correlationId\":\"";
    if let Some(start) = text.find(field).map(|place| place + field.len()) {
        text.replace_range(start..start + 36, "…");
    }
    text
}

#[tokio::test]
async fn responses_have_these_bytes() {
    check("wire.txt", MockHubSpot::builder()).await;
}

#[tokio::test]
async fn responses_with_options_have_these_bytes() {
    let builder = MockHubSpot::builder()
        .conflict_body(ConflictBody::Long)
        .invalid_values(InvalidValues::PerInput)
        .search_lag(Duration::from_millis(2_500));
    check("wire-options.txt", builder).await;
}

/// Sends the requests of a file.
async fn check(file: &str, builder: MockHubSpotBuilder) {
    let file = format!("{FOLDER}{file}");
    let time = SystemTime::UNIX_EPOCH + Duration::from_hours(24 * 20_000);
    let builder = builder.frozen_at(time);
    let tester = Tester::start_with(builder).await;
    tester.account.owner(Owner::new("boss@b.co").id(7));
    tester
        .account
        .contact([("email", "ada@b.co"), ("lifecyclestage", "customer")]);
    tester
        .account
        .contact([("email", "bob@b.co"), ("firstname", "Bob")]);
    tester.account.company([("name", "Acme")]);
    let schema = json!({"name": "car", "labels": {"singular": "Car", "plural": "Cars"}, "requiredProperties": [],
        "properties": [], "associatedObjects": []});
    tester.account.schema(&schema);
    let text = std::fs::read_to_string(&file).unwrap();
    let mut written = String::new();
    for exchange in read(&text) {
        tester.hubspot.advance(Duration::from_secs(1));
        let (method, path) = exchange.request.split_once(' ').unwrap();
        let body = Some(exchange.body).filter(|body| *body != "-");
        let token = Some(&*tester.authorization);
        let answer = support::request(&tester.hubspot, method, path, token, body).await;
        let mark = answer
            .header("x-hubspot-mock")
            .map(|mark| format!(" ({mark})"));
        let response = without_correlation_id(answer.text());
        let response = format!("{}{}\n{response}", answer.status, mark.unwrap_or_default());
        let Exchange {
            comment,
            request,
            body,
            response: expected,
        } = exchange;
        written.extend([comment, request, body, response.as_str()].map(|part| format!("{part}\n")));
        written.push('\n');
        if std::env::var_os("WIRE").is_none() {
            assert_eq!(response.trim(), expected, "{comment}");
        }
    }
    if std::env::var_os("WIRE").is_some() {
        std::fs::write(&file, written.trim_end().to_owned() + "\n").unwrap();
    }
}
