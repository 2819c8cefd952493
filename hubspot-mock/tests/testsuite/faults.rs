//! Injected faults, over HTTP.

use std::io::ErrorKind;
use std::time::Duration;

use crate::support::{Answer, exchange, get, request, write};
use hubspot_mock::{Entry, Fault, MockHubSpot, RandomFaults};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const CONTACTS: &str = "/crm/objects/2026-09/contacts";

/// A server with one account, and the header with a token of it.
async fn start() -> (MockHubSpot, String) {
    let hubspot = MockHubSpot::start().await.unwrap();
    let scopes = ["crm.objects.contacts.read", "crm.objects.contacts.write"];
    let token = hubspot.account("acme").grant(scopes);
    (hubspot, format!("Bearer {token}"))
}

/// The request that puts a contact in.
fn creation(token: &str) -> Vec<u8> {
    let body = json!({ "properties": { "email": "ada@example.com" } }).to_string();
    write("POST", CONTACTS, Some(token), Some(&body))
}

async fn create(hubspot: &MockHubSpot, token: &str) -> Answer {
    let (answer, end) = exchange(hubspot, &creation(token)).await;
    end.unwrap();
    Answer::read(&answer)
}

/// How many contacts there are.
async fn contacts(hubspot: &MockHubSpot, token: &str) -> usize {
    let answer = get(hubspot, CONTACTS, Some(token)).await;
    answer.json()["results"].as_array().unwrap().len()
}

#[tokio::test]
async fn an_error_replaces_the_effect_once() {
    let (hubspot, token) = start().await;
    hubspot.fail_next(Fault::status(503).retry_after(Duration::from_secs(2)));
    let answer = create(&hubspot, &token).await;
    assert_eq!(answer.status, 503);
    assert_eq!(answer.header("retry-after"), Some("2"));
    let correlation_id = answer.json()["correlationId"].clone();
    assert_eq!(
        answer.header("x-hubspot-correlation-id"),
        correlation_id.as_str()
    );
    assert_eq!(contacts(&hubspot, &token).await, 0);
    assert_eq!(create(&hubspot, &token).await.status, 201);
}

#[tokio::test]
async fn an_error_after_the_effect_hides_a_success() {
    let (hubspot, token) = start().await;
    hubspot.fail_next(Fault::status(504).after_effect());
    assert_eq!(create(&hubspot, &token).await.status, 504);
    assert_eq!(contacts(&hubspot, &token).await, 1);
}

#[tokio::test]
async fn named_errors_have_their_status_and_body() {
    let (hubspot, token) = start().await;
    for (fault, status, policy) in [
        (Fault::locked(), 423, None),
        (Fault::moving(Duration::from_hours(24)), 477, None),
        (Fault::rate_limit(), 429, Some("TEN_SECONDLY_ROLLING")),
        (Fault::daily_limit(), 429, Some("DAILY")),
        (Fault::search_limit(), 429, Some("SECONDLY")),
        (Fault::status(520), 520, None),
        (Fault::status(200), 500, None),
    ] {
        hubspot.fail_next(fault.clone());
        let answer = get(&hubspot, CONTACTS, Some(&token)).await;
        assert_eq!(answer.status, status, "{fault}");
        assert_eq!(answer.json()["status"], "error");
        assert_eq!(answer.json()["policyName"].as_str(), policy);
        let retry_after = (status == 477).then_some("86400");
        assert_eq!(answer.header("retry-after"), retry_after);
    }
}

#[tokio::test]
async fn a_proxy_responds_with_html() {
    let (hubspot, token) = start().await;
    hubspot.fail_next(Fault::html(502));
    let answer = get(&hubspot, CONTACTS, Some(&token)).await;
    assert_eq!(answer.status, 502);
    assert_eq!(
        answer.header("content-type"),
        Some("text/html; charset=utf-8")
    );
    assert!(answer.text().starts_with("<!doctype html>"));
}

