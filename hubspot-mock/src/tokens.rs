//! Apps, authorization codes and tokens.
//!
//! Comes in: what apps and users do. Goes out: what a token stands for. Refuses tokens that are unknown or expired.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, RwLock};

use jiff::Timestamp;

use crate::account::Account;

/// What an access token stands for.
#[derive(Clone, Debug)]
pub(crate) struct Grant {
    /// The account that it opens.
    pub(crate) account: Arc<Account>,
    /// What it may do.
    pub(crate) scopes: Arc<BTreeSet<String>>,
    /// Which kind of token it is.
    pub(crate) kind: Kind,
    /// When it ends; private apps' tokens do not.
    pub(crate) expires_at: Option<Timestamp>,
}

/// The kinds of token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Of an OAuth app.
    OAuth,
    /// Of a private app, a project app with static auth, or a service key.
    Static,
}

/// Why a token is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rejected {
    /// `INVALID_AUTHENTICATION`
    Unknown,
    /// `EXPIRED_AUTHENTICATION`
    Expired,
}

/// Every app, code and token.
#[derive(Debug, Default)]
pub(crate) struct Tokens {
    access: RwLock<BTreeMap<String, Grant>>,
}

impl Tokens {
    /// What `token` stands for at `now`.
    pub(crate) fn lookup(&self, token: &str, now: Timestamp) -> Result<Grant, Rejected> {
        let access = self.access.read().map_err(|_| Rejected::Unknown)?;
        let grant = access.get(token).ok_or(Rejected::Unknown)?;
        if grant.expires_at.is_some_and(|end| end <= now) {
            return Err(Rejected::Expired);
        }
        Ok(grant.clone())
    }
}
