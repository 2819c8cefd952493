//! Withdraws `unused` and `replaceable` for scopes that tests need, or that code may need that was not compiled.

use std::collections::{BTreeMap, BTreeSet};

use super::bounds::Bounded;
use super::uncompiled::Around;
use crate::model::{
    CallSite, DeclaredScope, Inexact, List, ScopeSet, TestOnly, Undecided, Verdict,
};

/// What a verdict on the scopes of `sets` must not touch.
pub(super) struct Withhold<'a> {
    /// The package's own scope sets.
    pub(super) sets: &'a [&'a ScopeSet],
    /// Calls, of operations or of functions that state scopes, that do not count but have to compile.
    pub(super) uncounted: &'a [&'a CallSite],
    /// Functions whose bounds have to stay satisfied.
    pub(super) bounded: &'a [Bounded],
    pub(super) around: &'a Around<'a, 'a>,
}

impl Withhold<'_> {
    /// Withdraws the advice that would break code that does not count or was not compiled.
    pub(super) fn from(&self, verdict: &mut Verdict) {
        self.tests(verdict);
        let undecided = take(verdict, |declared| {
            let by = self.around.may_need(&declared.scope);
            let declared = declared.clone();
            (!by.is_empty()).then_some(Undecided { declared, by })
        });
        verdict.undecided.extend(undecided);
        self.bounds(verdict);
        let derives = self.around.derives();
        let (is_uncompiled, is_derived) = if self.sets.is_empty() {
            (!self.around.may_call().is_empty(), !derives.is_empty())
        } else {
            let mut by = verdict.undecided.iter().flat_map(|undecided| &undecided.by);
            let is_undecided = !verdict.undecided.is_empty();
            (
                by.any(|one| !derives.contains(one)),
                is_undecided && !derives.is_empty(),
            )
        };
        let mut because: BTreeSet<_> = verdict.because.drain(..).collect();
        because.extend(is_uncompiled.then_some(Inexact::UncompiledCode));
        because.extend(is_derived.then_some(Inexact::Derives));
        verdict.exact = because.is_empty();
        verdict.because = because.into_iter().collect();
    }

    /// Keeps what the calls that do not count need: each call that the declared scopes allow must still be allowed.
    fn tests(&self, verdict: &mut Verdict) {
        let declared = self.declared();
        let calls = self.uncounted.iter();
        let allowed: Vec<_> = calls
            .filter(|call| call.requirement.satisfied_by(&declared))
            .collect();
        let mut needed: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        loop {
            let left = self.left(verdict, &|scope| needed.contains_key(scope));
            let calls = allowed.iter();
            let broken = calls.filter(|call| !call.requirement.satisfied_by(&left));
            let mut found = BTreeMap::<_, BTreeSet<_>>::new();
            for call in broken {
                let place = format!("{}:{}", call.place.file, call.place.line);
                let scopes = call.requirement.scopes().into_iter();
                for scope in
                    scopes.filter(|scope| declared.contains(*scope) && !left.contains(*scope))
                {
                    found
                        .entry(scope.to_owned())
                        .or_default()
                        .insert(place.clone());
                }
            }
            if found.is_empty() {
                break;
            }
            needed.extend(found);
        }
        let test_only = take(verdict, |declared| {
            let places = needed.get(&declared.scope)?.iter().cloned().collect();
            let declared = declared.clone();
            Some(TestOnly { declared, places })
        });
        verdict.test_only.extend(test_only);
    }

    fn declared(&self) -> BTreeSet<String> {
        let scopes = self.sets.iter().flat_map(|set| &set.scopes);
        scopes.map(|one| one.scope.clone()).collect()
    }

    /// The scopes that the sets have once the advice is followed, except for those that are kept.
    fn left(&self, verdict: &Verdict, is_kept: &dyn Fn(&String) -> bool) -> BTreeSet<String> {
        let goes = |set: &ScopeSet, scope: &String, list: List| {
            let is_it = |declared: &DeclaredScope| {
                declared.set == set.name && declared.scope == *scope && declared.list == list
            };
            let replaceable = verdict.replaceable.iter().map(|one| &one.declared);
            !is_kept(scope) && verdict.unused.iter().chain(replaceable).any(is_it)
        };
        let sets = self.sets.iter();
        let each = sets.flat_map(|set| set.scopes.iter().map(move |one| (*set, one)));
        let stays = each.filter(|(set, one)| !goes(set, &one.scope, one.list));
        let replaced = verdict.replaceable.iter();
        let replaced = replaced.filter(|one| !is_kept(&one.declared.scope));
        let stays = stays.map(|(_, one)| one.scope.clone());
        stays
            .chain(replaced.flat_map(|one| one.by.clone()))
            .collect()
    }

    /// Names the functions whose bounds the declared scopes satisfy, but would not without the scope in question.
    fn bounds(&self, verdict: &mut Verdict) {
        let declared = self.declared();
        let holds = |scopes: &BTreeSet<String>, bounded: &Bounded| {
            let mut requires = bounded.requires.iter();
            requires.all(|requirement| requirement.satisfied_by(scopes))
        };
        let replaceable = verdict.replaceable.iter_mut().map(|one| &mut one.declared);
        for subject in verdict.unused.iter_mut().chain(replaceable) {
            let mut left = declared.clone();
            left.remove(&subject.scope);
            let bounded = self.bounded.iter();
            let bounded = bounded.filter(|one| holds(&declared, one) && !holds(&left, one));
            let last = |path: &str| path.rsplit("::").next().unwrap_or(path).to_owned();
            for one in bounded {
                // A called one is named already, with its package.
                let mut named = subject.stated_by.iter();
                if !named.any(|named| last(named) == last(&one.function)) {
                    subject.stated_by.push(one.function.clone());
                }
            }
            subject.stated_by.sort();
            subject.stated_by.dedup();
        }
    }
}

/// Removes from the verdict each scope for which `make` returns something.
fn take<T>(verdict: &mut Verdict, make: impl Fn(&DeclaredScope) -> Option<T>) -> Vec<T> {
    let mut taken = Vec::new();
    let mut keep = |declared: &DeclaredScope| {
        let one = make(declared);
        let is_kept = one.is_none();
        taken.extend(one);
        is_kept
    };
    verdict.unused.retain(&mut keep);
    verdict.replaceable.retain(|one| keep(&one.declared));
    taken
}
