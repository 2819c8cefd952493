//! Which attributes of a declared struct also go on the items that the macro writes beside it.
//!
//! `#[cfg]` goes on all of them. Lint levels go on the implementations, as they do for the standard library's derives.
//! Everything else, such as `#[doc]` or `#[derive]`, stays on the struct. `#[cfg_attr]` is looked into.

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{Attribute, Meta};

/// The attributes for the implementations of the struct with `attributes`.
pub(crate) fn of_implementations(attributes: &[Attribute]) -> TokenStream {
    select(attributes, &|name, attribute| match name {
        "cfg" | "allow" | "warn" | "deny" | "forbid" => Some(attribute.clone()),
        // An implementation names the type, which would be reported as a use of it.
        "deprecated" => Some(quote!(allow(deprecated))),
        _ => None,
    })
}

/// The attributes that decide whether the item with `attributes` is compiled.
pub(crate) fn conditions(attributes: &[Attribute]) -> TokenStream {
    select(attributes, &|name, attribute| {
        (name == "cfg").then(|| attribute.clone())
    })
}

/// `items` under the conditions of the item with `attributes`.
pub(crate) fn under_conditions(attributes: &[Attribute], items: &TokenStream) -> TokenStream {
    let conditions = conditions(attributes);
    if conditions.is_empty() || items.is_empty() {
        items.clone()
    } else {
        quote!(#conditions const _: () = { #items };)
    }
}

/// What becomes of an attribute, given its name and its tokens.
type Choice = dyn Fn(&str, &TokenStream) -> Option<TokenStream>;

fn select(attributes: &[Attribute], choice: &Choice) -> TokenStream {
    let selected = attributes.iter().filter_map(|attribute| {
        let meta = match &attribute.meta {
            Meta::List(list) if list.path.is_ident("cfg_attr") => {
                conditional(list.tokens.clone(), choice)
            }
            meta => one(&meta.to_token_stream(), choice),
        };
        meta.map(|meta| quote!(#[#meta]))
    });
    selected.collect()
}

fn one(attribute: &TokenStream, choice: &Choice) -> Option<TokenStream> {
    let mut tokens = attribute.clone().into_iter();
    let Some(TokenTree::Ident(name)) = tokens.next() else {
        return None;
    };
    match tokens.next() {
        Some(TokenTree::Group(arguments)) if name == "cfg_attr" => {
            conditional(arguments.stream(), choice)
        }
        // A path, which none of the attributes of interest is.
        Some(TokenTree::Punct(punct)) if punct.as_char() == ':' => None,
        _ => choice(&name.to_string(), attribute),
    }
}

/// The `cfg_attr` with these arguments, with the selected ones of its attributes.
fn conditional(arguments: TokenStream, choice: &Choice) -> Option<TokenStream> {
    let is_comma =
        |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ',');
    let arguments = arguments.into_iter().collect::<Vec<_>>();
    let mut arguments = arguments
        .split(is_comma)
        .map(|argument| argument.iter().cloned().collect::<TokenStream>());
    let predicate = arguments.next()?;
    let selected = arguments
        .filter_map(|argument| one(&argument, choice))
        .collect::<Vec<_>>();
    (!selected.is_empty()).then(|| quote!(cfg_attr(#predicate #(, #selected)*)))
}

#[cfg(test)]
mod tests {
    use syn::parse::Parser;

    use super::*;

    fn attributes(text: &str) -> Vec<Attribute> {
        Attribute::parse_outer.parse_str(text).unwrap()
    }

    fn text(tokens: &TokenStream) -> String {
        tokens.to_string().replace(' ', "")
    }

    #[test]
    fn conditions_and_lints_are_passed_on() {
        for (written, implementations, conditions) in [
            (
                r#"#[doc = "D"] #[derive(Debug)] #[must_use] #[serde(x)]"#,
                "",
                "",
            ),
            ("#[cfg(any())]", "#[cfg(any())]", "#[cfg(any())]"),
            (
                "#[allow(a, b)] #[deny(c)] #[expect(d)]",
                "#[allow(a, b)] #[deny(c)]",
                "",
            ),
            (r#"#[deprecated(note = "old")]"#, "#[allow(deprecated)]", ""),
            (
                "#[cfg_attr(unix, derive(Debug), cfg(a), allow(b), deprecated)]",
                "#[cfg_attr(unix, cfg(a), allow(b), allow(deprecated))]",
                "#[cfg_attr(unix, cfg(a))]",
            ),
            (
                "#[cfg_attr(all(unix, a), cfg_attr(true, cfg(b)))] #[cfg_attr(unix, doc(hidden))]",
                "#[cfg_attr(all(unix, a), cfg_attr(true, cfg(b)))]",
                "#[cfg_attr(all(unix, a), cfg_attr(true, cfg(b)))]",
            ),
            ("#[clippy::allow] #[allow::cfg(x)]", "", ""),
        ] {
            let attributes = attributes(written);
            let expected = |text: &str| text.replace(' ', "");
            assert_eq!(
                text(&of_implementations(&attributes)),
                expected(implementations),
                "{written}"
            );
            assert_eq!(
                text(&super::conditions(&attributes)),
                expected(conditions),
                "{written}"
            );
        }
    }

    #[test]
    fn an_error_appears_only_where_its_item_does() {
        let error = quote!(compile_error! { "e" });
        let always = under_conditions(&attributes("#[doc(hidden)]"), &error);
        assert_eq!(text(&always), text(&error));
        let sometimes = under_conditions(&attributes("#[cfg(a)]"), &error);
        assert_eq!(
            text(&sometimes),
            r#"#[cfg(a)]const_:()={compile_error!{"e"}};"#
        );
    }
}
