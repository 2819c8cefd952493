//! What this HubSpot knows, on one page: accounts and their records, apps, tokens, limits, faults to come, and the journal.
//!
//! Comes in: `?refresh=5` to load anew every five seconds, `?operation=` to see the requests of one operation. Goes out: the
//! page. Refuses nothing; of tokens it shows the last four characters.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use maud::{Markup, html};

use super::layout::Document;
use super::records::{filled_types, type_links};
use super::{Page, PageRequest};
use crate::account::Account;
use crate::journal::{Entry, JournalView};
use crate::limits::{Caller, Rate};
use crate::sync;
use crate::tokens::{Kind, Shown};
use crate::world::World;

/// How many requests, and how many tokens, the page lists.
const MOST_ROWS: usize = 100;

/// What a page of the dashboard's kind has above its content.
pub(super) fn bar(refresh: Option<&Markup>) -> Markup {
    html! {
        header.bar {
            div {
                strong { a href="/" { "hubspot-mock" } }
                nav aria-label="Sections" {
                    a href="/#accounts" { "Accounts" }
                    a href="/#apps" { "Apps" }
                    a href="/#tokens" { "Tokens" }
                    a href="/#limits" { "Limits" }
                    a href="/#faults" { "Faults" }
                    a href="/#journal" { "Journal" }
                }
                @if let Some(toggle) = refresh { (toggle) }
            }
        }
    }
}

/// A part of the page.
pub(super) fn panel(id: &str, title: &str, note: &Markup, content: &Markup) -> Markup {
    html! {
        section.panel #(id) {
            header {
                h2 { (title) }
                p { (note) }
            }
            (content)
        }
    }
}

