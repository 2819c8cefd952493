//! What another catalogue changes for the calls of a workspace.

use std::collections::{BTreeMap, BTreeSet};

use hubspot_generated::Operation;
use hubspot_scopes::Requirement;

use super::catalogue::{Catalogue, OperationStatus};
use super::change::{Cause, Change, ChangeKind};
use super::meaning::of_scope;
use super::sides::beginning;
use crate::finding::quoted;
use crate::lock::NONE;
use crate::model::{List, Package, Place, Report};
use crate::{operations, power};

/// The changes, by package.
pub(super) fn changes(report: &Report, catalogue: &Catalogue) -> Vec<Change> {
    let mut changes = Vec::new();
    for package in report.requested() {
        let mut of_package: Vec<_> = calls(package)
            .into_iter()
            .flat_map(|(id, causes)| {
                let operation = operations::find(id);
                operation.map_or_else(Vec::new, |operation| {
                    of_operation(package, operation, &causes, catalogue)
                })
            })
            .collect();
        of_package
            .sort_by(|one, other| (one.kind, &one.subject).cmp(&(other.kind, &other.subject)));
        changes.extend(of_package);
    }
    changes
}

/// The calls of each operation, typed or raw, with their places.
fn calls(package: &Package) -> BTreeMap<&str, Vec<Cause>> {
    let mut calls: BTreeMap<&str, Vec<Cause>> = BTreeMap::new();
    let typed = package
        .call_sites
        .iter()
        .filter(|call| call.counts && !call.is_function);
    let typed = typed.map(|call| (call.operation.as_str(), &call.place, &call.function));
    let raw = package.unchecked.iter().filter(|bypass| bypass.counts);
    let raw = raw.filter_map(|bypass| {
        let operation = bypass.request.as_ref()?.operation.as_ref()?;
        Some((operation.as_str(), &bypass.place, &bypass.function))
    });
    for (operation, place, function) in typed.chain(raw) {
        calls.entry(operation).or_default().push(Cause {
            place: Some(place.clone()),
            function: function.clone().unwrap_or_else(|| NONE.to_owned()),
            operation: operation.to_owned(),
            is_new: false,
        });
    }
    calls
}

fn of_operation(
    package: &Package,
    operation: &Operation,
    because: &[Cause],
    catalogue: &Catalogue,
) -> Vec<Change> {
    let change = |kind, subject: &str, message, means| Change {
        kind,
        package: package.name.clone(),
        subject: subject.to_owned(),
        message,
        means,
        because: because.to_vec(),
        instead: Vec::new(),
        at: declared_at(package),
    };
    let id = operation.id;
    let needs = match catalogue.status(operation) {
        OperationStatus::Unknown => return Vec::new(),
        OperationStatus::Gone => {
            let message = format!("`{id}` is gone");
            let means = vec!["Calls of it will fail".to_owned()];
            return vec![change(ChangeKind::Withdrawn, id, message, means)];
        }
        OperationStatus::Needs(needs) => needs,
    };
    let before = operation.requirement().unwrap_or_default();
    if needs.ignoring_logins() == before.ignoring_logins() {
        return Vec::new();
    }
    let [new, old] = [&needs, &before].map(|one| one.describe(2));
    let message = format!("`{id}` will need {new} instead of {old}");
    let lists = package.declared();
    let lacking = lacking(&lists, &needs, id);
    let means = if lists.is_empty() {
        "Every app that makes this call has to declare it".to_owned()
    } else if lacking.is_empty() {
        "The declared scopes are enough".to_owned()
    } else {
        let scopes: Vec<_> = lacking.iter().cloned().collect();
        format!(
            "The declared scopes are not enough: {} is to be declared",
            quoted(&scopes)
        )
    };
    let mut changes = vec![change(ChangeKind::Requirement, id, message, vec![means])];
    for scope in lacking.iter().filter(|_| !lists.is_empty()) {
        let was_offered = lists.contains_key(scope.as_str());
        let message = format!("the scope `{scope}` has to be required, for `{id}`");
        let means = of_scope(ChangeKind::Required, was_offered, scope);
        changes.push(change(ChangeKind::Required, scope, message, means));
    }
    changes
}

/// The scopes with the least power that the declared ones lack.
fn lacking(lists: &BTreeMap<&str, List>, needs: &Requirement, operation: &str) -> BTreeSet<String> {
    let granted = lists.iter().filter(|(_, list)| list.is_granted());
    let granted: BTreeSet<_> = granted.map(|(scope, _)| (*scope).to_owned()).collect();
    let all = lists.keys().map(|&scope| scope.to_owned()).collect();
    // An upgraded client has the optional scopes, too.
    if needs.satisfied_by(&all) {
        return BTreeSet::new();
    }
    let search = power::search([(needs, operation)]).given(granted.clone());
    &search.satisfying(std::slice::from_ref(needs)) - &granted
}

fn declared_at(package: &Package) -> Place {
    let mut sets = package.scope_sets.iter().filter(|set| set.counts);
    sets.next()
        .map_or_else(|| beginning(&package.manifest), |set| set.place.clone())
}
