//! The algebra against evaluators too simple to be wrong, on random requirements.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use hubspot_scopes::{
    Alternative, LeastPrivilege, LoginKind, LoginKinds, OperationCount, Power, Requirement,
    least_privilege, trait_name,
};
use proptest::collection::{btree_set, vec};
use proptest::prelude::*;
use proptest::sample::{Index, select};

/// Twelve names, of every rank: at most 4,096 sets, few enough to try all.
const NAMES: [&str; 12] = [
    "a.read",
    "a.write",
    "b.sensitive.read",
    "b.sensitive.write",
    "c.read",
    "c.read_write",
    "d",
    "e-commerce",
    "f.read",
    "f.write",
    "g.highly_sensitive.read",
    "h.read",
];

fn scopes() -> impl Strategy<Value = BTreeSet<String>> {
    btree_set(select(&NAMES[..]).prop_map(str::to_owned), 0..4)
}

fn logins() -> impl Strategy<Value = LoginKinds> {
    prop_oneof![
        4 => Just(LoginKinds::EITHER),
        1 => Just(LoginKind::OAuth2.into()),
        1 => Just(LoginKind::PrivateApps.into())
    ]
}

fn alternatives() -> impl Strategy<Value = Vec<Alternative>> {
    vec(
        (scopes(), logins())
            .prop_map(|(scopes, logins)| Alternative::all_of(scopes).with_logins(logins)),
        0..6,
    )
}

fn requirement() -> impl Strategy<Value = Requirement> {
    alternatives().prop_map(Requirement::new)
}

/// Every set of the twelve names.
static EVERY_SET: LazyLock<Vec<BTreeSet<String>>> = LazyLock::new(|| {
    let chosen = |bits: u32| {
        NAMES
            .iter()
            .enumerate()
            .filter(move |(index, _)| bits >> index & 1 == 1)
    };
    (0..1 << NAMES.len())
        .map(|bits| chosen(bits).map(|(_, name)| (*name).to_owned()).collect())
        .collect()
});

/// What OpenAPI says, word for word.
fn naive(
    alternatives: &[Alternative],
    granted: &BTreeSet<String>,
    login: Option<LoginKind>,
) -> bool {
    alternatives.is_empty()
        || alternatives.iter().any(|alternative| {
            login.is_none_or(|login| alternative.logins().contains(login))
                && alternative
                    .scopes()
                    .iter()
                    .all(|scope| granted.contains(scope))
        })
}

fn has(scope: &str, word: &str) -> bool {
    scope.split(['.', '_', '-']).any(|other| other == word)
}

fn sensitivity(scope: &str) -> usize {
    usize::from(has(scope, "sensitive")) + usize::from(has(scope, "highly"))
}

fn writes(scope: &str) -> bool {
    !has(scope, "read") || has(scope, "write")
}

/// The order in which `missing_from` gives the ways, spelled out on one set.
fn weight(set: &BTreeSet<String>) -> (usize, usize, usize, &BTreeSet<String>) {
    let sensitive = set.iter().filter(|scope| sensitivity(scope) > 0).count();
    let writing = set.iter().filter(|scope| writes(scope)).count();
    (set.len(), sensitive, writing, set)
}

/// Operations that read or write, with what they need.
type Operations = Vec<(Requirement, bool)>;

fn operations() -> impl Strategy<Value = Operations> {
    vec((requirement(), any::<bool>()), 0..9)
}

fn power(operations: &Operations) -> Power {
    Power::new(operations.iter().map(|(requirement, is_write)| {
        let count = OperationCount {
            reads: usize::from(!is_write),
            writes: usize::from(*is_write),
        };
        (requirement.clone(), count)
    }))
}

/// The operations that a set opens for a kind of login, by number.
fn opened(operations: &Operations, set: &BTreeSet<String>, login: LoginKind) -> BTreeSet<usize> {
    let needs = operations.iter().map(|(requirement, _)| requirement);
    let is_open = |(_, requirement): &(usize, &Requirement)| {
        !requirement.is_none() && requirement.satisfied_by_as(set, login)
    };
    let open = needs.enumerate().filter(is_open);
    open.map(|(number, _)| number).collect()
}

/// Whether `set` allows nothing that `other` does not, word for word.
fn allows_no_more(
    operations: &Operations,
    set: &BTreeSet<String>,
    other: &BTreeSet<String>,
) -> bool {
    let known: BTreeSet<_> = operations
        .iter()
        .flat_map(|(requirement, _)| requirement.scopes())
        .collect();
    let mut new = set.difference(other);
    let opens_no_more =
        |login| opened(operations, set, login).is_subset(&opened(operations, other, login));
    new.all(|scope| sensitivity(scope) == 0 && known.contains(scope.as_str()))
        && LoginKind::ALL.iter().copied().all(opens_no_more)
}

