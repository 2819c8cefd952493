//! The two pages of an installation, as a router for axum.
//!
//! A cookie with the `state` ties the callback to the browser that followed the install link.

use std::sync::Arc;

use axum::Router;
use axum::extract::{RawQuery, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, COOKIE, LOCATION, REFERRER_POLICY,
    SET_COOKIE, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{AppendHeaders, IntoResponse, Response};
use axum::routing::get;

use super::app::OAuthApp;
use super::authorization::Connection;
use super::error::OAuthError;
use super::page::callback_page;
use crate::debug::debug_fields;
use crate::error::Error;
use crate::scopes::ScopeSet;
use crate::secret::Secret;

/// The lifetime of the cookie, in seconds: how long a user may take at HubSpot.
const COOKIE_LIFETIME: u32 = 600;

/// A program's handler of outcomes.
type OutcomeHook = dyn Fn(Result<&Connection, &Error>) + Send + Sync;

/// The two pages of an installation: one that redirects to HubSpot, and the one that HubSpot redirects back to.
///
/// The second has the path of the app's redirect URI. Between the two, `state` and the PKCE verifier are in a cookie of the
/// user's browser, which scripts cannot read; so any number of servers can serve the pages. A callback without the right
/// `state` changes nothing: the cookie stays, [`on_outcome`](Self::on_outcome) is not called, and the page shows nothing of
/// what the callback holds.
///
/// ```no_run
/// use hubspot_generated::Unchecked;
/// use hubspot_generated::oauth::{CallbackRouter, OAuthApp};
///
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let app = OAuthApp::<Unchecked>::new("id", "secret", "http://localhost:3000/hubspot/callback")?;
/// let router = CallbackRouter::new(app)
///     .install_path("/hubspot/install")
///     .pkce()
///     .on_outcome(|outcome| match outcome {
///         Ok(connection) => println!("account {} is connected", connection.hub_id),
///         Err(error) => println!("not connected: {error}"),
///     })
///     .into_router()?;
///
/// let listener = tokio::net::TcpListener::bind("localhost:3000").await?;
/// axum::serve(listener, router).await?;
/// # Ok(())
/// # }
/// ```
#[must_use]
pub struct CallbackRouter<S> {
    app: OAuthApp<S>,
    install_path: Option<String>,
    pkce: bool,
    conditional: bool,
    hook: Option<Arc<OutcomeHook>>,
}

impl<S: ScopeSet> CallbackRouter<S> {
    /// Starts to build the router of an app.
    pub fn new(app: OAuthApp<S>) -> Self {
        Self {
            app,
            install_path: None,
            pkce: false,
            conditional: false,
            hook: None,
        }
    }

    /// Sets the path at which users start the installation; by default the redirect URI's path followed by `/install`.
    pub fn install_path(mut self, path: impl Into<String>) -> Self {
        self.install_path = Some(path.into());
        self
    }

    /// Adds a PKCE challenge to the link.
    pub fn pkce(mut self) -> Self {
        self.pkce = true;
        self
    }

    /// Requests the conditionally required scopes, too.
    pub fn with_conditional(mut self) -> Self {
        self.conditional = true;
        self
    }

    /// Sets a handler that is called when a callback with the right `state` has connected the app or failed to.
    pub fn on_outcome(
        mut self,
        hook: impl Fn(Result<&Connection, &Error>) + Send + Sync + 'static,
    ) -> Self {
        self.hook = Some(Arc::new(hook));
        self
    }

    /// Builds the router, to be served or merged into another.
    ///
    /// # Errors
    ///
    /// If a path cannot be a route: it does not begin with `/`, has a query or a fragment, braces, a segment that begins
    /// with `:` or `*`, or characters that must be percent-encoded. If both paths are the same.
    pub fn into_router(self) -> Result<Router, Error> {
        let callback_path = self.app.redirect_url().path().to_owned();
        let install_path = self
            .install_path
            .clone()
            .unwrap_or_else(|| format!("{}/install", callback_path.trim_end_matches('/')));
        check_path("the path of the redirect URI", &callback_path)?;
        check_path("the install path", &install_path)?;
        if install_path == callback_path {
            return Err(Error::configuration(
                "the install path and the path of the redirect URI are the same",
            ));
        }
        Ok(Router::new()
            .route(&install_path, get(install::<S>))
            .route(&callback_path, get(callback::<S>))
            .with_state(Arc::new(self)))
    }

    /// The cookie's name. Browsers accept the prefix from the host itself over https only.
    fn cookie_name(&self) -> &'static str {
        if self.is_https() {
            "__Host-hubspot-oauth"
        } else {
            "hubspot-oauth"
        }
    }

    fn is_https(&self) -> bool {
        self.app.redirect_url().scheme() == "https"
    }

    fn cookie(&self, value: &str, seconds: u32) -> String {
        let name = self.cookie_name();
        let secure = if self.is_https() { "; Secure" } else { "" };
        format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}")
    }
}

