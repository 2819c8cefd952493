//! The checks, each with its evidence.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::finding::{FindingKind, Production, count, few, findings, plural, quote};
use crate::log::Row;
use crate::model::Report;
use crate::operations;
use crate::path::without_values;

/// The share of calls that HubSpot wants to succeed, in percent.
const SUCCESS: usize = 95;

/// How many rows of evidence are shown.
const SHOWN: usize = 10;

/// The outcome of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Outcome {
    Passed,
    Failed,
    /// There was nothing to check it with.
    Unchecked,
}

/// A check.
#[derive(Debug, Serialize)]
pub(super) struct Check {
    pub(super) title: &'static str,
    pub(super) outcome: Outcome,
    /// What was found, in a sentence.
    pub(super) summary: String,
    /// The single findings, each with its place in the code if that is known.
    pub(super) evidence: Vec<String>,
}

impl Check {
    fn new(title: &'static str, failed: bool, summary: String, mut evidence: Vec<String>) -> Self {
        let more = evidence.len().saturating_sub(SHOWN);
        evidence.truncate(SHOWN);
        evidence.extend((more > 0).then(|| format!("and {more} more")));
        Self {
            title,
            outcome: if failed {
                Outcome::Failed
            } else {
                Outcome::Passed
            },
            summary,
            evidence,
        }
    }

    fn unchecked(title: &'static str, why: &str) -> Self {
        Self {
            title,
            outcome: Outcome::Unchecked,
            summary: why.to_owned(),
            evidence: Vec::new(),
        }
    }
}

/// What the checks look at.
pub(super) struct Run<'a> {
    pub(super) report: &'a Report,
    /// The requests to HubSpot and, below `webhooks`, of HubSpot, and others to other hosts; `None` without a log.
    pub(super) rows: Option<&'a [Row]>,
    /// The path below which the program takes webhooks.
    pub(super) webhooks: Option<&'a str>,
}

const NO_LOG: &str =
    "needs the requests of a run: `--journal run.har`, or `--log export.csv` with `--columns`";

