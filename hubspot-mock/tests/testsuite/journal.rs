//! What the journal records, and what it never does.

use crate::support::{exchange, get, request};
use hubspot_generated::Client;
use hubspot_mock::{App, Entry, Fault, MockHubSpot};
use serde_json::json;

hubspot_generated::scope_set! {
    /// What the program under test is installed with.
    struct SyncScopes {
        required: ["crm.objects.contacts.read", "crm.objects.contacts.write"],
        optional: ["crm.objects.companies.read"],
    }
}

const CONTACTS: &str = "/crm/objects/2026-09/contacts";

#[tokio::test]
async fn requests_are_counted_and_their_scopes_collected() {
    let hubspot = MockHubSpot::start().await.unwrap();
    let acme = hubspot.account("acme");
    let client = acme.client::<SyncScopes>();
    client.contacts().list().limit(5).send().await.unwrap();
    client.contacts().get("17").send().await.unwrap_err();
    let journal = hubspot.journal();
    assert_eq!((journal.len(), journal.count("contacts.list")), (2, 1));
    assert_eq!(journal.count("v3.contacts.list"), 0);
    let scopes = hubspot.scopes_used();
    assert_eq!(Vec::from_iter(scopes), ["crm.objects.contacts.read"]);
    let listed = journal.of("contacts.list").next().unwrap();
    assert_eq!(
        (listed.method(), listed.path(), listed.query()),
        ("GET", CONTACTS, "limit=5")
    );
    assert_eq!(
        (listed.account(), listed.status()),
        (Some("acme"), Some(200))
    );
    assert_eq!(
        listed.scopes().collect::<Vec<_>>(),
        ["crm.objects.contacts.read"]
    );
    let missed = journal.of("contacts.get").next().unwrap();
    assert_eq!(missed.status(), Some(404));
    let shown = format!("{missed:?}");
    let shown = shown.split(", time: ").next().unwrap_or_default();
    assert_eq!(
        shown,
        r#"Entry { method: "GET", path: "/crm/objects/2026-09/contacts/17", query: "", operation: Some("contacts.get"), account: Some("acme"), status: Some(404), fault: None"#
    );
}

#[tokio::test]
async fn refused_requests_are_recorded_without_scopes() {
    let hubspot = MockHubSpot::start().await.unwrap();
    let token = hubspot
        .account("acme")
        .grant(["crm.objects.companies.read"]);
    get(&hubspot, "/nowhere?a=b", None).await;
    get(&hubspot, CONTACTS, Some(&format!("Bearer {token}"))).await;
    hubspot.fail_next(Fault::html(502));
    get(&hubspot, CONTACTS, Some(&format!("Bearer {token}"))).await;
    let journal = hubspot.journal();
    let seen = journal
        .entries()
        .map(|entry| {
            (
                entry.path(),
                entry.operation(),
                entry.account(),
                entry.status(),
                entry.fault(),
            )
        })
        .collect::<Vec<_>>();
    let page = Some("HTML page with status 502");
    let expected = [
        ("/nowhere", None, None, Some(501), None),
        (
            CONTACTS,
            Some("contacts.list"),
            Some("acme"),
            Some(403),
            None,
        ),
        (
            CONTACTS,
            Some("contacts.list"),
            Some("acme"),
            Some(502),
            page,
        ),
    ];
    assert_eq!(seen, expected);
    assert!(hubspot.scopes_used().is_empty());
}

#[tokio::test]
async fn bodies_are_recorded() {
    let hubspot = MockHubSpot::start().await.unwrap();
    let token = hubspot
        .account("acme")
        .grant(["crm.objects.contacts.write"]);
    let body = json!({ "properties": { "email": "ada@example.com" } }).to_string();
    request(
        &hubspot,
        "POST",
        CONTACTS,
        Some(&format!("Bearer {token}")),
        Some(&body),
    )
    .await;
    let journal = hubspot.journal();
    assert_eq!(journal.entries().next().unwrap().body(), body.as_bytes());
}

#[tokio::test]
async fn the_last_requests_are_kept() {
    let hubspot = MockHubSpot::builder()
        .journal_capacity(2)
        .start()
        .await
        .unwrap();
    for path in ["/1", "/2", "/3"] {
        get(&hubspot, path, None).await;
    }
    let journal = hubspot.journal();
    let paths = journal.entries().map(Entry::path);
    assert_eq!(paths.collect::<Vec<_>>(), ["/2", "/3"]);
    assert_eq!(journal.dropped(), 1);
    hubspot.clear_journal();
    assert!(hubspot.journal().is_empty());
}

