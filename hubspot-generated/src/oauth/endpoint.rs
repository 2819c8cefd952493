//! The token endpoint.
//!
//! Comes in: the app's credentials, and a code, a refresh token or a token to ask about. Goes out: HubSpot's answer.
//! Refuses: redirects, answers over a mebibyte or of another shape, and every error status. Secrets travel in the body
//! only. The `oauth2` crate writes requests and reads answers; this client's transport sends them, so that its bounds,
//! spans and errors hold here, too.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use oauth2::http::{Response, StatusCode};
use oauth2::{
    AccessToken, AsyncHttpClient, AuthType, AuthorizationCode, ClientId, ClientSecret,
    EndpointNotSet, EndpointSet, HttpRequest, HttpResponse, IntrospectionUrl, PkceCodeVerifier,
    RedirectUrl, RefreshToken, RequestTokenError, TokenUrl, basic,
};

use super::answer::{TokenAnswer, WireAnswer};
use super::introspection::{WireInfo, token_info};
use crate::client::Core;
use crate::error::{Error, Kind, describe_decode_error};
use crate::generated::v2026_09::oauth::operations::{OAUTH_INTROSPECT, OAUTH_REVOKE, OAUTH_TOKEN};
use crate::models::{RevokeRequest, TokenInfo};
use crate::operation::Operation;
use crate::request::{FORM, Parts, Request};
use crate::transport;
use crate::values::Secret;

/// Which version of OAuth's paths an app calls.
///
/// They differ in little but their lifetime. `V1` has no other calls with the token in the body: what it asks about
/// tokens goes to 2026-09.
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
    /// `/oauth/v1/token`; HubSpot ends it on 16 February 2027.
    V1,
}

/// The three operations of a version.
struct Operations {
    token: &'static Operation,
    introspect: &'static Operation,
    revoke: &'static Operation,
}

/// Another path of an operation, which is otherwise the same.
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

/// The `oauth2` crate's client, with HubSpot's answers; `I` and `T` tell whether it has the two URLs.
type Grammar<I = EndpointSet, T = EndpointSet> = oauth2::Client<
    basic::BasicErrorResponse,
    WireAnswer,
    WireInfo,
    oauth2::StandardRevocableToken,
    basic::BasicRevocationErrorResponse,
    EndpointNotSet,
    EndpointNotSet,
    I,
    EndpointNotSet,
    T,
>;

/// The app's credentials, and the way to HubSpot.
pub(super) struct Endpoint {
    core: Arc<Core>,
    client_id: String,
    client_secret: Secret,
    redirect_uri: String,
    operations: Operations,
}

/// What `oauth2` says when a request or its answer failed.
type Failure = RequestTokenError<Error, basic::BasicErrorResponse>;

