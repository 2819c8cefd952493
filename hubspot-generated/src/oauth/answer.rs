//! What the token endpoint answers.
//!
//! Comes in: JSON, with HubSpot's fields beside OAuth's. Goes out: a [`TokenAnswer`]. Refuses: an answer without an
//! access token, or with a lifetime that is none. Fields that may be missing are: `refresh_token` (the old one stays),
//! `expires_in` (HubSpot's half hour), `token_type`, `hub_id`, `scopes`. Others are ignored.

use std::time::Duration;

use oauth2::basic::BasicTokenType;
use oauth2::{AccessToken, RefreshToken, Scope, TokenResponse};
use serde::{Deserialize, Deserializer, Serialize, de};

use crate::values::{Secret, null_as_default};

/// How long HubSpot's access tokens live, unless the answer says so.
const LIFETIME: Duration = Duration::from_mins(30);
/// A token that claims to live longer is renewed daily all the same.
pub(super) const LONGEST: Duration = Duration::from_hours(24);

/// The tokens that HubSpot gave for a code or a refresh token.
///
/// What [`OAuthApp::exchange`](super::OAuthApp::exchange) and [`OAuthApp::refresh`](super::OAuthApp::refresh) answer.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct TokenAnswer {
    /// The token that calls carry.
    pub access_token: Secret,
    /// What the next access token is asked for with, where HubSpot gave a new one.
    pub refresh_token: Option<Secret>,
    /// How long the access token lives from the moment it was asked for.
    pub expires_in: Duration,
    /// The account that it gives access to, where the answer says so (that of v1 need not).
    pub hub_id: Option<u64>,
    /// The user who installed the app.
    pub user_id: Option<i64>,
    /// The scopes that were granted, optional ones included; empty where the answer names none.
    pub scopes: Vec<String>,
}

/// The answer as the `oauth2` crate wants it.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct WireAnswer {
    #[serde(deserialize_with = "token")]
    access_token: AccessToken,
    #[serde(default, deserialize_with = "optional_token")]
    refresh_token: Option<RefreshToken>,
    #[serde(default = "bearer", deserialize_with = "token_type")]
    token_type: BasicTokenType,
    #[serde(default, deserialize_with = "lifetime")]
    expires_in: Option<u64>,
    #[serde(default)]
    hub_id: Option<u64>,
    #[serde(default)]
    user_id: Option<i64>,
    #[serde(default, deserialize_with = "null_as_default")]
    scopes: Vec<String>,
}

impl TokenResponse for WireAnswer {
    type TokenType = BasicTokenType;

    fn access_token(&self) -> &AccessToken {
        &self.access_token
    }

    fn token_type(&self) -> &BasicTokenType {
        &self.token_type
    }

    fn expires_in(&self) -> Option<Duration> {
        self.expires_in.map(Duration::from_secs)
    }

    fn refresh_token(&self) -> Option<&RefreshToken> {
        self.refresh_token.as_ref()
    }

    /// HubSpot's list is not OAuth's text; it is in [`TokenAnswer::scopes`].
    fn scopes(&self) -> Option<&Vec<Scope>> {
        None
    }
}

impl From<WireAnswer> for TokenAnswer {
    fn from(answer: WireAnswer) -> Self {
        Self {
            expires_in: answer.expires_in().unwrap_or(LIFETIME).min(LONGEST),
            access_token: answer.access_token.into_secret().into(),
            refresh_token: answer.refresh_token.map(|token| token.into_secret().into()),
            hub_id: answer.hub_id,
            user_id: answer.user_id,
            scopes: answer.scopes,
        }
    }
}

fn bearer() -> BasicTokenType {
    BasicTokenType::Bearer
}

/// A token is text that can stand in a header; an error must not quote it, as serde's own would.
fn visible<E: de::Error>(text: &str) -> Result<(), E> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(E::custom("expected a token"));
    }
    Ok(())
}

fn token<'de, D: Deserializer<'de>>(deserializer: D) -> Result<AccessToken, D::Error> {
    let text =
        String::deserialize(deserializer).map_err(|_| de::Error::custom("expected a token"))?;
    visible(&text)?;
    Ok(AccessToken::new(text))
}

fn optional_token<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<RefreshToken>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)
        .map_err(|_| de::Error::custom("expected a token"))?;
    // An empty one is none.
    let Some(text) = text.filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    visible(&text)?;
    Ok(Some(RefreshToken::new(text)))
}

fn token_type<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BasicTokenType, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    match text {
        Some(text) if !text.eq_ignore_ascii_case("bearer") => {
            Err(de::Error::custom("expected the token type `bearer`"))
        }
        _ => Ok(BasicTokenType::Bearer),
    }
}

fn lifetime<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    match Option::<u64>::deserialize(deserializer)? {
        Some(0) => Err(de::Error::custom("expected a token that lives some time")),
        other => Ok(other),
    }
}
