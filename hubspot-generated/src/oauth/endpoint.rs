//! Requests to the token endpoint.
//!
//! Secrets travel in the form body only. Requests go through the client's transport, with its limits, spans and errors,
//! and with shorter timeouts.

use std::sync::Arc;
use std::time::Duration;

use oauth2::url::form_urlencoded;

use super::introspection::{self, Introspection};
use super::token_response::{Received, decode_error};
use crate::error::Error;
use crate::generated::v2026_09::oauth::operations::{OAUTH_INTROSPECT, OAUTH_REVOKE, OAUTH_TOKEN};
use crate::operation::Operation;
use crate::parts::{Core, FORM, Parts};
use crate::response::RawResponse;
use crate::secret::Secret;
use crate::transport;

/// Timeout of one attempt.
const TIMEOUT: Duration = Duration::from_secs(20);
/// Number of retries after a rate limit or an overload.
const RETRIES: u32 = 2;
/// No retry starts later than this after the first attempt.
const RETRY_WINDOW: Duration = Duration::from_secs(40);
/// The longest that a request takes, retries included.
pub(super) const MAX_DURATION: Duration = Duration::from_mins(1);
/// The longest body that is read. A token has hundreds of bytes, or thousands.
const MAX_BODY_BYTES: usize = 1024 * 1024;

const _: () = assert!(MAX_DURATION.as_secs() >= RETRY_WINDOW.as_secs() + TIMEOUT.as_secs());

/// The version of OAuth's paths that an app calls.
///
/// They differ in little but their lifetime. `V1` has no introspection and revocation that take the token in the body:
/// those requests go to 2026-09.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TokenVersion {
    /// `/oauth/2026-09/token`
    #[default]
    V2026_09,
    /// `/oauth/2026-03/token`
    V2026_03,
    /// `/oauth/v3/token`
    V3,
    /// `/oauth/v1/token`, which HubSpot removes on 16 February 2027.
    V1,
}

/// The three operations of a version.
struct Operations {
    token: &'static Operation,
    introspect: &'static Operation,
    revoke: &'static Operation,
}

/// Defines an operation that differs from another in its path only.
macro_rules! moved {
    ($name:ident, $operation:ident, $path:literal) => {
        static $name: Operation = Operation {
            path: $path,
            ..$operation
        };
    };
}

moved!(TOKEN_2026_03, OAUTH_TOKEN, "/oauth/2026-03/token");
moved!(
    INTROSPECT_2026_03,
    OAUTH_INTROSPECT,
    "/oauth/2026-03/token/introspect"
);
moved!(REVOKE_2026_03, OAUTH_REVOKE, "/oauth/2026-03/token/revoke");
moved!(TOKEN_V3, OAUTH_TOKEN, "/oauth/v3/token");
moved!(
    INTROSPECT_V3,
    OAUTH_INTROSPECT,
    "/oauth/v3/token/introspect"
);
moved!(REVOKE_V3, OAUTH_REVOKE, "/oauth/v3/token/revoke");
moved!(TOKEN_V1, OAUTH_TOKEN, "/oauth/v1/token");

impl TokenVersion {
    fn operations(self) -> Operations {
        let (token, introspect, revoke) = match self {
            Self::V2026_09 => (&OAUTH_TOKEN, &OAUTH_INTROSPECT, &OAUTH_REVOKE),
            Self::V2026_03 => (&TOKEN_2026_03, &INTROSPECT_2026_03, &REVOKE_2026_03),
            Self::V3 => (&TOKEN_V3, &INTROSPECT_V3, &REVOKE_V3),
            Self::V1 => (&TOKEN_V1, &OAUTH_INTROSPECT, &OAUTH_REVOKE),
        };
        Operations {
            token,
            introspect,
            revoke,
        }
    }
}

/// The token endpoint, as one app uses it.
pub(super) struct Endpoint {
    core: Arc<Core>,
    client_id: String,
    client_secret: Secret,
    redirect_uri: String,
    operations: Operations,
}

impl Endpoint {
    /// Sends through `http`; all else is taken from the clients' `core`.
    pub(super) fn new(
        core: &Core,
        http: reqwest::Client,
        client_id: String,
        client_secret: Secret,
        redirect_uri: String,
        version: TokenVersion,
    ) -> Self {
        let mut core = Core {
            http,
            timeout: Some(TIMEOUT),
            max_response_bytes: MAX_BODY_BYTES,
            ..core.clone()
        };
        core.retry = core.retry.within(RETRIES + 1, RETRY_WINDOW);
        Self {
            core: Arc::new(core),
            client_id,
            client_secret,
            redirect_uri,
            operations: version.operations(),
        }
    }

    pub(super) fn client_id(&self) -> &str {
        &self.client_id
    }

    /// The error of a token response without a refresh token.
    pub(super) fn missing_refresh_token(&self) -> Error {
        decode_error(self.operations.token, ".", "missing field `refresh_token`")
    }

    /// Exchanges a code for tokens.
    pub(super) async fn exchange(
        &self,
        code: &Secret,
        pkce_verifier: Option<&Secret>,
    ) -> Result<Received, Error> {
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("code", code.expose_secret()),
            ("redirect_uri", &self.redirect_uri),
        ];
        form.extend(pkce_verifier.map(|verifier| ("code_verifier", verifier.expose_secret())));
        self.request_tokens(&form).await
    }

    /// Exchanges a refresh token for tokens.
    pub(super) async fn refresh(&self, refresh_token: &Secret) -> Result<Received, Error> {
        self.request_tokens(&[
            ("grant_type", "refresh_token"),
            ("refresh_token", refresh_token.expose_secret()),
        ])
        .await
    }

    async fn request_tokens(&self, form: &[(&str, &str)]) -> Result<Received, Error> {
        let operation = self.operations.token;
        let requested_at = self.core.clock.wall_time();
        let response = self.post(operation, form).await?;
        Received::read(response, requested_at)
    }

    /// Asks what a token is.
    pub(super) async fn introspect(&self, token: &Secret) -> Result<Introspection, Error> {
        let operation = self.operations.introspect;
        let form = [("token", token.expose_secret())];
        let response = self.post(operation, &form).await?;
        introspection::read(operation, &response.body)
    }

    /// Revokes a token.
    pub(super) async fn revoke(&self, token: &Secret) -> Result<(), Error> {
        let form = [("token", token.expose_secret())];
        self.post(self.operations.revoke, &form).await.map(drop)
    }

    /// Sends a form with the app's credentials.
    async fn post(
        &self,
        operation: &'static Operation,
        form: &[(&str, &str)],
    ) -> Result<RawResponse, Error> {
        let form = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(form)
            .append_pair("client_id", &self.client_id)
            .append_pair("client_secret", self.client_secret.expose_secret())
            .finish();
        let mut parts = Parts::new(&self.core, operation, Ok(operation.path.to_owned()));
        parts.set_body(Ok(form.into_bytes()), FORM);
        transport::send(parts).await
    }
}
