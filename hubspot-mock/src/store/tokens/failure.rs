//! Why a token request fails.

/// An error of a token request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Failure {
    /// A field is missing, repeated, or in the query, as the text says.
    Request(String),
    /// No app has this client id.
    ClientId,
    /// The secret is not the app's.
    ClientSecret,
    /// The authorization code is not valid, for this reason.
    Code(&'static str),
    /// The redirect URI is not that of the authorization request.
    RedirectUri,
    /// The PKCE verifier is not valid, for this reason.
    Verifier(&'static str),
    /// The refresh token is unknown, replaced or revoked, or belongs to another app.
    RefreshToken,
    /// The grant type is not supported.
    GrantType,
    /// More scopes are requested than were granted.
    Scope,
}