/// The order that `LeastPrivilege` documents, spelled out on one set.
fn privilege<'a>(
    set: &'a BTreeSet<String>,
    operations: &Operations,
    declared: &BTreeSet<String>,
    at_hand: &BTreeSet<String>,
) -> impl Ord + use<'a> {
    let numbers = LoginKind::ALL
        .iter()
        .copied()
        .flat_map(|login| opened(operations, set, login));
    let numbers: BTreeSet<_> = numbers.collect();
    let count = |wanted: bool| {
        let of_kind = numbers
            .iter()
            .filter(|number| operations[**number].1 == wanted);
        of_kind.count()
    };
    (
        set.iter().map(|scope| sensitivity(scope)).sum::<usize>(),
        (count(true), count(false)),
        set.iter().filter(|scope| writes(scope)).count(),
        set.difference(declared).count(),
        set.difference(at_hand).count(),
        set.len(),
        set,
    )
}

/// What may be chosen: what is enough for every kind of login; what is declared, too, if nothing of that is; or else all.
fn eligible(requirements: &[Requirement], declared: &BTreeSet<String>) -> Vec<Requirement> {
    let eligible = requirements.iter().map(|requirement| {
        let all = requirement.alternatives();
        let is_for_all = |one: &Alternative| {
            let mut logins = LoginKind::ALL.iter();
            logins.all(|&login| naive(all, one.scopes(), Some(login)))
        };
        let is_declared = |one: &Alternative| one.scopes().is_subset(declared);
        let has_for_all = all.iter().any(is_for_all);
        let is_for_all_declared = all.iter().any(|one| is_for_all(one) && is_declared(one));
        let eligible = all.iter().filter(|one| {
            !has_for_all || is_for_all(one) || (!is_for_all_declared && is_declared(one))
        });
        Requirement::new(eligible.cloned())
    });
    eligible.collect()
}

