//! The parts of a function, an associated function or a method, to which a bound is added.
//!
//! The body and the types of arguments are not parsed, which keeps `syn`'s feature `full` out of every user's build.

use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, Error, GenericParam, Generics, Ident, Result, Token, Visibility};

const NOT_A_FUNCTION: &str = "`#[hubspot_scopes]` belongs on a function or a method";

/// What may stand before `fn`, besides the name of an interface (`extern "C"`).
const QUALIFIERS: [&str; 5] = ["async", "const", "extern", "safe", "unsafe"];

/// A function, taken apart at the places that the attribute needs.
pub(crate) struct Function {
    pub(crate) attributes: Vec<Attribute>,
    /// From the visibility to the parameters and the return type.
    header: TokenStream,
    given: Option<Where>,
    /// The braces, or the semicolon of a function that a trait declares.
    body: TokenTree,
    pub(crate) name: Ident,
    pub(crate) generics: Generics,
    /// Whether the first parameter is a `self`.
    pub(crate) has_receiver: bool,
}

/// A `where` clause.
struct Where {
    token: Token![where],
    predicates: TokenStream,
}

impl Function {
    pub(crate) fn parse(item: TokenStream) -> Result<Self> {
        Self::parse_from.parse2(item)
    }

    fn parse_from(input: ParseStream<'_>) -> Result<Self> {
        let attributes = input.call(Attribute::parse_outer)?;
        let mut header = TokenStream::new();
        input.parse::<Visibility>()?.to_tokens(&mut header);
        while !input.peek(Token![fn]) {
            let span = input.span();
            match input.parse() {
                Ok(TokenTree::Ident(word))
                    if QUALIFIERS.iter().any(|qualifier| word == qualifier) =>
                {
                    header.extend([TokenTree::Ident(word)]);
                }
                Ok(TokenTree::Literal(interface)) => header.extend([TokenTree::Literal(interface)]),
                _ => return Err(Error::new(span, NOT_A_FUNCTION)),
            }
        }
        input.parse::<Token![fn]>()?.to_tokens(&mut header);
        let name: Ident = input.parse()?;
        let generics: Generics = input.parse()?;
        let parameters: Group = input.parse()?;
        quote!(#name #generics #parameters).to_tokens(&mut header);
        let (given, body) = after_parameters(input, &mut header)?;
        let has_receiver = has_receiver(&parameters);
        Ok(Self {
            attributes,
            header,
            given,
            body,
            name,
            generics,
            has_receiver,
        })
    }

    /// The type parameter with the given name.
    pub(crate) fn type_parameter(&self, name: &str) -> Option<&Ident> {
        let mut types = self
            .generics
            .params
            .iter()
            .filter_map(|parameter| match parameter {
                GenericParam::Type(parameter) => Some(&parameter.ident),
                _ => None,
            });
        types.find(|ident| *ident == name)
    }

    pub(crate) fn has_attribute(&self, name: &str) -> bool {
        self.attributes
            .iter()
            .any(|attribute| attribute.path().is_ident(name))
    }

    /// The function with `attributes` after its own, with `predicates`, which end with a comma, and with `statements` at the
    /// head of its body, if it has one.
    ///
    /// The predicates stand before those of its own `where` clause, so that the compiler suggests further ones after the
    /// user's; without such a clause they are one that begins at `place`.
    pub(crate) fn with(
        &self,
        attributes: &TokenStream,
        predicates: &TokenStream,
        place: Span,
        statements: &TokenStream,
    ) -> TokenStream {
        let Self {
            attributes: own,
            header,
            body,
            ..
        } = self;
        let (token, given) = match &self.given {
            Some(Where { token, predicates }) => (*token, Some(predicates)),
            None => (Token![where](place), None),
        };
        let body = at_head(body, statements);
        quote!(#(#own)* #attributes #header #token #predicates #given #body)
    }
}

/// The body with `statements` before all others, but after the attributes that are about the body itself.
fn at_head(body: &TokenTree, statements: &TokenStream) -> TokenTree {
    match body {
        TokenTree::Group(block) if !statements.is_empty() => {
            let own = block.stream().into_iter().collect::<Vec<_>>();
            let is_sign = |token: &TokenTree, sign| matches!(token, TokenTree::Punct(punct) if punct.as_char() == sign);
            let attributes = own
                .chunks_exact(3)
                .take_while(|tokens| is_sign(&tokens[0], '#') && is_sign(&tokens[1], '!'))
                .count();
            let (attributes, rest) = own.split_at(3 * attributes);
            let stream = quote!(#(#attributes)* #statements #(#rest)*);
            let mut marked = Group::new(block.delimiter(), stream);
            marked.set_span(block.span());
            marked.into()
        }
        _ => body.clone(),
    }
}

/// Adds the return type to the header; gives the `where` clause, if there is one, and the body.
fn after_parameters(
    input: ParseStream<'_>,
    header: &mut TokenStream,
) -> Result<(Option<Where>, TokenTree)> {
    let mut given: Option<Where> = None;
    loop {
        if let Some(token) = input.parse()? {
            given = Some(Where {
                token,
                predicates: TokenStream::new(),
            });
        }
        let token: TokenTree = input
            .parse()
            .map_err(|_| Error::new(input.span(), NOT_A_FUNCTION))?;
        if input.is_empty() {
            return Ok((given, token));
        }
        given
            .as_mut()
            .map_or(&mut *header, |given| &mut given.predicates)
            .extend([token]);
    }
}

fn has_receiver(parameters: &Group) -> bool {
    parameters.delimiter() == Delimiter::Parenthesis
        && (parameters.stream().into_iter())
            .take_while(|token| !matches!(token, TokenTree::Punct(punct) if matches!(punct.as_char(), ',' | ':')))
            .any(|token| matches!(token, TokenTree::Ident(ident) if ident == "self"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Tokens from text: rustfmt would take the commas from `quote!`.
    fn tokens(text: &str) -> TokenStream {
        text.parse().unwrap()
    }

    #[test]
    fn a_bound_joins_whatever_is_there() {
        for (item, expected) in [
            ("fn f() {}", "#[added] fn f() where S: Added, {}"),
            (
                "#[own] pub(crate) async fn f<S>(a: A<S>) -> Result<B, C> where S: D { g(where_, fn_) }",
                "#[own] #[added] pub(crate) async fn f<S>(a: A<S>) -> Result<B, C> where S: Added, S: D { g(where_, fn_) }",
            ),
            (
                "unsafe extern \"C\" fn f<'a, S: D, const N: usize>(&self) -> impl Fn() -> S where S: D, {}",
                "#[added] unsafe extern \"C\" fn f<'a, S: D, const N: usize>(&self) -> impl Fn() -> S where S: Added, S: D, {}",
            ),
            ("fn f(self);", "#[added] fn f(self) where S: Added,;"),
        ] {
            let function = Function::parse(tokens(item)).unwrap();
            let predicates = tokens("S: Added,");
            let none = TokenStream::new();
            let with = function.with(&tokens("#[added]"), &predicates, Span::call_site(), &none);
            let text = |tokens: TokenStream| tokens.to_string().replace(' ', "");
            assert_eq!(text(with), text(tokens(expected)));
        }
    }

    #[test]
    fn statements_come_after_the_attributes_of_the_body() {
        for (body, expected) in [
            ("{}", "{ added(); }"),
            ("{ a(); b }", "{ added(); a(); b }"),
            (
                "{ #![a] #![b(c)] #[d] e }",
                "{ #![a] #![b(c)] added(); #[d] e }",
            ),
            (";", ";"),
        ] {
            let function = Function::parse(tokens(&format!("fn f<S>() {body}"))).unwrap();
            let none = TokenStream::new();
            let with = function.with(&none, &none, Span::call_site(), &tokens("added();"));
            assert_eq!(
                with.to_string().replace(' ', ""),
                format!("fnf<S>()where{}", expected.replace(' ', ""))
            );
        }
    }

    #[test]
    fn receivers_are_recognised() {
        let has_receiver = |item| Function::parse(item).unwrap().has_receiver;
        for item in [
            quote!(
                fn f(self) {}
            ),
            quote!(
                fn f(&'a mut self, b: B) {}
            ),
            quote!(
                fn f(self: Arc<Self>) {}
            ),
        ] {
            assert!(has_receiver(item));
        }
        for item in [
            quote!(
                fn f() {}
            ),
            quote!(
                fn f(a: &A, b: B) {}
            ),
            quote!(
                fn f(a: fn(self_: B)) {}
            ),
        ] {
            assert!(!has_receiver(item));
        }
    }

    #[test]
    fn the_type_parameter_is_found_by_name() {
        let function = Function::parse(quote!(
            fn f<'s, T: B, const S: usize>() {}
        ))
        .unwrap();
        assert!(function.type_parameter("T").is_some());
        assert!(function.type_parameter("S").is_none());
    }

    #[test]
    fn other_items_are_refused() {
        for item in [
            quote!(
                struct S;
            ),
            quote!(
                pub struct S {
                    f: fn(),
                }
            ),
            quote!(impl S { fn f() {} }),
            quote!(),
            quote!(fn f()),
            quote!(let a = 1;),
        ] {
            let text = item.to_string();
            assert!(Function::parse(item).is_err(), "{text}");
        }
    }
}
