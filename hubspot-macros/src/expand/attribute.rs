//! `#[hubspot_scopes]`: the function with a bound on its scope set, documentation and a mark for the audit.
//!
//! Traits that the attribute names, as generated code does, need no catalogue. Without them the attribute is handed to the
//! catalogue, which hands everything to [`expand_checked`]. The function stays in the output beside an error, so that a
//! mistake is the only error.

use hubspot_scopes::Requirement;
use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::parse::{Parse, ParseStream, Parser};
use syn::{Error, Ident, Path, Result, Token, braced};

use crate::attribute::Attribute;
use crate::beside;
use crate::catalogue::{Catalogue, Catalogues};
use crate::expand::docs;
use crate::expand::resolve::{Resolved, asked_for, resolve};
use crate::function::Function;
use crate::mark;

/// What the attribute becomes: the finished function, or the way through the catalogue.
pub(crate) fn expand(attribute: &TokenStream, item: &TokenStream) -> TokenStream {
    expand_parsed(attribute, item).unwrap_or_else(|error| with_item(&error, item))
}

fn expand_parsed(tokens: &TokenStream, item: &TokenStream) -> Result<TokenStream> {
    let attribute: Attribute = syn::parse2(tokens.clone())?;
    let function = Function::parse(item.clone())?;
    if let Some(grant) = &attribute.grant {
        // At the name, so that the compiler quotes the function's line and not a long attribute.
        let place = function.name.span();
        let carrier = located(carrier(&attribute, &function)?, place);
        let grant = located(grant.to_token_stream(), place);
        let besides = besides(&attribute, &carrier);
        let predicates = quote_spanned!(place=> #carrier: #grant, #besides);
        return Ok(finish(&attribute, &function, &predicates, place));
    }
    let client = client(&attribute, Span::call_site());
    Ok(quote! {
        #client::__scope_catalogue! { { #client::scopes::__private::check_scopes } { #tokens } #item }
    })
}

/// The path of the client's crate, or of the one whose catalogue comes before the client's.
fn client(attribute: &Attribute, place: Span) -> TokenStream {
    let default = || quote_spanned!(place=> ::hubspot_generated);
    let located_at = |path: &Path| located(path.to_token_stream(), place);
    attribute.client.as_ref().map_or_else(default, located_at)
}

/// What the catalogue hands back: itself, the attribute and the item.
struct Checked {
    catalogues: Catalogues,
    attribute: TokenStream,
    item: TokenStream,
}

impl Parse for Checked {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let catalogues = input.parse()?;
        let attribute;
        braced!(attribute in input);
        Ok(Self {
            catalogues,
            attribute: attribute.parse()?,
            item: input.parse()?,
        })
    }
}

/// The second time around, with the catalogue.
pub(crate) fn expand_checked(input: TokenStream) -> TokenStream {
    let checked = match Checked::parse.parse2(input) {
        Ok(checked) => checked,
        Err(error) => return error.into_compile_error(),
    };
    check(&checked).unwrap_or_else(|error| with_item(&error, &checked.item))
}

