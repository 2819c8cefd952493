//! The findings of a report: what is wrong with a program's scopes.
//!
//! Each [`Finding`] has a message for the reader and a key that stays the same when lines move. The output formats show
//! findings, `--deny` counts them and a baseline accepts them.

mod item;
mod package;
mod production;
mod words;

pub(crate) use self::item::{Finding, FindingKind, Level, Removal};
use self::package::of_package;
pub(crate) use self::production::Production;
pub(crate) use self::words::{count, described, few, inexact, plural, quote, quoted, short, users};
use crate::model::Report;

/// All findings, the most important ones first.
pub(crate) fn findings<'a>(report: &'a Report, production: &'a Production) -> Vec<Finding<'a>> {
    let mut found: Vec<_> = report.requested().flat_map(of_package).collect();
    found.extend(report.unseen.iter().map(|unseen| {
        let (name, version) = (&unseen.name, &unseen.version);
        let message = format!("`{name}` {version} calls HubSpot, and its calls were not seen");
        Finding::new(FindingKind::Unseen, name, message)
            .note(format!("used by {}", quoted(&unseen.used_by)))
            .help("audit the finished program: `cargo hubspot audit --binary target/release/…`")
    }));
    found.extend(production.findings(report));
    found.sort_by_key(|finding| finding.kind);
    found
}
