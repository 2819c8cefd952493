//! Classifies errors: what happened to the request, and whether to send it again.
//!
//! This is the only place that decides. [`Error::is_retryable`], [`Error::may_have_taken_effect`] and the client's own
//! retries all ask it.

use std::time::Instant;

use super::{Error, ErrorKind};
use crate::operation::Operation;

/// What an error says about the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// A rate limit that passes in seconds. The request had no effect.
    RateLimited,
    /// The record is locked, or the account is moving between data centres. The request had no effect.
    Locked,
    /// No connection, or no token. The request was not sent.
    NotSent,
    /// A server error, a timeout or a lost connection. The request may have taken effect.
    Transient,
    /// A response that does not tell what happened, and would not the next time. The request may have taken effect.
    Unreadable,
    /// A refusal. The request had no effect, and the next would have none.
    Permanent,
}

impl Fault {
    pub(crate) fn of(error: &Error) -> Self {
        match error.kind() {
            ErrorKind::Transport(_) if error.is_connect() => Self::NotSent,
            // The HTTP client could not be set up.
            ErrorKind::Transport(cause) if cause.is_builder() => Self::Permanent,
            ErrorKind::Transport(_) => Self::Transient,
            ErrorKind::Refused(body) if body.policy_name.as_deref() == Some("DAILY") => {
                Self::Permanent
            }
            ErrorKind::Refused(_) => of_status(error),
            ErrorKind::TooLarge { .. } if is_refusal(error) => Self::Permanent,
            ErrorKind::TooLarge { .. }
            | ErrorKind::Decode { .. }
            | ErrorKind::Record(_)
            | ErrorKind::Save { .. }
            | ErrorKind::Elsewhere => Self::Unreadable,
            #[cfg(feature = "oauth")]
            ErrorKind::OAuth(error) if error.is_transient() => Self::NotSent,
            _ => Self::Permanent,
        }
    }

    fn is_retryable(self, operation: Option<&Operation>) -> bool {
        match self {
            Self::RateLimited | Self::Locked | Self::NotSent => true,
            Self::Transient => operation.is_some_and(|operation| operation.idempotent),
            Self::Unreadable | Self::Permanent => false,
        }
    }
}

fn of_status(error: &Error) -> Fault {
    match error.status().map_or(0, |status| status.as_u16()) {
        429 => Fault::RateLimited,
        423 | 477 => Fault::Locked,
        // 520 to 530 are those of Cloudflare, which is in front of HubSpot.
        408 | 500 | 502..=504 | 507..=530 => Fault::Transient,
        505.. => Fault::Unreadable,
        _ => Fault::Permanent,
    }
}

/// Whether the status says that nothing was done.
fn is_refusal(error: &Error) -> bool {
    error
        .status()
        .is_some_and(|status| status.is_client_error() || status.is_redirection())
}

impl Error {
    /// Returns whether retrying this call is safe and may succeed.
    ///
    /// True when the request had no effect and the cause may pass: a rate limit other than the daily one, a locked record,
    /// a moving account, no connection. Also true when the request may have taken effect (a server error, a timeout, a
    /// lost connection) and the operation is [idempotent](crate::Operation::idempotent).
    ///
    /// The client retries exactly these errors by itself, within the limits of its [`RetryPolicy`](crate::RetryPolicy),
    /// except for a token that could not be obtained.
    ///
    /// # Troubleshooting
    ///
    /// An error that is still retryable after the client's retries is a longer outage or a limit that does not pass within
    /// a minute. Wait for [`retry_after`](Self::retry_after), or some minutes, before calling again.
    pub fn is_retryable(&self) -> bool {
        Fault::of(self).is_retryable(self.0.operation)
    }

    /// Returns whether HubSpot may have acted on the request although the call failed.
    ///
    /// True after a timeout, a connection that was lost after sending, a server error, a truncated response, and a success
    /// whose body cannot be decoded, in this attempt or in one that the client retried. Always false for an operation that
    /// [only reads](crate::Operation::read_only), and when HubSpot refused the request.
    ///
    /// # Troubleshooting
    ///
    /// Before you repeat a create or a merge, look whether it was done: read by a unique property, or search.
    pub fn may_have_taken_effect(&self) -> bool {
        self.0.is_after_unknown
            || (self
                .0
                .operation
                .is_some_and(|operation| !operation.read_only)
                && matches!(Fault::of(self), Fault::Transient | Fault::Unreadable))
    }

    /// Adds when the request was first sent.
    pub(crate) fn of_sent_at(mut self, sent_at: Option<Instant>) -> Self {
        self.0.sent_at = sent_at;
        self
    }

    /// When the request was first sent.
    pub(crate) fn sent_at(&self) -> Option<Instant> {
        self.0.sent_at
    }

    /// The same error, of the last of `attempts`, of which the outcome of an earlier one may not be known.
    pub(crate) fn after_attempts(mut self, attempts: u32, is_after_unknown: bool) -> Self {
        self.0.attempts = attempts;
        self.0.is_after_unknown |= is_after_unknown;
        self
    }
}
