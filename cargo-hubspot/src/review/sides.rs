//! The states that are compared.

use std::collections::{BTreeMap, BTreeSet};

use hubspot_scopes::{LoginKind, ScopeList};

use super::pairing::Set;
use crate::lock::{NONE, Places, SetScope, Standing, State, named, places};
use crate::model::{OUT_DIR, Package as Audited, Place, Report};

/// The code that is reviewed.
pub(super) struct Head {
    pub(super) state: State,
    pub(super) places: Places,
    /// The scopes that are certainly not needed, and whether `audit --fix` removes them.
    pub(super) unused: BTreeMap<SetScope, bool>,
    /// How the app of a package logs in, if its app files say so.
    pub(super) logins: BTreeMap<String, LoginKind>,
    /// Where each package is.
    manifests: BTreeMap<String, String>,
    /// Where each scope set is.
    sets: BTreeMap<(String, String), Place>,
}

impl Head {
    pub(super) fn of(report: &Report) -> Self {
        let packages = || report.requested();
        let sets = packages().flat_map(|package| {
            let sets = named(package).into_iter();
            sets.map(|(name, set)| ((package.name.clone(), name), set.place.clone()))
        });
        let logins = packages().filter_map(|package| {
            let files = package.app_files.iter();
            let logins: BTreeSet<_> = files.filter_map(|file| file.login).collect();
            let login = logins.first().copied().filter(|_| logins.len() == 1);
            Some((package.name.clone(), login?))
        });
        let manifests = packages().map(|package| (package.name.clone(), package.manifest.clone()));
        Self {
            state: State::of(report),
            places: places(report),
            unused: packages().flat_map(unused).collect(),
            logins: logins.collect(),
            manifests: manifests.collect(),
            sets: sets.collect(),
        }
    }

    /// A state without places.
    #[cfg(test)]
    pub(super) fn of_state(state: State) -> Self {
        Self {
            state,
            places: Places::new(),
            unused: BTreeMap::new(),
            logins: BTreeMap::new(),
            manifests: BTreeMap::new(),
            sets: BTreeMap::new(),
        }
    }

    /// The place of a scope set, or else of its package or the workspace.
    pub(super) fn place(&self, (package, set): Set<'_>) -> Place {
        let known = self.sets.get(&(package.to_owned(), set.to_owned()));
        known.cloned().unwrap_or_else(|| {
            let manifest = self
                .manifests
                .get(package)
                .map_or("Cargo.toml", String::as_str);
            beginning(manifest)
        })
    }
}

/// The beginning of a file.
pub(super) fn beginning(file: &str) -> Place {
    Place {
        file: file.to_owned(),
        line: 1,
        column: 1,
        end_line: 1,
        end_column: 1,
        ..Place::default()
    }
}

fn unused(package: &Audited) -> Vec<(SetScope, bool)> {
    let verdict = &package.verdict;
    let sets = named(package).into_iter();
    let unused = sets.flat_map(|(name, set)| {
        let is_generated = set.place.file.starts_with(OUT_DIR);
        let of_set = verdict.unused.iter().filter(|one| {
            let mut scopes = set.scopes.iter();
            one.set == set.name && scopes.any(|scope| scope.place == one.place)
        });
        let scopes = of_set.map(move |one| {
            let scope = SetScope {
                package: package.name.clone(),
                set: name.clone(),
                scope: one.scope.clone(),
            };
            let is_held = is_generated || verdict.has_unknown_requests || !one.stated_by.is_empty();
            (scope, !is_held)
        });
        scopes.collect::<Vec<_>>()
    });
    unused.collect()
}

/// The operation and the function of a call.
pub(super) type Call<'a> = (&'a str, &'a str);

/// Each scope of a set.
pub(super) type Scopes<'a> = BTreeMap<&'a str, Standing>;

