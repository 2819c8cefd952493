//! Public handles to the tokens of accounts.

use std::sync::Arc;

use super::error::OAuthError;
use super::persistence::{load, save_unsaved};
use super::record_guard::RecordGuard;
use super::single_flight;
use super::state::{Context, CurrentToken, Shared, Trigger};
use crate::debug::debug_fields;
use crate::error::Error;

/// Gives the access tokens of an app's accounts; returned by [`OAuthApp::tokens`](super::OAuthApp::tokens).
///
/// Cheap to clone. Clients from [`OAuthApp::account`](super::OAuthApp::account) use it by themselves. It is for programs
/// that need a token for something else.
///
/// ```no_run
/// # async fn example(app: hubspot_generated::oauth::OAuthApp<hubspot_generated::Unchecked>) -> Result<(), hubspot_generated::Error> {
/// let account = app.tokens().account(123_456);
/// let token = account.access_token().await?;
/// let header = format!("Bearer {}", token.expose_secret());
/// # let _ = header;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct TokenManager {
    pub(super) shared: Arc<Shared>,
}

impl TokenManager {
    pub(super) fn new(shared: Shared) -> Self {
        Self {
            shared: Arc::new(shared),
        }
    }

    /// The tokens of one account. Sends nothing and loads nothing.
    pub fn account(&self, hub_id: u64) -> AccountTokens {
        AccountTokens {
            context: Context::new(&self.shared, hub_id),
        }
    }

    /// Waits for the refreshes in flight, then saves what was not saved yet.
    pub(super) async fn shutdown(&self) -> Result<(), Error> {
        self.shared.wait_until_idle().await;
        let mut outcome = Ok(());
        for account in self.shared.accounts() {
            let hub_id = account.hub_id;
            let context = self.account(hub_id).context;
            let task = async move {
                let mut known = RecordGuard::wait(&context).await;
                let saved = save_unsaved(&context, &mut known).await;
                saved.map_err(|cause| Error::from(OAuthError::NotSaved { hub_id, cause }))
            };
            outcome = outcome.and(self.shared.run(Some(hub_id), task).await);
        }
        outcome
    }
}

debug_fields!(TokenManager, |_|);

/// The tokens of one account. Cheap to clone.
#[derive(Clone)]
pub struct AccountTokens {
    pub(super) context: Context,
}

/// An access token that is valid now. `Debug` does not show it.
#[derive(Clone)]
pub struct AccessToken(pub(super) Arc<CurrentToken>);

impl AccessToken {
    /// Returns the token itself.
    pub fn expose_secret(&self) -> &str {
        self.0.token.expose_secret()
    }

    /// Returns the granted scopes, optional ones included.
    pub fn scopes(&self) -> &[String] {
        &self.0.scopes
    }
}

debug_fields!(AccessToken, |token| scopes: token.scopes());

impl AccountTokens {
    /// Returns the id of the account.
    pub fn hub_id(&self) -> u64 {
        self.context.hub_id()
    }

    /// Returns the access token if it is in memory and need not be refreshed yet. Does not wait.
    pub fn fresh(&self) -> Option<AccessToken> {
        self.context.fresh().map(AccessToken)
    }

    /// Returns the access token, refreshed if it expires within five minutes.
    ///
    /// One request is made, however many tasks ask at once. If it fails, a token that has not expired yet is returned
    /// all the same. Dropping the future does not cancel the refresh: what HubSpot returns is saved.
    ///
    /// # Errors
    ///
    /// If there is no valid token and none can be obtained; see [`OAuthError`].
    pub async fn access_token(&self) -> Result<AccessToken, Error> {
        match self.fresh() {
            Some(token) => Ok(token),
            None => self.obtain(&Trigger::Due(None)).await,
        }
    }

    /// Returns another access token than `refused`, which HubSpot did not accept although it should be valid.
    ///
    /// One request is made for each refused token, however many tasks report it. If HubSpot returns the refused token
    /// again, so does this method.
    ///
    /// # Errors
    ///
    /// See [`access_token`](Self::access_token).
    pub async fn refresh(&self, refused: &AccessToken) -> Result<AccessToken, Error> {
        self.obtain(&Trigger::Refused(refused.0.token.clone()))
            .await
    }

    /// Returns whether someone must authorize the app for this account: nobody has, or HubSpot refused its tokens.
    ///
    /// # Errors
    ///
    /// If the store fails.
    pub async fn needs_authorization(&self) -> Result<bool, Error> {
        let context = self.context.clone();
        let task = async move {
            let mut known = RecordGuard::wait(&context).await;
            let record = load(&context, &mut known).await?;
            Ok(record.is_none_or(|record| record.needs_authorization))
        };
        let hub_id = Some(self.context.hub_id());
        self.context.shared.run(hub_id, task).await
    }

    /// Sends the stored refresh token to HubSpot once more, for an account that needs authorization.
    ///
    /// Use it when HubSpot's refusal may have been wrong or is over, for example after the app's settings were
    /// corrected. If HubSpot accepts the token, the account works again. If not, the account stays as it is, and
    /// [`TokenEvent::AuthorizationNeeded`](super::TokenEvent::AuthorizationNeeded) is emitted once more. An account that
    /// does not need authorization is left alone: this returns its access token.
    ///
    /// # Errors
    ///
    /// See [`access_token`](Self::access_token).
    pub async fn try_again(&self) -> Result<AccessToken, Error> {
        self.obtain(&Trigger::TryAgain).await
    }

    pub(super) async fn obtain(&self, trigger: &Trigger) -> Result<AccessToken, Error> {
        single_flight::join(&self.context, trigger)
            .await
            .map(AccessToken)
            .map_err(Error::from)
    }
}

debug_fields!(AccountTokens, |tokens| hub_id: tokens.hub_id());
