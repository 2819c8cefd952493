//! Decides which declared scopes of a package are needed, unused or replaceable.

use std::collections::BTreeSet;

use hubspot_scopes::{Alternative, LoginKind, Requirement};

use super::least::{Least, Needs};
use crate::app_file::LOGIN;
use crate::model::{
    Assumed, CallSite, DeclaredScope, Inexact, List, Need, Replaceable, ScopeSet, Verdict,
};
use crate::operations::of_both_types;

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
    /// The raw requests that count, with what they are known to need.
    pub(super) raw_calls: Vec<&'a CallSite>,
    /// The calls of functions of the workspace that count.
    pub(super) helper_calls: Vec<&'a CallSite>,
    /// Why the verdict is not exact, besides the number of sets.
    pub(super) because: BTreeSet<Inexact>,
    /// How the app logs in, if that is known.
    pub(super) login: Option<LoginKind>,
}

impl Case<'_> {
    /// Returns the verdict.
    pub(super) fn decide(self) -> Verdict {
        let needs = self.needs();
        let declared = scopes(&self.sets, List::is_requested);
        let login = declared.get(LOGIN).cloned();
        // Scopes that HubSpot does not ask for, and the one for signing in, are there whatever is called.
        let assumed = scopes(&self.all_sets, |list| !list.is_requested());
        let given = &assumed | &login.iter().cloned().collect();
        let least = Least::of(&needs, &declared, &given);
        let because = self.because(&least);
        let mut verdict = Verdict {
            missing: self.missing(&needs),
            exact: because.is_empty(),
            because,
            ..Verdict::default()
        };
        for declared in self.declared() {
            sort(&mut verdict, declared, &needs, &least);
        }
        // What another set has is no advice for this one: there it may allow more.
        let is_own = |one: &Replaceable| {
            let mut own = self.sets.iter().filter(|set| set.name == one.declared.set);
            own.any(|set| one.by.iter().all(|by| set.has(by)))
        };
        if self.all_sets.len() > 1 {
            verdict.replaceable.retain(is_own);
        }
        let least_set: BTreeSet<_> = least.scopes.into_iter().chain(login).collect();
        verdict.least_set = least_set.into_iter().collect();
        verdict.packages = self.packages;
        verdict.needs = needs.iter().map(need).collect();
        verdict
    }

    /// Every scope of the package's own sets.
    fn declared(&self) -> impl Iterator<Item = DeclaredScope> {
        let each = self
            .sets
            .iter()
            .flat_map(|set| set.scopes.iter().map(move |one| (set, one)));
        each.map(|(set, declared)| DeclaredScope {
            scope: declared.scope.clone(),
            set: set.name.clone(),
            list: declared.list,
            place: declared.place.clone(),
            stated_by: self.stating(&declared.scope),
        })
    }

    /// The called functions that state a scope.
    fn stating(&self, scope: &str) -> Vec<String> {
        let calls = self.helper_calls.iter();
        let stating = calls.filter(|call| call.requirement.scopes().contains(scope));
        let names: BTreeSet<_> = stating.map(|call| call.operation.clone()).collect();
        names.into_iter().collect()
    }

    /// Each requirement, and the operations that have it. The alternatives for another kind of login are left out, unless
    /// there are no others.
    fn needs(&self) -> Needs {
        let mut needs = Needs::new();
        for call in self.possible_calls() {
            let of_both = of_both_types(&call.operation, &call.requirement);
            for requirement in std::iter::once(call.requirement.clone()).chain(of_both) {
                let of_login = self.login.and_then(|login| for_login(&requirement, login));
                let operations = needs.entry(of_login.unwrap_or(requirement)).or_default();
                operations.insert(call.operation.clone());
            }
        }
        needs
    }

    /// The calls that need scopes and may be made with a scope set of this package. The compiler makes sure that no call
    /// is made with a set that does not have its scopes, nor one in a function that requires more of it.
    fn possible_calls(&self) -> impl Iterator<Item = &CallSite> {
        let any = self.sets.is_empty() || self.because.contains(&Inexact::UncheckedClients);
        let calls = self.calls.iter().chain(&self.raw_calls).copied();
        let possible =
            calls.filter(move |call| any || self.sets.iter().any(|set| set.allows(call)));
        let undeclared = self.undeclared_requests().filter(move |_| !any);
        let possible = possible.chain(undeclared);
        possible.filter(|call| !call.requirement.is_none())
    }

    /// The raw requests whose scopes no set has: the compiler does not check them.
    fn undeclared_requests(&self) -> impl Iterator<Item = &CallSite> {
        let calls = self.raw_calls.iter().copied();
        calls.filter(|call| {
            !self.all_sets.iter().any(|set| set.allows(call))
                && self.sets.iter().any(|set| set.allows_function(call))
        })
    }

    /// Returns whether a requirement is known only from calls that may be made with another set.
    fn has_doubtful_needs(&self) -> bool {
        let (certain, doubtful): (Vec<_>, Vec<_>) = self
            .possible_calls()
            .partition(|call| call.other_bounds.is_empty());
        let is_certain = |call: &&CallSite| {
            let mut certain = certain.iter();
            certain.any(|other| other.requirement == call.requirement)
        };
        !self.sets.is_empty() && !doubtful.iter().all(is_certain)
    }

    /// The needs of raw requests, and those that only scopes for another kind of login would satisfy.
    fn missing(&self, needs: &Needs) -> Vec<Need> {
        if self.sets.is_empty() {
            return Vec::new();
        }
        let of_requests: BTreeSet<_> = self
            .undeclared_requests()
            .map(|call| call.operation.as_str())
            .collect();
        let is_checked = |names: &BTreeSet<String>| {
            self.login.is_some() || names.iter().any(|name| of_requests.contains(name.as_str()))
        };
        // An upgraded client may have the optional scopes: they are not missing.
        let granted = scopes(&self.all_sets, |_| true);
        let missing = needs
            .iter()
            .filter(|(need, names)| is_checked(names) && !need.satisfied_by(&granted));
        missing.map(need).collect()
    }

    fn because(&self, least: &Least) -> Vec<Inexact> {
        let mut because = self.because.clone();
        because.extend((!least.is_certain).then_some(Inexact::ObjectTypes));
        because.extend((self.all_sets.len() > 1).then_some(Inexact::SeveralSets));
        because.extend(
            self.has_doubtful_needs()
                .then_some(Inexact::GenericFunctions),
        );
        because.into_iter().collect()
    }
}

