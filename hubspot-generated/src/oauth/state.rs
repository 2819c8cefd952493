//! The state of an app's accounts in this process.
//!
//! It depends on no other part of token handling: persistence, refreshes and the public handles are built on it.

use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Instant;

use arc_swap::ArcSwapOption;
use reqwest::header::HeaderValue;
use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tracing::Instrument;

use super::acceptance::Acceptance;
use super::endpoint::Endpoint;
use super::error::OAuthError;
use super::event::TokenEvent;
use super::lock::RefreshLock;
use super::record::TokenRecord;
use super::runtime::{GRACE, is_stuck};
use super::store::TokenStore;
use crate::clock::Clock;
use crate::credential::{Target, authorization};
use crate::error::Error;
use crate::scopes::DeclaredScopes;
use crate::secret::Secret;

/// A program's event handler.
pub(super) type EventHook = dyn Fn(&TokenEvent<'_>) + Send + Sync;

/// What the accounts of an app share.
pub(super) struct Shared {
    pub(super) endpoint: Endpoint,
    pub(super) store: Arc<dyn TokenStore>,
    pub(super) lock: Option<Arc<dyn RefreshLock>>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) hook: Option<Arc<EventHook>>,
    /// The scope set whose required scopes every token must have, if the app insists on them.
    pub(super) required: Option<(&'static str, DeclaredScopes)>,
    pub(super) accounts: RwLock<HashMap<u64, Arc<Account>>>,
    /// The runtimes of the tasks that must not be lost when the program ends.
    pub(super) running: watch::Sender<Vec<Handle>>,
}

impl Shared {
    /// Logs an event and passes it to the program.
    pub(super) fn emit(&self, event: &TokenEvent<'_>) {
        event.log();
        if let Some(hook) = &self.hook {
            hook(event);
        }
    }

    pub(super) fn account(&self, hub_id: u64) -> Arc<Account> {
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

    /// All accounts that this process has used.
    pub(super) fn accounts(&self) -> Vec<Arc<Account>> {
        let accounts = self.accounts.read().unwrap_or_else(PoisonError::into_inner);
        accounts.values().map(Arc::clone).collect()
    }

    /// Spawns a task that [`wait_until_idle`](Self::wait_until_idle) waits for. It runs to its end even if nobody waits:
    /// a refresh token that was sent may have been replaced.
    pub(super) fn spawn<T: Send + 'static>(
        self: &Arc<Self>,
        task: impl Future<Output = T> + Send + 'static,
    ) -> JoinHandle<T> {
        let runtime = Handle::current();
        self.running
            .send_modify(|running| running.push(runtime.clone()));
        let guard = Running(Arc::clone(self), runtime.id());
        let task = async move {
            let _guard = guard;
            task.await
        };
        tokio::spawn(task.in_current_span())
    }

    /// Runs a task to its end even if the caller stops waiting for it, or no longer polls it: the task may hold a lock.
    pub(super) async fn run<T: Send + 'static>(
        self: &Arc<Self>,
        hub_id: Option<u64>,
        task: impl Future<Output = Result<T, Error>> + Send + 'static,
    ) -> Result<T, Error> {
        let interrupted = |_| Err(OAuthError::Interrupted { hub_id }.into());
        self.spawn(task).await.unwrap_or_else(interrupted)
    }

    /// Waits for the tasks that were spawned, but not for those of runtimes that nothing drives.
    pub(super) async fn wait_until_idle(&self) {
        let mut running = self.running.subscribe();
        loop {
            // The sender is part of `self`, so that waiting cannot fail.
            let idle = running.wait_for(Vec::is_empty);
            if tokio::time::timeout(GRACE, idle).await.is_ok() {
                return;
            }
            let runtimes = self.running.borrow().clone();
            let mut are_stuck = true;
            for runtime in runtimes {
                are_stuck &= is_stuck(&runtime).await;
            }
            if are_stuck {
                tracing::warn!("the runtimes of requests for tokens are not driven");
                return;
            }
        }
    }
}

/// Notes a task as running until it is dropped.
struct Running(Arc<Shared>, tokio::runtime::Id);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.running.send_modify(|running| {
            let place = running.iter().position(|runtime| runtime.id() == self.1);
            if let Some(place) = place {
                running.swap_remove(place);
            }
        });
    }
}

/// An account, and what it shares with the others.
#[derive(Clone)]
pub(super) struct Context {
    pub(super) account: Arc<Account>,
    pub(super) shared: Arc<Shared>,
}

impl Context {
    pub(super) fn new(shared: &Arc<Shared>, hub_id: u64) -> Self {
        Self {
            account: shared.account(hub_id),
            shared: Arc::clone(shared),
        }
    }

    pub(super) fn hub_id(&self) -> u64 {
        self.account.hub_id
    }

    /// Whether `token` need not be refreshed yet.
    pub(super) fn is_fresh(&self, token: &CurrentToken) -> bool {
        self.shared.clock.now() < token.refresh_at
    }

