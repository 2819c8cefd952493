//! Building an app.
//!
//! Comes in: credentials, a redirect URI and options. Goes out: an [`OAuthApp`]. Refuses: credentials that are empty, a
//! redirect URI that HubSpot would refuse, and hosts to which secrets would travel in the clear.

use std::fmt;
use std::sync::{Arc, RwLock};
use std::time::Duration;

use reqwest::Url;

use super::app::{Inner, OAuthApp};
use super::endpoint::{Endpoint, TokenVersion};
use super::event::TokenEvent;
use super::link::Asked;
use super::lock::RefreshLock;
use super::manager::{Hook, Shared, TokenManager};
use super::redirect::RedirectUri;
use super::store::{MemoryStore, TokenStore};
use crate::builder::{AccessToken, ClientBuilder, build_http_client, check_base_url};
use crate::client::{Client, Core};
use crate::error::Error;
use crate::scopes::{ScopeSet, Unchecked};
use crate::values::Secret;

/// Where HubSpot's consent page is.
const AUTHORIZE_BASE: &str = "https://app.hubspot.com";
/// How long one request for tokens may take.
const TIMEOUT: Duration = Duration::from_secs(20);
/// How long an answer of the token endpoint may be; a token has some hundred bytes, or some thousand.
const MAX_ANSWER_BYTES: usize = 1024 * 1024;
/// How often a request for tokens that met a rate limit is made again.
const RETRIES: u32 = 2;

/// Collects what an [`OAuthApp`] needs.
///
/// ```
/// use std::time::Duration;
///
/// use hubspot_generated::{Client, Unchecked};
/// use hubspot_generated::oauth::{OAuthApp, TokenEvent};
///
/// let app = OAuthApp::<Unchecked>::builder("client-id", "client-secret", "http://localhost:3000/callback")
///     .client(Client::unchecked_builder().timeout(Duration::from_secs(10)).user_agent("sync/1.0"))
///     .on_event(|event| {
///         if let TokenEvent::AuthorizationNeeded { hub_id } = event {
///             eprintln!("account {hub_id} must authorize the app anew");
///         }
///     })
///     .build()?;
/// # Ok::<(), hubspot_generated::Error>(())
/// ```
#[must_use]
pub struct OAuthAppBuilder<S> {
    client_id: String,
    client_secret: Secret,
    redirect_uri: String,
    client: ClientBuilder<S>,
    http: Option<reqwest::ClientBuilder>,
    version: TokenVersion,
    authorize_base: Option<String>,
    store: Arc<dyn TokenStore>,
    lock: Option<Arc<dyn RefreshLock>>,
    hook: Option<Arc<Hook>>,
    require_scopes: bool,
    asked: Asked,
}

impl OAuthAppBuilder<Unchecked> {
    /// What install links ask for, for a tool that learns it at run time only; an app with a scope set asks for that.
    ///
    /// `required` becomes `scope`, `optional` becomes `optional_scope`: as in the app's settings, or HubSpot refuses the
    /// link.
    ///
    /// ```
    /// use hubspot_generated::Unchecked;
    /// use hubspot_generated::oauth::OAuthApp;
    ///
    /// let app = OAuthApp::<Unchecked>::builder("id", "secret", "http://localhost:3000/callback")
    ///     .scopes(["oauth", "crm.objects.contacts.read"], ["tickets"])
    ///     .build()?;
    /// let link = app.authorize_url().build().url;
    /// assert!(link.as_str().contains("&scope=oauth%20crm.objects.contacts.read&optional_scope=tickets&"));
    /// # Ok::<(), hubspot_generated::Error>(())
    /// ```
    pub fn scopes<R: Into<String>, O: Into<String>>(
        mut self,
        required: impl IntoIterator<Item = R>,
        optional: impl IntoIterator<Item = O>,
    ) -> Self {
        self.asked = Asked {
            required: required.into_iter().map(Into::into).collect(),
            conditional: Vec::new(),
            optional: optional.into_iter().map(Into::into).collect(),
        };
        self
    }
}

impl<S: ScopeSet> OAuthAppBuilder<S> {
    pub(super) fn new(client_id: String, client_secret: Secret, redirect_uri: String) -> Self {
        Self {
            client_id,
            client_secret,
            redirect_uri,
            client: Client::<S>::builder(),
            http: None,
            version: TokenVersion::default(),
            authorize_base: None,
            store: Arc::new(MemoryStore::default()),
            lock: None,
            hook: None,
            require_scopes: false,
            asked: Asked::declared(&S::DECLARED),
        }
    }

