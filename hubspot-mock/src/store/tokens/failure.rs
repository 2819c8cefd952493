//! Why a token request fails.

/// Why a token call fails.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Failure {
    /// A field is missing, repeated, or in the query. Says what to do.
    Request(String),
    /// There is no app with this client id.
    ClientId,
    /// The secret is not the app's.
    ClientSecret,
    /// What is wrong with the authorization code.
    Code(&'static str),
    /// Not that of the authorization request.
    RedirectUri,
    /// What is wrong with PKCE's verifier.
    Verifier(&'static str),
    /// It is unknown, replaced or revoked, or belongs to another app.
    RefreshToken,
    /// A grant type that is not served.
    GrantType,
    /// More than was granted.
    Scope,
}
