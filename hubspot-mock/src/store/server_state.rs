//! All state of one running server.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, RwLock};
use std::time::Duration;

use crate::definitions::{ConflictBody, InvalidValues, Tier};
use crate::store::{Account, Answers, AppWebhooks, Faults, Journal, Recorder, Replay, Tokens};
use crate::values::{Clock, sync};

/// The id of the first account.
const FIRST_HUB_ID: u64 = 24_000_001;

/// The state of one running server.
#[derive(Debug, Default)]
pub(crate) struct ServerState {
    /// The server's clock.
    pub(crate) clock: Arc<Clock>,
    /// The base URL.
    pub(crate) url: String,
    /// The accounts by name.
    pub(crate) accounts: RwLock<BTreeMap<String, Arc<Account>>>,
    /// Apps, codes and tokens.
    pub(crate) tokens: Tokens,
    /// The API keys of developer accounts.
    pub(crate) developer_keys: RwLock<BTreeSet<String>>,
    /// The webhooks of apps, by the app's id.
    pub(crate) webhooks: Mutex<BTreeMap<String, AppWebhooks>>,
    /// Responses that replace those of operations.
    pub(crate) answers: Answers,
    /// Responses from a recording.
    pub(crate) replay: Replay,
    /// Where requests are recorded.
    pub(crate) recorder: Recorder,
    /// The planned faults.
    pub(crate) faults: Faults,
    /// The requests so far.
    pub(crate) journal: Journal,
    /// What a 409 for a contact looks like.
    pub(crate) conflict_body: ConflictBody,
    /// What an invalid value does to a batch.
    pub(crate) invalid_values: InvalidValues,
    /// How long after a change search finds a record.
    pub(crate) search_lag: Duration,
    /// Whether clients wait by the server's clock and have a short timeout.
    pub(crate) is_explored: bool,
    /// The limits of new accounts.
    pub(crate) tier: Tier,
}

impl ServerState {
    /// Returns the account with this name. Creates it if it does not exist.
    pub(crate) fn account(&self, name: &str) -> Arc<Account> {
        if let Some(known) = sync::read(&self.accounts).get(name) {
            return Arc::clone(known);
        }
        let mut accounts = sync::write(&self.accounts);
        let next = FIRST_HUB_ID.saturating_add(accounts.len() as u64);
        let made = || Arc::new(Account::new(name, next, self.tier));
        Arc::clone(accounts.entry(name.to_owned()).or_insert_with(made))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_created_once_with_its_own_id() {
        let state = ServerState::default();
        let acme = state.account("acme");
        assert!(Arc::ptr_eq(&acme, &state.account("acme")));
        assert_ne!(acme.hub_id, state.account("umbrella").hub_id);
    }
}
