//! Introspection and revocation of tokens, and v1's token information.

use hubspot_mock::{App, MockHubSpot, Rotation, StaticKind};
use serde_json::{Value, json};

use super::{
    INTROSPECT, REVOKE, TOKEN, URI, installed, post, post_as_app, read_contacts, refresh, seconds,
};
use crate::support::{Answer, get, request};

async fn introspect(hubspot: &MockHubSpot, token: &str) -> Value {
    let answer = post_as_app(hubspot, INTROSPECT, &[("token", token)]).await;
    assert_eq!(answer.status, 200);
    answer.json()
}

async fn revoke(hubspot: &MockHubSpot, token: &str) -> Answer {
    post_as_app(hubspot, REVOKE, &[("token", token)]).await
}

#[tokio::test]
async fn introspection_describes_an_access_token() {
    let (hubspot, install) = installed(Rotation::Off).await;
    let hub_id = hubspot.account("acme").hub_id();
    hubspot.advance(seconds(300));
    let expected = json!({
        "active": true,
        "app_id": 1_000_001,
        "client_id": "id",
        "expires_in": 1500,
        "hub_domain": "acme.example",
        "hub_id": hub_id,
        "is_private_distribution": true,
        "scopes": ["crm.objects.contacts.read", "oauth", "tickets"],
        "token": install.access_token,
        "token_type": "bearer",
        "token_use": "access_token",
        "user": "admin@acme.example",
        "user_id": hub_id + 50_000_000,
    });
    assert_eq!(introspect(&hubspot, &install.access_token).await, expected);
}

#[tokio::test]
async fn introspection_describes_a_refresh_token() {
    let (hubspot, install) = installed(Rotation::Off).await;
    let known = introspect(&hubspot, &install.refresh_token).await;
    assert_eq!(
        (&known["active"], &known["token_use"]),
        (&json!(true), &json!("refresh_token"))
    );
    assert_eq!(known.get("expires_in"), None);
}

#[tokio::test]
async fn introspection_returns_nothing_about_an_invalid_token() {
    let (hubspot, install) = installed(Rotation::Off).await;
    let inactive = json!({ "active": false });
    let private = hubspot.account("acme").grant(["oauth"]);
    for token in ["abc", &private] {
        assert_eq!(introspect(&hubspot, token).await, inactive);
    }
    hubspot.advance(seconds(1800));
    assert_eq!(introspect(&hubspot, &install.access_token).await, inactive);
    let other = App::new("other", "other-secret").redirect_uri(URI);
    hubspot.register(other).unwrap();
    let fields = [
        ("client_id", "other"),
        ("client_secret", "other-secret"),
        ("token", &install.refresh_token),
    ];
    let of_others = post(&hubspot, INTROSPECT, &fields).await;
    assert_eq!(of_others.json(), inactive);
}

