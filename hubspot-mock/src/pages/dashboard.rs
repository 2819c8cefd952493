//! The dashboard: accounts, apps, tokens, limits, planned faults and the journal.
//!
//! `?refresh=5` reloads the page every five seconds; `?operation=` filters the journal.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use serde_json::{Value, json};

use hubspot_scopes::LoginKind;

use crate::pages::journal;
use crate::pages::records::{account_values, filled_types};
use crate::pages::render::render;
use crate::pipeline::page::{Page, PageRequest};
use crate::store::{Account, Caller, Rate, ServerState, TokenSummary};
use crate::values::sync;

/// The maximum number of tokens that are listed.
const MOST_TOKENS: usize = 100;

pub(super) fn page(request: &PageRequest<'_>, state: &ServerState) -> Page {
    let now = state.clock.now();
    let accounts: Vec<Arc<Account>> = sync::read(&state.accounts).values().cloned().collect();
    let tokens = state.tokens.summaries();
    let journal = state.journal.view();
    let refresh = request.query("refresh").and_then(|text| text.parse().ok());
    let operation = request.query("operation");
    let records = accounts.iter().flat_map(|account| filled_types(account));
    let records = records.map(|ty| ty.records).sum::<usize>();
    let valid = tokens.iter().filter(|token| is_valid(token, now)).count();
    let (requests, failed) = journal::count(&journal);
    let shown = tokens.iter().take(MOST_TOKENS);
    let values = json!({
        "title": "hubspot-mock",
        "refresh": refresh.filter(|seconds: &u32| (1..=3600).contains(seconds)),
        "figures": [
            ("accounts", "Accounts", accounts.len()),
            ("records", "Records", records),
            ("valid-tokens", "Valid tokens", valid),
            ("requests", "Requests", requests),
            ("failed", "Failed requests", failed),
        ],
        "accounts": accounts.iter().map(|account| account_values(account)).collect::<Vec<_>>(),
        "apps": apps(state),
        "tokens": shown.map(|token| token_values(token, now)).collect::<Vec<_>>(),
        "more_tokens": (tokens.len() > MOST_TOKENS).then_some(tokens.len()),
        "limits": limits(&tokens, now),
        "faults": state.faults.describe(now),
        "operation": operation,
        "requests": journal::rows(&journal, operation),
        "dropped": journal.dropped(),
    });
    render(200, "dashboard.html", &values, None)
}

fn apps(state: &ServerState) -> Vec<Value> {
    let apps = state.tokens.apps().into_iter();
    let values = apps.map(|(app, installed_in)| {
        json!({
            "name": app.name,
            "client_id": app.client_id,
            "redirect_uris": app.redirect_uris,
            "required": app.scopes.required,
            "conditional": app.scopes.conditional,
            "optional": app.scopes.optional,
            "installed_in": installed_in,
        })
    });
    values.collect()
}

fn token_values(token: &TokenSummary, now: Timestamp) -> Value {
    let grant = &token.grant;
    let end = grant.expires_at.filter(|end| now < *end);
    let validity = match (grant.expires_at, end) {
        (None, _) => ("", "until revoked".to_owned()),
        (Some(_), None) => ("bad", "expired".to_owned()),
        (_, Some(end)) => {
            let seconds = end.duration_since(now).as_secs();
            (
                "good",
                format!("{} min {:02} s", seconds / 60, seconds % 60),
            )
        }
    };
    json!({
        "ending": token.ending,
        "kind": match (grant.kind, token.refreshes) {
            (LoginKind::PrivateApps, _) => "static",
            (_, false) => "access",
            (_, true) => "refresh",
        },
        "account": grant.account.name,
        "app": grant.holder.name,
        "scopes": *grant.scopes,
        "validity": validity,
        "end": end.map(|end| end.to_string()),
    })
}

fn is_valid(token: &TokenSummary, now: Timestamp) -> bool {
    token.grant.expires_at.is_none_or(|end| now < end)
}

/// What is left of the rate limits of all apps that have tokens.
fn limits(tokens: &[TokenSummary], now: Timestamp) -> Vec<Value> {
    let mut apps = BTreeMap::new();
    for token in tokens {
        let grant = &token.grant;
        let key = (grant.account.name.as_str(), grant.holder.app_id);
        apps.entry(key).or_insert(grant);
    }
    let values = apps.into_iter().map(|((account, app_id), grant)| {
        let caller = Caller {
            app_id,
            kind: grant.kind,
        };
        let rate = grant.account.limits.left(caller, now);
        let app = &grant.holder.name;
        json!({ "account": account, "app_id": app_id, "app": app, "rates": rates(rate) })
    });
    values.collect()
}

/// The requests in ten seconds and in a day.
fn rates(rate: Option<Rate>) -> [Value; 2] {
    let Some(rate) = rate else {
        return [json!("unlimited"), json!("unlimited")];
    };
    let used = |max: u64, left: u64| json!({ "max": max, "high": max - max / 10, "used": max.saturating_sub(left) });
    let daily = rate.daily.map(|(max, left)| used(max, left));
    [
        used(rate.max.into(), rate.remaining.into()),
        daily.unwrap_or_else(|| json!("no daily limit")),
    ]
}
