//! The set of scopes with the least power that satisfies many requirements.
//!
//! The problem is a minimum set cover with alternatives of more than one scope. Real requirements fall to three reductions
//! (what is forced, what another requirement implies, which scope can replace which); the rest is a branch and bound.

mod problem;
mod rank;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use self::problem::Problem;
use self::rank::Rank;
use crate::power::Power;
use crate::requirement::Requirement;

/// The set of scopes with the least power that satisfies every one of `requirements`, whatever the kind of login.
///
/// The names of the scopes decide: the search of [`LeastPrivilege`], with no operations known and nothing declared.
///
/// ```
/// use hubspot_scopes::{Requirement, least_privilege};
///
/// let requirements: [Requirement; 2] = [
///     r#"any("a.write", "b.read")"#.parse()?,
///     r#"any("b.sensitive.read", "b.read", all("c", "d"))"#.parse()?,
/// ];
/// assert_eq!(Vec::from_iter(least_privilege(&requirements)), ["b.read"]);
/// # Ok::<(), hubspot_scopes::ParseRequirementError>(())
/// ```
pub fn least_privilege(requirements: &[Requirement]) -> BTreeSet<String> {
    LeastPrivilege::new(&Power::default()).satisfying(requirements)
}

/// A search for the set of scopes with the least power.
///
/// Exact, in two steps:
///
/// 1. Of the scopes that are declared, those that are enough. Only a requirement that the declared scopes do not satisfy is
///    satisfied by others.
/// 2. A set that allows nothing that the first one does not ([`Power::is_within`]). Declared scopes are replaced by such a
///    set only: never by scopes that allow more, or something else.
///
/// In both steps sets are compared by, in this order: the sensitive scopes, `highly_sensitive` ones twice; the operations
/// that the scopes open, first those that write, then those that read, then those on objects of any type; the scopes whose name says that they write; those that
/// are not declared; those that are not [at hand](Self::at_hand); the number of scopes; the alphabet.
#[derive(Debug, Clone)]
pub struct LeastPrivilege<'a> {
    power: &'a Power,
    declared: BTreeSet<String>,
    given: BTreeSet<String>,
    at_hand: BTreeSet<String>,
}

impl<'a> LeastPrivilege<'a> {
    /// Creates a search with nothing declared.
    pub const fn new(power: &'a Power) -> Self {
        Self {
            power,
            declared: BTreeSet::new(),
            given: BTreeSet::new(),
            at_hand: BTreeSet::new(),
        }
    }

    /// Sets the scopes that are declared.
    #[must_use]
    pub fn declared(mut self, scopes: BTreeSet<String>) -> Self {
        self.declared = scopes;
        self
    }

    /// Sets scopes that are there in any case. They are not part of the result.
    #[must_use]
    pub fn given(mut self, scopes: BTreeSet<String>) -> Self {
        self.given = scopes;
        self
    }

    /// Sets the scopes that are named after the objects at hand. They are preferred among equals.
    #[must_use]
    pub fn at_hand(mut self, scopes: BTreeSet<String>) -> Self {
        self.at_hand = scopes;
        self
    }

    /// Returns the scopes that are needed for every one of `requirements`, whatever the kind of login: a scope that only some
    /// kinds of login have is chosen only if nothing else is enough, or if it is there and nothing else that is enough is.
    pub fn satisfying(&self, requirements: &[Requirement]) -> BTreeSet<String> {
        let there = &self.declared | &self.given;
        let requirements: BTreeSet<_> = (requirements.iter())
            .map(|requirement| requirement.for_every_login(&there))
            .collect();
        let open = |only_declared: bool| {
            let alternatives = |requirement: &'_ Requirement| {
                let kept = only_declared && requirement.satisfied_by(&there);
                let alternatives = requirement.alternatives().iter();
                let scopes = alternatives.map(|alternative| alternative.scopes().clone());
                scopes
                    .filter(|scopes| !kept || scopes.is_subset(&there))
                    .collect::<BTreeSet<_>>()
            };
            let needed = requirements
                .iter()
                .filter(|requirement| !requirement.is_none());
            needed.map(alternatives).collect::<Vec<_>>()
        };
        let kept = self.solve(&open(true), None);
        self.solve(&open(false), Some(&kept))
    }

    /// The best set; one that allows nothing that `limit` does not, if that is possible.
    fn solve(
        &self,
        open: &[BTreeSet<BTreeSet<String>>],
        limit: Option<&BTreeSet<String>>,
    ) -> BTreeSet<String> {
        let limit = limit.map(|limit| limit | &self.given);
        let rank = Rank {
            power: self.power,
            declared: &self.declared,
            at_hand: &self.at_hand,
            limit: limit.as_ref().map(|limit| (limit, self.power.bits(limit))),
        };
        let open = open.iter().map(|alternatives| {
            let alternatives = alternatives.iter();
            let scopes = alternatives.map(|scopes| scopes.iter().map(String::as_str).collect());
            scopes.collect()
        });
        let given = self.given.iter().map(String::as_str);
        let problem = Problem::new(open.collect(), given.collect(), &rank);
        let scopes = problem.best().into_iter();
        scopes
            .filter(|scope| !self.given.contains(*scope))
            .map(str::to_owned)
            .collect()
    }
}
