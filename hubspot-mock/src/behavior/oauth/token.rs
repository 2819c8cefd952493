//! Exchanges authorization codes and refresh tokens for access tokens.

use serde_json::{Value, json};

use crate::behavior::Call;
use crate::behavior::oauth::form::Form;
use crate::behavior::oauth::info::installer;
use crate::generated::CURRENT;
use crate::store::{ACCESS_LIFETIME, CodeExchange, Failure, Issued, Tokens};

/// Exchanges an authorization code or a refresh token for an access token.
pub(super) fn token(call: &Call, tokens: &Tokens) -> Result<Option<Value>, Failure> {
    let form = Form::read(call)?;
    let app = form.app(tokens)?;
    let issued = match form.field("grant_type")? {
        Some("authorization_code") => {
            let exchange = CodeExchange {
                code: form.field("code")?.ok_or(Failure::Code("missing"))?,
                redirect_uri: form.field("redirect_uri")?.ok_or(Failure::RedirectUri)?,
                verifier: form.field("code_verifier")?,
            };
            tokens.exchange(&app, &exchange, call.now)?
        }
        Some("refresh_token") => {
            let refresh_token = form.field("refresh_token")?.ok_or(Failure::RefreshToken)?;
            let scope = form.field("scope")?;
            let fewer = scope.map(|names| names.split_whitespace().map(str::to_owned).collect());
            tokens.refresh(&app, refresh_token, fewer, call.now)?
        }
        _ => return Err(Failure::GrantType),
    };
    Ok(Some(token_body(&issued, call.endpoint.version)))
}

fn token_body(issued: &Issued, version: &str) -> Value {
    let grant = &issued.grant;
    let mut answer = json!({
        "access_token": issued.access_token,
        "expires_in": ACCESS_LIFETIME.as_secs(),
        "hub_id": grant.account.hub_id,
        "refresh_token": issued.refresh_token,
        "scopes": *grant.scopes,
        "token_type": "bearer",
        "user_id": installer(&grant.account).id,
    });
    // The current document does not have it.
    if version != CURRENT {
        answer["token_use"] = json!("access_token");
    }
    answer
}
