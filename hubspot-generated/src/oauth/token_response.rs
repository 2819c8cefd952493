//! Responses of the token endpoint.
//!
//! A new refresh token is never lost: it may have replaced the one that was sent.

use std::time::{Duration, SystemTime};

use crate::credential::authorization;
use crate::error::{Error, ErrorKind};
use crate::fields::Fields;
use crate::operation::Operation;
use crate::response::RawResponse;
use crate::secret::Secret;

/// The lifetime of an access token, where the response states none that is usable.
const DEFAULT_LIFETIME: Duration = Duration::from_mins(30);
/// Longer lifetimes are cut to this.
pub(super) const MAX_LIFETIME: Duration = Duration::from_hours(24);

/// The tokens that HubSpot returns for a code or a refresh token.
///
/// Returned by [`OAuthApp::exchange`](super::OAuthApp::exchange) and [`OAuthApp::refresh`](super::OAuthApp::refresh).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct TokenResponse {
    /// The access token.
    pub access_token: Secret,
    /// The new refresh token, if there is one. It replaces the one that was sent.
    pub refresh_token: Option<Secret>,
    /// The lifetime of the access token, counted from the request: 30 minutes if the response does not state a positive
    /// number of seconds, and 24 hours at most.
    pub expires_in: Duration,
    /// The account. Responses of v1 may lack it.
    pub hub_id: Option<u64>,
    /// The user who installed the app.
    pub user_id: Option<u64>,
    /// The granted scopes, optional ones included; empty if the response names none.
    pub scopes: Vec<String>,
}

/// A token response that may lack an access token.
pub(super) struct Received {
    /// When the request was made.
    pub(super) requested_at: SystemTime,
    pub(super) access_token: Result<Secret, Error>,
    pub(super) refresh_token: Option<Secret>,
    pub(super) expires_in: Duration,
    pub(super) hub_id: Option<u64>,
    pub(super) user_id: Option<u64>,
    pub(super) scopes: Vec<String>,
}

impl Received {
    /// Reads a success. Fails if it has neither token.
    pub(super) fn read(response: RawResponse, requested_at: SystemTime) -> Result<Self, Error> {
        let fields = Fields::new(&response.body);
        let refresh_token = fields.text_anywhere("refresh_token").map(Secret::from);
        let access_token = match (
            access_token(response.operation, &fields),
            response.truncated,
        ) {
            (Err(_), Some(truncated)) => Err(truncated),
            (access_token, _) => access_token,
        };
        let access_token = match access_token {
            Err(error) if refresh_token.is_none() => return Err(error),
            access_token => access_token,
        };
        let expires_in = fields
            .integer("expires_in")
            .filter(|seconds| *seconds > 0)
            .map_or(DEFAULT_LIFETIME, |seconds| {
                Duration::from_secs(u64::try_from(seconds).unwrap_or(u64::MAX))
            });
        Ok(Self {
            requested_at,
            access_token,
            refresh_token,
            expires_in: expires_in.min(MAX_LIFETIME),
            hub_id: fields.id("hub_id"),
            user_id: fields.id("user_id"),
            scopes: fields.scopes(),
        })
    }

    /// Fails if there is no access token. The error keeps the refresh token.
    pub(super) fn complete(self) -> Result<TokenResponse, Error> {
        let refresh_token = self.refresh_token;
        match self.access_token {
            Ok(access_token) => Ok(TokenResponse {
                access_token,
                refresh_token,
                expires_in: self.expires_in,
                hub_id: self.hub_id,
                user_id: self.user_id,
                scopes: self.scopes,
            }),
            Err(error) => Err(error.with_refresh_token(refresh_token)),
        }
    }
}

/// The error of a body without a value that is needed; its path is `.` where the body lacks it.
pub(super) fn missing(operation: &'static Operation, fields: &Fields<'_>, name: &str) -> Error {
    let what = match fields.fault() {
        Some(fault) => fault.what().to_owned(),
        None => format!("missing field `{name}`"),
    };
    decode_error(operation, ".", what)
}

pub(super) fn decode_error(
    operation: &'static Operation,
    path: &str,
    what: impl Into<String>,
) -> Error {
    let (path, what) = (path.to_owned(), what.into());
    Error::of_operation(operation, ErrorKind::Decode { path, what })
}

/// A token that can be sent in a header; the error does not quote it.
fn access_token(operation: &'static Operation, fields: &Fields<'_>) -> Result<Secret, Error> {
    const NAME: &str = "access_token";
    if !fields.has(NAME) {
        return Err(missing(operation, fields, NAME));
    }
    fields
        .text(NAME)
        .filter(|token| authorization(token).is_ok())
        .map(Secret::from)
        .ok_or_else(|| decode_error(operation, NAME, "expected a token"))
}
