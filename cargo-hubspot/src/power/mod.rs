//! Compares scopes by the operations that they open in all of HubSpot's published documents.
//!
//! `cargo xtask power` writes `operations.tsv`. Everything that proposes scopes uses this comparison.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{LazyLock, Mutex, PoisonError};

use hubspot_scopes::{Alternative, LeastPrivilege, OperationCount, Power, Requirement};

/// How many operations read, how many write, and what they need: one line each.
const OPERATIONS: &str = include_str!("operations.tsv");

static POWER: LazyLock<Power> = LazyLock::new(|| Power::new(lines(OPERATIONS)));

/// What HubSpot's operations need.
pub(crate) fn power() -> &'static Power {
    &POWER
}

/// A search for the scopes with the least power, for these operations. Their objects decide among equals.
pub(crate) fn search<'a>(
    needs: impl IntoIterator<Item = (&'a Requirement, &'a str)>,
) -> LeastPrivilege<'static> {
    let needs = needs.into_iter();
    let at_hand = needs.flat_map(|(requirement, operation)| at_hand(requirement, operation));
    LeastPrivilege::new(power()).at_hand(at_hand.collect())
}

/// The scopes of a requirement that are named after the objects of the operation.
fn at_hand(requirement: &Requirement, operation: &str) -> BTreeSet<String> {
    let scopes = requirement.scopes().into_iter();
    let scopes = scopes.filter(|scope| is_at_hand(scope, operation));
    scopes.map(str::to_owned).collect()
}

/// Alternatives by requirement and by the scopes at hand, those with the least power first.
type Sorted = BTreeMap<(Requirement, BTreeSet<String>), Vec<Alternative>>;

/// What [`by_power`] has sorted. Many operations on objects of any type have the same hundred alternatives.
static SORTED: Mutex<Sorted> = Mutex::new(BTreeMap::new());

/// The alternatives of what an operation needs, those with the least power first.
pub(crate) fn by_power(requirement: &Requirement, operation: &str) -> Vec<Alternative> {
    let key = (requirement.clone(), at_hand(requirement, operation));
    let mut known = SORTED.lock().unwrap_or_else(PoisonError::into_inner);
    let sorted = known
        .entry(key)
        .or_insert_with(|| sorted_by_power(requirement, operation));
    sorted.clone()
}

fn sorted_by_power(requirement: &Requirement, operation: &str) -> Vec<Alternative> {
    let search = search([(requirement, operation)]);
    let comes_first = |one: &Alternative, other: &Alternative| {
        let either = Requirement::new([one.clone(), other.clone()]);
        search.satisfying(&[either]) == *one.scopes()
    };
    let mut sorted: Vec<Alternative> = Vec::new();
    for one in requirement.alternatives() {
        let at = sorted.partition_point(|other| comes_first(other, one));
        sorted.insert(at, one.clone());
    }
    sorted
}

/// Returns whether a scope is named after the objects of an operation: `crm.schemas.custom.read` after those of `schemas.get`.
fn is_at_hand(scope: &str, operation: &str) -> bool {
    let Some((resource, _)) = operation.rsplit_once('.') else {
        return false;
    };
    let resource = resource.rsplit('.').next().unwrap_or(resource);
    let words: BTreeSet<_> = scope.split(['.', '_', '-']).collect();
    resource.split('_').all(|word| words.contains(word))
}

