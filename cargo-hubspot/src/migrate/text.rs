//! The calls as text.

use std::fmt::Write as _;

use super::site::{Outcome, Site};
use super::table::{current, support_text};
use crate::render::style::{BAD, BOLD, DIM, GOOD, styled};

/// Each call with what becomes of it, and a summary.
pub(super) fn page(from: &str, sites: &[Site]) -> String {
    let mut text = String::new();
    for site in sites {
        write(from, site, &mut text);
    }
    let to = current();
    let counts = sites.chunk_by(|one, other| one.outcome == other.outcome);
    let counts = counts.map(|sites| format!("{} {}", sites.len(), sites[0].outcome.name()));
    let counts = counts.collect::<Vec<_>>().join(", ");
    _ = if counts.is_empty() {
        writeln!(text, "migrate: no call of {from}")
    } else {
        let [old, new] = [from, to].map(support_text);
        writeln!(
            text,
            "{from} is supported until {old}; {to} until {new}\nmigrate {from} to {to}: {counts}"
        )
    };
    text
}

fn write(from: &str, site: &Site, text: &mut String) {
    let style = match site.outcome {
        Outcome::Renamed => GOOD,
        Outcome::Unknown => BOLD,
        _ => BAD,
    };
    let outcome = styled(style, site.outcome.name());
    let times = if site.count > 1 {
        format!(" ({} times)", site.count)
    } else {
        String::new()
    };
    _ = writeln!(text, "{outcome}: {}{times}", site.call);
    if let Some(place) = &site.place {
        let (file, line, column) = (&place.file, place.line, place.column);
        let function = site.function.as_ref();
        let function = function.map_or_else(String::new, |function| format!(" in {function}"));
        let arrow = styled(DIM, "-->");
        _ = writeln!(text, "  {arrow} {file}:{line}:{column}{function}");
    }
    let to = current();
    _ = match (&site.instead, site.outcome) {
        (Some(instead), Outcome::Unknown) => writeln!(
            text,
            "  {to} has {instead}; there is no document of {from} to compare it with"
        ),
        (Some(instead), _) => writeln!(text, "  write {instead}"),
        (None, Outcome::Gone) => writeln!(text, "  the documents of {to} do not have it"),
        (None, _) => writeln!(text, "  no operation of {to} is known for it"),
    };
    let breaking = site
        .breaking
        .iter()
        .map(|change| (styled(BAD, "!"), change));
    let harmless = site
        .harmless
        .iter()
        .map(|change| (styled(DIM, "-"), change));
    let notes = site.notes.iter().map(|note| (styled(BAD, "!"), note));
    for (sign, change) in breaking.chain(notes).chain(harmless) {
        _ = writeln!(text, "  {sign} {change}");
    }
    _ = writeln!(text, "  {from} is supported until {}\n", support_text(from));
}
