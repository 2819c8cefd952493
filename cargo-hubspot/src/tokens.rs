//! Rust source as tokens: parsing, literals, lists and imports.
//!
//! The audit reads tokens instead of a syntax tree: this also finds code in the arguments of macros, and newer syntax does
//! not break it.

use proc_macro2::{Delimiter, Group, LexError, Literal, TokenStream, TokenTree};

/// Parses a source file. A byte order mark is not a token.
pub(crate) fn parse(text: &str) -> Result<TokenStream, LexError> {
    text.strip_prefix('\u{feff}').unwrap_or(text).parse()
}

/// Returns whether a token is this sign.
pub(crate) fn is(token: &TokenTree, sign: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == sign)
}

/// The identifier at `at`, or an empty string.
pub(crate) fn word(tokens: &[TokenTree], at: usize) -> String {
    match tokens.get(at) {
        Some(TokenTree::Ident(word)) => word.to_string(),
        _ => String::new(),
    }
}

/// The group with this delimiter at `at`.
pub(crate) fn group(tokens: &[TokenTree], at: usize, delimiter: Delimiter) -> Option<&Group> {
    match tokens.get(at) {
        Some(TokenTree::Group(group)) if group.delimiter() == delimiter => Some(group),
        _ => None,
    }
}

/// The number of angle brackets that are open after `token`.
pub(crate) fn depth_after(depth: usize, before: Option<&TokenTree>, token: &TokenTree) -> usize {
    let is_arrow = before.is_some_and(|before| is(before, '-') || is(before, '='));
    if is(token, '<') {
        depth + 1
    } else if is(token, '>') && !is_arrow {
        depth.saturating_sub(1)
    } else {
        depth
    }
}

/// The elements of a list that is separated by commas.
pub(crate) fn parts(tokens: TokenStream) -> Vec<Vec<TokenTree>> {
    let tokens: Vec<_> = tokens.into_iter().collect();
    let parts = tokens.split(|token| is(token, ','));
    parts
        .filter(|part| !part.is_empty())
        .map(<[_]>::to_vec)
        .collect()
}

/// All identifiers, including those in groups.
pub(crate) fn names(tokens: impl IntoIterator<Item = TokenTree>) -> Vec<String> {
    let each = tokens.into_iter().flat_map(|token| match token {
        TokenTree::Ident(name) => vec![name.to_string()],
        TokenTree::Group(group) => names(group.stream()),
        _ => Vec::new(),
    });
    each.collect()
}

/// The value of a string literal.
pub(crate) fn string(literal: &Literal) -> Option<String> {
    match syn::Lit::new(literal.clone()) {
        syn::Lit::Str(text) => Some(text.value()),
        _ => None,
    }
}

/// The values of all string literals, including those in groups.
pub(crate) fn literals(tokens: &TokenStream) -> Vec<String> {
    let each = tokens.clone().into_iter().flat_map(|token| match token {
        TokenTree::Literal(literal) => Vec::from_iter(string(&literal)),
        TokenTree::Group(group) => literals(&group.stream()),
        _ => Vec::new(),
    });
    each.collect()
}

/// Tokens with the spaces of usual formatting.
pub(crate) fn spaced(tokens: &TokenStream) -> String {
    let text = tokens.to_string().replace(" (", "(");
    text.replace("( ", "(")
        .replace(" )", ")")
        .replace(" ,", ",")
}

/// A name that a `use` brings into scope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Import {
    /// The full path, without a rename.
    pub(crate) path: Vec<String>,
    /// The name in this file, or `*`.
    pub(crate) name: String,
}

impl Import {
    /// The first segment of the path.
    pub(crate) fn root(&self) -> &str {
        self.path.first().map_or("", String::as_str)
    }

    /// The last segment of the path, if the name in this file is another one.
    pub(crate) fn renamed(&self) -> Option<&String> {
        self.path.last().filter(|last| **last != self.name)
    }
}

/// The names that a `use` brings into scope. `tokens` start after the keyword.
pub(crate) fn imports(tokens: &[TokenTree]) -> Vec<Import> {
    let mut found = Vec::new();
    let end = tokens.iter().position(|token| is(token, ';'));
    flatten(
        tokens
            .get(..end.unwrap_or(tokens.len()))
            .unwrap_or_default(),
        &[],
        &mut found,
    );
    found
}

fn flatten(tokens: &[TokenTree], prefix: &[String], found: &mut Vec<Import>) {
    let mut path = prefix.to_vec();
    for (at, token) in tokens.iter().enumerate() {
        match token {
            TokenTree::Ident(name) if name == "as" => {
                let name = word(tokens, at + 1);
                return found.push(Import { path, name });
            }
            TokenTree::Ident(name) if name == "self" && !path.is_empty() => {}
            TokenTree::Ident(name) => {
                path.push(name.to_string().trim_start_matches("r#").to_owned());
            }
            TokenTree::Group(group) => {
                for part in parts(group.stream()) {
                    flatten(&part, &path, found);
                }
                return;
            }
            token if is(token, '*') => path.push("*".to_owned()),
            _ => {}
        }
    }
    let name = path.last().cloned().unwrap_or_default();
    found.push(Import { path, name });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_have_their_values() {
        let tokens = r##"a("b\n\"\u{e9}", [r#"c"d"#, 1, 'e'])"##.parse().unwrap();
        assert_eq!(literals(&tokens), ["b\n\"é", "c\"d"]);
    }

    #[test]
    fn every_name_of_a_use_is_found() {
        for (source, expected) in [
            ("a::b;", &[("a::b", "b")][..]),
            ("::a::b as c;", &[("a::b", "c")]),
            (
                "a::{self, b::{c as d, *}, e};",
                &[
                    ("a", "a"),
                    ("a::b::c", "d"),
                    ("a::b::*", "*"),
                    ("a::e", "e"),
                ],
            ),
            (
                "{a::b as _, crate::r#fn};",
                &[("a::b", "_"), ("crate::fn", "fn")],
            ),
        ] {
            let tokens: Vec<_> = source.parse::<TokenStream>().unwrap().into_iter().collect();
            let found: Vec<_> = (imports(&tokens).into_iter())
                .map(|import| (import.path.join("::"), import.name))
                .collect();
            let expected: Vec<_> = (expected.iter())
                .map(|&(path, name)| (path.to_owned(), name.to_owned()))
                .collect();
            assert_eq!(found, expected, "{source}");
        }
    }
}
