//! An installation against hubspot-mock: link, consent, callback, requests, refreshes, uninstall.

use std::time::Duration;

use hubspot_generated::oauth::{Connection, OAuthApp, OAuthError, TokenRefusal};
use hubspot_generated::{Client, Error, RetryPolicy, Secret};
use hubspot_mock::{App, ErrorShape, Fault, MockHubSpot, Rotation};
use reqwest::redirect;

use crate::hub::{AppScopes, REDIRECT_URI, field};

async fn start() -> (MockHubSpot, OAuthApp<AppScopes>) {
    crate::secrets::log();
    let hubspot = MockHubSpot::start().await.unwrap();
    let app = App::new("app-1", "hidden-secret")
        .redirect_uri(REDIRECT_URI)
        .scopes_of::<AppScopes>()
        .rotation(Rotation::EndOld);
    hubspot.register(app).unwrap();
    hubspot
        .account("acme")
        .contact([("email", "ada@example.com")]);
    let app = connect_to(&hubspot, REDIRECT_URI);
    (hubspot, app)
}

fn connect_to(hubspot: &MockHubSpot, redirect_uri: &str) -> OAuthApp<AppScopes> {
    OAuthApp::builder("app-1", "hidden-secret", redirect_uri)
        .client(Client::builder().base_url(hubspot.url()))
        .authorize_base_url(hubspot.url())
        .build()
        .unwrap()
}

/// Follows an install link as a browser does; gives the query of the callback.
async fn decide(link: &str, decision: &str) -> String {
    let browser = reqwest::Client::builder()
        .redirect(redirect::Policy::none())
        .tls_certs_only([])
        .build()
        .unwrap();
    let page = browser
        .get(link)
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    let (_, rest) = page.split_once("name=\"nonce\" value=\"").unwrap();
    let (nonce, _) = rest.split_once('"').unwrap();
    let response = browser
        .post(link)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(format!("nonce={nonce}&decision={decision}"))
        .send()
        .await
        .unwrap();
    let location = response.headers()["location"].to_str().unwrap().to_owned();
    assert!(location.starts_with(REDIRECT_URI), "back to the app");
    location
}

/// Connects the account of the local HubSpot; gives its number.
async fn install(app: &OAuthApp<AppScopes>) -> u64 {
    let link = app.authorize_url().pkce().with_conditional().build();
    let callback = decide(link.url.as_str(), "grant").await;
    let code = app.callback(&callback, &link.state).unwrap();
    let connection = app.connect(&code, link.pkce_verifier.as_ref()).await;
    connection.unwrap().hub_id
}

/// However a token expires again within one call: at once, or while the call waits for a retry.
#[tokio::test]
async fn a_token_that_expires_again_within_one_call_is_replaced_again() {
    use Fault as F;
    let expired = F::expired_token;
    for faults in [
        vec![expired(), expired()],
        vec![expired(), expired(), expired()],
        vec![
            expired(),
            F::status(503),
            expired(),
            F::status(429),
            expired(),
            F::status(500),
            expired(),
        ],
    ] {
        for is_first in [true, false] {
            let (hubspot, app) = start().await;
            let client = app.account(install(&app).await);
            if !is_first {
                client.contacts().list().send().await.unwrap();
            }
            let policy = RetryPolicy::default()
                .max_attempts(9)
                .base_delay(Duration::ZERO);
            for fault in faults.clone() {
                hubspot.fail_next(fault.on("contacts.list"));
            }
            client.contacts().list().retry(policy).send().await.unwrap();
        }
    }
}

#[tokio::test]
async fn from_the_link_to_the_hundredth_refresh() {
    let (hubspot, app) = start().await;
    let hub_id = install(&app).await;
    assert_eq!(hub_id, hubspot.account("acme").hub_id());
    let client = app.account(hub_id);
    for round in 1..=100 {
        let page = client.contacts().list().send().await.unwrap();
        assert_eq!(page.results.len(), 1);
        assert_eq!(hubspot.journal().count("oauth.token"), round);
        // HubSpot's clock is ahead: the token expires in flight.
        hubspot.advance(Duration::from_mins(31));
    }
    let check = client.verify_scopes().await.unwrap();
    assert!(check.is_complete() && check.left_out().is_empty());
}

