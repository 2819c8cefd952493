//! What can go wrong on the way to a token.
//!
//! Comes in: the fault of a callback, of the token endpoint, of a store or of a lock. Goes out: an [`OAuthError`] that
//! a caller can match on, wrapped in the crate's [`Error`]. Refuses: to show tokens, codes or what HubSpot wrote.

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;

use crate::error::{Error, Kind};
use crate::operation::Operation;

/// What went wrong with the authorization of an OAuth app; see [`Error::oauth`].
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
    /// The callback's `state` is not the one of the install link: somebody else's link was followed, or an old one.
    ForgedState,
    /// The callback is not one that HubSpot sends; says why.
    Callback(&'static str),
    /// The user, or HubSpot, refused to connect the app.
    Denied(Denial),
    /// The app has no access to the account (any more): someone must follow the install link.
    NeedsAuthorization {
        /// The account.
        hub_id: u64,
        /// What HubSpot answered when the refresh token was used last; `None` where it did so to another process, or
        /// where nothing is known of the account.
        cause: Option<Error>,
    },
    /// The token could not be renewed; what was wrong may pass.
    Refresh {
        /// The account.
        hub_id: u64,
        /// Why not.
        cause: Error,
    },
    /// A token answer is for another account than the one it was asked for. It is not used.
    OtherAccount {
        /// The account that the token was asked for.
        asked: u64,
        /// The account that HubSpot named.
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
    /// The tokens of the account cannot be read.
    Store {
        /// The account.
        hub_id: u64,
        /// Why not.
        cause: StoreError,
    },
    /// The lock that keeps two processes from renewing at once cannot be had.
    Lock {
        /// The account.
        hub_id: u64,
        /// Why not.
        cause: StoreError,
    },
    /// The task that renewed the token ended early: its runtime was shut down.
    Interrupted {
        /// The account.
        hub_id: u64,
    },
}

impl OAuthError {
    /// Whether the same may work later, without anybody doing anything about it.
    pub(crate) fn is_passing(&self) -> bool {
        match self {
            Self::Refresh { cause, .. } => {
                cause.is_retryable()
                    || cause.is_timeout()
                    || cause
                        .status()
                        .is_some_and(|status| status.is_server_error())
            }
            Self::Store { cause, .. } | Self::Lock { cause, .. } => cause.is_passing(),
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
                write!(f, "the token of account {hub_id} cannot be renewed")
            }
            Self::OtherAccount { asked, given } => write!(
                f,
                "HubSpot gave a token of account {given} where one of account {asked} was asked for"
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
                write!(f, "the tokens of account {hub_id} cannot be read")
            }
            Self::Lock { hub_id, .. } => write!(
                f,
                "the lock for renewing the token of account {hub_id} cannot be had"
            ),
            Self::Interrupted { hub_id } => {
                write!(f, "renewing the token of account {hub_id} was interrupted")
            }
        }
    }
}

impl StdError for OAuthError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::NeedsAuthorization { cause, .. } => {
                cause.as_ref().map(|cause| cause as &dyn StdError)
            }
            Self::Refresh { cause, .. } => Some(cause),
            Self::Store { cause, .. } | Self::Lock { cause, .. } => Some(cause),
            _ => None,
        }
    }
}

impl From<OAuthError> for Error {
    fn from(error: OAuthError) -> Self {
        Arc::new(error).into()
    }
}

impl From<Arc<OAuthError>> for Error {
    fn from(error: Arc<OAuthError>) -> Self {
        Self::of_oauth(None, error)
    }
}

impl Error {
    /// The error of a call for which no token could be had, or of no call.
    pub(super) fn of_oauth(operation: Option<&'static Operation>, error: Arc<OAuthError>) -> Self {
        Self::new(operation, Kind::OAuth(error))
    }
}

/// HubSpot's word that the app was not connected. See [`OAuthError::Denied`].
///
/// `Display` shows the error code only: the description was in the URL, where anybody can put anything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Denial {
    pub(super) error: String,
    pub(super) description: Option<String>,
}

impl Denial {
    /// The error code: `access_denied` when the user refused.
    pub fn error(&self) -> &str {
        &self.error
    }

    /// HubSpot's sentence for people. Escape it before you show it: it comes from a URL.
    pub fn description(&self) -> Option<&str> {
        self.description.as_deref()
    }

    /// Whether the user refused, as opposed to a fault of the link.
    pub fn is_by_user(&self) -> bool {
        self.error == "access_denied"
    }
}

impl fmt::Display for Denial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if crate::error::is_name(&self.error) {
            f.write_str(&self.error)
        } else {
            f.write_str("for a reason that is no error code")
        }
    }
}

/// Why a store of tokens, or a lock, did not do its work.
///
/// ```
/// use hubspot_generated::oauth::StoreError;
///
/// let error = StoreError::new("the table `tokens` is locked");
/// assert_eq!(error.to_string(), "the table `tokens` is locked");
/// ```
pub struct StoreError {
    what: String,
    passing: bool,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl StoreError {
    /// A fault that may pass, such as a database that is not there. The text must not show tokens.
    pub fn new(what: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            passing: true,
            source: None,
        }
    }

    /// A fault that will be there the next time, too, such as a record that does not decrypt.
    pub fn lasting(what: impl Into<String>) -> Self {
        Self {
            passing: false,
            ..Self::new(what)
        }
    }

    /// The same error with what caused it.
    pub fn caused_by(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// Whether the same may work later.
    pub fn is_passing(&self) -> bool {
        self.passing
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
