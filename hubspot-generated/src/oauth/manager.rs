//! A valid token for every account.
//!
//! Comes in: an account's number. Goes out: its access token, renewed five minutes before it expires. Refuses: accounts
//! that nobody has authorized. A token that is fresh is read without a lock; one that is not is renewed by one task, and
//! all others wait for that one (`flight`).

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Instant;

use arc_swap::ArcSwapOption;
use reqwest::header::HeaderValue;

use super::endpoint::Endpoint;
use super::error::OAuthError;
use super::event::TokenEvent;
use super::flight::{self, Flight};
use super::lock::RefreshLock;
use super::record::TokenRecord;
use super::renew;
use super::store::TokenStore;
use crate::clock::Clock;
use crate::credential::authorization;
use crate::error::Error;
use crate::scopes::DeclaredScopes;
use crate::values::Secret;

/// The hook of a program.
pub(super) type Hook = dyn Fn(&TokenEvent<'_>) + Send + Sync;

/// Gives the access tokens of an app's accounts; [`OAuthApp::tokens`](super::OAuthApp::tokens) has it.
///
/// Cheap to clone. Clients from [`OAuthApp::account`](super::OAuthApp::account) use it by themselves; it is for those who
/// need a token for something else.
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

/// What renewing needs, whatever the account.
pub(super) struct Shared {
    pub(super) endpoint: Endpoint,
    pub(super) store: Arc<dyn TokenStore>,
    pub(super) lock: Option<Arc<dyn RefreshLock>>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) hook: Option<Arc<Hook>>,
    /// The scopes without which a token is not used.
    pub(super) required: Option<(&'static str, DeclaredScopes)>,
    pub(super) accounts: RwLock<HashMap<u64, Arc<Account>>>,
}

impl Shared {
    pub(super) fn tell(&self, event: &TokenEvent<'_>) {
        event.log();
        if let Some(hook) = &self.hook {
            hook(event);
        }
    }

    fn account(&self, hub_id: u64) -> Arc<Account> {
        let accounts = self.accounts.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(account) = accounts.get(&hub_id) {
            return Arc::clone(account);
        }
        drop(accounts);
        let mut accounts = self
            .accounts
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        let account = accounts
            .entry(hub_id)
            .or_insert_with(|| Arc::new(Account::new(hub_id)));
        Arc::clone(account)
    }
}

/// What this process knows of one account.
pub(super) struct Account {
    pub(super) hub_id: u64,
    /// The token that calls carry; none before it was first read, and when the account needs authorization.
    pub(super) current: ArcSwapOption<Current>,
    /// The renewal under way.
    pub(super) flight: Mutex<Option<Flight>>,
    /// What the store has, or is to have. Whoever holds it may renew.
    pub(super) held: tokio::sync::Mutex<Option<Held>>,
}

/// The latest record that this process knows.
pub(super) struct Held {
    pub(super) record: TokenRecord,
    /// Whether the store has yet to keep it.
    pub(super) unsaved: bool,
}

impl Account {
    fn new(hub_id: u64) -> Self {
        Self {
            hub_id,
            current: ArcSwapOption::empty(),
            flight: Mutex::default(),
            held: tokio::sync::Mutex::default(),
        }
    }
}

/// A token in use.
#[derive(Clone)]
pub(super) struct Current {
    pub(super) token: Secret,
    pub(super) header: HeaderValue,
    pub(super) scopes: Vec<String>,
    /// When to renew it.
    pub(super) renew_at: Instant,
    /// When it expires.
    pub(super) expires_at: Instant,
}

impl Current {
    /// The token of a record; says what is wrong with one that cannot stand in a header.
    pub(super) fn new(record: &TokenRecord, clock: &dyn Clock) -> Result<Self, &'static str> {
        let remaining = record.remaining(clock.wall_time());
        let now = clock.now();
        Ok(Self {
            token: record.access_token.clone(),
            header: authorization(record.access_token.expose_secret())?,
            scopes: record.scopes.clone(),
            renew_at: now + remaining.saturating_sub(record.early()),
            expires_at: now + remaining,
        })
    }
}

