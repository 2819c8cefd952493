//! Compares two states of a workspace: packages, scopes, requirements and calls.

use std::collections::BTreeSet;

use hubspot_scopes::Requirement;

use super::both::Both;
use super::change::{Change, ChangeKind};
use super::files::RelatedPackages;
use super::meaning::SHOWN;
use super::pairing::{self, Pair, Set};
use super::sides::{Call, Head, Package};
use crate::finding::quote;
use crate::lock::{NONE, State};

/// Returns the changes, by package, the gravest first.
pub(super) fn compare(base: &State, head: &Head) -> Vec<Change> {
    let packages = pairing::packages(base, &head.state);
    let sets = pairing::sets(base, &head.state, &packages);
    let mut changes: Vec<Change> = Vec::new();
    for &(old, new) in &packages {
        let name = new.or(old).unwrap_or_default();
        let both = Both {
            base,
            head,
            name,
            is_new: old.is_none(),
            before: Package::of(base, old),
            after: Package::of(&head.state, new),
        };
        let is_own = |pair: &&Pair<Set<'_>>| match (pair.1, pair.0) {
            (Some(set), _) => set.0 == name,
            (None, Some(set)) => Some(set.0) == old,
            (None, None) => false,
        };
        let mut of_package: Vec<_> = sets
            .iter()
            .filter(is_own)
            .flat_map(|(old, new)| both.of_set(*old, *new))
            .collect();
        of_package.extend(both.of_undeclared());
        both.of_files(
            &mut of_package,
            &changes,
            &RelatedPackages::of((old, new), &sets),
        );
        of_package.extend(both.of_requirements());
        of_package.extend(both.of_calls());
        let unknown = both.after.unknown.difference(&both.before.unknown);
        of_package.extend(unknown.map(|call| both.unknown(*call)));
        of_package
            .sort_by(|one, other| (one.kind, &one.subject).cmp(&(other.kind, &other.subject)));
        changes.extend(of_package);
    }
    changes
}

impl Both<'_> {
    /// Operations that need other scopes than before. What raw requests state is not the catalogue's.
    fn of_requirements(&self) -> Vec<Change> {
        let called: BTreeSet<&str> = self
            .after
            .calls
            .iter()
            .map(|(operation, _)| *operation)
            .filter(|operation| !operation.contains(' '))
            .collect();
        let changed = called.into_iter().filter_map(|id| {
            let old = self.base.operations.get(id)?;
            let new = self.head.state.operations.get(id)?;
            if old == new {
                return None;
            }
            let (old, new) = (each(old), each(new));
            let message = format!("`{id}` needs {new} now, and needed {old} before");
            let mut change = self.change(ChangeKind::Requirement, id, message);
            let calls = self.after.calls.iter().filter(|call| call.0 == id);
            change.because = calls.flat_map(|call| self.cause(*call)).collect();
            Some(change)
        });
        changed.collect()
    }

    /// New calls, calls that are gone, and those that moved to another version.
    fn of_calls(&self) -> Vec<Change> {
        let mut gone: BTreeSet<Call<'_>> = self
            .before
            .calls
            .difference(&self.after.calls)
            .copied()
            .collect();
        let mut changes = Vec::new();
        for call in self.after.calls.difference(&self.before.calls) {
            let (operation, function) = *call;
            let is_former = |other: &&Call<'_>| {
                other.1 == function && unversioned(other.0) == unversioned(operation)
            };
            let former = gone.iter().find(is_former).copied();
            let needs = self.head.state.operations.get(operation);
            let shown = quote(operation);
            let (kind, message) = if let Some(former) = former {
                gone.remove(&former);
                let message = format!("{shown} is called instead of {}", quote(former.0));
                (ChangeKind::Moved, message)
            } else {
                let needs = needs.map_or_else(String::new, each);
                let message = format!("{shown} is called, which needs {needs}");
                (ChangeKind::Call, message)
            };
            let mut change = self.change(kind, operation, message);
            change.because = self.cause(*call);
            changes.push(change);
        }
        for call in gone {
            let shown = quote(call.0);
            let message = format!("{shown} is no longer called in {}", within(call.1));
            changes.push(self.change(ChangeKind::Gone, call.0, message));
        }
        changes
    }

    fn unknown(&self, call: Call<'_>) -> Change {
        let (request, function) = call;
        let shown = quote(request);
        let message = format!("{shown} in {} does not state its scopes", within(function));
        let mut change = self.change(ChangeKind::Unknown, request, message);
        change.means = vec![
            "Any scope may be needed for it, so the audit cannot say which are not".to_owned(),
        ];
        change.because = self.cause(call);
        change.instead = vec!["State its scopes with `request!` or `#[hubspot_scopes]`".to_owned()];
        change
    }
}

/// The id of an operation without its version.
fn unversioned(id: &str) -> &str {
    let version = id.split_once('.').filter(|(version, _)| {
        let number = version.strip_prefix('v');
        number.is_some_and(|number| number.starts_with(|first: char| first.is_ascii_digit()))
    });
    version.map_or(id, |(_, rest)| rest)
}

fn within(function: &str) -> String {
    if function == NONE {
        "no function".to_owned()
    } else {
        quote(function)
    }
}

/// What an operation needs, in each version of the client.
fn each(requirements: &BTreeSet<Requirement>) -> String {
    let words = requirements.iter().map(|requirement| {
        if requirement.is_none() {
            return "no scope".to_owned();
        }
        requirement.describe(SHOWN).to_string()
    });
    let words: BTreeSet<_> = words.collect();
    Vec::from_iter(words).join(" or, elsewhere, ")
}
