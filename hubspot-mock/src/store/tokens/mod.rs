//! Apps, authorization codes and tokens.
//!
//! They are kept in plain text, for the tests that use them, but no `Debug` output contains them.

pub(crate) mod consent;
pub(crate) mod failure;
mod flow;
#[cfg(test)]
mod tests;

pub(crate) use crate::store::tokens::flow::{
    ACCESS_LIFETIME, Approval, CodeExchange, Issued, belongs_to,
};

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;
use std::sync::{Arc, RwLock, RwLockReadGuard, RwLockWriteGuard};

use hubspot_scopes::LoginKind;
use jiff::Timestamp;

use crate::definitions::{App, ErrorShape, InvalidApp, StaticKind};
use crate::store::tokens::flow::Code;
use crate::store::{Account, Consent};
use crate::values::{Random, sync};

const FIRST_APP_ID: i64 = 1_000_001;

#[derive(Clone, Debug)]
pub(crate) struct Grant {
    /// The account that it gives access to.
    pub(crate) account: Arc<Account>,
    /// The granted scopes.
    pub(crate) scopes: Arc<BTreeSet<String>>,
    pub(crate) kind: LoginKind,
    /// The app that it was issued to.
    pub(crate) holder: Arc<Holder>,
    /// The expiry; `None` for static tokens.
    pub(crate) expires_at: Option<Timestamp>,
}

/// The app that a token was issued to.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Holder {
    /// HubSpot's app id.
    pub(crate) app_id: i64,
    /// The client id of an OAuth app.
    pub(crate) client_id: Option<String>,
    pub(crate) name: String,
}

/// Why a token is rejected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rejected {
    /// `INVALID_AUTHENTICATION`
    Unknown,
    /// `EXPIRED_AUTHENTICATION`
    Expired,
}

/// A token as the dashboard shows it.
#[derive(Debug)]
pub(crate) struct TokenSummary {
    /// Its last characters.
    pub(crate) ending: String,
    /// Whether it is a refresh token.
    pub(crate) refreshes: bool,
    pub(crate) grant: Grant,
}

/// Every app, code and token.
#[derive(Default)]
pub(crate) struct Tokens {
    random: Random,
    state: RwLock<State>,
}

/// The mutable state.
#[derive(Default)]
struct State {
    /// By client id.
    apps: BTreeMap<String, Arc<App>>,
    /// Installed OAuth apps: client id and account.
    installed: BTreeSet<(String, u64)>,
    /// By account, the scopes whose features the account lacks.
    withheld: BTreeMap<u64, BTreeSet<String>>,
    access: HashMap<String, StoredToken>,
    refresh: HashMap<String, StoredToken>,
    codes: HashMap<String, Code>,
    /// Open consent pages, by the nonce of their form.
    consents: HashMap<String, Consent>,
    error_shape: Option<ErrorShape>,
    /// The number of apps so far, for app ids.
    holders: i64,
    /// The number of tokens so far, for their order.
    issued: u64,
}

/// A token's grant and number.
struct StoredToken {
    grant: Grant,
    /// Later tokens have higher numbers.
    number: u64,
}

impl Tokens {
    /// Creates a store that generates the same tokens in every run.
    pub(crate) fn seeded(seed: u64) -> Self {
        Self {
            random: Random::seeded(seed),
            state: RwLock::default(),
        }
    }

    /// Returns what an access token grants.
    pub(crate) fn lookup(&self, token: &str, now: Timestamp) -> Result<Grant, Rejected> {
        let state = self.read();
        let stored = state.access.get(token).ok_or(Rejected::Unknown)?;
        if stored.grant.expires_at.is_some_and(|end| end <= now) {
            return Err(Rejected::Expired);
        }
        Ok(stored.grant.clone())
    }

    /// Registers an app. Replaces the settings of an app with the same client id; its tokens stay valid.
    pub(crate) fn register(&self, mut app: App) -> Result<Arc<App>, InvalidApp> {
        app.check()?;
        let mut state = self.write();
        app.id = match state.apps.get(&app.client_id) {
            Some(earlier) => earlier.id,
            None => state.next_app_id(),
        };
        let app = Arc::new(app);
        state.apps.insert(app.client_id.clone(), Arc::clone(&app));
        Ok(app)
    }

    pub(crate) fn app(&self, client_id: &str) -> Option<Arc<App>> {
        self.read().apps.get(client_id).cloned()
    }

    /// Every app, with the ids of the accounts that it is installed in.
    pub(crate) fn apps(&self) -> Vec<(Arc<App>, Vec<u64>)> {
        let state = self.read();
        let installed_in = |app: &App| {
            let pairs = state.installed.iter();
            let own = pairs.filter(|(client_id, _)| *client_id == app.client_id);
            own.map(|(_, hub_id)| *hub_id).collect()
        };
        let apps = state.apps.values();
        apps.map(|app| (Arc::clone(app), installed_in(app)))
            .collect()
    }

    /// Sets the scopes whose features an account lacks. An install leaves them out if they are optional and fails if they
    /// are required. Existing tokens stay as they are.
    pub(crate) fn withhold(&self, hub_id: u64, scopes: impl IntoIterator<Item = String>) {
        let scopes = scopes.into_iter().collect();
        self.write().withheld.insert(hub_id, scopes);
    }

    /// The scopes whose features an account lacks.
    pub(crate) fn withheld(&self, hub_id: u64) -> BTreeSet<String> {
        let state = self.read();
        state.withheld.get(&hub_id).cloned().unwrap_or_default()
    }

    /// Sets the shape of OAuth errors for all versions; `None` restores the default of each version.
    pub(crate) fn set_error_shape(&self, shape: Option<ErrorShape>) {
        self.write().error_shape = shape;
    }

