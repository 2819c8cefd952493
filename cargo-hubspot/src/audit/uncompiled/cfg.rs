//! The predicates of `#[cfg(...)]`, evaluated with the values that rustc had.

use std::collections::BTreeSet;

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// The values of one compilation, as `rustc --print cfg` writes them.
pub(super) type Values = BTreeSet<String>;

/// Whether the predicate holds; `None` if it is not one that is known here.
pub(super) fn holds(predicate: &TokenStream, values: &Values) -> Option<bool> {
    let tokens: Vec<_> = predicate.clone().into_iter().collect();
    match tokens.as_slice() {
        [TokenTree::Ident(name), rest @ ..] => match (name.to_string().as_str(), rest) {
            ("true", []) => Some(true),
            ("false", []) => Some(false),
            (name, []) => Some(values.contains(name.trim_start_matches("r#"))),
            (name, [TokenTree::Punct(sign), TokenTree::Literal(value)])
                if sign.as_char() == '=' =>
            {
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
        },
        _ => None,
    }
}

/// What commas separate.
pub(super) fn parts(tokens: TokenStream) -> Vec<TokenStream> {
    let mut parts = Vec::new();
    let mut part = Vec::new();
    for token in tokens {
        if matches!(&token, TokenTree::Punct(comma) if comma.as_char() == ',') {
            parts.push(part.drain(..).collect());
        } else {
            part.push(token);
        }
    }
    if !part.is_empty() {
        parts.push(part.into_iter().collect());
    }
    parts
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
            let tokens = predicate.parse().unwrap();
            assert_eq!(holds(&tokens, &values), expected, "{predicate}");
        }
    }
}
