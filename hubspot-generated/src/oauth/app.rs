//! The OAuth app: install links, callbacks, tokens, and clients of accounts.

use std::marker::PhantomData;
use std::sync::Arc;

use super::authorization::{self, Connection};
use super::callback;
use super::endpoint::Endpoint;
use super::introspection::Introspection;
use super::manager::TokenManager;
use super::redirect::RedirectUri;
use super::requested::RequestedScopes;
use super::token_response::TokenResponse;
use crate::client::Client;
use crate::credential::Credential;
use crate::debug::debug_fields;
use crate::error::Error;
use crate::pacing::{self, Account};
use crate::parts::Core;
use crate::scopes::ScopeSet;
use crate::secret::Secret;

/// An OAuth app that is installed with the scopes of `S`.
///
/// Cheap to clone; clones share connections and tokens. It needs a tokio runtime with I/O and time enabled.
///
/// ```no_run
/// # #[cfg(feature = "contacts")]
/// # async fn example(query: &str) -> Result<(), hubspot_generated::Error> {
/// use hubspot_generated::oauth::OAuthApp;
///
/// hubspot_generated::scope_set! {
///     /// What the app is installed with.
///     pub struct AppScopes {
///         required: ["oauth", "crm.objects.contacts.read"],
///     }
/// }
///
/// let app = OAuthApp::<AppScopes>::new("client-id", "client-secret", "https://app.example.com/hubspot")?;
///
/// // Send the user there, and keep the state in their session.
/// let authorization = app.authorize_url().build();
/// println!("{}", authorization.url);
///
/// // HubSpot sends them back with a code, which works for 30 seconds.
/// let code = app.callback(query, &authorization.state)?;
/// let connection = app.connect(&code, authorization.pkce_verifier.as_ref()).await?;
///
/// // From now on, tokens are refreshed when needed.
/// let hubspot = app.account(connection.hub_id);
/// let contacts = hubspot.contacts().list().send().await?;
/// # let _ = contacts;
/// # Ok(())
/// # }
/// ```
pub struct OAuthApp<S> {
    inner: Arc<Inner>,
    scopes: PhantomData<fn() -> S>,
}

/// The part that does not depend on the scope set.
pub(super) struct Inner {
    pub(super) tokens: TokenManager,
    /// The settings of account clients.
    pub(super) core: Core,
    pub(super) redirect_uri: RedirectUri,
    pub(super) authorize_base: String,
    pub(super) requested: RequestedScopes,
}

impl<S: ScopeSet> OAuthApp<S> {
    /// Returns a client of one account. Sends nothing.
    ///
    /// The client refreshes the access token by itself, once for all tasks. A request that HubSpot refuses with 401 is
    /// retried with a new token; again, if that has expired. If it is refused too, and no other request has succeeded with it,
    /// [`Error::needs_authorization`] is true, and so it is for later requests until someone authorizes the app again; a
    /// new attempt is made every five minutes. An operation that alone is refused, while others work, affects only itself.
    pub fn account(&self, hub_id: u64) -> Client<S> {
        let source = Arc::new(self.tokens().account(hub_id));
        let core = self.inner.core.clone();
        let client_id = self.client_id();
        let account = Account::Installed { client_id, hub_id };
        let origin = core.base_url.as_str();
        let limiter = pacing::limiter(&core.pacing, origin, account, core.clock.now());
        Client::from_core(Core {
            credential: Credential::Changing(source),
            limiter,
            ..core
        })
    }
}

impl<S> OAuthApp<S> {
    pub(super) fn from_inner(inner: Inner) -> Self {
        Self {
            inner: Arc::new(inner),
            scopes: PhantomData,
        }
    }

