//! Responses of token introspection.

use std::time::Duration;

use super::token_response::missing;
use crate::error::Error;
use crate::fields::Fields;
use crate::operation::Operation;

/// What HubSpot says about a token; returned by [`OAuthApp::introspect`](super::OAuthApp::introspect).
///
/// Everything but `active` is missing if the token is not valid.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Introspection {
    /// Whether the token is valid now.
    pub active: bool,
    /// The account.
    pub hub_id: Option<u64>,
    /// The domain of the account.
    pub hub_domain: Option<String>,
    /// The user who installed the app.
    pub user_id: Option<u64>,
    /// The e-mail address of the user who installed the app.
    pub user: Option<String>,
    /// The app that the token was issued to.
    pub app_id: Option<u64>,
    /// The client id of that app.
    pub client_id: Option<String>,
    /// The granted scopes, optional ones included.
    pub scopes: Vec<String>,
    /// How long an access token is still valid. Refresh tokens have none.
    pub expires_in: Option<Duration>,
    /// The kind of token: `access_token` or `refresh_token`.
    pub token_use: Option<String>,
}

/// Reads an introspection response. Only `active` is required.
pub(super) fn read(operation: &'static Operation, body: &[u8]) -> Result<Introspection, Error> {
    let fields = Fields::new(body);
    let active = fields
        .flag("active")
        .ok_or_else(|| missing(operation, &fields, "active"))?;
    let seconds = fields
        .integer("expires_in")
        .and_then(|seconds| u64::try_from(seconds).ok());
    Ok(Introspection {
        active,
        hub_id: fields.id("hub_id"),
        hub_domain: fields.text("hub_domain"),
        user_id: fields.id("user_id"),
        user: fields.text("user"),
        app_id: fields.id("app_id"),
        client_id: fields.text("client_id"),
        scopes: fields.scopes(),
        expires_in: seconds.map(Duration::from_secs),
        token_use: fields.text("token_use"),
    })
}
