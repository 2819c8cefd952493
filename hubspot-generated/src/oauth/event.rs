//! Events about the tokens of an account.

use super::error::StoreError;

/// An event about the tokens of an account; see [`OAuthAppBuilder::on_event`](super::OAuthAppBuilder::on_event).
#[derive(Debug)]
#[non_exhaustive]
pub enum TokenEvent<'a> {
    /// Someone authorized the app, or the program adopted a refresh token.
    Connected {
        /// The account.
        hub_id: u64,
    },
    /// The access token was refreshed.
    Refreshed {
        /// The account.
        hub_id: u64,
    },
    /// HubSpot refused the refresh token, or an access token that it had just returned: the app was uninstalled, or its
    /// access revoked. Someone must authorize the app again. [`AccountTokens::try_again`](super::AccountTokens::try_again)
    /// tries the stored refresh token once more.
    AuthorizationNeeded {
        /// The account.
        hub_id: u64,
    },
    /// The new tokens could not be saved. They are in memory and in use, and saving is retried; if the process ends
    /// before it succeeds, they are lost.
    NotSaved {
        /// The account.
        hub_id: u64,
        /// The error of the store.
        cause: &'a StoreError,
    },
    /// Tokens that could not be saved before are saved now.
    Saved {
        /// The account.
        hub_id: u64,
    },
}

impl TokenEvent<'_> {
    pub(super) fn log(&self) {
        match self {
            Self::Connected { hub_id } => tracing::info!(hub_id, "the app was connected"),
            Self::Refreshed { hub_id } => tracing::debug!(hub_id, "the token was refreshed"),
            Self::AuthorizationNeeded { hub_id } => {
                tracing::warn!(hub_id, "the account needs authorization");
            }
            Self::NotSaved { hub_id, cause } => {
                tracing::error!(hub_id, %cause, "the new tokens are not saved yet");
            }
            Self::Saved { hub_id } => tracing::info!(hub_id, "the new tokens are saved now"),
        }
    }
}
