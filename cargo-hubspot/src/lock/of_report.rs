//! Makes the [`State`] of a workspace from its audit.

use std::collections::{BTreeMap, BTreeSet};

use hubspot_scopes::{Alternative, Requirement};

use super::state::{Call, NONE, SetScope, Standing, State, Unknown};
use crate::model::{Bypass, Inexact, Package, Place, RawRequest, Report, ScopeSet};
use crate::operations;
use crate::power::by_power;

impl State {
    /// What an audit found about the packages that were requested.
    pub(crate) fn of(report: &Report) -> Self {
        let clients = report.clients.iter();
        let mut state = Self {
            catalogues: clients.map(|client| client.version.clone()).collect(),
            ..Self::default()
        };
        for package in report.requested() {
            let needs = Needs::of(package);
            state.add_scopes(package, &needs);
            for call in possible_calls(report, package) {
                state.add_call(package, &needs, &call);
            }
            state.add_rest(report, package, &needs);
            let unknown = unknown_requests(package);
            state.unknown.extend(unknown.map(|(_, unknown)| unknown));
            let files = package.app_files.iter();
            let listed = files.flat_map(|file| file.scopes.iter().map(move |one| (file, one)));
            state.listed.extend(
                listed.map(|(file, one)| (scope(package, &file.file, &one.scope), one.list)),
            );
        }
        state
    }

    fn add_scopes(&mut self, package: &Package, needs: &Needs<'_>) {
        for (name, set) in &needs.sets {
            for one in &set.scopes {
                let standing = Standing {
                    list: Some(one.list),
                    needed: one.list.is_requested() && needs.least.contains(&one.scope),
                };
                let known = self.scopes.entry(scope(package, name, &one.scope));
                let known = known.or_insert(standing);
                *known = (*known).min(standing);
            }
        }
        let declared = package.declared();
        let undeclared = needs.least.iter();
        for name in undeclared.filter(|name| !declared.contains_key(name.as_str())) {
            let standing = Standing {
                list: None,
                needed: true,
            };
            self.scopes.insert(scope(package, NONE, name), standing);
        }
    }

    /// Adds a call, once for each scope that it needs, in each set that it can be made with.
    fn add_call(&mut self, package: &Package, needs: &Needs<'_>, call: &PossibleCall<'_>) {
        let requirements = self.operations.entry(call.operation.to_owned());
        let mut booked: BTreeSet<(&str, &str)> = BTreeSet::new();
        for (name, set) in needs.sets.iter().filter(|(_, set)| call.is_allowed(set)) {
            let own = needs.of_set(set);
            let used = used(call, &own).into_iter();
            booked.extend(used.filter_map(|scope| Some((name.as_str(), needs.find(&scope)?))));
        }
        if booked.is_empty() {
            let used = used(call, &(&needs.least | &needs.assumed));
            let used = used.iter().filter_map(|scope| needs.find(scope));
            booked.extend(used.flat_map(|scope| needs.having(scope)));
        }
        if booked.is_empty() {
            booked.insert((NONE, NONE));
        }
        let requirements = requirements.or_default();
        requirements.insert(call.requirement.clone());
        requirements.extend(call.of_both_types());
        let calls = booked.into_iter();
        self.calls
            .extend(calls.map(|(set, name)| call.for_scope(scope(package, set, name))));
    }

    /// Adds calls for the needed scopes that have none, as when a set accepts another scope for the same call.
    fn add_rest(&mut self, report: &Report, package: &Package, needs: &Needs<'_>) {
        let calls = self.calls.iter();
        let calls = calls.filter(|call| call.scope.package == package.name);
        let booked: BTreeSet<_> = calls.map(|call| call.scope.scope.clone()).collect();
        for name in needs.least.difference(&booked) {
            let mut possible = possible_calls(report, package).collect::<Vec<_>>();
            possible.retain(|call| call.requirement.scopes().contains(name.as_str()));
            for (set, name) in needs.having(name) {
                let calls = possible.iter();
                self.calls
                    .extend(calls.map(|call| call.for_scope(scope(package, set, name))));
            }
        }
    }
}

/// The scopes that a package needs, and its scope sets.
struct Needs<'a> {
    least: BTreeSet<String>,
    /// The scopes that no account is asked for.
    assumed: BTreeSet<String>,
    /// Each counted set by its name. Of several sets with one name, each has its file and its number there after it.
    sets: Vec<(String, &'a ScopeSet)>,
}

