//! Errors of authorization and of token handling.
//!
//! They show neither tokens and codes nor text of HubSpot's.

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;

use super::{Error, ErrorKind, Inner};
use crate::secret::Secret;

/// An error of the authorization of an OAuth app, or of its tokens; see [`Error::oauth`].
///
/// ```
/// use hubspot_generated::Unchecked;
/// use hubspot_generated::oauth::{OAuthApp, OAuthError};
///
/// let app = OAuthApp::<Unchecked>::new("id", "secret", "https://app.example.com/callback")?;
/// let authorization = app.authorize_url().build();
/// let error = app.callback("?code=c&state=forged", &authorization.state).unwrap_err();
/// assert!(matches!(error.oauth(), Some(OAuthError::ForgedState)));
/// # Ok::<(), hubspot_generated::Error>(())
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub enum OAuthError {
    /// The callback's `state` is missing, or not the one of the install link. Nothing else in such a callback means
    /// anything: anybody can make one. Ignore it, and keep waiting for the right one.
    ForgedState,
    /// The callback is not one that HubSpot sends; says why.
    Callback(&'static str),
    /// The user, or HubSpot, refused to connect the app.
    Denied(Denial),
    /// The app has no access to the account: someone must follow the install link.
    ///
    /// HubSpot refused the refresh token, or an access token that it had just returned; or nobody has authorized the app.
    /// [`AccountTokens::try_again`](crate::oauth::AccountTokens::try_again) tries the stored refresh token once more.
    NeedsAuthorization {
        /// The account.
        hub_id: u64,
        /// HubSpot's refusal; `None` if another process received it, or the account is unknown.
        cause: Option<Arc<Error>>,
    },
    /// The token could not be refreshed. The cause may be transient.
    Refresh {
        /// The account.
        hub_id: u64,
        /// Why the refresh failed.
        cause: Error,
    },
    /// HubSpot returned a token of another account. It is not used.
    ///
    /// If a client of an account refreshed its token, the new refresh token is kept for that account, because the one that
    /// was sent may be used up. For [`adopt`](crate::oauth::OAuthApp::adopt) see [`Error::refresh_token`].
    OtherAccount {
        /// The account of the request.
        asked: u64,
        /// The account of the token.
        given: u64,
    },
    /// HubSpot did not say which account a token is for.
    UnknownAccount,
    /// The token of the account lacks scopes that the scope set requires.
    MissingScopes {
        /// The account.
        hub_id: u64,
        /// The name of the scope set.
        scope_set: &'static str,
        /// The required scopes that were not granted.
        missing: Vec<&'static str>,
    },
    /// The tokens of the account could not be loaded or removed.
    Store {
        /// The account.
        hub_id: u64,
        /// The error of the store.
        cause: StoreError,
    },
    /// The new tokens of the account are in memory only; see [`OAuthApp::shutdown`](crate::oauth::OAuthApp::shutdown).
    NotSaved {
        /// The account.
        hub_id: u64,
        /// The error of the store.
        cause: StoreError,
    },
    /// The lock that keeps two processes from refreshing at once could not be taken.
    Lock {
        /// The account.
        hub_id: u64,
        /// The error of the lock.
        cause: StoreError,
    },
    /// A task ended early: its runtime was shut down, or the program's event handler panicked.
    Interrupted {
        /// The account, if it was known yet.
        hub_id: Option<u64>,
    },
}

impl OAuthError {
    /// HubSpot's refusal, if the account needs authorization for it.
    pub(crate) fn refusal(&self) -> Option<&Error> {
        match self {
            Self::NeedsAuthorization { cause, .. } => cause.as_deref(),
            _ => None,
        }
    }

    /// Whether a retry may succeed without anybody changing anything.
    pub(crate) fn is_transient(&self) -> bool {
        match self {
            Self::Refresh { cause, .. } => {
                cause.is_retryable()
                    || cause.is_timeout()
                    || cause
                        .status()
                        .is_some_and(|status| status.is_server_error())
            }
            Self::Store { cause, .. } | Self::NotSaved { cause, .. } | Self::Lock { cause, .. } => {
                cause.is_transient()
            }
            Self::Interrupted { .. } => true,
            _ => false,
        }
    }
}

impl fmt::Display for OAuthError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ForgedState => f.write_str(
                "the callback's `state` is not that of the install link: start again from the link",
            ),
            Self::Callback(why) => write!(f, "the callback is not one of HubSpot's: {why}"),
            Self::Denied(denial) => write!(f, "the app was not connected: {denial}"),
            Self::NeedsAuthorization { hub_id, .. } => write!(
                f,
                "account {hub_id} needs authorization: someone must follow the app's install link"
            ),
            Self::Refresh { hub_id, .. } => {
                write!(f, "the token of account {hub_id} could not be refreshed")
            }
            Self::OtherAccount { asked, given } => write!(
                f,
                "HubSpot returned a token of account {given} instead of account {asked}"
            ),
            Self::UnknownAccount => {
                f.write_str("HubSpot did not say which account the token is for")
            }
            Self::MissingScopes {
                hub_id,
                scope_set,
                missing,
            } => write!(
                f,
                "the token of account {hub_id} lacks scopes that `{scope_set}` requires: {}",
                missing.join(", ")
            ),
            Self::Store { hub_id, .. } => {
                write!(f, "the store of the tokens of account {hub_id} failed")
            }
            Self::NotSaved { hub_id, .. } => {
                write!(f, "the new tokens of account {hub_id} are not saved")
            }
            Self::Lock { hub_id, .. } => write!(
                f,
                "the lock for refreshing the token of account {hub_id} could not be taken"
            ),
            Self::Interrupted { hub_id } => {
                f.write_str("the request for tokens was interrupted")?;
                hub_id.map_or(Ok(()), |hub_id| write!(f, " (account {hub_id})"))
            }
        }
    }
}

