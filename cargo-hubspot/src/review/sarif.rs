//! `--format sarif`: a result for each change, at the calls that cause it.

use clap::ValueEnum as _;
use serde_json::{Value, json};

use super::change::{Change, ChangeKind, Review};
use crate::render::sarif;

/// The log.
pub(super) fn log(review: &Review) -> Value {
    let rules = ChangeKind::value_variants()
        .iter()
        .map(|kind| sarif::rule(&kind.name(), &kind.description(), kind.level()));
    let rules: Vec<_> = rules.collect();
    let results: Vec<_> = review.changes.iter().map(result).collect();
    sarif::envelope(
        &review.workspace,
        env!("CARGO_PKG_VERSION"),
        &rules,
        &results,
    )
}

fn result(change: &Change) -> Value {
    let lines = change.means.iter().chain(&change.instead);
    let lines = [change.message.clone()]
        .into_iter()
        .chain(lines.map(|line| format!("{line}.")));
    let places = change
        .because
        .iter()
        .filter_map(|cause| cause.place.as_ref());
    let mut places: Vec<_> = places.map(sarif::location).collect();
    if places.is_empty() {
        places.push(sarif::location(&change.at));
    }
    json!({
        "ruleId": change.kind.name(),
        "ruleIndex": change.kind as usize,
        "level": change.kind.level(),
        "message": { "text": lines.collect::<Vec<_>>().join("\n") },
        "partialFingerprints": { "change/v1": format!("{}:{}:{}", change.kind.name(), change.package, change.subject) },
        "locations": places,
    })
}
