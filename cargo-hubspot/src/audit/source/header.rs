//! The header of an item: its name, parameters and bounds.

use std::collections::BTreeSet;

use proc_macro2::{Delimiter, Group, TokenTree};

use crate::tokens::{depth_after, is, names};

/// The tokens of an item before its braces.
pub(super) struct Header {
    pub(super) tokens: Vec<TokenTree>,
    pub(super) body: Option<Group>,
}

impl Header {
    /// Takes the tokens up to the braces, or to the semicolon of an item without braces.
    pub(super) fn until_body(rest: &mut impl Iterator<Item = TokenTree>) -> Self {
        let mut tokens = Vec::new();
        let mut depth = 0_usize;
        for token in rest {
            match &token {
                TokenTree::Group(group) if group.delimiter() == Delimiter::Brace && depth == 0 => {
                    return Self {
                        tokens,
                        body: Some(group.clone()),
                    };
                }
                token if is(token, ';') && depth == 0 => break,
                _ => depth = depth_after(depth, tokens.last(), &token),
            }
            tokens.push(token);
        }
        Self { tokens, body: None }
    }

    /// The names in the type parameters, in the `where` clause and, if types there are `impl Trait`, in the parameters of a
    /// function.
    pub(super) fn bounds(&self) -> BTreeSet<String> {
        let mut found = Vec::new();
        let mut depth = 0;
        let mut before = None;
        let mut is_where = false;
        for (index, token) in self.tokens.iter().enumerate() {
            let is_name = |name: &str| matches!(token, TokenTree::Ident(word) if word == name);
            is_where |= is_name("where");
            let begins = index <= 1 && is(token, '<');
            let was = depth;
            if begins || depth > 0 {
                depth = depth_after(depth, before, token);
            }
            if let TokenTree::Group(group) = token
                && group.delimiter() == Delimiter::Parenthesis
                && names([token.clone()]).iter().any(|name| name == "impl")
            {
                found.extend(names(group.stream()));
            } else if was > 0 || is_where {
                found.extend(names([token.clone()]));
            }
            before = Some(token);
        }
        found.into_iter().collect()
    }

    /// In the header of an `impl`: the last name in the path of the type, without its parameters.
    pub(super) fn type_name(&self) -> Option<String> {
        let mut name = None;
        let mut depth = 0;
        let mut before = None;
        for token in &self.tokens {
            if depth == 0
                && let TokenTree::Ident(word) = token
            {
                match word.to_string().as_str() {
                    "where" => break,
                    "for" => name = None,
                    "dyn" | "mut" | "const" => {}
                    word => name = Some(word.to_owned()),
                }
            }
            depth = depth_after(depth, before, token);
            before = Some(token);
        }
        name
    }
}
