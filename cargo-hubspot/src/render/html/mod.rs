//! `--html`: a page that shows which call needs which scope.
//!
//! Comes in: the report and its findings. Goes out: one file that asks the network for nothing: style, script, and the facts
//! as JSON, from which the script draws. Refuses nothing.

use std::collections::BTreeMap;

use anyhow::Result;
use hubspot_scopes::Requirement;
use serde::Serialize;

use crate::finding::{Finding, Level};
use crate::model::{CallSite, List, Package, Report};
use crate::operations;

const PAGE: &str = include_str!("page.html");
const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// What the script draws.
#[derive(Serialize)]
struct Page<'a> {
    version: &'a str,
    packages: Vec<Matrix<'a>>,
    findings: Vec<Line<'a>>,
    notes: &'a [String],
}

/// One package: its operations by its scopes.
#[derive(Serialize)]
struct Matrix<'a> {
    name: &'a str,
    version: &'a str,
    exact: bool,
    least: &'a [String],
    scopes: Vec<Column<'a>>,
    operations: Vec<Row<'a>>,
}

#[derive(Serialize)]
struct Column<'a> {
    scope: &'a str,
    /// `required`, `conditional`, `optional`, `unlisted` or `assume`; none when it is not declared.
    list: Option<&'static str>,
    /// Whether nothing needs it.
    unused: bool,
    /// Whether the least set has it.
    least: bool,
}

#[derive(Serialize)]
struct Row<'a> {
    operation: &'a str,
    route: String,
    requirement: String,
    /// Whether a call of it counts.
    counts: bool,
    /// For each scope, in the order of the columns: `all` when nothing goes without it, `one` when it is one way of several.
    cells: Vec<&'static str>,
    calls: Vec<Call<'a>>,
}

#[derive(Serialize)]
struct Call<'a> {
    file: &'a str,
    line: usize,
    column: usize,
    function: Option<&'a str>,
    text: &'a str,
    counts: bool,
    targets: Vec<String>,
}

#[derive(Serialize)]
struct Line<'a> {
    kind: &'static str,
    level: &'static str,
    package: Option<&'a str>,
    place: Option<String>,
    message: &'a str,
    more: Vec<&'a str>,
}

/// The page.
pub(super) fn page(report: &Report, findings: &[&Finding<'_>]) -> Result<String> {
    let packages = report.packages.iter().filter(|package| package.asked);
    let page = Page {
        version: &report.version,
        packages: packages.map(matrix).collect(),
        findings: findings.iter().map(|finding| line(finding)).collect(),
        notes: &report.notes,
    };
    // Nothing in the facts can end the script element.
    let facts = serde_json::to_string(&page)?.replace('<', "\\u003c");
    let parts = PAGE.split("{{").map(|part| match part.split_once("}}") {
        Some(("style", rest)) => format!("{STYLE}{rest}"),
        Some(("script", rest)) => format!("{SCRIPT}{rest}"),
        Some(("facts", rest)) => format!("{facts}{rest}"),
        _ => part.to_owned(),
    });
    Ok(parts.collect())
}

fn line<'a>(finding: &'a Finding<'_>) -> Line<'a> {
    Line {
        kind: finding.kind.name(),
        level: match finding.kind.level() {
            Level::Error => "error",
            Level::Warning => "warning",
            Level::Note => "note",
        },
        package: finding.package,
        place: match finding.place {
            Some(place) => Some(super::text::shown(place)),
            None => finding.file.map(str::to_owned),
        },
        message: &finding.message,
        more: finding
            .notes
            .iter()
            .chain(&finding.help)
            .map(String::as_str)
            .collect(),
    }
}

fn matrix(package: &Package) -> Matrix<'_> {
    let mut by_operation: BTreeMap<&str, Vec<&CallSite>> = BTreeMap::new();
    for call in &package.call_sites {
        by_operation.entry(&call.operation).or_default().push(call);
    }
    let scopes = columns(package);
    let operations = by_operation
        .into_iter()
        .filter_map(|(operation, calls)| row(&scopes, operation, &calls))
        .collect();
    Matrix {
        name: &package.name,
        version: &package.version,
        exact: package.verdict.exact,
        least: &package.verdict.least_set,
        scopes,
        operations,
    }
}

/// Every scope that is declared, or that the least set has.
fn columns(package: &Package) -> Vec<Column<'_>> {
    let verdict = &package.verdict;
    let mut lists: BTreeMap<&str, Option<List>> = BTreeMap::new();
    for set in package.scope_sets.iter().filter(|set| set.counts) {
        for one in &set.scopes {
            let list = lists.entry(&one.scope).or_insert(Some(one.list));
            *list = list.map(|list| list.min(one.list));
        }
    }
    for scope in &verdict.least_set {
        lists.entry(scope).or_insert(None);
    }
    let unused = |scope: &str| verdict.unused.iter().any(|judged| judged.scope == scope);
    let columns = lists.into_iter().map(|(scope, list)| Column {
        scope,
        list: list.map(List::key),
        unused: unused(scope),
        least: verdict.least_set.iter().any(|least| least == scope),
    });
    columns.collect()
}

fn row<'a>(scopes: &[Column<'_>], operation: &'a str, calls: &[&'a CallSite]) -> Option<Row<'a>> {
    let requirement = calls.first()?.requirement.ignoring_schemes();
    let known = operations::find(operation);
    Some(Row {
        operation,
        route: known.map_or_else(String::new, |known| {
            format!("{} {}", known.method, known.path)
        }),
        counts: calls.iter().any(|call| call.counts),
        cells: scopes
            .iter()
            .map(|column| cell(&requirement, column.scope))
            .collect(),
        requirement: requirement.to_string(),
        calls: calls.iter().map(|call| self::call(call)).collect(),
    })
}

fn cell(requirement: &Requirement, scope: &str) -> &'static str {
    let ways = requirement.alternatives();
    let with_it = ways.iter().filter(|way| way.scopes().contains(scope));
    match with_it.count() {
        0 => "",
        count if count == ways.len() => "all",
        _ => "one",
    }
}

fn call(call: &CallSite) -> Call<'_> {
    let place = &call.place;
    let targets = call.targets.iter();
    Call {
        file: &place.file,
        line: place.line,
        column: place.column,
        function: call.function.as_deref(),
        text: place.text.trim(),
        counts: call.counts,
        targets: targets.map(|target| target.name.clone()).collect(),
    }
}
