//! How the scopes that app files list have changed.
//!
//! A file is compared with the one of the same path. A new one is compared with those that are gone, and one that is gone with
//! the new ones, so a file that is moved or renamed is compared with itself.

use std::collections::{BTreeMap, BTreeSet};

use hubspot_scopes::ScopeList;

use super::both::Both;
use super::change::{Change, ChangeKind};
use super::pairing::{Pair, Set};
use super::sides::{beginning, grade};
use super::standing::{Lists, Sides};
use crate::lock::State;

/// The list of each scope in each app file.
type Files<'a> = BTreeMap<&'a str, BTreeMap<&'a str, ScopeList>>;

/// The names that a package had and has, with those of packages that a scope set of its moved from or to.
pub(super) struct RelatedPackages<'a> {
    old: BTreeSet<&'a str>,
    new: BTreeSet<&'a str>,
    pair: Pair<&'a str>,
}

impl<'a> RelatedPackages<'a> {
    pub(super) fn of(pair: Pair<&'a str>, sets: &[Pair<Set<'a>>]) -> Self {
        let moved = || {
            sets.iter()
                .filter_map(|(old, new)| Some((old.as_ref()?.0, new.as_ref()?.0)))
        };
        let from = moved().filter(|(_, new)| pair.1 == Some(new));
        let to = moved().filter(|(old, _)| pair.0 == Some(old));
        Self {
            old: from.map(|(old, _)| old).chain(pair.0).collect(),
            new: to.map(|(_, new)| new).chain(pair.1).collect(),
            pair,
        }
    }
}

impl Both<'_> {
    /// Adds how app files changed, unless the same change of a scope set is known, or of the same file in another package.
    pub(super) fn of_files(
        &self,
        known: &mut Vec<Change>,
        others: &[Change],
        related: &RelatedPackages<'_>,
    ) {
        if self.is_new {
            return;
        }
        let mut found = Vec::new();
        for (file, scope, lists) in self.lists(related) {
            let sides = Sides::named((self.name, file));
            let grades = (grade(lists.0), grade(lists.1));
            let Some(mut change) = self.of_lists(&sides, scope, grades, lists) else {
                continue;
            };
            let is_same = |one: &Change| one.kind == change.kind && one.subject == change.subject;
            let is_file = |one: &Change| one.at.file == file;
            if known.iter().any(is_same) || others.iter().any(|one| is_same(one) && is_file(one)) {
                continue;
            }
            if change.kind == ChangeKind::Removed {
                change.message = change
                    .message
                    .replace("no longer declared", "no longer listed");
            }
            change.at = beginning(file);
            change.instead.clear();
            found.push(change);
        }
        known.extend(found);
    }

    /// How the package's files listed each scope, and list it now.
    fn lists(&self, related: &RelatedPackages<'_>) -> Vec<(&str, &str, Lists)> {
        let (base, head) = (self.base, &self.head.state);
        let (before, after) = (files(base), files(head));
        let (old, new) = (paths(base, &related.old), paths(head, &related.new));
        let gone = unless_empty(&old, &after);
        let added = unless_empty(&new, &before);
        let own_old = paths(base, &related.pair.0.into_iter().collect());
        let own_new = paths(head, &related.pair.1.into_iter().collect());
        let none = BTreeMap::new();
        let mut lists = Vec::new();
        for file in own_old.union(&own_new).copied() {
            let (old, new) = (before.get(file), after.get(file));
            let scopes = [old, new].map(|one| one.unwrap_or(&none).keys());
            let scopes: BTreeSet<_> = scopes.into_iter().flatten().copied().collect();
            let each = scopes.into_iter().map(|scope| {
                let was = old.map_or_else(
                    || strongest(&before, &gone, scope),
                    |one| one.get(scope).copied(),
                );
                let is = new.map_or_else(
                    || strongest(&after, &added, scope),
                    |one| one.get(scope).copied(),
                );
                (file, scope, (was, is))
            });
            // Of a file that is gone, only what is nowhere else.
            lists.extend(each.filter(|(.., lists)| new.is_some() || lists.1.is_none()));
        }
        lists
    }
}

/// The files of all packages.
fn files(state: &State) -> Files<'_> {
    let mut files = Files::new();
    for (one, list) in &state.listed {
        files.entry(&one.set).or_default().insert(&one.scope, *list);
    }
    files
}

/// The files of some packages.
fn paths<'a>(state: &'a State, packages: &BTreeSet<&str>) -> BTreeSet<&'a str> {
    let listed = state.listed.keys();
    let own = listed.filter(|one| packages.contains(one.package.as_str()));
    own.map(|one| one.set.as_str()).collect()
}

/// Those that the other state does not have; all if it has them all.
fn unless_empty<'a>(own: &BTreeSet<&'a str>, other: &Files<'_>) -> BTreeSet<&'a str> {
    let mut only = own.clone();
    only.retain(|file| !other.contains_key(file));
    if only.is_empty() { own.clone() } else { only }
}

/// The list of a scope in the file that asks for it the most.
fn strongest(files: &Files<'_>, among: &BTreeSet<&str>, scope: &str) -> Option<ScopeList> {
    let lists = among.iter().filter_map(|file| files.get(file)?.get(scope));
    lists.copied().max_by_key(|list| grade(Some(*list)))
}
