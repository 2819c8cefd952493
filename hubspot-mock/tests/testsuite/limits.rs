//! Rate limits over HTTP, with a frozen clock.

use std::time::{Duration, SystemTime};

use crate::support::{Answer, get, request};
use hubspot_mock::{App, MockHubSpot, Tier};
use serde_json::{Value, json};

const CONTACTS: &str = "/crm/objects/2026-09/contacts";
const SEARCH: &str = "/crm/objects/2026-09/contacts/search";

/// A server with one account, and the header with a token of it.
async fn start(tier: Tier) -> (MockHubSpot, String) {
    let builder = MockHubSpot::builder().tier(tier);
    let hubspot = builder
        .frozen_at(SystemTime::UNIX_EPOCH)
        .start()
        .await
        .unwrap();
    let token = hubspot.account("acme").grant(["crm.objects.contacts.read"]);
    (hubspot, format!("Bearer {token}"))
}

async fn list(hubspot: &MockHubSpot, authorization: &str) -> Answer {
    get(hubspot, CONTACTS, Some(authorization)).await
}

async fn search(hubspot: &MockHubSpot, authorization: &str) -> Answer {
    request(hubspot, "POST", SEARCH, Some(authorization), Some("{}")).await
}

/// The rate headers: limit, left, interval, and of the day limit and left.
fn rate(answer: &Answer) -> [Option<&str>; 5] {
    [
        "max",
        "remaining",
        "interval-milliseconds",
        "daily",
        "daily-remaining",
    ]
    .map(|name| answer.header(&format!("x-hubspot-ratelimit-{name}")))
}

/// The policy that a 429 names.
fn policy(answer: &Answer) -> Value {
    assert_eq!(answer.status, 429, "{}", answer.text());
    let body = answer.json();
    assert_eq!(body["status"], "error");
    assert_eq!(body["errorType"], "RATE_LIMIT");
    assert!(
        body["groupName"]
            .as_str()
            .unwrap()
            .starts_with("publicapi:")
    );
    assert!(body["correlationId"].is_string());
    assert_eq!(body.get("category"), None);
    body["policyName"].clone()
}

#[tokio::test]
async fn every_response_has_what_is_left() {
    let (hubspot, token) = start(Tier::PROFESSIONAL).await;
    let first = list(&hubspot, &token).await;
    assert_eq!(first.status, 200);
    let expected = ["190", "189", "10000", "650000", "649999"];
    assert_eq!(rate(&first), expected.map(Some));
    let refused = get(&hubspot, &format!("{CONTACTS}?limit=x"), Some(&token)).await;
    assert_eq!((refused.status, rate(&refused)[1]), (400, Some("188")));
}

#[tokio::test]
async fn a_request_above_the_limit_is_refused_for_ten_seconds() {
    let (hubspot, token) = start(Tier::FREE_OR_STARTER).await;
    for left in (0..100).rev() {
        if left == 49 {
            hubspot.advance(Duration::from_secs(4));
        }
        let answer = list(&hubspot, &token).await;
        assert_eq!(
            (answer.status, rate(&answer)[1]),
            (200, Some(&*left.to_string()))
        );
    }
    let refused = list(&hubspot, &token).await;
    assert_eq!(policy(&refused), "TEN_SECONDLY_ROLLING");
    let message = "You have reached your ten_secondly_rolling limit.";
    assert_eq!(refused.json()["message"], message);
    assert_eq!(refused.header("retry-after"), None);

    hubspot.advance(Duration::from_millis(5_999));
    assert_eq!(list(&hubspot, &token).await.status, 429);
    hubspot.advance(Duration::from_millis(1));
    let answer = list(&hubspot, &token).await;
    // The first 50 no longer count.
    assert_eq!((answer.status, rate(&answer)[1]), (200, Some("49")));
}

#[tokio::test]
async fn searches_are_limited_to_five_a_second_without_headers() {
    let (hubspot, token) = start(Tier::PROFESSIONAL).await;
    for _ in 0..5 {
        let answer = search(&hubspot, &token).await;
        assert_eq!((answer.status, rate(&answer)), (200, [None; 5]));
    }
    assert_eq!(policy(&search(&hubspot, &token).await), "SECONDLY");
    let other = list(&hubspot, &token).await;
    assert_eq!((other.status, rate(&other)[1]), (200, Some("189")));
    hubspot.advance(Duration::from_secs(1));
    assert_eq!(search(&hubspot, &token).await.status, 200);
}