#[tokio::test]
async fn a_reset_connection_has_no_response() {
    let (hubspot, token) = start().await;
    for (fault, expected) in [(Fault::reset(), 0), (Fault::reset().after_effect(), 1)] {
        hubspot.fail_next(fault);
        let (answer, end) = exchange(&hubspot, &creation(&token)).await;
        assert_eq!(answer, b"");
        assert_eq!(end.unwrap_err().kind(), ErrorKind::ConnectionReset);
        assert_eq!(contacts(&hubspot, &token).await, expected);
    }
    let statuses = hubspot.journal();
    let statuses = statuses.of("contacts.create").map(Entry::status);
    assert_eq!(statuses.collect::<Vec<_>>(), [None, None]);
}

#[tokio::test]
async fn a_truncated_body_has_half_of_its_length() {
    let (hubspot, token) = start().await;
    hubspot.fail_next(Fault::truncated_body());
    let (answer, _) = exchange(&hubspot, &creation(&token)).await;
    let answer = Answer::read(&answer);
    assert_eq!(answer.status, 201);
    let announced: usize = answer.header("content-length").unwrap().parse().unwrap();
    assert_eq!(answer.body.len(), announced / 2);
    assert!(announced > 10);
    assert_eq!(contacts(&hubspot, &token).await, 1);
}

#[tokio::test]
async fn a_slow_body_is_complete() {
    let (hubspot, token) = start().await;
    hubspot.fail_next(Fault::slow_drip(7, Duration::from_millis(1)));
    let answer = create(&hubspot, &token).await;
    let announced: usize = answer.header("content-length").unwrap().parse().unwrap();
    assert_eq!((answer.status, answer.body.len()), (201, announced));
    assert_eq!(answer.json()["properties"]["email"], "ada@example.com");
}

/// Sends a request, and gives what has come of the answer when nothing more comes for a while.
async fn first_part(hubspot: &MockHubSpot, request: &[u8]) -> Vec<u8> {
    let address = hubspot.url().replace("http://", "");
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request).await.unwrap();
    let mut answer = Vec::new();
    let mut part = [0; 4096];
    let while_it_comes = Duration::from_millis(200);
    while let Ok(read) = tokio::time::timeout(while_it_comes, stream.read(&mut part)).await {
        answer.extend_from_slice(&part[..read.unwrap()]);
    }
    answer
}

#[tokio::test]
async fn a_delayed_response_takes_effect_at_once() {
    let (hubspot, token) = start().await;
    hubspot.fail_next(Fault::latency(Duration::from_hours(1)));
    assert_eq!(first_part(&hubspot, &creation(&token)).await, b"");
    assert_eq!(contacts(&hubspot, &token).await, 1);
}

#[tokio::test]
async fn a_slow_body_keeps_its_reader_waiting() {
    let (hubspot, token) = start().await;
    hubspot.fail_next(Fault::slow_drip(1, Duration::from_hours(1)));
    let answer = Answer::read(&first_part(&hubspot, &creation(&token)).await);
    assert_eq!((answer.status, answer.body.len()), (201, 0));
}

#[tokio::test]
async fn dropping_the_server_ends_delays() {
    for fault in [
        Fault::latency(Duration::from_hours(1)),
        Fault::slow_drip(1, Duration::from_hours(1)),
    ] {
        let (hubspot, token) = start().await;
        hubspot.fail_next(fault);
        let address = hubspot.url().replace("http://", "");
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(&creation(&token)).await.unwrap();
        while hubspot.journal().is_empty() {
            tokio::task::yield_now().await;
        }
        drop(hubspot);
        // It ends, in whichever way.
        let _ = stream.read_to_end(&mut Vec::new()).await;
    }
}

#[tokio::test]
async fn a_response_can_have_another_content_type() {
    let (hubspot, token) = start().await;
    hubspot.fail_next(Fault::content_type("text/plain"));
    let answer = get(&hubspot, CONTACTS, Some(&token)).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), Some("text/plain"));
    assert!(answer.json()["results"].is_array());
}

#[tokio::test]
async fn a_second_delivery_sees_the_effect_of_the_first() {
    let (hubspot, token) = start().await;
    hubspot.fail_next(Fault::duplicate_delivery());
    let answer = create(&hubspot, &token).await;
    assert_eq!(answer.status, 409, "{}", answer.text());
    assert_eq!(contacts(&hubspot, &token).await, 1);
    let journal = hubspot.journal();
    let statuses = journal.of("contacts.create").map(Entry::status);
    assert_eq!(statuses.collect::<Vec<_>>(), [Some(201), Some(409)]);
}

