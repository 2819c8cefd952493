//! The app.
//!
//! Comes in: what HubSpot shows in the app's settings, and where tokens are kept. Goes out: install links, codes, tokens,
//! and clients of accounts. Refuses: settings that HubSpot would refuse, with the reason.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use super::answer::TokenAnswer;
use super::builder::OAuthAppBuilder;
use super::callback;
use super::endpoint::Endpoint;
use super::error::OAuthError;
use super::keep;
use super::link::{Asked, AuthorizeUrl};
use super::manager::TokenManager;
use super::redirect::RedirectUri;
use crate::client::{Client, Core};
use crate::credential::Credential;
use crate::error::{Error, Kind};
use crate::generated::v2026_09::oauth::operations::OAUTH_TOKEN;
use crate::models::TokenInfo;
use crate::scopes::ScopeSet;
use crate::values::Secret;

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
/// // From now on, tokens are renewed as need be.
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

/// What does not depend on the scope set.
pub(super) struct Inner {
    pub(super) tokens: TokenManager,
    /// What clients of accounts are made of.
    pub(super) core: Core,
    pub(super) redirect_uri: RedirectUri,
    pub(super) authorize_base: String,
    pub(super) asked: Asked,
}

/// An account that has authorized the app; what [`OAuthApp::connect`] answers.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Connection {
    /// The account.
    pub hub_id: u64,
    /// The user who authorized the app.
    pub user_id: Option<i64>,
    /// The scopes that were granted, optional ones included.
    pub scopes: Vec<String>,
}

impl<S: ScopeSet> OAuthApp<S> {
    /// An app with these credentials, which keeps tokens in memory; [`builder`](Self::builder) for all else.
    ///
    /// `redirect_uri` is where HubSpot sends users back to, equal to the registered one to the character.
    ///
    /// # Errors
    ///
    /// If HubSpot would refuse the redirect URI: one that is no absolute URL, has a fragment, names its host by an IP
    /// address, or is not https (http will do on localhost). If a credential is empty.
    pub fn new(
        client_id: impl Into<String>,
        client_secret: impl Into<Secret>,
        redirect_uri: impl Into<String>,
    ) -> Result<Self, Error> {
        Self::builder(client_id, client_secret, redirect_uri).build()
    }

    /// Starts an app with a store, a lock, a hook and more.
    pub fn builder(
        client_id: impl Into<String>,
        client_secret: impl Into<Secret>,
        redirect_uri: impl Into<String>,
    ) -> OAuthAppBuilder<S> {
        OAuthAppBuilder::new(client_id.into(), client_secret.into(), redirect_uri.into())
    }