/// A package in one of the states.
#[derive(Default)]
pub(super) struct Package<'a> {
    pub(super) sets: BTreeMap<&'a str, Scopes<'a>>,
    pub(super) calls: BTreeSet<Call<'a>>,
    pub(super) unknown: BTreeSet<Call<'a>>,
    /// The scopes that each of its app files lists.
    listed: Vec<(&'a SetScope, Grade)>,
}

impl<'a> Package<'a> {
    pub(super) fn of(state: &'a State, name: Option<&str>) -> Self {
        let mut package = Self::default();
        let Some(name) = name else { return package };
        for (scope, standing) in &state.scopes {
            if scope.package == name {
                let set = package.sets.entry(&scope.set).or_default();
                set.insert(&scope.scope, *standing);
            }
        }
        let has_set = package.sets.keys().any(|set| *set != NONE);
        let covered = if has_set {
            BTreeSet::new()
        } else {
            covered(state)
        };
        let is_own = |call: &Call<'_>| {
            has_set || (!call.1.contains('/') && !covered.contains(&(name, call.0, call.1)))
        };
        let mut undeclared = BTreeSet::new();
        for call in state.calls.iter().filter(|call| call.scope.package == name) {
            let one = (call.operation.as_str(), call.function.as_str());
            if is_own(&one) {
                package.calls.insert(one);
                undeclared.insert(call.scope.scope.as_str());
            }
        }
        if let Some(scopes) = package.sets.get_mut(NONE) {
            scopes.retain(|scope, _| undeclared.contains(scope));
        }
        let unknown = state.unknown.iter().filter(|one| one.package == name);
        package.unknown = unknown
            .map(|one| (one.request.as_str(), one.function.as_str()))
            .collect();
        let listed = state.listed.iter().filter(|(one, _)| one.package == name);
        package.listed = listed
            .map(|(one, list)| (one, grade(Some(*list))))
            .collect();
        package
    }

    /// What its app files and its scope sets say of a scope together.
    pub(super) fn grade(&self, scope: &str) -> Grade {
        let asking = self.declaring(scope).map(|(_, grade)| grade);
        let asking = asking.chain(self.listing(scope).map(|(_, grade)| grade));
        asking.max().unwrap_or(Grade::Absent)
    }

    /// The scope sets that ask for a scope.
    pub(super) fn declaring(&self, scope: &str) -> impl Iterator<Item = (&'a str, Grade)> {
        let sets = self.sets.iter();
        let grades = sets.filter_map(move |(name, set)| Some((*name, grade(set.get(scope)?.list))));
        grades.filter(|(_, grade)| *grade > Grade::Absent)
    }

    /// The app files that ask for a scope.
    pub(super) fn listing(&self, scope: &str) -> impl Iterator<Item = (&'a str, Grade)> {
        let listed = self
            .listed
            .iter()
            .filter(move |(one, _)| one.scope == scope);
        let grades = listed.map(|(one, grade)| (one.set.as_str(), *grade));
        grades.filter(|(_, grade)| *grade > Grade::Absent)
    }
}

/// The calls of packages that other packages make with their scope sets: package, operation and function.
fn covered(state: &State) -> BTreeSet<(&str, &str, &str)> {
    let declaring: BTreeSet<_> = state
        .scopes
        .keys()
        .filter(|scope| scope.set != NONE)
        .collect();
    let declaring: BTreeSet<_> = declaring.into_iter().map(|scope| &scope.package).collect();
    let calls = state
        .calls
        .iter()
        .filter(|call| declaring.contains(&call.scope.package));
    let of_others = calls.filter_map(|call| {
        let (package, function) = call.function.split_once('/')?;
        Some((package, call.operation.as_str(), function))
    });
    of_others.collect()
}

/// Whether an account is asked for a scope when it installs the app.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Grade {
    Absent,
    /// The account may be asked, and may do without.
    Optional,
    Required,
}

pub(super) fn grade(list: Option<ScopeList>) -> Grade {
    match list.filter(|list| list.is_requested()) {
        None => Grade::Absent,
        Some(list) if list.is_granted() => Grade::Required,
        Some(_) => Grade::Optional,
    }
}