#[tokio::test]
async fn faults_apply_to_the_requests_they_target() {
    let (hubspot, token) = start().await;
    let search = format!("{CONTACTS}/search");
    hubspot.fail_next(Fault::status(500).on("contacts.create"));
    hubspot.fail_next(Fault::status(502).on(&search));
    hubspot.fail_next(Fault::status(503).in_account("umbrella"));
    assert_eq!(get(&hubspot, CONTACTS, Some(&token)).await.status, 200);
    let searched = request(&hubspot, "POST", &search, Some(&token), Some("{}")).await;
    assert_eq!(searched.status, 502);
    assert_eq!(create(&hubspot, &token).await.status, 500);
    let other = hubspot
        .account("umbrella")
        .grant(["crm.objects.contacts.read"]);
    let other = get(&hubspot, CONTACTS, Some(&format!("Bearer {other}"))).await;
    assert_eq!(other.status, 503);
    assert_eq!(create(&hubspot, &token).await.status, 201);
}

#[tokio::test]
async fn pages_do_not_use_up_faults() {
    let (hubspot, token) = start().await;
    hubspot.fail_next(Fault::status(503));
    assert_eq!(get(&hubspot, "/", None).await.status, 200);
    assert_eq!(get(&hubspot, "/nowhere", None).await.status, 501);
    assert_eq!(get(&hubspot, CONTACTS, Some(&token)).await.status, 503);
    hubspot.fail_next(Fault::html(502).on("/"));
    assert_eq!(get(&hubspot, "/", None).await.status, 502);
}

#[tokio::test]
async fn a_fault_lasts_for_a_number_of_requests_or_for_a_time() {
    let hubspot = MockHubSpot::builder().frozen_at(std::time::UNIX_EPOCH);
    let hubspot = hubspot.start().await.unwrap();
    let token = hubspot.account("acme").grant(["crm.objects.contacts.read"]);
    let token = format!("Bearer {token}");
    let status = async || get(&hubspot, CONTACTS, Some(&token)).await.status;

    hubspot.fail_next_n(2, Fault::rate_limit());
    assert_eq!(
        [status().await, status().await, status().await],
        [429, 429, 200]
    );

    hubspot.fail_for(Duration::from_secs(30), Fault::rate_limit());
    assert_eq!([status().await, status().await], [429, 429]);
    hubspot.advance(Duration::from_secs(29));
    assert_eq!(status().await, 429);
    hubspot.advance(Duration::from_secs(1));
    assert_eq!(status().await, 200);

    hubspot.fail_next_n(1000, Fault::status(500));
    hubspot.clear_faults();
    assert_eq!(status().await, 200);
}

#[tokio::test]
async fn the_same_seed_gives_the_same_random_faults() {
    let run = async |seed| {
        let (hubspot, token) = start().await;
        let faults = RandomFaults::seeded(seed)
            .with(0.3, Fault::status(503))
            .with(0.2, Fault::status(500));
        hubspot.fail_by_chance(faults);
        let mut statuses = Vec::new();
        for _ in 0..40 {
            statuses.push(get(&hubspot, CONTACTS, Some(&token)).await.status);
        }
        statuses
    };
    let (first, again, other) = (run(7).await, run(7).await, run(8).await);
    assert_eq!(first, again);
    assert_ne!(first, other);
    assert!(
        [200, 500, 503].iter().all(|status| first.contains(status)),
        "{first:?}"
    );
}

#[tokio::test]
#[should_panic(expected = r#"there is no operation "contacts.lst""#)]
async fn a_fault_that_could_never_occur_is_refused() {
    let hubspot = MockHubSpot::start().await.unwrap();
    hubspot.fail_next(Fault::reset().on("contacts.lst"));
}

#[tokio::test]
#[should_panic(expected = r#"there is no operation "contacts.lst""#)]
async fn a_random_fault_that_could_never_occur_is_refused() {
    let hubspot = MockHubSpot::start().await.unwrap();
    hubspot.fail_by_chance(RandomFaults::seeded(1).with(0.5, Fault::reset().on("contacts.lst")));
}
