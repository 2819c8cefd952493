//! Building a client.
//!
//! Comes in: a token and options. Goes out: a [`Client`]. Refuses: a token or user agent that cannot stand in a header,
//! and a base URL over which a token would travel in the clear or that carries more than host and path.

use std::fmt;
use std::io;
use std::marker::PhantomData;
use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use reqwest::Url;
use reqwest::header::HeaderValue;
use reqwest::redirect;
use secrecy::{ExposeSecret, SecretString};

use crate::client::Client;
use crate::clock::{Clock, TokioClock};
use crate::credential::{Credential, ReadToken, Reread, authorization};
use crate::error::Error;
use crate::parts::Core;
use crate::retry::Policy;
use crate::scopes::{ScopeSet, Unchecked};

const BASE_URL: &str = "https://api.hubapi.com";
const USER_AGENT: &str = concat!("hubspot-generated/", env!("CARGO_PKG_VERSION"));
const TIMEOUT: Duration = Duration::from_mins(1);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const MAX_ANSWER_BYTES: usize = 64 * 1024 * 1024;

/// Collects what a [`Client`] needs.
///
/// ```
/// use hubspot_generated::Client;
///
/// let hubspot = Client::unchecked_builder().access_token("pat-na1-1234").user_agent("nightly-export/1.2").build()?;
///
/// // A token travels over https only, except to this machine.
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
    pub(crate) max_answer_bytes: usize,
    pub(crate) retry: Policy,
    clock: Arc<dyn Clock>,
    pub(crate) http: Option<reqwest::Client>,
}

/// Where the token comes from, before it is read.
#[derive(Clone)]
pub(crate) enum AccessToken {
    Missing,
    Fixed(SecretString),
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

impl<S> ClientBuilder<S> {
    pub(crate) fn new(scope_set: &'static str) -> Self {
        let settings = Settings {
            access_token: AccessToken::Missing,
            scope_set,
            base_url: BASE_URL.to_owned(),
            user_agent: USER_AGENT.to_owned(),
            timeout: TIMEOUT,
            max_answer_bytes: MAX_ANSWER_BYTES,
            retry: Policy::default(),
            clock: Arc::new(TokioClock),
            http: None,
        };
        Self {
            settings,
            scopes: PhantomData,
        }
    }

    /// The token that every call carries: of an OAuth app, a private app, a project app or a service key.
    ///
    /// Without one, only the calls that need none (those of OAuth) can be made.
    pub fn access_token(mut self, token: impl Into<SecretString>) -> Self {
        self.settings.access_token = AccessToken::Fixed(token.into());
        self
    }

    /// Reads the token from where it is kept, now and whenever HubSpot no longer accepts it (401), so that it can be
    /// rotated without a restart: write the new token there, then end the old one in HubSpot.
    ///
    /// When `read` then gives another token, the call is made again with it, once. `read` runs on the task that makes the
    /// call: keep it short. White space around the token is ignored. The text of an error of `read` becomes part of this
    /// crate's errors and log: let it not show the token.
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
        read: impl Fn() -> io::Result<SecretString> + Send + Sync + 'static,
    ) -> Self {
        self.settings.access_token = AccessToken::Reread(Arc::new(read));
        self
    }

    /// Reads the token from a file that holds nothing else, as [`access_token_from`](Self::access_token_from) does.
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

    /// Reads the token from an environment variable, as [`access_token_from`](Self::access_token_from) does.
    pub fn access_token_env(self, name: impl Into<String>) -> Self {
        let name = name.into();
        self.access_token_from(move || match std::env::var(&name) {
            Ok(text) => Ok(text.into()),
            Err(_) => Err(io::Error::other(format!(
                "the environment variable `{name}` is not set, or not text"
            ))),
        })
    }

