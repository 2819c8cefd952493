//! Chooses the scopes with the least power that satisfy all calls and allow no more than what is declared.

use std::collections::{BTreeMap, BTreeSet};

use hubspot_scopes::{Alternative, Requirement};

use crate::power::{self, power};

/// Each requirement, and the operations that have it.
pub(super) type Needs = BTreeMap<Requirement, BTreeSet<String>>;

/// The least scopes that are enough.
pub(super) struct Least {
    /// The scopes with the least power, without the given ones.
    pub(super) scopes: BTreeSet<String>,
    /// Whether none of them is kept only because an operation on objects of any type may need it.
    pub(super) is_certain: bool,
    given: BTreeSet<String>,
}

impl Least {
    /// Chooses among the declared scopes and those that may replace them. The scopes in `given` cost nothing.
    pub(super) fn of(needs: &Needs, declared: &BTreeSet<String>, given: &BTreeSet<String>) -> Self {
        let there = declared | given;
        // Operations on objects of any type keep all declared scopes that they accept, if these are enough.
        let chosen = |need: &Requirement| !need.depends_on_type() || !need.satisfied_by(&there);
        let chosen: Needs = (needs.iter())
            .filter(|(need, _)| chosen(need))
            .map(|(need, operations)| (need.clone(), operations.clone()))
            .collect();
        let search = search(&chosen)
            .declared(declared.clone())
            .given(given.clone());
        let scopes = search.satisfying(&chosen.into_keys().collect::<Vec<_>>());
        let kept = &(&of_types(needs, &there) - &scopes) - given;
        let mut least = Self {
            scopes,
            is_certain: true,
            given: given.clone(),
        };
        least.scopes.extend(kept.clone());
        let sufficient = least.sufficient();
        least.is_certain = !kept.iter().any(|scope| {
            let mut rest = sufficient.clone();
            rest.remove(scope);
            let mut satisfied = needs.keys().filter(|need| need.satisfied_by(&sufficient));
            satisfied.all(|need| need.satisfied_by(&rest))
        });
        least
    }

    /// The chosen scopes and the given ones.
    pub(super) fn sufficient(&self) -> BTreeSet<String> {
        &self.scopes | &self.given
    }

    /// Scopes that would be enough instead of `scope` and open fewer operations, but some that it does not open.
    pub(super) fn alternative(&self, scope: &str, needs: &Needs) -> Option<BTreeSet<String>> {
        let is_kept_for_types = of_types(needs, &self.sufficient()).contains(scope);
        if self.given.contains(scope) || is_kept_for_types {
            return None;
        }
        let mut rest = self.sufficient();
        rest.remove(scope);
        let left = || needs.iter().filter(|(need, _)| !need.satisfied_by(&rest));
        let without = left().map(|(need, _)| {
            let alternatives = need.alternatives().iter();
            let others = alternatives.filter(|alternative| !alternative.scopes().contains(scope));
            let others: Vec<Alternative> = others.cloned().collect();
            (!others.is_empty() && !need.depends_on_type()).then(|| Requirement::new(others))
        });
        let without: Vec<_> = without.collect::<Option<_>>()?;
        let chosen: Needs = left()
            .map(|(need, names)| (need.clone(), names.clone()))
            .collect();
        let other = search(&chosen).given(rest).satisfying(&without);
        let opened = |scopes: &BTreeSet<String>| {
            let opened = power().opened_by(scopes);
            (opened.writes, opened.reads)
        };
        let own = BTreeSet::from([scope.to_owned()]);
        let is_known = other.iter().all(|scope| power().knows(scope));
        (is_known && !other.is_empty() && opened(&other) < opened(&own)).then_some(other)
    }
}

/// A search with the objects of the operations at hand.
fn search(needs: &Needs) -> hubspot_scopes::LeastPrivilege<'static> {
    let each = needs.iter().flat_map(|(need, operations)| {
        let operations = operations.iter();
        operations.map(move |operation| (need, operation.as_str()))
    });
    power::search(each)
}

/// The scopes that may be needed for operations on objects of any type: HubSpot requires those of the types at hand.
fn of_types(needs: &Needs, there: &BTreeSet<String>) -> BTreeSet<String> {
    let of_types = needs.keys().filter(|need| need.depends_on_type());
    let alternatives = of_types.flat_map(Requirement::alternatives);
    let satisfied = alternatives.filter(|alternative| alternative.scopes().is_subset(there));
    let scopes = satisfied.flat_map(|alternative| alternative.scopes().clone());
    scopes.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const READ: &str = "crm.objects.line_items.read";
    const WRITE: &str = "crm.objects.line_items.write";
    const LIST: (&str, &str) = (
        "line_items.list",
        r#"any("crm.objects.line_items.read", "e-commerce")"#,
    );
    const CREATE: (&str, &str) = (
        "line_items.create",
        r#"any("crm.objects.line_items.write", "e-commerce")"#,
    );

    fn set(scopes: &[&str]) -> BTreeSet<String> {
        scopes.iter().map(|&scope| scope.to_owned()).collect()
    }

    fn needs(calls: &[(&str, &str)]) -> Needs {
        let need = |&(operation, need): &(&str, &str)| (need.parse().unwrap(), set(&[operation]));
        calls.iter().map(need).collect()
    }

    fn least(calls: &[(&str, &str)], declared: &[&str]) -> Least {
        Least::of(&needs(calls), &set(declared), &BTreeSet::new())
    }

    #[test]
    fn what_allows_more_replaces_nothing() {
        let calls = [LIST, CREATE];
        let two = set(&[READ, WRITE]);
        assert_eq!(least(&calls, &[READ, WRITE]).scopes, two);
        assert_eq!(least(&calls, &[READ, WRITE, "e-commerce"]).scopes, two);
        assert_eq!(least(&calls, &["e-commerce"]).scopes, set(&["e-commerce"]));
    }

    #[test]
    fn what_allows_something_else_is_only_told() {
        let kept = least(&[LIST], &["e-commerce"]);
        assert_eq!(kept.scopes, set(&["e-commerce"]));
        assert_eq!(
            kept.alternative("e-commerce", &needs(&[LIST])),
            Some(set(&[READ]))
        );
        let kept = least(&[LIST], &[READ]);
        assert_eq!(kept.alternative(READ, &needs(&[LIST])), None);
    }

    #[test]
    fn operations_on_any_type_keep_the_scopes_of_all_types() {
        let associate = (
            "associations.set",
            r#"any("crm.objects.contacts.write", "crm.objects.companies.write", "crm.objects.deals.write")"#,
        );
        let [contacts, companies] = ["crm.objects.contacts.write", "crm.objects.companies.write"];
        let one = least(&[associate], &[contacts, "crm.objects.contacts.read"]);
        assert_eq!((one.scopes, one.is_certain), (set(&[contacts]), true));
        let two = least(&[associate], &[contacts, companies]);
        assert_eq!(
            (two.scopes, two.is_certain),
            (set(&[contacts, companies]), false)
        );
    }
}