proptest! {
    #[test]
    fn the_normal_form_is_idempotent(requirement in requirement()) {
        prop_assert_eq!(Requirement::new(requirement.alternatives().iter().cloned()), requirement);
    }

    #[test]
    fn the_order_of_alternatives_means_nothing(alternatives in alternatives(), seed: Index) {
        let mut rotated = alternatives.clone();
        rotated.rotate_left(if alternatives.is_empty() { 0 } else { seed.index(alternatives.len()) });
        rotated.extend(alternatives.first().cloned());
        prop_assert_eq!(Requirement::new(rotated), Requirement::new(alternatives));
    }

    #[test]
    fn no_alternative_contains_another_of_its_kind(requirement in requirement()) {
        for &login in LoginKind::ALL {
            let of_kind = requirement.alternatives().iter().filter(|a| a.logins().contains(login)).collect::<Vec<_>>();
            for (index, one) in of_kind.iter().enumerate() {
                for other in &of_kind[index + 1..] {
                    prop_assert!(!one.scopes().is_subset(other.scopes()) && !other.scopes().is_subset(one.scopes()));
                }
            }
        }
    }

    #[test]
    fn satisfaction_agrees_with_the_naive_evaluator(alternatives in alternatives(), granted in scopes()) {
        let requirement = Requirement::new(alternatives.clone());
        prop_assert_eq!(requirement.satisfied_by(&granted), naive(&alternatives, &granted, None));
        for &login in LoginKind::ALL {
            prop_assert_eq!(requirement.satisfied_by_as(&granted, login), naive(&alternatives, &granted, Some(login)));
        }
    }

    #[test]
    fn ignoring_logins_keeps_the_union(requirement in requirement(), granted in scopes()) {
        let union = requirement.ignoring_logins();
        prop_assert_eq!(union.satisfied_by(&granted), requirement.satisfied_by(&granted));
        prop_assert!(union.alternatives().iter().all(|alternative| alternative.logins() == LoginKinds::EITHER));
    }

    #[test]
    fn the_text_is_read_back(requirement in requirement()) {
        prop_assert_eq!(requirement.to_string().parse(), Ok(requirement));
    }

    #[test]
    fn the_description_is_read_back(requirement in requirement()) {
        let text = requirement.describe(usize::MAX).to_string();
        prop_assert_eq!(Requirement::from_description(&text), Some(requirement.ignoring_logins()));
    }

    #[test]
    fn any_name_survives_the_text(names in btree_set(".*", 0..4), login in select(LoginKind::ALL)) {
        let requirement = Requirement::new([
            Alternative::all_of(names.clone()),
            Alternative::all_of(names).with_logins(login),
            Alternative::all_of(["other"]),
        ]);
        prop_assert_eq!(requirement.to_string().parse(), Ok(requirement));
    }

    #[test]
    fn no_text_makes_the_parser_panic(text in r#"[ "\\(),a-cany_olé2]{0,24}"#) {
        if let Err(error) = text.parse::<Requirement>() {
            prop_assert!(error.offset() <= text.len());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_missing_is_enough_and_nothing_less_is(requirement in requirement(), granted in scopes()) {
        let ways = requirement.missing_from(&granted);
        let enough = EVERY_SET.iter().filter(|added| requirement.satisfied_by(&(&granted | added))).collect::<Vec<_>>();
        let fewest = enough.iter().map(|added| added.len()).min().unwrap_or_default();
        let mut expected = enough.into_iter().filter(|added| added.len() == fewest).collect::<BTreeSet<_>>();
        expected.remove(&BTreeSet::new());
        prop_assert_eq!(ways.iter().collect::<BTreeSet<_>>(), expected);
        prop_assert!(ways.is_sorted_by(|one, next| weight(one) < weight(next)));
    }

    #[test]
    fn implication_is_inclusion(one in requirement(), other in requirement()) {
        let included = EVERY_SET.iter().all(|set| !one.satisfied_by(set) || other.satisfied_by(set));
        prop_assert_eq!(one.implies(&other), included);
    }

    #[test]
    fn power_is_what_is_opened(operations in operations(), one in scopes(), other in scopes()) {
        let power = power(&operations);
        prop_assert_eq!(power.is_within(&one, &other), allows_no_more(&operations, &one, &other));
        prop_assert!(power.is_within(&one, &(&one | &other)));
    }

    #[test]
    fn least_privilege_agrees_with_brute_force(requirements in vec(requirement(), 0..7)) {
        let eligible = eligible(&requirements, &BTreeSet::new());
        let satisfying = EVERY_SET.iter().filter(|set| eligible.iter().all(|each| each.satisfied_by(set)));
        let none = (Vec::new(), BTreeSet::new());
        let expected = satisfying.min_by(|one, other| {
            privilege(one, &none.0, &none.1, &none.1).cmp(&privilege(other, &none.0, &none.1, &none.1))
        });
        prop_assert_eq!(Some(&least_privilege(&requirements)), expected);
    }

    #[test]
    fn nothing_is_proposed_that_allows_more(
        requirements in vec(requirement(), 0..7),
        operations in operations(),
        declared in scopes(),
        at_hand in scopes(),
    ) {
        let power = power(&operations);
        let search = LeastPrivilege::new(&power).declared(declared.clone()).at_hand(at_hand.clone());
        let least = search.satisfying(&requirements);
        let requirements = eligible(&requirements, &declared);
        // Of what is declared, the least that is enough; where it is not enough, with whatever is.
        let within = |requirement: &Requirement, set: &BTreeSet<String>| {
            let of_declared = set & &declared;
            requirement.satisfied_by(if requirement.satisfied_by(&declared) { &of_declared } else { set })
        };
        let order = |one: &&BTreeSet<String>, other: &&BTreeSet<String>| {
            privilege(one, &operations, &declared, &at_hand).cmp(&privilege(other, &operations, &declared, &at_hand))
        };
        let kept = EVERY_SET.iter().filter(|set| requirements.iter().all(|each| within(each, set))).min_by(order);
        let kept = kept.expect("all names together satisfy everything");
        let satisfying = EVERY_SET.iter().filter(|set| requirements.iter().all(|each| each.satisfied_by(set)));
        let limited = |set: &&BTreeSet<String>| {
            if operations.is_empty() {
                set.difference(kept).all(|scope| sensitivity(scope) == 0)
            } else {
                allows_no_more(&operations, set, kept)
            }
        };
        let expected = satisfying.filter(limited).min_by(order);
        prop_assert_eq!(Some(&least), expected);
        if requirements.iter().all(|each| each.satisfied_by(&declared)) && !operations.is_empty() {
            prop_assert!(allows_no_more(&operations, &least, &declared));
        }
    }
}

proptest! {
    #[test]
    fn a_trait_name_is_an_identifier(scope in ".{0,12}|[a-z0-9._-]{0,12}") {
        if let Ok(name) = trait_name(&scope) {
            prop_assert!(name.starts_with(|first: char| first.is_ascii_uppercase()) && name != "Self", "{}", name);
            prop_assert!(name.chars().all(|character| character.is_ascii_alphanumeric()), "{}", name);
        }
    }
}
