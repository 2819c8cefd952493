//! The dashboard's list of requests. It leaves out requests of the dashboard itself.

use serde_json::{Value, json};

use crate::store::JournalView;
use crate::store::journal::Entry;

/// The maximum number of requests in the list.
const MOST_ROWS: usize = 100;
/// The maximum length of a request's first line in the list.
const LONGEST_LINE: usize = 72;
/// The maximum length of a body in the list.
const LONGEST_BODY: usize = 2000;

/// Counts requests and failed requests.
pub(super) fn count(journal: &JournalView) -> (usize, usize) {
    let requests = journal.entries().filter(|entry| !is_own(entry));
    requests.fold((0, 0), |(requests, failed), entry| {
        let fails = entry.status().is_none_or(|status| status >= 400);
        (requests + 1, failed + usize::from(fails))
    })
}

/// The latest requests, to one operation or to all.
pub(super) fn rows(journal: &JournalView, operation: Option<&str>) -> Vec<Value> {
    let wanted = |entry: &&Entry| match operation {
        Some(operation) => entry.operation() == Some(operation),
        None => !is_own(entry),
    };
    let latest = journal.entries().rev().filter(wanted).take(MOST_ROWS);
    latest.map(row).collect()
}

/// Whether it is a request of the dashboard itself.
fn is_own(entry: &Entry) -> bool {
    let path = entry.path();
    entry.operation().is_none() && (path == "/" || path.starts_with("/records/"))
}

fn row(entry: &Entry) -> Value {
    let mut line = format!("{} {}", entry.method(), entry.path());
    if !entry.query().is_empty() {
        line.extend(["?", entry.query()]);
    }
    let body = String::from_utf8_lossy(entry.body());
    let start = beginning(&line, LONGEST_LINE);
    let first = if start == line {
        start.to_owned()
    } else {
        format!("{start}…")
    };
    json!({
        "time": entry.time.strftime("%H:%M:%S%.3f").to_string(),
        "operation": entry.operation().unwrap_or_default(),
        "is_short": first == line && body.is_empty(),
        "first": first,
        "line": line,
        "body": beginning(&body, LONGEST_BODY),
        "account": entry.account(),
        "scopes": entry.scopes().collect::<Vec<_>>(),
        "status": entry.status(),
        "style": match entry.status() {
            Some(200..=299) => "good",
            Some(300..=399) => "accent",
            Some(400..=499) => "warn",
            _ => "bad",
        },
        "fault": entry.fault(),
    })
}

/// The first `most` characters of a text.
fn beginning(text: &str, most: usize) -> &str {
    let end = text.char_indices().nth(most);
    end.and_then(|(end, _)| text.get(..end)).unwrap_or(text)
}
