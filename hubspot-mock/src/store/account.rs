//! Accounts ("portals").

use std::sync::Mutex;

use crate::definitions::Tier;
use crate::store::{Limits, Store};

/// One account. Its locks are never held across an await.
#[derive(Debug)]
pub(crate) struct Account {
    /// Its name, which tests choose.
    pub(crate) name: String,
    /// HubSpot's id of the account.
    pub(crate) hub_id: u64,
    /// Its records, schemas and associations.
    pub(crate) crm: Mutex<Store>,
    /// The requests that count against its rate limits.
    pub(crate) limits: Limits,
}

impl Account {
    /// Creates an account without records.
    pub(crate) fn new(name: impl Into<String>, hub_id: u64, tier: Tier) -> Self {
        Self {
            name: name.into(),
            hub_id,
            crm: Mutex::default(),
            limits: Limits::new(tier),
        }
    }
}
