//! Locks of every shape that the audit is tested with.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::json;

use super::{NONE, State};
use crate::model::{List, Package, Report};

/// The expected report of each shape.
fn reports() -> Vec<(PathBuf, Report)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/shapes");
    let entries = fs::read_dir(folder).unwrap();
    let files = entries.map(|entry| entry.unwrap().path().join("expected.json"));
    let reports = files.filter(|file| file.exists()).map(|file| {
        let mut value: serde_json::Value =
            serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
        value["version"] = json!("0");
        value["workspace"] = json!("/");
        (file, serde_json::from_value(value).unwrap())
    });
    reports.collect()
}

/// A declared scope, its list and whether it is in the least set, without the name of its set.
type Scope = (String, Option<List>, bool);

fn declared(package: &Package) -> BTreeSet<Scope> {
    let least = &package.verdict.least_set;
    let sets = package.scope_sets.iter().filter(|set| set.counts);
    let scopes = sets.flat_map(|set| &set.scopes);
    let declared = scopes.map(|one| {
        let needed = one.list.is_requested() && least.contains(&one.scope);
        (one.scope.clone(), Some(one.list), needed)
    });
    let known = package.declared();
    let others = least
        .iter()
        .filter(|scope| !known.contains_key(scope.as_str()));
    declared
        .chain(others.map(|scope| (scope.clone(), None, true)))
        .collect()
}

#[test]
fn the_lock_of_every_shape_says_what_its_audit_says() {
    let reports = reports();
    assert!(reports.len() >= 20);
    for (file, report) in &reports {
        let shown = file.display().to_string();
        let written = State::of(report);
        let read = State::parse(&written.text(), &shown).unwrap();
        assert_eq!(read, written, "{shown}");
        for package in report.requested() {
            let of_package = |name: &str| name == package.name;
            let scopes = read
                .scopes
                .iter()
                .filter(|(one, _)| of_package(&one.package));
            let scopes: BTreeSet<Scope> = scopes
                .map(|(one, standing)| (one.scope.clone(), standing.list, standing.needed))
                .collect();
            assert_eq!(scopes, declared(package), "{shown}: {}", package.name);
            let calls = read
                .calls
                .iter()
                .filter(|call| of_package(&call.scope.package));
            let needs = package
                .verdict
                .needs
                .iter()
                .flat_map(|need| &need.operations);
            let called: BTreeSet<_> = calls.clone().map(|call| &call.operation).collect();
            // The lock names a raw request by its path, the audit by the operation that it is.
            let requests = package.unchecked.iter();
            let requests = requests.filter_map(|one| one.request.as_ref());
            let requests = requests.filter(|request| called.contains(&request.request));
            let ids: Vec<_> = requests.filter_map(|one| one.operation.as_ref()).collect();
            for operation in needs.collect::<BTreeSet<_>>() {
                assert!(
                    called.contains(operation) || ids.contains(&operation),
                    "{shown}: {operation} in {called:?}"
                );
            }
            // Every needed scope is booked by a call that cannot be made without it.
            for (scope, _, _) in scopes
                .iter()
                .filter(|(scope, _, needed)| *needed && scope != "oauth")
            {
                assert!(
                    calls.clone().any(|call| call.scope.scope == *scope),
                    "{shown}: {scope}"
                );
            }
        }
        let sets = report.requested().flat_map(|package| &package.scope_sets);
        let sets = sets
            .filter(|set| set.counts && !set.scopes.is_empty())
            .count();
        let names = read.scopes.keys().filter(|scope| scope.set != NONE);
        let names: BTreeSet<_> = names.map(|scope| (&scope.package, &scope.set)).collect();
        assert_eq!(names.len(), sets, "{shown}");
    }
}

/// An operation that accepts either of two scopes, which others need, is booked for one of them only.
#[test]
fn a_call_is_booked_for_what_it_needs() {
    let reports = reports();
    let (_, report) = reports
        .iter()
        .find(|(file, _)| file.ends_with("plain/expected.json"))
        .unwrap();
    let mut report = report.clone();
    let package = &mut report.packages[0];
    let mut either = package.call_sites[0].clone();
    either.operation = "x.either".to_owned();
    either.requirement = r#"any("crm.objects.contacts.read", "crm.objects.contacts.write")"#
        .parse()
        .unwrap();
    package.call_sites.push(either.clone());
    // Another version of the client has another requirement.
    either.requirement = r#""crm.objects.contacts.write""#.parse().unwrap();
    either.operation = package.call_sites[0].operation.clone();
    package.call_sites.push(either);
    let state = State::of(&report);
    let booked = state
        .calls
        .iter()
        .filter(|call| call.operation == "x.either");
    let booked: Vec<_> = booked.map(|call| call.scope.scope.as_str()).collect();
    assert_eq!(booked, ["crm.objects.contacts.read"]);
    let name = &report.packages[0].call_sites[0].operation;
    assert_eq!(state.operations[name].len(), 2);
    assert_eq!(State::parse(&state.text(), "a.lock").unwrap(), state);
}

/// A needed scope of a set that no call is made with is no contradiction: another set has the call.
#[test]
fn a_call_that_only_the_wider_of_two_sets_allows() {
    let reports = reports();
    let (_, report) = reports
        .iter()
        .find(|(file, _)| file.ends_with("plain/expected.json"))
        .unwrap();
    let mut report = report.clone();
    let package = &mut report.packages[0];
    let [one, other] = ["crm.objects.contacts.read", "crm.objects.contacts.write"];
    let wide = &mut package.scope_sets[0];
    wide.name = "Wide".to_owned();
    wide.scopes
        .retain(|declared| [one, other].contains(&declared.scope.as_str()));
    let mut narrow = wide.clone();
    narrow.name = "Narrow".to_owned();
    narrow.scopes.retain(|declared| declared.scope == one);
    package.scope_sets.push(narrow);
    package.call_sites.truncate(1);
    package.call_sites[0].within = vec![format!("all({one:?}, {other:?})").parse().unwrap()];
    package.verdict.least_set = vec![one.to_owned()];
    let state = State::of(&report);
    assert_eq!(State::parse(&state.text(), "a.lock").unwrap(), state);
    let booked = state.calls.iter().map(|call| call.scope.of_set().1);
    assert_eq!(booked.collect::<Vec<_>>(), ["Wide"]);

    // The least set has what one set accepts for the call, and the only set that allows it has another one.
    let package = &mut report.packages[0];
    package.call_sites[0].requirement = format!("any({one:?}, {other:?})").parse().unwrap();
    package.call_sites[0].within = vec![format!("{other:?}").parse().unwrap()];
    package.scope_sets[0]
        .scopes
        .retain(|declared| declared.scope == other);
    package.verdict.least_set = vec![one.to_owned(), other.to_owned()];
    let state = State::of(&report);
    assert_eq!(State::parse(&state.text(), "a.lock").unwrap(), state);
    let booked = state.calls.iter().map(|call| call.scope.of_set().1);
    assert_eq!(booked.collect::<Vec<_>>(), ["Narrow", "Wide"]);
}