    /// The shape that was set for every version.
    pub(crate) fn error_shape(&self) -> Option<ErrorShape> {
        self.read().error_shape
    }

    /// Issues a token that does not expire, for a new app.
    pub(crate) fn issue_static(
        &self,
        account: &Arc<Account>,
        kind: StaticKind,
        scopes: impl IntoIterator<Item = String>,
    ) -> String {
        let mut state = self.write();
        let grant = state.static_grant(account, kind, scopes);
        self.store_static(&mut state, grant)
    }

    /// Like [`Tokens::issue_static`], with a given token. Returns `false` and changes nothing if the token exists.
    pub(crate) fn adopt_static(
        &self,
        account: &Arc<Account>,
        kind: StaticKind,
        token: String,
        scopes: impl IntoIterator<Item = String>,
    ) -> bool {
        let mut state = self.write();
        if state.access.contains_key(&token) {
            return false;
        }
        let grant = state.static_grant(account, kind, scopes);
        state.store_access(token, grant);
        true
    }

    /// Replaces a static token. Returns `None` if it does not exist.
    pub(crate) fn rotate_static(&self, token: &str) -> Option<String> {
        self.replace_static(token, |scopes| scopes)
    }

    /// Replaces a static token by one with other scopes. Returns `None` if it does not exist.
    pub(crate) fn edit_static(
        &self,
        token: &str,
        scopes: impl IntoIterator<Item = String>,
    ) -> Option<String> {
        self.replace_static(token, |_| Arc::new(scopes.into_iter().collect()))
    }

    /// Uninstalls an OAuth app from an account and invalidates its codes and tokens. Returns whether it was installed.
    pub(crate) fn uninstall(&self, client_id: &str, hub_id: u64) -> bool {
        let of_install = |grant: &Grant| {
            grant.account.hub_id == hub_id && grant.holder.client_id.as_deref() == Some(client_id)
        };
        let mut state = self.write();
        state.access.retain(|_, stored| !of_install(&stored.grant));
        state.refresh.retain(|_, stored| !of_install(&stored.grant));
        state.codes.retain(|_, code| !of_install(&code.grant));
        state.installed.remove(&(client_id.to_owned(), hub_id))
    }

    /// All tokens, the latest first.
    pub(crate) fn summaries(&self) -> Vec<TokenSummary> {
        let state = self.read();
        let access = state
            .access
            .iter()
            .map(|(token, stored)| (token, stored, false));
        let refresh = state
            .refresh
            .iter()
            .map(|(token, stored)| (token, stored, true));
        let mut all: Vec<_> = access.chain(refresh).collect();
        all.sort_unstable_by_key(|(_, stored, _)| std::cmp::Reverse(stored.number));
        let shown = all
            .into_iter()
            .map(|(token, stored, refreshes)| TokenSummary {
                ending: ending(token),
                refreshes,
                grant: stored.grant.clone(),
            });
        shown.collect()
    }

    fn replace_static(
        &self,
        token: &str,
        scopes: impl FnOnce(Arc<BTreeSet<String>>) -> Arc<BTreeSet<String>>,
    ) -> Option<String> {
        let mut state = self.write();
        let old = state
            .access
            .get(token)
            .filter(|stored| stored.grant.kind == LoginKind::PrivateApps)?;
        let mut grant = old.grant.clone();
        grant.scopes = scopes(grant.scopes);
        state.access.remove(token);
        Some(self.store_static(&mut state, grant))
    }

    fn store_static(&self, state: &mut State, grant: Grant) -> String {
        let token = format!("pat-na1-{}", self.random.text(36));
        state.store_access(token.clone(), grant);
        token
    }

    fn read(&self) -> RwLockReadGuard<'_, State> {
        sync::read(&self.state)
    }

    fn write(&self) -> RwLockWriteGuard<'_, State> {
        sync::write(&self.state)
    }
}

impl State {
    /// The grant of a static token for a new app.
    fn static_grant(
        &mut self,
        account: &Arc<Account>,
        kind: StaticKind,
        scopes: impl IntoIterator<Item = String>,
    ) -> Grant {
        let app_id = self.next_app_id();
        let what = match kind {
            StaticKind::PrivateApp => "private app",
            StaticKind::ProjectApp => "project app",
            StaticKind::ServiceKey => "service key",
        };
        Grant {
            account: Arc::clone(account),
            scopes: Arc::new(scopes.into_iter().collect()),
            kind: LoginKind::PrivateApps,
            holder: Arc::new(Holder {
                app_id,
                client_id: None,
                name: format!("{what} {app_id}"),
            }),
            expires_at: None,
        }
    }

    fn next_app_id(&mut self) -> i64 {
        self.holders += 1;
        FIRST_APP_ID + self.holders - 1
    }

    fn store_access(&mut self, token: String, grant: Grant) {
        let stored = self.numbered(grant);
        self.access.insert(token, stored);
    }

    fn store_refresh(&mut self, token: String, grant: Grant) {
        let stored = self.numbered(grant);
        self.refresh.insert(token, stored);
    }

    fn numbered(&mut self, grant: Grant) -> StoredToken {
        self.issued += 1;
        StoredToken {
            grant,
            number: self.issued,
        }
    }
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.read();
        f.debug_struct("Tokens")
            .field("apps", &state.apps.keys())
            .field("access", &state.access.len())
            .field("refresh", &state.refresh.len())
            .finish_non_exhaustive()
    }
}

/// The last four characters of a token, or at most a quarter of a short one.
fn ending(token: &str) -> String {
    let characters = token.chars().count();
    let shown = (characters / 4).min(4);
    token.chars().skip(characters - shown).collect()
}
