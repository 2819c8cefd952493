//! What scopes allow, by the operations that they open.

use std::collections::{BTreeMap, BTreeSet};

use crate::login::LoginKind;
use crate::requirement::Requirement;
use crate::sensitivity::Sensitivity;

/// The operations that scopes can open, to compare sets of scopes by what they allow.
///
/// ```
/// use std::collections::BTreeSet;
/// use hubspot_scopes::{OperationCount, Power};
///
/// let read = OperationCount { reads: 4, writes: 0 };
/// let write = OperationCount { reads: 0, writes: 6 };
/// let power = Power::new([
///     (r#"any("items.read", "shop")"#.parse()?, read),
///     (r#"any("items.write", "shop")"#.parse()?, write),
///     (r#""shop""#.parse()?, write),
/// ]);
/// let set = |scopes: &[&str]| scopes.iter().map(|&scope| scope.to_owned()).collect::<BTreeSet<_>>();
///
/// assert!(power.is_within(&set(&["items.read", "items.write"]), &set(&["shop"])));
/// assert!(!power.is_within(&set(&["shop"]), &set(&["items.read", "items.write"])));
/// assert_eq!(power.opened_by(&set(&["shop"])), OperationCount { reads: 4, writes: 12 });
/// # Ok::<(), hubspot_scopes::ParseRequirementError>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Power {
    scopes: BTreeMap<String, usize>,
    rows: Vec<Row>,
    /// Of each scope, where it is enough alone: `2 * row + kind of login`.
    columns: Vec<Bits>,
}

/// A number of operations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct OperationCount {
    /// Those that read.
    pub reads: usize,
    /// Those that create, change or delete.
    pub writes: usize,
}

/// Operations with one requirement.
#[derive(Debug, Clone)]
struct Row {
    count: OperationCount,
    /// What one of the scopes opens depends on the type of the objects.
    by_type: bool,
    /// The alternatives for each kind of login.
    ways: [Ways; 2],
}

/// The alternatives of a requirement for one kind of login.
#[derive(Debug, Clone, Default)]
struct Ways {
    /// Scopes that are enough alone.
    single: Bits,
    /// Scopes that are needed together.
    joint: Vec<Bits>,
}

impl Power {
    /// Creates it from requirements, each with the number of operations that have it.
    pub fn new(operations: impl IntoIterator<Item = (Requirement, OperationCount)>) -> Self {
        let mut power = Self::default();
        for (requirement, count) in operations {
            let mut ways = [Ways::default(), Ways::default()];
            for alternative in requirement.alternatives() {
                let scopes = alternative.scopes().iter();
                let scopes: Vec<_> = scopes.map(|scope| power.number(scope)).collect();
                for (kind, login) in LoginKind::ALL.iter().copied().enumerate() {
                    if !alternative.logins().contains(login) {
                        continue;
                    }
                    if let [scope] = scopes[..] {
                        ways[kind].single.insert(scope);
                        power.columns[scope].insert(2 * power.rows.len() + kind);
                    } else {
                        ways[kind].joint.push(scopes.iter().copied().collect());
                    }
                }
            }
            power.rows.push(Row {
                count,
                by_type: requirement.depends_on_type(),
                ways,
            });
        }
        power
    }

    /// Returns whether `scopes` allow nothing that `others` do not: every operation that they open, for either kind of
    /// login, the others open too, and their sensitive scopes are among the others.
    pub fn is_within(&self, scopes: &BTreeSet<String>, others: &BTreeSet<String>) -> bool {
        let is_new = |scope: &&String| !others.contains(*scope);
        let mut new = scopes.iter().filter(is_new);
        let (scopes, others) = (self.bits(scopes), self.bits(others));
        new.all(|scope| self.knows(scope) && Sensitivity::of_scope(scope).is_none())
            && self.beyond(&scopes, &others) == 0
    }

    /// Returns how many operations `scopes` open, for some kind of login.
    pub fn opened_by(&self, scopes: &BTreeSet<String>) -> OperationCount {
        self.count(&self.bits(scopes), |_| true)
    }

