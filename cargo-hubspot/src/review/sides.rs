//! The states that are compared, and how their parts are paired.

use std::collections::{BTreeMap, BTreeSet};

use hubspot_scopes::ScopeList;

use crate::lock::{NONE, Places, Standing, State, places};
use crate::model::Report;

/// The code that is reviewed.
pub(super) struct Head {
    pub(super) state: State,
    pub(super) places: Places,
    /// The package and the name of each scope that is certainly not needed.
    pub(super) unused: BTreeSet<(String, String)>,
}

impl Head {
    pub(super) fn of(report: &Report) -> Self {
        let unused = report.asked().flat_map(|package| {
            let unused = package.verdict.unused.iter();
            unused.map(|unused| (package.name.clone(), unused.scope.clone()))
        });
        Self {
            state: State::of(report),
            places: places(report),
            unused: unused.collect(),
        }
    }
}

/// The operation and the function of a call.
pub(super) type Call<'a> = (&'a str, &'a str);

/// Each scope of a set.
pub(super) type Scopes<'a> = BTreeMap<&'a str, Standing>;

pub(super) fn packages(state: &State) -> BTreeSet<&str> {
    let scopes = state.scopes.keys().map(|scope| scope.package.as_str());
    let calls = state.calls.iter().map(|call| call.scope.package.as_str());
    let unknown = state.unknown.iter().map(|unknown| unknown.package.as_str());
    scopes.chain(calls).chain(unknown).collect()
}

/// Pairs names before with names after.
pub(super) fn pairs<'a>(
    before: &BTreeSet<&'a str>,
    after: &BTreeSet<&'a str>,
) -> Vec<(Option<&'a str>, Option<&'a str>)> {
    let common = after
        .intersection(before)
        .map(|name| (Some(*name), Some(*name)));
    let gone: Vec<_> = before.difference(after).copied().collect();
    let new: Vec<_> = after.difference(before).copied().collect();
    let mut pairs: Vec<_> = common.collect();
    match (gone.as_slice(), new.as_slice()) {
        ([old], [new]) if *old != NONE && *new != NONE => pairs.push((Some(old), Some(new))),
        _ => {
            pairs.extend(gone.into_iter().map(|old| (Some(old), None)));
            pairs.extend(new.into_iter().map(|new| (None, Some(new))));
        }
    }
    pairs
}

/// A package in one of the states.
#[derive(Default)]
pub(super) struct Package<'a> {
    pub(super) sets: BTreeMap<&'a str, Scopes<'a>>,
    pub(super) calls: BTreeSet<Call<'a>>,
    pub(super) unknown: BTreeSet<Call<'a>>,
}

impl<'a> Package<'a> {
    /// The names of its scope sets.
    pub(super) fn sets(&self) -> BTreeSet<&'a str> {
        self.sets.keys().copied().collect()
    }

    pub(super) fn of(state: &'a State, name: &str) -> Self {
        let mut package = Self::default();
        for (scope, standing) in state
            .scopes
            .iter()
            .filter(|(scope, _)| scope.package == name)
        {
            let set = package.sets.entry(&scope.set).or_default();
            set.insert(&scope.scope, *standing);
        }
        let calls = state.calls.iter().filter(|call| call.scope.package == name);
        package.calls = calls
            .map(|call| (call.operation.as_str(), call.function.as_str()))
            .collect();
        let unknown = state
            .unknown
            .iter()
            .filter(|unknown| unknown.package == name);
        package.unknown = unknown
            .map(|one| (one.request.as_str(), one.function.as_str()))
            .collect();
        package
    }
}

/// Whether an account is asked for a scope when it installs the app.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Grade {
    Absent,
    /// The account may be asked, and may do without.
    Offered,
    Asked,
}

pub(super) const fn grade(list: Option<ScopeList>) -> Grade {
    match list {
        None | Some(ScopeList::Assume) => Grade::Absent,
        Some(ScopeList::Conditional | ScopeList::Optional) => Grade::Offered,
        Some(_) => Grade::Asked,
    }
}
