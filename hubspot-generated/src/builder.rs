//! Builds clients, and checks their options.

use std::io;
use std::marker::PhantomData;
use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use reqwest::Url;
use reqwest::header::HeaderValue;
use reqwest::redirect;

use crate::client::Client;
use crate::clock::{Clock, TokioClock};
use crate::credential::{Credential, ReadToken, Reread, authorization};
use crate::debug::debug_fields;
use crate::developer::DeveloperKey;
use crate::error::Error;
use crate::pacing::{self, Account, Pacing};
use crate::parts::Core;
use crate::recorder::ScopeRecorder;
use crate::retry::{RetryPolicy, RetryTokens};
use crate::scopes::{ScopeSet, Unchecked};
use crate::secret::Secret;

const BASE_URL: &str = "https://api.hubapi.com";
const USER_AGENT: &str = concat!("hubspot-generated/", env!("CARGO_PKG_VERSION"));
const TIMEOUT: Duration = Duration::from_mins(1);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const MAX_RESPONSE_BYTES: usize = 64 * 1024 * 1024;

/// Builds a [`Client`].
///
/// ```
/// use hubspot_generated::Client;
///
/// let hubspot = Client::unchecked_builder().access_token("pat-na1-1234").user_agent("nightly-export/1.2").build()?;
///
/// // A token is sent over https only, except to this machine.
/// assert!(Client::unchecked_builder().base_url("http://api.example.com").build().is_err());
/// assert!(Client::unchecked_builder().base_url("http://127.0.0.1:8080").build().is_ok());
/// # Ok::<(), hubspot_generated::Error>(())
/// ```
#[must_use]
pub struct ClientBuilder<S> {
    pub(crate) settings: Settings,
    scopes: PhantomData<fn() -> S>,
}

#[derive(Clone)]
pub(crate) struct Settings {
    pub(crate) access_token: AccessToken,
    scope_set: &'static str,
    pub(crate) base_url: String,
    user_agent: String,
    pub(crate) timeout: Duration,
    pub(crate) max_response_bytes: usize,
    pub(crate) retry: RetryPolicy,
    pacing: Pacing,
    clock: Arc<dyn Clock>,
    recorder: Option<ScopeRecorder>,
    pub(crate) http: Option<reqwest::Client>,
}

/// Where the token comes from.
#[derive(Clone)]
pub(crate) enum AccessToken {
    Missing,
    Fixed(Secret),
    /// No token: a developer API key.
    DeveloperKey(DeveloperKey),
    Reread(Arc<ReadToken>),
}

impl<S: ScopeSet> Client<S> {
    /// Returns a builder of a client for an app that is installed with the scopes of `S`.
    pub fn builder() -> ClientBuilder<S> {
        ClientBuilder::new(S::NAME)
    }
}

impl Client<Unchecked> {
    /// Returns a builder of a client that may call every operation, for scripts and tools.
    ///
    /// A scope that the token lacks shows at run time only, as
    /// [`Error::missing_scopes`](crate::Error::missing_scopes).
    #[cfg_attr(
        feature = "scope-audit",
        deprecated(note = "hubspot-scopes-hold: unchecked-client")
    )]
    pub fn unchecked_builder() -> ClientBuilder<Unchecked> {
        ClientBuilder::new(Unchecked::NAME)
    }
}

impl Client<DeveloperKey> {
    /// Returns a builder of a client for the operations that take the API key of a developer account.
    ///
    /// Operations that take an access token cannot be called with it: build another client for them.
    /// [`build`](ClientBuilder::build) fails if the key is empty or contains white space.
    pub fn developer_builder(key: impl Into<DeveloperKey>) -> ClientBuilder<DeveloperKey> {
        let mut builder = ClientBuilder::new("a developer API key");
        builder.settings.access_token = AccessToken::DeveloperKey(key.into());
        builder
    }
}

impl<S> ClientBuilder<S> {
    pub(crate) fn new(scope_set: &'static str) -> Self {
        let settings = Settings {
            access_token: AccessToken::Missing,
            scope_set,
            base_url: BASE_URL.to_owned(),
            user_agent: USER_AGENT.to_owned(),
            timeout: TIMEOUT,
            max_response_bytes: MAX_RESPONSE_BYTES,
            retry: RetryPolicy::default(),
            pacing: Pacing::default(),
            clock: Arc::new(TokioClock),
            recorder: None,
            http: None,
        };
        Self {
            settings,
            scopes: PhantomData,
        }
    }

