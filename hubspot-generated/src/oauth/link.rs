//! The install link.
//!
//! Comes in: an app, and what this one installation asks for. Goes out: the URL of HubSpot's consent page, and what must
//! be kept until the callback. Refuses nothing: the app was checked already, and the scopes come from the scope set.

use std::fmt;
use std::marker::PhantomData;

use oauth2::{CsrfToken, PkceCodeChallenge};
use percent_encoding::utf8_percent_encode;

use super::app::OAuthApp;
use crate::path::UNRESERVED;
use crate::scopes::{DeclaredScopes, ScopeSet};
use crate::values::Secret;

/// Bytes of randomness in a `state`.
const STATE_BYTES: u32 = 32;

/// An install link in the making; [`OAuthApp::authorize_url`] starts it.
#[must_use = "nothing comes of it until `build`"]
pub struct AuthorizeUrl<'a, S> {
    app: &'a OAuthApp<S>,
    account: Option<u64>,
    conditional: bool,
    pkce: bool,
    state: Option<Secret>,
    scopes: PhantomData<fn() -> S>,
}

/// An install link, and what to keep until HubSpot calls back.
///
/// Keep [`state`](Self::state) and [`pkce_verifier`](Self::pkce_verifier) in the session of the user who follows the
/// link; both can be written with serde.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Authorization {
    /// Where to send the user. Holds `state`: do not log it.
    pub url: Link,
    /// What the callback must bring back.
    pub state: Secret,
    /// What the exchange of the code asks for, where the link has a PKCE challenge.
    pub pkce_verifier: Option<Secret>,
}

/// The URL of an install link: text that `Debug` does not show, since it holds the `state`.
#[derive(Clone, PartialEq, Eq)]
pub struct Link(String);

impl Link {
    /// The URL.
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

    /// Asks for this account; the user chooses one unless set.
    pub fn account(mut self, hub_id: u64) -> Self {
        self.account = Some(hub_id);
        self
    }

    /// Asks for the conditionally required scopes, too: they must then be granted.
    pub fn with_conditional(mut self) -> Self {
        self.conditional = true;
        self
    }

    /// Adds a PKCE challenge (SHA-256): only who has the verifier can exchange the code.
    pub fn pkce(mut self) -> Self {
        self.pkce = true;
        self
    }

    /// Sets `state`; 32 random bytes unless set.
    ///
    /// It keeps a stranger from connecting their account to your user's: nobody but this user may know or guess it, and
    /// it may be used once.
    pub fn state(mut self, state: impl Into<Secret>) -> Self {
        self.state = Some(state.into());
        self
    }

    /// Makes the link.
    pub fn build(self) -> Authorization {
        let state = self
            .state
            .unwrap_or_else(|| CsrfToken::new_random_len(STATE_BYTES).into_secret().into());
        let pkce = self.pkce.then(PkceCodeChallenge::new_random_sha256);
        let app = self.app;
        let (scope, optional_scope) = app.asked().parameters(self.conditional);
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
            // Not as a form: HubSpot asks for `%20` between scopes.
            url.extend(utf8_percent_encode(value, UNRESERVED));
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

/// What the links of an app ask for: the app's settings, to which nothing is added; assumed scopes stay out.
pub(super) struct Asked {
    pub(super) required: Vec<String>,
    pub(super) conditional: Vec<String>,
    pub(super) optional: Vec<String>,
}

impl Asked {
    pub(super) fn declared(declared: &DeclaredScopes) -> Self {
        let owned = |lists: &[&[&str]]| lists.concat().into_iter().map(str::to_owned).collect();
        Self {
            required: owned(&[declared.required, declared.unlisted]),
            conditional: owned(&[declared.conditional]),
            optional: owned(&[declared.optional]),
        }
    }

    /// The values of `scope` and `optional_scope`.
    fn parameters(&self, conditional: bool) -> (String, String) {
        let conditional: &[String] = if conditional { &self.conditional } else { &[] };
        let scope = [&self.required, conditional].concat();
        (scope.join(" "), self.optional.join(" "))
    }
}
