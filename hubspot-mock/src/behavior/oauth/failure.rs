//! The error responses of token requests, in the three shapes that HubSpot has.
//!
//! HubSpot does not document all legacy names, nor categories and statuses. Here a caller can tell a dead token from wrong
//! credentials without reading messages.

use serde_json::{Value, json};

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
        let shape = chosen.unwrap_or(if call.endpoint.version == "v1" {
            ErrorShape::Legacy
        } else {
            ErrorShape::Rfc6749
        });
        match shape {
            ErrorShape::Rfc6749 => Response::json(self.rfc_status(), &self.rfc_body()),
            ErrorShape::HubSpot => Err(self.refusal()),
            ErrorShape::Legacy => Response::json(400, &self.legacy_body(&call.correlation_id)),
        }
    }

    fn rfc_status(&self) -> u16 {
        match self {
            Self::ClientId | Self::ClientSecret => 401,
            _ => 400,
        }
    }

    fn rfc_body(&self) -> Value {
        let error = match self {
            Self::Request(_) => "invalid_request",
            Self::ClientId | Self::ClientSecret => "invalid_client",
            Self::Code(_) | Self::RedirectUri | Self::Verifier(_) | Self::RefreshToken => {
                "invalid_grant"
            }
            Self::GrantType => "unsupported_grant_type",
            Self::Scope => "invalid_scope",
        };
        json!({ "error": error, "error_description": self.message() })
    }

    fn refusal(&self) -> Refusal {
        match self {
            Self::ClientId | Self::ClientSecret => {
                Refusal::new(401, "INVALID_CLIENT", self.message())
            }
            Self::RefreshToken => Refusal::new(401, "INVALID_AUTHENTICATION", self.message()),
            _ => Refusal::validation(self.message()),
        }
    }

    fn legacy_body(&self, correlation_id: &str) -> Value {
        let status = match self {
            Self::Request(_) => "BAD_REQUEST",
            Self::ClientId => "BAD_CLIENT_ID",
            Self::ClientSecret => "BAD_CLIENT_SECRET",
            Self::Code(_) => "BAD_AUTH_CODE",
            Self::RedirectUri => "BAD_REDIRECT_URI",
            Self::Verifier(_) => "BAD_CODE_VERIFIER",
            Self::RefreshToken => "BAD_REFRESH_TOKEN",
            Self::GrantType => "BAD_GRANT_TYPE",
            Self::Scope => "BAD_SCOPE",
        };
        json!({ "status": status, "message": self.message(), "correlationId": correlation_id })
    }

    /// The error message. It contains nothing from the request, which could be a secret.
    fn message(&self) -> String {
        match self {
            Self::Request(what) => what.clone(),
            Self::ClientId => "missing or unknown client id".to_owned(),
            Self::ClientSecret => "missing or wrong client secret".to_owned(),
            Self::Code(why) => format!("the authorization code is {why}"),
            Self::RedirectUri => {
                "the redirect URI is not that of the authorization request".to_owned()
            }
            Self::Verifier(why) => format!("the code_verifier {why}"),
            Self::RefreshToken => "missing or invalid refresh token".to_owned(),
            Self::GrantType => {
                "the grant type is neither authorization_code nor refresh_token".to_owned()
            }
            Self::Scope => "the scopes are more than were granted".to_owned(),
        }
    }
}