/// Whatever was sent and wherever, no secret is shown by anything that a test can print.
#[tokio::test]
async fn secrets_are_redacted() {
    let hubspot = MockHubSpot::start().await.unwrap();
    let acme = hubspot.account("acme");
    let app = App::new("client-id", "client-s3cret")
        .redirect_uri("https://app.example/callback")
        .required(["crm.objects.contacts.read"]);
    hubspot.register(app.clone()).unwrap();
    let install = acme.install("client-id").unwrap();
    let static_token = acme.grant(["crm.objects.contacts.read"]);
    for token in [&install.access_token, &static_token] {
        get(&hubspot, CONTACTS, Some(&format!("Bearer {token}"))).await;
        let path = format!("/oauth/v1/access-tokens/{token}");
        get(&hubspot, &path, None).await;
        get(&hubspot, &format!("/nowhere?access_token={token}"), None).await;
        let body = json!({ "tokenKey": token }).to_string();
        let path = "/oauth/v2/private-apps/get/access-token-info";
        request(&hubspot, "POST", path, None, Some(&body)).await;
    }
    for path in ["/oauth/2026-09/token", "/oauth/v1/token", "/nowhere"] {
        let form = format!(
            "grant_type=refresh_token&client_id=client-id&client_secret=client-s3cret&refresh_token={}",
            install.refresh_token
        );
        let request = format!(
            "POST {path} HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-length: {}\r\n\
             content-type: application/x-www-form-urlencoded\r\n\r\n{form}",
            form.len()
        );
        exchange(&hubspot, request.as_bytes()).await.1.unwrap();
    }
    let client = Client::unchecked_builder()
        .base_url(hubspot.url())
        .access_token(static_token.as_str());
    let journal = hubspot.journal();
    let printed = format!("{hubspot:?} {acme:?} {app:?} {install:?} {client:?} {journal:?}");
    let bodies = journal
        .entries()
        .map(|entry| String::from_utf8_lossy(entry.body()).into_owned());
    let bodies = bodies.collect::<String>();
    assert!(bodies.contains("refresh_token=[redacted]"), "{bodies}");
    let secrets = [
        "client-s3cret",
        &install.access_token,
        &install.refresh_token,
        &static_token,
    ];
    for secret in secrets {
        assert!(
            !printed.contains(secret) && !bodies.contains(secret),
            "{printed} {bodies}"
        );
    }
}

#[tokio::test]
#[should_panic(expected = r#"there is no operation "contacts.archiv""#)]
async fn counting_an_unknown_operation_panics() {
    let hubspot = MockHubSpot::start().await.unwrap();
    assert_eq!(hubspot.journal().count("contacts.archiv"), 0);
}

#[tokio::test]
async fn the_bytes_of_the_journal_can_be_set() {
    for (bytes, kept) in [(50_000, 4), (5_000, 0)] {
        let builder = MockHubSpot::builder().journal_bytes(bytes);
        let hubspot = builder.start().await.unwrap();
        let body = format!(r#"{{"properties": {{"city": "{}"}}}}"#, "x".repeat(10_000));
        let contacts = "/crm/objects/2026-09/contacts";
        for _ in 0..20 {
            request(&hubspot, "POST", contacts, None, Some(&body)).await;
        }
        let journal = hubspot.journal();
        assert_eq!((journal.len(), journal.dropped()), (kept, 20 - kept as u64));
    }
}

#[tokio::test]
async fn the_journal_is_bounded_by_bytes() {
    let hubspot = MockHubSpot::start().await.unwrap();
    let body = format!(
        r#"{{"properties": {{"email": "{}"}}}}"#,
        "x".repeat(64 * 1024)
    );
    let contacts = "/crm/objects/2026-09/contacts";
    for _ in 0..1100 {
        request(&hubspot, "POST", contacts, None, Some(&body)).await;
    }
    let journal = hubspot.journal();
    let kept = journal.entries().map(|entry| entry.body().len());
    assert!(kept.sum::<usize>() <= 64 * 1024 * 1024);
    assert_eq!(
        journal.len() + usize::try_from(journal.dropped()).unwrap(),
        1100
    );
    assert!(
        journal.len() > 1000 && journal.dropped() > 0,
        "{}",
        journal.len()
    );
}