/// Adds a declared scope to the list of the verdict that it belongs to.
fn sort(verdict: &mut Verdict, declared: DeclaredScope, needs: &Needs, least: &Least) {
    let is_used = |need: &Requirement| need.scopes().contains(declared.scope.as_str());
    let uses = || needs.iter().filter(|(need, _)| is_used(need));
    let operations: BTreeSet<_> = uses().flat_map(|(_, names)| names.clone()).collect();
    let operations: Vec<_> = operations.into_iter().collect();
    let replaceable = |by: BTreeSet<String>| Replaceable {
        declared: declared.clone(),
        by: by.into_iter().collect(),
        operations: operations.clone(),
    };
    let sufficient = least.sufficient();
    if !declared.list.is_requested() {
        verdict.assumed.push(Assumed {
            declared,
            operations,
        });
    } else if sufficient.contains(&declared.scope) {
        let alternative = least.alternative(&declared.scope, needs);
        verdict.alternatives.extend(alternative.map(replaceable));
    } else if operations.is_empty() {
        verdict.unused.push(declared);
    } else {
        let by = uses().filter_map(|(need, _)| {
            let mut alternatives = need.alternatives().iter();
            alternatives.find(|alternative| alternative.scopes().is_subset(&sufficient))
        });
        let by = by.flat_map(|alternative| alternative.scopes().clone());
        verdict.replaceable.push(replaceable(by.collect()));
    }
}

fn need((requirement, operations): (&Requirement, &BTreeSet<String>)) -> Need {
    Need {
        requirement: requirement.clone(),
        operations: operations.iter().cloned().collect(),
    }
}

/// The scopes in the wanted lists.
fn scopes(sets: &[&ScopeSet], is_wanted: impl Fn(List) -> bool) -> BTreeSet<String> {
    let declared = sets.iter().flat_map(|set| &set.scopes);
    let wanted = declared.filter(|declared| is_wanted(declared.list));
    wanted.map(|declared| declared.scope.clone()).collect()
}

