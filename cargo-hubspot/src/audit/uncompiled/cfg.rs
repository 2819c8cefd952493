//! Evaluates the predicates of `#[cfg(...)]` with the values that rustc had.

use std::collections::BTreeSet;

use proc_macro2::{Delimiter, TokenTree};

use crate::tokens::{is, parts};

/// The values of one compilation, as `rustc --print cfg` writes them.
pub(super) type Values = BTreeSet<String>;

/// Returns whether the predicate holds; `None` if it is unknown.
pub(super) fn holds(predicate: &[TokenTree], values: &Values) -> Option<bool> {
    let [TokenTree::Ident(name), rest @ ..] = predicate else {
        return None;
    };
    let name = name.to_string();
    match (name.as_str(), rest) {
        ("true", []) => Some(true),
        ("false", []) => Some(false),
        (name, []) => Some(values.contains(name.trim_start_matches("r#"))),
        (name, [sign, TokenTree::Literal(value)]) if is(sign, '=') => {
            Some(values.contains(&format!("{name}={value}")))
        }
        (name, [TokenTree::Group(list)]) if list.delimiter() == Delimiter::Parenthesis => {
            let parts = parts(list.stream());
            let mut each = parts.iter().map(|part| holds(part, values));
            match name {
                "not" if parts.len() == 1 => each.next()?.map(|held| !held),
                "all" => each.try_fold(true, |held, part| Some(held && part?)),
                "any" => each.try_fold(false, |held, part| Some(held || part?)),
                _ => None,
            }
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn predicates_hold_as_for_rustc() {
        let values = ["unix", "feature=\"a\"", "target_os=\"linux\"", "mine"];
        let values: Values = values.map(str::to_owned).into();
        for (predicate, expected) in [
            ("unix", Some(true)),
            ("windows", Some(false)),
            ("r#mine", Some(true)),
            ("true", Some(true)),
            ("false", Some(false)),
            ("feature = \"a\"", Some(true)),
            ("feature = \"b\"", Some(false)),
            ("not(feature = \"b\")", Some(true)),
            ("all()", Some(true)),
            ("any()", Some(false)),
            ("all(unix, not(mine))", Some(false)),
            ("any(windows, target_os = \"linux\",)", Some(true)),
            ("not(not(unix))", Some(true)),
            ("version(\"1.0\")", None),
            ("all(unix, version(\"1.0\"))", None),
            ("not(accessible(::std))", None),
            ("$meta", None),
            ("", None),
        ] {
            let tokens: proc_macro2::TokenStream = predicate.parse().unwrap();
            let tokens: Vec<_> = tokens.into_iter().collect();
            assert_eq!(holds(&tokens, &values), expected, "{predicate}");
        }
    }
}
