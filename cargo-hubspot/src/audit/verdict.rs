//! What follows for the scopes of a package.
//!
//! Comes in: what it declares, and every call that counts for it. Goes out: the [`Verdict`]. Refuses nothing.

use std::collections::{BTreeMap, BTreeSet};

use hubspot_scopes::{Alternative, Requirement, Scheme, least_privilege_preferring};

use crate::app_file::LOGIN;
use crate::model::{
    Assumed, CallSite, Declared, Inexact, Judged, List, Need, Replaceable, ScopeSet, Verdict,
};

/// What a verdict is about.
pub(super) struct Case<'a> {
    /// The packages whose calls count, by name.
    pub(super) packages: Vec<String>,
    /// The package's own scope sets that count.
    pub(super) sets: Vec<&'a ScopeSet>,
    /// The scope sets of all packages whose calls count.
    pub(super) all_sets: Vec<&'a ScopeSet>,
    /// The calls that count.
    pub(super) calls: Vec<&'a CallSite>,
    /// The calls of functions of the workspace that count.
    pub(super) helper_calls: Vec<&'a CallSite>,
    /// What keeps the verdict from being exact, besides the number of sets.
    pub(super) because: BTreeSet<Inexact>,
    /// How the app logs in, where that is known.
    pub(super) login: Option<Scheme>,
}

impl Case<'_> {
    /// The verdict.
    pub(super) fn decide(self) -> Verdict {
        let needs = self.needs();
        let assumed = scopes(&self.all_sets, |list| list == List::Assume);
        let declared = scopes(&self.sets, |list| list != List::Assume);
        // What is there whatever is called: scopes that HubSpot does not ask for, and the one for signing in.
        let login = declared.get(LOGIN).cloned().into_iter().collect();
        let given = &assumed | &login;
        let to_satisfy: Vec<_> = needs
            .keys()
            .filter_map(|need| beyond(need, &given))
            .collect();
        let least = least_privilege_preferring(&to_satisfy, &declared);
        let sufficient = &least | &given;
        let mut verdict = Verdict {
            missing: self.missing(&needs),
            ..Verdict::default()
        };
        for (set, declared) in self.declared() {
            let useful: Vec<_> = needs
                .iter()
                .filter(|(need, _)| need.scopes().contains(declared.scope.as_str()))
                .collect();
            let operations: BTreeSet<_> = useful.iter().flat_map(|(_, names)| *names).collect();
            let operations = operations.into_iter().cloned().collect();
            let judged = Judged {
                scope: declared.scope.clone(),
                set: set.name.clone(),
                list: declared.list,
                place: declared.place.clone(),
                stated_by: self.stating(&declared.scope),
            };
            if declared.list == List::Assume {
                verdict.assumed.push(Assumed {
                    declared: judged,
                    operations,
                });
            } else if login.contains(&declared.scope) || least.contains(&declared.scope) {
                // It is needed.
            } else if useful.is_empty() {
                verdict.unused.push(judged);
            } else {
                let by = useful
                    .iter()
                    .filter_map(|(need, _)| satisfying(need, &sufficient))
                    .flat_map(|alternative| alternative.scopes().clone());
                verdict.replaceable.push(Replaceable {
                    declared: judged,
                    by: by.collect::<BTreeSet<_>>().into_iter().collect(),
                    operations,
                });
            }
        }
        verdict.because = self.because();
        verdict.exact = verdict.because.is_empty();
        let login = declared.get(LOGIN).cloned();
        verdict.least_set = (&least | &login.into_iter().collect())
            .into_iter()
            .collect();
        verdict.packages = self.packages;
        verdict.needs = needs
            .into_iter()
            .map(|(requirement, operations)| need(requirement, operations))
            .collect();
        verdict
    }

    /// The called functions that state a scope.
    fn stating(&self, scope: &str) -> Vec<String> {
        let states = |call: &&&CallSite| call.requirement.scopes().contains(scope);
        let stating = self.helper_calls.iter().filter(states);
        let names: BTreeSet<_> = stating.map(|call| call.operation.clone()).collect();
        names.into_iter().collect()
    }

    /// Every scope of the package's own sets, with its set.
    fn declared(&self) -> impl Iterator<Item = (&ScopeSet, &Declared)> {
        let sets = self.sets.iter();
        sets.flat_map(|set| set.scopes.iter().map(move |scope| (*set, scope)))
    }

    /// Each requirement, and the operations that have it. With the kind of login its other alternatives go, unless that
    /// would leave none.
    fn needs(&self) -> BTreeMap<Requirement, BTreeSet<String>> {
        let mut needs: BTreeMap<_, BTreeSet<String>> = BTreeMap::new();
        let made_here = self.calls.iter().filter(|call| self.may_be_made(call));
        for call in made_here.filter(|call| !call.requirement.is_none()) {
            let requirement = self
                .login
                .and_then(|login| for_login(&call.requirement, login))
                .unwrap_or_else(|| call.requirement.ignoring_schemes());
            needs
                .entry(requirement)
                .or_default()
                .insert(call.operation.clone());
        }
        needs
    }

    /// Whether a call may be made with a scope set of this package: the compiler has seen to it that no call is made with
    /// a set that does not have its scopes, nor one in a function that requires more of it.
    fn may_be_made(&self, call: &CallSite) -> bool {
        self.sets.is_empty()
            || self.because.contains(&Inexact::UncheckedClients)
            || self.sets.iter().any(|set| set.allows(call))
    }

    /// Whether a requirement is known only from calls that are perhaps made with another set.
    fn has_doubtful_needs(&self) -> bool {
        let made_here = || self.calls.iter().filter(|call| self.may_be_made(call));
        let is_certain = |doubtful: &CallSite| {
            let mut others = made_here().filter(|call| call.other_bounds.is_empty());
            others.any(|call| call.requirement == doubtful.requirement)
        };
        let doubtful =
            made_here().filter(|call| !call.other_bounds.is_empty() && !call.requirement.is_none());
        !self.sets.is_empty() && doubtful.into_iter().any(|call| !is_certain(call))
    }

    /// The needs that only scopes for another kind of login would satisfy.
    fn missing(&self, needs: &BTreeMap<Requirement, BTreeSet<String>>) -> Vec<Need> {
        if self.login.is_none() || self.sets.is_empty() {
            return Vec::new();
        }
        // Whatever an upgraded client may have, too: what is optional is not missing.
        let granted = scopes(&self.all_sets, |_| true);
        needs
            .iter()
            .filter(|(need, _)| !need.satisfied_by(&granted))
            .map(|(requirement, operations)| need(requirement.clone(), operations.clone()))
            .collect()
    }

    fn because(&self) -> Vec<Inexact> {
        let mut because = self.because.clone();
        if self.all_sets.len() > 1 {
            because.insert(Inexact::SeveralSets);
        }
        if self.has_doubtful_needs() {
            because.insert(Inexact::GenericFunctions);
        }
        because.into_iter().collect()
    }
}