impl<'a> Needs<'a> {
    fn of(package: &'a Package) -> Self {
        let declared = package.declared().into_iter();
        let assumed = declared.filter(|(_, list)| !list.is_requested());
        Self {
            least: package.verdict.least_set.iter().cloned().collect(),
            assumed: assumed.map(|(scope, _)| scope.to_owned()).collect(),
            sets: named(package),
        }
    }

    /// The needed scopes of a set.
    fn of_set(&self, set: &ScopeSet) -> BTreeSet<String> {
        let scopes = set.scopes.iter().map(|one| &one.scope);
        let wanted =
            scopes.filter(|scope| self.least.contains(*scope) || self.assumed.contains(*scope));
        wanted.cloned().collect()
    }

    /// The sets that have a scope, each with it; no set if none has it.
    fn having<'b>(&'b self, scope: &'b str) -> Vec<(&'b str, &'b str)> {
        let sets = self.sets.iter().filter(|(_, set)| set.has(scope));
        let mut sets: Vec<_> = sets.map(|(name, _)| (name.as_str(), scope)).collect();
        if sets.is_empty() {
            sets.push((NONE, scope));
        }
        sets
    }

    /// The needed scope with a name.
    fn find(&self, scope: &str) -> Option<&str> {
        self.least.get(scope).map(String::as_str)
    }
}

/// The counted scope sets of a package, each with the name that a lock gives it.
pub(crate) fn named(package: &Package) -> Vec<(String, &ScopeSet)> {
    let sets: Vec<_> = package.scope_sets.iter().filter(|set| set.counts).collect();
    let named = sets.iter().enumerate().map(|(index, set)| {
        let same = |other: &&&ScopeSet| other.name == set.name;
        if sets.iter().filter(same).count() == 1 {
            return (set.name.clone(), *set);
        }
        let file = &set.place.file;
        let before = sets.iter().take(index).filter(same);
        let in_file = before.filter(|other| other.place.file == *file).count();
        let number = if in_file == 0 {
            String::new()
        } else {
            format!("#{}", in_file + 1)
        };
        (format!("{}@{file}{number}", set.name), *set)
    });
    named.collect()
}

/// The scopes among `granted` that a call cannot be made without. If any of several would do, those of the alternative with
/// the least power; an operation on objects of any type uses all that it accepts.
fn used(call: &PossibleCall<'_>, granted: &BTreeSet<String>) -> BTreeSet<String> {
    let of_both = call.of_both_types().into_iter();
    let requirements = of_both.chain([call.requirement.clone()]);
    let used = requirements.flat_map(|one| used_for(&one, call.operation, granted));
    used.collect()
}

fn used_for(
    requirement: &Requirement,
    operation: &str,
    granted: &BTreeSet<String>,
) -> BTreeSet<String> {
    let accepted = requirement.scopes();
    let accepted = granted
        .iter()
        .filter(|scope| accepted.contains(scope.as_str()));
    if requirement.depends_on_type() || !requirement.satisfied_by(granted) {
        return accepted.cloned().collect();
    }
    let is_essential = |scope: &&String| {
        let mut rest = granted.clone();
        rest.remove(*scope);
        !requirement.satisfied_by(&rest)
    };
    let essential: BTreeSet<_> = accepted.filter(is_essential).cloned().collect();
    let ways = by_power(&requirement.ignoring_logins(), operation);
    let mut ways = ways.iter().map(Alternative::scopes);
    let is_granted =
        |scopes: &&BTreeSet<String>| scopes.is_subset(granted) && essential.is_subset(scopes);
    ways.find(is_granted).cloned().unwrap_or(essential)
}

/// The places of each call: by package, operation and function.
pub(crate) type Places = BTreeMap<(String, String, String), Vec<Place>>;

/// Where the calls of a lock are in the code, raw requests of unknown scopes included.
pub(crate) fn places(report: &Report) -> Places {
    let mut places = Places::new();
    for package in report.requested() {
        let name = &package.name;
        for call in possible_calls(report, package) {
            let key = (name.clone(), call.operation.to_owned(), call.function);
            places.entry(key).or_default().push(call.place.clone());
        }
        for (bypass, unknown) in unknown_requests(package) {
            let key = (name.clone(), unknown.request, unknown.function);
            places.entry(key).or_default().push(bypass.place.clone());
        }
    }
    places
}

