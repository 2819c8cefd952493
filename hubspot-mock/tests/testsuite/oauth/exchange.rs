//! Tokens for codes and for refresh tokens.

use hubspot_mock::{App, MockHubSpot, Rotation};
use serde_json::json;

use super::{
    TOKEN, URI, installed, post, post_as_app, read_contacts, refresh, seconds, start, take,
};
use crate::support::{Answer, get};

/// From RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// Opens the install link of the app and grants it what it asks for; gives the code.
async fn code(hubspot: &MockHubSpot, more: &str) -> String {
    let target = format!(
        "/oauth/authorize?client_id=id&redirect_uri=https%3A%2F%2Fapp.example%2Fcallback\
         &scope=crm.objects.contacts.read%20oauth&optional_scope=tickets{more}"
    );
    let page = get(hubspot, &target, None).await;
    assert_eq!(page.status, 200, "{}", page.text());
    let text = page.text();
    let nonce = text.split_once(r#"name="nonce" value=""#).unwrap().1;
    let nonce = nonce.split_once('"').unwrap().0;
    let answer = post(hubspot, &target, &[("nonce", nonce), ("decision", "grant")]).await;
    let location = answer.header("location").unwrap();
    let code = location.split_once("code=").unwrap().1;
    code.split('&').next().unwrap().to_owned()
}

async fn redeem(hubspot: &MockHubSpot, code: &str, more: &[(&str, &str)]) -> Answer {
    let fields = [("grant_type", "authorization_code"), ("code", code)];
    post_as_app(hubspot, TOKEN, &[&fields, more].concat()).await
}

fn refused(answer: &Answer, error: &str, description: &str) {
    let expected = json!({ "error": error, "error_description": description });
    assert_eq!((answer.status, answer.json()), (400, expected));
}

#[tokio::test]
async fn a_code_is_exchanged_for_tokens() {
    let hubspot = start(Rotation::Off).await;
    let hub_id = hubspot.account("acme").hub_id();
    let code = code(&hubspot, "").await;
    let answer = redeem(&hubspot, &code, &[("redirect_uri", URI)]).await;
    let mut tokens = answer.json();
    let access_token = take(&mut tokens, "access_token");
    take(&mut tokens, "refresh_token");
    let expected = json!({
        "expires_in": 1800,
        "hub_id": hub_id,
        "scopes": ["crm.objects.contacts.read", "oauth", "tickets"],
        "token_type": "bearer",
        "user_id": hub_id + 50_000_000,
    });
    assert_eq!((answer.status, tokens), (200, expected));
    assert_eq!(read_contacts(&hubspot, &access_token).await.status, 200);
}

#[tokio::test]
async fn a_code_works_once() {
    let hubspot = start(Rotation::Off).await;
    hubspot.account("acme");
    let code = code(&hubspot, "").await;
    let first = redeem(&hubspot, &code, &[("redirect_uri", URI)]).await;
    let second = redeem(&hubspot, &code, &[("redirect_uri", URI)]).await;
    refused(
        &second,
        "invalid_grant",
        "the authorization code is already used",
    );
    let access_token = take(&mut first.json(), "access_token");
    assert_eq!(read_contacts(&hubspot, &access_token).await.status, 200);
}

#[tokio::test]
async fn a_code_works_for_30_seconds() {
    let hubspot = start(Rotation::Off).await;
    hubspot.account("acme");
    let (first, second) = (code(&hubspot, "").await, code(&hubspot, "").await);
    hubspot.advance(seconds(29));
    let uri = [("redirect_uri", URI)];
    assert_eq!(redeem(&hubspot, &first, &uri).await.status, 200);
    hubspot.advance(seconds(1));
    let late = redeem(&hubspot, &second, &uri).await;
    refused(&late, "invalid_grant", "the authorization code is expired");
}

#[tokio::test]
async fn a_redirect_uri_with_another_slash_is_refused() {
    let hubspot = start(Rotation::Off).await;
    hubspot.account("acme");
    let code = code(&hubspot, "").await;
    let why = "the redirect URI is not that of the authorization request";
    let slash = redeem(
        &hubspot,
        &code,
        &[("redirect_uri", "https://app.example/callback/")],
    )
    .await;
    refused(&slash, "invalid_grant", why);
    refused(&redeem(&hubspot, &code, &[]).await, "invalid_grant", why);
}

#[tokio::test]
async fn a_link_with_a_challenge_requires_the_verifier() {
    let hubspot = start(Rotation::Off).await;
    hubspot.account("acme");
    let challenge = format!("&code_challenge={CHALLENGE}&code_challenge_method=S256");
    let code = code(&hubspot, &challenge).await;
    let uri = ("redirect_uri", URI);
    let none = redeem(&hubspot, &code, &[uri]).await;
    refused(&none, "invalid_grant", "the code_verifier is missing");
    let wrong = redeem(&hubspot, &code, &[uri, ("code_verifier", CHALLENGE)]).await;
    refused(
        &wrong,
        "invalid_grant",
        "the code_verifier does not fit the code_challenge",
    );
    let right = redeem(&hubspot, &code, &[uri, ("code_verifier", VERIFIER)]).await;
    assert_eq!(right.status, 200);
    let plain = self::code(&hubspot, "").await;
    let needless = redeem(&hubspot, &plain, &[uri, ("code_verifier", VERIFIER)]).await;
    let why = "the code_verifier was sent for a link without code_challenge";
    refused(&needless, "invalid_grant", why);
}

#[tokio::test]
async fn a_code_of_another_app_is_unknown() {
    let hubspot = start(Rotation::Off).await;
    hubspot.account("acme");
    let other = App::new("other", "other-secret").redirect_uri(URI);
    hubspot.register(other).unwrap();
    let code = code(&hubspot, "").await;
    let fields = [
        ("client_id", "other"),
        ("client_secret", "other-secret"),
        ("grant_type", "authorization_code"),
        ("redirect_uri", URI),
        ("code", &code),
    ];
    let stolen = post(&hubspot, TOKEN, &fields).await;
    refused(
        &stolen,
        "invalid_grant",
        "the authorization code is unknown",
    );
    let own = redeem(&hubspot, &code, &[("redirect_uri", URI)]).await;
    assert_eq!(own.status, 200, "a failed attempt does not use up the code");
}

#[tokio::test]
async fn a_refresh_keeps_the_refresh_token_unless_the_app_rotates_it() {
    for (rotation, same, old_status) in [
        (Rotation::Off, true, 200),
        (Rotation::KeepOld, false, 200),
        (Rotation::EndOld, false, 400),
    ] {
        let (hubspot, install) = installed(rotation).await;
        let refreshed = refresh(&hubspot, TOKEN, &install.refresh_token).await;
        let new = take(&mut refreshed.json(), "refresh_token");
        assert_eq!(new == install.refresh_token, same, "{rotation:?}");
        let again = refresh(&hubspot, TOKEN, &install.refresh_token).await;
        assert_eq!(again.status, old_status, "{rotation:?}");
        assert_eq!(
            refresh(&hubspot, TOKEN, &new).await.status,
            200,
            "{rotation:?}"
        );
    }
}

#[tokio::test]
async fn an_expired_access_token_differs_from_an_unknown_one() {
    let (hubspot, install) = installed(Rotation::Off).await;
    hubspot.advance(seconds(1799));
    assert_eq!(
        read_contacts(&hubspot, &install.access_token).await.status,
        200
    );
    hubspot.advance(seconds(1));
    let expired = read_contacts(&hubspot, &install.access_token).await;
    let category = |answer: &Answer| answer.json()["category"].clone();
    assert_eq!(
        (expired.status, category(&expired)),
        (401, json!("EXPIRED_AUTHENTICATION"))
    );
    let unknown = read_contacts(&hubspot, "abc").await;
    assert_eq!(
        (unknown.status, category(&unknown)),
        (401, json!("INVALID_AUTHENTICATION"))
    );
    let renewed = refresh(&hubspot, TOKEN, &install.refresh_token).await;
    let access_token = take(&mut renewed.json(), "access_token");
    assert_eq!(read_contacts(&hubspot, &access_token).await.status, 200);
}

#[tokio::test]
async fn a_refresh_can_request_fewer_scopes() {
    let (hubspot, install) = installed(Rotation::Off).await;
    let ask = async |scope: &str| {
        let token = install.refresh_token.as_str();
        let fields = [
            ("grant_type", "refresh_token"),
            ("refresh_token", token),
            ("scope", scope),
        ];
        post_as_app(&hubspot, TOKEN, &fields).await
    };
    let fewer = ask("oauth tickets").await;
    assert_eq!(fewer.json()["scopes"], json!(["oauth", "tickets"]));
    let access_token = take(&mut fewer.json(), "access_token");
    assert_eq!(read_contacts(&hubspot, &access_token).await.status, 403);
    let more = ask("oauth files").await;
    refused(
        &more,
        "invalid_scope",
        "the scopes are more than were granted",
    );
}

#[tokio::test]
async fn optional_scopes_of_missing_features_are_not_granted() {
    let hubspot = start(Rotation::Off).await;
    hubspot.account("acme").lacks(["tickets"]);
    let code = code(&hubspot, "").await;
    let answer = redeem(&hubspot, &code, &[("redirect_uri", URI)]).await;
    let scopes = json!(["crm.objects.contacts.read", "oauth"]);
    assert_eq!(answer.json()["scopes"], scopes);
}

#[tokio::test]
async fn secrets_in_the_query_are_refused() {
    let (hubspot, install) = installed(Rotation::Off).await;
    let token = &install.refresh_token;
    let targets = [
        format!("{TOKEN}?client_secret=app-secret"),
        format!("{TOKEN}?refresh_token={token}"),
        "/oauth/v1/token?client_secret=app-secret".to_owned(),
    ];
    for target in targets {
        let answer = refresh(&hubspot, &target, token).await;
        assert_eq!(answer.status, 400, "{target}");
        assert!(
            answer.text().contains("belongs in the body"),
            "{}",
            answer.text()
        );
    }
}

#[tokio::test]
async fn tokens_of_four_kilobytes_work() {
    let hubspot = start(Rotation::EndOld).await;
    let app = App::new("id", "app-secret")
        .redirect_uri(URI)
        .token_length(4096);
    hubspot
        .register(app.required(["crm.objects.contacts.read"]))
        .unwrap();
    let install = hubspot.account("acme").install("id").unwrap();
    let renewed = refresh(&hubspot, TOKEN, &install.refresh_token).await;
    let access_token = take(&mut renewed.json(), "access_token");
    assert_eq!(access_token.len(), 4096);
    assert_eq!(read_contacts(&hubspot, &access_token).await.status, 200);
}

#[tokio::test]
async fn the_journal_contains_no_secret() {
    let hubspot = start(Rotation::EndOld).await;
    hubspot.account("acme");
    let code = code(&hubspot, "").await;
    let tokens = redeem(&hubspot, &code, &[("redirect_uri", URI)]).await;
    let refresh_token = take(&mut tokens.json(), "refresh_token");
    let access_token = take(&mut tokens.json(), "access_token");
    refresh(&hubspot, TOKEN, &refresh_token).await;
    get(
        &hubspot,
        &format!("/oauth/v1/access-tokens/{access_token}"),
        None,
    )
    .await;
    let journal = hubspot.journal();
    assert_eq!(journal.count("oauth.token"), 2);
    let mut printed = format!("{journal:?}");
    for entry in journal.entries() {
        printed += &String::from_utf8_lossy(entry.body());
    }
    for secret in [code.as_str(), &refresh_token, &access_token, "app-secret"] {
        assert!(!printed.contains(secret), "{secret}");
    }
}