fn check(checked: &Checked) -> Result<TokenStream> {
    let attribute: Attribute = syn::parse2(checked.attribute.clone())?;
    let function = Function::parse(checked.item.clone())?;
    let carrier = carrier(&attribute, &function)?;
    let Resolved { needs, error } = resolve(
        &attribute.needs,
        &checked.catalogues,
        "so nothing could be called with it",
    );
    let predicates = bounds(&needs, &attribute, &checked.catalogues, &carrier);
    let finished = finish(&attribute, &function, &predicates, attribute.needs.start());
    let error = error.map_or_else(TokenStream::new, Error::into_compile_error);
    let error = beside::under_conditions(&function.attributes, &error);
    Ok(quote!(#finished #error))
}

/// The predicates for the `where` clause, each at what asks for it.
fn bounds(
    needs: &Requirement,
    attribute: &Attribute,
    catalogues: &Catalogues,
    carrier: &TokenStream,
) -> TokenStream {
    let written = &attribute.needs;
    let predicate = |catalogue: &Catalogue, name: &str, start: Span, end: Span| {
        // The path that the user gave, where there is one: a token from the catalogue's macro would make the compiler
        // mention that macro.
        let root = if catalogue.is_addressed {
            client(attribute, start)
        } else {
            located(catalogue.root.clone(), start)
        };
        let name = Ident::new(name, end);
        let carrier = located(carrier.clone(), start);
        let comma = Token![,](end);
        quote_spanned!(start=> #carrier: #root::scopes::grants::#name #comma)
    };
    let mut predicates = TokenStream::new();
    for (scope, (start, end)) in asked_for(needs, written) {
        for catalogue in catalogues.iter() {
            let name = catalogue.grant(scope, needs);
            predicates.extend(name.map(|name| predicate(catalogue, name, start, end)));
        }
    }
    let besides = besides(attribute, carrier);
    quote!(#predicates #besides)
}

/// The predicates that the attribute gives as such.
fn besides(attribute: &Attribute, carrier: &TokenStream) -> TokenStream {
    let (bounds, predicates) = (&attribute.bounds, &attribute.predicates);
    quote!(#(#carrier: #bounds,)* #(#predicates,)*)
}

/// The type that the bound is on.
fn carrier(attribute: &Attribute, function: &Function) -> Result<TokenStream> {
    if let Some(carrier) = &attribute.carrier {
        return Ok(carrier.to_token_stream());
    }
    if let Some(parameter) = function.type_parameter("S") {
        return Ok(parameter.to_token_stream());
    }
    if function.has_receiver {
        return Ok(Ident::new("S", attribute.needs.start()).into_token_stream());
    }
    let name = &function.name;
    Err(Error::new(
        name.span(),
        format!(
            "`{name}` has no type parameter `S` to carry the scopes: write `fn {name}<S>(client: &Client<S>)`,\n\
             or name the type that carries them: `#[hubspot_scopes(for T, ...)]`"
        ),
    ))
}

/// The function with its bound, its documentation and its mark for the audit.
fn finish(
    attribute: &Attribute,
    function: &Function,
    predicates: &TokenStream,
    place: Span,
) -> TokenStream {
    let requirement = attribute.needs.requirement();
    let section = docs::required_scopes(&requirement);
    let (mark, statement) = match &attribute.operation {
        Some(operation) => (
            mark::operation(&operation.value(), &requirement),
            TokenStream::new(),
        ),
        None => (
            mark::function(&function.name, &requirement),
            mark::statement(&function.name, &requirement),
        ),
    };
    let mark = (!function.has_attribute("deprecated")).then_some(mark);
    function.with(
        &quote!(#[doc = #section] #mark),
        predicates,
        place,
        &statement,
    )
}

fn with_item(error: &Error, item: &TokenStream) -> TokenStream {
    let attributes = |input: ParseStream<'_>| {
        let attributes = input.call(syn::Attribute::parse_outer)?;
        input.parse::<TokenStream>()?;
        Ok(attributes)
    };
    let attributes = attributes.parse2(item.clone()).unwrap_or_default();
    let error = beside::under_conditions(&attributes, &error.to_compile_error());
    quote!(#item #error)
}

/// The tokens at another place in the source, their names still looked up where they came from.
pub(crate) fn located(tokens: TokenStream, span: Span) -> TokenStream {
    let relocate = |mut token: proc_macro2::TokenTree| {
        token.set_span(span.resolved_at(token.span()));
        token
    };
    tokens.into_iter().map(relocate).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the attribute and the item become, with the catalogues of two crates.
    fn checked(attribute: &str, item: &str) -> String {
        let catalogues = r#"
            [client "scope a\nscope b\nscope c\ncomposite Either any(\"a\", \"b\")"]
            [more "scope c\nscope d"]
        "#;
        text(&expand_checked(
            format!("{catalogues} {{ {attribute} }} {item}")
                .parse()
                .unwrap(),
        ))
    }

    fn text(tokens: &TokenStream) -> String {
        tokens.to_string().replace(' ', "")
    }

    fn expected(item: &str) -> String {
        text(&item.parse().unwrap())
    }

    #[test]
    fn the_first_time_leads_through_the_catalogue() {
        let expand = |attribute: &str| {
            text(&expand(
                &attribute.parse().unwrap(),
                &quote!(
                    fn f<S>() {}
                ),
            ))
        };
        assert_eq!(
            expand(r#""a""#),
            expected(
                r#"::hubspot_generated::__scope_catalogue! {
                    { ::hubspot_generated::scopes::__private::check_scopes } { "a" } fn f<S>() {}
                }"#
            )
        );
        assert!(
            expand(r#"crate = crate::hubspot, "a""#)
                .starts_with("crate::hubspot::__scope_catalogue!")
        );
    }

    #[test]
    fn traits_that_are_given_need_no_catalogue() {
        let attribute = r#"grant = x::A + x::B, operation = "f.f", "a", "b""#
            .parse()
            .unwrap();
        let mark = if cfg!(feature = "scope-audit") {
            r#"#[allow(useless_deprecated)] #[deprecated(note = "hubspot-scopes: f.f \"a\", \"b\"")]"#
        } else {
            ""
        };
        assert_eq!(
            text(&expand(
                &attribute,
                &quote!(
                    fn f(&self) {}
                )
            )),
            expected(&format!(
                r#"#[doc = "\n# Required scopes\n\n`a` and `b`."] {mark} fn f(&self) where S: x::A + x::B, {{}}"#
            ))
        );
    }

    #[test]
    fn every_catalogue_that_knows_a_scope_asks_for_it() {
        let function = checked(r#"crate = other, "c", "a""#, "fn f<S>();");
        let bounds = "where S: client::scopes::grants::A, S: client::scopes::grants::C, S: other::scopes::grants::C,;";
        assert!(function.ends_with(&expected(bounds)), "{function}");
    }

    #[test]
    fn alternatives_are_one_trait() {
        let function = checked(
            r#"for T::Scopes, any("b", oauth2("a", "c"), "a")"#,
            "fn f();",
        );
        assert!(
            function.ends_with(&expected(
                "where T::Scopes: client::scopes::grants::Either,;"
            )),
            "{function}"
        );
    }

    #[test]
    fn a_mistake_is_the_only_error() {
        let function = checked(r#""aa""#, "fn f<S>() {}");
        assert!(
            function.contains(&expected("S: client::scopes::grants::A,")),
            "{function}"
        );
        assert!(
            function.contains("unknownscope`aa`;didyoumean`a`?"),
            "{function}"
        );

        let function = checked(r#"any("a", "b", "c")"#, "fn f<S>() {}");
        assert!(
            function.contains(&expected("S: client::scopes::grants::Either,")),
            "{function}"
        );
        assert!(function.contains("thenearestthatexists"), "{function}");

        for (attribute, item) in [
            (r#""aa""#, "#[cfg(a)] fn f<S>() {}"),
            ("", "#[cfg(a)] fn f<S>() {}"),
        ] {
            let function = checked(attribute, item);
            let condition = "#[cfg(a)]const_:()={::core::compile_error!";
            assert!(function.contains(condition), "{function}");
        }

        let function = checked(r#""a""#, "fn f<T>() {}");
        assert!(
            function.starts_with(&expected("fn f<T>() {} ::core::compile_error!")),
            "{function}"
        );
    }
}
