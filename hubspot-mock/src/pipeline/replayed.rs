//! Responses from a recording. A recording has no tokens, so that the server issues its own for replayed OAuth responses.

use std::sync::Arc;

use axum::http::header::CONTENT_TYPE;
use bytes::Bytes;
use hubspot_generated::Authentication;
use serde_json::Value;

use crate::behavior::{Origin, Response};
use crate::definitions::{StaticKind, operation};
use crate::pipeline::Exchange;
use crate::store::journal::redact::{REDACTED, redact_body, redact_path, redact_target};
use crate::store::{Account, ServerState};
use crate::values::sync;

impl Exchange<'_> {
    /// The response of a recording.
    pub(super) fn replayed(&self, authentication: Authentication) -> Option<Response> {
        if self.state.replay.is_empty() {
            return None;
        }
        let method = self.received.head.method.as_str();
        let target = redact_target(self.path(), self.query());
        let sent = self.received.body.as_ref();
        // The recording is redacted, too.
        let sent = sent.map(|body| redact_body(self.path(), self.header(CONTENT_TYPE), body));
        let sent = sent.unwrap_or_default();
        let (status, body) = self.state.replay.next(method, &target, &sent)?;
        Some(Response {
            status,
            body: match authentication {
                Authentication::None => with_tokens(self.state, self.sent_token().as_deref(), body),
                _ => body,
            },
            origin: Origin::Replay,
        })
    }

    /// The token that an OAuth request asks about.
    fn sent_token(&self) -> Option<String> {
        if *redact_path(self.path()) != *self.path() {
            return self.path().rsplit('/').next().map(str::to_owned);
        }
        let fields = self.form_fields()?.into_iter();
        let mut tokens = fields.filter(|(name, _)| name == "token" || name == "refresh_token");
        tokens.next().map(|(_, token)| token)
    }
}

/// The body with valid tokens instead of redacted ones: a new access token with every scope, and the token that was sent.
fn with_tokens(state: &ServerState, sent: Option<&str>, body: Bytes) -> Bytes {
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