    /// What the clients of accounts are built from: base URL, timeouts, user agent, clock. Without a token: the app has
    /// those.
    ///
    /// Base URL, user agent and clock hold for the requests for tokens, too.
    pub fn client(mut self, client: ClientBuilder<S>) -> Self {
        self.client = client;
        self
    }

    /// The HTTP client for the requests for tokens, with its proxies and certificates.
    ///
    /// In the making, since redirects are taken out of it: what it sends holds secrets.
    pub fn token_http_client(mut self, http: reqwest::ClientBuilder) -> Self {
        self.http = Some(http);
        self
    }

    /// Which version of the token endpoint is called; 2026-09 unless set.
    pub fn token_version(mut self, version: TokenVersion) -> Self {
        self.version = version;
        self
    }

    /// Where HubSpot's consent page is; `https://app.hubspot.com` unless set. `https` only, except for this machine.
    pub fn authorize_base_url(mut self, url: impl Into<String>) -> Self {
        self.authorize_base = Some(url.into());
        self
    }

    /// Where tokens are kept; in memory unless set.
    pub fn store(mut self, store: impl TokenStore) -> Self {
        self.store = Arc::new(store);
        self
    }

    /// What keeps several processes from renewing a token at once. Needed where several use one store.
    pub fn lock(mut self, lock: impl RefreshLock) -> Self {
        self.lock = Some(Arc::new(lock));
        self
    }

    /// Is told what happens to tokens, above all that an account needs authorization.
    ///
    /// Runs within the renewal, which waits for it: keep it short.
    pub fn on_event(mut self, hook: impl Fn(&TokenEvent<'_>) + Send + Sync + 'static) -> Self {
        self.hook = Some(Arc::new(hook));
        self
    }

    /// Uses no token that lacks a required scope of `S`, in place of a 403 at the call that needs it.
    ///
    /// A call of such an account ends in [`OAuthError::MissingScopes`](super::OAuthError::MissingScopes).
    pub fn require_scopes(mut self) -> Self {
        self.require_scopes = true;
        self
    }

    /// Checks everything and makes the app. Sends nothing.
    ///
    /// # Errors
    ///
    /// If a credential is empty, the redirect URI or a base URL is refused, the client has a token, or TLS cannot be set
    /// up.
    pub fn build(self) -> Result<OAuthApp<S>, Error> {
        let blank = |text: &str| text.trim().is_empty();
        if blank(&self.client_id) || blank(self.client_secret.expose_secret()) {
            return Err(Error::configuration(
                "the client id or the client secret is empty",
            ));
        }
        let redirect_uri = RedirectUri::new(&self.redirect_uri)
            .map_err(|fault| Error::configuration(format!("the redirect URI {fault}")))?;
        let authorize_base = self.authorize_base.as_deref().unwrap_or(AUTHORIZE_BASE);
        let authorize_base = check_base_url(authorize_base).map_err(Error::configuration)?;
        if !matches!(self.client.settings.access_token, AccessToken::Missing) {
            return Err(Error::configuration(
                "the clients of an OAuth app take no access token: it gives each its own",
            ));
        }
        let is_their_own = self.client.settings.http.is_some();
        let core = self.client.settings.into_core()?;
        let http = match self.http {
            Some(http) => build_http_client(http, &core.base_url)?,
            // Theirs may follow redirects, ours does not.
            None if is_their_own => build_http_client(reqwest::Client::builder(), &core.base_url)?,
            None => core.http.clone(),
        };
        let endpoint = Endpoint::new(
            endpoint_core(&core, http),
            self.client_id,
            self.client_secret,
            self.redirect_uri,
            self.version,
        );
        let shared = Shared {
            endpoint,
            store: self.store,
            lock: self.lock,
            clock: Arc::clone(&core.clock),
            hook: self.hook,
            required: self.require_scopes.then_some((S::NAME, S::DECLARED)),
            accounts: RwLock::default(),
        };
        Ok(OAuthApp::from_inner(Inner {
            tokens: TokenManager::new(shared),
            core,
            redirect_uri,
            authorize_base: without_slash(&authorize_base),
            asked: self.asked,
        }))
    }
}

/// What requests for tokens are sent with: shorter, and fewer.
fn endpoint_core(core: &Core, http: reqwest::Client) -> Core {
    let mut core = Core {
        http,
        timeout: TIMEOUT,
        max_answer_bytes: MAX_ANSWER_BYTES,
        ..core.clone()
    };
    core.retry.retries = core.retry.retries.min(RETRIES);
    core
}

fn without_slash(url: &Url) -> String {
    url.as_str().trim_end_matches('/').to_owned()
}

impl<S> fmt::Debug for OAuthAppBuilder<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OAuthAppBuilder")
            .field("client_id", &self.client_id)
            .finish_non_exhaustive()
    }
}
