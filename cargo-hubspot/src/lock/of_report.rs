//! Makes the [`State`] of a workspace from its audit.

use std::collections::{BTreeMap, BTreeSet};

use hubspot_scopes::Requirement;

use super::file::NONE;
use super::{Call, SetScope, Standing, State, Unknown};
use crate::model::{Bypass, CallSite, List, Package, Place, Report};

impl State {
    /// What an audit found about the packages that were requested.
    pub(crate) fn of(report: &Report) -> Self {
        let clients = report.clients.iter();
        let mut state = Self {
            catalogues: clients.map(|client| client.version.clone()).collect(),
            ..Self::default()
        };
        for package in report.asked() {
            state.add_scopes(package);
            for made in made_calls(report, package) {
                state.add_call(package, made);
            }
            let unknown = unknown_requests(package);
            state.unknown.extend(unknown.map(|(_, unknown)| unknown));
        }
        state
    }

    fn add_scopes(&mut self, package: &Package) {
        let needed: BTreeSet<&str> = package
            .verdict
            .least_set
            .iter()
            .map(String::as_str)
            .collect();
        let declared = package.declared();
        for set in package.scope_sets.iter().filter(|set| set.counts) {
            for one in &set.scopes {
                let standing = Standing {
                    list: Some(one.list),
                    needed: one.list != List::Assume && needed.contains(one.scope.as_str()),
                };
                let scope = scope(package, &set.name, &one.scope);
                self.scopes.insert(scope, standing);
            }
        }
        for name in needed.iter().filter(|name| !declared.contains_key(**name)) {
            let standing = Standing {
                list: None,
                needed: true,
            };
            self.scopes.insert(scope(package, NONE, name), standing);
        }
    }

    /// Adds a call, once for each scope of the least set that it uses.
    fn add_call(&mut self, package: &Package, made: Made<'_>) {
        let Made {
            operation,
            function,
            requirement,
            ..
        } = made;
        self.operations
            .insert(operation.to_owned(), requirement.clone());
        let scopes = requirement.scopes();
        let used = self.scopes.iter().filter(|(scope, standing)| {
            standing.needed
                && scope.package == package.name
                && scopes.contains(scope.scope.as_str())
        });
        let mut used: Vec<_> = used.map(|(scope, _)| scope.clone()).collect();
        if used.is_empty() {
            used.push(scope(package, NONE, NONE));
        }
        self.calls.extend(used.into_iter().map(|scope| Call {
            scope,
            operation: operation.to_owned(),
            function: function.clone(),
        }));
    }
}

/// The places of each call: by package, operation and function.
pub(crate) type Places = BTreeMap<(String, String, String), Vec<Place>>;

/// Where the calls of a lock are in the code, raw requests of unknown scopes included.
pub(crate) fn places(report: &Report) -> Places {
    let mut places = Places::new();
    for package in report.asked() {
        let name = &package.name;
        for made in made_calls(report, package) {
            let key = (name.clone(), made.operation.to_owned(), made.function);
            places.entry(key).or_default().push(made.place.clone());
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
struct Made<'a> {
    place: &'a Place,
    operation: &'a str,
    function: String,
    requirement: Requirement,
}

/// The counted calls of a package and of those that it is built with, raw requests of known scopes included.
fn made_calls<'a>(report: &'a Report, package: &'a Package) -> impl Iterator<Item = Made<'a>> {
    let packages = report.packages.iter();
    let packages = packages.filter(|other| package.verdict.packages.contains(&other.name));
    packages.flat_map(move |other| {
        let function = move |name: &Option<String>| {
            let name = name.as_deref().unwrap_or(NONE);
            if other.name == package.name {
                name.to_owned()
            } else {
                format!("{}/{name}", other.name)
            }
        };
        let counted = |call: &&CallSite| call.counts && package.can_make(call);
        let calls = other
            .call_sites
            .iter()
            .filter(counted)
            .map(move |call| Made {
                place: &call.place,
                operation: &call.operation,
                function: function(&call.function),
                requirement: call.requirement.clone(),
            });
        let requests = other
            .unchecked
            .iter()
            .filter(|bypass| bypass.counts)
            .filter_map(move |bypass| {
                let request = bypass.request.as_ref().filter(|request| request.is_known)?;
                Some(Made {
                    place: &bypass.place,
                    operation: &request.request,
                    function: function(&bypass.function),
                    requirement: request.needs.clone()?,
                })
            });
        calls.chain(requests).collect::<Vec<_>>()
    })
}

fn scope(package: &Package, set: &str, scope: &str) -> SetScope {
    SetScope {
        package: package.name.clone(),
        set: set.to_owned(),
        scope: scope.to_owned(),
    }
}
