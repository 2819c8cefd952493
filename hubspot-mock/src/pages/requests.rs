//! The dashboard's list of requests. It leaves out requests of the dashboard itself.

use jiff::Timestamp;
use maud::{Markup, html};

use crate::pages::layout::{panel, thousands};
use crate::store::JournalView;
use crate::store::journal::Entry;

/// The maximum number of requests in the list.
const MOST_ROWS: usize = 100;
/// The maximum length of a request's first line in the list.
const LONGEST_LINE: usize = 72;
/// The maximum length of a body in the list.
const LONGEST_BODY: usize = 2000;

/// Counts requests and failed requests.
pub(super) fn numbers(journal: &JournalView) -> (usize, usize) {
    let asked = journal.entries().filter(|entry| !is_own(entry));
    asked.fold((0, 0), |(asked, failed), entry| {
        let fails = entry.status().is_none_or(|status| status >= 400);
        (asked + 1, failed + usize::from(fails))
    })
}

/// The latest requests.
pub(super) fn journal_panel(journal: &JournalView, operation: Option<&str>) -> Markup {
    let wanted = |entry: &&Entry| match operation {
        Some(operation) => entry.operation() == Some(operation),
        None => !is_own(entry),
    };
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
            p.empty { "No requests yet." }
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

/// Whether it is a request of the dashboard itself.
fn is_own(entry: &Entry) -> bool {
    let path = entry.path();
    entry.operation().is_none() && (path == "/" || path.starts_with("/records/"))
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
            td { (request(entry)) }
            td { @match entry.account() { Some(name) => (name), None => span.soft { "none" } } }
            td { ul { @for scope in entry.scopes() { li.pill { (scope) } } } }
            td {
                @match entry.status() {
                    Some(status) => span class={ "pill " (status_style(status)) } { (status) },
                    None => span.pill.bad { "no response" },
                }
                @if let Some(fault) = entry.fault() { div.soft.small { "fault: " (fault) } }
            }
        }
    }
}

/// The first line of a request, with the rest in a collapsible element.
fn request(entry: &Entry) -> Markup {
    let mut line = format!("{} {}", entry.method(), entry.path());
    if !entry.query().is_empty() {
        line.extend(["?", entry.query()]);
    }
    let body = String::from_utf8_lossy(entry.body());
    let first = beginning(&line, LONGEST_LINE);
    html! {
        @if body.is_empty() && first == line {
            code { (line) }
        } @else {
            details {
                summary { code { (first) @if first != line { "…" } } }
                pre {
                    code {
                        (line)
                        @if !body.is_empty() { "\n\n" (beginning(&body, LONGEST_BODY)) }
                    }
                }
            }
        }
    }
}

/// The first `most` characters of a text.
fn beginning(text: &str, most: usize) -> &str {
    let end = text.char_indices().nth(most);
    end.and_then(|(end, _)| text.get(..end)).unwrap_or(text)
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
