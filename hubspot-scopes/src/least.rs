//! The least set of scopes that satisfies many requirements.
//!
//! Comes in: requirements. Goes out: the set of least privilege, exact. Refuses nothing.
//!
//! The problem is minimum set cover with alternatives of more than one scope. Real requirements fall to three
//! reductions (what is forced, what another requirement implies, which scope can stand for which); the rest is a branch
//! and bound.

use std::collections::{BTreeMap, BTreeSet};
use std::iter::Sum;
use std::ops::Add;

use crate::requirement::Requirement;

/// The least set of scopes that satisfies every one of `requirements`, whatever the kind of login.
///
/// Exact. The least set has the fewest scopes; of those sets, the fewest sensitive scopes, then the fewest scopes that
/// allow more than reading; then the one that comes first alphabetically. A scope is sensitive when `sensitive` is a
/// word of its name; it only reads when `read` is a word of it and `write` is not.
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
    least_privilege_preferring(requirements, &BTreeSet::new())
}

/// As [`least_privilege`], but of sets with equal privilege the one with the fewest scopes that are not in `preferred`,
/// and only then the one that comes first alphabetically: what is there already need not change for one that is no better.
///
/// ```
/// use std::collections::BTreeSet;
/// use hubspot_scopes::{Requirement, least_privilege_preferring};
///
/// let either: Requirement = r#"any("a.read", "b.read", "c.write")"#.parse()?;
/// let least = |preferred: &str| {
///     least_privilege_preferring(std::slice::from_ref(&either), &BTreeSet::from([preferred.to_owned()]))
/// };
/// assert_eq!(Vec::from_iter(least("b.read")), ["b.read"]);
/// assert_eq!(Vec::from_iter(least("c.write")), ["a.read"]);
/// # Ok::<(), hubspot_scopes::ParseRequirementError>(())
/// ```
pub fn least_privilege_preferring(
    requirements: &[Requirement],
    preferred: &BTreeSet<String>,
) -> BTreeSet<String> {
    let requirements = requirements
        .iter()
        .map(Requirement::ignoring_schemes)
        .collect::<BTreeSet<_>>();
    let mut problem = Problem {
        open: Vec::new(),
        chosen: BTreeSet::new(),
        preferred,
    };
    for requirement in requirements
        .iter()
        .filter(|requirement| !requirement.is_none())
    {
        let alternatives = requirement.alternatives().iter();
        problem.open.push(
            alternatives
                .map(|a| a.scopes().iter().map(String::as_str).collect())
                .collect(),
        );
    }
    let mut best = None;
    problem.solve(&mut best);
    best.unwrap_or_default()
        .scopes
        .into_iter()
        .map(str::to_owned)
        .collect()
}

/// What a scope costs, compared in the order of the fields; the weight of a set is the sum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) struct Weight {
    scopes: usize,
    sensitive: usize,
    writing: usize,
}

impl Weight {
    fn of(scope: &str) -> Self {
        let has = |wanted| {
            scope
                .split(|c: char| !c.is_ascii_alphanumeric())
                .any(|word| word == wanted)
        };
        let reads_only = has("read") && !has("write");
        Self {
            scopes: 1,
            sensitive: usize::from(has("sensitive")),
            writing: usize::from(!reads_only),
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

type Scopes<'a> = BTreeSet<&'a str>;

/// A complete choice; the lesser of two is the better one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
struct Choice<'a> {
    weight: Weight,
    /// How many of the scopes are not among those that are preferred.
    strange: usize,
    scopes: Scopes<'a>,
}

/// Some scopes are chosen; of each open requirement one alternative is still to be chosen.
#[derive(Debug, Clone)]
struct Problem<'a> {
    open: Vec<BTreeSet<Scopes<'a>>>,
    chosen: Scopes<'a>,
    preferred: &'a BTreeSet<String>,
}

impl<'a> Problem<'a> {
    /// Improves `best`, if a solution of this is better.
    fn solve(mut self, best: &mut Option<Choice<'a>>) {
        self.reduce();
        let weight = Weight::of_all(&self.chosen);
        if best
            .as_ref()
            .is_some_and(|best| weight + self.bound() > best.weight)
        {
            return;
        }
        let Some(narrowest) = self
            .open
            .iter()
            .min_by_key(|alternatives| alternatives.len())
        else {
            let choice = Choice {
                weight,
                strange: (self.chosen.iter())
                    .filter(|scope| self.is_strange(scope))
                    .count(),
                scopes: self.chosen,
            };
            if best.as_ref().is_none_or(|best| choice < *best) {
                *best = Some(choice);
            }
            return;
        };
        let mut alternatives = narrowest.iter().collect::<Vec<_>>();
        alternatives.sort_by_cached_key(|scopes| Weight::of_all(scopes));
        for alternative in alternatives {
            let mut branch = self.clone();
            branch.chosen.extend(alternative);
            branch.solve(best);
        }
    }

    fn is_strange(&self, scope: &str) -> bool {
        !self.preferred.contains(scope)
    }

    /// A weight that every solution adds at least: requirements that share no scope are paid for apart.
    fn bound(&self) -> Weight {
        let mut seen = Scopes::new();
        let mut bound = Weight::default();
        for alternatives in &self.open {
            if alternatives
                .iter()
                .flatten()
                .all(|scope| !seen.contains(scope))
            {
                seen.extend(alternatives.iter().flatten());
                bound = bound
                    + alternatives
                        .iter()
                        .map(Weight::of_all)
                        .min()
                        .unwrap_or_default();
            }
        }
        bound
    }

