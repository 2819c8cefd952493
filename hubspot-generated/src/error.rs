//! The one error of the client: opaque, with predicates and accessors.
//!
//! It never shows a token, a URL or a body.

mod body;
mod clean;
mod describe;
mod fault;

use std::fmt;
use std::time::Duration;

use hubspot_scopes::Requirement;
use reqwest::StatusCode;
use reqwest::header::{HeaderMap, RETRY_AFTER};

use crate::operation::Operation;
use body::ErrorBody;
pub(crate) use clean::redact;
pub(crate) use describe::describe_decode_error;
#[cfg(feature = "oauth")]
pub(crate) use describe::is_name;
pub(crate) use fault::Fault;

pub use body::{BatchError, ErrorDetail};

/// Anything that can go wrong with a call to HubSpot.
///
/// Ask it what to do next: [`is_retryable`](Self::is_retryable), [`is_unauthorized`](Self::is_unauthorized),
/// [`missing_scopes`](Self::missing_scopes), [`is_not_found`](Self::is_not_found), [`existing_id`](Self::existing_id).
///
/// `Display` and `Debug` show the operation with its method and path template, the status, and HubSpot's category, first
/// sentence and correlation id, cleaned of control characters and cut to 300 characters. They never show a token or a
/// body. [`message`](Self::message) and [`errors`](Self::errors) return all that HubSpot wrote.
///
/// ```no_run
/// # #[cfg(feature = "contacts")]
/// # async fn example(hubspot: hubspot_generated::Client<hubspot_generated::Unchecked>) -> Result<(), hubspot_generated::Error> {
/// match hubspot.contacts().get("17").send().await {
///     Ok(contact) => println!("{contact:?}"),
///     Err(error) if error.is_not_found() => println!("no such contact"),
///     Err(error) if error.is_retryable() => println!("try again in {:?}", error.retry_after()),
///     Err(error) => return Err(error),
/// }
/// # Ok(())
/// # }
/// ```
pub struct Error(Box<Inner>);

struct Inner {
    operation: Option<&'static Operation>,
    status: Option<StatusCode>,
    correlation_id: Option<String>,
    retry_after: Option<Duration>,
    scope_set: Option<&'static str>,
    /// Whether an earlier attempt may have taken effect.
    is_after_unknown: bool,
    kind: Kind,
}

pub(crate) enum Kind {
    /// The client could not be built.
    Configuration(String),
    /// The request could not be made from what the caller gave.
    Invalid(String),
    /// The exchange over the network failed.
    Transport(reqwest::Error),
    /// An error status.
    Refused(Box<ErrorBody>),
    /// A success status with a body that is not what was expected; `path` is empty for the body as a whole.
    Decode { path: String, what: String },
    /// The body is longer than allowed.
    TooLarge { limit: usize },
    /// The HTTP client followed a redirect to another host.
    Elsewhere,
    /// HubSpot gave a cursor that it had given before.
    RepeatedCursor,
    /// HubSpot tells nothing about a token, and said so with this error.
    UnknownToken(Box<Error>),
    /// There is no token to make the call with, or the app could not be connected.
    #[cfg(feature = "oauth")]
    OAuth(std::sync::Arc<crate::oauth::OAuthError>),
}

impl Error {
    pub(crate) fn new(operation: Option<&'static Operation>, kind: Kind) -> Self {
        Self(Box::new(Inner {
            operation,
            status: None,
            correlation_id: None,
            retry_after: None,
            scope_set: None,
            is_after_unknown: false,
            kind,
        }))
    }

    pub(crate) fn configuration(what: impl Into<String>) -> Self {
        Self::new(None, Kind::Configuration(what.into()))
    }

    pub(crate) fn before_answer(operation: &'static Operation, kind: Kind) -> Self {
        Self::new(Some(operation), kind)
    }

    pub(crate) fn transport(operation: Option<&'static Operation>, error: reqwest::Error) -> Self {
        // The URL holds ids and search terms.
        Self::new(operation, Kind::Transport(error.without_url()))
    }

    /// An error about an answer whose head is known.
    pub(crate) fn about_answer(
        operation: &'static Operation,
        status: StatusCode,
        headers: &HeaderMap,
        kind: Kind,
    ) -> Self {
        let mut error = Self::new(Some(operation), kind);
        error.0.status = Some(status);
        error.0.correlation_id = header(headers, "x-hubspot-correlation-id").map(str::to_owned);
        error.0.retry_after = header(headers, RETRY_AFTER.as_str())
            .and_then(|text| text.trim().parse().ok())
            .map(Duration::from_secs);
        error
    }

