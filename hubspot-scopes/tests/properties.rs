//! The algebra against evaluators too simple to be wrong, on random requirements.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use hubspot_scopes::{
    Alternative, Requirement, Scheme, Schemes, least_privilege, least_privilege_preferring,
    trait_name,
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

fn schemes() -> impl Strategy<Value = Schemes> {
    prop_oneof![
        4 => Just(Schemes::EITHER),
        1 => Just(Scheme::OAuth2.into()),
        1 => Just(Scheme::PrivateApps.into())
    ]
}

fn alternatives() -> impl Strategy<Value = Vec<Alternative>> {
    vec(
        (scopes(), schemes())
            .prop_map(|(scopes, schemes)| Alternative::all_of(scopes).with_schemes(schemes)),
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
fn naive(alternatives: &[Alternative], granted: &BTreeSet<String>, scheme: Option<Scheme>) -> bool {
    alternatives.is_empty()
        || alternatives.iter().any(|alternative| {
            scheme.is_none_or(|scheme| alternative.schemes().contains(scheme))
                && alternative
                    .scopes()
                    .iter()
                    .all(|scope| granted.contains(scope))
        })
}

/// The order that `least_privilege` documents, spelled out on one set.
fn privilege(set: &BTreeSet<String>) -> (usize, usize, usize, &BTreeSet<String>) {
    let words = |scope: &str| {
        scope
            .split(['.', '_', '-'])
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let has = |scope: &str, word: &str| words(scope).iter().any(|other| other == word);
    let sensitive = set.iter().filter(|scope| has(scope, "sensitive")).count();
    let writing = set
        .iter()
        .filter(|scope| !has(scope, "read") || has(scope, "write"))
        .count();
    (set.len(), sensitive, writing, set)
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
        for scheme in Scheme::ALL {
            let of_kind = requirement.alternatives().iter().filter(|a| a.schemes().contains(scheme)).collect::<Vec<_>>();
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
        for scheme in Scheme::ALL {
            prop_assert_eq!(requirement.satisfied_by_as(&granted, scheme), naive(&alternatives, &granted, Some(scheme)));
        }
    }

    #[test]
    fn ignoring_schemes_keeps_the_union(requirement in requirement(), granted in scopes()) {
        let union = requirement.ignoring_schemes();
        prop_assert_eq!(union.satisfied_by(&granted), requirement.satisfied_by(&granted));
        prop_assert!(union.alternatives().iter().all(|alternative| alternative.schemes() == Schemes::EITHER));
    }

    #[test]
    fn the_text_is_read_back(requirement in requirement()) {
        prop_assert_eq!(requirement.to_string().parse(), Ok(requirement));
    }

    #[test]
    fn any_name_survives_the_text(names in btree_set(".*", 0..4), scheme in select(&Scheme::ALL[..])) {
        let requirement = Requirement::new([
            Alternative::all_of(names.clone()),
            Alternative::all_of(names).with_schemes(scheme),
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
        prop_assert!(ways.is_sorted_by(|one, next| privilege(one) < privilege(next)));
    }

    #[test]
    fn implication_is_inclusion(one in requirement(), other in requirement()) {
        let included = EVERY_SET.iter().all(|set| !one.satisfied_by(set) || other.satisfied_by(set));
        prop_assert_eq!(one.implies(&other), included);
    }

    #[test]
    fn least_privilege_agrees_with_brute_force(requirements in vec(requirement(), 0..7)) {
        let satisfying = EVERY_SET.iter().filter(|set| requirements.iter().all(|each| each.satisfied_by(set)));
        let expected = satisfying.min_by(|one, other| privilege(one).cmp(&privilege(other)));
        prop_assert_eq!(Some(&least_privilege(&requirements)), expected);
    }

    #[test]
    fn preference_decides_among_equals_only(requirements in vec(requirement(), 0..7), preferred in scopes()) {
        let rank = |set: &BTreeSet<String>| {
            let (scopes, sensitive, writing, _) = privilege(set);
            (scopes, sensitive, writing, set.difference(&preferred).count(), set.clone())
        };
        let satisfying = EVERY_SET.iter().filter(|set| requirements.iter().all(|each| each.satisfied_by(set)));
        let expected = satisfying.min_by_key(|set| rank(set));
        prop_assert_eq!(Some(&least_privilege_preferring(&requirements, &preferred)), expected);
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
