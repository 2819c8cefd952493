//! `--html`: a page that shows which call needs which scope.
//!
//! The page is one file that requests nothing from the network: style, script, and the facts as JSON, which the script
//! draws.

use std::collections::BTreeMap;

use anyhow::Result;
use hubspot_scopes::Requirement;
use serde::Serialize;

use crate::finding::{Finding, Level};
use crate::model::{CallSite, List, Package, Report};

const PAGE: &str = include_str!("page.html");
const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// The facts for the script.
#[derive(Serialize)]
struct Page<'a> {
    version: &'a str,
    packages: Vec<Matrix<'a>>,
    findings: Vec<Line<'a>>,
    notes: &'a [String],
}

/// The operations of one package by its scopes.
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
    /// The list that declares it; `None` if it is not declared.
    list: Option<&'static str>,
    unused: bool,
    /// Whether the least set has it.
    least: bool,
}

#[derive(Serialize)]
struct Row<'a> {
    operation: &'a str,
    /// Method and path, if the client's mark has them.
    route: &'a str,
    requirement: String,
    counts: bool,
    /// For each column: `all` if every alternative has the scope, `one` if some have it.
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
    targets: Vec<&'a str>,
}

#[derive(Serialize)]
struct Line<'a> {
    kind: String,
    level: Level,
    package: Option<&'a str>,
    place: Option<String>,
    message: &'a str,
    more: Vec<&'a String>,
}

/// Writes the page.
pub(super) fn page(report: &Report, findings: &[&Finding<'_>]) -> Result<String> {
    let page = Page {
        version: &report.version,
        packages: report.requested().map(matrix).collect(),
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
    let place = finding.place.map(super::text::shown);
    Line {
        kind: finding.kind.name(),
        level: finding.kind.level(),
        package: finding.package,
        place: place.or_else(|| finding.file.map(str::to_owned)),
        message: &finding.message,
        more: finding.more().collect(),
    }
}

fn matrix(package: &Package) -> Matrix<'_> {
    let mut by_operation: BTreeMap<&str, Vec<&CallSite>> = BTreeMap::new();
    for call in &package.call_sites {
        by_operation.entry(&call.operation).or_default().push(call);
    }
    let scopes = columns(package);
    let rows = by_operation.into_iter();
    Matrix {
        name: &package.name,
        version: &package.version,
        exact: package.verdict.exact,
        least: &package.verdict.least_set,
        operations: rows
            .map(|(operation, calls)| row(&scopes, operation, &calls))
            .collect(),
        scopes,
    }
}

/// Every scope that is declared or in the least set.
fn columns(package: &Package) -> Vec<Column<'_>> {
    let verdict = &package.verdict;
    let declared = package.declared().into_iter();
    let mut lists: BTreeMap<&str, Option<List>> =
        declared.map(|(scope, list)| (scope, Some(list))).collect();
    for scope in &verdict.least_set {
        lists.entry(scope).or_insert(None);
    }
    let columns = lists.into_iter().map(|(scope, list)| Column {
        scope,
        list: list.map(List::key),
        unused: verdict.unused.iter().any(|unused| unused.scope == scope),
        least: verdict.least_set.iter().any(|least| least == scope),
    });
    columns.collect()
}

fn row<'a>(scopes: &[Column<'_>], operation: &'a str, calls: &[&'a CallSite]) -> Row<'a> {
    let first = calls.first();
    let requirement = first.map(|call| call.requirement.ignoring_logins());
    let requirement = requirement.unwrap_or_default();
    let marks = scopes.iter().map(|column| cell(&requirement, column.scope));
    Row {
        operation,
        route: first
            .and_then(|call| call.route.as_deref())
            .unwrap_or_default(),
        counts: calls.iter().any(|call| call.counts),
        cells: marks.collect(),
        requirement: requirement.to_string(),
        calls: calls.iter().map(|call| self::call(call)).collect(),
    }
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
        targets: targets.map(|target| target.name.as_str()).collect(),
    }
}
