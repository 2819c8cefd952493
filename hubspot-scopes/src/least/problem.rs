//! The search itself: reductions, then branch and bound.

use std::collections::{BTreeMap, BTreeSet};

use super::rank::{Cost, Named, Rank, Scopes};

/// A complete choice; the lesser of two is the better one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
struct Choice<'a> {
    cost: Cost,
    scopes: Scopes<'a>,
}

/// Some scopes are chosen; of each open requirement one alternative is still to be chosen.
#[derive(Debug, Clone)]
pub(super) struct Problem<'a> {
    open: Vec<BTreeSet<Scopes<'a>>>,
    chosen: Scopes<'a>,
    rank: &'a Rank<'a>,
}

impl<'a> Problem<'a> {
    pub(super) const fn new(
        open: Vec<BTreeSet<Scopes<'a>>>,
        chosen: Scopes<'a>,
        rank: &'a Rank<'a>,
    ) -> Self {
        Self { open, chosen, rank }
    }

    /// The best choice of scopes, those that were chosen before included.
    pub(super) fn best(self) -> Scopes<'a> {
        let mut best = None;
        self.solve(&mut best);
        best.unwrap_or_default().scopes
    }

    /// Improves `best`, if a solution of this is better.
    fn solve(mut self, best: &mut Option<Choice<'a>>) {
        self.reduce();
        let cost = self.rank.cost(&self.chosen);
        let bound = Cost {
            named: cost.named + self.bound(),
            ..cost
        };
        if best.as_ref().is_some_and(|best| bound > best.cost) {
            return;
        }
        let narrowest = self
            .open
            .iter()
            .min_by_key(|alternatives| alternatives.len());
        let Some(narrowest) = narrowest else {
            let choice = Choice {
                cost,
                scopes: self.chosen,
            };
            if best.as_ref().is_none_or(|best| choice < *best) {
                *best = Some(choice);
            }
            return;
        };
        let mut branches: Vec<_> = (narrowest.iter())
            .map(|alternative| &self.chosen | alternative)
            .map(|chosen| (self.rank.cost(&chosen), chosen))
            .collect();
        branches.sort();
        for (_, chosen) in branches {
            let branch = Self {
                chosen,
                ..self.clone()
            };
            branch.solve(best);
        }
    }

    /// What every solution adds at least: requirements that share no scope are paid for apart.
    fn bound(&self) -> Named {
        let mut seen = Scopes::new();
        let mut bound = Named::default();
        for alternatives in &self.open {
            let mut scopes = alternatives.iter().flatten();
            if scopes.all(|scope| !seen.contains(scope)) {
                seen.extend(alternatives.iter().flatten());
                let cheapest = alternatives
                    .iter()
                    .map(|scopes| self.rank.named(scopes))
                    .min();
                bound = bound + cheapest.unwrap_or_default();
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
                let replaces = |(&other, offered): (&&'a str, &BTreeSet<usize>)| {
                    needed.is_subset(offered) && self.rank.prefers(other, scope)
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