    /// Sets the base URL. The default is `https://api.hubapi.com`.
    ///
    /// The scheme must be `https`, except for this machine (`127.0.0.0/8`, `[::1]`, `localhost`). A path is put before the
    /// path of every request. A user, a query or a fragment is an error.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.settings.base_url = url.into();
        self
    }

    /// Sets how long one attempt may take, from connecting to the last byte of the response. The default is 60 seconds.
    ///
    /// A request can have a [timeout](crate::Request::timeout) of its own. Retries and the waits between them come on top.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.settings.timeout = timeout;
        self
    }

    /// Sets the `User-Agent` header. The default is this crate's name and version.
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.settings.user_agent = user_agent.into();
        self
    }

    /// Sets the length of the longest response, after decompression. The default is 64 MiB.
    pub fn max_response_bytes(mut self, bytes: usize) -> Self {
        self.settings.max_response_bytes = bytes;
        self
    }

    /// Sets how requests are retried after an error that [is retryable](crate::Error::is_retryable).
    ///
    /// A request can have a [policy](crate::Request::retry) of its own. Besides it, all clones of a client share a number of
    /// retries that is used up when most requests fail; during an outage, requests then fail at once.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.settings.retry = policy;
        self
    }

    /// Sets the number of retries, at most: one less than the policy's [`max_attempts`](RetryPolicy::max_attempts). The
    /// default is 4; 0 turns retries off.
    pub fn max_retries(mut self, retries: u32) -> Self {
        self.settings.retry = self.settings.retry.max_attempts(retries.saturating_add(1));
        self
    }

    /// Sets how requests are paced. By default they are, by limits that all clients of the account in this process share.
    ///
    /// If clients of one account have different settings, those of the client that was built last apply to all.
    pub fn pacing(mut self, pacing: Pacing) -> Self {
        self.settings.pacing = pacing;
        self
    }

    /// Sets the clock that measures time and waits. The default is that of the tokio runtime; tests may replace it.
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.settings.clock = Arc::new(clock);
        self
    }

    /// Counts the calls of each operation with a recorder, which several clients may share.
    pub fn record_scopes(mut self, recorder: &ScopeRecorder) -> Self {
        self.settings.recorder = Some(recorder.clone());
        self
    }

    /// Sets the HTTP client, with its proxies, certificates and connection pool.
    ///
    /// The timeouts of this builder apply. Redirects are up to the HTTP client. If it follows one to another host, reqwest
    /// removes the token and the response is an error. Bodies are sent along, so turn redirects off
    /// (`redirect::Policy::none()`) for bodies with secrets, such as those of OAuth's operations, and for a client with a
    /// [developer API key](DeveloperKey): the key is part of the URL, which reqwest sends on as `Referer`.
    pub fn http_client(mut self, http: reqwest::Client) -> Self {
        self.settings.http = Some(http);
        self
    }

    /// Checks the options and builds the client. Sends nothing.
    ///
    /// # Errors
    ///
    /// Fails if the token, the user agent or the base URL is invalid, or if TLS cannot be set up.
    pub fn build(self) -> Result<Client<S>, Error> {
        self.settings.into_core().map(Client::from_core)
    }
}

/// How requests are authorized. A client with a [developer API key](DeveloperKey) has no token.
impl<S: ScopeSet> ClientBuilder<S> {
    /// Sets the token that requests are authorized with: of an OAuth app, a private app, a project app or a service key.
    ///
    /// Without a token, only OAuth's own operations can be called.
    pub fn access_token(mut self, token: impl Into<Secret>) -> Self {
        self.settings.access_token = AccessToken::Fixed(token.into());
        self
    }

    /// Reads the token with `read`: in [`build`](Self::build), and again when HubSpot no longer accepts it (401).
    ///
    /// So a token can be rotated without a restart: store the new token, then revoke the old one in HubSpot. If `read`
    /// returns another token after a 401, the request is sent once more with it.
    ///
    /// `read` runs on the task that sends the request and must not block for long. White space around the token is
    /// ignored. The text of an error that `read` returns becomes part of this crate's errors and logs, so it must not
    /// contain the token.
    ///
    /// ```
    /// use hubspot_generated::Client;
    ///
    /// let hubspot = Client::unchecked_builder()
    ///     .access_token_from(|| Ok("pat-na1-1234".into()))
    ///     .build()?;
    /// # Ok::<(), hubspot_generated::Error>(())
    /// ```
    pub fn access_token_from(
        mut self,
        read: impl Fn() -> io::Result<Secret> + Send + Sync + 'static,
    ) -> Self {
        self.settings.access_token = AccessToken::Reread(Arc::new(read));
        self
    }

