//! Operations without behavior: their scopes and their bodies are checked, and the response is made from the schema.

use crate::support::{get, request};
use hubspot_mock::MockHubSpot;

hubspot_generated::scope_set! {
    struct Scopes {
        required: ["settings.currencies.read"],
    }
}

const PATH: &str = "/settings/currencies/2026-09/company-currency";

#[tokio::test]
async fn a_client_reads_what_is_made() {
    let hubspot = MockHubSpot::start().await.unwrap();
    let client = hubspot.account("acme").client::<Scopes>();
    let currencies = client.settings().currencies();
    let rates = currencies.list_exchange_rates().await.unwrap();
    assert!(rates.results.is_empty());
    let currency = currencies.get_company_currency().await.unwrap();
    assert!(currency.created_at.as_str().starts_with("2026"));
}

#[tokio::test]
async fn the_response_says_that_it_is_made_and_refusals_are_as_for_any_other() {
    let hubspot = MockHubSpot::start().await.unwrap();
    let account = hubspot.account("acme");
    let bearer = |scope: &str| format!("Bearer {}", account.grant(["oauth", scope]));
    let read = bearer("settings.currencies.read");
    let made = get(&hubspot, PATH, Some(&read)).await;
    let mark = made.header("x-hubspot-mock");
    assert_eq!((made.status, mark), (200, Some("generated")));
    let again = get(&hubspot, PATH, Some(&read)).await;
    assert_eq!(made.body, again.body);
    let refused = get(&hubspot, PATH, Some(&bearer("tickets"))).await;
    let mark = refused.header("x-hubspot-mock");
    assert_eq!((refused.status, mark), (403, None));
    let body = Some(r#"{"currencyCode": "perhaps"}"#);
    let write = bearer("settings.currencies.write");
    let refused = request(&hubspot, "PUT", PATH, Some(&write), body).await;
    assert_eq!(refused.status, 400, "{}", refused.text());
}

/// The statuses are those of HubSpot's documents.
#[tokio::test]
async fn the_status_is_the_documented_one() {
    let hubspot = MockHubSpot::start().await.unwrap();
    let token = hubspot.account("acme").grant(MockHubSpot::every_scope());
    let token = format!("Bearer {token}");
    let redirect = r#"{"destination": "/b", "routePrefix": "/a", "redirectStyle": 301}"#;
    for (method, path, body, status, has_body) in [
        ("GET", "/cms/domains/2026-09", None, 200, true),
        (
            "POST",
            "/cms/url-redirects/2026-09",
            Some(redirect),
            201,
            true,
        ),
        ("POST", "/cms/v3/url-redirects", Some(redirect), 201, true),
        (
            "POST",
            "/files/2026-09/folders/update/async",
            Some(r#"{"id": "7", "name": "a"}"#),
            202,
            true,
        ),
        ("DELETE", "/cms/url-redirects/2026-09/7", None, 204, false),
        (
            "GET",
            "/cms/source-code/2026-09/draft/content/a.html",
            None,
            200,
            false,
        ),
    ] {
        let made = request(&hubspot, method, path, Some(&token), body).await;
        let text = made.text();
        assert_eq!(
            made.header("x-hubspot-mock"),
            Some("generated"),
            "{path}: {text}"
        );
        assert_eq!(
            (made.status, !text.is_empty()),
            (status, has_body),
            "{path}: {text}"
        );
    }
}
