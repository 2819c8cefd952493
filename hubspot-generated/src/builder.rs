//! Building a client.
//!
//! Comes in: a token and options. Goes out: a [`Client`]. Refuses: a token or user agent that cannot stand in a header,
//! and a base URL over which a token would travel in the clear or that carries more than host and path.

use std::fmt;
use std::marker::PhantomData;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use reqwest::Url;
use reqwest::header::HeaderValue;
use reqwest::redirect;
use secrecy::{ExposeSecret, SecretString};

use crate::client::{Client, Core};
use crate::error::Error;
use crate::retry::{Policy, TokioTimer};

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
/// let hubspot = Client::unchecked().access_token("pat-na1-1234").user_agent("nightly-export/1.2").build()?;
///
/// // A token travels over https only, except to this machine.
/// assert!(Client::unchecked().base_url("http://api.example.com").build().is_err());
/// assert!(Client::unchecked().base_url("http://127.0.0.1:8080").build().is_ok());
/// # Ok::<(), hubspot_generated::Error>(())
/// ```
#[must_use]
pub struct ClientBuilder<S> {
    settings: Settings,
    scopes: PhantomData<fn() -> S>,
}

struct Settings {
    access_token: Option<SecretString>,
    base_url: String,
    user_agent: String,
    timeout: Duration,
    max_answer_bytes: usize,
    retry: Policy,
    http: Option<reqwest::Client>,
}

impl<S> ClientBuilder<S> {
    pub(crate) fn new() -> Self {
        let settings = Settings {
            access_token: None,
            base_url: BASE_URL.to_owned(),
            user_agent: USER_AGENT.to_owned(),
            timeout: TIMEOUT,
            max_answer_bytes: MAX_ANSWER_BYTES,
            retry: Policy::default(),
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
        self.settings.access_token = Some(token.into());
        self
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
    fn into_core(self) -> Result<Core, Error> {
        let base_url = check_base_url(&self.base_url).map_err(Error::configuration)?;
        let authorization = self.access_token.as_ref().map(authorization).transpose()?;
        let user_agent = HeaderValue::from_str(&self.user_agent).map_err(|_| {
            Error::configuration("the user agent has characters that cannot be part of a header")
        })?;
        let http = match self.http {
            Some(http) => http,
            None => default_http_client(&base_url)?,
        };
        Ok(Core {
            http,
            base_url,
            authorization,
            user_agent,
            timeout: self.timeout,
            max_answer_bytes: self.max_answer_bytes,
            retry: self.retry,
            timer: Arc::new(TokioTimer),
        })
    }
}

/// The client that follows no redirect, and speaks to this machine without a proxy.
fn default_http_client(base_url: &Url) -> Result<reqwest::Client, Error> {
    let mut builder = reqwest::Client::builder()
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

/// Makes the header that authenticates a call.
fn authorization(token: &SecretString) -> Result<HeaderValue, Error> {
    let token = token.expose_secret();
    if token.is_empty() {
        return Err(Error::configuration("the access token is empty"));
    }
    if !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(Error::configuration(
            "the access token has white space or other characters that no token has",
        ));
    }
    let mut value = HeaderValue::from_str(&format!("Bearer {token}"))
        .map_err(|_| Error::configuration("the access token cannot be part of a header"))?;
    value.set_sensitive(true);
    Ok(value)
}

/// Reads the base URL; a refusal never repeats it, since it may hold a password.
fn check_base_url(text: &str) -> Result<Url, &'static str> {
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
mod tests {
    use super::*;
    use crate::scopes::Unchecked;

    fn builder() -> ClientBuilder<Unchecked> {
        Client::unchecked()
    }

    #[test]
    fn a_token_travels_over_https_or_to_this_machine() {
        for url in [
            "https://api.hubapi.com",
            "https://api.hubapi.com/",
            "https://example.com:8443/proxy/hubspot",
            "http://127.0.0.1:8080",
            "http://127.8.9.1",
            "http://[::1]:80/",
            "http://localhost:3000",
            "http://LOCALHOST",
        ] {
            assert!(builder().base_url(url).build().is_ok(), "{url}");
        }
    }

    #[test]
    fn other_base_urls_are_refused_without_repeating_them() {
        for (url, message) in [
            ("http://api.hubapi.com", "must be https"),
            ("http://127.0.0.1.example.com", "must be https"),
            ("http://localhost.example.com", "must be https"),
            ("http://[::2]", "must be https"),
            ("http://0.0.0.0", "must be https"),
            ("http://10.0.0.1", "must be https"),
            ("ftp://127.0.0.1", "must begin with https://"),
            ("file:///etc/passwd", "must begin with https://"),
            ("data:text/plain,hidden", "must begin with https://"),
            ("api.hubapi.com", "is not a URL"),
            ("", "is not a URL"),
            ("https://", "is not a URL"),
            (
                "https://me:hidden@api.hubapi.com",
                "must not contain a user",
            ),
            ("https://me@api.hubapi.com", "must not contain a user"),
            ("https://@api.hubapi.com", "must not contain a user"),
            (
                "https://api.hubapi.com?hapikey=hidden",
                "must not contain a query",
            ),
            ("https://api.hubapi.com#hidden", "must not contain a query"),
        ] {
            let error = builder().base_url(url).build().unwrap_err();
            assert!(error.is_invalid_request());
            for text in [error.to_string(), format!("{error:?}")] {
                assert!(text.contains(message), "{url}: {text}");
                assert!(!text.contains("hidden"), "{text}");
            }
        }
    }

    #[test]
    fn a_token_is_of_visible_characters() {
        for token in [
            "",
            " ",
            "hidden token",
            "hidden\n",
            "hidden\r\nx: y",
            "\thidden",
            "hidden\u{0}",
            "hiddén",
            "hidden\u{7f}",
        ] {
            let error = builder().access_token(token).build().unwrap_err();
            assert!(error.to_string().contains("the access token"), "{error}");
            assert!(!format!("{error} {error:?}").contains("hidd"), "{error:?}");
        }
        let long = "x".repeat(4096);
        assert!(builder().access_token(long).build().is_ok());
    }

    #[test]
    fn a_user_agent_is_a_header() {
        assert!(
            builder()
                .user_agent("nightly/1.0 (ops@example.com)")
                .build()
                .is_ok()
        );
        assert!(
            builder()
                .user_agent("a\nb")
                .build()
                .unwrap_err()
                .to_string()
                .contains("user agent")
        );
    }

    #[test]
    fn nothing_shows_the_token() {
        let builder = builder()
            .access_token("hidden-token")
            .base_url("http://127.0.0.1:1");
        assert!(!format!("{builder:?}").contains("hidden"));
        let client = builder.build().unwrap();
        assert_eq!(
            format!("{client:?}"),
            r#"Client { base_url: "http://127.0.0.1:1/", .. }"#
        );
        assert!(!format!("{:?}", client.core().authorization).contains("hidden"));
    }
}