impl TokenManager {
    pub(super) fn new(shared: Shared) -> Self {
        Self {
            shared: Arc::new(shared),
        }
    }

    /// The tokens of one account. Nothing is read or asked for yet.
    pub fn account(&self, hub_id: u64) -> AccountTokens {
        AccountTokens {
            account: self.shared.account(hub_id),
            shared: Arc::clone(&self.shared),
        }
    }
}

impl fmt::Debug for TokenManager {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenManager").finish_non_exhaustive()
    }
}

/// The tokens of one account. Cheap to clone.
#[derive(Clone)]
pub struct AccountTokens {
    pub(super) account: Arc<Account>,
    pub(super) shared: Arc<Shared>,
}

/// An access token that is valid now. Shown by no `Debug`.
#[derive(Clone)]
pub struct AccessToken(pub(super) Arc<Current>);

impl AccessToken {
    /// The text itself. Keep what you do with it short.
    pub fn expose_secret(&self) -> &str {
        self.0.token.expose_secret()
    }

    /// The scopes that came with it, optional ones included.
    pub fn scopes(&self) -> &[String] {
        &self.0.scopes
    }
}

impl fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccessToken")
            .field("scopes", &self.scopes())
            .finish_non_exhaustive()
    }
}

impl AccountTokens {
    /// The account.
    pub fn hub_id(&self) -> u64 {
        self.account.hub_id
    }

    /// The access token, if it is at hand and need not be renewed yet. Waits for nothing.
    pub fn fresh(&self) -> Option<AccessToken> {
        let current = self.account.current.load();
        let current = current.as_ref()?;
        self.is_fresh(current)
            .then(|| AccessToken(Arc::clone(current)))
    }

    /// The access token, renewed if it expires within five minutes.
    ///
    /// However many ask at once, one request is made. If it fails, a token that has not expired yet is given all the
    /// same. Dropping the future does not end the renewal: what HubSpot answers is kept.
    ///
    /// # Errors
    ///
    /// If there is no valid token and none can be had; see [`OAuthError`].
    pub async fn access_token(&self) -> Result<AccessToken, Error> {
        match self.fresh() {
            Some(token) => Ok(token),
            None => self.obtain(None).await,
        }
    }

    /// Another access token than `refused`, which HubSpot did not accept although it should be valid.
    ///
    /// # Errors
    ///
    /// See [`access_token`](Self::access_token).
    pub async fn renew(&self, refused: &AccessToken) -> Result<AccessToken, Error> {
        self.obtain(Some(&refused.0.token)).await
    }

    /// Whether `current` need not be renewed yet.
    pub(super) fn is_fresh(&self, current: &Current) -> bool {
        self.shared.clock.now() < current.renew_at
    }

    pub(super) async fn obtain(&self, refused: Option<&Secret>) -> Result<AccessToken, Error> {
        flight::join(self, refused)
            .await
            .map(AccessToken)
            .map_err(Error::from)
    }

    /// Keeps what an authorization brought.
    pub(super) async fn connect(
        &self,
        answer: super::answer::TokenAnswer,
        asked: std::time::SystemTime,
    ) -> Result<Arc<Current>, Arc<OAuthError>> {
        // A task of its own: the code is used up, so that its tokens must be kept even if nobody waits for them.
        let tokens = self.clone();
        let hub_id = self.hub_id();
        let kept = tokio::spawn(async move { renew::connect(&tokens, answer, asked).await });
        match kept.await {
            Ok(outcome) => outcome.map_err(Arc::new),
            Err(_) => Err(Arc::new(OAuthError::Interrupted { hub_id })),
        }
    }
}

impl fmt::Debug for AccountTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccountTokens")
            .field("hub_id", &self.hub_id())
            .finish_non_exhaustive()
    }
}