/// The counted raw requests of unknown scopes.
fn unknown_requests(package: &Package) -> impl Iterator<Item = (&Bypass, Unknown)> {
    let bypasses = package.unchecked.iter().filter(|bypass| bypass.counts);
    bypasses.filter_map(|bypass| {
        let request = bypass.request.as_ref()?;
        let unknown = Unknown {
            package: package.name.clone(),
            request: request.request.clone(),
            function: bypass.function.clone().unwrap_or_else(|| NONE.to_owned()),
        };
        (!request.is_known).then_some((bypass, unknown))
    })
}

/// A call that can be made with the scope sets of a package.
struct PossibleCall<'a> {
    place: &'a Place,
    operation: &'a str,
    function: String,
    requirement: Requirement,
    /// What the function around it requires of a scope set.
    within: &'a [Requirement],
    /// Whether it is a raw request.
    is_request: bool,
}

impl PossibleCall<'_> {
    /// The call as one that needs a scope.
    fn for_scope(&self, scope: SetScope) -> Call {
        Call {
            scope,
            operation: self.operation.to_owned(),
            function: self.function.clone(),
        }
    }

    /// What HubSpot may ask of it for both of two object types.
    fn of_both_types(&self) -> Option<Requirement> {
        operations::of_both_types(self.operation, &self.requirement)
    }

    /// Returns whether the call can be made with a set.
    fn is_allowed(&self, set: &ScopeSet) -> bool {
        let mut required = self.within.iter().chain([&self.requirement]);
        required.all(|requirement| set.satisfies(requirement))
    }
}

/// The counted calls of a package and of those that it is built with, raw requests included, as far as their scopes are
/// known. Leaves out calls that cannot be made with a scope set of the package, but not raw requests that no set allows: the
/// compiler does not check them.
fn possible_calls<'a>(
    report: &'a Report,
    package: &'a Package,
) -> impl Iterator<Item = PossibleCall<'a>> {
    let sets = || package.scope_sets.iter().filter(|set| set.counts);
    let any =
        sets().next().is_none() || package.verdict.because.contains(&Inexact::UncheckedClients);
    let packages = report.packages.iter();
    let packages = packages.filter(|other| package.verdict.packages.contains(&other.name));
    let possible = packages.flat_map(move |other| {
        let function = move |name: &Option<String>| {
            let name = name.as_deref().unwrap_or(NONE);
            if other.name == package.name {
                name.to_owned()
            } else {
                format!("{}/{name}", other.name)
            }
        };
        let calls = other.call_sites.iter().filter(|call| call.counts);
        let calls = calls.map(move |call| PossibleCall {
            place: &call.place,
            operation: &call.operation,
            function: function(&call.function),
            requirement: call.requirement.clone(),
            within: &call.within,
            is_request: false,
        });
        let requests = other.unchecked.iter().filter(|bypass| bypass.counts);
        let requests = requests.flat_map(move |bypass| {
            let request = bypass.request.iter();
            let needs = request.flat_map(|request| {
                let needs = required(request).into_iter();
                needs.map(move |needs| (request, needs))
            });
            needs.map(move |(request, requirement)| PossibleCall {
                place: &bypass.place,
                operation: &request.request,
                function: function(&bypass.function),
                requirement,
                within: &[],
                is_request: true,
            })
        });
        calls.chain(requests)
    });
    let all = report.packages.iter();
    let all = all.filter(|other| package.verdict.packages.contains(&other.name));
    let all: Vec<_> = all
        .flat_map(|other| &other.scope_sets)
        .filter(|set| set.counts)
        .collect();
    possible.filter(move |call| {
        any || sets().any(|set| call.is_allowed(set))
            || call.is_request && !all.iter().any(|set| call.is_allowed(set))
    })
}

/// What a raw request needs, as far as that is known: what is stated and, if that is not enough for its path, what the path
/// needs.
fn required(request: &RawRequest) -> Vec<Requirement> {
    let is_of_path = request.is_known && !request.is_stated;
    let operation = request.operation.as_deref().filter(|_| is_of_path);
    let of_path = operation.and_then(|id| operations::find(id)?.requirement());
    let of_path = of_path.filter(|path| request.needs.iter().all(|need| !need.implies(path)));
    request.needs.iter().cloned().chain(of_path).collect()
}

fn scope(package: &Package, set: &str, scope: &str) -> SetScope {
    SetScope::new((&package.name, set), scope)
}
