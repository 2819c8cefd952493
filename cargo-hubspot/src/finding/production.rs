//! The findings about production: what a token was granted, and what a program used.

use std::collections::BTreeSet;

use hubspot_scopes::Requirement;
use serde::Serialize;

use super::item::{Finding, FindingKind};
use super::package::lacking;
use super::words::{count, few, short};
use crate::app_file::LOGIN;
use crate::live::Granted;
use crate::model::{Package, Report};
use crate::operations;
use crate::used::{Used, UsedCall, date};

/// What is known of the program in production, besides its code.
#[derive(Default, Serialize)]
pub(crate) struct Production {
    /// The scopes of a token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) granted: Option<Granted>,
    /// The calls that were made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) used: Option<Used>,
}

impl Production {
    pub(super) fn findings<'a>(&'a self, report: &'a Report) -> Vec<Finding<'a>> {
        let mut found = Vec::new();
        if let Some(granted) = &self.granted {
            found.extend(of_token(report, granted));
        }
        if let Some(used) = &self.used {
            found.extend(report.requested().flat_map(|package| idle(package, used)));
            found.extend(used.calls.iter().filter_map(|call| only_raw(report, call)));
        }
        found
    }
}

/// The declared scopes that code can use, and that no recent call needed.
fn idle<'a>(package: &'a Package, used: &'a Used) -> impl Iterator<Item = Finding<'a>> {
    let declared = Declared(package.declared().into_keys().map(str::to_owned).collect());
    let scopes = package.declared().into_keys();
    let scopes =
        scopes.filter(move |scope| *scope != LOGIN && !declared.is_used(scope, used.recent()));
    scopes.filter_map(|scope| idle_scope(package, used, scope))
}

/// The scopes that a package declares.
struct Declared(BTreeSet<String>);

impl Declared {
    /// Returns whether something could not be done without a scope.
    fn needs(&self, scope: &str, requirement: &Requirement) -> bool {
        let mut without = self.0.clone();
        without.remove(scope);
        requirement.satisfied_by(&self.0) && !requirement.satisfied_by(&without)
    }

    /// Returns whether one of the calls used a scope. A call that the declared scopes do not allow was made with a token that
    /// has more, and may have used each scope of its requirement.
    fn is_used<'a>(&self, scope: &str, calls: impl Iterator<Item = &'a UsedCall>) -> bool {
        let mut needs = calls.filter_map(UsedCall::requirement);
        needs.any(|needs| {
            self.needs(scope, &needs)
                || (!needs.satisfied_by(&self.0) && needs.scopes().contains(scope))
        })
    }
}

/// The finding about a scope that was not used; `None` if no code can use it.
fn idle_scope<'a>(package: &'a Package, used: &Used, scope: &'a str) -> Option<Finding<'a>> {
    let declared = Declared(package.declared().into_keys().map(str::to_owned).collect());
    let calls = package.call_sites.iter().filter(|call| {
        call.counts && !call.is_function && declared.needs(scope, &call.requirement)
    });
    let places = calls.map(|call| {
        let (file, line) = (&call.place.file, call.place.line);
        format!("`{}` in {file}:{line}", call.operation)
    });
    let places: Vec<_> = places.collect();
    if places.is_empty() {
        return None;
    }
    let older = used.calls.iter();
    let older = older.filter(|call| declared.is_used(scope, std::iter::once(*call)));
    let last = older.filter_map(|call| call.last_used).max();
    let unknown = used
        .recent()
        .filter(|call| call.operation.is_none())
        .count();
    let message = format!("the scope `{scope}` was not used in {}", used.period());
    let finding = Finding::new(FindingKind::Idle, scope, message)
        .note(format!("code can use it: {}", few(&places)))
        .note(last.map(|last| format!("last used on {}", date(last))))
        .note((unknown > 0).then(|| {
            let paths = count(unknown, "path");
            format!("not exact: the scopes of {paths} of raw requests are not known")
        }))
        .help("if these calls are needed no more, remove them and the scope; if few accounts need them, make it optional");
    let mut sets = package.scope_sets.iter().filter(|set| set.counts);
    let place = sets.find_map(|set| set.scopes.iter().find(|one| one.scope == scope));
    Some(Finding {
        package: Some(&package.name),
        ..match place {
            Some(declared) => finding.at(&declared.place),
            None => finding,
        }
    })
}

/// A call that no typed call in the code makes.
fn only_raw<'a>(report: &Report, used: &'a UsedCall) -> Option<Finding<'a>> {
    let mut sites = report
        .packages
        .iter()
        .flat_map(|package| &package.call_sites);
    let is_typed =
        sites.any(|call| call.operation == used.call || call.route.as_ref() == Some(&used.route));
    if used.is_typed || is_typed {
        return None;
    }
    let (call, times) = (
        &used.call,
        count(usize::try_from(used.calls).unwrap_or(usize::MAX), "time"),
    );
    let message = format!("only raw requests make the call `{call}`, {times}");
    let finding = Finding::new(FindingKind::OnlyRaw, call, message);
    Some(match used.operation {
        Some(operation) => {
            let needs = operation.requirement();
            let needs = needs.filter(|needs| !needs.scopes().is_empty());
            let needs = needs.map(|needs| format!("it needs {}", short(&needs)));
            let instead = operations::call(operation);
            finding.note(needs).help(format!(
                "write `{instead}`, whose scopes the compiler checks"
            ))
        }
        None => finding.note("the client has no operation with this path".to_owned()),
    })
}

/// What a token lacks, and what it has without need.
fn of_token<'a>(report: &'a Report, granted: &'a Granted) -> Vec<Finding<'a>> {
    let lacks = report.requested().flat_map(|package| {
        let needs = granted.lacks(package);
        needs.map(|need| Finding {
            package: Some(&package.name),
            ..lacking(package, need, "which the token was not granted")
                .help("install the app again with it, or add it to the private app")
        })
    });
    // A scope that only an unknown request can need is not surplus.
    let has_unknown_requests = report
        .requested()
        .any(|package| package.verdict.has_unknown_requests);
    let covered = operations::covered();
    let is_surplus = |scope: &&String| !has_unknown_requests || covered.contains(*scope);
    let surplus = granted.surplus(report).filter(is_surplus).map(|scope| {
        let message = format!("the token was granted `{scope}`, which nothing needs");
        let unknown = "not exact: the scopes of some requests are unknown";
        Finding::new(FindingKind::Surplus, scope, message)
            .note(has_unknown_requests.then(|| unknown.to_owned()))
            .help("whoever has the token can use it: remove it from the app")
    });
    lacks.chain(surplus.collect::<Vec<_>>()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_beyond_the_declared_scopes_uses_those_that_are_declared() {
        let several = operations::all().find_map(|operation| {
            let needs = operation.requirement()?;
            let one = needs.alternatives().first()?.scopes().first()?.clone();
            let alone = BTreeSet::from([one.clone()]);
            (!needs.satisfied_by(&alone)).then_some((operation, one, alone))
        });
        let (operation, scope, declared) = several.expect("an operation needs several scopes");
        let call = UsedCall::of_request(operation.method.as_str(), operation.path, 1, None);
        assert!(Declared(declared.clone()).is_used(&scope, [&call].into_iter()));
        assert!(!Declared(declared).is_used("other", [&call].into_iter()));
    }
}
