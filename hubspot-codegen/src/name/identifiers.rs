//! Rust identifiers for names on the wire.
//!
//! In: any text. Out: an identifier, always. Refuses nothing: it has a rule for every text.
//!
//! 1. Only ASCII letters and digits count; everything else parts words. `first-name` is `first_name`.
//! 2. A text without any is `unnamed`; one that begins with a digit gets an `n` in front: `2fa` is `n2fa`.
//! 3. A keyword is written raw, `r#type`; where Rust has no raw form, and where the name means something else in the
//!    generated code, it gets an underscore: `self_`, `Option_`.
//! 4. Of two names in one place the second in order of the texts gets a number: `eq` and `EQ` are `Eq` and `Eq2`.

use std::collections::BTreeSet;

use heck::{ToSnakeCase, ToUpperCamelCase};

/// What a value is called: a field, an argument, a method, a module.
pub(super) fn snake(text: &str) -> String {
    let name = start_with_letter(words(text).to_snake_case(), "unnamed", 'n');
    if WITHOUT_RAW_FORM.contains(&name.as_str()) {
        format!("{name}_")
    } else if KEYWORDS.contains(&name.as_str()) {
        format!("r#{name}")
    } else {
        name
    }
}

/// What a variant is called.
pub(super) fn pascal(text: &str) -> String {
    let name = start_with_letter(words(text).to_upper_camel_case(), "Unnamed", 'N');
    if name == "Self" {
        "Self_".to_owned()
    } else {
        name
    }
}

/// What a type is called.
pub(super) fn type_name(text: &str) -> String {
    let name = pascal(text);
    if PRELUDE.contains(&name.as_str()) {
        format!("{name}_")
    } else {
        name
    }
}

/// What a constant is called.
pub(super) fn constant(text: &str) -> String {
    start_with_letter(words(text).to_snake_case(), "unnamed", 'n').to_ascii_uppercase()
}

/// The name that is written for an identifier outside of Rust: without `r#`.
pub(crate) fn plain(identifier: &str) -> &str {
    identifier.strip_prefix("r#").unwrap_or(identifier)
}

/// The identifier, or it with the first number that makes it a new one. Remembers it.
pub(super) fn distinct(identifier: &str, taken: &mut BTreeSet<String>) -> String {
    let mut candidate = identifier.to_owned();
    let mut number = 2_u64;
    while !taken.insert(candidate.clone()) {
        candidate = numbered(plain(identifier), number);
        number += 1;
    }
    candidate
}

/// A number after a digit or a word in snake case stands apart, lest `v1` become `v12`.
fn numbered(identifier: &str, number: u64) -> String {
    let snake = !identifier.starts_with(|first: char| first.is_ascii_uppercase());
    let apart = snake || identifier.ends_with(|last: char| last.is_ascii_digit());
    if apart {
        format!("{identifier}_{number}")
    } else {
        format!("{identifier}{number}")
    }
}

fn words(text: &str) -> String {
    text.replace(|character: char| !character.is_ascii_alphanumeric(), " ")
}

fn start_with_letter(name: String, unnamed: &str, letter: char) -> String {
    match name.chars().next() {
        None => unnamed.to_owned(),
        Some(first) if first.is_ascii_digit() => format!("{letter}{name}"),
        Some(_) => name,
    }
}

/// Keywords of edition 2024, those reserved for later included.
const KEYWORDS: [&str; 48] = [
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn",
    "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let",
    "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return",
    "static", "struct", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use",
    "virtual", "where", "while", "yield",
];

const WITHOUT_RAW_FORM: [&str; 3] = ["crate", "self", "super"];

/// Types and traits that the generated code calls by these names.
const PRELUDE: [&str; 16] = [
    "AsRef",
    "BTreeMap",
    "Box",
    "Clone",
    "DateTime",
    "Default",
    "From",
    "Into",
    "IntoIterator",
    "Option",
    "Properties",
    "Secret",
    "String",
    "ToString",
    "Value",
    "Vec",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_parted_by_case_and_by_everything_that_is_no_letter() {
        assert_eq!(snake("propertiesWithHistory"), "properties_with_history");
        assert_eq!(snake("first-name"), "first_name");
        assert_eq!(snake("größe"), "gr_e");
        assert_eq!(type_name("Batch input«Contact»"), "BatchInputContact");
        assert_eq!(
            constant("v3.line_items.gdpr_delete"),
            "V3_LINE_ITEMS_GDPR_DELETE"
        );
    }

    #[test]
    fn every_text_has_an_identifier() {
        assert_eq!(snake("2fa"), "n2fa");
        assert_eq!(pascal("2fa"), "N2fa");
        assert_eq!(snake(""), "unnamed");
        assert_eq!(pascal(">="), "Unnamed");
    }

    #[test]
    fn keywords_are_raw_where_they_can_be() {
        assert_eq!(snake("type"), "r#type");
        assert_eq!(snake("self"), "self_");
        assert_eq!(pascal("self"), "Self_");
        assert_eq!(type_name("Option"), "Option_");
        for keyword in KEYWORDS {
            assert!(
                syn::parse_str::<syn::Ident>(&snake(keyword)).is_ok(),
                "{keyword}"
            );
        }
    }

    #[test]
    fn the_second_of_a_name_gets_a_number() {
        let mut taken = BTreeSet::new();
        let mut next = |identifier: &str| distinct(identifier, &mut taken);
        assert_eq!([next("Eq"), next("Eq"), next("Eq")], ["Eq", "Eq2", "Eq3"]);
        assert_eq!([next("V1"), next("V1")], ["V1", "V1_2"]);
        assert_eq!([next("r#type"), next("r#type")], ["r#type", "type_2"]);
    }
}
