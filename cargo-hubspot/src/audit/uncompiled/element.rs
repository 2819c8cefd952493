//! Parses attributes, and finds the end of the item, statement, field or expression that they stand before.
//!
//! The end is never too early. It may be too late where only a syntax tree could tell; then more code counts as not
//! compiled than is.

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use crate::tokens::{depth_after, group, is, word};

/// An attribute, without its brackets.
pub(super) struct Attribute {
    /// Its path: `cfg`, `tokio::main`.
    pub(super) name: String,
    /// What comes after the path: the tokens in the parentheses, or from the `=` on.
    pub(super) rest: TokenStream,
    pub(super) line: usize,
    /// Whether it is one of what is around it: `#![...]`.
    pub(super) is_inner: bool,
}

impl Attribute {
    pub(super) fn of(
        content: impl IntoIterator<Item = TokenTree>,
        line: usize,
        is_inner: bool,
    ) -> Self {
        let mut tokens = content.into_iter().peekable();
        let mut name = String::new();
        while let Some(token) = tokens.next_if(|token| match token {
            TokenTree::Ident(_) => true,
            TokenTree::Punct(sign) => matches!(sign.as_char(), ':' | '$'),
            _ => false,
        }) {
            name.push_str(&token.to_string());
        }
        let rest = match tokens.peek() {
            Some(TokenTree::Group(group)) => group.stream(),
            _ => tokens.collect(),
        };
        Self {
            name,
            rest,
            line,
            is_inner,
        }
    }
}

/// The attribute that begins at `at`, and the index after it.
pub(super) fn attribute(tokens: &[TokenTree], at: usize) -> Option<(Attribute, usize)> {
    let sign = tokens.get(at).filter(|token| is(token, '#'))?;
    let is_inner = tokens.get(at + 1).is_some_and(|token| is(token, '!'));
    let at = at + 1 + usize::from(is_inner);
    let content = group(tokens, at, Delimiter::Bracket)?;
    let attribute = Attribute::of(content.stream(), sign.span().start().line, is_inner);
    Some((attribute, at + 1))
}

/// The index after the item, statement or the like that begins at `start`.
pub(super) fn end(tokens: &[TokenTree], start: usize) -> usize {
    let mut at = start;
    if word(tokens, at) == "pub" {
        at += 1 + usize::from(group(tokens, at + 1, Delimiter::Parenthesis).is_some());
    }
    if group(tokens, at, Delimiter::Brace).is_some() {
        return at + 1;
    }
    let has_body = has_body(tokens, at);
    let mut depth = 0_usize;
    let mut before = None;
    for (index, token) in tokens.iter().enumerate().skip(at) {
        if is(token, ';') {
            return index + 1;
        }
        if has_body && depth == 0 && group(tokens, index, Delimiter::Brace).is_some() {
            return index + 1;
        }
        depth = depth_after(depth, before, token);
        before = Some(token);
    }
    tokens.len()
}

/// Whether what begins at `at` ends with its first braces.
fn has_body(tokens: &[TokenTree], mut at: usize) -> bool {
    loop {
        match word(tokens, at).as_str() {
            "fn" | "impl" | "mod" | "trait" | "enum" | "struct" | "macro_rules" => return true,
            "union" => return matches!(tokens.get(at + 1), Some(TokenTree::Ident(_))),
            "extern" if group(tokens, at + 1, Delimiter::Brace).is_some() => return true,
            "unsafe" | "async" | "const" | "extern" | "default" | "auto" | "safe" | "gen" => {
                at += 1;
            }
            // The name of an interface: `extern "C"`.
            _ => match tokens.get(at) {
                Some(TokenTree::Literal(_)) if at > 0 && word(tokens, at - 1) == "extern" => {
                    if group(tokens, at + 1, Delimiter::Brace).is_some() {
                        return true;
                    }
                    at += 1;
                }
                _ => return false,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What comes after the first element.
    fn after(source: &str) -> String {
        let tokens: Vec<_> = source.parse::<TokenStream>().unwrap().into_iter().collect();
        let rest = tokens.get(end(&tokens, 0)..).unwrap();
        rest.iter().cloned().collect::<TokenStream>().to_string()
    }

    #[test]
    fn an_element_ends_where_it_ends() {
        for source in [
            "fn f<A, B: C<{ 1 }>>(a: A) -> Fn(A) -> B where A: D { g(); }",
            "pub(crate) async unsafe extern \"C\" fn f() {}",
            "impl<A> B<{ N }> for C where A: D<E> {}",
            "use a::{b, c};",
            "const A: B<C, D> = B { c: 1 };",
            "const fn f() {}",
            "static A: u8 = { 1 };",
            "let a = match b { c => d };",
            "struct A(B, C);",
            "struct A { b: C }",
            "extern crate a;",
            "extern \"C\" { fn a(); }",
            "mod a;",
            "macro_rules! a { () => {} }",
            "a.b()?;",
            "{ a(); b }",
            "union A { b: C }",
        ] {
            assert_eq!(after(&format!("{source} next")), "next", "{source}");
        }
    }

    #[test]
    fn an_end_that_is_not_certain_is_late() {
        for source in [
            "a: B<C, D>, e: F",
            "A { b: C }, D",
            "a => { b() } c => d",
            "if a { b } else { c }",
            "unsafe { a() }.b()",
        ] {
            assert_eq!(after(source), "", "{source}");
        }
    }
}