#[tokio::test]
async fn a_revoked_access_token_is_invalid() {
    let (hubspot, install) = installed(Rotation::Off).await;
    let answer = revoke(&hubspot, &install.access_token).await;
    assert_eq!((answer.status, answer.text().as_str()), (204, ""));
    assert_eq!(
        read_contacts(&hubspot, &install.access_token).await.status,
        401
    );
    assert_eq!(
        refresh(&hubspot, TOKEN, &install.refresh_token)
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn an_access_token_outlives_its_revoked_refresh_token() {
    let (hubspot, install) = installed(Rotation::Off).await;
    assert_eq!(revoke(&hubspot, &install.refresh_token).await.status, 204);
    assert_eq!(
        refresh(&hubspot, TOKEN, &install.refresh_token)
            .await
            .status,
        400
    );
    assert_eq!(
        read_contacts(&hubspot, &install.access_token).await.status,
        200
    );
    assert!(hubspot.account("acme").uninstall("id"));
}

#[tokio::test]
async fn revoking_an_unknown_or_foreign_token_changes_nothing() {
    let (hubspot, install) = installed(Rotation::Off).await;
    let private = hubspot.account("acme").grant(["crm.objects.contacts.read"]);
    for token in ["abc", &private] {
        assert_eq!(revoke(&hubspot, token).await.status, 204);
    }
    assert_eq!(read_contacts(&hubspot, &private).await.status, 200);
    let other = App::new("other", "other-secret").redirect_uri(URI);
    hubspot.register(other).unwrap();
    let fields = [
        ("client_id", "other"),
        ("client_secret", "other-secret"),
        ("token", &install.access_token),
    ];
    assert_eq!(post(&hubspot, REVOKE, &fields).await.status, 204);
    assert_eq!(
        read_contacts(&hubspot, &install.access_token).await.status,
        200
    );
}

#[tokio::test]
async fn v1_describes_tokens_without_credentials() {
    let (hubspot, install) = installed(Rotation::Off).await;
    let hub_id = hubspot.account("acme").hub_id();
    let target = format!("/oauth/v1/access-tokens/{}", install.access_token);
    let access = get(&hubspot, &target, None).await.json();
    for (name, value) in [
        ("app_id", json!(1_000_001)),
        ("expires_in", json!(1800)),
        ("hub_id", json!(hub_id)),
        ("token", json!(install.access_token)),
        ("token_type", json!("access")),
        (
            "scopes",
            json!(["crm.objects.contacts.read", "oauth", "tickets"]),
        ),
    ] {
        assert_eq!(access[name], value, "{name}");
    }
    let target = format!("/oauth/v1/refresh-tokens/{}", install.refresh_token);
    let expected = json!({
        "client_id": "id",
        "hub_domain": "acme.example",
        "hub_id": hub_id,
        "scopes": ["crm.objects.contacts.read", "oauth", "tickets"],
        "token": install.refresh_token,
        "token_type": "refresh",
        "user": "admin@acme.example",
        "user_id": hub_id + 50_000_000,
    });
    assert_eq!(get(&hubspot, &target, None).await.json(), expected);
    let ended = request(&hubspot, "DELETE", &target, None, None).await;
    assert_eq!((ended.status, ended.text().as_str()), (204, ""));
    assert_eq!(get(&hubspot, &target, None).await.status, 404);
    assert_eq!(
        request(&hubspot, "DELETE", &target, None, None)
            .await
            .status,
        404
    );
}

#[tokio::test]
async fn v1_returns_404_for_invalid_tokens_without_repeating_them() {
    let (hubspot, install) = installed(Rotation::Off).await;
    hubspot.advance(seconds(1800));
    let private = hubspot.account("acme").grant(["oauth"]);
    for token in [&install.access_token, &private, "s3cret"] {
        let answer = get(&hubspot, &format!("/oauth/v1/access-tokens/{token}"), None).await;
        assert_eq!(answer.status, 404);
        assert_eq!(answer.json()["category"], "OBJECT_NOT_FOUND");
        assert!(!answer.text().contains(token), "{}", answer.text());
    }
}

#[tokio::test]
async fn a_private_app_gets_information_about_its_token() {
    let (hubspot, install) = installed(Rotation::Off).await;
    let acme = hubspot.account("acme");
    let token = acme.grant_as(
        StaticKind::ServiceKey,
        ["crm.objects.contacts.read", "tickets"],
    );
    let ask = async |token: &str| {
        let body = json!({ "tokenKey": token }).to_string();
        let target = "/oauth/v2/private-apps/get/access-token-info";
        request(&hubspot, "POST", target, None, Some(&body)).await
    };
    let expected = json!({
        "appId": 1_000_002,
        "hubId": acme.hub_id(),
        "scopes": ["crm.objects.contacts.read", "tickets"],
        "userId": acme.hub_id() + 50_000_000,
    });
    assert_eq!(ask(&token).await.json(), expected);
    let rotated = hubspot.rotate(&token).unwrap();
    assert_eq!(ask(&token).await.status, 404);
    let edited = hubspot.edit_scopes(&rotated, ["files"]).unwrap();
    assert_eq!(ask(&rotated).await.status, 404);
    assert_eq!(ask(&edited).await.json()["scopes"], json!(["files"]));
    assert_eq!(ask(&install.access_token).await.status, 404);
}

#[tokio::test]
async fn uninstalling_invalidates_the_tokens_of_the_app_in_that_account() {
    let (hubspot, install) = installed(Rotation::Off).await;
    let elsewhere = hubspot.account("umbrella").install("id").unwrap();
    let target = "/appinstalls/v3/external-install";
    let authorization = format!("Bearer {}", install.access_token);
    let answer = request(&hubspot, "DELETE", target, Some(&authorization), None).await;
    assert_eq!((answer.status, answer.text().as_str()), (204, ""));
    assert_eq!(
        read_contacts(&hubspot, &install.access_token).await.status,
        401
    );
    let dead = refresh(&hubspot, TOKEN, &install.refresh_token).await;
    assert_eq!(
        (dead.status, &dead.json()["error"]),
        (400, &json!("invalid_grant"))
    );
    assert!(!hubspot.account("acme").uninstall("id"));
    assert_eq!(
        read_contacts(&hubspot, &elsewhere.access_token)
            .await
            .status,
        200
    );
    let private = hubspot.account("acme").grant(["oauth"]);
    let authorization = format!("Bearer {private}");
    let refused = request(&hubspot, "DELETE", target, Some(&authorization), None).await;
    assert_eq!(refused.status, 403);
}