impl Endpoint {
    pub(super) fn new(
        core: Core,
        client_id: String,
        client_secret: Secret,
        redirect_uri: String,
        version: TokenVersion,
    ) -> Self {
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

    /// Exchanges a code for tokens.
    pub(super) async fn exchange(
        &self,
        code: &Secret,
        pkce_verifier: Option<&Secret>,
    ) -> Result<TokenAnswer, Error> {
        let grammar = self.grammar()?;
        let operation = self.operations.token;
        let code = AuthorizationCode::new(code.expose_secret().to_owned());
        let mut request = grammar.exchange_code(code);
        if let Some(verifier) = pkce_verifier {
            let verifier = PkceCodeVerifier::new(verifier.expose_secret().to_owned());
            request = request.set_pkce_verifier(verifier);
        }
        let answer = request
            .request_async(&self.http(operation))
            .await
            .map_err(|failure| read_failure(operation, failure))?;
        Ok(answer.into())
    }

    /// Exchanges a refresh token for tokens.
    pub(super) async fn refresh(&self, refresh_token: &Secret) -> Result<TokenAnswer, Error> {
        let grammar = self.grammar()?;
        let operation = self.operations.token;
        let token = RefreshToken::new(refresh_token.expose_secret().to_owned());
        let answer = grammar
            .exchange_refresh_token(&token)
            .request_async(&self.http(operation))
            .await
            .map_err(|failure| read_failure(operation, failure))?;
        Ok(answer.into())
    }

    /// Asks what a token is.
    pub(super) async fn introspect(&self, token: &Secret) -> Result<TokenInfo, Error> {
        let grammar = self.grammar()?;
        let operation = self.operations.introspect;
        let token = AccessToken::new(token.expose_secret().to_owned());
        let answer = grammar
            .introspect(&token)
            .request_async(&self.http(operation))
            .await
            .map_err(|failure| read_failure(operation, failure))?;
        Ok(token_info(&answer))
    }

    /// Ends a token.
    ///
    /// Not by the `oauth2` crate, which revokes over https only: there is no https to a HubSpot on this machine.
    pub(super) async fn revoke(&self, token: &Secret) -> Result<(), Error> {
        let body = RevokeRequest::new()
            .client_id(&self.client_id)
            .client_secret(self.client_secret.clone())
            .token(token.clone());
        let request: Request<()> = Request::new(&self.core, self.operations.revoke, &[]);
        request.form(body).send().await
    }

    fn grammar(&self) -> Result<Grammar, Error> {
        let url = |operation: &Operation| {
            let base = self.core.base_url.as_str().trim_end_matches('/');
            format!("{base}{}", operation.path)
        };
        let no_url = |_| Error::configuration("the base URL cannot be part of a URL");
        let token_url = TokenUrl::new(url(self.operations.token)).map_err(no_url)?;
        let introspection_url =
            IntrospectionUrl::new(url(self.operations.introspect)).map_err(no_url)?;
        let redirect_url = RedirectUrl::new(self.redirect_uri.clone()).map_err(no_url)?;
        let grammar =
            Grammar::<EndpointNotSet, EndpointNotSet>::new(ClientId::new(self.client_id.clone()));
        Ok(grammar
            .set_client_secret(ClientSecret::new(
                self.client_secret.expose_secret().to_owned(),
            ))
            .set_auth_type(AuthType::RequestBody)
            .set_redirect_uri(redirect_url)
            .set_introspection_url(introspection_url)
            .set_token_uri(token_url))
    }

    fn http(&self, operation: &'static Operation) -> Http<'_> {
        Http {
            core: &self.core,
            operation,
        }
    }
}

/// This client's transport, as the `oauth2` crate wants it, for one operation.
struct Http<'a> {
    core: &'a Arc<Core>,
    operation: &'static Operation,
}

impl<'c> AsyncHttpClient<'c> for Http<'_> {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, Error>> + Send + 'c>>;

    /// Sends what `oauth2` wrote; an error status is an error already.
    fn call(&'c self, request: HttpRequest) -> Self::Future {
        let path = self.operation.path.to_owned();
        let mut parts = Parts::new(self.core, self.operation, Ok(path));
        parts.set_body(Some(request.into_body()), FORM);
        Box::pin(async move {
            let answer = transport::send(parts).await?;
            // `oauth2` takes no other success than 200; its content type is that of its content.
            let mut response = Response::new(answer.body);
            *response.status_mut() = StatusCode::OK;
            Ok(response)
        })
    }
}

/// Says what is wrong with an answer without quoting it, which the failure would do.
fn read_failure(operation: &'static Operation, failure: Failure) -> Error {
    let (path, what) = match failure {
        RequestTokenError::Request(error) => return error,
        RequestTokenError::Parse(error, _) => (
            error.path().to_string(),
            describe_decode_error(error.inner()),
        ),
        RequestTokenError::ServerResponse(_) | RequestTokenError::Other(_) => {
            (".".to_owned(), "the body is empty".to_owned())
        }
    };
    Error::before_answer(operation, Kind::Decode { path, what })
}
