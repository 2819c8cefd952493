//! Recordings: what came in and what was answered, to be replayed.

mod privacy;
mod unusual;

use std::path::PathBuf;

use crate::support::tester::Tester;
use crate::support::{get, request};
use hubspot_mock::{MockHubSpot, Recording, Tier};
use serde_json::{Value, json};

fn file(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name)
}

#[tokio::test]
async fn what_is_recorded_is_replayed_in_order() {
    let path = file("recorded.har");
    let hubspot = Tester::start().await;
    hubspot.hubspot.record(&path).unwrap();
    let contacts = "/crm/v3/objects/contacts?limit=5";
    let empty = hubspot.get(contacts).await;
    let ada = json!({"properties": {"email": "ada@b.co"}, "associations": []});
    hubspot.ok("POST", "/crm/v3/objects/contacts", ada).await;
    let one = hubspot.get(contacts).await;
    hubspot
        .status("GET", "/crm/v3/objects/contacts/17", Value::Null)
        .await;
    let recording = Recording::load(&path).unwrap();
    assert_eq!(recording.len(), 4);
    let again: Recording = recording.to_string().parse().unwrap();
    assert_eq!(again, recording);

    let builder = MockHubSpot::builder().replay(recording);
    let replayed = builder.start().await.unwrap();
    let token = replayed.account("acme").grant(MockHubSpot::every_scope());
    let token = format!("Bearer {token}");
    for expected in [&empty, &one, &one] {
        let answer = get(&replayed, contacts, Some(&token)).await;
        assert_eq!(answer.header("x-hubspot-mock"), Some("replay"));
        assert_eq!(&answer.json(), expected);
    }
    let gone = get(&replayed, "/crm/v3/objects/contacts/17", Some(&token)).await;
    assert_eq!(gone.status, 404);
    let other = get(&replayed, "/crm/v3/objects/contacts", Some(&token)).await;
    assert_eq!((other.header("x-hubspot-mock"), other.status), (None, 200));
    let refused = get(&replayed, contacts, None).await;
    assert_eq!(refused.status, 401);
}

