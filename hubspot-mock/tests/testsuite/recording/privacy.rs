//! Recordings have no secrets, and pseudonymized ones no values of people and companies.

use hubspot_mock::{App, MockHubSpot, Recording};
use serde_json::{Value, json};

use crate::support::tester::Tester;
use crate::support::{get, request};

/// An entry of an archive: method, path, body with its content type, response.
pub(crate) type Entry<'a> = (&'a str, &'a str, Option<(&'a str, String)>, String);

pub(crate) fn recording(entries: &[Entry<'_>]) -> Recording {
    let entries = entries.iter().map(|(method, path, body, response)| {
        let mut request = json!({"method": method, "url": format!("https://api.hubapi.com{path}"),
            "headers": [{"name": "Authorization", "value": "Bearer s3cret"}]});
        if let Some((kind, text)) = body {
            request["postData"] = json!({"mimeType": kind, "text": text});
        }
        let content = json!({"mimeType": "application/json;charset=utf-8", "text": response});
        json!({"request": request, "response": {"status": 200, "content": content}})
    });
    let archive = json!({"log": {"version": "1.2", "entries": entries.collect::<Vec<_>>()}});
    archive.to_string().parse().unwrap()
}

#[test]
fn an_archive_with_tokens_is_loaded_without_them() {
    let form = "grant_type=refresh_token&client_id=a&client_secret=s3cret-c&refresh_token=s3cret-r";
    let form = Some(("application/x-www-form-urlencoded", form.to_owned()));
    let tokens =
        json!({"access_token": "s3cret-a", "refresh_token": "s3cret-r", "expires_in": 1800})
            .to_string();
    let info = json!({"token": "s3cret-a", "hub_id": 1, "user": "ada@b.co"}).to_string();
    let key = Some((
        "application/json",
        json!({"tokenKey": "s3cret-p"}).to_string(),
    ));
    let empty = || json!({}).to_string();
    let recording = recording(&[
        ("POST", "/oauth/v1/token", form, tokens),
        (
            "GET",
            "/oauth/v1/access-tokens/s3cret-a",
            None,
            info.clone(),
        ),
        ("DELETE", "/oauth/v1/refresh-tokens/s3cret-r", None, empty()),
        (
            "POST",
            "/oauth/v2/private-apps/get/access-token-info",
            key,
            info,
        ),
        (
            "GET",
            "/webhooks/v3/7/settings?hapikey=s3cret-h&limit=1",
            None,
            empty(),
        ),
    ]);
    assert_eq!(recording.len(), 5);
    let builder = MockHubSpot::builder().replay(recording.clone());
    let pseudonymized = recording.clone().pseudonymized();
    for text in [
        recording.to_string(),
        pseudonymized.to_string(),
        format!("{recording:?} {pseudonymized:?} {builder:?}"),
    ] {
        assert!(!text.contains("s3cret"), "{text}");
    }
    let text = recording.to_string();
    for kept in [
        "grant_type=refresh_token",
        "1800",
        "hapikey=[redacted]&limit=1",
    ] {
        assert!(text.contains(kept), "{kept}: {text}");
    }
}

#[tokio::test]
async fn oauth_is_recorded_without_tokens_and_replayed_with_new_ones() {
    let path = super::file("oauth.har");
    let refresh = async |hubspot: &MockHubSpot, token: &str| {
        let form = format!(
            "grant_type=refresh_token&client_id=id&client_secret=s3cret&refresh_token={token}"
        );
        let http = reqwest::Client::new();
        let sent = http.post(format!("{}/oauth/v1/token", hubspot.url()));
        let sent = sent.header("content-type", "application/x-www-form-urlencoded");
        let answer = sent.body(form).send().await.unwrap();
        let is_replay = answer.headers().contains_key("x-hubspot-mock");
        let body: Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
        (is_replay, body)
    };
    let hubspot = MockHubSpot::start().await.unwrap();
    let app = App::new("id", "s3cret").redirect_uri("http://localhost/a");
    hubspot.register(app.required(["oauth"])).unwrap();
    let install = hubspot.account("acme").install("id").unwrap();
    hubspot.record(&path).unwrap();
    let (_, recorded) = refresh(&hubspot, &install.refresh_token).await;
    let (access, refresh_token) = (recorded["access_token"].as_str(), install.refresh_token);
    let (access, target) = (access.unwrap(), "/oauth/v1/access-tokens/");
    let info = get(&hubspot, &format!("{target}{access}"), None).await;
    refresh(&hubspot, "s3cret-unknown").await;
    let text = std::fs::read_to_string(&path).unwrap();
    for secret in ["s3cret", access, &refresh_token] {
        assert!(!text.contains(secret), "{text}");
    }

    let recording = Recording::load(&path).unwrap();
    assert_eq!(recording.len(), 3);
    let builder = MockHubSpot::builder().replay(recording);
    let hubspot = builder.start().await.unwrap();
    let (is_replay, tokens) = refresh(&hubspot, "s3cret-r").await;
    assert!(is_replay);
    assert_eq!(tokens["refresh_token"], "s3cret-r");
    assert_eq!(tokens["expires_in"], 1800);
    let access = tokens["access_token"].as_str().unwrap();
    let replayed = get(&hubspot, &format!("{target}{access}"), None).await;
    let mut expected = info.json();
    expected["token"] = access.into();
    assert_eq!(replayed.json(), expected);
    let token = format!("Bearer {access}");
    let contacts = get(&hubspot, "/crm/v3/objects/contacts", Some(&token)).await;
    assert_eq!(contacts.status, 200, "{}", contacts.text());
    let (is_replay, refused) = refresh(&hubspot, "s3cret-r").await;
    assert!(is_replay && refused["access_token"].is_null(), "{refused}");
}

#[tokio::test]
async fn a_developer_key_is_not_compared() {
    let path = "/webhooks/v3/7/settings?hapikey=";
    let settings = json!({"targetUrl": "https://a.example", "createdAt": "2026-01-01T00:00:00Z",
        "throttling": {"maxConcurrentRequests": 5, "period": "SECONDLY"}});
    let recorded = recording(&[("GET", &format!("{path}other"), None, settings.to_string())]);
    let hubspot = MockHubSpot::builder()
        .replay(recorded)
        .start()
        .await
        .unwrap();
    let answer = get(
        &hubspot,
        &format!("{path}{}", hubspot.developer_key()),
        None,
    )
    .await;
    assert_eq!(
        answer.header("x-hubspot-mock"),
        Some("replay"),
        "{}",
        answer.text()
    );
}

#[tokio::test]
async fn a_large_body_is_recorded_whole() {
    let path = super::file("large.har");
    let tester = Tester::start().await;
    tester.hubspot.record(&path).unwrap();
    let text = "x".repeat(100 * 1024);
    let body = json!({"properties": {"email": "ada@b.co", "address": text}, "associations": []});
    tester
        .call("POST", "/crm/v3/objects/contacts", body.clone())
        .await;
    let archive = std::fs::read_to_string(&path).unwrap();
    let archive: Value = serde_json::from_str(&archive).unwrap();
    let recorded = &archive["log"]["entries"][0]["request"]["postData"]["text"];
    assert_eq!(
        serde_json::from_str::<Value>(recorded.as_str().unwrap()).unwrap(),
        body
    );
}

#[tokio::test]
async fn a_request_by_email_is_replayed_after_the_replacement() {
    let contact = json!({"id": "51", "properties": {"email": "Ada@lovelace.example"}});
    let path = |email: &str| {
        format!("/crm/v3/objects/contacts/{email}?idProperty=email&properties=email,city")
    };
    let entries = [(
        "GET",
        &*path("ada@lovelace.example"),
        None,
        contact.to_string(),
    )];
    let recording = recording(&entries).pseudonymized();
    let hubspot = MockHubSpot::builder()
        .replay(recording)
        .start()
        .await
        .unwrap();
    let token = format!(
        "Bearer {}",
        hubspot.account("acme").grant(MockHubSpot::every_scope())
    );
    for email in ["person1@example.com", "person1%40example.com"] {
        let path = path(email).replace(',', "%2C");
        let answer = request(&hubspot, "GET", &path, Some(&token), None).await;
        assert_eq!(answer.header("x-hubspot-mock"), Some("replay"), "{path}");
        assert_eq!(answer.json()["properties"]["email"], "person1@example.com");
    }
}

/// What must not be left of the archive of [`leaks`].
const ORIGINALS: [&str; 16] = [
    "ovelace", "Ada", "ada", "Turing", "turing", "Boole", "boole", "CUST-17", "CUST-18", "CUST-19",
    "5550123", "4930123", "0301234", "Acme", "hopper", "10115",
];

/// A contact with values of each kind.
fn contact() -> String {
    let contact = json!({"id": "51", "properties": {"email": "Ada@lovelace.example", "firstname": "Ada", "lastname": "Lovelace",
        "phone": "5550123", "zip": "10115", "customer": "CUST-17", "visits": "17", "member_since": "2026-01-01", "vip": "true", "mobile": "+4930123",
        "fax2": "0301234", "company": "Acme Ltd.", "lifecyclestage": "lead", "segment": "lead"},
        "propertiesWithHistory": {"lastname": [{"value": "Boole", "timestamp": "2026-01-01T00:00:00Z"}],
            "lifecyclestage": [{"value": "lead"}]}});
    contact.to_string()
}

/// Requests whose values are in unusual places.
fn leaks() -> Recording {
    let conflict = "Contact already exists: ADA LOVELACE <Ada@Lovelace.example>, CUST-17, phone 5550123, zip 10115 (Acme Ltd.)";
    let update = json!({"inputs": [{"idProperty": "customer", "id": "CUST-18", "properties": {"phone": 5_550_123}}]});
    let read = json!({"idProperty": "customer", "inputs": [{"id": "CUST-17"}, {"id": "17"}], "properties": ["email"]});
    let filters = json!({"filterGroups": [{"filters": [{"propertyName": "phone", "operator": "EQ", "value": 5_550_123},
        {"propertyName": "lifecyclestage", "operator": "EQ", "value": "lead"}]}]});
    let list = json!({"list": {"listId": "7", "name": "Customers of Turing", "objectTypeId": "0-1", "processingType": "MANUAL"}});
    let imports = json!({"results": [{"id": "8", "importName": "turing.csv",
        "importRequestJson": {"name": "turing", "files": [{"fileName": "turing.csv"}]}}]});
    let next = "https://api.hubapi.com/crm/v3/owners?email=hopper%40b.example&after=2";
    let owners = json!({"results": [], "paging": {"next": {"after": "2", "link": next}}, "message": "of hopper@b.example."});
    let json = |body: &Value| Some(("application/json", body.to_string()));
    let message = |text: &str| {
        json!({"status": "error", "message": text, "category": "CONFLICT"}).to_string()
    };
    let records = "/crm/v3/objects/contacts";
    let [one, by_property, update_many, read_many, search] = [
        "51",
        "CUST-19?idProperty=customer",
        "batch/update",
        "batch/read",
        "search",
    ]
    .map(|rest| format!("{records}/{rest}"));
    let by_name = "/crm/v3/lists/object-type-id/0-1/name/Customers%20of%20Turing";
    let by_email = "/crm/v3/owners?email=hopper%40b.example";
    recording(&[
        (
            "POST",
            records,
            json(&json!({"properties": {}})),
            message(conflict),
        ),
        ("GET", &by_property, None, message("no contact CUST-19")),
        ("GET", &one, None, contact()),
        ("POST", &update_many, json(&update), contact()),
        ("POST", &read_many, json(&read), contact()),
        ("POST", &search, json(&filters), contact()),
        ("GET", by_name, None, list.to_string()),
        ("GET", "/crm/v3/imports", None, imports.to_string()),
        ("GET", by_email, None, owners.to_string()),
    ])
}

#[test]
fn values_are_replaced_wherever_they_are() {
    let text = leaks().pseudonymized().to_string();
    for original in ORIGINALS {
        assert!(!text.contains(original), "{original}: {text}");
    }
    let json: Value = serde_json::from_str(&text).unwrap();
    let entry = |index: usize, pointer: &str| {
        let text = json["log"]["entries"][index].pointer(pointer).unwrap();
        serde_json::from_str::<Value>(text.as_str().unwrap()).unwrap()
    };
    let contact = entry(2, "/response/content/text");
    let kept = ["visits", "member_since", "vip", "lifecyclestage"]
        .map(|name| &contact["properties"][name]);
    assert_eq!(kept, ["17", "2026-01-01", "true", "lead"]);
    assert_eq!(
        contact["propertiesWithHistory"]["lifecyclestage"][0]["value"],
        "lead"
    );
    assert_ne!(contact["properties"]["segment"], "lead");
    let update = entry(3, "/request/postData/text");
    assert_eq!(
        update["inputs"][0]["properties"]["phone"],
        contact["properties"]["phone"]
    );
    let read = entry(4, "/request/postData/text");
    assert_eq!(
        read["inputs"],
        json!([{"id": contact["properties"]["customer"]}, {"id": "17"}])
    );
    let filters = &entry(5, "/request/postData/text")["filterGroups"][0]["filters"];
    assert_eq!(
        (&filters[0]["value"], &filters[1]["value"]),
        (&contact["properties"]["phone"], &json!("lead"))
    );
    let message = entry(0, "/response/content/text");
    assert!(
        message["message"]
            .as_str()
            .unwrap()
            .starts_with("Contact already exists: ")
    );
    assert_eq!(
        [&message["status"], &message["category"]],
        ["error", "CONFLICT"]
    );
    let path = json["log"]["entries"][6]["request"]["url"]
        .as_str()
        .unwrap();
    let path = percent_encoding::percent_decode_str(path).decode_utf8_lossy();
    let list = entry(6, "/response/content/text");
    let name = list["list"]["name"].as_str().unwrap();
    assert!(
        path.ends_with(&format!("/crm/v3/lists/object-type-id/0-1/name/{name}")),
        "{path}"
    );
}

#[test]
fn values_are_replaced_in_encoded_texts() {
    let contact = json!({"id": "51", "properties": {"firstname": "Ada Müller", "lastname": "Lovelace", "company": "A & B"}});
    let inner = json!({"who": "ada müller", "note": {"lastname": "Turing", "properties": {"city": "Marylebone"}}});
    let event = json!({"payload": inner.to_string(), "description": "see https://a.example/?q=Ada%20M%C3%BCller&c=A+%26+B, or Ada+M%c3%bcller"});
    let entries = [
        (
            "GET",
            "/crm/v3/objects/contacts/51",
            None,
            contact.to_string(),
        ),
        (
            "GET",
            "/crm/v3/lists/?x=Ada+M%C3%BCller",
            None,
            event.to_string(),
        ),
    ];
    let text = recording(&entries).pseudonymized().to_string();
    for original in ["Ada", "ada", "ller", "Marylebone", "A+%26+B"] {
        assert!(!text.contains(original), "{original}: {text}");
    }
    let archive: Value = serde_json::from_str(&text).unwrap();
    let content = archive["log"]["entries"][1]["response"]["content"]["text"]
        .as_str()
        .unwrap();
    let event: Value = serde_json::from_str(content).unwrap();
    let payload: Value = serde_json::from_str(event["payload"].as_str().unwrap()).unwrap();
    assert!(
        payload["who"].as_str().unwrap().starts_with("text "),
        "{payload}"
    );
    let description = event["description"].as_str().unwrap();
    assert!(
        description.starts_with("see https://a.example/?q=text%20"),
        "{description}"
    );
}

#[test]
fn tokens_of_headers_are_removed_from_texts() {
    let note = json!({"properties": {"hs_note_body": "s3cret is the token"}}).to_string();
    let link =
        json!({"link": "https://api.hubapi.com/a?hapikey=k3y&after=2", "key": "access_token=k3y"});
    let body = Some(("application/json", note));
    let recording = recording(&[(
        "POST",
        "/crm/v3/objects/notes?x=s3cret",
        body,
        link.to_string(),
    )]);
    let text = recording.to_string();
    assert!(!text.contains("s3cret") && !text.contains("k3y"), "{text}");
    assert!(text.contains("[redacted] is the token"), "{text}");
}
