//! Install links.

use std::fmt;
use std::marker::PhantomData;

use oauth2::{CsrfToken, PkceCodeChallenge};

use super::app::OAuthApp;
use crate::path;
use crate::scopes::ScopeSet;
use crate::secret::Secret;

/// The number of random bytes in a `state`.
const STATE_BYTES: u32 = 32;

impl<S: ScopeSet> OAuthApp<S> {
    /// Starts to build an install link with the scopes of `S`: the required and unlisted ones as `scope`, the optional
    /// ones as `optional_scope`.
    ///
    /// HubSpot refuses a link whose scopes differ from the app's settings. Conditionally required scopes are requested
    /// with [`with_conditional`](AuthorizeUrl::with_conditional), assumed ones never.
    pub fn authorize_url(&self) -> AuthorizeUrl<'_, S> {
        AuthorizeUrl::new(self)
    }
}

/// Builds an install link; created by [`OAuthApp::authorize_url`]. Does nothing until [`build`](Self::build) is called.
#[must_use = "does nothing until `build` is called"]
pub struct AuthorizeUrl<'a, S> {
    app: &'a OAuthApp<S>,
    account: Option<u64>,
    conditional: bool,
    pkce: bool,
    state: Option<Secret>,
    scopes: PhantomData<fn() -> S>,
}

/// An install link, and what to keep until the callback.
///
/// Keep [`state`](Self::state) and [`pkce_verifier`](Self::pkce_verifier) in the session of the user who follows the
/// link; both can be serialized.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Authorization {
    /// The URL to send the user to. It contains `state`: do not log it.
    pub url: Link,
    /// The state that the callback must have.
    pub state: Secret,
    /// The PKCE verifier for [`OAuthApp::connect`], if the link has a challenge.
    pub pkce_verifier: Option<Secret>,
}

/// The URL of an install link. `Debug` shows it without its query, which holds the `state`.
#[derive(Clone, PartialEq, Eq)]
pub struct Link(String);

impl Link {
    /// Returns the URL.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let end = self.0.find('?').unwrap_or(self.0.len());
        f.debug_tuple("Link").field(&&self.0[..end]).finish()
    }
}

impl From<Link> for String {
    fn from(link: Link) -> Self {
        link.0
    }
}

// The state is a secret.
impl<S> fmt::Debug for AuthorizeUrl<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuthorizeUrl").finish_non_exhaustive()
    }
}

impl<'a, S: ScopeSet> AuthorizeUrl<'a, S> {
    pub(super) fn new(app: &'a OAuthApp<S>) -> Self {
        Self {
            app,
            account: None,
            conditional: false,
            pkce: false,
            state: None,
            scopes: PhantomData,
        }
    }

    /// Requests this account. By default the user chooses one.
    pub fn account(mut self, hub_id: u64) -> Self {
        self.account = Some(hub_id);
        self
    }

    /// Requests the conditionally required scopes, too. They must then be granted.
    pub fn with_conditional(mut self) -> Self {
        self.conditional = true;
        self
    }

    /// Adds a PKCE challenge (SHA-256): the code can be exchanged with the verifier only.
    pub fn pkce(mut self) -> Self {
        self.pkce = true;
        self
    }

    /// Sets `state`; 32 random bytes by default.
    ///
    /// It prevents strangers from connecting their account to your user's. Only this user may know it, and it may be used
    /// once.
    pub fn state(mut self, state: impl Into<Secret>) -> Self {
        self.state = Some(state.into());
        self
    }

    /// Builds the link.
    pub fn build(self) -> Authorization {
        let state = self
            .state
            .unwrap_or_else(|| CsrfToken::new_random_len(STATE_BYTES).into_secret().into());
        let pkce = self.pkce.then(PkceCodeChallenge::new_random_sha256);
        let app = self.app;
        let (scope, optional_scope) = app.requested().parameters(self.conditional);
        let mut url = app.authorize_base().to_owned();
        url.push_str("/oauth/");
        if let Some(account) = self.account {
            url.push_str(&account.to_string());
            url.push('/');
        }
        url.push_str("authorize");
        let mut separator = '?';
        let mut push = |name: &str, value: &str| {
            url.push(separator);
            separator = '&';
            url.push_str(name);
            url.push('=');
            // Not form encoding: HubSpot expects `%20` between scopes.
            url.extend(path::encode(value));
        };
        push("client_id", app.client_id());
        push("redirect_uri", app.redirect_uri());
        push("scope", &scope);
        if !optional_scope.is_empty() {
            push("optional_scope", &optional_scope);
        }
        push("state", state.expose_secret());
        if let Some((challenge, _)) = &pkce {
            push("code_challenge", challenge.as_str());
            push("code_challenge_method", challenge.method().as_str());
        }
        Authorization {
            url: Link(url),
            state,
            pkce_verifier: pkce.map(|(_, verifier)| verifier.into_secret().into()),
        }
    }
}