    /// Returns whether an operation is known that asks for the scope.
    pub fn knows(&self, scope: &str) -> bool {
        self.scopes.contains_key(scope)
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    fn number(&mut self, scope: &str) -> usize {
        let next = self.scopes.len();
        let number = *self.scopes.entry(scope.to_owned()).or_insert(next);
        self.columns.resize(self.scopes.len(), Bits::default());
        number
    }

    /// The known ones of the scopes.
    pub(crate) fn bits<S: AsRef<str>>(&self, scopes: &BTreeSet<S>) -> Bits {
        let known = scopes
            .iter()
            .filter_map(|scope| self.scopes.get(scope.as_ref()));
        known.copied().collect()
    }

    /// The operations that the scopes open, without those for which the type of the objects decides: one for which any of
    /// dozens of scopes is enough says little about each of them.
    pub(crate) fn opened(&self, scopes: &Bits) -> OperationCount {
        self.count(scopes, |row| !row.by_type)
    }

    /// How many operations the scopes open.
    pub(crate) fn all_opened(&self, scopes: &Bits) -> usize {
        let count = self.count(scopes, |_| true);
        count.reads + count.writes
    }

    fn count(&self, scopes: &Bits, wanted: impl Fn(&Row) -> bool) -> OperationCount {
        let opened = self
            .rows
            .iter()
            .filter(|row| wanted(row) && row.ways.iter().any(|ways| ways.open_with(scopes)));
        opened.fold(OperationCount::default(), |sum, row| OperationCount {
            reads: sum.reads + row.count.reads,
            writes: sum.writes + row.count.writes,
        })
    }

    /// How many operations `scopes` open that `others` do not.
    pub(crate) fn beyond(&self, scopes: &Bits, others: &Bits) -> usize {
        let is_new = |ways: &Ways| ways.open_with(scopes) && !ways.open_with(others);
        let new = self.rows.iter().filter(|row| row.ways.iter().any(is_new));
        new.map(|row| (row.count.reads + row.count.writes).max(1))
            .sum()
    }

    /// Returns whether `one` in the place of `other`, in whatever set, opens nothing more.
    pub(crate) fn opens_no_more(&self, one: &str, other: &str) -> bool {
        let Some(&one) = self.scopes.get(one) else {
            return true;
        };
        let other = self.scopes.get(other).copied();
        let alone = other.map_or_else(Bits::default, |other| self.columns[other].clone());
        if !self.columns[one].is_within(&alone) {
            return false;
        }
        let other: Bits = other.into_iter().collect();
        self.rows.iter().flat_map(|row| &row.ways).all(|ways| {
            let mut joint = ways.joint.iter().filter(|set| set.contains(one));
            joint.all(|set| {
                let mut set = set.without(one);
                set.extend(&other);
                ways.open_with(&set)
            })
        })
    }
}

impl Ways {
    fn open_with(&self, scopes: &Bits) -> bool {
        self.single.meets(scopes) || self.joint.iter().any(|all| all.is_within(scopes))
    }
}

/// A set of small numbers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Bits(Vec<u64>);

impl Bits {
    fn insert(&mut self, number: usize) {
        let (word, bit) = (number / 64, number % 64);
        if self.0.len() <= word {
            self.0.resize(word + 1, 0);
        }
        self.0[word] |= 1 << bit;
    }

    fn contains(&self, number: usize) -> bool {
        self.0
            .get(number / 64)
            .is_some_and(|word| word >> (number % 64) & 1 == 1)
    }

    pub(crate) fn extend(&mut self, others: &Self) {
        self.0.resize(self.0.len().max(others.0.len()), 0);
        for (word, other) in self.0.iter_mut().zip(&others.0) {
            *word |= other;
        }
    }

    fn without(&self, number: usize) -> Self {
        let mut rest = self.clone();
        if let Some(word) = rest.0.get_mut(number / 64) {
            *word &= !(1 << (number % 64));
        }
        rest
    }

    fn meets(&self, others: &Self) -> bool {
        self.0
            .iter()
            .zip(&others.0)
            .any(|(word, other)| word & other != 0)
    }

    fn is_within(&self, others: &Self) -> bool {
        let other = |index: usize| others.0.get(index).copied().unwrap_or_default();
        self.0
            .iter()
            .enumerate()
            .all(|(index, word)| word & !other(index) == 0)
    }
}

impl FromIterator<usize> for Bits {
    fn from_iter<T: IntoIterator<Item = usize>>(numbers: T) -> Self {
        let mut bits = Self::default();
        for number in numbers {
            bits.insert(number);
        }
        bits
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn power(rows: &[(&str, usize, usize)]) -> Power {
        Power::new(rows.iter().map(|&(text, reads, writes)| {
            (text.parse().unwrap(), OperationCount { reads, writes })
        }))
    }

    fn set(scopes: &[&str]) -> BTreeSet<String> {
        scopes.iter().map(|&scope| scope.to_owned()).collect()
    }

    #[test]
    fn each_kind_of_login_counts() {
        let power = power(&[
            (r#"any(oauth2("a"), private_apps("b"))"#, 1, 0),
            (r#"any("a", "b", "c")"#, 1, 0),
        ]);
        assert!(!power.is_within(&set(&["a"]), &set(&["b"])));
        assert!(power.is_within(&set(&["c"]), &set(&["b"])));
        assert!(power.is_within(&set(&["a"]), &set(&["a", "b"])));
    }

    #[test]
    fn scopes_together_may_open_more() {
        let power = power(&[
            (r#""a", "b""#, 0, 1),
            (r#"any("a", "c")"#, 1, 0),
            (r#"any("b", "c")"#, 1, 0),
        ]);
        assert!(power.is_within(&set(&["a"]), &set(&["c"])));
        assert!(!power.is_within(&set(&["a", "b"]), &set(&["c"])));
        assert_eq!(
            power.opened_by(&set(&["a", "b"])),
            OperationCount {
                reads: 2,
                writes: 1
            }
        );
    }

    #[test]
    fn what_is_unknown_or_sensitive_allows_more() {
        let power = power(&[(r#"any("a", "a.sensitive")"#, 1, 0)]);
        assert!(!power.is_within(&set(&["new"]), &set(&["a"])));
        assert!(!power.is_within(&set(&["a.sensitive"]), &set(&["a"])));
        assert!(power.is_within(&set(&["a"]), &set(&["a.sensitive"])));
    }
}
