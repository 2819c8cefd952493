//! How sets of scopes are compared.

use std::collections::BTreeSet;
use std::iter::Sum;
use std::ops::Add;

use crate::power::{Bits, Power};
use crate::sensitivity::Sensitivity;
use crate::weight::only_reads;

pub(super) type Scopes<'a> = BTreeSet<&'a str>;

/// The power of a set, compared in the order of the fields. Adding a scope makes no field smaller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) struct Cost {
    pub(super) opened: Opened,
    pub(super) named: Named,
}

/// The part of the power that shows in the whole set only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) struct Opened {
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
pub(super) struct Named {
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
pub(super) struct Rank<'a> {
    pub(super) power: &'a Power,
    pub(super) declared: &'a BTreeSet<String>,
    pub(super) at_hand: &'a BTreeSet<String>,
    /// What is to allow no less, also as bits.
    pub(super) limit: Option<(&'a BTreeSet<String>, Bits)>,
}

impl Rank<'_> {
    pub(super) fn cost(&self, scopes: &Scopes<'_>) -> Cost {
        let power = self.power;
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
                let power = self.power;
                Sensitivity::weight_of(scope)
                    + usize::from(!power.is_empty() && !power.knows(scope))
            }
            _ => 0,
        }
    }

    pub(super) fn named(&self, scopes: &Scopes<'_>) -> Named {
        let one = |scope: &&str| Named {
            writing: usize::from(!only_reads(scope)),
            undeclared: usize::from(!self.declared.contains(*scope)),
            elsewhere: usize::from(!self.at_hand.contains(*scope)),
            scopes: 1,
        };
        scopes.iter().map(one).sum()
    }

    /// Returns whether a set with `one` in the place of `other` is always better.
    pub(super) fn prefers(&self, one: &str, other: &str) -> bool {
        let named = |scope| (self.named(&Scopes::from([scope])), scope);
        named(one) < named(other)
            && self.doubtful(one) <= self.doubtful(other)
            && Sensitivity::weight_of(one) <= Sensitivity::weight_of(other)
            && self.power.opens_no_more(one, other)
    }
}