impl StdError for OAuthError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::NeedsAuthorization { cause, .. } => {
                cause.as_deref().map(|cause| cause as &dyn StdError)
            }
            Self::Refresh { cause, .. } => Some(cause),
            Self::Store { cause, .. } | Self::NotSaved { cause, .. } | Self::Lock { cause, .. } => {
                Some(cause)
            }
            _ => None,
        }
    }
}

impl Error {
    /// The error of a request whose token HubSpot refused with this error.
    pub(crate) fn with_oauth(&self, error: Arc<OAuthError>) -> Self {
        Self(Box::new(Inner {
            operation: self.0.operation,
            status: self.0.status,
            correlation_id: self.0.correlation_id.clone(),
            retry_after: self.0.retry_after,
            scope_set: self.0.scope_set,
            sent_at: None,
            attempts: self.0.attempts,
            is_after_unknown: self.0.is_after_unknown,
            refresh_token: None,
            kind: ErrorKind::OAuth(error),
        }))
    }

    pub(crate) fn with_refresh_token(mut self, token: Option<Secret>) -> Self {
        self.0.refresh_token = token;
        self
    }

    /// The error of an OAuth app's authorization, or of obtaining a token for a request.
    pub fn oauth(&self) -> Option<&OAuthError> {
        match &self.0.kind {
            ErrorKind::OAuth(error) => Some(error),
            _ => None,
        }
    }

    /// Returns whether a user has to authorize the app for the account again.
    pub fn needs_authorization(&self) -> bool {
        matches!(self.oauth(), Some(OAuthError::NeedsAuthorization { .. }))
    }

    /// The new refresh token of a token response that could not be used otherwise, and was not saved.
    ///
    /// HubSpot may no longer accept the refresh token that was sent: save this one. Returned by the errors of
    /// [`OAuthApp::refresh`](crate::oauth::OAuthApp::refresh), [`exchange`](crate::oauth::OAuthApp::exchange),
    /// [`connect`](crate::oauth::OAuthApp::connect) and [`adopt`](crate::oauth::OAuthApp::adopt), and of the operation
    /// `oauth().token(…)`. Clients of an account keep theirs by themselves.
    pub fn refresh_token(&self) -> Option<&Secret> {
        self.0.refresh_token.as_ref()
    }
}

impl From<OAuthError> for Error {
    fn from(error: OAuthError) -> Self {
        Arc::new(error).into()
    }
}

impl From<Arc<OAuthError>> for Error {
    fn from(error: Arc<OAuthError>) -> Self {
        Self::new(None, ErrorKind::OAuth(error))
    }
}

/// Why the app was not connected. See [`OAuthError::Denied`].
///
/// It comes from a callback whose `state` was right. `Display` shows the error code only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Denial {
    pub(crate) error: String,
    pub(crate) description: Option<String>,
}

impl Denial {
    /// Returns the error code: `access_denied` when the user refused.
    pub fn error(&self) -> &str {
        &self.error
    }

    /// Returns HubSpot's message for people. Escape it before you show it: it comes from a URL.
    pub fn description(&self) -> Option<&str> {
        self.description.as_deref()
    }

    /// Returns whether the user refused, as opposed to an error in the link.
    pub fn is_by_user(&self) -> bool {
        self.error == "access_denied"
    }
}

impl fmt::Display for Denial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if super::clean::is_name(&self.error) {
            f.write_str(&self.error)
        } else {
            f.write_str("the error code is malformed")
        }
    }
}

/// An error of a token store or a lock.
///
/// ```
/// use hubspot_generated::oauth::StoreError;
///
/// let error = StoreError::new("the table `tokens` is locked");
/// assert_eq!(error.to_string(), "the table `tokens` is locked");
/// ```
pub struct StoreError {
    what: String,
    transient: bool,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl StoreError {
    /// Creates a transient error, such as a database that cannot be reached. The text must not show tokens.
    pub fn new(what: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            transient: true,
            source: None,
        }
    }

    /// Creates an error that a retry cannot resolve, such as a record that does not decrypt.
    pub fn permanent(what: impl Into<String>) -> Self {
        Self {
            transient: false,
            ..Self::new(what)
        }
    }

    /// Sets the source of the error.
    pub fn caused_by(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// Returns whether a retry may succeed.
    pub fn is_transient(&self) -> bool {
        self.transient
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

impl fmt::Debug for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StoreError({}", self.what)?;
        if let Some(source) = &self.source {
            write!(f, ": {source}")?;
        }
        f.write_str(")")
    }
}

impl StdError for StoreError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source
            .as_ref()
            .map(|source| &**source as &(dyn StdError + 'static))
    }
}