/// Checks that axum serves `path` literally; it panics on some paths and reads others as patterns.
fn check_path(what: &str, path: &str) -> Result<(), Error> {
    let fault = if !path.starts_with('/') {
        "does not begin with `/`"
    } else if path.contains(['?', '#']) {
        "has a query or a fragment"
    } else if path.contains(['{', '}']) || path.split('/').any(|part| part.starts_with([':', '*']))
    {
        "would be a pattern: it has braces, or a segment that begins with `:` or `*`"
    } else if !path.bytes().all(|byte| byte.is_ascii_graphic()) {
        "has characters that must be percent-encoded"
    } else {
        return Ok(());
    };
    Err(Error::configuration(format!("{what} {fault}")))
}

/// Redirects the user to HubSpot.
async fn install<S: ScopeSet>(State(routes): State<Arc<CallbackRouter<S>>>) -> Response {
    let mut link = routes.app.authorize_url();
    if routes.pkce {
        link = link.pkce();
    }
    if routes.conditional {
        link = link.with_conditional();
    }
    let authorization = link.build();
    let mut value = authorization.state.expose_secret().to_owned();
    if let Some(verifier) = &authorization.pkce_verifier {
        value.push('.');
        value.push_str(verifier.expose_secret());
    }
    (
        StatusCode::FOUND,
        [
            (LOCATION, authorization.url.as_str()),
            (SET_COOKIE, &routes.cookie(&value, COOKIE_LIFETIME)),
            (CACHE_CONTROL, "no-store"),
            (REFERRER_POLICY, "no-referrer"),
        ],
    )
        .into_response()
}

/// Reads the code, connects the account and shows how that ended.
async fn callback<S: ScopeSet>(
    State(routes): State<Arc<CallbackRouter<S>>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let cookie = find_cookie(&headers, routes.cookie_name());
    let outcome = connect(&routes.app, &query.unwrap_or_default(), cookie).await;
    let is_genuine = outcome.as_ref().err().is_none_or(|error| !is_forged(error));
    if is_genuine && let Some(hook) = &routes.hook {
        hook(outcome.as_ref());
    }
    let status = match &outcome {
        Ok(_) => StatusCode::OK,
        Err(error) => status_of(error),
    };
    // The state is used up; but a stranger's callback must not end the user's.
    let clear_cookie = is_genuine.then(|| [(SET_COOKIE, routes.cookie("", 0))]);
    (
        status,
        clear_cookie.map(AppendHeaders),
        [
            (CONTENT_TYPE, "text/html; charset=utf-8"),
            (CACHE_CONTROL, "no-store"),
            (
                CONTENT_SECURITY_POLICY,
                "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            ),
            (REFERRER_POLICY, "no-referrer"),
            (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        ],
        callback_page(outcome.as_ref()),
    )
        .into_response()
}

async fn connect<S: ScopeSet>(
    app: &OAuthApp<S>,
    query: &str,
    cookie: Option<&str>,
) -> Result<Connection, Error> {
    // Without a cookie no state is right.
    let cookie = cookie.unwrap_or_default();
    let (state, verifier) = match cookie.split_once('.') {
        Some((state, verifier)) => (state, Some(Secret::from(verifier))),
        None => (cookie, None),
    };
    let code = app.callback(query, &Secret::from(state))?;
    app.connect(&code, verifier.as_ref()).await
}

/// Reads one cookie, whatever bytes the others have.
fn find_cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(COOKIE)
        .iter()
        .flat_map(|value| value.as_bytes().split(|byte| *byte == b';'))
        .filter_map(|cookie| std::str::from_utf8(cookie).ok())
        .filter_map(|cookie| cookie.trim().split_once('='))
        .find(|(other, _)| *other == name)
        .map(|(_, value)| value)
}

/// Whether anybody may have sent the callback.
fn is_forged(error: &Error) -> bool {
    matches!(
        error.oauth(),
        Some(OAuthError::ForgedState | OAuthError::Callback(_))
    )
}

fn status_of(error: &Error) -> StatusCode {
    match error.oauth() {
        _ if is_forged(error) => StatusCode::BAD_REQUEST,
        Some(OAuthError::Denied(_) | OAuthError::MissingScopes { .. }) => StatusCode::FORBIDDEN,
        None if error.token_refusal().is_some() => StatusCode::BAD_REQUEST,
        _ => StatusCode::BAD_GATEWAY,
    }
}

debug_fields!(CallbackRouter<S>, |router| app: router.app);

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn a_cookie_is_found_beside_others_of_any_bytes() {
        let mut headers = HeaderMap::new();
        let value = HeaderValue::from_bytes("city=Köln; b=\u{1f600}; hubspot-oauth=s.v".as_bytes());
        headers.insert(COOKIE, value.unwrap());
        assert_eq!(find_cookie(&headers, "hubspot-oauth"), Some("s.v"));
        let value = HeaderValue::from_bytes(b"city=K\xf6ln; hubspot-oauth=s");
        headers.insert(COOKIE, value.unwrap());
        assert_eq!(find_cookie(&headers, "hubspot-oauth"), Some("s"));
    }
}
