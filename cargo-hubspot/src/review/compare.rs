//! Compares two states of a workspace.
//!
//! Packages and scope sets are compared with those of the same name. One that was renamed is compared with its former self if
//! nothing else was added or removed.

use std::collections::{BTreeMap, BTreeSet};

use hubspot_scopes::Requirement;

use super::change::{Cause, Change, ChangeKind};
use super::meaning;
use super::sides::{Call, Grade, Head, Package, Scopes, grade, packages, pairs};
use crate::finding::{described, quoted};
use crate::lock::{NONE, Standing, State};

/// How many alternatives of a requirement are shown.
const SHOWN: usize = 2;

/// Returns the changes, by package, the gravest first.
pub(super) fn compare(base: &State, head: &Head) -> Vec<Change> {
    let (before, after) = (packages(base), packages(&head.state));
    let mut changes = Vec::new();
    for (old, new) in pairs(&before, &after) {
        let name = new.or(old).unwrap_or_default();
        let both = Both {
            base,
            head,
            name,
            before: Package::of(base, old.unwrap_or_default()),
            after: Package::of(&head.state, new.unwrap_or_default()),
        };
        let mut of_package = both.changes();
        of_package
            .sort_by(|one, other| (one.kind, &one.subject).cmp(&(other.kind, &other.subject)));
        changes.extend(of_package);
    }
    changes
}

/// A package in both states.
struct Both<'a> {
    base: &'a State,
    head: &'a Head,
    name: &'a str,
    before: Package<'a>,
    after: Package<'a>,
}

