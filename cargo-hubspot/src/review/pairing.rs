//! Pairs the packages and scope sets of two states: those of the same name, and those that were renamed or moved.
//!
//! One that is gone and one that is new are the same if they share at least half of what they have. So a new app is not taken
//! for one that was removed.

use std::collections::BTreeSet;

use crate::lock::{NONE, SetScope, State};

/// Something before and after a change; one of them is `None` if it is new or gone.
pub(super) type Pair<T> = (Option<T>, Option<T>);

/// The package and the name of a scope set.
pub(super) type Set<'a> = (&'a str, &'a str);

/// Pairs the packages.
pub(super) fn packages<'a>(before: &'a State, after: &'a State) -> Vec<Pair<&'a str>> {
    let names = |state: &'a State| {
        let scopes = state.scopes.keys().chain(state.listed.keys());
        let scopes = scopes.chain(state.calls.iter().map(|call| &call.scope));
        let unknown = state.unknown.iter().map(|unknown| unknown.package.as_str());
        let names = scopes.map(|scope| scope.package.as_str()).chain(unknown);
        names.collect::<BTreeSet<_>>()
    };
    pairs(&names(before), &names(after), |old, new| {
        likeness(&facts(before, old), &facts(after, new))
    })
}

/// What tells a package from others: its scopes and its calls.
fn facts<'a>(state: &'a State, package: &str) -> BTreeSet<[&'a str; 2]> {
    let scopes = state.scopes.keys().filter(|scope| scope.package == package);
    let calls = state
        .calls
        .iter()
        .filter(|call| call.scope.package == package);
    let scopes = scopes.map(|scope| [scope.set.as_str(), scope.scope.as_str()]);
    let calls = calls.map(|call| [call.operation.as_str(), call.function.as_str()]);
    scopes.chain(calls).collect()
}

/// Pairs the scope sets, those without a name left out. A set may have moved to another package.
pub(super) fn sets<'a>(
    before: &'a State,
    after: &'a State,
    packages: &[Pair<&'a str>],
) -> Vec<Pair<Set<'a>>> {
    let sets = |state: &'a State| {
        let named = state.scopes.keys().filter(|scope| scope.set != NONE);
        named.map(SetScope::of_set).collect::<BTreeSet<_>>()
    };
    let (mut old, mut new) = (sets(before), sets(after));
    let mut same = Vec::new();
    for pair in packages {
        let (Some(former), Some(name)) = *pair else {
            continue;
        };
        let kept = old
            .iter()
            .filter(|set| set.0 == former && new.contains(&(name, set.1)));
        same.extend(kept.map(|set| (Some(*set), Some((name, set.1)))));
    }
    old.retain(|set| !same.iter().any(|pair| pair.0 == Some(*set)));
    new.retain(|set| !same.iter().any(|pair| pair.1 == Some(*set)));
    let scopes = |state: &'a State, set: Set<'_>| {
        let scopes = state.scopes.keys().filter(|scope| scope.of_set() == set);
        scopes.map(|scope| &scope.scope).collect::<BTreeSet<_>>()
    };
    let renamed = pairs(&old, &new, |old, new| {
        likeness(&scopes(before, old), &scopes(after, new))
    });
    same.extend(renamed);
    same
}

/// Pairs equal ones, then those that are at least half alike, the most alike ones first.
fn pairs<T: Copy + Ord>(
    before: &BTreeSet<T>,
    after: &BTreeSet<T>,
    likeness: impl Fn(T, T) -> f64,
) -> Vec<Pair<T>> {
    let mut pairs: Vec<_> = (before & after)
        .into_iter()
        .map(|one| (Some(one), Some(one)))
        .collect();
    let (mut gone, mut new) = (before - after, after - before);
    let each = gone
        .iter()
        .flat_map(|old| new.iter().map(move |new| (*old, *new)));
    let mut alike: Vec<_> = each
        .map(|(old, new)| (likeness(old, new), old, new))
        .collect();
    alike.retain(|(likeness, ..)| *likeness >= 0.5);
    alike.sort_by(|one, other| other.0.total_cmp(&one.0));
    for (_, old, one) in alike {
        if gone.contains(&old) && new.contains(&one) {
            gone.remove(&old);
            new.remove(&one);
            pairs.push((Some(old), Some(one)));
        }
    }
    pairs.extend(gone.into_iter().map(|old| (Some(old), None)));
    pairs.extend(new.into_iter().map(|new| (None, Some(new))));
    pairs
}

/// The share of what two sets have in common.
#[expect(clippy::cast_precision_loss, reason = "the sets are small")]
fn likeness<T: Ord>(one: &BTreeSet<T>, other: &BTreeSet<T>) -> f64 {
    let all = one.union(other).count();
    if all == 0 {
        return 0.0;
    }
    one.intersection(other).count() as f64 / all as f64
}