/// The alternatives for a kind of login; `None` if there are none.
fn for_login(requirement: &Requirement, login: LoginKind) -> Option<Requirement> {
    let alternatives = requirement.alternatives().iter();
    let alternatives = alternatives.filter(|alternative| alternative.logins().contains(login));
    let mut alternatives = alternatives
        .map(|alternative| Alternative::all_of(alternative.scopes().iter().cloned()))
        .peekable();
    alternatives.peek()?;
    Some(Requirement::new(alternatives))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Declared, Place};

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
            route: None,
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
            raw_calls: Vec::new(),
            helper_calls: Vec::new(),
            because: BTreeSet::new(),
            login: None,
        }
    }

    fn scopes_of(declared: &[DeclaredScope]) -> Vec<&str> {
        let scopes = declared.iter().map(|declared| declared.scope.as_str());
        scopes.collect()
    }

    #[test]
    fn signing_in_is_never_unused_and_costs_nothing() {
        let scopes = [("oauth", List::Required), ("a", List::Required)];
        let sets = [set("App", &scopes)];
        let verdict = case(&sets, &[call("x.y", r#"any("a", "oauth")"#)]).decide();
        assert_eq!(verdict.least_set, ["oauth"]);
        assert_eq!(scopes_of(&verdict.unused), Vec::<&str>::new());
        assert_eq!(verdict.replaceable[0].declared.scope, "a");
        assert_eq!(verdict.replaceable[0].by, ["oauth"]);
    }

    #[test]
    fn what_is_declared_stays_where_nothing_is_better() {
        let scopes = [("b.read", List::Required), ("c.write", List::Required)];
        let sets = [set("App", &scopes)];
        let calls = [
            call("x.y", r#"any("a.read", "b.read")"#),
            call("x.z", r#"any("a.read", "c.write")"#),
        ];
        let verdict = case(&sets, &calls[..1]).decide();
        assert_eq!(
            (verdict.least_set, verdict.replaceable),
            (vec!["b.read".to_owned()], vec![])
        );
        // One scope for both would be fewer, but what it allows is not known.
        assert_eq!(
            case(&sets, &calls).decide().least_set,
            ["b.read", "c.write"]
        );
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
    fn what_another_set_has_replaces_nothing() {
        let [all, one] = ["e-commerce", "crm.objects.line_items.read"];
        let either = r#"any("crm.objects.line_items.read", "e-commerce")"#;
        let calls = [
            call("line_items.list", either),
            call("x.y", r#""e-commerce""#),
        ];
        for list in [List::Required, List::Assume] {
            let sets = [
                set("Wide", &[(all, list)]),
                set("Narrow", &[(one, List::Required)]),
            ];
            let verdict = case(&sets, &calls).decide();
            assert_eq!(verdict.replaceable, []);
            assert_eq!(scopes_of(&verdict.unused), Vec::<&str>::new());
        }
        let both = [set("Both", &[(all, List::Required), (one, List::Required)])];
        let verdict = case(&both, &calls).decide();
        assert_eq!(verdict.replaceable[0].declared.scope, one);
    }

    #[test]
    fn requests_that_no_set_allows_are_missing() {
        let sets = [set("Set", &[("a", List::Required)])];
        let calls = [call("x.y", r#""a""#)];
        let requests = [call("GET /b", r#""b""#), call("GET /a", r#""a""#)];
        let with_requests = |all_sets| Case {
            raw_calls: requests.iter().collect(),
            all_sets,
            ..case(&sets, &calls)
        };
        let verdict = with_requests(sets.iter().collect()).decide();
        assert_eq!(verdict.least_set, ["a", "b"]);
        assert_eq!(verdict.missing[0].operations, ["GET /b"]);
        assert_eq!(verdict.missing.len(), 1);
        // The set of another package has the scope: there the request is made.
        let other = set("Other", &[("b", List::Required)]);
        let verdict = with_requests(vec![&sets[0], &other]).decide();
        assert_eq!(verdict.least_set, ["a"]);
        assert!(verdict.missing.is_empty());
    }

    #[test]
    fn the_kind_of_login_decides_between_alternatives() {
        let sets = [set("App", &[("new", List::Required)])];
        let calls = [call("x.y", r#"any(oauth2("new"), private_apps("old"))"#)];
        let as_login = |login| Case {
            login: Some(login),
            ..case(&sets, &calls)
        };
        let verdict = as_login(LoginKind::OAuth2).decide();
        assert_eq!(
            (verdict.least_set, verdict.missing),
            (vec!["new".to_owned()], vec![])
        );
        let verdict = as_login(LoginKind::PrivateApps).decide();
        assert_eq!(verdict.least_set, ["old"]);
        assert_eq!(verdict.missing[0].operations, ["x.y"]);
        assert_eq!(scopes_of(&verdict.unused), ["new"]);
    }
}