    /// The error of a response with an error status; the body may repeat the request's `secrets`.
    pub(crate) fn refused(
        operation: &'static Operation,
        status: StatusCode,
        headers: &HeaderMap,
        body: &[u8],
        secrets: &[String],
    ) -> Self {
        let mut body = ErrorBody::parse(body, secrets);
        let correlation_id = body.correlation_id.take();
        let mut error =
            Self::about_answer(operation, status, headers, Kind::Refused(Box::new(body)));
        let correlation_id = correlation_id.or_else(|| {
            let id = error.0.correlation_id.as_deref()?;
            Some(redact(id, secrets))
        });
        error.0.correlation_id = correlation_id;
        error
    }

    /// The same error, which a client with the scope set of this name met.
    pub(crate) fn of_scope_set(mut self, name: &'static str) -> Self {
        self.0.scope_set = Some(name);
        self
    }

    /// The error of a request whose token HubSpot refused with this error.
    #[cfg(feature = "oauth")]
    pub(crate) fn with_oauth(&self, error: std::sync::Arc<crate::oauth::OAuthError>) -> Self {
        Self(Box::new(Inner {
            operation: self.0.operation,
            status: self.0.status,
            correlation_id: self.0.correlation_id.clone(),
            retry_after: self.0.retry_after,
            scope_set: self.0.scope_set,
            is_after_unknown: self.0.is_after_unknown,
            kind: Kind::OAuth(error),
        }))
    }

    /// Whether HubSpot refused the access token: a 401, and not one of another host.
    pub(crate) fn is_refused_token(&self) -> bool {
        self.is_unauthorized() && !matches!(self.0.kind, Kind::Elsewhere)
    }

    pub(crate) fn kind(&self) -> &Kind {
        &self.0.kind
    }

    pub(crate) fn body(&self) -> Option<&ErrorBody> {
        match &self.0.kind {
            Kind::Refused(body) => Some(body),
            #[cfg(feature = "oauth")]
            Kind::OAuth(error) => error.refusal()?.body(),
            _ => None,
        }
    }