fn need(requirement: Requirement, operations: BTreeSet<String>) -> Need {
    Need {
        requirement,
        operations: operations.into_iter().collect(),
    }
}

/// The scopes in the lists that are wanted.
fn scopes(sets: &[&ScopeSet], wanted: impl Fn(List) -> bool) -> BTreeSet<String> {
    sets.iter()
        .flat_map(|set| &set.scopes)
        .filter(|declared| wanted(declared.list))
        .map(|declared| declared.scope.clone())
        .collect()
}

/// The alternatives for a kind of login; none if there are none.
fn for_login(requirement: &Requirement, login: Scheme) -> Option<Requirement> {
    let alternatives = requirement.alternatives().iter();
    let mut alternatives = alternatives
        .filter(|alternative| alternative.schemes().contains(login))
        .map(|alternative| Alternative::all_of(alternative.scopes().iter().cloned()))
        .peekable();
    alternatives
        .peek()
        .is_some()
        .then(|| Requirement::new(alternatives))
}

/// What is needed besides `given`; none if that is enough.
fn beyond(need: &Requirement, given: &BTreeSet<String>) -> Option<Requirement> {
    if need.satisfied_by(given) {
        return None;
    }
    let alternatives = need.alternatives().iter();
    Some(Requirement::new(alternatives.map(|alternative| {
        Alternative::all_of(alternative.scopes().difference(given).cloned())
    })))
}

