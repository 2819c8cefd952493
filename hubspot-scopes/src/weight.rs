//! What the name of a scope says about its power.

use std::collections::BTreeSet;
use std::iter::Sum;
use std::ops::Add;

use crate::sensitivity::Sensitivity;

/// How alternatives are sorted where nothing but their names is known, compared in the order of the fields; the weight of a
/// set is the sum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) struct Weight {
    scopes: usize,
    sensitive: usize,
    writing: usize,
}

impl Weight {
    fn of(scope: &str) -> Self {
        Self {
            scopes: 1,
            sensitive: usize::from(Sensitivity::of_scope(scope).is_some()),
            writing: usize::from(!only_reads(scope)),
        }
    }

    /// The weight of a set.
    pub(crate) fn of_all<S: AsRef<str>>(scopes: &BTreeSet<S>) -> Self {
        scopes.iter().map(|scope| Self::of(scope.as_ref())).sum()
    }
}

impl Add for Weight {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            scopes: self.scopes + other.scopes,
            sensitive: self.sensitive + other.sensitive,
            writing: self.writing + other.writing,
        }
    }
}

impl Sum for Weight {
    fn sum<I: Iterator<Item = Self>>(weights: I) -> Self {
        weights.fold(Self::default(), Add::add)
    }
}

/// Returns whether the name says that a scope only reads.
pub(crate) fn only_reads(scope: &str) -> bool {
    let has = |wanted| {
        let mut words = scope.split(|c: char| !c.is_ascii_alphanumeric());
        words.any(|word| word == wanted)
    };
    has("read") && !has("write")
}
