//! Invalid requests: every error has HubSpot's format, nothing panics and nothing changes.

use crate::support::{Answer, exchange, get, request, write};
use hubspot_mock::{MockHubSpot, Tier};
use serde_json::{Value, json};

const CONTACTS: &str = "/crm/objects/2026-09/contacts";
const BATCH: &str = "/crm/objects/2026-09/contacts/batch/create";

/// A server with a contact, a header with a token that may do everything, and what is stored.
struct Setup {
    hubspot: MockHubSpot,
    token: String,
    stored: Value,
}

impl Setup {
    async fn set() -> Self {
        let hubspot = MockHubSpot::builder()
            .tier(Tier::UNLIMITED)
            .start()
            .await
            .unwrap();
        let acme = hubspot.account("acme");
        acme.contact([("email", "ada@example.com")]);
        let token = format!("Bearer {}", acme.grant(MockHubSpot::every_scope()));
        let mut setup = Self {
            hubspot,
            token,
            stored: Value::Null,
        };
        setup.stored = setup.read().await;
        setup
    }

    /// Everything that is stored.
    async fn read(&self) -> Value {
        let mut stored = Vec::new();
        for path in [
            "/crm/objects/2026-09/contacts?archived=false",
            "/crm/objects/2026-09/contacts?archived=true",
            "/crm/objects/2026-09/companies",
            "/crm/objects/2026-09/line_items",
            "/crm-object-schemas/2026-09/schemas",
        ] {
            let answer = get(&self.hubspot, path, Some(&self.token)).await;
            assert_eq!(answer.status, 200, "{}", answer.text());
            stored.push(answer.json());
        }
        stored.into()
    }

    async fn send(&self, method: &str, target: &str, body: &str) -> Answer {
        request(&self.hubspot, method, target, Some(&self.token), Some(body)).await
    }

    /// Checks that an answer is HubSpot's error, and that nothing has changed.
    async fn refused(&self, answer: &Answer, status: u16) {
        assert_eq!(answer.status, status, "{}", answer.text());
        assert_eq!(
            answer.header("content-type"),
            Some("application/json;charset=utf-8")
        );
        let body = answer.json();
        assert_eq!(body["status"], "error");
        assert!(
            body["message"].is_string() && body["correlationId"].is_string(),
            "{body}"
        );
        assert_eq!(self.read().await, self.stored);
    }
}

