//! A package in the old and the new state of a workspace.

use std::collections::BTreeSet;

use super::change::{Cause, Change, ChangeKind};
use super::pairing::Set;
use super::sides::{Call, Head, Package};
use crate::lock::{NONE, State};

/// A package in both states.
pub(super) struct Both<'a> {
    pub(super) base: &'a State,
    pub(super) head: &'a Head,
    pub(super) name: &'a str,
    /// Whether it is a new package.
    pub(super) is_new: bool,
    pub(super) before: Package<'a>,
    pub(super) after: Package<'a>,
}

impl Both<'_> {
    pub(super) fn change(&self, kind: ChangeKind, subject: &str, message: String) -> Change {
        Change {
            kind,
            package: self.name.to_owned(),
            subject: subject.to_owned(),
            message,
            means: Vec::new(),
            because: Vec::new(),
            instead: Vec::new(),
            at: self.head.place((self.name, NONE)),
        }
    }

    /// The calls that need a scope of a set, in the new state or, if those are asked for, the gone ones of the old state.
    pub(super) fn causes(&self, set: Set<'_>, scope: &str, of_head: bool) -> Vec<Cause> {
        let state = if of_head { &self.head.state } else { self.base };
        let calls = state.calls.iter();
        let calls = calls.filter(|call| call.scope.of_set() == set && call.scope.scope == scope);
        let calls: BTreeSet<Call<'_>> = calls
            .map(|call| (call.operation.as_str(), call.function.as_str()))
            .collect();
        let mut causes: Vec<_> = calls
            .into_iter()
            .flat_map(|call| self.cause(call))
            .collect();
        causes.retain(|cause| of_head || cause.place.is_none());
        causes.sort_by_key(|cause| !cause.is_new);
        causes
    }

    /// The call with each of its places.
    pub(super) fn cause(&self, (operation, function): Call<'_>) -> Vec<Cause> {
        let key = (
            self.name.to_owned(),
            operation.to_owned(),
            function.to_owned(),
        );
        let is_new = !self.before.calls.contains(&(operation, function));
        let cause = |place| Cause {
            place,
            function: function.to_owned(),
            operation: operation.to_owned(),
            is_new,
        };
        match self.head.places.get(&key) {
            Some(places) => places
                .iter()
                .map(|place| cause(Some(place.clone())))
                .collect(),
            None => vec![cause(None)],
        }
    }
}
