//! The records of one object type in one account, page by page; `?from=` is the id to start at.

use std::collections::BTreeSet;
use std::sync::Arc;

use maud::{Markup, html};

use crate::pages::layout::{Document, bar, panel, problem, thousands};
use crate::pipeline::page::{Page, PageRequest};
use crate::store::{Account, Row, ServerState, TypeSummary};
use crate::values::sync;

/// How many records a page lists.
const MOST_ROWS: usize = 50;

/// The object types of an account that have records, archived ones included.
pub(super) fn filled_types(account: &Account) -> Vec<TypeSummary> {
    let mut types = sync::lock(&account.crm).summary();
    types.retain(|ty| ty.records + ty.archived > 0);
    types
}

/// The page.
pub(super) fn page(
    request: &PageRequest<'_>,
    state: &ServerState,
    hub_id: &str,
    object_type: &str,
) -> Page {
    let accounts = sync::read(&state.accounts);
    let mut accounts = accounts.values();
    let found = accounts.find(|account| account.hub_id.to_string() == hub_id);
    let Some(account) = found.map(Arc::clone) else {
        let content = html! { p { a href="/" { "See which accounts there are" } "." } };
        return problem(404, "No account has this Hub ID", &content);
    };
    let from = request.query("from").and_then(|id| id.parse().ok());
    // The row after the last one is where the next page begins.
    let mut rows = sync::lock(&account.crm).rows(object_type, from.unwrap_or(0), MOST_ROWS + 1);
    let next = rows.get(MOST_ROWS).map(|row| row.id);
    rows.truncate(MOST_ROWS);
    let title = format!("{object_type} of {}", account.name);
    let here = format!("/records/{hub_id}/{object_type}");
    let types = filled_types(&account);
    let known = types
        .iter()
        .find(|ty| ty.name == object_type || ty.id == object_type);
    let note = html! { @if let Some(ty) = known { (thousands(ty.records)) " records" } };
    let content = html! {
        @if rows.is_empty() { p.empty { "No records here." } } @else { (table(&rows)) }
        div.pager {
            span { @if from.is_some() { a #first href=(here) { "First page" } } }
            span { @if let Some(next) = next { a #next href={ (here) "?from=" (next) } { "Next page" } } }
        }
    };
    let body = html! {
        body {
            (bar(None))
            main.board {
                div {
                    p.small { a href="/#accounts" { "Accounts" } " / " (account.name) }
                    h1 { (title) }
                }
                (panel("records", object_type, &note, &content))
                (panel("types", "Object types", &html! { "of this account" }, &html! {
                    div.empty { (type_links(&account, &types)) }
                }))
            }
        }
    };
    let document = Document {
        title: &title,
        refresh: None,
        form_target: None,
        body,
    };
    document.into_page(200)
}

/// An account's object types, each with the number of its records and a link to them.
pub(super) fn type_links(account: &Account, types: &[TypeSummary]) -> Markup {
    html! {
        @if types.is_empty() { span.soft { "none" } }
        ul.counts {
            @for ty in types {
                li {
                    a data-type=(ty.name) href={ "/records/" (account.hub_id) "/" (ty.name) } {
                        (ty.name) " " b { (thousands(ty.records)) }
                        @if ty.archived > 0 { span.soft { (thousands(ty.archived)) " archived" } }
                    }
                }
            }
        }
    }
}

/// One column for each property that a record of the page has.
fn table(rows: &[Row]) -> Markup {
    let mut seen = BTreeSet::new();
    let names = rows.iter().flat_map(|row| &row.properties);
    let names = names.map(|(name, _)| name.as_str());
    let columns: Vec<&str> = names.filter(|name| seen.insert(*name)).collect();
    html! {
        div.scroll {
            table {
                thead {
                    tr {
                        th { "ID" }
                        @for column in &columns { th { (column) } }
                        th { "Created" }
                        th { "Changed" }
                    }
                }
                tbody {
                    @for row in rows {
                        tr data-record=(row.id) {
                            td { code.whole { (row.id) } }
                            @for column in &columns { td { (value(row, column)) } }
                            td.time { (row.created_at) }
                            td.time { (row.updated_at) }
                        }
                    }
                }
            }
        }
    }
}

fn value<'a>(row: &'a Row, column: &str) -> &'a str {
    let found = row.properties.iter().find(|(name, _)| name == column);
    found.map_or("", |(_, value)| value)
}