/// The dashboard.
pub(super) fn page(request: &PageRequest<'_>, world: &World) -> Page {
    let now = world.clock.now();
    let accounts: Vec<Arc<Account>> = sync::read(&world.accounts).values().cloned().collect();
    let tokens = world.tokens.shown();
    let journal = world.journal.view();
    let refresh = request.query("refresh").and_then(|text| text.parse().ok());
    let refresh = refresh.filter(|seconds| (1..=3600).contains(seconds));
    let toggle = match refresh {
        Some(seconds) => html! { a #refresh href="/" { "Stop refreshing every " (seconds) " s" } },
        None => html! { a #refresh href="/?refresh=5" { "Refresh every 5 s" } },
    };
    let body = html! {
        body {
            (bar(Some(&toggle)))
            main.board {
                (figures(&accounts, &tokens, &journal, now))
                (accounts_panel(&accounts))
                (apps_panel(world))
                (tokens_panel(&tokens, now))
                (limits_panel(&tokens, now))
                (faults_panel(&world.faults.describe(now)))
                (journal_panel(&journal, request.query("operation")))
            }
        }
    };
    let document = Document {
        title: "hubspot-mock",
        refresh,
        form_target: None,
        body,
    };
    document.into_page(200)
}

fn figures(
    accounts: &[Arc<Account>],
    tokens: &[Shown],
    journal: &JournalView,
    now: Timestamp,
) -> Markup {
    let types = accounts.iter().flat_map(|account| filled_types(account));
    let records: usize = types.map(|ty| ty.records).sum();
    let valid = tokens.iter().filter(|token| is_valid(token, now)).count();
    let failed = journal
        .entries()
        .filter(|entry| entry.status().is_none_or(|status| status >= 400))
        .count();
    html! {
        dl.figures #figures {
            (figure("accounts", "Accounts", accounts.len()))
            (figure("records", "Records", records))
            (figure("valid-tokens", "Valid tokens", valid))
            (figure("requests", "Requests", journal.len()))
            (figure("failed", "Failed requests", failed))
        }
    }
}

fn figure(name: &str, title: &str, number: usize) -> Markup {
    html! { div data-figure=(name) { dt { (title) } dd { (thousands(number)) } } }
}

fn accounts_panel(accounts: &[Arc<Account>]) -> Markup {
    let content = html! {
        @if accounts.is_empty() {
            p.empty { "No account yet. The first use of its name makes one." }
        } @else {
            div.scroll {
                table {
                    thead { tr { th { "Account" } th.number { "Hub ID" } th { "Records" } } }
                    tbody {
                        @for account in accounts {
                            tr data-account=(account.name) {
                                td { strong { (account.name) } }
                                td.number { code { (account.hub_id) } }
                                td { (type_links(account, &filled_types(account))) }
                            }
                        }
                    }
                }
            }
        }
    };
    panel(
        "accounts",
        "Accounts",
        &html! { "Records by object type" },
        &content,
    )
}

fn apps_panel(world: &World) -> Markup {
    let apps = world.tokens.apps();
    let content = html! {
        @if apps.is_empty() {
            p.empty { "No OAuth app is registered." }
        } @else {
            div.scroll {
                table {
                    thead { tr { th { "App" } th { "Client ID" } th { "Redirect URIs" } th { "Scopes" } th { "Installed in" } } }
                    tbody {
                        @for (app, installed_in) in &apps {
                            tr data-client-id=(app.client_id) {
                                td { strong { (app.name) } }
                                td { code { (app.client_id) } }
                                td { @for uri in &app.redirect_uris { div { code { (uri) } } } }
                                td {
                                    ul {
                                        @for scope in &app.required { li.pill { (scope) } }
                                        @for scope in &app.conditional { li.pill { (scope) " (conditional)" } }
                                        @for scope in &app.optional { li.pill { (scope) " (optional)" } }
                                    }
                                }
                                td {
                                    @if installed_in.is_empty() { span.soft { "nowhere" } }
                                    @for hub_id in installed_in { div { code { (hub_id) } } }
                                }
                            }
                        }
                    }
                }
            }
        }
    };
    panel(
        "apps",
        "Apps",
        &html! { "OAuth apps and where they are installed" },
        &content,
    )
}

fn tokens_panel(tokens: &[Shown], now: Timestamp) -> Markup {
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
                                td { code { "…" (token.ending) } }
                                td { (kind(token)) }
                                td { (token.grant.account.name) }
                                td { (token.grant.holder.name) }
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

fn kind(token: &Shown) -> &'static str {
    match (token.grant.kind, token.refreshes) {
        (Kind::Static, _) => "static",
        (Kind::OAuth, false) => "access",
        (Kind::OAuth, true) => "refresh",
    }
}

fn is_valid(token: &Shown, now: Timestamp) -> bool {
    token.grant.expires_at.is_none_or(|end| now < end)
}

fn validity(token: &Shown, now: Timestamp) -> Markup {
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

/// The budgets of the apps that have tokens, as they are now.
fn limits_panel(tokens: &[Shown], now: Timestamp) -> Markup {
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

fn faults_panel(faults: &[String]) -> Markup {
    let content = html! {
        @if faults.is_empty() {
            p.empty { "Nothing is set to go wrong." }
        } @else {
            ul.plain { @for fault in faults { li { (fault) } } }
        }
    };
    panel(
        "faults",
        "Faults",
        &html! { "What is set to go wrong" },
        &content,
    )
}

fn journal_panel(journal: &JournalView, operation: Option<&str>) -> Markup {
    let wanted =
        |entry: &&Entry| operation.is_none_or(|operation| entry.operation() == Some(operation));
    let rows: Vec<&Entry> = journal
        .entries()
        .rev()
        .filter(wanted)
        .take(MOST_ROWS)
        .collect();
    let note = html! {
        @match operation {
            Some(operation) => {
                "The latest calls of " code { (operation) } " · "
                a href="/#journal" { "all requests" }
            }
            None => { "The latest requests first" }
        }
        @if journal.dropped() > 0 { " · " (thousands(journal.dropped())) " older ones are no longer kept" }
    };
    let content = html! {
        @if rows.is_empty() {
            p.empty { "Nothing was asked yet." }
        } @else {
            div.scroll {
                table {
                    thead { tr { th { "Time" } th { "Operation" } th { "Request" } th { "Account" } th { "Scopes used" } th { "Status" } } }
                    tbody { @for entry in rows { (request_row(entry)) } }
                }
            }
        }
    };
    panel("journal", "Journal", &note, &content)
}

fn request_row(entry: &Entry) -> Markup {
    html! {
        tr data-operation=(entry.operation().unwrap_or_default()) data-status=[entry.status()] {
            td.time { (time_of_day(entry.time)) }
            td {
                @match entry.operation() {
                    Some(operation) => a href={ "/?operation=" (operation) "#journal" } { (operation) },
                    None => span.soft { "none" },
                }
            }
            td {
                code {
                    (entry.method()) " " (entry.path())
                    @if !entry.query().is_empty() { "?" (entry.query()) }
                }
            }
            td { @match entry.account() { Some(name) => (name), None => span.soft { "none" } } }
            td { ul { @for scope in entry.scopes() { li.pill { (scope) } } } }
            td {
                @match entry.status() {
                    Some(status) => span class={ "pill " (status_style(status)) } { (status) },
                    None => span.pill.bad { "no answer" },
                }
                @if let Some(fault) = entry.fault() { div.soft.small { (fault) } }
            }
        }
    }
}

fn status_style(status: u16) -> &'static str {
    match status {
        200..=299 => "good",
        300..=399 => "accent",
        400..=499 => "warn",
        _ => "bad",
    }
}

/// The time of day, in UTC, to the millisecond.
fn time_of_day(time: Timestamp) -> String {
    time.strftime("%H:%M:%S%.3f").to_string()
}

/// A number with a comma after each group of three digits.
pub(super) fn thousands(number: impl ToString) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}