    /// Where HubSpot is; `https://api.hubapi.com` unless set.
    ///
    /// `https` only, except for this machine (`127.0.0.0/8`, `[::1]`, `localhost`). May have a path, which goes before
    /// every request's, and neither user nor query nor fragment.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.settings.base_url = url.into();
        self
    }

    /// How long one attempt may take, from connecting to the last byte of the answer; 60 seconds unless set here or on
    /// the request.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.settings.timeout = timeout;
        self
    }

    /// The `User-Agent` header; this crate's name and version unless set.
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.settings.user_agent = user_agent.into();
        self
    }

    /// How long an answer may be, after decompression; 64 MiB unless set.
    pub fn max_answer_bytes(mut self, bytes: usize) -> Self {
        self.settings.max_answer_bytes = bytes;
        self
    }

    /// How often a call is made again at most; 4 times unless set, 0 for never.
    ///
    /// A call is made again after a rate limit other than the daily one (429), and, if repeating it is harmless, after a
    /// 503 with `Retry-After`. It is not if that would be later than a minute after the call began.
    pub fn max_retries(mut self, retries: u32) -> Self {
        self.settings.retry.retries = retries;
        self
    }

    /// The clock that waits are measured and slept by; the runtime's unless set. For tests.
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.settings.clock = Arc::new(clock);
        self
    }

    /// Sends through an HTTP client of the caller's, with its proxies, certificates and pool.
    ///
    /// The timeout of this builder applies. The client of your own decides on redirects; one that follows them does not
    /// send the token to another host (reqwest takes it out), and an answer from another host is an error. Forbid
    /// redirects in it (`redirect::Policy::none()`) if you send secrets in bodies, as OAuth's calls do.
    pub fn http_client(mut self, http: reqwest::Client) -> Self {
        self.settings.http = Some(http);
        self
    }

    /// Checks everything and makes the client. Sends nothing.
    ///
    /// # Errors
    ///
    /// If the token, the user agent or the base URL is refused, or TLS cannot be set up.
    pub fn build(self) -> Result<Client<S>, Error> {
        self.settings.into_core().map(Client::from_core)
    }
}

impl<S> fmt::Debug for ClientBuilder<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The base URL is not checked yet: it may hold a password.
        f.debug_struct("ClientBuilder")
            .field("user_agent", &self.settings.user_agent)
            .finish_non_exhaustive()
    }
}

impl Settings {
    pub(crate) fn into_core(self) -> Result<Core, Error> {
        let base_url = check_base_url(&self.base_url).map_err(Error::configuration)?;
        let credential = match self.access_token {
            AccessToken::Missing => Credential::Missing,
            AccessToken::Fixed(token) => Credential::Fixed(
                authorization(token.expose_secret()).map_err(Error::configuration)?,
            ),
            AccessToken::Reread(read) => Credential::Changing(Arc::new(Reread::new(read)?)),
        };
        let user_agent = HeaderValue::from_str(&self.user_agent).map_err(|_| {
            Error::configuration("the user agent has characters that cannot be part of a header")
        })?;
        let http = match self.http {
            Some(http) => http,
            None => build_http_client(reqwest::Client::builder(), &base_url)?,
        };
        Ok(Core {
            http,
            base_url,
            credential,
            scope_set: self.scope_set,
            user_agent,
            timeout: self.timeout,
            max_answer_bytes: self.max_answer_bytes,
            retry: self.retry,
            clock: self.clock,
        })
    }
}

/// The client that follows no redirect, and speaks to this machine without a proxy.
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
        // Nothing to verify: spares reading the system's certificates, which may not even be there.
        _ => builder.tls_certs_only([]),
    };
    builder
        .build()
        .map_err(|error| Error::transport(None, error))
}

/// Reads the base URL; a refusal never repeats it, since it may hold a password.
pub(crate) fn check_base_url(text: &str) -> Result<Url, &'static str> {
    let url = Url::parse(text).map_err(|_| "the base URL is not a URL")?;
    let has_host = url.host_str().is_some_and(|host| !host.is_empty());
    if !has_host || !matches!(url.scheme(), "http" | "https") {
        return Err("the base URL must begin with https:// and name a host");
    }
    if url.scheme() != "https" && !is_loopback(&url) {
        return Err("the base URL must be https, unless it is this machine's");
    }
    // A look at the text too: the parser drops an empty user, as in `https://@host`.
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

/// Whether the host can only be this machine.
fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host
        .trim_start_matches('[')
        .trim_end_matches(']')
        .parse::<IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests;
