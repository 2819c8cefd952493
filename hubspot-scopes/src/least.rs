//! The set of scopes with the least power that satisfies many requirements.
//!
//! The problem is a minimum set cover with alternatives of more than one scope. Real requirements fall to three reductions
//! (what is forced, what another requirement implies, which scope can replace which); the rest is a branch and bound.

mod problem;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::iter::Sum;
use std::ops::Add;

use self::problem::Problem;
use crate::power::{Bits, Power};
use crate::requirement::Requirement;
use crate::sensitivity::Sensitivity;
use crate::weight::only_reads;

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

    /// Returns the scopes that are needed for every one of `requirements`, whatever the kind of login.
    pub fn satisfying(&self, requirements: &[Requirement]) -> BTreeSet<String> {
        let requirements: BTreeSet<_> = (requirements.iter())
            .map(Requirement::ignoring_schemes)
            .collect();
        let there = &self.declared | &self.given;
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
            search: self,
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

type Scopes<'a> = BTreeSet<&'a str>;

/// The power of a set, compared in the order of the fields. Adding a scope makes no field smaller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
struct Cost {
    opened: Opened,
    named: Named,
}

/// The part of the power that shows in the whole set only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
struct Opened {
    /// Scopes beyond the limit of which no operation is known, or that are sensitive.
    doubtful: usize,
    /// The operations that the limit does not open.
    beyond: usize,
    sensitive: usize,
    writes: usize,
    reads: usize,
    /// All operations, those on objects of any type included.
    all: usize,
}

/// The part of the power that is the sum over the scopes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
struct Named {
    writing: usize,
    undeclared: usize,
    elsewhere: usize,
    scopes: usize,
}

impl Add for Named {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            writing: self.writing + other.writing,
            undeclared: self.undeclared + other.undeclared,
            elsewhere: self.elsewhere + other.elsewhere,
            scopes: self.scopes + other.scopes,
        }
    }
}

impl Sum for Named {
    fn sum<I: Iterator<Item = Self>>(parts: I) -> Self {
        parts.fold(Self::default(), Add::add)
    }
}

/// How sets are compared in one step of a search.
#[derive(Debug)]
struct Rank<'a> {
    search: &'a LeastPrivilege<'a>,
    /// What is to allow no less, also as bits.
    limit: Option<(&'a BTreeSet<String>, Bits)>,
}

impl Rank<'_> {
    fn cost(&self, scopes: &Scopes<'_>) -> Cost {
        let power = self.search.power;
        let bits = power.bits(scopes);
        let opened = power.opened(&bits);
        let beyond = |(_, limit): &(_, Bits)| power.beyond(&bits, limit);
        Cost {
            opened: Opened {
                doubtful: scopes.iter().map(|scope| self.doubtful(scope)).sum(),
                beyond: self.limit.as_ref().map_or(0, beyond),
                sensitive: scopes
                    .iter()
                    .map(|scope| Sensitivity::weight_of(scope))
                    .sum(),
                writes: opened.writes,
                reads: opened.reads,
                all: power.all_opened(&bits),
            },
            named: self.named(scopes),
        }
    }

    fn doubtful(&self, scope: &str) -> usize {
        match &self.limit {
            Some((limit, _)) if !limit.contains(scope) => {
                let power = self.search.power;
                Sensitivity::weight_of(scope)
                    + usize::from(!power.is_empty() && !power.knows(scope))
            }
            _ => 0,
        }
    }

    fn named(&self, scopes: &Scopes<'_>) -> Named {
        let one = |scope: &&str| Named {
            writing: usize::from(!only_reads(scope)),
            undeclared: usize::from(!self.search.declared.contains(*scope)),
            elsewhere: usize::from(!self.search.at_hand.contains(*scope)),
            scopes: 1,
        };
        scopes.iter().map(one).sum()
    }

    /// Returns whether a set with `one` in the place of `other` is always better.
    fn prefers(&self, one: &str, other: &str) -> bool {
        let named = |scope| (self.named(&Scopes::from([scope])), scope);
        named(one) < named(other)
            && self.doubtful(one) <= self.doubtful(other)
            && Sensitivity::weight_of(one) <= Sensitivity::weight_of(other)
            && self.search.power.opens_no_more(one, other)
    }
}
