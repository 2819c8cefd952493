//! What a server starts with, how it starts, and how it ends.

mod support;

use std::error::Error;
use std::io::ErrorKind;

use hubspot_mock::{MockHubSpot, Seed, StartError};
use serde_json::json;
use support::get;
use tokio::net::{TcpListener, TcpStream};

/// The start of a seeded server that must fail, in words.
async fn refused(seed: &str) -> String {
    let seed = seed.parse::<Seed>().unwrap();
    let error = MockHubSpot::builder().seed(seed).start().await.unwrap_err();
    format!("{error}: {}", error.source().unwrap())
}

#[tokio::test]
async fn a_seed_is_there_from_the_start() {
    let seed = json!({
        "accounts": [{
            "name": "acme", "tier": "freeOrStarter", "capacityPack": true,
            "tokens": [{ "token": "pat-na1-demo", "scopes": ["crm.objects.contacts.read", "crm.objects.custom.read"] }],
            "schemas": [{
                "name": "car", "labels": { "singular": "Car", "plural": "Cars" }, "associatedObjects": ["CONTACT"],
                "primaryDisplayProperty": "vin", "requiredProperties": ["vin"],
                "properties": [{ "name": "vin", "label": "VIN", "type": "string", "fieldType": "text" }],
            }],
            "records": { "contacts": [{ "email": "ada@example.com" }, { "firstname": "Grace" }], "car": [{ "vin": "WVW1" }] },
        }],
    });
    let seed = seed.to_string().parse::<Seed>().unwrap();
    let hubspot = MockHubSpot::builder().seed(seed).start().await.unwrap();
    for (ty, records) in [("contacts", 2), ("car", 1)] {
        let path = format!("/crm/v3/objects/{ty}");
        let answer = get(&hubspot, &path, Some("Bearer pat-na1-demo")).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        assert_eq!(answer.json()["results"].as_array().unwrap().len(), records);
        assert_eq!(answer.header("x-hubspot-ratelimit-max"), Some("250"));
    }
}

#[test]
fn what_is_no_seed_is_told_with_its_place() {
    for (text, expected) in [
        ("{", "EOF while parsing an object at line 1 column 1"),
        (
            r#"{"accounts": [{}]}"#,
            "missing field `name` at line 1 column 16",
        ),
        (
            r#"{"accounts": [{"name": "a", "tier": "gold"}]}"#,
            "unknown variant `gold`, expected one of `freeOrStarter`",
        ),
        (
            r#"{"accounts": [{"name": "a", "records": {"contacts": [{"age": 7}]}}]}"#,
            "invalid type: integer `7`, expected a string",
        ),
    ] {
        let error = text.parse::<Seed>().unwrap_err().to_string();
        assert!(error.starts_with(expected), "{error}");
    }
}

#[tokio::test]
async fn what_hubspot_would_refuse_is_told_with_its_place() {
    let contacts = r#"{"accounts": [{"name": "acme", "records": {"contacts": [{"email": "a@b.co"}, {"emial": "c@d.co"}]}}]}"#;
    let error = refused(contacts).await;
    assert!(
        error.starts_with(r#"the seed cannot be used: account "acme", contacts[1]: "#),
        "{error}"
    );
    assert!(error.contains("emial"), "{error}");
    let tokens = r#"{"accounts": [{"name": "acme", "tokens": [{"token": "t1", "scopes": []}, {"token": "t1", "scopes": []}]}]}"#;
    let error = refused(tokens).await;
    assert!(
        error.ends_with(r#"account "acme", tokens[1]: the token is there already"#),
        "{error}"
    );
    let apps = r#"{"apps": [{"clientId": "a", "clientSecret": "s3cret", "redirectUris": []}]}"#;
    let error = refused(apps).await;
    assert!(
        error.contains(r#"apps[0]: the app "a" has no redirect URI"#) && !error.contains("s3cret"),
        "{error}"
    );
    let schemas = r#"{"accounts": [{"name": "acme", "schemas": [{"name": "car"}]}]}"#;
    let error = refused(schemas).await;
    assert!(
        error.contains("schemas[0]: ") && error.contains("associatedObjects"),
        "{error}"
    );
}

#[tokio::test]
async fn a_port_that_is_taken_is_told() {
    let taken = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = taken.local_addr().unwrap().port();
    let error = MockHubSpot::builder().port(port).start().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        format!("cannot listen on 127.0.0.1:{port}")
    );
    assert!(
        matches!(error, StartError::Listen { source, .. } if source.kind() == ErrorKind::AddrInUse)
    );
}

#[tokio::test]
async fn several_run_at_once_and_each_ends_when_it_is_dropped() {
    let (first, second) = (
        MockHubSpot::start().await.unwrap(),
        MockHubSpot::start().await.unwrap(),
    );
    let token = format!(
        "Bearer {}",
        first.account("acme").grant(["crm.objects.contacts.read"])
    );
    let contacts = "/crm/objects/2026-09/contacts";
    assert_eq!(get(&first, contacts, Some(&token)).await.status, 200);
    assert_eq!(get(&second, contacts, Some(&token)).await.status, 401);

    let address = first.url().replace("http://", "");
    drop(first);
    while TcpStream::connect(&address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    assert_eq!(get(&second, contacts, None).await.status, 401);
}

#[test]
fn it_can_be_shared_between_threads() {
    fn shared<T: Send + Sync + 'static>() {}
    shared::<MockHubSpot>();
    shared::<hubspot_mock::MockAccount>();
    shared::<hubspot_mock::JournalView>();
}
