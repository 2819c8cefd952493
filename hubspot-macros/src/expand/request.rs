//! `request!`: from the scopes that a request states to the request, with a bound on the client's scope set.
//!
//! Each scope becomes a call of a function with that bound, written at the user's literal, so that the compiler reports a
//! missing scope there. An unknown scope is an error on its literal; the request stays in the output, so that the mistake
//! is the only error.

use hubspot_scopes::Requirement;
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{quote, quote_spanned};
use syn::parse::{Parse, ParseStream, Parser};
use syn::{Error, Result, Token, braced};

use crate::attribute::Needs;
use crate::catalogue::Catalogues;
use crate::expand::resolve::{asked_for, resolve};
use crate::mark;

/// The catalogue, the client, the stated scopes, and the method and path of the request.
struct Input {
    catalogues: Catalogues,
    client: TokenStream,
    needs: Needs,
    arguments: TokenStream,
}

impl Parse for Input {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let catalogues = input.parse()?;
        let client;
        braced!(client in input);
        let client = client.parse()?;
        let needs = Needs::parse_leading(input)?;
        let arguments: TokenStream = input.parse()?;
        // The compiler's own message about a missing argument would show this macro.
        let is_comma =
            |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ',');
        let mut after_comma = arguments
            .clone()
            .into_iter()
            .skip_while(|token| !is_comma(token));
        if after_comma.nth(1).is_none() {
            return Err(Error::new_spanned(
                &arguments,
                "expected a method and a path after the scopes, as in `request!(client, \"scope\", Method::Get, \"/path\")`",
            ));
        }
        Ok(Self {
            catalogues,
            client,
            needs,
            arguments,
        })
    }
}

/// What `request!` becomes.
pub(crate) fn expand(input: TokenStream) -> TokenStream {
    let input = match Input::parse.parse2(input) {
        Ok(input) => input,
        Err(error) => return error.into_compile_error(),
    };
    let Input {
        catalogues,
        client,
        needs,
        arguments,
    } = &input;
    let resolved = resolve(
        needs,
        catalogues,
        "so the compiler cannot check it: state the scope that the app is installed with",
    );
    let checks = checks(&resolved.needs, &input);
    let error = resolved.error.map(Error::into_compile_error);
    let root = catalogues.client();
    let mark = mark::request(&needs.requirement(), needs.start());
    let make = Ident::new("__stated_request", needs.start());
    let place = client.clone().into_iter().next();
    let place = place.map_or_else(Span::mixed_site, |token| token.span());
    let of = Ident::new("__client", place);
    let client = quote_spanned!(place=> #of(&#client));
    let place = Span::mixed_site();
    quote_spanned! {place=> {
        use #root::raw::{client as #of, stated_request as #make};
        match #client {
            client => {
                {
                    use #root::Client;
                    #checks
                    #mark
                    #error
                }
                #make(client, #arguments)
            }
        }
    }}
}

/// A call for each scope that is required, and the names that these calls use.
fn checks(required: &Requirement, input: &Input) -> TokenStream {
    let mut checks = TokenStream::new();
    let mut aliases = TokenStream::new();
    for (index, catalogue) in input.catalogues.iter().enumerate() {
        // The compiler would mention the catalogue's macro if a path in a bound came from there.
        let alias = format!("scopes{index}");
        let asked = asked_for(required, &input.needs).into_iter();
        let asked = asked.filter_map(|(scope, (start, end))| {
            let grant = catalogue.grant(scope, required)?;
            Some(check(&alias, grant, start, end))
        });
        let asked: TokenStream = asked.collect();
        if !asked.is_empty() {
            let (root, name) = (&catalogue.root, Ident::new(&alias, Span::mixed_site()));
            aliases.extend(quote!(use #root::scopes::grants as #name;));
            checks.extend(asked);
        }
    }
    quote!(#aliases #checks)
}

/// A call that compiles where the client's scope set has the trait `grant`.
fn check(alias: &str, grant: &str, start: Span, end: Span) -> TokenStream {
    let alias = Ident::new(alias, start);
    let grant = Ident::new(grant, end);
    let semicolon = Token![;](end);
    // What the compiler reports has the user's place only, so that messages do not mention this macro.
    let given = Ident::new("client", Span::mixed_site());
    quote_spanned! {start=> {
        fn request<S: #alias::#grant>(_: &Client<S>) {}
        let client = #given;
        request(client) #semicolon
    }}
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expanded(input: &str) -> String {
        let catalogue = r#"[client "scope a\nscope b\ncomposite Either any(\"a\", \"b\")"]"#;
        let tokens = format!("{catalogue} {input}").parse().unwrap();
        expand(tokens).to_string().replace(' ', "")
    }

    #[test]
    fn each_scope_is_a_bound_and_the_rest_is_the_request() {
        let request = expanded(r#"{hubspot} "a", "b", Method::Get, &format!("/x/{id}")"#);
        for part in [
            "scopes0::A>",
            "scopes0::B>",
            r#"__stated_request(client,Method::Get,&format!("/x/{id}"))"#,
        ] {
            assert!(request.contains(part), "{part}: {request}");
        }
        let request = expanded(r#"{hubspot} any("b", "a"), Method::Get, any(path)"#);
        assert!(request.contains("scopes0::Either>"), "{request}");
        assert!(
            request.contains("__stated_request(client,Method::Get,any(path))"),
            "{request}"
        );
    }

    #[test]
    fn a_mistake_is_the_only_error() {
        let request = expanded(r#"{hubspot} "aa", Method::Get, "/x""#);
        assert!(
            request.contains("unknownscope`aa`;didyoumean`a`?"),
            "{request}"
        );
        assert!(request.contains("scopes0::A>"), "{request}");
        let request = expanded(r#"{hubspot} Method::Get, "/x""#);
        assert!(
            request.contains("expectedthescopesthattherequestneeds"),
            "{request}"
        );
    }
}
