//! How the scopes of an operation change, and which scope sets stop compiling.

use std::collections::BTreeSet;

use hubspot_scopes::{LoginKind, Requirement};
use serde::Serialize;

use super::ChangeKind;
use crate::model::as_text;

/// A scope requirement and what it becomes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[non_exhaustive]
pub struct ScopeChange {
    /// The old requirement.
    #[serde(serialize_with = "as_text")]
    pub old: Requirement,
    /// The new one.
    #[serde(serialize_with = "as_text")]
    pub new: Requirement,
    /// The smallest scope sets that compiled and no longer do.
    pub stop_compiling: Vec<BTreeSet<String>>,
    /// What to add to the first of them.
    pub add: BTreeSet<String>,
}

/// How a requirement changes: `None` if whatever was enough still is, and was before.
pub fn scope_change(old: &Requirement, new: &Requirement) -> Option<(ChangeKind, ScopeChange)> {
    let kind = match (old.implies(new), new.implies(old)) {
        (true, true) => of_logins(old, new)?,
        (true, false) => ChangeKind::ScopesFewer,
        (false, true) => ChangeKind::ScopesMore,
        (false, false) => ChangeKind::ScopesOther,
    };
    // A set without scopes, where nothing was needed.
    let nothing = old.is_none().then(BTreeSet::new);
    let sets = old.alternatives().iter();
    let sets = sets.map(|alternative| alternative.scopes().clone());
    let sets = sets.chain(nothing).filter(|set| !new.satisfied_by(set));
    let stop_compiling = sets.collect::<BTreeSet<_>>();
    let first = stop_compiling.first();
    let add = first.and_then(|set| new.missing_from(set).into_iter().next());
    let change = ScopeChange {
        old: old.clone(),
        new: new.clone(),
        add: add.unwrap_or_default(),
        stop_compiling: stop_compiling.into_iter().collect(),
    };
    Some((kind, change))
}

/// How requirements differ that are equal for the compiler.
fn of_logins(old: &Requirement, new: &Requirement) -> Option<ChangeKind> {
    let implies = |one: &Requirement, other: &Requirement| {
        LoginKind::ALL.iter().all(|&kind| {
            let of_kind = one.alternatives().iter();
            let mut of_kind = of_kind.filter(|one| one.logins().contains(kind));
            of_kind.all(|alternative| other.satisfied_by_as(alternative.scopes(), kind))
        })
    };
    match (implies(old, new), implies(new, old)) {
        (true, true) => None,
        (true, false) => Some(ChangeKind::ScopesOfLoginFewer),
        _ => Some(ChangeKind::ScopesOfLogin),
    }
}