#[tokio::test]
async fn a_response_that_was_recorded_for_the_same_body_takes_precedence() {
    let path = file("bodies.har");
    let hubspot = Tester::start().await;
    hubspot.hubspot.record(&path).unwrap();
    let search = "/crm/v3/objects/contacts/search";
    for name in ["Ada", "Grace"] {
        hubspot.account.contact([("firstname", name)]);
        let body = json!({"query": name, "limit": 1});
        hubspot.ok("POST", search, body).await;
    }
    hubspot.account.contact([("firstname", "Grace")]);
    let body = json!({"query": "Grace", "limit": 1});
    hubspot.ok("POST", search, body).await;

    let recording = Recording::load(&path).unwrap();
    let builder = MockHubSpot::builder().tier(Tier::UNLIMITED);
    let builder = builder.replay(recording);
    let replayed = builder.start().await.unwrap();
    let token = replayed.account("acme").grant(MockHubSpot::every_scope());
    let token = format!("Bearer {token}");
    for (body, name, total) in [
        (r#"{ "limit": 1, "query": "Grace" }"#, "Grace", 1),
        (r#"{"query":"Grace","limit":1}"#, "Grace", 2),
        (r#"{"query":"Grace","limit":1}"#, "Grace", 2),
        // Another body: the first response that was not used.
        (r#"{"query":"Alan"}"#, "Ada", 1),
        (r#"{"query":"Ada","limit":1}"#, "Ada", 1),
        // All were used: the last one.
        (r#"{"query":"Alan"}"#, "Grace", 2),
    ] {
        let answer = request(&replayed, "POST", search, Some(&token), Some(body)).await;
        assert_eq!(answer.header("x-hubspot-mock"), Some("replay"));
        let page = answer.json();
        let found = &page["results"][0]["properties"]["firstname"];
        assert_eq!(
            (found, &page["total"]),
            (&json!(name), &json!(total)),
            "{body}"
        );
    }
}

/// An archive as a browser exports it, from the real HubSpot.
fn archive() -> String {
    let contact = json!({"id": "51", "properties": {
        "email": "ada@lovelace.example", "firstname": "Ada", "num_notes": "5", "lifecyclestage": "lead", "city": "London",
    }});
    let search = json!({"filterGroups": [{"filters": [
        {"propertyName": "email", "operator": "EQ", "value": "ada@lovelace.example"},
        {"propertyName": "lifecyclestage", "operator": "EQ", "value": "lead"},
    ]}]});
    let entry = |method: &str, path: &str, body: Option<&Value>, response: &Value| {
        let mut request = json!({
            "method": method, "url": format!("https://api.hubapi.com{path}"),
            "headers": [{"name": "Authorization", "value": "Bearer pat-na1-secret"}],
        });
        if let Some(body) = body {
            request["postData"] = json!({"mimeType": "application/json", "text": body.to_string()});
        }
        json!({"request": request, "response": {"status": 200, "content": {"text": response.to_string()}}})
    };
    let one = "/crm/v3/objects/contacts/ada%40lovelace.example?idProperty=email";
    let page = json!({"total": 1, "results": [contact]});
    let owners = json!({"results": [{"id": "7", "email": "boss@b.example", "firstName": "Grace", "lastName": "Hopper"}]});
    json!({"log": {"version": "1.2", "entries": [
        entry("GET", one, None, &contact),
        entry("POST", "/crm/v3/objects/contacts/search", Some(&search), &page),
        entry("GET", "/crm/v3/owners", None, &owners),
    ]}})
    .to_string()
}

#[test]
fn values_of_people_are_replaced_everywhere() {
    let recording: Recording = archive().parse().unwrap();
    let text = recording.pseudonymized().to_string();
    for secret in [
        "lovelace", "Ada", "London", "boss@", "Grace", "Hopper", "pat-na1",
    ] {
        assert!(!text.contains(secret), "{secret}: {text}");
    }
    let json: Value = serde_json::from_str(&text).unwrap();
    let entry = |index: usize, pointer: &str| {
        let text = json["log"]["entries"][index].pointer(pointer).unwrap();
        serde_json::from_str::<Value>(text.as_str().unwrap()).unwrap()
    };
    let contact = entry(0, "/response/content/text");
    let properties = &contact["properties"];
    assert_eq!(
        [
            &properties["num_notes"],
            &properties["lifecyclestage"],
            &contact["id"]
        ],
        ["5", "lead", "51"]
    );
    let filters = &entry(1, "/request/postData/text")["filterGroups"][0]["filters"];
    assert_eq!(filters[0]["value"], properties["email"]);
    assert_eq!(filters[1]["value"], "lead");
    assert_eq!(entry(1, "/response/content/text")["results"][0], contact);
    let url = json["log"]["entries"][0]["request"]["url"]
        .as_str()
        .unwrap();
    let email = properties["email"].as_str().unwrap().replace('@', "%40");
    let email = email.replace('.', "%2E");
    assert_eq!(
        url,
        format!("https://api.hubapi.com/crm/v3/objects/contacts/{email}?idProperty=email")
    );
}

#[test]
fn a_recording_that_is_cut_off_is_an_error_with_its_place() {
    let path = file("cut.har");
    let whole = archive();
    std::fs::write(&path, &whole[..whole.len() - 9]).unwrap();
    let error = Recording::load(&path).unwrap_err().to_string();
    let place = format!(
        "{}:1:{}: EOF while parsing",
        path.display(),
        whole.len() - 9
    );
    assert!(error.starts_with(&place), "{error}");
    assert!(
        error.ends_with("record it again, or export it as HAR 1.2 with contents"),
        "{error}"
    );
    let error = Recording::load(file("no.har")).unwrap_err().to_string();
    assert!(error.starts_with("cannot read "), "{error}");
    assert!("[]".parse::<Recording>().is_err());
}
