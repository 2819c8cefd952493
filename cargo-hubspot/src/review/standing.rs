//! How the scopes of a set, and those that no set declares, have changed.

use std::collections::BTreeSet;

use hubspot_scopes::ScopeList;

use super::both::Both;
use super::change::{Change, ChangeKind};
use super::meaning::{self, Ways};
use super::pairing::Set;
use super::sides::{Grade, Scopes, grade};
use crate::finding::{described, quote, quoted};
use crate::lock::{NONE, SetScope, Standing, State};

/// The lists of a scope before and after.
pub(super) type Lists = (Option<ScopeList>, Option<ScopeList>);

impl Both<'_> {
    /// The changes of a scope set.
    pub(super) fn of_set(&self, old: Option<Set<'_>>, new: Option<Set<'_>>) -> Vec<Change> {
        let sides = Sides {
            set: new.or(old).unwrap_or_default(),
            old,
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
        let message = format!("{} is the scope set of a new package", quote(set));
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
        let lists = (old.list, new.list);
        let grades = self.grades(sides, scope, lists);
        if let Some(change) = self.of_lists(sides, scope, grades, lists) {
            return Some(change);
        }
        let is_unneeded = old.needed && !new.needed && new.list.is_some();
        is_unneeded.then(|| self.unneeded(sides.set, scope))
    }

    /// What an account was asked for, and is asked for, as far as this set changes it. An account is asked for what any scope
    /// set or app file of the package asks for.
    fn grades(&self, sides: &Sides<'_>, scope: &str, lists: Lists) -> (Grade, Grade) {
        let (was, is) = (grade(lists.0), grade(lists.1));
        let before = self.before.grade(scope).max(was);
        let after = self.after.grade(scope).max(is);
        if is > was {
            // What others asked for already is not new.
            return (before, is.max(before));
        }
        if is < was && after < was {
            return (was, after);
        }
        // Others still ask for it, but a set that stays has it no longer.
        let is_left_out = is < was && is == Grade::Absent && sides.is_paired;
        if is_left_out { (was, is) } else { (is, is) }
    }

    /// How the list of a scope changed, if an account notices.
    pub(super) fn of_lists(
        &self,
        sides: &Sides<'_>,
        scope: &str,
        (was, is): (Grade, Grade),
        (old, new): Lists,
    ) -> Option<Change> {
        let set = sides.set;
        let shown = format!("{} of {}", quote(scope), quote(set.1));
        let list = new.map_or("no longer declared", described);
        let was_list = old.map_or("not declared", described);
        let (kind, message) = match (was, is) {
            (Grade::Optional, Grade::Required) => (
                ChangeKind::Required,
                format!("{shown} was {was_list}, and is {list} now"),
            ),
            (Grade::Absent, Grade::Required | Grade::Optional) => {
                let is_required = is == Grade::Required;
                let kind = if is_required {
                    ChangeKind::Required
                } else {
                    ChangeKind::Optional
                };
                let [scope, set] = [scope, set.1].map(quote);
                (kind, format!("{scope} is a new {list} scope of {set}"))
            }
            (Grade::Required, Grade::Optional) => (
                ChangeKind::Relaxed,
                format!("{shown} was required, and is {list} now"),
            ),
            (Grade::Required | Grade::Optional, Grade::Absent) if old.is_some() => (
                ChangeKind::Removed,
                format!("{shown} is no longer declared"),
            ),
            _ => return None,
        };
        let mut change = self.change(kind, scope, message);
        change.means = meaning::of_scope(kind, was == Grade::Optional, scope);
        if new.is_none() {
            let still = self.still(scope);
            if kind == ChangeKind::Removed && !still.is_empty() {
                // The app goes on asking for it.
                change.means = vec![meaning::NOBODY.to_owned()];
            }
            change.means.extend(still);
        }
        let is_removed = kind == ChangeKind::Removed;
        let of_calls = sides.old.filter(|_| is_removed).unwrap_or(set);
        change.because = self.causes(of_calls, scope, !is_removed);
        change.at = self.head.place(set);
        if was < is {
            change.instead = self.instead(sides, scope, (was, is));
        }
        Some(change)
    }

    /// What still asks for a scope, in sentences without full stops.
    fn still(&self, scope: &str) -> Vec<String> {
        let sets = self.after.declaring(scope).map(|(set, _)| set.to_owned());
        let files = self.after.listing(scope).map(|(file, _)| file.to_owned());
        let all: [(_, Vec<_>); 2] = [("declared", sets.collect()), ("listed", files.collect())];
        let all = all.into_iter().filter(|(_, by)| !by.is_empty());
        all.map(|(how, by)| format!("It is still {how} by {}", quoted(&by)))
            .collect()
    }

    /// A declared scope that is no longer needed.
    fn unneeded(&self, set: Set<'_>, scope: &str) -> Change {
        let [shown, of] = [scope, set.1].map(quote);
        let message = format!("{shown} of {of} is no longer needed, but still declared");
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
            let shown = quote(scope);
            if !new.contains_key(scope) {
                let declared = self.after.sets.values().any(|set| set.contains_key(scope));
                let message = format!("{shown} is no longer needed");
                return (!declared).then(|| self.change(ChangeKind::Unneeded, scope, message));
            }
            let message = if self.after.sets.len() > 1 {
                format!("{shown} is needed, and no scope set declares it")
            } else {
                format!("{shown} is needed by this package, and no scope set declares it")
            };
            let mut change = self.change(ChangeKind::Undeclared, scope, message);
            change.means = meaning::of_scope(ChangeKind::Undeclared, false, scope);
            change.because = self.causes((self.name, NONE), scope, true);
            let sides = Sides {
                after: new.clone(),
                ..Sides::named((self.name, NONE))
            };
            change.instead = self.instead(&sides, scope, (Grade::Optional, Grade::Required));
            Some(change)
        });
        changes.collect()
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
#[derive(Default)]
pub(super) struct Sides<'a> {
    /// Its name in the new state, or in the old one if it is gone.
    set: Set<'a>,
    /// Its name in the old state.
    old: Option<Set<'a>>,
    is_paired: bool,
    before: Scopes<'a>,
    after: Scopes<'a>,
}

impl<'a> Sides<'a> {
    /// A set without scopes.
    pub(super) fn named(set: Set<'a>) -> Self {
        Self {
            set,
            ..Self::default()
        }
    }
}

fn scopes<'a>(state: &'a State, set: Option<Set<'_>>) -> Scopes<'a> {
    let scopes = state.scopes.iter();
    let scopes = scopes.filter(|(scope, _)| Some(scope.of_set()) == set);
    scopes
        .map(|(scope, standing)| (scope.scope.as_str(), *standing))
        .collect()
}