    /// The token in use, if it need not be refreshed yet.
    pub(super) fn fresh(&self) -> Option<Arc<CurrentToken>> {
        let current = self.account.current.load();
        let current = current.as_ref()?;
        self.is_fresh(current).then(|| Arc::clone(current))
    }
}

/// What this process knows of one account.
pub(super) struct Account {
    pub(super) hub_id: u64,
    /// The token in use; `None` until it was loaded, and while the account needs authorization.
    pub(super) current: ArcSwapOption<CurrentToken>,
    acceptance: Mutex<Acceptance>,
    /// The refresh in flight.
    pub(super) in_flight: Mutex<Option<InFlight>>,
    /// The latest record. Whoever holds it may refresh.
    state: Mutex<AccountState>,
    /// What saves the record later.
    saver: Mutex<Option<Saver>>,
}

impl Account {
    fn new(hub_id: u64) -> Self {
        Self {
            hub_id,
            current: ArcSwapOption::empty(),
            acceptance: Mutex::default(),
            in_flight: Mutex::default(),
            state: Mutex::default(),
            saver: Mutex::default(),
        }
    }

    pub(super) fn state(&self) -> MutexGuard<'_, AccountState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn saver(&self) -> MutexGuard<'_, Option<Saver>> {
        self.saver.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What HubSpot's responses said about the account's tokens.
    pub(super) fn acceptance(&self) -> MutexGuard<'_, Acceptance> {
        self.acceptance
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// The latest record of an account, and who holds it.
#[derive(Default)]
pub(super) struct AccountState {
    pub(super) known: Known,
    /// Whoever has locked this holds the record. Replaced when the record is taken over.
    pub(super) mutex: Arc<tokio::sync::Mutex<()>>,
    pub(super) holder: Option<Holder>,
}

/// The task that holds a record.
pub(super) struct Holder {
    pub(super) runtime: Handle,
    /// When it began to send a token.
    pub(super) sent_at: Option<Instant>,
}

/// A task that saves the record of an account later, and its runtime.
pub(super) type Saver = (tokio::runtime::Id, JoinHandle<()>);

/// The latest record of an account, and what is not part of the record.
#[derive(Clone, Default)]
pub(super) struct Known {
    pub(super) record: Option<TokenRecord>,
    /// Whether the store has yet to save the record.
    pub(super) is_unsaved: bool,
    /// The refused access token for which the record's was requested. It is not refreshed again.
    pub(super) refreshed_for: Option<Secret>,
    /// Why the account needs authorization.
    pub(super) cause: Option<Arc<Error>>,
    /// When the account is tried again although it needs authorization; only set if HubSpot refused access tokens, not
    /// the refresh token.
    pub(super) retry_at: Option<Instant>,
}

impl Known {
    /// Replaces the record, and forgets what belonged to the old one.
    pub(super) fn replace(&mut self, record: TokenRecord, is_unsaved: bool) {
        let same_token = |old: &TokenRecord| old.access_token == record.access_token;
        if !self.record.as_ref().is_some_and(same_token) {
            self.refreshed_for = None;
        }
        if !record.needs_authorization {
            self.cause = None;
            self.retry_at = None;
        }
        self.record = Some(record);
        self.is_unsaved = is_unsaved;
    }
}

/// An access token in use.
#[derive(Clone)]
pub(super) struct CurrentToken {
    pub(super) token: Secret,
    pub(super) header: HeaderValue,
    pub(super) scopes: Vec<String>,
    pub(super) refresh_at: Instant,
    pub(super) expires_at: Instant,
}

impl CurrentToken {
    /// The token of a record; fails with a description if it cannot be sent in a header.
    pub(super) fn new(record: &TokenRecord, clock: &dyn Clock) -> Result<Self, &'static str> {
        let remaining = record.remaining(clock.wall_time());
        let now = clock.now();
        Ok(Self {
            token: record.access_token.clone(),
            header: authorization(record.access_token.expose_secret())?,
            scopes: record.scopes.clone(),
            refresh_at: now + remaining.saturating_sub(record.refresh_margin()),
            expires_at: now + remaining,
        })
    }
}

/// Why a token is asked for.
#[derive(Clone)]
pub(super) enum Trigger {
    /// The current one is missing or about to expire; it is for this target, if it is known.
    Due(Option<Target>),
    /// HubSpot refused this one.
    Refused(Secret),
    /// The program asks to try again although the account needs authorization.
    TryAgain,
}

impl Trigger {
    pub(super) fn refused(&self) -> Option<&Secret> {
        match self {
            Self::Refused(token) => Some(token),
            Self::Due(_) | Self::TryAgain => None,
        }
    }
}

/// How a refresh ended.
pub(super) type Outcome = Result<Arc<CurrentToken>, Arc<OAuthError>>;

/// A refresh in flight.
#[derive(Clone)]
pub(super) struct InFlight {
    pub(super) runtime: Handle,
    pub(super) tries_again: bool,
    /// `None` until it has ended.
    pub(super) outcome: watch::Receiver<Option<Outcome>>,
}
