//! What each operation does. Every API is a folder of its own; [`handle`] is the one place that lists them.

mod account;
mod app_installs;
mod association_labels;
mod associations;
pub(crate) mod call;
mod common;
mod exports;
pub(crate) mod generated;
mod imports;
mod legacy;
mod lists;
pub(crate) mod oauth;
pub(crate) mod objects;
mod owners;
mod pipelines;
mod properties;
mod property_validations;
mod schemas;
mod webhooks;

pub(crate) use self::call::{Call, Content, Origin, Response};

use std::sync::MutexGuard;

use crate::store::{Account, Grant, ServerState, Store};
use crate::values::{Refusal, sync};

/// The state that an operation works on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Context<'a> {
    pub(crate) state: &'a ServerState,
    /// The caller's account; `None` if the operation takes no access token.
    pub(crate) account: Option<&'a Account>,
    /// The caller's access token; `None` if the operation takes none, and for set-up by a test.
    pub(crate) grant: Option<&'a Grant>,
}

impl<'a> Context<'a> {
    fn account(&self) -> Result<&'a Account, Refusal> {
        let missing = || Refusal::internal(&"the operation needs an account");
        self.account.ok_or_else(missing)
    }

    /// Locks the records of the account, after what was to happen by now.
    fn store(&self) -> Result<MutexGuard<'a, Store>, Refusal> {
        let mut store = sync::lock(&self.account()?.crm);
        let now = self.state.clock.now().as_millisecond();
        imports::run_due(&mut store, now);
        lists::convert_due(&mut store, now);
        Ok(store)
    }
}

/// Performs a request that was validated.
pub(crate) fn handle(call: &Call, context: &Context<'_>) -> Result<Response, Refusal> {
    match call.endpoint.resource {
        "app_installs" => app_installs::handle(call, context),
        "account_info" => account::handle(call, context),
        "association_definitions" if association_labels::has(call) => {
            association_labels::handle(call, context)
        }
        "associations" => associations::handle(call, context),
        "associations_v3" => associations::v3::handle(call, context),
        "exports" => exports::handle(call, context),
        "imports" => imports::handle(call, context),
        "legacy" => legacy::handle(call, context),
        "oauth" => oauth::handle(call, context),
        "lists" => lists::handle(call, context),
        "owners" => owners::handle(call, context),
        "pipelines" => pipelines::handle(call, context),
        "properties" => properties::handle(call, context),
        "property_validations" => property_validations::handle(call, context),
        "schemas" => schemas::handle(call, context),
        "webhooks" => webhooks::handle(call, context),
        resource if objects::has(resource) => objects::handle(call, context),
        _ => generated::handle(call),
    }
}