    /// Makes the problem smaller without losing its best solution, until nothing more can be said.
    fn reduce(&mut self) {
        loop {
            self.subtract_chosen();
            self.drop_implied();
            let forced = self
                .open
                .iter()
                .filter(|a| a.len() == 1)
                .flatten()
                .flatten()
                .copied()
                .collect::<Vec<_>>();
            if forced.is_empty() && !self.drop_replaceable() {
                return;
            }
            self.chosen.extend(forced);
        }
    }

    /// What is chosen already costs nothing: satisfied requirements go, and the others become smaller.
    fn subtract_chosen(&mut self) {
        for alternatives in &mut self.open {
            let rest: BTreeSet<_> = alternatives
                .iter()
                .map(|scopes| scopes - &self.chosen)
                .collect();
            *alternatives = minimal(&rest);
        }
        self.open
            .retain(|alternatives| !alternatives.contains(&Scopes::new()));
    }

    /// A requirement that another one implies needs no choice of its own.
    fn drop_implied(&mut self) {
        self.open.sort_by_key(BTreeSet::len);
        let mut kept: Vec<BTreeSet<Scopes<'a>>> = Vec::with_capacity(self.open.len());
        for alternatives in self.open.drain(..) {
            let implied_by = |other: &BTreeSet<Scopes<'a>>| {
                other
                    .iter()
                    .all(|scopes| alternatives.iter().any(|needed| needed.is_subset(scopes)))
            };
            if !kept.iter().any(implied_by) {
                kept.push(alternatives);
            }
        }
        self.open = kept;
    }

    /// A scope that is only ever enough alone is never chosen where another one is enough too in all its places, and
    /// better. Says whether there was one.
    fn drop_replaceable(&mut self) -> bool {
        let mut places: BTreeMap<&'a str, BTreeSet<usize>> = BTreeMap::new();
        let mut never_alone = Scopes::new();
        for (index, alternatives) in self.open.iter().enumerate() {
            for scopes in alternatives {
                match scopes.first() {
                    Some(&scope) if scopes.len() == 1 => {
                        _ = places.entry(scope).or_default().insert(index);
                    }
                    _ => never_alone.extend(scopes),
                }
            }
        }
        let replaceable = places
            .iter()
            .filter_map(|(&scope, needed)| {
                let rank = |scope| (Weight::of(scope), self.is_strange(scope), scope);
                let replaces = |(&other, offered): (&&'a str, &BTreeSet<usize>)| {
                    rank(other) < rank(scope) && needed.is_subset(offered)
                };
                (!never_alone.contains(scope) && places.iter().any(replaces)).then_some(scope)
            })
            .collect::<Scopes<'_>>();
        for alternatives in &mut self.open {
            alternatives.retain(|scopes| scopes.is_disjoint(&replaceable));
        }
        !replaceable.is_empty()
    }
}

/// The alternatives that contain no other one.
fn minimal<'a>(alternatives: &BTreeSet<Scopes<'a>>) -> BTreeSet<Scopes<'a>> {
    let contains_another = |scopes: &Scopes<'_>| {
        alternatives
            .iter()
            .any(|other| other.len() < scopes.len() && other.is_subset(scopes))
    };
    alternatives
        .iter()
        .filter(|scopes| !contains_another(scopes))
        .cloned()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn least(requirements: &[&str]) -> Vec<String> {
        let requirements = requirements
            .iter()
            .map(|text| text.parse().unwrap())
            .collect::<Vec<_>>();
        least_privilege(&requirements)
            .into_iter()
            .collect::<Vec<_>>()
    }

    #[test]
    fn nothing_needs_nothing() {
        assert!(least(&[]).is_empty());
        assert!(least(&["", ""]).is_empty());
    }

    #[test]
    fn ties_go_to_reading_then_to_the_alphabet() {
        assert_eq!(
            least(&[r#"any("a.write", "b.sensitive.read", "c.read")"#]),
            ["c.read"]
        );
        assert_eq!(
            least(&[r#"any("a.write", "b.sensitive.read")"#]),
            ["a.write"]
        );
        assert_eq!(
            least(&[r#"any("e-commerce", "line_items.read")"#]),
            ["line_items.read"]
        );
        assert_eq!(least(&[r#"any("b.read", "a.read")"#]), ["a.read"]);
    }

    #[test]
    fn fewer_scopes_come_before_weaker_ones() {
        let least = least(&[r#"any("a.read", "x.write")"#, r#"any("b.read", "x.write")"#]);
        assert_eq!(least, ["x.write"]);
    }

    #[test]
    fn an_alternative_of_two_is_taken_where_both_are_needed_anyway() {
        let least = least(&[r#"any("c", all("a", "b"))"#, r#""a""#, r#""b""#]);
        assert_eq!(least, ["a", "b"]);
    }

    #[test]
    fn dozens_of_wide_requirements_are_quick() {
        let wide = |skip: usize| {
            let scopes = (0..92)
                .filter(|number| number % 7 != skip)
                .map(|number| format!(r#""s{number}.read""#));
            format!("any({})", scopes.collect::<Vec<_>>().join(", "))
        };
        let mut requirements = (0..7).map(wide).collect::<Vec<_>>();
        requirements.extend(
            (0..40).map(|number| format!(r#"any("x{number}", "x{}", all("y", "z"))"#, number + 1)),
        );
        let requirements = requirements.iter().map(String::as_str).collect::<Vec<_>>();
        // Any two wide ones have most scopes in common; only scopes 0 mod 7 and 1 mod 7 together are in all of them.
        assert_eq!(least(&requirements), ["s0.read", "s1.read", "y", "z"]);
    }
}
