//! Secrets and personal values in unusual places and encodings.

use hubspot_mock::Recording;
use serde_json::{Value, json};

use super::privacy::recording;

#[test]
fn secrets_of_one_request_are_removed_from_all_others() {
    let basic = "Basic Y2xpZW50OnMzY3JldC1iYXNpYw=="; // client:s3cret-basic
    let headers = json!([{"name": "proxy-authorization", "value": basic}, {"name": "X-HubSpot-CSRF-hubspotapi", "value": "s3cret-csrf"},
        {"name": "Cookie", "value": "lang=english; session=s3cret-cookie-0123456789"}]);
    let tokens = json!({"access_token": "s3cret/a+b=", "refresh_token": "s3cret/a+b=long"});
    let text = json!({"a": "This oauth-token (s3cret/a+b=long) is expired, s3cret%2Fa%2Bb%3D too, and s3cret-basic s3cret-csrf",
        "b": "s3cret-cookie-0123456789 Y2xpZW50OnMzY3JldC1iYXNpYw== in english"});
    let text = text.to_string().replace('/', "\\/");
    let entry = |url: &str, response: &str| {
        json!({"request": {"method": "GET", "url": format!("https://api.hubapi.com{url}"), "headers": headers},
            "response": {"status": 200, "content": {"mimeType": "application/json", "text": response}}})
    };
    let entries = [
        entry("/crm/v3/objects/contacts", &text),
        entry("/oauth/v1/token", &tokens.to_string()),
    ];
    let archive = json!({"log": {"entries": entries}}).to_string();
    let text = archive.parse::<Recording>().unwrap().to_string();
    for secret in ["s3cret", "Y2xpZW50", "long"] {
        assert!(!text.contains(secret), "{secret}: {text}");
    }
    assert!(text.contains("in english"), "{text}");
}

/// Responses with values of [`known`] in unusual places.
fn unusual() -> Vec<(&'static str, Value)> {
    let list = "/crm/v3/lists/object-type-id/0-1/name/Family%20of%20Boole,%20Turing=x";
    vec![
        (list, json!({"list": {"name": "Family of Boole, Turing=x"}})),
        (
            "/a?to=5550123",
            json!({"caller": {"number": "5550123", "raw": 5_550_123}}),
        ),
        (
            "/a",
            json!({"message": "Zoë Boole has no stage", "propertyName": "lifecyclestage"}),
        ),
        (
            "/a",
            json!({"error": "contact Zoë Boole exists", "status": "of Zoë Boole"}),
        ),
        (
            "/a",
            json!([{"propertyName": "firstname", "propertyValue": "Hedy"}]),
        ),
        (
            "/a?phone=0447700",
            json!({"first_name": "Katherine", "companyName": "Bell", "phoneNumber": 4_470_123}),
        ),
        (
            "/a",
            json!({"senders": [{"name": "Marie Curie", "id": "7"}]}),
        ),
        ("/a", json!({"counts": {"Zoë Boole": 1}})),
        (
            "/a",
            json!({"text": "got {\"who\":\"Zo\\u00eb Boole\"} from Wm/DqyBCb29sZQ== or Wm_DqyBCb29sZQ"}),
        ),
        (
            "/a",
            json!({"text": "<p>Zo&#235; Boole, O&#39;Brien, O&#x27;Brien of A &amp; B</p>"}),
        ),
    ]
}

#[test]
fn values_are_replaced_in_unusual_places() {
    let known = json!({"id": "51", "properties": {"firstname": "Zoë Boole", "lastname": "O'Brien", "phone": "5550123", "company": "A & B"}});
    let mut entries = unusual();
    entries.push(("/crm/v3/objects/contacts/51", known));
    let entries = entries
        .iter()
        .map(|(target, response)| ("GET", *target, None, response.to_string()));
    let text = recording(&entries.collect::<Vec<_>>())
        .pseudonymized()
        .to_string();
    for original in [
        "Zo",
        "Boole",
        "Turing",
        "5550123",
        "Hedy",
        "0447700",
        "4470123",
        "Katherine",
        "Bell",
        "Marie",
        "Brien",
        "A &",
        "Wm",
    ] {
        assert!(!text.contains(original), "{original}: {text}");
    }
}

#[test]
fn ids_numbers_and_fixed_texts_stay() {
    let known = json!({"id": "5550123", "properties": {"firstname": "Zoë", "phone": "5550123", "zip": "10115", "segment": "lead", "city": "EMAIL"}});
    let other = json!({"recordIdsAdded": ["5550123"], "vid": 5_550_123, "hub_id": 5_550_123, "count": 10_115, "type": "EMAIL",
        "paging": {"next": {"after": "5550123"}}, "properties": {"lifecyclestage": "lead", "amount": "5550123"}});
    let target =
        "/crm/v3/objects/contacts/5550123?after=5550123&limit=10115&associations=companies,deals";
    let entries = [
        ("GET", target, None, other.to_string()),
        ("GET", "/b", None, known.to_string()),
    ];
    let text = recording(&entries).pseudonymized().to_string();
    let archive: Value = serde_json::from_str(&text).unwrap();
    let entry = &archive["log"]["entries"][0];
    assert_eq!(
        entry["request"]["url"],
        format!("https://api.hubapi.com{target}")
    );
    let content = entry["response"]["content"]["text"].as_str().unwrap();
    assert_eq!(serde_json::from_str::<Value>(content).unwrap(), other);
}
