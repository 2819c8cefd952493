//! What the token endpoint says when it refuses.
//!
//! Comes in: an error answer in one of three shapes: OAuth's own (`error`, RFC 6749), HubSpot's usual one (`category`),
//! and an older one (`status`). Goes out: one [`TokenRefusal`]. Refuses nothing: a word that is not known is `Other`.

use crate::error::{Error, Kind};

/// Why the token endpoint refused, whichever of its three ways to say so it took; see [`Error::token_refusal`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TokenRefusal {
    /// The code or the refresh token is not valid (any more): used, expired, revoked, or of another app or redirect URI.
    InvalidGrant,
    /// The client id or the client secret is wrong.
    InvalidClient,
    /// The redirect URI is not the one of the install link, to the character.
    InvalidRedirectUri,
    /// A parameter is missing or wrong.
    InvalidRequest,
    /// The app may not ask for this.
    UnauthorizedClient,
    /// The endpoint does not know the kind of grant.
    UnsupportedGrantType,
    /// The scopes asked for are not those that were granted.
    InvalidScope,
    /// Something else; [`Error::category`] has HubSpot's word, [`Error::status`] the status.
    Other,
}

impl Error {
    /// Why the token endpoint refused a code, a refresh token or the app itself; `None` if it did not refuse.
    ///
    /// ```no_run
    /// # use hubspot_generated::{Secret, Unchecked};
    /// # async fn example(app: hubspot_generated::oauth::OAuthApp<Unchecked>, code: Secret) {
    /// use hubspot_generated::oauth::TokenRefusal;
    ///
    /// if let Err(error) = app.connect(&code, None).await
    ///     && error.token_refusal() == Some(TokenRefusal::InvalidGrant)
    /// {
    ///     println!("the code was used before, or is older than 30 seconds: follow the install link again");
    /// }
    /// # }
    /// ```
    pub fn token_refusal(&self) -> Option<TokenRefusal> {
        match self.kind() {
            Kind::Refused(body) => Some(body.category.as_deref().map_or(TokenRefusal::Other, read)),
            _ => None,
        }
    }

    /// Whether the endpoint said, to a refresh, that the refresh token is dead.
    ///
    /// A 401 that blames the app's own credentials says nothing about the account.
    pub(super) fn ends_authorization(&self) -> bool {
        let status = self.status().map_or(0, |status| status.as_u16());
        match self.token_refusal() {
            Some(TokenRefusal::InvalidGrant) => (400..500).contains(&status),
            Some(TokenRefusal::InvalidClient) | None => false,
            Some(_) => matches!(status, 401 | 403),
        }
    }
}

fn read(word: &str) -> TokenRefusal {
    match word.to_ascii_uppercase().as_str() {
        "INVALID_GRANT" | "BAD_REFRESH_TOKEN" | "BAD_AUTH_CODE" | "EXPIRED_AUTH_CODE" => {
            TokenRefusal::InvalidGrant
        }
        "INVALID_CLIENT" | "BAD_CLIENT_ID" | "BAD_CLIENT_SECRET" => TokenRefusal::InvalidClient,
        "BAD_REDIRECT_URI" | "MISMATCH_REDIRECT_URI_AUTH_CODE" => TokenRefusal::InvalidRedirectUri,
        "INVALID_REQUEST" | "VALIDATION_ERROR" | "BAD_GRANT_TYPE" => TokenRefusal::InvalidRequest,
        "UNAUTHORIZED_CLIENT" => TokenRefusal::UnauthorizedClient,
        "UNSUPPORTED_GRANT_TYPE" => TokenRefusal::UnsupportedGrantType,
        "INVALID_SCOPE" => TokenRefusal::InvalidScope,
        _ => TokenRefusal::Other,
    }
}
