//! Retries after rate limits; `faults.rs` has every other fault.

use hubspot_generated::models::CreateObject;

use crate::server::{Server, ok, record, response, response_with};

fn limited(policy: &str) -> Vec<u8> {
    response_with(
        "429 Too Many Requests",
        "retry-after: 0",
        &format!(r#"{{"policyName": "{policy}"}}"#),
    )
}

fn create() -> CreateObject {
    CreateObject::new([("email", "ada@example.com")])
}

#[tokio::test]
async fn a_rate_limited_call_is_sent_again_as_it_was() {
    let limit = || limited("TEN_SECONDLY_ROLLING");
    let server = Server::start([
        limit(),
        limit(),
        response("201 Created", &record("1").to_string()),
    ])
    .await;
    server
        .client()
        .contacts()
        .create(create())
        .send()
        .await
        .unwrap();
    let [first, second, third] = &server.received()[..] else {
        panic!()
    };
    assert!(first.body.contains("ada@example.com"));
    for again in [second, third] {
        assert_eq!((&again.head, &again.body), (&first.head, &first.body));
    }
}

#[tokio::test]
async fn a_rate_limit_that_lasts_is_an_error_in_the_end() {
    let server = Server::start(std::iter::repeat_with(|| limited("SECONDLY")).take(9)).await;
    let error = server.client().contacts().list().send().await.unwrap_err();
    assert!(error.is_rate_limited());
    assert_eq!(server.received().len(), 5, "one call and four retries");
}

#[tokio::test]
async fn a_daily_limit_is_not_tried_again() {
    let server = Server::start([limited("DAILY"), ok(&record("1").to_string())]).await;
    let error = server
        .client()
        .contacts()
        .get("1")
        .send()
        .await
        .unwrap_err();
    assert!(error.is_rate_limited() && !error.is_retryable());
    assert_eq!(server.received().len(), 1);
}

#[tokio::test]
async fn nothing_is_sent_again_where_the_user_says_so() {
    let server = Server::start([
        limited("TEN_SECONDLY_ROLLING"),
        ok(&record("1").to_string()),
    ])
    .await;
    let hubspot = server.builder().max_retries(0).build().unwrap();
    assert!(
        hubspot
            .contacts()
            .get("1")
            .send()
            .await
            .unwrap_err()
            .is_rate_limited()
    );
    assert_eq!(server.received().len(), 1);
}
