//! Token introspection and revocation. An app learns nothing about the tokens of another app.

use jiff::Timestamp;
use serde_json::{Value, json};

use hubspot_scopes::LoginKind;

use crate::behavior::oauth::form::Form;
use crate::behavior::{Call, Response};
use crate::definitions::App;
use crate::generated::CURRENT;
use crate::store::{Account, Failure, Grant, Tokens, belongs_to};
use crate::values::Refusal;

/// The user who installs all apps in an account.
pub(crate) struct Installer {
    pub(crate) id: u64,
    pub(crate) email: String,
    /// The account's own domain.
    pub(crate) domain: String,
}

/// The super admin of an account, its only user.
pub(crate) fn installer(account: &Account) -> Installer {
    let letters = account.name.chars();
    let plain = letters.map(|letter| match letter {
        letter if letter.is_ascii_alphanumeric() => letter.to_ascii_lowercase(),
        _ => '-',
    });
    let domain = format!("{}.example", plain.collect::<String>());
    Installer {
        id: account.hub_id.saturating_add(50_000_000),
        email: format!("admin@{domain}"),
        domain,
    }
}

/// Introspects a token (RFC 7662). Returns nothing about a token that is not valid or not the app's.
pub(super) fn introspect(call: &Call, tokens: &Tokens) -> Result<Option<Value>, Failure> {
    let form = Form::read(call)?;
    let app = form.app(tokens)?;
    let token = form.required("token")?;
    let access = tokens.lookup(token, call.now).ok();
    let refresh = || tokens.lookup_refresh(token);
    let found = access.map(|grant| (grant, "access_token"));
    let found = found.or_else(|| refresh().map(|grant| (grant, "refresh_token")));
    let Some((grant, token_use)) = found.filter(|(grant, _)| belongs_to(grant, &app)) else {
        return Ok(Some(json!({ "active": false })));
    };
    let mut known = known(token, "bearer", &grant);
    known["active"] = json!(true);
    known["app_id"] = json!(grant.holder.app_id);
    known["client_id"] = json!(app.client_id);
    known["token_use"] = json!(token_use);
    if let Some(seconds) = remaining(&grant, call.now) {
        known["expires_in"] = json!(seconds);
        known["is_private_distribution"] = json!(app.private_distribution);
        // The older documents require it; the current one does not have it.
        if call.endpoint.version != CURRENT {
            known["signed_access_token"] = signed(&grant, &app);
        }
    }
    Ok(Some(known))
}

/// Revokes a token. Succeeds for a token that is unknown or not the app's (RFC 7009, section 2.2).
pub(super) fn revoke(call: &Call, tokens: &Tokens) -> Result<Option<Value>, Failure> {
    let form = Form::read(call)?;
    let app = form.app(tokens)?;
    let token = form.required("token")?;
    if tokens
        .lookup(token, call.now)
        .is_ok_and(|grant| belongs_to(&grant, &app))
    {
        tokens.revoke_access(token);
    }
    if tokens
        .lookup_refresh(token)
        .is_some_and(|grant| belongs_to(&grant, &app))
    {
        tokens.revoke_refresh(token);
    }
    Ok(None)
}

/// Returns v1's information about an access token.
pub(super) fn access_token(call: &Call, tokens: &Tokens) -> Result<Response, Refusal> {
    let token = call.path("token");
    let grant = tokens.lookup(token, call.now).ok();
    let grant = grant
        .filter(|grant| grant.kind == LoginKind::OAuth2)
        .ok_or_else(unknown)?;
    let client_id = grant.holder.client_id.as_deref().unwrap_or_default();
    let app = tokens.app(client_id).ok_or_else(unknown)?;
    let mut known = known(token, "access", &grant);
    known["app_id"] = json!(grant.holder.app_id);
    known["expires_in"] = json!(remaining(&grant, call.now).unwrap_or_default());
    known["is_private_distribution"] = json!(app.private_distribution);
    known["signed_access_token"] = signed(&grant, &app);
    Response::json(200, &known)
}

/// Returns v1's information about a refresh token.
pub(super) fn refresh_token(call: &Call, tokens: &Tokens) -> Result<Response, Refusal> {
    let token = call.path("token");
    let grant = tokens.lookup_refresh(token).ok_or_else(unknown)?;
    let mut known = known(token, "refresh", &grant);
    known["client_id"] = json!(grant.holder.client_id);
    Response::json(200, &known)
}

/// Revokes a refresh token as in v1, without the app's credentials.
pub(super) fn end_refresh_token(call: &Call, tokens: &Tokens) -> Result<Response, Refusal> {
    if tokens.revoke_refresh(call.path("token")) {
        Ok(Response::empty())
    } else {
        Err(unknown())
    }
}

/// Returns information about the token of a private app.
pub(super) fn private_app(call: &Call, tokens: &Tokens) -> Result<Response, Refusal> {
    let key = call.json()["tokenKey"].as_str();
    let key = key.ok_or_else(|| Refusal::validation("tokenKey is missing"))?;
    let grant = tokens.lookup(key, call.now).ok();
    let grant = grant
        .filter(|grant| grant.kind == LoginKind::PrivateApps)
        .ok_or_else(unknown)?;
    let known = json!({
        "userId": installer(&grant.account).id,
        "hubId": grant.account.hub_id,
        "appId": grant.holder.app_id,
        "scopes": *grant.scopes,
    });
    Response::json(200, &known)
}

/// The information that all responses about OAuth tokens have.
fn known(token: &str, kind: &str, grant: &Grant) -> Value {
    let user = installer(&grant.account);
    json!({
        "hub_domain": user.domain,
        "hub_id": grant.account.hub_id,
        "scopes": *grant.scopes,
        "token": token,
        "token_type": kind,
        "user": user.email,
        "user_id": user.id,
    })
}

/// The signed form of an access token, with empty signatures, which clients cannot verify anyway.
fn signed(grant: &Grant, app: &App) -> Value {
    let user = installer(&grant.account);
    let expires_at = grant.expires_at.map(Timestamp::as_millisecond);
    json!({
        "appId": app.id,
        "appInstallId": format!("{}-{}", app.id, grant.account.hub_id),
        "audience": "",
        "expiresAt": expires_at.unwrap_or_default(),
        "hubId": grant.account.hub_id,
        "hublet": "na1",
        "installingUserId": user.id,
        "isPrivateDistribution": app.private_distribution,
        "isServiceAccount": false,
        "isUserLevel": false,
        "newSignature": "",
        "scopeToScopeGroupPks": "",
        "scopes": "",
        "signature": "",
        "trialScopeToScopeGroupPks": "",
        "trialScopes": "",
        "userId": user.id,
    })
}

/// The seconds until an access token expires; `None` if it does not.
fn remaining(grant: &Grant, now: Timestamp) -> Option<i64> {
    let end = grant.expires_at?;
    Some(end.duration_since(now).as_secs().max(0))
}

/// 404. It does not repeat the token.
fn unknown() -> Refusal {
    Refusal::not_found("the token is unknown, expired or revoked")
}
