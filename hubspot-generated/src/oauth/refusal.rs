//! Errors of the token endpoint.
//!
//! They come in three shapes: OAuth's own (`error`, RFC 6749), HubSpot's usual one (`category`), and an older one
//! (`status`).

use crate::error::{Error, ErrorKind};

/// Why the token endpoint refused a request; see [`Error::token_refusal`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TokenRefusal {
    /// The code or the refresh token is not valid: used, expired, revoked, or of another redirect URI.
    InvalidGrant,
    /// The client id or the client secret is wrong, or not that of the app that the token was issued to.
    InvalidClient,
    /// The redirect URI is not exactly the one of the install link.
    InvalidRedirectUri,
    /// A parameter is missing or wrong.
    InvalidRequest,
    /// The app may not make this request.
    UnauthorizedClient,
    /// The endpoint does not support the grant type.
    UnsupportedGrantType,
    /// The requested scopes are not those that were granted.
    InvalidScope,
    /// Another reason; see [`Error::category`] and [`Error::status`].
    Other,
}

impl Error {
    /// Returns why the token endpoint refused a code, a refresh token or the app itself; `None` for other errors.
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
            ErrorKind::Refused(body) => {
                let refusal = body.category.as_deref().map_or(TokenRefusal::Other, read);
                // `invalid_grant` is also OAuth's word for a token that was issued to another client.
                Some(match body.message.as_deref() {
                    Some(message) if names_client(message) => TokenRefusal::InvalidClient,
                    _ => refusal,
                })
            }
            _ => None,
        }
    }

    /// Whether the response to a refresh says that the refresh token is not valid any more.
    ///
    /// One that blames the app's own credentials says nothing about the token.
    pub(super) fn ends_authorization(&self) -> bool {
        let status = self.status().map_or(0, |status| status.as_u16());
        match self.token_refusal() {
            Some(TokenRefusal::InvalidGrant) => (400..500).contains(&status),
            Some(TokenRefusal::InvalidClient | TokenRefusal::UnauthorizedClient) | None => false,
            Some(_) => matches!(status, 401 | 403),
        }
    }
}

fn read(word: &str) -> TokenRefusal {
    let word = word.to_ascii_uppercase();
    match word.as_str() {
        "INVALID_GRANT" | "BAD_REFRESH_TOKEN" | "BAD_AUTH_CODE" | "EXPIRED_AUTH_CODE" => {
            TokenRefusal::InvalidGrant
        }
        "BAD_REDIRECT_URI" | "MISMATCH_REDIRECT_URI_AUTH_CODE" => TokenRefusal::InvalidRedirectUri,
        "INVALID_REQUEST" | "VALIDATION_ERROR" | "BAD_GRANT_TYPE" => TokenRefusal::InvalidRequest,
        "UNAUTHORIZED_CLIENT" => TokenRefusal::UnauthorizedClient,
        "UNSUPPORTED_GRANT_TYPE" => TokenRefusal::UnsupportedGrantType,
        "INVALID_SCOPE" => TokenRefusal::InvalidScope,
        // HubSpot has several: BAD_CLIENT_ID, BAD_CLIENT_SECRET, and those of a client id that does not match.
        _ if word.contains("CLIENT") => TokenRefusal::InvalidClient,
        _ => TokenRefusal::Other,
    }
}

/// Whether a message blames the client: its id, its secret, or that the token was issued to another one.
///
/// HubSpot does not document a code for this, so the message is all there is. A false positive costs a request at the next
/// call; a false negative would end the access to an account.
fn names_client(message: &str) -> bool {
    let message = message.to_ascii_lowercase().replace(['_', '-'], " ");
    let has = |text: &&str| message.contains(*text);
    let blames = ["client id", "clientid", "client secret", "clientsecret"];
    let differs = [
        "another client",
        "different client",
        "another app",
        "different app",
    ];
    // OAuth's definition of `invalid_grant` lists all of its reasons; some servers repeat it whole.
    let lists_all = has(&"expired") && has(&"revoked");
    blames.iter().any(has) || (differs.iter().any(has) && !lists_all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_that_blames_the_client_is_told_apart() {
        for message in [
            "client_id does not match the refresh token",
            "Mismatched client ID",
            "missing or unknown client id",
            "missing or wrong client secret",
            "the refresh token was issued to another client",
            "The token belongs to a different app.",
        ] {
            assert!(names_client(message), "{message}");
        }
        for message in [
            "",
            "missing or invalid refresh token",
            "refresh token is invalid, expired or revoked",
            "The provided authorization grant or refresh token is invalid, expired, revoked, does not match the \
             redirection URI used in the authorization request, or was issued to another client.",
        ] {
            assert!(!names_client(message), "{message}");
        }
    }

    #[test]
    fn codes_that_name_the_client_are_one_kind() {
        for word in [
            "invalid_client",
            "BAD_CLIENT_ID",
            "CLIENT_ID_MISMATCH",
            "Mismatched_Client",
        ] {
            assert_eq!(read(word), TokenRefusal::InvalidClient, "{word}");
        }
        assert_eq!(
            read("unauthorized_client"),
            TokenRefusal::UnauthorizedClient
        );
    }
}