impl Run<'_> {
    pub(super) fn checks(&self) -> Vec<Check> {
        let [scopes, successes, refreshes, forbidden, webhooks] = [
            "Every scope is used",
            "At least 95 % of the calls succeed",
            "Tokens are refreshed before they expire",
            "No call is refused repeatedly for missing scopes",
            "Webhooks are taken without server errors",
        ];
        let Some(rows) = self.rows else {
            let unchecked = [successes, refreshes, forbidden, webhooks];
            let unchecked = unchecked.map(|title| Check::unchecked(title, NO_LOG));
            return [self.scopes(scopes)].into_iter().chain(unchecked).collect();
        };
        let below = self.webhooks.map(|path| path.trim_end_matches('/'));
        let is_webhook = |row: &&Row| below.is_some_and(|path| row.path.starts_with(path));
        let (of_hubspot, calls): (Vec<&Row>, Vec<&Row>) = rows.iter().partition(is_webhook);
        let calls: Vec<_> = calls
            .into_iter()
            .filter(|row| row.elsewhere.is_none())
            .collect();
        vec![
            self.scopes(scopes),
            self.successes(successes, &calls),
            refreshed(refreshes, &calls),
            self.forbidden(forbidden, &calls),
            self.taken(webhooks, &of_hubspot),
        ]
    }

    fn scopes(&self, title: &'static str) -> Check {
        let production = Production::default();
        let findings = findings(self.report, &production);
        let unused = findings
            .iter()
            .filter(|one| one.kind == FindingKind::Unused);
        let evidence = unused.map(|one| {
            let place = one.place.map_or_else(String::new, |place| {
                format!(" ({}:{})", place.file, place.line)
            });
            format!("{}{place}", quote(&one.subject))
        });
        let evidence: Vec<_> = evidence.collect();
        let undecided = findings
            .iter()
            .filter(|one| one.kind == FindingKind::Undecided)
            .count();
        let also = if undecided > 0 {
            format!("; of {} it is not known", count(undecided, "scope"))
        } else {
            String::new()
        };
        let summary = format!(
            "{} declared that no code needs{also}",
            count(evidence.len(), "scope")
        );
        Check::new(title, !evidence.is_empty(), summary, evidence)
    }

    fn successes(&self, title: &'static str, calls: &[&Row]) -> Check {
        let answered: Vec<_> = calls.iter().filter(|row| row.status.is_some()).collect();
        if answered.is_empty() {
            return Check::unchecked(title, "no call has a status");
        }
        let failed: Vec<_> = answered
            .iter()
            .filter(|row| row.status >= Some(400))
            .collect();
        let mut by_route: BTreeMap<(String, u16), usize> = BTreeMap::new();
        for row in &failed {
            *by_route
                .entry((route(row), row.status.unwrap_or_default()))
                .or_default() += 1;
        }
        let mut by_route: Vec<_> = by_route.into_iter().collect();
        by_route.sort_by_key(|(_, times)| std::cmp::Reverse(*times));
        let evidence = by_route.iter().map(|((route, status), times)| {
            format!(
                "{}: {status} from {}",
                count(*times, "time"),
                self.with_places(route)
            )
        });
        let evidence = evidence.collect();
        let good = answered.len() - failed.len();
        // Rounded down, so that 94.9 % is not 95.
        let tenths = good * 1000 / answered.len();
        let summary = format!(
            "{}.{} % of {} succeeded",
            tenths / 10,
            tenths % 10,
            count(answered.len(), "call")
        );
        Check::new(
            title,
            good * 100 < SUCCESS * answered.len(),
            summary,
            evidence,
        )
    }

    fn forbidden(&self, title: &'static str, calls: &[&Row]) -> Check {
        let mut by_route: BTreeMap<String, usize> = BTreeMap::new();
        for row in calls.iter().filter(|row| row.status == Some(403)) {
            *by_route.entry(route(row)).or_default() += 1;
        }
        let repeated = by_route.iter().filter(|(_, times)| **times > 1);
        let evidence = repeated.map(|(route, times)| {
            format!(
                "{}: 403 from {}",
                count(*times, "time"),
                self.with_places(route)
            )
        });
        let evidence: Vec<_> = evidence.collect();
        let summary = format!(
            "{} got 403 more than once",
            count(evidence.len(), "operation")
        );
        Check::new(title, !evidence.is_empty(), summary, evidence)
    }

    fn taken(&self, title: &'static str, rows: &[&Row]) -> Check {
        if self.webhooks.is_none() {
            return Check::unchecked(
                title,
                "needs the path of the webhooks: `--webhooks /hubspot/events`",
            );
        }
        if rows.is_empty() {
            return Check::unchecked(title, "no webhook is in the log");
        }
        let failed = rows.iter().filter(|row| row.status >= Some(500));
        let evidence =
            failed.map(|row| format!("{}: {}", quote(&route(row)), row.status.unwrap_or_default()));
        let evidence: Vec<_> = evidence.collect();
        let summary = format!(
            "{} of {} got a server error",
            evidence.len(),
            count(rows.len(), "webhook")
        );
        Check::new(title, !evidence.is_empty(), summary, evidence)
    }

    /// A route, with the calls of it in the code.
    fn with_places(&self, route: &str) -> String {
        let sites = self
            .report
            .packages
            .iter()
            .flat_map(|package| &package.call_sites);
        let sites = sites.filter(|call| call.operation == route);
        let places: Vec<_> = sites
            .map(|call| format!("{}:{}", call.place.file, call.place.line))
            .collect();
        if places.is_empty() {
            quote(route)
        } else {
            format!("{} ({})", quote(route), few(&places))
        }
    }
}

/// The id of the operation, or the method and path without values.
fn route(row: &Row) -> String {
    let operation = operations::of_request(&row.method, &row.path);
    operation.map_or_else(
        || format!("{} {}", row.method, without_values(&row.path)),
        |operation| operation.id.to_owned(),
    )
}

/// Whether the refreshes came before the tokens expired: a 401 between two refreshes says that the token was used until then.
fn refreshed(title: &'static str, calls: &[&Row]) -> Check {
    let (mut refreshes, mut late, mut refused) = (0, 0, Vec::new());
    for row in calls {
        let is_token =
            row.path.starts_with("/oauth/") && row.path.contains("/token") && row.method == "POST";
        if row.status == Some(401) && !is_token {
            refused.push(route(row));
        } else if is_token && row.status.is_some_and(|status| status < 400) {
            refreshes += 1;
            late += usize::from(!refused.is_empty());
            refused.clear();
        }
    }
    if refreshes == 0 {
        return Check::unchecked(title, "no token was refreshed in the log");
    }
    let of = plural(refreshes, "refresh", "refreshes");
    let summary = format!("{late} of {refreshes} {of} came after a 401");
    // One may be a token that HubSpot ended early.
    Check::new(title, late * 2 > refreshes, summary, Vec::new())
}