#[tokio::test]
async fn bodies_that_are_not_json() {
    let setup = Setup::set().await;
    let deep = format!(
        r#"{{"properties": {}{}}}"#,
        "[".repeat(50_000),
        "]".repeat(50_000)
    );
    let deep_objects = format!("{}1{}", r#"{"a":"#.repeat(50_000), "}".repeat(50_000));
    for body in [
        "{",
        "",
        "null",
        "[]",
        "7",
        r#""text""#,
        r#"{"properties": {"email": "a@b.c"}"#,
        r#"{"properties": {"email": "a@b.c"}} trailing"#,
        r"{'properties': {}}",
        "{\"properties\": {\"email\": \"a\u{0}b\"}}",
        r#"{"properties": {"email": "\ud800"}}"#,
        "NaN",
        "1e999999",
        &deep,
        &deep_objects,
    ] {
        let answer = setup.send("POST", CONTACTS, body).await;
        setup.refused(&answer, 400).await;
        assert_eq!(answer.json()["category"], "VALIDATION_ERROR");
    }
}

#[tokio::test]
async fn bodies_of_the_wrong_types_name_their_fields() {
    let setup = Setup::set().await;
    let search = format!("{CONTACTS}/search");
    let merge = format!("{CONTACTS}/merge");
    let contact = format!("{CONTACTS}/1");
    for (method, path, body, place) in [
        ("POST", CONTACTS, json!({ "properties": 5 }), "properties"),
        (
            "POST",
            CONTACTS,
            json!({ "properties": { "email": ["a"] } }),
            "properties.email",
        ),
        (
            "POST",
            CONTACTS,
            json!({ "properties": {}, "associations": [{ "to": 5, "types": [] }] }),
            "associations[0].to",
        ),
        (
            "POST",
            BATCH,
            json!({ "inputs": { "properties": {} } }),
            "inputs",
        ),
        (
            "POST",
            BATCH,
            json!({ "inputs": [{ "properties": {} }, null] }),
            "inputs[1]",
        ),
        ("POST", &*search, json!({ "limit": "ten" }), "limit"),
        (
            "POST",
            &search,
            json!({ "filterGroups": [{ "filters": [{ "propertyName": [], "operator": "EQ" }] }] }),
            "filterGroups[0].filters[0].propertyName",
        ),
        (
            "POST",
            &merge,
            json!({ "primaryObjectId": {}, "objectIdToMerge": "2" }),
            "primaryObjectId",
        ),
        (
            "POST",
            &merge,
            json!({ "primaryObjectId": "1" }),
            "objectIdToMerge",
        ),
        ("PATCH", &contact, json!({ "properties": [] }), "properties"),
    ] {
        let answer = setup.send(method, path, &body.to_string()).await;
        setup.refused(&answer, 400).await;
        assert_place(&answer.json(), place);
    }
}

/// Asserts that an error is in `place`, and that the message says so.
fn assert_place(body: &Value, place: &str) {
    let errors = body["errors"].as_array().unwrap();
    let mut places = errors.iter().map(|error| &error["in"]);
    assert!(places.any(|found| found == place), "{place}: {body}");
    let message = body["message"].as_str().unwrap();
    assert!(message.contains(place), "{place}: {body}");
}

#[tokio::test]
async fn long_bodies() {
    let setup = Setup::set().await;
    let long = json!({ "properties": { "email": "x".repeat(10_000_000) } }).to_string();
    let answer = setup.send("POST", CONTACTS, &long).await;
    setup.refused(&answer, 413).await;
    let open = format!(
        "POST {CONTACTS} HTTP/1.1\r\nhost: a\r\nauthorization: {}\r\nconnection: close\r\n\
        content-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n",
        setup.token
    );
    let chunk = format!("{:x}\r\n{}\r\n", 1_000_000, "x".repeat(1_000_000));
    let chunked = format!("{open}{}0\r\n\r\n", chunk.repeat(10));
    let (answer, end) = exchange(&setup.hubspot, chunked.as_bytes()).await;
    end.unwrap();
    setup.refused(&Answer::read(&answer), 413).await;
}

#[tokio::test]
async fn batches_with_too_many_inputs() {
    let setup = Setup::set().await;
    let input = |index: usize| {
        let properties = json!({ "email": format!("{index}@example.com") });
        json!({ "id": index.to_string(), "idProperty": "email", "properties": properties })
    };
    for count in [101, 10_000] {
        let body = json!({ "inputs": (0..count).map(input).collect::<Vec<_>>() }).to_string();
        for path in ["create", "update", "upsert"] {
            let path = format!("{CONTACTS}/batch/{path}");
            let answer = setup.send("POST", &path, &body).await;
            setup.refused(&answer, 400).await;
        }
        let ids = (0..count).map(|index| json!({ "id": index.to_string() }));
        let ids = ids.collect::<Vec<_>>();
        let read =
            json!({ "inputs": ids, "properties": [], "propertiesWithHistory": [] }).to_string();
        let answer = setup
            .send("POST", &format!("{CONTACTS}/batch/read"), &read)
            .await;
        setup.refused(&answer, 400).await;
        let archive = json!({ "inputs": ids }).to_string();
        let answer = setup
            .send("POST", &format!("{CONTACTS}/batch/archive"), &archive)
            .await;
        setup.refused(&answer, 400).await;
    }
}

#[tokio::test]
async fn bytes_that_are_not_utf8() {
    let setup = Setup::set().await;
    for target in [
        "/crm/objects/2026-09/contacts/%FF",
        "/crm/objects/2026-09/contacts?limit=%FF",
        "/crm/v3/objects/%C3%28",
    ] {
        let answer = get(&setup.hubspot, target, Some(&setup.token)).await;
        setup.refused(&answer, 400).await;
    }
    let mut body = write(
        "POST",
        CONTACTS,
        Some(&setup.token),
        Some(r#"{"properties": {"email": "??"}}"#),
    );
    let marks = body.windows(2).position(|two| two == b"??").unwrap();
    body[marks] = 0xc3;
    body[marks + 1] = 0x28;
    let (answer, end) = exchange(&setup.hubspot, &body).await;
    end.unwrap();
    setup.refused(&Answer::read(&answer), 400).await;
}

#[tokio::test]
async fn queries_of_the_wrong_types() {
    let setup = Setup::set().await;
    for query in [
        "limit=ten",
        "limit=1.5",
        "limit=",
        "limit=99999999999999999999",
        "archived=maybe",
    ] {
        let answer = get(
            &setup.hubspot,
            &format!("{CONTACTS}?{query}"),
            Some(&setup.token),
        )
        .await;
        setup.refused(&answer, 400).await;
        let name = query.split('=').next().unwrap();
        assert_eq!(answer.json()["errors"][0]["in"], name);
    }
    let answer = get(
        &setup.hubspot,
        &format!("{CONTACTS}?unknown=%00&&=&limit=1"),
        Some(&setup.token),
    )
    .await;
    assert_eq!(answer.status, 200);
}

#[tokio::test]
async fn long_uris() {
    let setup = Setup::set().await;
    let properties = "a_property_with_a_name,".repeat(1_000);
    let target = format!("{CONTACTS}?properties={properties}");
    let answer = get(&setup.hubspot, &target, Some(&setup.token)).await;
    setup.refused(&answer, 414).await;
    let target = format!("{CONTACTS}{}", "/a".repeat(7_000));
    let answer = get(&setup.hubspot, &target, Some(&setup.token)).await;
    setup.refused(&answer, 501).await;
}

#[tokio::test]
async fn unknown_routes_and_methods() {
    let setup = Setup::set().await;
    for path in [
        "/crm",
        "/crm/objects//2026-09",
        "/crm/objects/2020-01/contacts",
        "//",
        "/crm/objects/2026-09/contacts/1//",
        "/crm/../crm",
    ] {
        let answer = get(&setup.hubspot, path, Some(&setup.token)).await;
        setup.refused(&answer, 501).await;
        assert_eq!(answer.header("x-hubspot-mock"), Some("no such operation"));
    }
    let properties = get(&setup.hubspot, "/crm/v3/unicorns/contacts", None).await;
    let message = properties.json()["message"].to_string();
    assert!(message.contains("The nearest operation is"), "{message}");
    for method in ["PUT", "DELETE", "OPTIONS", "TRACE", "BREW"] {
        let answer = setup.send(method, CONTACTS, "{}").await;
        setup.refused(&answer, 405).await;
        assert_eq!(answer.header("x-hubspot-mock"), Some("no such operation"));
    }
}

#[tokio::test]
async fn other_content_types() {
    let setup = Setup::set().await;
    let body = json!({ "properties": { "email": "grace@example.com" } }).to_string();
    for content_type in [
        "text/plain",
        "application/xml",
        "application/x-www-form-urlencoded",
        "",
    ] {
        let request = format!(
            "POST {CONTACTS} HTTP/1.1\r\nhost: a\r\nconnection: close\r\nauthorization: {}\r\n\
            content-type: {content_type}\r\ncontent-length: {}\r\n\r\n{body}",
            setup.token,
            body.len()
        );
        let (answer, end) = exchange(&setup.hubspot, request.as_bytes()).await;
        end.unwrap();
        setup.refused(&Answer::read(&answer), 415).await;
    }
}

/// What is not even HTTP gets a 400 or nothing, and the next request is served.
#[tokio::test]
async fn bytes_that_are_not_http() {
    let setup = Setup::set().await;
    for bytes in [
        &b"\0\0\0\0\r\n\r\n"[..],
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        b"GET / HTTP/1.1\r\nhost: a\r\ncontent-length: x\r\n\r\n",
        b"GET /\xff HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n",
    ] {
        let (answer, _) = exchange(&setup.hubspot, bytes).await;
        assert!(
            answer.is_empty() || answer.starts_with(b"HTTP/1.1 4"),
            "{bytes:?}"
        );
    }
    assert_eq!(setup.read().await, setup.stored);
}
