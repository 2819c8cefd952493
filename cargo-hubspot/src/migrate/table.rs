//! What is known of versions: until when HubSpot supports them, and how each operation of an older one differs in the current
//! one.
//!
//! `cargo xtask regen` writes the table from the documents and the configuration in `specs/`.

use std::sync::LazyLock;

use hubspot_generated::Operation;
use serde::Serialize;

use crate::object_types::canonical;
use crate::operations;
use crate::path::{fits, is_parameter, is_word, version, without_version};

const TEXT: &str = include_str!("versions.tsv");

static TABLE: LazyLock<Table> = LazyLock::new(|| Table::parse(TEXT));

/// The lines of the table.
#[derive(Default)]
struct Table {
    current: &'static str,
    support: Vec<(&'static str, Until)>,
    on_crm_writes: Vec<(&'static str, &'static str)>,
    moves: Vec<Move>,
}

/// A date, and its source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Until {
    pub(super) date: &'static str,
    pub(super) source: &'static str,
}

/// An operation of an older version.
#[derive(Debug)]
pub(super) struct Move {
    /// The older version: `v3`.
    from: &'static str,
    method: &'static str,
    /// The template of the older path.
    pub(super) path: &'static str,
    /// Method and path template in the current version, if it is there.
    pub(super) to: Option<(&'static str, &'static str)>,
    pub(super) changes: Vec<Changed>,
}

/// A change of an operation.
#[derive(Debug)]
pub(super) struct Changed {
    pub(super) effect: Effect,
    pub(super) text: &'static str,
}

/// What a change can do to a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    /// It needs other scopes.
    Scopes,
    /// It may fail.
    Breaking,
    /// Its response lacks something. The compiler reports each use of a typed response.
    Response,
    Harmless,
}

impl Table {
    /// Lines that are not known are left out: a test counts them.
    fn parse(text: &'static str) -> Self {
        let mut table = Self::default();
        for line in text.lines() {
            let fields: Vec<_> = line.split('\t').collect();
            match fields.as_slice() {
                ["current", version] => table.current = version,
                ["support", version, date, source] => {
                    table.support.push((version, Until { date, source }));
                }
                ["writes", version, note] => table.on_crm_writes.push((version, note)),
                ["operation", from, method, path, to @ ..] => table.moves.push(Move {
                    from,
                    method,
                    path,
                    to: match to {
                        [method, path] => Some((*method, *path)),
                        _ => None,
                    },
                    changes: Vec::new(),
                }),
                ["change", effect, text] => {
                    let effect = match *effect {
                        "scopes" => Effect::Scopes,
                        "response" => Effect::Response,
                        "harmless" => Effect::Harmless,
                        _ => Effect::Breaking,
                    };
                    if let Some(of) = table.moves.last_mut() {
                        of.changes.push(Changed { effect, text });
                    }
                }
                _ => {}
            }
        }
        table
    }
}

/// The version that calls are migrated to.
pub(super) fn current() -> &'static str {
    TABLE.current
}

/// The older versions, those with a date last.
pub(super) fn versions() -> Vec<&'static str> {
    let versions = TABLE.support.iter().map(|(version, _)| *version);
    let mut versions: Vec<_> = versions.filter(|version| *version != current()).collect();
    versions.sort_unstable_by_key(|version| (!version.starts_with('v'), *version));
    versions.dedup();
    versions
}

/// The end of support of a version, by each source.
pub(super) fn support(version: &str) -> Vec<Until> {
    let support = TABLE.support.iter().filter(|(of, _)| *of == version);
    support.map(|(_, until)| *until).collect()
}

/// The same as text: `30 March 2027 (HubSpot's changelog) or September 2027 (HubSpot's migration guide)`.
pub(super) fn support_text(version: &str) -> String {
    let mut by_date: Vec<(&str, Vec<&str>)> = Vec::new();
    for until in support(version) {
        match by_date.iter_mut().find(|(date, _)| *date == until.date) {
            Some((_, sources)) => sources.push(until.source),
            None => by_date.push((until.date, vec![until.source])),
        }
    }
    let each = by_date.iter();
    let each = each.map(|(date, sources)| format!("{date} ({})", sources.join(", ")));
    each.collect::<Vec<_>>().join(" or ")
}

