//! The one error of the client: opaque, with predicates and accessors.
//!
//! It never shows a token, a URL or a body.

mod body;
mod clean;
mod describe;
mod fault;
#[cfg(feature = "oauth")]
pub(crate) mod oauth;
mod of_record;
mod properties;
pub(crate) mod retry_after;

use std::io;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use hubspot_scopes::Requirement;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;

use crate::operation::Operation;
use crate::record_error::RecordError;
#[cfg(feature = "oauth")]
use crate::secret::Secret;
use body::ErrorBody;
pub(crate) use body::existing_id;
pub(crate) use clean::{is_name, redact};
pub(crate) use fault::Fault;
#[cfg(feature = "bulk")]
pub(crate) use properties::properties;
use retry_after::header;
pub(crate) use retry_after::retry_after;

pub use body::{BatchError, ErrorDetail};

/// An error of this crate.
///
/// Its predicates tell what to do next: [`is_retryable`](Self::is_retryable),
/// [`may_have_taken_effect`](Self::may_have_taken_effect), [`is_unauthorized`](Self::is_unauthorized),
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
    /// How often the request was sent.
    attempts: u32,
    /// When the request was first sent.
    sent_at: Option<Instant>,
    /// Whether an earlier attempt may have taken effect.
    is_after_unknown: bool,
    /// A new refresh token, of a response that cannot be used otherwise.
    #[cfg(feature = "oauth")]
    refresh_token: Option<Secret>,
    kind: ErrorKind,
}

pub(crate) enum ErrorKind {
    /// An option of a client builder is invalid.
    Configuration(String),
    /// The request is invalid and was not sent.
    Invalid(String),
    /// A file that was being uploaded could not be read to its end.
    Upload(String),
    /// A file that was being downloaded could not be written.
    Save { path: PathBuf, error: io::Error },
    /// The connection, or HTTP on it, failed.
    Transport(reqwest::Error),
    /// The account's daily limit is used up, so the request was not sent.
    DailyLimit,
    /// An error status.
    Refused(Box<ErrorBody>),
    /// A success status with a body that is not what was expected; `path` is empty for the body as a whole.
    Decode { path: String, what: String },
    /// A record cannot be read as the type of the user.
    Record(RecordError),
    /// The body is longer than allowed.
    TooLarge { limit: usize },
    /// The HTTP client followed a redirect to another host.
    Elsewhere,
    /// HubSpot returned a cursor that it had returned before.
    RepeatedCursor,
    /// HubSpot says that there is a next page, but not where it begins.
    MissingCursor,
    /// HubSpot responded with this error when asked about a token.
    UnknownToken(Box<Error>),
    /// No token could be obtained, or the app could not be connected.
    #[cfg(feature = "oauth")]
    OAuth(std::sync::Arc<oauth::OAuthError>),
}

impl Error {
    pub(crate) fn new(operation: Option<&'static Operation>, kind: ErrorKind) -> Self {
        Self(Box::new(Inner {
            operation,
            status: None,
            correlation_id: None,
            retry_after: None,
            scope_set: None,
            attempts: 0,
            sent_at: None,
            is_after_unknown: false,
            #[cfg(feature = "oauth")]
            refresh_token: None,
            kind,
        }))
    }

    pub(crate) fn configuration(what: impl Into<String>) -> Self {
        Self::new(None, ErrorKind::Configuration(what.into()))
    }

    pub(crate) fn of_operation(operation: &'static Operation, kind: ErrorKind) -> Self {
        Self::new(Some(operation), kind)
    }

    pub(crate) fn transport(operation: Option<&'static Operation>, error: reqwest::Error) -> Self {
        // The URL contains ids and search terms.
        Self::new(operation, ErrorKind::Transport(error.without_url()))
    }

