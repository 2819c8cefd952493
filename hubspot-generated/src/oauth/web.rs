//! The callback as a router for axum.
//!
//! Comes in: the browser of a user who wants to install the app. Goes out: a redirect to HubSpot, and when HubSpot sends
//! the user back, an account that is connected and a page that says so. Refuses: a callback of another browser than the
//! one that followed the link, for which a cookie with the `state` tells them apart.

use std::fmt;
use std::sync::Arc;

use axum::Router;
use axum::extract::{RawQuery, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, COOKIE, LOCATION, REFERRER_POLICY,
    SET_COOKIE, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use super::app::{Connection, OAuthApp};
use super::error::OAuthError;
use super::page::callback_page;
use crate::error::Error;
use crate::scopes::ScopeSet;
use crate::values::Secret;

/// How long a user may take at HubSpot, in seconds.
const PATIENCE: u32 = 600;

/// What a program is told about each callback.
type Hook = dyn Fn(Result<&Connection, &Error>) + Send + Sync;

/// The two pages of an installation: one that leads to HubSpot, and the one that HubSpot leads back to.
///
/// The second has the path of the app's redirect URI. Between the two, `state` and the PKCE verifier stay in a cookie of
/// the user's browser, which no script can read; it serves any number of servers, and one callback.
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
///     .into_router();
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
    hook: Option<Arc<Hook>>,
}

impl<S: ScopeSet> CallbackRouter<S> {
    /// The callback of an app.
    pub fn new(app: OAuthApp<S>) -> Self {
        Self {
            app,
            install_path: None,
            pkce: false,
            conditional: false,
            hook: None,
        }
    }

    /// Where users start the installation; the redirect URI's path with `/install` behind it unless set. Begins with `/`.
    pub fn install_path(mut self, path: impl Into<String>) -> Self {
        self.install_path = Some(path.into());
        self
    }

    /// Adds a PKCE challenge to the link.
    pub fn pkce(mut self) -> Self {
        self.pkce = true;
        self
    }

    /// Asks for the conditionally required scopes, too.
    pub fn with_conditional(mut self) -> Self {
        self.conditional = true;
        self
    }

    /// Is told how each callback ended.
    pub fn on_outcome(
        mut self,
        hook: impl Fn(Result<&Connection, &Error>) + Send + Sync + 'static,
    ) -> Self {
        self.hook = Some(Arc::new(hook));
        self
    }

    /// The router, to be served or merged into another.
    pub fn into_router(self) -> Router {
        let callback_path = self.app.redirect_url().path().to_owned();
        let install_path = self
            .install_path
            .clone()
            .unwrap_or_else(|| format!("{}/install", callback_path.trim_end_matches('/')));
        Router::new()
            .route(&install_path, get(install::<S>))
            .route(&callback_path, get(callback::<S>))
            .with_state(Arc::new(self))
    }

    /// The cookie's name; a browser takes one with this prefix from its own host over https only.
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

/// Sends the user to HubSpot.
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
            (SET_COOKIE, &routes.cookie(&value, PATIENCE)),
            (CACHE_CONTROL, "no-store"),
            (REFERRER_POLICY, "no-referrer"),
        ],
    )
        .into_response()
}

/// Takes the code, connects the account and says how that ended.
async fn callback<S: ScopeSet>(
    State(routes): State<Arc<CallbackRouter<S>>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let kept = find_cookie(&headers, routes.cookie_name());
    let outcome = connect(&routes.app, &query.unwrap_or_default(), kept).await;
    if let Some(hook) = &routes.hook {
        hook(outcome.as_ref());
    }
    let status = match &outcome {
        Ok(_) => StatusCode::OK,
        Err(error) => status_of(error),
    };
    (
        status,
        [
            (CONTENT_TYPE, "text/html; charset=utf-8"),
            // The state is good for one callback.
            (SET_COOKIE, &routes.cookie("", 0)),
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
    kept: Option<&str>,
) -> Result<Connection, Error> {
    // Without a cookie no state is right.
    let (state, verifier) = match kept.unwrap_or_default().split_once('.') {
        Some((state, verifier)) => (state, Some(Secret::from(verifier))),
        None => (kept.unwrap_or_default(), None),
    };
    let code = app.callback(query, &Secret::from(state))?;
    app.connect(&code, verifier.as_ref()).await
}

fn find_cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|cookie| cookie.trim().split_once('='))
        .find(|(other, _)| *other == name)
        .map(|(_, value)| value)
}

fn status_of(error: &Error) -> StatusCode {
    match error.oauth() {
        Some(OAuthError::ForgedState | OAuthError::Callback(_)) => StatusCode::BAD_REQUEST,
        Some(OAuthError::Denied(_) | OAuthError::MissingScopes { .. }) => StatusCode::FORBIDDEN,
        None if error.token_refusal().is_some() => StatusCode::BAD_REQUEST,
        _ => StatusCode::BAD_GATEWAY,
    }
}

impl<S> fmt::Debug for CallbackRouter<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallbackRouter")
            .field("app", &self.app)
            .finish_non_exhaustive()
    }
}