#[tokio::test]
async fn static_tokens_share_a_daily_limit_that_resets_at_midnight() {
    let (hubspot, token) = start(Tier::PROFESSIONAL.daily(2)).await;
    let other = hubspot.account("acme").grant(["crm.objects.contacts.read"]);
    assert_eq!(list(&hubspot, &token).await.status, 200);
    assert_eq!(
        search(&hubspot, &format!("Bearer {other}")).await.status,
        200
    );
    assert_eq!(policy(&list(&hubspot, &token).await), "DAILY");
    assert_eq!(policy(&search(&hubspot, &token).await), "DAILY");
    hubspot.advance(Duration::from_hours(24));
    assert_eq!(list(&hubspot, &token).await.status, 200);
}

#[tokio::test]
async fn apps_and_accounts_have_their_own_limits() {
    let (hubspot, token) = start(Tier::PROFESSIONAL.ten_secondly(1)).await;
    assert_eq!(list(&hubspot, &token).await.status, 200);
    assert_eq!(list(&hubspot, &token).await.status, 429);
    for account in ["acme", "umbrella"] {
        let token = hubspot
            .account(account)
            .grant(["crm.objects.contacts.read"]);
        let answer = list(&hubspot, &format!("Bearer {token}")).await;
        assert_eq!(answer.status, 200, "{account}");
    }
}

#[tokio::test]
async fn the_capacity_pack_and_another_tier_give_more() {
    let (hubspot, token) = start(Tier::ENTERPRISE.with_capacity_pack()).await;
    let expected = ["250", "249", "10000", "2000000", "1999999"];
    assert_eq!(rate(&list(&hubspot, &token).await), expected.map(Some));
    hubspot.account("acme").set_tier(Tier::UNLIMITED);
    assert_eq!(rate(&list(&hubspot, &token).await), [None; 5]);
}

#[tokio::test]
async fn retry_after_is_sent_on_request() {
    let tier = Tier::PROFESSIONAL.ten_secondly(1).telling_retry_after();
    let (hubspot, token) = start(tier).await;
    assert_eq!(list(&hubspot, &token).await.status, 200);
    hubspot.advance(Duration::from_millis(2_500));
    let refused = list(&hubspot, &token).await;
    assert_eq!(refused.header("retry-after"), Some("8"));
}

#[tokio::test]
async fn requests_that_are_refused_earlier_do_not_count() {
    let (hubspot, token) = start(Tier::PROFESSIONAL).await;
    for _ in 0..5 {
        assert_eq!(list(&hubspot, "Bearer nobody").await.status, 401);
        let path = "/crm/objects/2026-09/companies";
        assert_eq!(get(&hubspot, path, Some(&token)).await.status, 403);
    }
    assert_eq!(rate(&list(&hubspot, &token).await)[1], Some("189"));
}

#[tokio::test]
async fn an_oauth_app_has_110_requests_and_no_daily_limit() {
    let (hubspot, _) = start(Tier::FREE_OR_STARTER.daily(1)).await;
    let app = App::new("id", "secret")
        .redirect_uri("https://app.example/callback")
        .required(["crm.objects.contacts.read"]);
    hubspot.register(app).unwrap();
    let install = hubspot.account("acme").install("id").unwrap();
    let token = format!("Bearer {}", install.access_token);
    for left in (0..110).rev() {
        let answer = list(&hubspot, &token).await;
        let left = left.to_string();
        let expected = ["110", &*left, "10000"].map(Some);
        assert_eq!(rate(&answer)[..3], expected);
        assert_eq!(rate(&answer)[3..], [None, None]);
    }
    assert_eq!(
        policy(&list(&hubspot, &token).await),
        "TEN_SECONDLY_ROLLING"
    );
}

#[tokio::test]
async fn the_usage_of_the_day_is_told() {
    let (hubspot, authorization) = start(Tier::FREE_OR_STARTER.daily(70)).await;
    for _ in 0..3 {
        list(&hubspot, &authorization).await;
    }
    let path = "/account-info/2026-09/api-usage/daily/private-apps";
    let own = format!("Bearer {}", hubspot.account("acme").grant(["oauth"]));
    hubspot.advance(Duration::from_hours(1));
    let answer = get(&hubspot, path, Some(&own)).await;
    assert_eq!(answer.header("x-hubspot-mock"), None);
    let usage = json!({
        "name": "private-apps-api-calls-daily", "usageLimit": 70, "currentUsage": 4, "fetchStatus": "SUCCESS",
        "collectedAt": "1970-01-01T01:00:00.000Z", "resetsAt": "1970-01-02T00:00:00.000Z",
    });
    assert_eq!(answer.json(), json!({"results": [usage]}));
    hubspot.advance(Duration::from_hours(24));
    let answer = get(&hubspot, path, Some(&own)).await;
    assert_eq!(answer.json()["results"][0]["currentUsage"], 1);

    let (hubspot, _) = start(Tier::UNLIMITED).await;
    let own = format!("Bearer {}", hubspot.account("acme").grant(["oauth"]));
    let answer = get(&hubspot, path, Some(&own)).await;
    assert_eq!(answer.json(), json!({"results": []}));
}