    /// An error about a response whose status and headers are known. They may repeat the request's `secrets`.
    pub(crate) fn about_response(
        operation: &'static Operation,
        status: StatusCode,
        headers: &HeaderMap,
        secrets: &[String],
        kind: ErrorKind,
    ) -> Self {
        let mut error = Self::new(Some(operation), kind);
        error.0.status = Some(status);
        let correlation_id = header(headers, "x-hubspot-correlation-id");
        error.0.correlation_id = correlation_id.map(|id| redact(id, secrets));
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
        let kind = ErrorKind::Refused(Box::new(body));
        let mut error = Self::about_response(operation, status, headers, secrets, kind);
        if correlation_id.is_some() {
            error.0.correlation_id = correlation_id;
        }
        error
    }

    /// Adds how long HubSpot asks to wait.
    pub(crate) fn of_retry_after(mut self, retry_after: Option<Duration>) -> Self {
        self.0.retry_after = retry_after;
        self
    }

    /// Adds the status of a response whose body was lost.
    pub(crate) fn of_status(mut self, status: StatusCode) -> Self {
        self.0.status = Some(status);
        self
    }

    /// Adds the name of the client's scope set.
    pub(crate) fn of_scope_set(mut self, name: &'static str) -> Self {
        self.0.scope_set = Some(name);
        self
    }

    /// Whether HubSpot refused the access token: a 401, and not one of another host.
    pub(crate) fn is_refused_token(&self) -> bool {
        self.is_unauthorized() && !matches!(self.0.kind, ErrorKind::Elsewhere)
    }

    pub(crate) fn kind(&self) -> &ErrorKind {
        &self.0.kind
    }

    pub(crate) fn body(&self) -> Option<&ErrorBody> {
        match &self.0.kind {
            ErrorKind::Refused(body) => Some(body),
            #[cfg(feature = "oauth")]
            ErrorKind::OAuth(error) => error.refusal()?.body(),
            _ => None,
        }
    }

