//! Everything that this HubSpot knows, shared by its connections.
//!
//! Comes in: calls and set-up. Goes out: accounts, tokens, time. Refuses nothing.

use std::collections::BTreeMap;
use std::sync::{Arc, RwLock};

use crate::account::Account;
use crate::clock::Clock;
use crate::tokens::Tokens;

/// The state of one running server.
#[derive(Debug, Default)]
pub(crate) struct World {
    /// What time it is.
    pub(crate) clock: Clock,
    /// The accounts by name.
    pub(crate) accounts: RwLock<BTreeMap<String, Arc<Account>>>,
    /// Apps, codes and tokens.
    pub(crate) tokens: Tokens,
}
