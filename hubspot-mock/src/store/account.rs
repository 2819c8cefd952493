//! Accounts ("portals").

use std::sync::Mutex;

use crate::definitions::tier::Tier;
use crate::store::crm::Store;
use crate::store::limits::Limits;

/// One account. Its locks are never held across an await.
#[derive(Debug)]
pub(crate) struct Account {
    /// What tests call it.
    pub(crate) name: String,
    /// HubSpot's id for it.
    pub(crate) hub_id: i64,
    /// Its records, schemas and associations.
    pub(crate) crm: Mutex<Store>,
    /// How many calls it has left.
    pub(crate) limits: Limits,
}

impl Account {
    /// An account without records.
    pub(crate) fn new(name: impl Into<String>, hub_id: i64, tier: Tier) -> Self {
        Self {
            name: name.into(),
            hub_id,
            crm: Mutex::default(),
            limits: Limits::new(tier),
        }
    }
}