    /// Reads the token from a file that contains nothing else; see [`access_token_from`](Self::access_token_from).
    pub fn access_token_file(self, path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        self.access_token_from(move || match std::fs::read_to_string(&path) {
            Ok(text) => Ok(text.into()),
            Err(error) => Err(io::Error::new(
                error.kind(),
                format!("{}: {error}", path.display()),
            )),
        })
    }

    /// Reads the token from an environment variable; see [`access_token_from`](Self::access_token_from).
    pub fn access_token_env(self, name: impl Into<String>) -> Self {
        let name = name.into();
        self.access_token_from(move || match std::env::var(&name) {
            Ok(text) => Ok(text.into()),
            Err(_) => Err(io::Error::other(format!(
                "the environment variable `{name}` is not set or is not Unicode"
            ))),
        })
    }
}

debug_fields!(ClientBuilder<S>, |builder| user_agent: builder.settings.user_agent);

impl Settings {
    pub(crate) fn into_core(self) -> Result<Core, Error> {
        let base_url = check_base_url(&self.base_url).map_err(Error::configuration)?;
        let credential = match self.access_token {
            AccessToken::Missing => Credential::Missing,
            AccessToken::Fixed(token) => Credential::Fixed(
                authorization(token.expose_secret()).map_err(Error::configuration)?,
            ),
            AccessToken::DeveloperKey(key) => {
                Credential::DeveloperKey(key.checked().map_err(Error::configuration)?)
            }
            AccessToken::Reread(read) => Credential::Changing(Arc::new(Reread::new(read)?)),
        };
        let user_agent = HeaderValue::from_str(&self.user_agent).map_err(|_| {
            Error::configuration("the user agent has characters that cannot be part of a header")
        })?;
        let (http, timeout) = if let Some(http) = self.http {
            (http, Some(self.timeout))
        } else {
            let http = reqwest::Client::builder().timeout(self.timeout);
            (build_http_client(http, &base_url)?, None)
        };
        let limiter = credential.token().and_then(|token| {
            let account = Account::Token(token.as_bytes());
            pacing::limiter(&self.pacing, base_url.as_str(), account, self.clock.now())
        });
        if let Some(recorder) = &self.recorder {
            recorder.start(&self.clock);
        }
        Ok(Core {
            http,
            base_url,
            credential,
            scope_set: self.scope_set,
            user_agent,
            timeout,
            max_response_bytes: self.max_response_bytes,
            retry: self.retry,
            retry_tokens: Arc::new(RetryTokens::default()),
            clock: self.clock,
            recorder: self.recorder,
            #[cfg(feature = "oauth")]
            pacing: self.pacing,
            limiter,
        })
    }
}

/// Builds an HTTP client that follows no redirects, and connects to this machine without a proxy.
pub(crate) fn build_http_client(
    builder: reqwest::ClientBuilder,
    base_url: &Url,
) -> Result<reqwest::Client, Error> {
    let mut builder = builder
        .redirect(redirect::Policy::none())
        .connect_timeout(CONNECT_TIMEOUT);
    if is_loopback(base_url) {
        builder = builder.no_proxy();
    }
    builder = match base_url.scheme() {
        "https" => builder.https_only(true),
        // Without TLS there is no reason to read the system's certificates, which may not exist.
        _ => builder.tls_certs_only([]),
    };
    builder
        .build()
        .map_err(|error| Error::transport(None, error))
}

/// Parses the base URL. An error does not quote it, since it may contain a password.
pub(crate) fn check_base_url(text: &str) -> Result<Url, &'static str> {
    let url = Url::parse(text).map_err(|_| "the base URL is not a URL")?;
    let has_host = url.host_str().is_some_and(|host| !host.is_empty());
    if !has_host || !matches!(url.scheme(), "http" | "https") {
        return Err("the base URL must begin with https:// and name a host");
    }
    if url.scheme() != "https" && !is_loopback(&url) {
        return Err("the base URL must be https, unless it is this machine's");
    }
    // The parser drops an empty user, as in `https://@host`, so look at the text too.
    let authority = text
        .split_once("://")
        .map_or(text, |(_, rest)| rest)
        .split(['/', '\\'])
        .next()
        .unwrap_or_default();
    if !url.username().is_empty() || url.password().is_some() || authority.contains('@') {
        return Err("the base URL must not contain a user or password");
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err("the base URL must not contain a query or a fragment");
    }
    Ok(url)
}

/// Returns whether the host is this machine.
fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host
        .trim_start_matches('[')
        .trim_end_matches(']')
        .parse::<IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}
