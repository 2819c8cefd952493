//! The report for a reader at a terminal.
//!
//! Comes in: the report and its findings. Goes out: text with colours, which whoever prints it takes out where they do not
//! belong: each finding as rustc would write it, then for each package what is declared, called and needed. Refuses nothing.

use std::fmt::Write as _;

use annotate_snippets::{
    AnnotationKind, Group, Level as Severity, Origin, Renderer, Snippet,
    renderer::DEFAULT_TERM_WIDTH,
};
use anstyle::Style;

use super::style::{BAD, BOLD, DIM, GOOD, styled};
use super::table::Table;
use crate::finding::{self, Finding, Level, quoted, short};
use crate::live::Granted;
use crate::model::{CallSite, Package, Place, Report};

/// The whole report. `findings` are those to be shown, `accepted` says how many a baseline has taken out.
pub(super) fn report(
    report: &Report,
    granted: Option<&Granted>,
    findings: &[&Finding<'_>],
    accepted: usize,
) -> String {
    let mut text = diagnostics(findings);
    for package in report.packages.iter().filter(|package| package.asked) {
        text.push_str(&self::package(package));
        text.push('\n');
    }
    if let Some(granted) = granted {
        text.push_str(&token(granted));
    }
    for note in &report.notes {
        _ = writeln!(text, "{}: {note}", styled(BOLD, "note"));
    }
    text.push_str(&conclusion(findings, accepted));
    text
}

/// Findings as rustc would write them.
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
    let title = severity
        .primary_title(finding.message.as_str())
        .id(finding.kind.name());
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

/// The first line of the place, with what is said of it.
fn snippet<'a>(place: &'a Place, label: &'a str) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
    let text = place.text.as_str();
    let byte = |column: usize| {
        let mut characters = text.char_indices();
        characters
            .nth(column.saturating_sub(1))
            .map_or(text.len(), |(index, _)| index)
    };
    let end = if place.end_line == place.line {
        byte(place.end_column)
    } else {
        text.len()
    };
    let start = byte(place.column).min(end);
    let annotation = AnnotationKind::Primary.span(start..end);
    let annotation = if label.is_empty() {
        annotation
    } else {
        annotation.label(label)
    };
    Snippet::source(text)
        .line_start(place.line)
        .path(place.file.as_str())
        .annotation(annotation)
}

fn package(package: &Package) -> String {
    let mut text = format!(
        "{} {}\n",
        styled(BOLD, &package.name),
        styled(DIM, &package.version)
    );
    declarations(package, &mut text);
    let (counted, others): (Vec<_>, Vec<_>) =
        package.call_sites.iter().partition(|call| call.counts);
    call_sites("", &counted, &mut text);
    call_sites(
        " that do not count, since they do not ship",
        &others,
        &mut text,
    );
    least_set(package, &mut text);
    text
}

/// What the token has.
fn token(granted: &Granted) -> String {
    let of = granted.hub_id;
    let of = of.map_or_else(String::new, |hub_id| format!(" of account {hub_id}"));
    let mut text = format!("{}\n", styled(BOLD, &format!("granted to the token{of}")));
    for scope in &granted.scopes {
        _ = writeln!(text, "    {scope}");
    }
    text.push('\n');
    text
}

fn heading(text: &mut String, heading: &str) {
    _ = writeln!(text, "\n  {}", styled(BOLD, heading));
}

/// Each declared scope, and what needs it.
fn declarations(package: &Package, text: &mut String) {
    for set in package.scope_sets.iter().filter(|set| set.counts) {
        let source = set.source.as_ref();
        let source = source.map_or_else(String::new, |source| format!(", from {source}"));
        heading(
            text,
            &format!("declared by {} ({}{source})", set.name, shown(&set.place)),
        );
        let mut table = Table::new();
        for declared in &set.scopes {
            let users = finding::users(package, &declared.scope);
            let judged = package.verdict.unused.iter();
            let unused = judged
                .filter(|judged| judged.set == set.name)
                .any(|judged| judged.scope == declared.scope);
            let (style, why) = if unused {
                (BAD, "unused".to_owned())
            } else if users.is_empty() {
                (DIM, "–".to_owned())
            } else {
                (Style::new(), users.join(", "))
            };
            table.row([
                (DIM, declared.list.key().to_owned()),
                (style, declared.scope.clone()),
                (style, why),
            ]);
        }
        text.push_str(&table.indented(4));
    }
}

fn call_sites(which: &str, calls: &[&CallSite], text: &mut String) {
    if calls.is_empty() {
        return;
    }
    let count = finding::count(calls.len(), "call");
    heading(text, &format!("{count}{which}"));
    let mut table = Table::new();
    for call in calls {
        let function = call.function.clone().unwrap_or_else(|| "–".to_owned());
        table.row([
            (DIM, shown(&call.place)),
            (Style::new(), function),
            (GOOD, call.operation.clone()),
            (Style::new(), short(&call.requirement)),
        ]);
    }
    text.push_str(&table.indented(4));
}

fn least_set(package: &Package, text: &mut String) {
    let verdict = &package.verdict;
    let how = if verdict.exact {
        "exact".to_owned()
    } else {
        let because = verdict.because.iter().map(|because| because.text());
        format!("not exact: {}", because.collect::<Vec<_>>().join(", and "))
    };
    heading(text, &format!("least set ({how})"));
    if verdict.least_set.is_empty() {
        text.push_str("    no scope at all\n");
    }
    for scope in &verdict.least_set {
        _ = writeln!(text, "    {}", styled(GOOD, scope));
    }
    let others: Vec<_> = verdict
        .packages
        .iter()
        .filter(|name| **name != package.name)
        .cloned()
        .collect();
    if !others.is_empty() {
        _ = writeln!(
            text,
            "    {}",
            styled(DIM, &format!("with the calls of {}", quoted(&others)))
        );
    }
}

/// `src/main.rs:12:5`, which terminals and editors take for a link.
pub(super) fn shown(place: &Place) -> String {
    format!("{}:{}:{}", place.file, place.line, place.column)
}

/// What was found, in a line.
pub(crate) fn conclusion(findings: &[&Finding<'_>], accepted: usize) -> String {
    let mut parts: Vec<String> = finding::Kind::ALL
        .into_iter()
        .filter_map(|kind| {
            let count = findings
                .iter()
                .filter(|finding| finding.kind == kind)
                .count();
            (count > 0).then(|| format!("{count} {}", kind.name()))
        })
        .collect();
    if accepted > 0 {
        parts.push(format!("{accepted} accepted by the baseline"));
    }
    if parts.is_empty() {
        return format!("{}\n", styled(GOOD.bold(), "audit: nothing to mend"));
    }
    format!(
        "{}\n",
        styled(BOLD, &format!("audit: {}", parts.join(", ")))
    )
}