    /// Reads the code from a callback, given as its query or its whole URL.
    ///
    /// `state` is that of the [`Authorization`](super::Authorization), from the session of the user who comes back. It is
    /// compared in constant time.
    ///
    /// # Errors
    ///
    /// - [`OAuthError::Denied`](super::OAuthError::Denied) if the app was not connected.
    /// - [`OAuthError::ForgedState`](super::OAuthError::ForgedState) if `state` is missing or differs, and
    ///   [`OAuthError::Callback`](super::OAuthError::Callback) if the callback is malformed: with both a code and an error,
    ///   with neither, or with a repeated parameter. Anybody can send such a callback. Keep the session's state: the user's
    ///   own callback may be still to come.
    ///
    /// A code and [`Denied`](super::OAuthError::Denied) use the state up: remove it from the session.
    pub fn callback(&self, query: &str, state: &Secret) -> Result<Secret, Error> {
        callback::read(query, state).map_err(Error::from)
    }

    /// Exchanges a code, and saves the tokens of the account that it is for.
    ///
    /// Call it at once: a code works once, and for 30 seconds. The tokens replace those of an account that is connected
    /// already. Dropping the future does not cancel the exchange.
    ///
    /// # Errors
    ///
    /// If HubSpot refuses the code ([`Error::token_refusal`]), does not say for which account it is, or if the app is built
    /// with [`require_scopes`](super::OAuthAppBuilder::require_scopes) and some are missing (the tokens are saved then). A store
    /// that fails is not an error: see [`TokenEvent::NotSaved`](super::TokenEvent::NotSaved) and
    /// [`shutdown`](Self::shutdown).
    pub async fn connect(
        &self,
        code: &Secret,
        pkce_verifier: Option<&Secret>,
    ) -> Result<Connection, Error> {
        let (shared, code) = (Arc::clone(&self.tokens().shared), code.clone());
        let verifier = pkce_verifier.cloned();
        let task = async move { authorization::connect(&shared, &code, verifier.as_ref()).await };
        self.tokens().shared.run(None, task).await
    }

    /// Takes over a refresh token that another program stored, for an account that has installed the app already.
    ///
    /// The token is verified by a refresh: HubSpot must accept it, and return tokens of the account `hub_id`. Then the new
    /// tokens are saved in one step. From then on the other program must not use its refresh token any more: HubSpot may
    /// have replaced it. Dropping the future does not cancel the refresh.
    ///
    /// If the account is connected already, its tokens are replaced once HubSpot has accepted `refresh_token`; they stay as
    /// they are if it does not. So adopting the same tokens again is safe.
    ///
    /// ```no_run
    /// # async fn example(app: hubspot_generated::oauth::OAuthApp<hubspot_generated::Unchecked>, rows: Vec<(u64, String)>) -> Result<(), hubspot_generated::Error> {
    /// use hubspot_generated::oauth::TokenRefusal;
    ///
    /// for (hub_id, refresh_token) in rows {
    ///     match app.adopt(hub_id, refresh_token).await {
    ///         Ok(connection) => println!("account {} is connected", connection.hub_id),
    ///         Err(error) if error.token_refusal() == Some(TokenRefusal::InvalidGrant) => {
    ///             println!("account {hub_id} must install the app again");
    ///         }
    ///         Err(error) => return Err(error),
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// - If HubSpot refuses the token; see [`Error::token_refusal`].
    /// - [`OAuthError::OtherAccount`](super::OAuthError::OtherAccount) if the token is for another account. Nothing is
    ///   saved; [`Error::refresh_token`] returns the new refresh token, which can be adopted for the account that the error
    ///   names. (Responses of v1 may not name the account; then the token is introspected, and if that fails, `hub_id`
    ///   counts.)
    /// - If the store cannot be read or the lock not be taken. Nothing was sent then.
    /// - If scopes are missing, as for [`connect`](Self::connect).
    pub async fn adopt(
        &self,
        hub_id: u64,
        refresh_token: impl Into<Secret>,
    ) -> Result<Connection, Error> {
        let (shared, token) = (Arc::clone(&self.tokens().shared), refresh_token.into());
        let task = async move { authorization::adopt(&shared, hub_id, &token).await };
        self.tokens().shared.run(Some(hub_id), task).await
    }

