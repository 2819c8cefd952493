//! Identifiers for properties, options and labels, which users can name as they like.
//!
//! The rules are those of generated code. Where two names make one identifier, the name that is spelled like the identifier
//! keeps it, and the others get numbers in the order of the names: `a_b` and `a__b` are `a_b` and `a_b_2`.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::Identifier;
use crate::name::{constant, snake, type_name, variant};

/// How identifiers of a kind are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Case {
    /// Fields and modules.
    Snake,
    /// Types.
    Type,
    /// Variants of enums.
    Variant,
    /// Constants.
    Constant,
}

impl Case {
    fn identifier(self, text: &str) -> Identifier {
        match self {
            Self::Snake => snake(text),
            Self::Type => type_name(text),
            Self::Variant => variant(text),
            Self::Constant => constant(text),
        }
    }

    fn numbered(self, name: &Identifier, number: usize) -> Identifier {
        let plain = name.plain().trim_end_matches('_');
        let is_one_word = matches!(self, Self::Type | Self::Variant);
        let ends_in_digit = plain.ends_with(|last: char| last.is_ascii_digit());
        let between = if is_one_word && !ends_in_digit {
            ""
        } else {
            "_"
        };
        Identifier::new(format!("{plain}{between}{number}"))
    }
}

/// An identifier for each text, by its key. None is in `taken`.
fn distinct<'a, K: Ord + Clone>(
    case: Case,
    texts: impl IntoIterator<Item = (K, &'a str)>,
    taken: &[&str],
) -> BTreeMap<K, Identifier> {
    let named = texts.into_iter();
    let named = named.map(|(key, text)| (text, key, case.identifier(text)));
    let (mut named, mut others): (Vec<_>, Vec<_>) =
        named.partition(|(text, _, name)| name.plain() == *text);
    named.sort_unstable();
    others.sort_unstable();
    named.append(&mut others);
    let mut used: BTreeSet<String> = taken.iter().map(|name| (*name).to_owned()).collect();
    let named = named.into_iter().map(|(_, key, name)| {
        let mut free = name.clone();
        let mut number = 1;
        while !used.insert(free.plain().to_owned()) {
            number += 1;
            free = case.numbered(&name, number);
        }
        (key, free)
    });
    named.collect()
}

/// Each item with an identifier that is made of its text. None is in `taken`.
pub(super) fn named<T, S: AsRef<str>>(
    case: Case,
    items: impl IntoIterator<Item = T>,
    text: impl Fn(&T) -> S,
    taken: &[&str],
) -> Vec<(T, Identifier)> {
    let items: Vec<T> = items.into_iter().collect();
    let texts: Vec<S> = items.iter().map(text).collect();
    // The keys are the places of the items, so that there is an identifier for each, in their order.
    let texts = texts.iter().map(AsRef::as_ref).enumerate();
    let names = distinct(case, texts, taken).into_values();
    items.into_iter().zip(names).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_make_one_identifier_get_numbers() {
        for (case, texts, taken, expected) in [
            (
                Case::Snake,
                &["a__b", "a_b", "a-b", "type", "self", "id"][..],
                &["id"][..],
                &["a_b_3", "a_b", "a_b_2", "r#type", "self_", "id_2"][..],
            ),
            (
                Case::Variant,
                &["YES", "yes", "Yes", "1", "2", "", "Other", "n1"],
                &[],
                &["Yes2", "Yes3", "Yes", "N1", "N2", "Empty", "Other_", "N1_2"],
            ),
            (
                Case::Type,
                &["record", "deal", "option"],
                &["Record", "Deal"],
                &["Record2", "Deal2", "Option_"],
            ),
            (
                Case::Constant,
                &["to a Boss", "to a boss", "to a", "to a"],
                &[],
                &["TO_A_BOSS", "TO_A_BOSS_2", "TO_A", "TO_A_2"],
            ),
        ] {
            let names = distinct(case, texts.iter().copied().enumerate(), taken);
            let names: Vec<_> = names.values().map(ToString::to_string).collect();
            assert_eq!(names, expected, "{texts:?}");
        }
    }

    #[test]
    fn every_item_has_the_name_of_its_text() {
        let items = [(1, "b"), (2, "a"), (3, "B"), (4, "")];
        let named = named(Case::Variant, items, |(_, text)| *text, &["A"]);
        let named: Vec<_> = named
            .iter()
            .map(|((number, _), name)| (*number, name.plain()))
            .collect();
        assert_eq!(named, [(1, "B2"), (2, "A2"), (3, "B"), (4, "Empty")]);
    }

    #[test]
    fn the_order_of_the_texts_does_not_matter() {
        let texts = ["A b", "a_b", "a-b"].map(|text| (text, text));
        let forward = distinct(Case::Variant, texts, &[]);
        let backward = distinct(Case::Variant, texts.into_iter().rev(), &[]);
        assert_eq!(forward, backward);
    }
}
