//! What happens to tokens while a program runs.
//!
//! Comes in: what the manager does. Goes out: a [`TokenEvent`] to the program's hook, and to its log. Refuses nothing.

use super::error::StoreError;

/// Something that happened to the tokens of an account; see
/// [`OAuthAppBuilder::on_event`](super::OAuthAppBuilder::on_event).
#[derive(Debug)]
#[non_exhaustive]
pub enum TokenEvent<'a> {
    /// Someone authorized the app.
    Connected {
        /// The account.
        hub_id: u64,
    },
    /// The token was renewed.
    Renewed {
        /// The account.
        hub_id: u64,
    },
    /// HubSpot refused the refresh token for good: the app was uninstalled, or its access revoked. Nothing more is asked
    /// for this account until someone authorizes the app anew: tell them.
    AuthorizationNeeded {
        /// The account.
        hub_id: u64,
    },
    /// The new tokens could not be stored. They are used, kept in memory, and stored as soon as that works; until then
    /// they are lost if the process ends.
    NotSaved {
        /// The account.
        hub_id: u64,
        /// Why not.
        cause: &'a StoreError,
    },
    /// Tokens that could not be stored are stored now.
    Saved {
        /// The account.
        hub_id: u64,
    },
}

impl TokenEvent<'_> {
    pub(super) fn log(&self) {
        match self {
            Self::Connected { hub_id } => tracing::info!(hub_id, "the app was connected"),
            Self::Renewed { hub_id } => tracing::debug!(hub_id, "the token was renewed"),
            Self::AuthorizationNeeded { hub_id } => {
                tracing::warn!(hub_id, "the account needs authorization");
            }
            Self::NotSaved { hub_id, cause } => {
                tracing::error!(hub_id, %cause, "the new tokens are not stored yet");
            }
            Self::Saved { hub_id } => tracing::info!(hub_id, "the new tokens are stored now"),
        }
    }
}