    /// The operation that failed, such as `contacts.get`; `None` if the error is about no operation.
    pub fn operation(&self) -> Option<&'static str> {
        self.0.operation.map(|operation| operation.id)
    }

    /// The HTTP status, if there was a response.
    pub fn status(&self) -> Option<StatusCode> {
        self.0.status
    }

    /// HubSpot's category: `VALIDATION_ERROR`, `MISSING_SCOPES`, `OBJECT_NOT_FOUND`, `RATE_LIMIT`. For OAuth's operations
    /// it is the error code, such as `invalid_grant`.
    pub fn category(&self) -> Option<&str> {
        self.body()?.category.as_deref()
    }

    /// HubSpot's subcategory, if there is one.
    pub fn sub_category(&self) -> Option<&str> {
        self.body()?.sub_category.as_deref()
    }

    /// HubSpot's whole message. It may quote values of the request; the token is redacted.
    pub fn message(&self) -> Option<&str> {
        self.body()?.message.as_deref()
    }

    /// The id by which HubSpot's support finds the request.
    pub fn correlation_id(&self) -> Option<&str> {
        self.0.correlation_id.as_deref()
    }

    /// The individual errors, such as one per invalid property.
    pub fn errors(&self) -> &[ErrorDetail] {
        self.body().map_or(&[], |body| &body.errors)
    }

    /// The values under `key` in HubSpot's `context`; empty if there are none.
    pub fn context(&self, key: &str) -> &[String] {
        self.body()
            .and_then(|body| body.context.get(key))
            .map_or(&[], Vec::as_slice)
    }

    /// The rate limit that was exceeded: `TEN_SECONDLY_ROLLING`, `SECONDLY` or `DAILY`.
    pub fn rate_limit_policy(&self) -> Option<&str> {
        match self.0.kind {
            ErrorKind::DailyLimit => Some("DAILY"),
            _ => self.body()?.policy_name.as_deref(),
        }
    }

    /// How long to wait before a retry; after the daily limit was reached, the time until HubSpot renews it.
    ///
    /// From `Retry-After`: seconds, which may have a fraction, or a date, counted from the
    /// response's `Date`.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// How many requests were sent for this call: 1 without retries, 0 if nothing was sent.
    ///
    /// Repetitions with a new access token count, too.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// Returns whether a rate limit was exceeded (429), or the request was not sent because the daily limit is used up.
    pub fn is_rate_limited(&self) -> bool {
        self.has_status(StatusCode::TOO_MANY_REQUESTS)
            || matches!(self.0.kind, ErrorKind::DailyLimit)
    }

    /// Returns whether HubSpot did not accept the access token (401).
    ///
    /// Not every 401 means that a new token is needed; see [`category`](Self::category).
    pub fn is_unauthorized(&self) -> bool {
        self.has_status(StatusCode::UNAUTHORIZED)
    }

    /// Returns whether the request is not allowed (403). [`is_missing_scopes`](Self::is_missing_scopes) tells whether a
    /// scope is missing.
    pub fn is_forbidden(&self) -> bool {
        self.has_status(StatusCode::FORBIDDEN)
    }

    /// Returns whether the record or resource does not exist (404).
    pub fn is_not_found(&self) -> bool {
        self.has_status(StatusCode::NOT_FOUND)
    }

    /// Returns whether the request conflicts with existing data (409), such as a second contact with one e-mail address.
    pub fn is_conflict(&self) -> bool {
        self.has_status(StatusCode::CONFLICT)
    }

    /// The id of the existing record, if a conflict (409) names it.
    pub fn existing_id(&self) -> Option<&str> {
        if !self.is_conflict() {
            return None;
        }
        existing_id(self.message()?)
    }

    /// Returns whether the token lacks a scope (403 `MISSING_SCOPES`).
    pub fn is_missing_scopes(&self) -> bool {
        self.is_forbidden() && self.category() == Some("MISSING_SCOPES")
    }

    /// The scopes that HubSpot says are missing: any of several, or all of them.
    ///
    /// `None` if the error is not about scopes or does not name them. [`requirement`](Self::requirement) returns what the
    /// operation is documented to need.
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

    /// The name of the client's scope set, if HubSpot responded with an error.
    ///
    /// When scopes are missing, the token was granted less than this [`scope_set!`](crate::scope_set) declares.
    pub fn scope_set(&self) -> Option<&'static str> {
        self.0.scope_set
    }

    /// Returns whether the request timed out.
    pub fn is_timeout(&self) -> bool {
        matches!(&self.0.kind, ErrorKind::Transport(error) if error.is_timeout())
    }

    /// Returns whether no connection could be made, so that this attempt sent nothing.
    pub fn is_connect(&self) -> bool {
        matches!(&self.0.kind, ErrorKind::Transport(error) if error.is_connect())
    }

    /// Returns whether HubSpot reported success with a body that cannot be decoded. The request took effect.
    pub fn is_decode(&self) -> bool {
        matches!(self.0.kind, ErrorKind::Decode { .. } | ErrorKind::Record(_))
    }

    /// Returns whether the response was longer than the client allows.
    pub fn is_too_large(&self) -> bool {
        matches!(self.0.kind, ErrorKind::TooLarge { .. })
    }

    /// Returns whether an argument or an option is invalid, so that nothing was sent.
    pub fn is_invalid_request(&self) -> bool {
        matches!(
            self.0.kind,
            ErrorKind::Configuration(_) | ErrorKind::Invalid(_)
        )
    }

    fn has_status(&self, status: StatusCode) -> bool {
        self.0.status == Some(status)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.0.kind {
            ErrorKind::Transport(error) => Some(error),
            ErrorKind::Save { error, .. } => Some(error),
            ErrorKind::UnknownToken(error) => Some(error),
            // Its text is the text of this error, so its source comes next.
            #[cfg(feature = "oauth")]
            ErrorKind::OAuth(error) => error.source(),
            _ => None,
        }
    }
}