    /// Ends the app's access to an account: revokes the refresh token and removes the tokens. The app stays installed.
    ///
    /// Access tokens that are in use somewhere may work until they expire. Dropping the future does not cancel it.
    ///
    /// # Errors
    ///
    /// If HubSpot does not revoke the refresh token, or the store does not remove it. Then retry. A refresh token that is
    /// not valid any more is not an error.
    pub async fn disconnect(&self, hub_id: u64) -> Result<(), Error> {
        let context = self.tokens().account(hub_id).context;
        let task = async move { authorization::disconnect(&context).await };
        self.tokens().shared.run(Some(hub_id), task).await
    }

    /// Waits for the requests for tokens that are in flight, and saves the tokens that the store has not saved yet.
    ///
    /// Call it before the program ends, when no more requests are made: HubSpot may have replaced a refresh token, and a
    /// runtime that is dropped takes the only copy with it. The app can still be used afterwards. Requests for tokens take
    /// a minute at most; wrap this in `tokio::time::timeout` to wait for less.
    ///
    /// ```
    /// # async fn example(app: hubspot_generated::oauth::OAuthApp<hubspot_generated::Unchecked>) {
    /// if let Err(error) = app.shutdown().await {
    ///     eprintln!("tokens may be lost: {error}");
    /// }
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`OAuthError::NotSaved`](super::OAuthError::NotSaved) if the store fails again. It names the first account; all
    /// others were tried too.
    pub async fn shutdown(&self) -> Result<(), Error> {
        self.tokens().shutdown().await
    }

    /// Exchanges a code for tokens and saves nothing. Most programs use [`connect`](Self::connect).
    ///
    /// # Errors
    ///
    /// See [`Error::token_refusal`].
    pub async fn exchange(
        &self,
        code: &Secret,
        pkce_verifier: Option<&Secret>,
    ) -> Result<TokenResponse, Error> {
        self.endpoint()
            .exchange(code, pkce_verifier)
            .await?
            .complete()
    }

    /// Exchanges a refresh token for tokens and saves nothing: save the new refresh token, if there is one. Clients from
    /// [`account`](Self::account) do this by themselves.
    ///
    /// # Errors
    ///
    /// See [`Error::token_refusal`]. If the response has a new refresh token but cannot be used otherwise,
    /// [`Error::refresh_token`] returns it.
    pub async fn refresh(&self, refresh_token: &Secret) -> Result<TokenResponse, Error> {
        self.endpoint().refresh(refresh_token).await?.complete()
    }

    /// Introspects a token of the app. A token that is unknown, expired or revoked is not an error but not `active`.
    ///
    /// # Errors
    ///
    /// If HubSpot refuses the app's credentials, or the request fails.
    pub async fn introspect(&self, token: &Secret) -> Result<Introspection, Error> {
        self.endpoint().introspect(token).await
    }

    /// Revokes a token.
    ///
    /// # Errors
    ///
    /// If HubSpot refuses the app's credentials or the token, or the request fails.
    pub async fn revoke(&self, token: &Secret) -> Result<(), Error> {
        self.endpoint().revoke(token).await
    }

    /// Returns the tokens of the app's accounts.
    pub fn tokens(&self) -> &TokenManager {
        &self.inner.tokens
    }

    fn endpoint(&self) -> &Endpoint {
        &self.tokens().shared.endpoint
    }

    pub(super) fn client_id(&self) -> &str {
        self.endpoint().client_id()
    }

    /// Returns the URL to which HubSpot sends users back.
    pub fn redirect_uri(&self) -> &str {
        self.inner.redirect_uri.as_str()
    }

    pub(super) fn authorize_base(&self) -> &str {
        &self.inner.authorize_base
    }

    pub(super) fn requested(&self) -> &RequestedScopes {
        &self.inner.requested
    }

    #[cfg(feature = "axum")]
    pub(super) fn redirect_url(&self) -> &oauth2::url::Url {
        &self.inner.redirect_uri.url
    }
}

impl<S> Clone for OAuthApp<S> {
    fn clone(&self) -> Self {
        Self {
            inner: Arc::clone(&self.inner),
            scopes: PhantomData,
        }
    }
}

debug_fields!(OAuthApp<S>, |app| client_id: app.client_id(), redirect_uri: app.redirect_uri());
