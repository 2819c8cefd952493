//! The dashboard's tokens, by their last four characters, and what is left of the rate limits.

use std::collections::BTreeMap;

use jiff::Timestamp;
use maud::{Markup, html};

use crate::definitions::Kind;
use crate::pages::layout::{panel, thousands};
use crate::store::{Caller, Rate, TokenSummary};

/// How many tokens are listed.
const MOST_ROWS: usize = 100;

/// The latest tokens.
pub(super) fn tokens_panel(tokens: &[TokenSummary], now: Timestamp) -> Markup {
    let note = html! {
        @if tokens.len() > MOST_ROWS { "The latest " (MOST_ROWS) " of " (thousands(tokens.len())) ", by their last four characters" }
        @else { "By their last four characters, the latest first" }
    };
    let content = html! {
        @if tokens.is_empty() {
            p.empty { "No token was issued yet." }
        } @else {
            div.scroll {
                table {
                    thead { tr { th { "Token" } th { "Kind" } th { "Account" } th { "App" } th { "Scopes" } th { "Valid" } } }
                    tbody {
                        @for token in tokens.iter().take(MOST_ROWS) {
                            tr data-kind=(kind(token)) data-ending=(token.ending) {
                                td { code.whole { "…" (token.ending) } }
                                td { (kind(token)) }
                                td { (token.grant.account.name) }
                                td.whole { (token.grant.holder.name) }
                                td { ul { @for scope in token.grant.scopes.iter() { li.pill { (scope) } } } }
                                td { (validity(token, now)) }
                            }
                        }
                    }
                }
            }
        }
    };
    panel("tokens", "Tokens", &note, &content)
}

fn kind(token: &TokenSummary) -> &'static str {
    match (token.grant.kind, token.refreshes) {
        (Kind::Static, _) => "static",
        (Kind::OAuth, false) => "access",
        (Kind::OAuth, true) => "refresh",
    }
}

/// Whether the token has not expired.
pub(super) fn is_valid(token: &TokenSummary, now: Timestamp) -> bool {
    token.grant.expires_at.is_none_or(|end| now < end)
}

fn validity(token: &TokenSummary, now: Timestamp) -> Markup {
    match token.grant.expires_at {
        None => html! { span.pill { "until revoked" } },
        Some(end) if end <= now => html! { span.pill.bad { "expired" } },
        Some(end) => {
            let seconds = end.duration_since(now).as_secs();
            let left = format!("{} min {:02} s", seconds / 60, seconds % 60);
            html! { span.pill.good title=(end) { (left) } }
        }
    }
}

/// What is left of the rate limits of all apps that have tokens.
pub(super) fn limits_panel(tokens: &[TokenSummary], now: Timestamp) -> Markup {
    let mut budgets = BTreeMap::new();
    for token in tokens {
        let (grant, holder) = (&token.grant, &token.grant.holder);
        let caller = Caller {
            app_id: holder.app_id,
            kind: grant.kind,
        };
        let key = (grant.account.name.clone(), holder.app_id);
        budgets
            .entry(key)
            .or_insert_with(|| (holder.name.clone(), grant.account.limits.left(caller, now)));
    }
    let content = html! {
        @if budgets.is_empty() {
            p.empty { "No app has a token yet." }
        } @else {
            div.scroll {
                table {
                    thead { tr { th { "Account" } th { "App" } th { "Last ten seconds" } th { "Today" } } }
                    tbody {
                        @for ((account, app_id), (name, rate)) in &budgets {
                            tr data-app=(app_id) {
                                td { (account) }
                                td { (name) }
                                (budget(rate.as_ref()))
                            }
                        }
                    }
                }
            }
        }
    };
    let note = html! { "Calls made, of those that each app may make" };
    panel("limits", "Limits", &note, &content)
}

fn budget(rate: Option<&Rate>) -> Markup {
    html! {
        @match rate {
            None => { td.none { "unlimited" } td.none { "unlimited" } }
            Some(rate) => {
                td { (used(rate.max.into(), rate.remaining.into())) }
                @match rate.daily {
                    None => td.none { "no daily limit" },
                    Some((limit, left)) => td { (used(limit, left)) },
                }
            }
        }
    }
}

fn used(limit: u64, left: u64) -> Markup {
    let used = limit.saturating_sub(left);
    let name = format!("{used} of {limit} calls");
    html! {
        meter min="0" max=(limit) high=(limit - limit / 10) value=(used) aria-label=(name) {}
        " " (thousands(used)) " of " (thousands(limit))
    }
}