impl Both<'_> {
    fn changes(&self) -> Vec<Change> {
        let [before, after] = [&self.before, &self.after].map(Package::sets);
        let mut changes = Vec::new();
        for (old, new) in pairs(&before, &after) {
            let none = Scopes::new();
            let [old_scopes, new_scopes] = [(&self.before, old), (&self.after, new)]
                .map(|(package, set)| set.and_then(|set| package.sets.get(set)).unwrap_or(&none));
            let names: BTreeSet<_> = old_scopes.keys().chain(new_scopes.keys()).collect();
            let set = new.or(old).unwrap_or(NONE);
            changes.extend(names.into_iter().filter_map(|scope| {
                self.of_scope(set, scope, old_scopes.get(scope), new_scopes.get(scope))
            }));
        }
        changes.extend(self.of_requirements());
        changes.extend(self.of_calls());
        let new = self.after.unknown.difference(&self.before.unknown);
        changes.extend(new.map(|call| self.unknown(*call)));
        changes
    }

    fn change(&self, kind: ChangeKind, subject: &str, message: String) -> Change {
        Change {
            kind,
            package: self.name.to_owned(),
            subject: subject.to_owned(),
            message,
            means: Vec::new(),
            because: Vec::new(),
            instead: Vec::new(),
        }
    }

    /// How a scope of a set changed.
    fn of_scope(
        &self,
        set: &str,
        scope: &str,
        old: Option<&Standing>,
        new: Option<&Standing>,
    ) -> Option<Change> {
        let standing = |standing: Option<&Standing>| {
            standing.copied().unwrap_or(Standing {
                list: None,
                needed: false,
            })
        };
        let (old, new) = (standing(old), standing(new));
        let (was, is) = (grade(old.list), grade(new.list));
        if set == NONE {
            return self.of_undeclared(scope, old, new);
        }
        let of_set = format!("of `{set}`");
        let list = new.list.map_or("", described);
        let change = |kind, message| {
            let mut change = self.change(kind, scope, message);
            change.means = meaning::of_scope(kind, scope);
            change.because = self.causes(scope, kind != ChangeKind::Removed);
            change
        };
        if is == Grade::Asked && was != Grade::Asked {
            let message = match old.list {
                Some(old) if was == Grade::Offered => {
                    format!(
                        "`{scope}` {of_set} was {}, and is {list} now",
                        described(old)
                    )
                }
                _ => format!("`{scope}` is a new {list} scope {of_set}"),
            };
            let mut change = change(ChangeKind::Required, message);
            change.instead = self.instead(scope, new.needed);
            return Some(change);
        }
        if is == Grade::Offered && was == Grade::Absent {
            let message = format!("`{scope}` is a new {list} scope {of_set}");
            let mut change = change(ChangeKind::Optional, message);
            change.instead = self.instead(scope, new.needed);
            return Some(change);
        }
        if is == Grade::Offered && was == Grade::Asked {
            let message = format!("`{scope}` {of_set} was required, and is {list} now");
            return Some(change(ChangeKind::Relaxed, message));
        }
        if is == Grade::Absent && was != Grade::Absent {
            let message = format!("`{scope}` {of_set} is no longer declared");
            return Some(change(ChangeKind::Removed, message));
        }
        let is_unneeded = old.needed && !new.needed && is != Grade::Absent;
        is_unneeded.then(|| self.unneeded(&of_set, scope))
    }

    /// A declared scope that is no longer needed.
    fn unneeded(&self, of_set: &str, scope: &str) -> Change {
        let message = format!("`{scope}` {of_set} is no longer needed, but still declared");
        let mut change = self.change(ChangeKind::Unneeded, scope, message);
        let is_certain = self
            .head
            .unused
            .contains(&(self.name.to_owned(), scope.to_owned()));
        let means = if is_certain {
            "It can be removed: `cargo hubspot audit --fix` does it"
        } else {
            "Tests, code that was not compiled or requests of unknown scopes may need it: see `cargo hubspot audit`"
        };
        change.means = vec![means.to_owned()];
        change
    }

    /// How a scope changed that no set of the package declares.
    fn of_undeclared(&self, scope: &str, old: Standing, new: Standing) -> Option<Change> {
        if old.needed == new.needed {
            return None;
        }
        if !new.needed {
            let declared = self.after.sets.values().any(|set| set.contains_key(scope));
            return (!declared).then(|| {
                let message = format!("`{scope}` is no longer needed");
                self.change(ChangeKind::Unneeded, scope, message)
            });
        }
        let message = if self.after.sets.len() > 1 {
            format!("`{scope}` is needed, and no scope set declares it")
        } else {
            format!("`{scope}` is needed by this package, which has no scope set")
        };
        let mut change = self.change(ChangeKind::Undeclared, scope, message);
        change.means = meaning::of_scope(ChangeKind::Undeclared, scope);
        change.because = self.causes(scope, true);
        change.instead = self.instead(scope, true);
        Some(change)
    }

    /// The calls that use a scope, in the new state or, if those are asked for, the gone ones of the old state.
    fn causes(&self, scope: &str, of_head: bool) -> Vec<Cause> {
        let state = if of_head { &self.head.state } else { self.base };
        let calls = state.calls.iter();
        let calls =
            calls.filter(|call| call.scope.scope == scope && call.scope.package == self.name);
        let calls: BTreeSet<Call<'_>> = calls
            .map(|call| (call.operation.as_str(), call.function.as_str()))
            .collect();
        let mut causes: Vec<_> = calls
            .into_iter()
            .flat_map(|call| self.cause(call))
            .collect();
        causes.retain(|cause| of_head || cause.place.is_none());
        causes.sort_by_key(|cause| !cause.is_new);
        causes
    }

    /// The call with each of its places.
    fn cause(&self, (operation, function): Call<'_>) -> Vec<Cause> {
        let key = (
            self.name.to_owned(),
            operation.to_owned(),
            function.to_owned(),
        );
        let is_new = !self.before.calls.contains(&(operation, function));
        let cause = |place| Cause {
            place,
            function: function.to_owned(),
            operation: operation.to_owned(),
            is_new,
        };
        match self.head.places.get(&key) {
            Some(places) => places
                .iter()
                .map(|place| cause(Some(place.clone())))
                .collect(),
            None => vec![cause(None)],
        }
    }

    /// Ways that need less than a scope.
    fn instead(&self, scope: &str, needed: bool) -> Vec<String> {
        let users = self.head.state.calls.iter();
        let users =
            users.filter(|call| call.scope.scope == scope && call.scope.package == self.name);
        let operations: BTreeSet<_> = users.map(|call| call.operation.as_str()).collect();
        let requirements = operations
            .into_iter()
            .filter_map(|id| Some((id, self.head.state.operations.get(id)?)));
        let declared = self
            .before
            .sets
            .values()
            .flat_map(BTreeMap::keys)
            .map(|scope| (*scope).to_owned());
        meaning::instead(scope, needed, requirements, &declared.collect())
    }

    /// Operations that need other scopes than before.
    fn of_requirements(&self) -> impl Iterator<Item = Change> {
        let called: BTreeSet<&str> = self
            .after
            .calls
            .iter()
            .map(|(operation, _)| *operation)
            .collect();
        let changed = called.into_iter().filter_map(|id| {
            let (old, new) = (
                self.base.operations.get(id)?,
                self.head.state.operations.get(id)?,
            );
            (old != new).then(|| {
                let message = format!(
                    "`{id}` needs {} now, and needed {} before",
                    words(new),
                    words(old)
                );
                let mut change = self.change(ChangeKind::Requirement, id, message);
                change.because = self
                    .after
                    .calls
                    .iter()
                    .filter(|call| call.0 == id)
                    .flat_map(|call| self.cause(*call))
                    .collect();
                change
            })
        });
        changed.collect::<Vec<_>>().into_iter()
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
            let needs = self
                .head
                .state
                .operations
                .get(operation)
                .map_or_else(String::new, words);
            let (kind, message) = if let Some(former) = former {
                gone.remove(&former);
                (
                    ChangeKind::Moved,
                    format!("`{operation}` is called instead of `{}`", former.0),
                )
            } else {
                (
                    ChangeKind::Call,
                    format!("`{operation}` is called, which needs {needs}"),
                )
            };
            let mut change = self.change(kind, operation, message);
            change.because = self.cause(*call);
            changes.push(change);
        }
        for call in gone {
            let message = format!("`{}` is no longer called in {}", call.0, within(call.1));
            changes.push(self.change(ChangeKind::Gone, call.0, message));
        }
        changes
    }

    fn unknown(&self, call: Call<'_>) -> Change {
        let (request, function) = call;
        let message = format!(
            "`{request}` in {} does not state its scopes",
            within(function)
        );
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
        quoted(&[function.to_owned()])
    }
}

fn words(requirement: &Requirement) -> String {
    if requirement.scopes().is_empty() {
        return "no scope".to_owned();
    }
    requirement.describe(SHOWN).to_string()
}