/// The first alternative that `scopes` has all of.
fn satisfying<'a>(need: &'a Requirement, scopes: &BTreeSet<String>) -> Option<&'a Alternative> {
    let mut alternatives = need.alternatives().iter();
    alternatives.find(|alternative| alternative.scopes().is_subset(scopes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Place;

    fn set(name: &str, scopes: &[(&str, List)]) -> ScopeSet {
        let declared = |&(scope, list): &(&str, List)| Declared {
            scope: scope.to_owned(),
            list,
            place: Place::default(),
        };
        ScopeSet {
            name: name.to_owned(),
            place: Place::default(),
            source: None,
            scopes: scopes.iter().map(declared).collect(),
            targets: Vec::new(),
            counts: true,
        }
    }

    fn call(operation: &str, requirement: &str) -> CallSite {
        CallSite {
            place: Place::default(),
            written: None,
            function: None,
            operation: operation.to_owned(),
            is_function: false,
            requirement: requirement.parse().unwrap(),
            within: Vec::new(),
            other_bounds: Vec::new(),
            targets: Vec::new(),
            ships: true,
            counts: true,
        }
    }

    /// A case with the package's own sets only.
    fn case<'a>(sets: &'a [ScopeSet], calls: &'a [CallSite]) -> Case<'a> {
        Case {
            packages: vec!["app".to_owned()],
            sets: sets.iter().collect(),
            all_sets: sets.iter().collect(),
            calls: calls.iter().collect(),
            helper_calls: Vec::new(),
            because: BTreeSet::new(),
            login: None,
        }
    }

    fn scopes_of(judged: &[Judged]) -> Vec<&str> {
        judged.iter().map(|judged| judged.scope.as_str()).collect()
    }

    #[test]
    fn signing_in_is_never_unused_and_costs_nothing() {
        let sets = [set(
            "App",
            &[("oauth", List::Required), ("a", List::Required)],
        )];
        let verdict = case(&sets, &[call("x.y", r#"any("a", "oauth")"#)]).decide();
        assert_eq!(verdict.least_set, ["oauth"]);
        assert_eq!(scopes_of(&verdict.unused), Vec::<&str>::new());
        assert_eq!(verdict.replaceable[0].declared.scope, "a");
        assert_eq!(verdict.replaceable[0].by, ["oauth"]);
    }

    #[test]
    fn what_is_declared_stays_where_nothing_is_better() {
        let sets = [set(
            "App",
            &[("b.read", List::Required), ("c.write", List::Required)],
        )];
        let calls = [
            call("x.y", r#"any("a.read", "b.read")"#),
            call("x.z", r#"any("a.read", "c.write")"#),
        ];
        let verdict = case(&sets, &calls[..1]).decide();
        assert_eq!(
            (verdict.least_set, verdict.replaceable),
            (vec!["b.read".to_owned()], vec![])
        );
        // One scope for both is fewer.
        assert_eq!(case(&sets, &calls).decide().least_set, ["a.read"]);
    }

    #[test]
    fn calls_with_the_sets_of_other_packages_are_not_this_ones() {
        let sets = [set("App", &[("a", List::Required), ("b", List::Optional)])];
        let calls = [
            call("x.a", r#""a""#),
            call("x.b", r#""b""#),
            call("x.c", r#""c""#),
        ];
        let verdict = case(&sets, &calls).decide();
        assert_eq!(verdict.least_set, ["a", "b"]);
        let unchecked = Case {
            because: BTreeSet::from([Inexact::UncheckedClients]),
            ..case(&sets, &calls)
        };
        let verdict = unchecked.decide();
        assert_eq!(verdict.least_set, ["a", "b", "c"]);
        assert!(!verdict.exact);
    }

    #[test]
    fn the_kind_of_login_decides_between_alternatives() {
        let sets = [set("App", &[("new", List::Required)])];
        let calls = [call("x.y", r#"any(oauth2("new"), private_apps("old"))"#)];
        let as_login = |login| Case {
            login: Some(login),
            ..case(&sets, &calls)
        };
        let verdict = as_login(Scheme::OAuth2).decide();
        assert_eq!(
            (verdict.least_set, verdict.missing),
            (vec!["new".to_owned()], vec![])
        );
        let verdict = as_login(Scheme::PrivateApps).decide();
        assert_eq!(verdict.least_set, ["old"]);
        assert_eq!(verdict.missing[0].operations, ["x.y"]);
        assert_eq!(scopes_of(&verdict.unused), ["new"]);
    }
}
