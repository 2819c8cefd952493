//! Withdraws `unused` and `replaceable` for scopes that tests need, or that code may need which was not compiled.

use std::collections::{BTreeMap, BTreeSet};

use super::bounds::Bounded;
use super::uncompiled::Around;
use crate::model::{
    CallSite, DeclaredScope, Inexact, List, Replaceable, ScopeSet, TestOnly, Undecided, Verdict,
};

/// What a verdict on the scopes of `sets` has to leave alone.
pub(super) struct Withhold<'a> {
    /// The package's own scope sets.
    pub(super) sets: &'a [&'a ScopeSet],
    /// Calls, of operations or of functions that state scopes, that do not count but have to compile.
    pub(super) uncounted: &'a [&'a CallSite],
    /// Functions whose bounds have to be satisfied by what satisfies them now.
    pub(super) bounded: &'a [Bounded],
    pub(super) around: &'a Around<'a, 'a>,
}

impl Withhold<'_> {
    /// Takes back what the code that does not count, or was not compiled, speaks against.
    pub(super) fn from(&self, verdict: &mut Verdict) {
        self.tests(verdict);
        self.uncompiled(verdict);
        self.bounds(verdict);
        let has_derives = !self.around.derives().is_empty();
        let (uncompiled, derives) = if self.sets.is_empty() {
            (!self.around.may_call().is_empty(), has_derives)
        } else {
            let by = || verdict.undecided.iter().flat_map(|undecided| &undecided.by);
            let derives = self.around.derives();
            let is_other = by().any(|one| !derives.contains(one));
            (is_other, has_derives && !verdict.undecided.is_empty())
        };
        let mut because: BTreeSet<_> = verdict.because.iter().copied().collect();
        because.extend(uncompiled.then_some(Inexact::UncompiledCode));
        because.extend(derives.then_some(Inexact::Derives));
        verdict.exact = because.is_empty();
        verdict.because = because.into_iter().collect();
    }

    /// Keeps what the calls that do not count need: each call that the declared scopes allow must still be allowed.
    fn tests(&self, verdict: &mut Verdict) {
        let declared = self.declared();
        let allowed = self
            .uncounted
            .iter()
            .filter(|call| call.requirement.satisfied_by(&declared));
        let allowed: Vec<_> = allowed.collect();
        let mut needed: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        loop {
            let kept = |scope: &String| needed.contains_key(scope);
            let left = self.left(verdict, &kept);
            let mut found = BTreeMap::<_, BTreeSet<_>>::new();
            for call in allowed
                .iter()
                .filter(|call| !call.requirement.satisfied_by(&left))
            {
                for scope in call.requirement.scopes() {
                    if declared.contains(scope) && !left.contains(scope) {
                        let place = format!("{}:{}", call.place.file, call.place.line);
                        found.entry(scope.to_owned()).or_default().insert(place);
                    }
                }
            }
            if found.is_empty() {
                break;
            }
            needed.extend(found);
        }
        let test_only = take(verdict, |subject| {
            let places = needed.get(&subject.scope)?.iter().cloned().collect();
            Some(TestOnly {
                declared: subject.clone(),
                places,
            })
        });
        verdict.test_only.extend(test_only);
    }

    fn declared(&self) -> BTreeSet<String> {
        let scopes = self.sets.iter().flat_map(|set| &set.scopes);
        scopes.map(|one| one.scope.clone()).collect()
    }

    /// What the sets have once the advice is followed, but for what is kept.
    fn left(&self, verdict: &Verdict, kept: &impl Fn(&String) -> bool) -> BTreeSet<String> {
        let goes = |set: &ScopeSet, scope: &String, list: List| {
            let is_it = |subject: &DeclaredScope| {
                subject.set == set.name && subject.scope == *scope && subject.list == list
            };
            let replaceable = verdict.replaceable.iter().map(|one| &one.declared);
            !kept(scope) && verdict.unused.iter().chain(replaceable).any(is_it)
        };
        let each = self
            .sets
            .iter()
            .flat_map(|set| set.scopes.iter().map(move |one| (*set, one)));
        let stays = each.filter(|(set, one)| !goes(set, &one.scope, one.list));
        let comes = verdict
            .replaceable
            .iter()
            .filter(|one| !kept(&one.declared.scope));
        stays
            .map(|(_, one)| one.scope.clone())
            .chain(comes.flat_map(|one| one.by.clone()))
            .collect()
    }

    /// Keeps what code may need that was not compiled.
    fn uncompiled(&self, verdict: &mut Verdict) {
        let undecided = take(verdict, |subject| {
            let by = self.around.may_need(&subject.scope);
            (!by.is_empty()).then(|| Undecided {
                declared: subject.clone(),
                by,
            })
        });
        verdict.undecided.extend(undecided);
    }

    /// Names the functions whose bounds the declared scopes satisfy, but would not without the scope in question.
    fn bounds(&self, verdict: &mut Verdict) {
        let declared = self.declared();
        let hold = |scopes: &BTreeSet<String>, bounded: &Bounded| {
            let mut requires = bounded.requires.iter();
            requires.all(|requirement| requirement.satisfied_by(scopes))
        };
        let replaceable = verdict.replaceable.iter_mut().map(|one| &mut one.declared);
        for subject in verdict.unused.iter_mut().chain(replaceable) {
            let mut left = declared.clone();
            left.remove(&subject.scope);
            let bounded = self.bounded.iter();
            let bounded = bounded.filter(|one| hold(&declared, one) && !hold(&left, one));
            let last = |path: &str| path.rsplit("::").next().unwrap_or(path).to_owned();
            for one in bounded {
                // One that is called is named already, with its package.
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

/// Takes out of the verdict each scope of which `make` makes something.
fn take<T>(verdict: &mut Verdict, make: impl Fn(&DeclaredScope) -> Option<T>) -> Vec<T> {
    let mut taken = Vec::new();
    let mut keep = |subject: &DeclaredScope| match make(subject) {
        Some(one) => {
            taken.push(one);
            false
        }
        None => true,
    };
    verdict.unused.retain(|subject| keep(subject));
    verdict
        .replaceable
        .retain(|Replaceable { declared, .. }| keep(declared));
    taken
}
