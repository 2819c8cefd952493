//! The dashboard: accounts, apps, tokens, limits, planned faults and the journal.
//!
//! `?refresh=5` reloads the page every five seconds; `?operation=` filters the journal.

use std::sync::Arc;

use jiff::Timestamp;
use maud::{Markup, html};

use crate::pages::credentials::{is_valid, limits_panel, tokens_panel};
use crate::pages::layout::{Document, bar, panel, thousands};
use crate::pages::records::{filled_types, type_links};
use crate::pages::requests;
use crate::pages::requests::journal_panel;
use crate::pipeline::page::{Page, PageRequest};
use crate::store::{Account, JournalView, ServerState, TokenSummary};
use crate::values::sync;

/// The dashboard.
pub(super) fn page(request: &PageRequest<'_>, state: &ServerState) -> Page {
    let now = state.clock.now();
    let accounts: Vec<Arc<Account>> = sync::read(&state.accounts).values().cloned().collect();
    let tokens = state.tokens.summaries();
    let journal = state.journal.view();
    let refresh = request.query("refresh").and_then(|text| text.parse().ok());
    let refresh = refresh.filter(|seconds| (1..=3600).contains(seconds));
    let toggle = html! {
        @match refresh {
            Some(seconds) => a #refresh href="/" { "Stop refreshing every " (seconds) " s" },
            None => a #refresh href="/?refresh=5" { "Refresh every 5 s" },
        }
    };
    let body = html! {
        body {
            (bar(Some(&toggle)))
            main.board {
                (figures(&accounts, &tokens, &journal, now))
                (accounts_panel(&accounts))
                (apps_panel(state))
                (tokens_panel(&tokens, now))
                (limits_panel(&tokens, now))
                (faults_panel(&state.faults.describe(now)))
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
    tokens: &[TokenSummary],
    journal: &JournalView,
    now: Timestamp,
) -> Markup {
    let types = accounts.iter().flat_map(|account| filled_types(account));
    let records: usize = types.map(|ty| ty.records).sum();
    let valid = tokens.iter().filter(|token| is_valid(token, now)).count();
    let (asked, failed) = requests::numbers(journal);
    html! {
        dl.figures #figures {
            (figure("accounts", "Accounts", accounts.len()))
            (figure("records", "Records", records))
            (figure("valid-tokens", "Valid tokens", valid))
            (figure("requests", "Requests", asked))
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
                table.narrow {
                    thead { tr { th { "Account" } th { "Hub ID" } th { "Records" } } }
                    tbody {
                        @for account in accounts {
                            tr data-account=(account.name) {
                                td { strong { (account.name) } }
                                td { code.whole { (account.hub_id) } }
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

fn apps_panel(state: &ServerState) -> Markup {
    let apps = state.tokens.apps();
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
                                    @for hub_id in installed_in { div { code.whole { (hub_id) } } }
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

fn faults_panel(faults: &[String]) -> Markup {
    let content = html! {
        @if faults.is_empty() {
            p.empty { "No faults are planned." }
        } @else {
            ul.plain { @for fault in faults { li { (fault) } } }
        }
    };
    panel(
        "faults",
        "Faults",
        &html! { "Planned faults, and the requests they apply to" },
        &content,
    )
}