/// How writes of CRM records differ in the current version, in a way that documents do not show.
pub(super) fn on_crm_writes() -> impl Iterator<Item = &'static str> {
    let notes = TABLE.on_crm_writes.iter();
    notes
        .filter(|(version, _)| *version == current())
        .map(|(_, note)| *note)
}

/// The operation of an older version with this path, which may have values for parameters.
pub(super) fn find(from: &str, method: &str, path: &str) -> Option<&'static Move> {
    let fitting = TABLE.moves.iter();
    let fitting =
        fitting.filter(|one| one.from == from && one.method == method && fits(one.path, path));
    // The one with the fewest parameters says most.
    fitting.min_by_key(|one| one.path.matches('{').count())
}

/// A path of an older version with the names of parameters for its ids, so that requests of one kind have one path.
pub(super) fn without_ids(from: &str, path: &str) -> String {
    let path = canonical(path);
    let fitting = TABLE.moves.iter();
    let fitting = fitting.filter(|one| one.from == from && fits(one.path, &path));
    let known = fitting.min_by_key(|one| one.path.matches('{').count());
    let names = known.into_iter().flat_map(|known| known.path.split('/'));
    let names = names.chain(std::iter::repeat("{}"));
    let segments = path.split('/').zip(names);
    let segments = segments.map(|(segment, name)| {
        if is_word(segment) || is_parameter(segment) {
            segment
        } else {
            name
        }
    });
    segments.collect::<Vec<_>>().join("/")
}

/// The current operation whose path differs in the version only, for paths of versions without a document.
pub(super) fn alike(method: Option<&str>, path: &str) -> Option<&'static Operation> {
    let bare = without_version(path);
    let fitting = operations::all().filter(|operation| {
        version(operation.path) == Some(current())
            && method.is_none_or(|method| operation.method.as_str() == method)
            && fits(&without_version(operation.path), &bare)
    });
    fitting.min_by_key(|operation| operation.path.matches('{').count())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_read() {
        let moves = TABLE.moves.len();
        let changes: usize = TABLE.moves.iter().map(|one| one.changes.len()).sum();
        let read = 1 + TABLE.support.len() + TABLE.on_crm_writes.len() + moves + changes;
        let lines = TEXT.lines().filter(|line| !line.starts_with('#'));
        assert_eq!(read, lines.count());
        for effect in [
            Effect::Scopes,
            Effect::Breaking,
            Effect::Response,
            Effect::Harmless,
        ] {
            let mut all = TABLE.moves.iter().flat_map(|one| &one.changes);
            assert!(all.any(|change| change.effect == effect), "{effect:?}");
        }
    }

    #[test]
    fn the_table_has_the_operations_of_older_versions() {
        let list = find("v3", "GET", "/crm/v3/objects/contacts").unwrap();
        assert_eq!(list.to, Some(("GET", "/crm/objects/2026-09/contacts")));
        assert!(find("v3", "GET", "/crm/v3/objects/contacts/1/2/3/4").is_none());
        let older = operations::all().filter_map(|operation| {
            let from = version(operation.path).filter(|from| *from != current())?;
            Some((operation, from))
        });
        let older: Vec<_> = older.collect();
        assert!(!older.is_empty());
        for (operation, from) in older {
            let method = operation.method.as_str();
            let known = find(from, method, operation.path);
            assert!(known.is_some(), "{}", operation.id);
        }
    }

    #[test]
    fn every_older_version_has_an_end() {
        assert_eq!(versions(), ["v1", "v2", "v3", "v4", "2026-03"]);
        for (version, text) in [
            (
                "v3",
                "September 2027 (HubSpot's changelog, HubSpot's migration guide)",
            ),
            (
                "v4",
                "30 March 2027 (HubSpot's changelog) or September 2027 (HubSpot's migration guide)",
            ),
            ("2026-03", "September 2027 (HubSpot's rule of 18 months)"),
        ] {
            assert_eq!(support_text(version), text);
        }
    }
}
