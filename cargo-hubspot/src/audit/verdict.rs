//! Decides which declared scopes of a package are needed, unused or replaceable.

use std::collections::BTreeSet;

use hubspot_scopes::{Alternative, LoginKind, Requirement};

use super::least::{Least, Needs};
use crate::app_file::LOGIN;
use crate::model::{
    Assumed, CallSite, Declared, DeclaredScope, Inexact, List, Need, Replaceable, ScopeSet, Verdict,
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
    pub(super) login: Option<LoginKind>,
}

impl Case<'_> {
    /// The verdict.
    pub(super) fn decide(self) -> Verdict {
        let needs = self.needs();
        let declared = scopes(&self.sets, |list| list != List::Assume);
        let login = declared.get(LOGIN).cloned();
        // What is there whatever is called: scopes that HubSpot does not ask for, and the one for signing in.
        let assumed = scopes(&self.all_sets, |list| list == List::Assume);
        let given = &assumed | &login.iter().cloned().collect();
        let least = Least::of(&needs, &declared, &given);
        let mut verdict = Verdict {
            missing: self.missing(&needs),
            because: self.because(&least),
            ..Verdict::default()
        };
        for (set, declared) in self.declared() {
            let declared = self.declared_scope(set, declared);
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
        verdict.exact = verdict.because.is_empty();
        let least_set: BTreeSet<_> = least.scopes.into_iter().chain(login).collect();
        verdict.least_set = least_set.into_iter().collect();
        verdict.packages = self.packages;
        verdict.needs = needs
            .into_iter()
            .map(|(requirement, operations)| need(requirement, operations))
            .collect();
        verdict
    }

    fn declared_scope(&self, set: &ScopeSet, declared: &Declared) -> DeclaredScope {
        DeclaredScope {
            scope: declared.scope.clone(),
            set: set.name.clone(),
            list: declared.list,
            place: declared.place.clone(),
            stated_by: self.stating(&declared.scope),
        }
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
    fn needs(&self) -> Needs {
        let mut needs = Needs::new();
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
    fn missing(&self, needs: &Needs) -> Vec<Need> {
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

    fn because(&self, least: &Least) -> Vec<Inexact> {
        let mut because = self.because.clone();
        if !least.is_certain {
            because.insert(Inexact::ObjectTypes);
        }
        if self.all_sets.len() > 1 {
            because.insert(Inexact::SeveralSets);
        }
        if self.has_doubtful_needs() {
            because.insert(Inexact::GenericFunctions);
        }
        because.into_iter().collect()
    }
}

/// Puts a declared scope in the list of the verdict that it belongs to.
fn sort(verdict: &mut Verdict, declared: DeclaredScope, needs: &Needs, least: &Least) {
    let is_of_use = |need: &Requirement| need.scopes().contains(declared.scope.as_str());
    let useful = || needs.iter().filter(|(need, _)| is_of_use(need));
    let operations: BTreeSet<_> = useful().flat_map(|(_, names)| names.clone()).collect();
    let operations: Vec<_> = operations.into_iter().collect();
    let replaceable = |by: BTreeSet<String>| Replaceable {
        declared: declared.clone(),
        by: by.into_iter().collect(),
        operations: operations.clone(),
    };
    if declared.list == List::Assume {
        verdict.assumed.push(Assumed {
            declared,
            operations,
        });
    } else if least.sufficient().contains(&declared.scope) {
        let alternative = least.alternative(&declared.scope, needs);
        verdict.alternatives.extend(alternative.map(replaceable));
    } else if operations.is_empty() {
        verdict.unused.push(declared);
    } else {
        let sufficient = least.sufficient();
        let by = useful().filter_map(|(need, _)| satisfying(need, &sufficient));
        let by = by.flat_map(|alternative| alternative.scopes().clone());
        verdict.replaceable.push(replaceable(by.collect()));
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
fn for_login(requirement: &Requirement, login: LoginKind) -> Option<Requirement> {
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

    fn scopes_of(declared: &[DeclaredScope]) -> Vec<&str> {
        declared
            .iter()
            .map(|declared| declared.scope.as_str())
            .collect()
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
        let calls = [
            call(
                "line_items.list",
                r#"any("crm.objects.line_items.read", "e-commerce")"#,
            ),
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