    /// The operation that failed, as in `contacts.get`; `None` when no call was made yet.
    pub fn operation(&self) -> Option<&'static str> {
        self.0.operation.map(|operation| operation.id)
    }

    /// The HTTP status of the answer, if there was one.
    pub fn status(&self) -> Option<StatusCode> {
        self.0.status
    }

    /// What kind of error HubSpot says it is: `VALIDATION_ERROR`, `MISSING_SCOPES`, `OBJECT_NOT_FOUND`, `RATE_LIMIT`;
    /// of an OAuth call the error code: `invalid_grant`.
    pub fn category(&self) -> Option<&str> {
        self.body()?.category.as_deref()
    }

    /// HubSpot's finer kind of error, if it gives one.
    pub fn sub_category(&self) -> Option<&str> {
        self.body()?.sub_category.as_deref()
    }

    /// HubSpot's message, whole. It may quote the values that were sent; the token is redacted.
    pub fn message(&self) -> Option<&str> {
        self.body()?.message.as_deref()
    }

    /// The number by which HubSpot's support finds the call.
    pub fn correlation_id(&self) -> Option<&str> {
        self.0.correlation_id.as_deref()
    }

    /// The single faults, for example one for each property that is not valid.
    pub fn errors(&self) -> &[ErrorDetail] {
        self.body().map_or(&[], |body| &body.errors)
    }

    /// The values of HubSpot's `context` under `key`; empty when there are none.
    pub fn context(&self, key: &str) -> &[String] {
        self.body()
            .and_then(|body| body.context.get(key))
            .map_or(&[], Vec::as_slice)
    }

    /// The limit that was hit: `TEN_SECONDLY_ROLLING`, `SECONDLY` or `DAILY`.
    pub fn rate_limit_policy(&self) -> Option<&str> {
        self.body()?.policy_name.as_deref()
    }

    /// How long HubSpot asks to wait (`Retry-After` in seconds; a date in its place is not read).
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// Whether a rate limit was hit (429).
    pub fn is_rate_limited(&self) -> bool {
        self.has_status(StatusCode::TOO_MANY_REQUESTS)
    }

    /// Whether HubSpot did not accept the access token (401).
    ///
    /// Not every 401 means that a new token is needed: look at [`category`](Self::category).
    pub fn is_unauthorized(&self) -> bool {
        self.has_status(StatusCode::UNAUTHORIZED)
    }

    /// Whether the call is not allowed (403); [`missing_scopes`](Self::missing_scopes) tells whether scopes are why.
    pub fn is_forbidden(&self) -> bool {
        self.has_status(StatusCode::FORBIDDEN)
    }

    /// Whether what the call is about does not exist (404).
    pub fn is_not_found(&self) -> bool {
        self.has_status(StatusCode::NOT_FOUND)
    }

    /// Whether the call conflicts with what is there (409), such as a second contact with one e-mail address.
    pub fn is_conflict(&self) -> bool {
        self.has_status(StatusCode::CONFLICT)
    }

    /// The record that is in the way of creating one, where a conflict (409) names it.
    pub fn existing_id(&self) -> Option<&str> {
        if !self.is_conflict() {
            return None;
        }
        // HubSpot says it in its message only: "Contact already exists. Existing ID: 123".
        let (_, after) = self.message()?.rsplit_once("Existing ID:")?;
        let after = after.trim_start();
        let end = after
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(after.len());
        Some(&after[..end]).filter(|id| !id.is_empty())
    }

    /// Whether HubSpot refused the call because the app was not granted a scope (403 `MISSING_SCOPES`).
    pub fn is_missing_scopes(&self) -> bool {
        self.is_forbidden() && self.category() == Some("MISSING_SCOPES")
    }

    /// What the token would have to be granted, as the answer says: any of some scopes, or all of them.
    ///
    /// `None` when scopes are not what is missing, or the answer does not name them;
    /// [`requirement`](Self::requirement) tells what the operation is documented to need.
    pub fn missing_scopes(&self) -> Option<Requirement> {
        if !self.is_missing_scopes() {
            return None;
        }
        self.body()?.missing_scopes.as_ref()?.parse().ok()
    }

    /// The scopes that the operation is documented to need.
    pub fn requirement(&self) -> Option<Requirement> {
        self.0.operation?.requirement()
    }

    /// The name of the scope set that the client was built with, where HubSpot gave an answer: what
    /// [`scope_set!`](crate::scope_set) declares and what the token was granted differ when scopes are missing.
    pub fn scope_set(&self) -> Option<&'static str> {
        self.0.scope_set
    }

    /// Returns whether the request timed out.
    pub fn is_timeout(&self) -> bool {
        matches!(&self.0.kind, Kind::Transport(error) if error.is_timeout())
    }

    /// Returns whether no connection could be made, so that this attempt sent nothing.
    pub fn is_connect(&self) -> bool {
        matches!(&self.0.kind, Kind::Transport(error) if error.is_connect())
    }

    /// Returns whether HubSpot reported success with a body that cannot be decoded. The request took effect.
    pub fn is_decode(&self) -> bool {
        matches!(self.0.kind, Kind::Decode { .. })
    }

    /// Returns whether the response was longer than the client allows.
    pub fn is_too_large(&self) -> bool {
        matches!(self.0.kind, Kind::TooLarge { .. })
    }

    /// Whether the fault is in what the caller gave: nothing was sent.
    pub fn is_invalid_request(&self) -> bool {
        matches!(self.0.kind, Kind::Configuration(_) | Kind::Invalid(_))
    }

    /// What went wrong with the authorization of an OAuth app, where that is what went wrong: of the app itself, or of
    /// a call for which no token could be had.
    #[cfg(feature = "oauth")]
    pub fn oauth(&self) -> Option<&crate::oauth::OAuthError> {
        match &self.0.kind {
            Kind::OAuth(error) => Some(error),
            _ => None,
        }
    }

    /// Whether someone has to authorize the app for the account before calls can be made again.
    #[cfg(feature = "oauth")]
    pub fn needs_authorization(&self) -> bool {
        matches!(
            self.oauth(),
            Some(crate::oauth::OAuthError::NeedsAuthorization { .. })
        )
    }

    fn has_status(&self, status: StatusCode) -> bool {
        self.0.status == Some(status)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.0.kind {
            Kind::Transport(error) => Some(error),
            Kind::UnknownToken(error) => Some(error),
            // It is what the text of this error is, so that its own source comes next.
            #[cfg(feature = "oauth")]
            Kind::OAuth(error) => error.source(),
            _ => None,
        }
    }
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Error({self}")?;
        if let Kind::Transport(error) = &self.0.kind {
            write!(f, ": {error:?}")?;
        }
        f.write_str(")")
    }
}

#[cfg(test)]
mod tests;