#[tokio::test]
async fn who_denies_is_told_apart() {
    let (hubspot, app) = start().await;
    let link = app.authorize_url().build();
    let callback = decide(link.url.as_str(), "deny").await;
    let error = app.callback(&callback, &link.state).unwrap_err();
    assert!(matches!(error.oauth(), Some(OAuthError::Denied(denial)) if denial.is_by_user()));
    assert_eq!(hubspot.journal().count("oauth.token"), 0);
}

/// A code, and the verifier that it asks for.
async fn code(app: &OAuthApp<AppScopes>) -> (Secret, Option<Secret>) {
    let link = app.authorize_url().pkce().build();
    let callback = decide(link.url.as_str(), "grant").await;
    (
        app.callback(&callback, &link.state).unwrap(),
        link.pkce_verifier,
    )
}

fn refusal(outcome: Result<Connection, Error>) -> Option<TokenRefusal> {
    outcome.err()?.token_refusal()
}

#[tokio::test]
async fn a_code_works_once_for_thirty_seconds_and_for_its_redirect_uri_and_verifier() {
    let (hubspot, app) = start().await;
    let (once, verifier) = code(&app).await;
    app.connect(&once, verifier.as_ref()).await.unwrap();
    let again = refusal(app.connect(&once, verifier.as_ref()).await);
    assert_eq!(again, Some(TokenRefusal::InvalidGrant));

    let (late, verifier) = code(&app).await;
    hubspot.advance(Duration::from_secs(31));
    let late = refusal(app.connect(&late, verifier.as_ref()).await);
    assert_eq!(late, Some(TokenRefusal::InvalidGrant));

    let (other, verifier) = code(&app).await;
    let slash = connect_to(&hubspot, &format!("{REDIRECT_URI}/"));
    assert!(refusal(slash.connect(&other, verifier.as_ref()).await).is_some());

    let (plain, _) = code(&app).await;
    assert!(refusal(app.connect(&plain, None).await).is_some());
    let (wrong, _) = code(&app).await;
    let verifier = Secret::from("hidden-verifier-hidden-verifier-hidden-verifier");
    assert!(refusal(app.connect(&wrong, Some(&verifier)).await).is_some());
}

#[tokio::test]
async fn an_uninstalled_app_makes_one_token_request_whatever_the_error_shape() {
    for shape in [ErrorShape::Rfc6749, ErrorShape::HubSpot, ErrorShape::Legacy] {
        let (hubspot, app) = start().await;
        let client = app.account(install(&app).await);
        client.contacts().list().send().await.unwrap();
        hubspot.set_error_shape(Some(shape));
        hubspot.account("acme").uninstall("app-1");
        hubspot.advance(Duration::from_mins(31));
        hubspot.clear_journal();
        for _ in 0..3 {
            let error = client.contacts().list().send().await.unwrap_err();
            assert!(
                error.needs_authorization() || error.is_unauthorized(),
                "{error}"
            );
        }
        assert!(hubspot.journal().count("oauth.token") <= 1, "{shape:?}");
    }
}

#[tokio::test]
async fn a_static_token_is_proven_and_rotated() {
    let (hubspot, _) = start().await;
    let acme = hubspot.account("acme");
    let token = acme.grant(["oauth", "crm.objects.contacts.read"]);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("token");
    std::fs::write(&path, &token).unwrap();
    let client = Client::<AppScopes>::builder()
        .base_url(hubspot.url())
        .access_token_file(&path)
        .build()
        .unwrap();
    assert!(client.verify_scopes().await.unwrap().is_complete());
    let rotated = hubspot.rotate(&token).unwrap();
    std::fs::write(&path, rotated).unwrap();
    client.contacts().list().send().await.unwrap();
}

#[tokio::test]
async fn a_link_asks_for_the_scopes_that_the_consent_page_shows() {
    let (_hubspot, app) = start().await;
    let link = app.authorize_url().with_conditional().build();
    let (_, query) = link.url.as_str().split_once('?').unwrap();
    assert_eq!(
        field(query, "scope").unwrap(),
        "oauth crm.objects.contacts.read crm.objects.contacts.write"
    );
    assert!(decide(link.url.as_str(), "grant").await.contains("code="));
}
