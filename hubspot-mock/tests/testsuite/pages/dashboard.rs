//! The dashboard.

use std::time::{Duration, SystemTime};

use hubspot_mock::{App, Fault, MockHubSpot};

use super::{assert_protected, attributes, between};
use crate::support::{get, request};

/// The part of the dashboard with this id.
fn section<'a>(text: &'a str, id: &str) -> &'a str {
    between(
        text,
        &format!(r#"<section class="panel" id="{id}">"#),
        "</section>",
    )
}

/// One of the numbers at the top.
fn figure<'a>(text: &'a str, name: &str) -> &'a str {
    let figure = between(text, &format!(r#"data-figure="{name}""#), "</div>");
    between(figure, "<dd>", "</dd>")
}

async fn dashboard(hubspot: &MockHubSpot, query: &str) -> String {
    let page = get(hubspot, &format!("/{query}"), None).await;
    assert_eq!(page.status, 200);
    assert_protected(&page);
    page.text()
}

#[tokio::test]
async fn an_empty_dashboard_says_so() {
    let hubspot = MockHubSpot::start().await.unwrap();
    let text = dashboard(&hubspot, "").await;
    for (id, words) in [
        ("accounts", "No account yet."),
        ("apps", "No OAuth app is registered."),
        ("tokens", "No token was issued yet."),
        ("limits", "No app has a token yet."),
        ("faults", "No faults are planned."),
        ("journal", "No requests yet."),
    ] {
        assert!(section(&text, id).contains(words), "{id}");
    }
}

#[tokio::test]
async fn accounts_show_their_records_by_type() {
    let hubspot = MockHubSpot::start().await.unwrap();
    let acme = hubspot.account("acme <corp>");
    for number in 0..3 {
        acme.contact([("email", format!("{number}@acme.example").as_str())]);
    }
    acme.company([("domain", "acme.example"), ("name", "<i>Acme</i>")]);
    let text = dashboard(&hubspot, "").await;
    assert_eq!(
        (figure(&text, "accounts"), figure(&text, "records")),
        ("1", "4")
    );
    let accounts = section(&text, "accounts");
    assert_eq!(attributes(accounts, "data-account"), ["acme &lt;corp&gt;"]);
    assert_eq!(attributes(accounts, "data-type"), ["contacts", "companies"]);
    let links = attributes(accounts, "href");
    let companies = get(&hubspot, links[1], None).await;
    assert_protected(&companies);
    let text = companies.text();
    assert_eq!(attributes(&text, "data-record").len(), 1);
    assert!(text.contains("&lt;i&gt;Acme&lt;/i&gt;") && !text.contains("<i>"));
}

#[tokio::test]
async fn records_are_shown_page_by_page() {
    let hubspot = MockHubSpot::start().await.unwrap();
    let acme = hubspot.account("acme");
    for number in 0..120 {
        acme.contact([("email", format!("{number}@acme.example").as_str())]);
    }
    let mut target = format!("/records/{}/contacts", acme.hub_id());
    let (mut seen, mut pages) = (Vec::new(), 0);
    loop {
        let page = get(&hubspot, &target, None).await.text();
        seen.extend(
            attributes(&page, "data-record")
                .into_iter()
                .map(str::to_owned),
        );
        pages += 1;
        let Some((_, next)) = page.split_once(r#"id="next" href=""#) else {
            break;
        };
        target = next.split('"').next().unwrap().to_owned();
    }
    assert_eq!((pages, seen.len()), (3, 120));
    seen.dedup();
    assert_eq!(seen.len(), 120);
    let nothing = get(
        &hubspot,
        &format!("/records/{}/unicorns", acme.hub_id()),
        None,
    )
    .await;
    assert!(nothing.text().contains("No records here."));
    assert_eq!(get(&hubspot, "/records/1/contacts", None).await.status, 404);
}

#[tokio::test]
async fn tokens_show_scopes_and_expiry_but_not_themselves() {
    let builder = MockHubSpot::builder().frozen_at(SystemTime::UNIX_EPOCH);
    let hubspot = builder.start().await.unwrap();
    let app = App::new("id", "app-secret")
        .redirect_uri("https://app.example/callback")
        .required(["oauth"]);
    hubspot.register(app).unwrap();
    let acme = hubspot.account("acme");
    let private = acme.grant(["tickets"]);
    let install = acme.install("id").unwrap();
    hubspot.advance(Duration::from_mins(1));
    let text = dashboard(&hubspot, "").await;
    let tokens = section(&text, "tokens");
    assert_eq!(
        attributes(tokens, "data-kind"),
        ["access", "refresh", "static"]
    );
    let all = [&install.access_token, &install.refresh_token, &private];
    let endings: Vec<_> = all.iter().map(|token| &token[token.len() - 4..]).collect();
    assert_eq!(attributes(tokens, "data-ending"), endings);
    assert!(tokens.contains("29 min 00 s") && tokens.contains("tickets"));
    for secret in all.into_iter().map(String::as_str).chain(["app-secret"]) {
        assert!(!text.contains(secret));
    }
    assert_eq!(figure(&text, "valid-tokens"), "3");
    hubspot.advance(Duration::from_mins(29));
    let text = dashboard(&hubspot, "").await;
    assert!(section(&text, "tokens").contains("expired"));
    assert_eq!(figure(&text, "valid-tokens"), "2");
    assert_eq!(attributes(section(&text, "apps"), "data-client-id"), ["id"]);
}

#[tokio::test]
async fn the_journal_shows_requests_with_their_scopes_and_can_be_filtered() {
    let hubspot = MockHubSpot::start().await.unwrap();
    let token = hubspot.account("acme").grant(["crm.objects.contacts.read"]);
    let authorization = format!("Bearer {token}");
    get(
        &hubspot,
        "/crm/objects/2026-09/contacts?limit=%3Cb%3E",
        Some(&authorization),
    )
    .await;
    get(
        &hubspot,
        "/crm/objects/2026-09/contacts?limit=1",
        Some(&authorization),
    )
    .await;
    get(
        &hubspot,
        "/crm/objects/2026-09/companies",
        Some(&authorization),
    )
    .await;
    let text = dashboard(&hubspot, "").await;
    let journal = section(&text, "journal");
    let operations = ["companies.list", "contacts.list", "contacts.list"];
    assert_eq!(attributes(journal, "data-operation"), operations);
    assert_eq!(attributes(journal, "data-status"), ["403", "200", "400"]);
    assert!(journal.contains("crm.objects.contacts.read"));
    assert!(!journal.contains("<details>"));
    let numbers = (figure(&text, "requests"), figure(&text, "failed"));
    assert_eq!(numbers, ("3", "2"));
    let text = dashboard(&hubspot, "?operation=companies.list").await;
    let narrowed = section(&text, "journal");
    assert_eq!(attributes(narrowed, "data-operation"), ["companies.list"]);
}

#[tokio::test]
async fn long_requests_and_bodies_are_collapsed_and_escaped() {
    let hubspot = MockHubSpot::start().await.unwrap();
    let scopes = ["crm.objects.contacts.read", "crm.objects.contacts.write"];
    let authorization = format!("Bearer {}", hubspot.account("acme").grant(scopes));
    let authorization = Some(authorization.as_str());
    let target = format!(
        "/crm/objects/2026-09/contacts?properties={}",
        "é".repeat(200)
    );
    let encoded = target.replace('é', "%C3%A9");
    get(&hubspot, &encoded, authorization).await;
    let body =
        r#"{"properties": {"email": "a@b.example", "firstname": "<i>A</i>"}, "associations": []}"#;
    let contacts = "/crm/objects/2026-09/contacts";
    let created = request(&hubspot, "POST", contacts, authorization, Some(body)).await;
    assert_eq!(created.status, 201);
    let text = dashboard(&hubspot, "").await;
    let journal = section(&text, "journal");
    assert_eq!(journal.matches("<details>").count(), 2);
    let longest = journal.split("<summary><code>").skip(1);
    let longest = longest.map(|rest| rest.split("</code>").next().unwrap().chars().count());
    assert_eq!(longest.max(), Some(73));
    assert!(journal.contains("&lt;i&gt;A&lt;/i&gt;") && !journal.contains("<i>"));
}

#[tokio::test]
async fn limits_and_faults_are_shown() {
    let builder = MockHubSpot::builder().frozen_at(SystemTime::UNIX_EPOCH);
    let hubspot = builder.start().await.unwrap();
    let token = hubspot.account("acme").grant(["crm.objects.contacts.read"]);
    let authorization = format!("Bearer {token}");
    for _ in 0..7 {
        get(
            &hubspot,
            "/crm/objects/2026-09/contacts",
            Some(&authorization),
        )
        .await;
    }
    hubspot.fail_next(Fault::status(503).on("contacts.create"));
    let text = dashboard(&hubspot, "").await;
    let limits = section(&text, "limits");
    assert!(
        limits.contains("7 of 190") && limits.contains("7 of 650,000"),
        "{limits}"
    );
    let faults = section(&text, "faults");
    assert!(
        faults.contains("status 503, on contacts.create"),
        "{faults}"
    );
}

#[tokio::test]
async fn the_page_can_refresh_itself() {
    let hubspot = MockHubSpot::start().await.unwrap();
    let mark = "http-equiv=\"refresh\"";
    assert!(!dashboard(&hubspot, "").await.contains(mark));
    let text = dashboard(&hubspot, "?refresh=5").await;
    assert!(text.contains(r#"<meta http-equiv="refresh" content="5">"#));
    for wrong in ["?refresh=0", "?refresh=-1", "?refresh=x", "?refresh=99999"] {
        assert!(!dashboard(&hubspot, wrong).await.contains(mark), "{wrong}");
    }
}

#[tokio::test]
async fn the_dashboard_accepts_only_get_and_head() {
    let hubspot = MockHubSpot::start().await.unwrap();
    let page = request(&hubspot, "POST", "/", None, Some("{}")).await;
    assert_eq!(
        (page.status, page.header("allow")),
        (405, Some("GET, HEAD"))
    );
}
