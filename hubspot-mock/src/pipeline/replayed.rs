//! Tokens in replayed OAuth responses. A recording has none, so the server issues its own.

use std::sync::Arc;

use bytes::Bytes;
use serde_json::Value;

use crate::definitions::{StaticKind, operation};
use crate::store::journal::redact::REDACTED;
use crate::store::{Account, ServerState};
use crate::values::sync;

/// The body with valid tokens instead of redacted ones: a new access token with every scope, and the token that was sent.
pub(super) fn with_tokens(state: &ServerState, sent: Option<&str>, body: Bytes) -> Bytes {
    let Ok(Value::Object(mut fields)) = serde_json::from_slice::<Value>(&body) else {
        return body;
    };
    let is_redacted = |value: Option<&Value>| value.and_then(Value::as_str) == Some(REDACTED);
    let mut changed = false;
    if is_redacted(fields.get("access_token")) {
        let account = account(state, fields.get("hub_id").and_then(Value::as_u64));
        let scopes = operation::every_scope().into_iter();
        let token = state
            .tokens
            .issue_static(&account, StaticKind::PrivateApp, scopes);
        fields.insert("access_token".to_owned(), token.into());
        changed = true;
    }
    for name in ["refresh_token", "token"] {
        if let Some(sent) = sent.filter(|_| is_redacted(fields.get(name))) {
            fields.insert(name.to_owned(), sent.into());
            changed = true;
        }
    }
    if changed {
        Value::Object(fields).to_string().into()
    } else {
        body
    }
}

/// The account with this id, or the default one.
fn account(state: &ServerState, hub_id: Option<u64>) -> Arc<Account> {
    let known = sync::read(&state.accounts);
    let found = known
        .values()
        .find(|account| Some(account.hub_id) == hub_id);
    let found = found.map(Arc::clone);
    drop(known);
    found.unwrap_or_else(|| state.account("default"))
}
