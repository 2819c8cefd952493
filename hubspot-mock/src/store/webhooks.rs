//! The webhooks of an app.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// The settings and the subscriptions of an app, as responses have them.
#[derive(Debug, Default)]
pub(crate) struct AppWebhooks {
    pub(crate) settings: Option<Value>,
    pub(crate) subscriptions: BTreeMap<u64, Map<String, Value>>,
    /// The id of the newest subscription.
    pub(crate) last: u64,
}
