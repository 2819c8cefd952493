//! How the scopes of a set, of an app file, and those that no set declares have changed.

use std::collections::{BTreeMap, BTreeSet};

use hubspot_scopes::ScopeList;

use super::change::{Change, ChangeKind};
use super::compare::Both;
use super::meaning::{self, Ways};
use super::pairing::Set;
use super::sides::{Grade, Scopes, beginning, grade};
use crate::finding::{described, quoted};
use crate::lock::{NONE, SetScope, Standing, State};

/// The lists of a scope before and after.
type Lists = (Option<ScopeList>, Option<ScopeList>);

impl Both<'_> {
    /// The changes of a scope set.
    pub(super) fn of_set(&self, old: Option<Set<'_>>, new: Option<Set<'_>>) -> Vec<Change> {
        let sides = Sides {
            set: new.or(old).unwrap_or_default(),
            is_paired: old.is_some() && new.is_some(),
            before: scopes(self.base, old),
            after: scopes(&self.head.state, new),
        };
        if let Some((_, set)) = new.filter(|_| old.is_none() && self.is_new) {
            return vec![self.of_new_set(set, &sides.after)];
        }
        let names = sides.before.keys().chain(sides.after.keys());
        let names: BTreeSet<_> = names.copied().collect();
        let changes = names
            .into_iter()
            .filter_map(|scope| self.of_scope(&sides, scope));
        changes.collect()
    }

    /// The scope set of a new package: nobody has installed its app.
    fn of_new_set(&self, set: &str, scopes: &Scopes<'_>) -> Change {
        let message = format!("`{set}` is the scope set of a new package");
        let mut change = self.change(ChangeKind::NewSet, set, message);
        let scopes: Vec<_> = scopes.keys().map(|scope| (*scope).to_owned()).collect();
        change.means = vec![
            format!("It declares {}", quoted(&scopes)),
            "Nobody has to consent again to a new app. If the package is for an app that is installed already, its accounts \
             must consent to each required scope that they have not granted"
                .to_owned(),
        ];
        change.at = self.head.place((self.name, set));
        change
    }

    /// How a scope of a set changed.
    fn of_scope(&self, sides: &Sides<'_>, scope: &str) -> Option<Change> {
        let standing = |scopes: &Scopes<'_>| {
            scopes.get(scope).copied().unwrap_or(Standing {
                list: None,
                needed: false,
            })
        };
        let (old, new) = (standing(&sides.before), standing(&sides.after));
        let (mut was, mut is) = (grade(old.list), grade(new.list));
        if sides.is_paired {
            // The account is asked for what the app file lists, whether the code declares it or not.
            was = was.max(self.before.listed(scope));
            if new.list.is_some() {
                is = is.max(self.after.listed(scope));
            }
        } else {
            // Another set of the package may have asked for it already, or still does.
            was = was.max(self.before.grade(scope));
            is = is.max(self.after.grade(scope));
        }
        let lists = (old.list, new.list);
        if let Some(change) = self.of_lists(sides, scope, (was, is), lists) {
            return Some(change);
        }
        let is_unneeded = old.needed && !new.needed && new.list.is_some();
        is_unneeded.then(|| self.unneeded(sides.set, scope))
    }

    /// How the list of a scope changed, if an account notices.
    fn of_lists(
        &self,
        sides: &Sides<'_>,
        scope: &str,
        (was, is): (Grade, Grade),
        (old, new): Lists,
    ) -> Option<Change> {
        let set = sides.set;
        let of_set = format!("of `{}`", set.1);
        let list = new.map_or("no longer declared", described);
        let was_list = old.map_or("not declared", described);
        let (kind, message) = match (was, is) {
            (Grade::Optional, Grade::Required) => {
                let message = format!("`{scope}` {of_set} was {was_list}, and is {list} now");
                (ChangeKind::Required, message)
            }
            (Grade::Absent, Grade::Required | Grade::Optional) => {
                let is_required = is == Grade::Required;
                let kind = if is_required {
                    ChangeKind::Required
                } else {
                    ChangeKind::Optional
                };
                (kind, format!("`{scope}` is a new {list} scope {of_set}"))
            }
            (Grade::Required, Grade::Optional) => {
                let message = format!("`{scope}` {of_set} was required, and is {list} now");
                (ChangeKind::Relaxed, message)
            }
            (Grade::Required | Grade::Optional, Grade::Absent) if old.is_some() => {
                let message = format!("`{scope}` {of_set} is no longer declared");
                (ChangeKind::Removed, message)
            }
            _ => return None,
        };
        let mut change = self.change(kind, scope, message);
        change.means = meaning::of_scope(kind, was == Grade::Optional, scope);
        change.because = self.causes(set, scope, kind != ChangeKind::Removed);
        change.at = self.head.place(set);
        if was < is {
            change.instead = self.instead(sides, scope, (was, is));
        }
        Some(change)
    }

    /// A declared scope that is no longer needed.
    fn unneeded(&self, set: Set<'_>, scope: &str) -> Change {
        let message = format!(
            "`{scope}` of `{}` is no longer needed, but still declared",
            set.1
        );
        let mut change = self.change(ChangeKind::Unneeded, scope, message);
        let means = match self.head.unused.get(&SetScope::new(set, scope)) {
            Some(true) => "It can be removed: `cargo hubspot audit --fix` does it",
            Some(false) => {
                "Functions that state it, requests of unknown scopes or a build script keep it: see `cargo hubspot audit`"
            }
            None => {
                "Tests, code that was not compiled or requests of unknown scopes may need it: see `cargo hubspot audit`"
            }
        };
        change.means = vec![means.to_owned()];
        change.at = self.head.place(set);
        change
    }

    /// How the scopes changed that no set declares.
    pub(super) fn of_undeclared(&self) -> Vec<Change> {
        let none = Scopes::new();
        let [old, new] = [&self.before, &self.after].map(|one| one.sets.get(NONE).unwrap_or(&none));
        let names: BTreeSet<_> = old.keys().chain(new.keys()).copied().collect();
        let differing = names
            .into_iter()
            .filter(|scope| old.contains_key(scope) != new.contains_key(scope));
        let changes = differing.filter_map(|scope| {
            if !new.contains_key(scope) {
                let declared = self.after.sets.values().any(|set| set.contains_key(scope));
                let message = format!("`{scope}` is no longer needed");
                return (!declared).then(|| self.change(ChangeKind::Unneeded, scope, message));
            }
            let message = if self.after.sets.len() > 1 {
                format!("`{scope}` is needed, and no scope set declares it")
            } else {
                format!("`{scope}` is needed by this package, and no scope set declares it")
            };
            let mut change = self.change(ChangeKind::Undeclared, scope, message);
            change.means = meaning::of_scope(ChangeKind::Undeclared, false, scope);
            change.because = self.causes((self.name, NONE), scope, true);
            let sides = Sides {
                set: (self.name, NONE),
                is_paired: false,
                before: Scopes::new(),
                after: new.clone(),
            };
            change.instead = self.instead(&sides, scope, (Grade::Optional, Grade::Required));
            Some(change)
        });
        changes.collect()
    }

    /// Adds how app files changed, unless the same change of a scope set is known.
    pub(super) fn of_files(&self, known: &mut Vec<Change>, others: &[Change]) {
        let (before, after) = (
            listed(self.base, self.name),
            listed(&self.head.state, self.name),
        );
        let keys: BTreeSet<_> = before.keys().chain(after.keys()).collect();
        for key in keys {
            let &(file, scope) = key;
            let (old, new) = (before.get(key).copied(), after.get(key).copied());
            let sides = Sides {
                set: (self.name, file),
                is_paired: true,
                before: Scopes::new(),
                after: Scopes::new(),
            };
            let grades = (grade(old), grade(new));
            let Some(mut change) = self.of_lists(&sides, scope, grades, (old, new)) else {
                continue;
            };
            let is_same = |one: &Change| one.kind == change.kind && one.subject == change.subject;
            let is_file = |one: &Change| one.at.file == file;
            let is_known =
                known.iter().any(is_same) || others.iter().any(|one| is_same(one) && is_file(one));
            if self.is_new || is_known {
                continue;
            }
            change.message = change
                .message
                .replace("no longer declared", "no longer listed");
            change.at = beginning(file);
            change.instead.clear();
            known.push(change);
        }
    }

    /// Ways that need less than a scope.
    fn instead(&self, sides: &Sides<'_>, scope: &str, grades: (Grade, Grade)) -> Vec<String> {
        let users = self.head.state.calls.iter();
        let users =
            users.filter(|call| call.scope.of_set() == sides.set && call.scope.scope == scope);
        let operations: BTreeSet<_> = users.map(|call| call.operation.as_str()).collect();
        let needs = operations.into_iter().flat_map(|id| {
            let needs = self.head.state.operations.get(id).into_iter().flatten();
            needs.map(move |needs| (id, needs))
        });
        let is_required = |scopes: &Scopes<'_>, scope: &str| {
            scopes
                .get(scope)
                .is_some_and(|one| grade(one.list) == Grade::Required)
        };
        let kept = sides
            .after
            .keys()
            .filter(|scope| is_required(&sides.before, scope) && is_required(&sides.after, scope));
        let removable = self.head.unused.get(&SetScope::new(sides.set, scope));
        Ways {
            scope,
            login: self.head.logins.get(self.name).copied(),
            asked: kept.map(|scope| (*scope).to_owned()).collect(),
            is_unused: removable == Some(&true),
            is_new_requirement: grades == (Grade::Absent, Grade::Required),
        }
        .of(&needs.collect::<Vec<_>>())
    }
}

/// A scope set before and after.
struct Sides<'a> {
    /// Its name in the new state, or in the old one if it is gone.
    set: Set<'a>,
    is_paired: bool,
    before: Scopes<'a>,
    after: Scopes<'a>,
}

fn scopes<'a>(state: &'a State, set: Option<Set<'_>>) -> Scopes<'a> {
    let scopes = state.scopes.iter();
    let scopes = scopes.filter(|(scope, _)| Some(scope.of_set()) == set);
    scopes
        .map(|(scope, standing)| (scope.scope.as_str(), *standing))
        .collect()
}

/// The list of each scope in each app file of a package.
fn listed<'a>(state: &'a State, package: &str) -> BTreeMap<(&'a str, &'a str), ScopeList> {
    let listed = state
        .listed
        .iter()
        .filter(|(one, _)| one.package == package);
    listed
        .map(|(one, list)| ((one.set.as_str(), one.scope.as_str()), *list))
        .collect()
}