/// Parses the lines. A test checks that all of them are valid.
fn lines(text: &str) -> impl Iterator<Item = (Requirement, OperationCount)> {
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| {
        let mut fields = line.splitn(3, '\t');
        let mut number = || fields.next()?.parse().ok();
        let count = OperationCount {
            reads: number()?,
            writes: number()?,
        };
        Some((fields.next()?.parse().ok()?, count))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operations;

    fn set(scopes: &[&str]) -> BTreeSet<String> {
        scopes.iter().map(|&scope| scope.to_owned()).collect()
    }

    /// The scopes that are chosen for operations.
    fn least(names: &[&str], declared: &[&str]) -> Vec<String> {
        let operations = names.iter().map(|name| operations::find(name).unwrap());
        let needs = operations.map(|one| (one.requirement().unwrap(), one.id));
        let needs: Vec<_> = needs.collect();
        let search = search(needs.iter().map(|(requirement, name)| (requirement, *name)));
        let requirements: Vec<_> = needs
            .into_iter()
            .map(|(requirement, _)| requirement)
            .collect();
        let chosen = search.declared(set(declared)).satisfying(&requirements);
        chosen.into_iter().collect()
    }

    #[test]
    fn alternatives_are_sorted_by_power() {
        let [contacts, schemas] = ["crm.objects.contacts.read", "crm.schemas.custom.read"];
        for (operation, alternatives, expected) in [
            (
                "schemas.list",
                [
                    r#""crm.objects.custom.read""#,
                    r#""crm.schemas.custom.read""#,
                ],
                schemas,
            ),
            (
                "line_items.create",
                [r#""crm.objects.line_items.write""#, r#""e-commerce""#],
                "crm.objects.line_items.write",
            ),
            (
                "x.y",
                [
                    r#"all("crm.objects.contacts.read", "tickets")"#,
                    r#""crm.objects.contacts.read""#,
                ],
                contacts,
            ),
        ] {
            let requirement = format!("any({})", alternatives.join(", "));
            let sorted = by_power(&requirement.parse().unwrap(), operation);
            assert_eq!(*sorted[0].scopes(), set(&[expected]), "{sorted:?}");
        }
    }

    #[test]
    fn every_line_is_valid() {
        let written = OPERATIONS.lines().filter(|line| !line.starts_with('#'));
        let expected = written.count();
        assert!(expected > 100);
        assert_eq!(lines(OPERATIONS).count(), expected);
    }

    /// A scope that the client's own operations need is one whose power is known.
    #[test]
    fn every_scope_of_an_operation_is_known() {
        for operation in operations::all() {
            for scope in operation.requirement().unwrap_or_default().scopes() {
                assert!(power().knows(scope), "{scope}, for {}", operation.id);
            }
        }
    }

    #[test]
    fn a_scope_that_allows_more_is_not_chosen_for_being_one() {
        let line_items = ["line_items.list", "line_items.create"];
        let two = [
            "crm.objects.line_items.read",
            "crm.objects.line_items.write",
        ];
        for declared in [&two[..], &[], &[two[0], two[1], "e-commerce"]] {
            assert_eq!(least(&line_items, declared), two);
        }
        // It reads tax rates, which the declared one does not.
        assert_eq!(least(&["line_items.list"], &["e-commerce"]), ["e-commerce"]);
    }

    #[test]
    fn among_equals_the_objects_at_hand_decide() {
        let [objects, schemas] = ["crm.objects.custom.read", "crm.schemas.custom.read"];
        for (operation, declared) in [
            ("schemas.list", &[][..]),
            ("schemas.get", &[objects, schemas]),
            ("schemas.get", &[objects]),
            ("schemas.list", &[objects, schemas]),
            ("v2026_03.schemas.list", &[]),
        ] {
            assert_eq!(least(&[operation], declared), [schemas], "{operation}");
        }
        assert!(is_at_hand(
            "crm.objects.line_items.read",
            "v3.line_items.list"
        ));
        assert!(!is_at_hand("e-commerce", "line_items.list"));
    }

    /// Whatever two scopes are declared, and whichever operation is called with them.
    #[test]
    fn no_proposal_opens_more_than_what_is_declared() {
        let needs = operations::all().filter_map(hubspot_generated::Operation::requirement);
        let needs: BTreeSet<_> = needs.filter(|need| !need.depends_on_type()).collect();
        let scopes = needs.iter().flat_map(Requirement::scopes);
        let scopes: BTreeSet<_> = scopes.collect();
        for one in &scopes {
            for other in &scopes {
                let declared = set(&[one, other]);
                let search = LeastPrivilege::new(power()).declared(declared.clone());
                for need in needs.iter().filter(|need| need.satisfied_by(&declared)) {
                    let proposed = search.satisfying(std::slice::from_ref(need));
                    assert!(
                        power().is_within(&proposed, &declared),
                        "{proposed:?} instead of {declared:?}"
                    );
                }
            }
        }
    }
}
