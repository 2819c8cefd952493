//! Responses of the token endpoint.
//!
//! Every field is read by itself: an odd value in a field that only informs never loses the refresh token, which may have
//! replaced the one that was sent.

use std::time::{Duration, SystemTime};

use crate::credential::authorization;
use crate::error::{Error, Kind, describe_decode_error};
use crate::lenient::Fields;
use crate::operation::Operation;
use crate::values::Secret;

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
    pub(super) access_token: Result<Secret, Kind>,
    pub(super) refresh_token: Option<Secret>,
    pub(super) expires_in: Duration,
    pub(super) hub_id: Option<u64>,
    pub(super) user_id: Option<u64>,
    pub(super) scopes: Vec<String>,
}

impl Received {
    /// Reads the body of a success.
    pub(super) fn read(
        operation: &'static Operation,
        body: &[u8],
        requested_at: SystemTime,
    ) -> Result<Self, Error> {
        let fields = fields(operation, body)?;
        let expires_in = fields
            .integer("expires_in")
            .filter(|seconds| *seconds > 0)
            .map_or(DEFAULT_LIFETIME, |seconds| {
                Duration::from_secs(u64::try_from(seconds).unwrap_or(u64::MAX))
            });
        Ok(Self {
            requested_at,
            access_token: access_token(&fields),
            refresh_token: fields.text("refresh_token").map(Secret::from),
            expires_in: expires_in.min(MAX_LIFETIME),
            hub_id: id(&fields, "hub_id"),
            user_id: id(&fields, "user_id"),
            scopes: fields.scopes(),
        })
    }

    /// Fails if there is no access token.
    pub(super) fn complete(self, operation: &'static Operation) -> Result<TokenResponse, Error> {
        Ok(TokenResponse {
            access_token: self
                .access_token
                .map_err(|kind| Error::of_operation(operation, kind))?,
            refresh_token: self.refresh_token,
            expires_in: self.expires_in,
            hub_id: self.hub_id,
            user_id: self.user_id,
            scopes: self.scopes,
        })
    }
}

/// The fields of a body that must be a JSON object.
pub(super) fn fields<'a>(
    operation: &'static Operation,
    body: &'a [u8],
) -> Result<Fields<'a>, Error> {
    Fields::new(body).map_err(|error| {
        let what = describe_decode_error(&error);
        Error::of_operation(operation, decode(".", what))
    })
}

pub(super) fn decode(path: &str, what: impl Into<String>) -> Kind {
    Kind::Decode {
        path: path.to_owned(),
        what: what.into(),
    }
}

/// The id of an account or a user, which is positive.
pub(super) fn id(fields: &Fields<'_>, name: &str) -> Option<u64> {
    let id = u64::try_from(fields.integer(name)?).ok()?;
    (id > 0).then_some(id)
}

/// A token that can be sent in a header; the error does not quote it.
fn access_token(fields: &Fields<'_>) -> Result<Secret, Kind> {
    const NAME: &str = "access_token";
    if fields.value(NAME).is_none() {
        return Err(decode(".", "missing field `access_token`"));
    }
    fields
        .text(NAME)
        .filter(|token| authorization(token).is_ok())
        .map(Secret::from)
        .ok_or_else(|| decode(NAME, "expected a token"))
}
