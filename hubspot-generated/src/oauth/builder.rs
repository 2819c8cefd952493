//! Builds an app, and checks its settings.

use std::sync::{Arc, RwLock};

use reqwest::Url;
use tokio::sync::watch;

use super::app::{Inner, OAuthApp};
use super::endpoint::{Endpoint, TokenVersion};
use super::event::TokenEvent;
use super::lock::RefreshLock;
use super::manager::TokenManager;
use super::redirect::RedirectUri;
use super::requested::RequestedScopes;
use super::state::{EventHook, Shared};
use super::store::{MemoryStore, TokenStore};
use crate::builder::{AccessToken, ClientBuilder, build_http_client, check_base_url};
use crate::client::Client;
use crate::debug::debug_fields;
use crate::error::Error;
use crate::scopes::{ScopeSet, Unchecked};
use crate::secret::Secret;

/// The base URL of HubSpot's consent page.
const AUTHORIZE_BASE: &str = "https://app.hubspot.com";

impl<S: ScopeSet> OAuthApp<S> {
    /// Creates an app that keeps tokens in memory. Use [`builder`](Self::builder) for other options.
    ///
    /// `redirect_uri` is where HubSpot sends users back to. It must be exactly the registered one.
    ///
    /// # Errors
    ///
    /// If HubSpot would refuse the redirect URI: it is not an absolute URL, has a fragment, names its host by an IP
    /// address, or is not https (http is allowed on localhost). If a credential is empty.
    pub fn new(
        client_id: impl Into<String>,
        client_secret: impl Into<Secret>,
        redirect_uri: impl Into<String>,
    ) -> Result<Self, Error> {
        Self::builder(client_id, client_secret, redirect_uri).build()
    }

    /// Starts to build an app with a store, a lock, an event handler and more.
    pub fn builder(
        client_id: impl Into<String>,
        client_secret: impl Into<Secret>,
        redirect_uri: impl Into<String>,
    ) -> OAuthAppBuilder<S> {
        OAuthAppBuilder::new(client_id.into(), client_secret.into(), redirect_uri.into())
    }
}

/// Builds an [`OAuthApp`].
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
///             eprintln!("account {hub_id} must authorize the app again");
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
    hook: Option<Arc<EventHook>>,
    require_scopes: bool,
    requested: RequestedScopes,
}

impl OAuthAppBuilder<Unchecked> {
    /// Sets the scopes of install links, for tools that know them at run time only. Apps with a scope set request that.
    ///
    /// `required` becomes `scope`, `optional` becomes `optional_scope`. Both must be as in the app's settings, or HubSpot
    /// refuses the link.
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
        self.requested = RequestedScopes {
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
            requested: RequestedScopes::declared(&S::DECLARED),
        }
    }

    /// Sets what the clients of accounts are built from: base URL, timeouts, user agent, clock. It must not have an access
    /// token.
    ///
    /// Base URL, user agent and clock apply to requests for tokens, too.
    pub fn client(mut self, client: ClientBuilder<S>) -> Self {
        self.client = client;
        self
    }

    /// Sets the HTTP client for requests for tokens, with its proxies and certificates.
    ///
    /// It is a builder because redirects are turned off in it: the requests hold secrets.
    pub fn token_http_client(mut self, http: reqwest::ClientBuilder) -> Self {
        self.http = Some(http);
        self
    }

    /// Sets the version of the token endpoint; 2026-09 by default.
    pub fn token_version(mut self, version: TokenVersion) -> Self {
        self.version = version;
        self
    }

    /// Sets the base URL of the consent page; `https://app.hubspot.com` by default. It must be https, except on this
    /// machine.
    pub fn authorize_base_url(mut self, url: impl Into<String>) -> Self {
        self.authorize_base = Some(url.into());
        self
    }

    /// Sets the store of the tokens; a [`MemoryStore`] by default.
    pub fn store(mut self, store: impl TokenStore) -> Self {
        self.store = Arc::new(store);
        self
    }

    /// Sets the lock that keeps several processes from refreshing a token at once. Needed where several use one store.
    pub fn lock(mut self, lock: impl RefreshLock) -> Self {
        self.lock = Some(Arc::new(lock));
        self
    }

    /// Sets an event handler, for example to notify someone when an account needs authorization.
    ///
    /// It runs within the refresh, which waits for it: keep it short.
    pub fn on_event(mut self, hook: impl Fn(&TokenEvent<'_>) + Send + Sync + 'static) -> Self {
        self.hook = Some(Arc::new(hook));
        self
    }

    /// Refuses tokens that lack a required scope of `S`.
    ///
    /// Requests of such an account fail with [`OAuthError::MissingScopes`](super::OAuthError::MissingScopes), instead of a
    /// 403 at the request that needs the scope.
    pub fn require_scopes(mut self) -> Self {
        self.require_scopes = true;
        self
    }

    /// Checks the settings and builds the app. Sends nothing.
    ///
    /// # Errors
    ///
    /// If a credential is empty, the redirect URI or a base URL is invalid, the client has an access token, or TLS cannot
    /// be set up.
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
                "the clients of an OAuth app must not have an access token: the app gives each its own",
            ));
        }
        let has_own_http = self.client.settings.http.is_some();
        let core = self.client.settings.into_core()?;
        let http = match self.http {
            Some(http) => build_http_client(http, &core.base_url)?,
            // The program's own may follow redirects.
            None if has_own_http => build_http_client(reqwest::Client::builder(), &core.base_url)?,
            None => core.http.clone(),
        };
        let endpoint = Endpoint::new(
            &core,
            http,
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
            running: watch::Sender::new(Vec::new()),
        };
        Ok(OAuthApp::from_inner(Inner {
            tokens: TokenManager::new(shared),
            core,
            redirect_uri,
            authorize_base: without_slash(&authorize_base),
            requested: self.requested,
        }))
    }
}

fn without_slash(url: &Url) -> String {
    url.as_str().trim_end_matches('/').to_owned()
}

debug_fields!(OAuthAppBuilder<S>, |builder| client_id: builder.client_id);
