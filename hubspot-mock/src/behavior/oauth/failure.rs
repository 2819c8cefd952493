//! The error responses of token requests, in the three shapes that HubSpot has.
//!
//! HubSpot does not document all legacy names, nor categories and statuses. Here a caller can tell a dead token from wrong
//! credentials without reading messages.

use serde_json::json;

use crate::behavior::{Call, Response};
use crate::definitions::ErrorShape;
use crate::store::Failure;
use crate::values::Refusal;

impl Failure {
    /// The response to `call`.
    pub(super) fn response(
        &self,
        call: &Call,
        chosen: Option<ErrorShape>,
    ) -> Result<Response, Refusal> {
        let (error, legacy, message) = self.names();
        let is_legacy = call.endpoint.version == "v1";
        match chosen {
            None if is_legacy => {}
            Some(ErrorShape::Legacy) => {}
            None | Some(ErrorShape::Rfc6749) => {
                let status = if error == "invalid_client" { 401 } else { 400 };
                let body = json!({ "error": error, "error_description": message });
                return Response::json(status, &body);
            }
            Some(ErrorShape::HubSpot) => {
                return Err(match self {
                    Self::ClientId | Self::ClientSecret => {
                        Refusal::new(401, "INVALID_CLIENT", message)
                    }
                    Self::RefreshToken => Refusal::new(401, "INVALID_AUTHENTICATION", message),
                    _ => Refusal::validation(message),
                });
            }
        }
        let id = &call.correlation_id;
        let body = json!({ "status": legacy, "message": message, "correlationId": id });
        Response::json(400, &body)
    }

    /// RFC 6749's `error`, the legacy `status`, and the message. The message contains nothing from the request, which could
    /// be a secret.
    fn names(&self) -> (&'static str, &'static str, String) {
        let (error, legacy, message) = match self {
            Self::Request(what) => return ("invalid_request", "BAD_REQUEST", what.clone()),
            Self::Code(why) => {
                let message = format!("the authorization code is {why}");
                return ("invalid_grant", "BAD_AUTH_CODE", message);
            }
            Self::Verifier(why) => {
                let message = format!("the code_verifier {why}");
                return ("invalid_grant", "BAD_CODE_VERIFIER", message);
            }
            Self::ClientId => (
                "invalid_client",
                "BAD_CLIENT_ID",
                "missing or unknown client id",
            ),
            Self::ClientSecret => (
                "invalid_client",
                "BAD_CLIENT_SECRET",
                "missing or wrong client secret",
            ),
            Self::RedirectUri => (
                "invalid_grant",
                "BAD_REDIRECT_URI",
                "the redirect URI is not that of the authorization request",
            ),
            Self::RefreshToken => (
                "invalid_grant",
                "BAD_REFRESH_TOKEN",
                "missing or invalid refresh token",
            ),
            Self::GrantType => (
                "unsupported_grant_type",
                "BAD_GRANT_TYPE",
                "the grant type is neither authorization_code nor refresh_token",
            ),
            Self::Scope => (
                "invalid_scope",
                "BAD_SCOPE",
                "the scopes are more than were granted",
            ),
        };
        (error, legacy, message.to_owned())
    }
}
