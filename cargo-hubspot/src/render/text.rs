//! The report for a reader at a terminal: the findings as rustc would print them, then each package.

use std::fmt::Write as _;

use annotate_snippets::{
    Annotation, AnnotationKind, Group, Level as Severity, Origin, Renderer, Snippet,
    renderer::DEFAULT_TERM_WIDTH,
};
use anstyle::Style;
use clap::ValueEnum as _;

use super::style::{BAD, BOLD, DIM, GOOD, styled, table};
use crate::finding::{self, Finding, FindingKind, Level, Production, inexact, quoted, short};
use crate::live::Granted;
use crate::model::{CallSite, Package, Place, Report};
use crate::used::{Used, date};

/// The whole report with these findings. A baseline accepted `accepted` other ones.
pub(crate) fn report(
    report: &Report,
    production: &Production,
    findings: &[&Finding<'_>],
    accepted: usize,
) -> String {
    let mut text = diagnostics(findings);
    for package in report.requested() {
        text += &(self::package(package) + "\n");
    }
    text.extend(production.granted.as_ref().map(token));
    text.extend(production.used.as_ref().map(used));
    for note in &report.notes {
        _ = writeln!(text, "{}: {note}", styled(BOLD, "note"));
    }
    text + &conclusion(findings, accepted)
}

/// The findings as rustc would print them.
pub(crate) fn diagnostics(findings: &[&Finding<'_>]) -> String {
    let each = findings.iter().map(|finding| diagnostic(finding) + "\n\n");
    each.collect()
}

fn diagnostic(finding: &Finding<'_>) -> String {
    let severity = match finding.kind.level() {
        Level::Error => Severity::ERROR,
        Level::Warning => Severity::WARNING,
        Level::Note => Severity::NOTE,
    };
    let title = severity.primary_title(finding.message.as_str());
    let title = title.id(finding.kind.name());
    let mut group = match (finding.place, finding.file) {
        (Some(place), _) => title.element(snippet(place, &finding.label)),
        (None, Some(file)) => title.element(Origin::path(file)),
        (None, None) => Group::with_title(title),
    };
    for note in &finding.notes {
        group = group.element(Severity::NOTE.message(note.as_str()));
    }
    if let Some(help) = &finding.help {
        group = group.element(Severity::HELP.message(help.as_str()));
    }
    let width = std::env::var("COLUMNS").ok();
    let width = width.and_then(|width| width.parse().ok());
    Renderer::styled()
        .term_width(width.unwrap_or(DEFAULT_TERM_WIDTH))
        .render(&[group])
}

/// The first line of the place, with a label.
fn snippet<'a>(place: &'a Place, label: &'a str) -> Snippet<'a, Annotation<'a>> {
    let text = place.text.as_str();
    let byte = |column: usize| {
        let mut characters = text.char_indices();
        let character = characters.nth(column.saturating_sub(1));
        character.map_or(text.len(), |(index, _)| index)
    };
    let end = if place.end_line == place.line {
        byte(place.end_column)
    } else {
        text.len()
    };
    let annotation = AnnotationKind::Primary.span(byte(place.column).min(end)..end);
    Snippet::source(text)
        .line_start(place.line)
        .path(place.file.as_str())
        .annotation(annotation.label((!label.is_empty()).then_some(label)))
}

fn package(package: &Package) -> String {
    let (name, version) = (&package.name, &package.version);
    let mut text = format!("{} {}\n", styled(BOLD, name), styled(DIM, version));
    declarations(package, &mut text);
    let (counted, others): (Vec<_>, Vec<_>) =
        package.call_sites.iter().partition(|call| call.counts);
    call_sites("", &counted, &mut text);
    let which = " that do not count, since they do not ship";
    call_sites(which, &others, &mut text);
    least_set(package, &mut text);
    text
}

/// The scopes of the token.
fn token(granted: &Granted) -> String {
    let of = granted.hub_id;
    let of = of.map_or_else(String::new, |hub_id| format!(" of account {hub_id}"));
    let mut text = format!("{}\n", styled(BOLD, &format!("granted to the token{of}")));
    for scope in &granted.scopes {
        _ = writeln!(text, "    {scope}");
    }
    text + "\n"
}

/// The calls in production, those made most often first.
fn used(used: &Used) -> String {
    let mut text = format!("{}\n", styled(BOLD, "used in production"));
    let mut calls: Vec<_> = used.calls.iter().collect();
    calls.sort_by(|one, other| (other.calls, &one.call).cmp(&(one.calls, &other.call)));
    let rows = calls.iter().map(|call| {
        let last = call.last_used.map(date).unwrap_or_default();
        [
            (Style::new(), call.call.clone()),
            (
                Style::new(),
                finding::count(usize::try_from(call.calls).unwrap_or(usize::MAX), "call"),
            ),
            (DIM, last),
        ]
    });
    text += &table(4, rows);
    text + "\n"
}

fn heading(text: &mut String, heading: &str) {
    _ = writeln!(text, "\n  {}", styled(BOLD, heading));
}

/// Each declared scope, with the operations that need it.
fn declarations(package: &Package, text: &mut String) {
    for set in package.scope_sets.iter().filter(|set| set.counts) {
        let source = set.source.as_ref();
        let source = source.map_or_else(String::new, |source| format!(", from {source}"));
        let place = shown(&set.place);
        heading(text, &format!("declared by {} ({place}{source})", set.name));
        let rows = set.scopes.iter().map(|declared| {
            let users = finding::users(package, &declared.scope);
            let mut unused = package.verdict.unused.iter();
            let is_unused =
                unused.any(|unused| unused.set == set.name && unused.scope == declared.scope);
            let (style, why) = match users.as_slice() {
                _ if is_unused => (BAD, "unused".to_owned()),
                [] => (DIM, "–".to_owned()),
                users => (Style::new(), users.join(", ")),
            };
            [
                (DIM, declared.list.key().to_owned()),
                (style, declared.scope.clone()),
                (style, why),
            ]
        });
        text.push_str(&table(4, rows));
    }
}

fn call_sites(which: &str, calls: &[&CallSite], text: &mut String) {
    if calls.is_empty() {
        return;
    }
    let count = finding::count(calls.len(), "call");
    heading(text, &format!("{count}{which}"));
    let rows = calls.iter().map(|call| {
        let function = call.function.clone();
        [
            (DIM, shown(&call.place)),
            (Style::new(), function.unwrap_or_else(|| "–".to_owned())),
            (GOOD, call.operation.clone()),
            (Style::new(), short(&call.requirement)),
        ]
    });
    text.push_str(&table(4, rows));
}

fn least_set(package: &Package, text: &mut String) {
    let how = inexact(package).unwrap_or_else(|| "exact".to_owned());
    heading(text, &format!("least set ({how})"));
    text.push_str(&scopes(&package.verdict.least_set));
    let others = package.verdict.packages.iter();
    let others: Vec<_> = others
        .filter(|name| **name != package.name)
        .cloned()
        .collect();
    if !others.is_empty() {
        let others = format!("with the calls of {}", quoted(&others));
        _ = writeln!(text, "    {}", styled(DIM, &others));
    }
}

/// A line for each scope.
pub(crate) fn scopes(scopes: &[String]) -> String {
    if scopes.is_empty() {
        return "    no scope at all\n".to_owned();
    }
    let lines = scopes
        .iter()
        .map(|scope| format!("    {}\n", styled(GOOD, scope)));
    lines.collect()
}

/// `src/main.rs:12:5`, which terminals and editors recognize as a link.
pub(super) fn shown(place: &Place) -> String {
    format!("{}:{}:{}", place.file, place.line, place.column)
}

/// The number of findings of each kind, in a line.
pub(crate) fn conclusion(findings: &[&Finding<'_>], accepted: usize) -> String {
    let counts = FindingKind::value_variants().iter().filter_map(|kind| {
        let found = findings.iter().filter(|finding| finding.kind == *kind);
        let count = found.count();
        (count > 0).then(|| format!("{count} {}", kind.name()))
    });
    let accepted = (accepted > 0).then(|| format!("{accepted} accepted by the baseline"));
    let parts: Vec<_> = counts.chain(accepted).collect();
    if parts.is_empty() {
        return format!("{}\n", styled(GOOD.bold(), "audit: no findings"));
    }
    let parts = format!("audit: {}", parts.join(", "));
    format!("{}\n", styled(BOLD, &parts))
}