    /// Starts an install link with the scopes of `S`: the required ones (and those that are unlisted) as `scope`, the
    /// optional ones as `optional_scope`.
    ///
    /// HubSpot refuses a link whose scopes differ from the app's settings. Conditionally required scopes are asked for
    /// with [`with_conditional`](AuthorizeUrl::with_conditional); assumed ones never.
    pub fn authorize_url(&self) -> AuthorizeUrl<'_, S> {
        AuthorizeUrl::new(self)
    }

    /// A client of one account, and of no other. Sends nothing yet.
    ///
    /// Every call carries a valid token: the client renews it by itself, once for all tasks, and makes a call again, once,
    /// whose token expired on the way.
    pub fn account(&self, hub_id: u64) -> Client<S> {
        let source = Arc::new(self.tokens().account(hub_id));
        Client::from_core(Core {
            credential: Credential::Changing(source),
            ..self.inner.core.clone()
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

    /// Reads the code out of a callback: its query, or its whole URL.
    ///
    /// `state` is the one of the [`Authorization`](super::Authorization), from the session of the user who comes back;
    /// it is compared in constant time. Forget it then: it is good for one callback.
    ///
    /// # Errors
    ///
    /// [`OAuthError::ForgedState`] if `state` differs or is missing, [`OAuthError::Denied`] if the app was not connected,
    /// [`OAuthError::Callback`] for what HubSpot does not send: both a code and an error, neither, or one twice.
    pub fn callback(&self, query: &str, state: &Secret) -> Result<Secret, Error> {
        callback::read(query, state).map_err(Error::from)
    }

    /// Exchanges a code, and keeps the tokens of the account that it is for.
    ///
    /// Do it at once: a code works once, and for 30 seconds. What comes back supersedes what was known of the account,
    /// which may be one that needed authorization.
    ///
    /// # Errors
    ///
    /// If HubSpot refuses the code ([`Error::token_refusal`]), does not say for which account it is, or if the app asks
    /// for [`require_scopes`](OAuthAppBuilder::require_scopes) and some are missing (the tokens are kept then). A store
    /// that fails is no error: see [`TokenEvent::NotSaved`](super::TokenEvent::NotSaved).
    pub async fn connect(
        &self,
        code: &Secret,
        pkce_verifier: Option<&Secret>,
    ) -> Result<Connection, Error> {
        let asked = self.tokens().shared.clock.wall_time();
        let mut answer = self.exchange(code, pkce_verifier).await?;
        if answer.refresh_token.is_none() {
            return Err(Error::before_answer(
                &OAUTH_TOKEN,
                Kind::Decode {
                    path: ".".to_owned(),
                    what: "missing field `refresh_token`".to_owned(),
                },
            ));
        }
        if answer.hub_id.is_none() {
            // The answers of v1 need not say it.
            let info = self.introspect(&answer.access_token).await?;
            answer.hub_id = info.hub_id.and_then(|hub_id| u64::try_from(hub_id).ok());
            answer.user_id = answer.user_id.or(info.user_id);
            if answer.scopes.is_empty() {
                answer.scopes = info.scopes;
            }
        }
        let hub_id = answer.hub_id.ok_or(OAuthError::UnknownAccount)?;
        let connection = Connection {
            hub_id,
            user_id: answer.user_id,
            scopes: answer.scopes.clone(),
        };
        self.tokens().account(hub_id).connect(answer, asked).await?;
        Ok(connection)
    }

    /// Ends the app's access to an account: revokes the refresh token and forgets the tokens. The app stays installed.
    ///
    /// Access tokens that are in use somewhere may work until they expire.
    ///
    /// # Errors
    ///
    /// If HubSpot does not revoke the refresh token, or the store does not forget it. Then do it again. A refresh token
    /// that is dead already is no error.
    pub async fn disconnect(&self, hub_id: u64) -> Result<(), Error> {
        let tokens = self.tokens().account(hub_id);
        let mut held = tokens.account.held.lock().await;
        if let Some(record) = keep::recall(&tokens, &mut held).await?
            && let Err(error) = self.revoke(&record.refresh_token).await
            && !error.ends_authorization()
        {
            return Err(error);
        }
        keep::patiently(tokens.shared.store.remove(hub_id))
            .await
            .map_err(|cause| OAuthError::Store { hub_id, cause })?;
        *held = None;
        tokens.account.current.store(None);
        Ok(())
    }

    /// Exchanges a code for tokens and keeps nothing; [`connect`](Self::connect) is what most want.
    ///
    /// # Errors
    ///
    /// See [`Error::token_refusal`].
    pub async fn exchange(
        &self,
        code: &Secret,
        pkce_verifier: Option<&Secret>,
    ) -> Result<TokenAnswer, Error> {
        self.endpoint().exchange(code, pkce_verifier).await
    }

    /// Exchanges a refresh token for tokens and keeps nothing: keep the refresh token that comes back, if one does.
    /// Clients from [`account`](Self::account) do this by themselves.
    ///
    /// # Errors
    ///
    /// See [`Error::token_refusal`].
    pub async fn refresh(&self, refresh_token: &Secret) -> Result<TokenAnswer, Error> {
        self.endpoint().refresh(refresh_token).await
    }

    /// Asks HubSpot what a token of the app is. One that is unknown, expired or revoked is no error but not `active`.
    ///
    /// # Errors
    ///
    /// If HubSpot refuses the app's credentials, or does not answer.
    pub async fn introspect(&self, token: &Secret) -> Result<TokenInfo, Error> {
        self.endpoint().introspect(token).await
    }

    /// Ends a token.
    ///
    /// # Errors
    ///
    /// If HubSpot refuses the app's credentials or the token, or does not answer.
    pub async fn revoke(&self, token: &Secret) -> Result<(), Error> {
        self.endpoint().revoke(token).await
    }

    /// The tokens of the app's accounts.
    pub fn tokens(&self) -> &TokenManager {
        &self.inner.tokens
    }

    fn endpoint(&self) -> &Endpoint {
        &self.tokens().shared.endpoint
    }

    pub(super) fn client_id(&self) -> &str {
        self.endpoint().client_id()
    }

    /// Where HubSpot sends users back to.
    pub fn redirect_uri(&self) -> &str {
        self.inner.redirect_uri.as_str()
    }

    pub(super) fn authorize_base(&self) -> &str {
        &self.inner.authorize_base
    }

    pub(super) fn asked(&self) -> &Asked {
        &self.inner.asked
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

impl<S> fmt::Debug for OAuthApp<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OAuthApp")
            .field("client_id", &self.client_id())
            .field("redirect_uri", &self.redirect_uri())
            .finish_non_exhaustive()
    }
}
