//! `#[derive(PropertyEnum)]`: an enum of a property's options, which keeps values that it does not know.

use std::collections::BTreeMap;

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens as _, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned as _;
use syn::{Data, DataEnum, DeriveInput, Error, Fields, LitStr, Path, Result, Variant};

use super::fields::keys;
use crate::declared::combine;

const NO_OTHER: &str = "the enum needs a variant for values that it does not know, such as `Other(String)`: options are added in HubSpot at any time";

const NO_KEYS: &str = "the variant for other values takes no keys";

pub(crate) fn expand(input: TokenStream) -> TokenStream {
    let expanded = syn::parse2(input).and_then(|input| expand_parsed(&input));
    expanded.unwrap_or_else(Error::into_compile_error)
}

fn expand_parsed(input: &DeriveInput) -> Result<TokenStream> {
    let name = &input.ident;
    let Data::Enum(data) = &input.data else {
        return Err(Error::new(
            name.span(),
            "the options of a property are an enum",
        ));
    };
    if !input.generics.params.is_empty() {
        return Err(Error::new_spanned(
            &input.generics,
            "an enum of options has no parameters",
        ));
    }
    let Container { client, rule } = container(input)?;
    let (options, other) = options(data, name, rule)?;
    let (variants, values): (Vec<_>, Vec<_>) = options.into_iter().unzip();
    let (other, text) = (&other.ident, &other.fields);
    // At the type, so that an error points to it.
    let text = text.iter().map(|field| {
        let ty = &field.ty;
        quote_spanned!(ty.span()=> <#ty as #client::__rt::record::OptionText>)
    });
    let text = quote!(#(#text)*);
    Ok(quote! {
        #[automatically_derived]
        #[allow(dead_code, deprecated)]
        impl #name {
            /// The internal values of the options that have a variant.
            pub const OPTIONS: &'static [&'static str] = &[#(#values),*];

            /// The internal value.
            pub fn as_str(&self) -> &str {
                match self {
                    #(Self::#variants => #values,)*
                    Self::#other(other) => #text::as_text(other),
                }
            }
        }

        #[automatically_derived]
        #[allow(deprecated)]
        impl #client::PropertyValue for #name {
            const EXPECTED: &'static str = "an option";

            fn from_property(text: &str) -> ::core::option::Option<Self> {
                ::core::option::Option::Some(match text {
                    #(#values => Self::#variants,)*
                    other => Self::#other(#text::of_text(other)),
                })
            }

            fn to_property(&self) -> ::std::string::String {
                ::core::convert::From::from(self.as_str())
            }
        }
    })
}

/// What the attribute on the enum says.
struct Container {
    client: TokenStream,
    rule: Rule,
}

/// How the value of an option without a name is made from the words of its variant: the case of a word, and what is between two.
type Rule = (fn(usize, &str) -> String, &'static str);

/// The rules, by serde's names for them. The first is the default.
const RULES: [(&str, Rule); 7] = [
    ("snake_case", (|_, word| word.to_lowercase(), "_")),
    ("lowercase", (|_, word| word.to_lowercase(), "")),
    ("UPPERCASE", (|_, word| word.to_uppercase(), "")),
    ("SCREAMING_SNAKE_CASE", (|_, word| word.to_uppercase(), "_")),
    ("kebab-case", (|_, word| word.to_lowercase(), "-")),
    ("PascalCase", (|_, word| word.to_owned(), "")),
    ("camelCase", (camel_case, "")),
];

fn camel_case(index: usize, word: &str) -> String {
    if index == 0 {
        word.to_lowercase()
    } else {
        word.to_owned()
    }
}

fn container(input: &DeriveInput) -> Result<Container> {
    let (mut client, mut rule) = (None::<Path>, RULES[0].1);
    keys(&input.attrs, |meta| {
        if meta.path.is_ident("crate") {
            client = Some(meta.value()?.parse()?);
        } else if meta.path.is_ident("rename_all") {
            let name = meta.value()?.parse::<LitStr>()?;
            let known = RULES.iter().find(|(known, _)| name.value() == *known);
            let names = RULES.map(|(known, _)| format!("`{known}`")).join(", ");
            let unknown =
                || Error::new(name.span(), format!("unknown rule; the rules are {names}"));
            rule = known.ok_or_else(unknown)?.1;
        } else {
            let keys = "`rename_all = \"…\"` and `crate = path`";
            return Err(meta.error(format!(
                "unknown key; the keys on an enum of options are {keys}"
            )));
        }
        Ok(())
    })?;
    let client = client.map_or_else(
        || quote!(::hubspot_generated),
        |path| path.to_token_stream(),
    );
    Ok(Container { client, rule })
}

/// The variants with their values, and the variant for other values.
fn options<'a>(
    data: &'a DataEnum,
    name: &Ident,
    rule: Rule,
) -> Result<(Vec<(&'a Ident, String)>, &'a Variant)> {
    let (mut options, mut other) = (Vec::new(), None);
    let (mut known, mut errors) = (BTreeMap::new(), Vec::new());
    for variant in &data.variants {
        let ident = &variant.ident;
        match &variant.fields {
            Fields::Unit => match value(variant, rule) {
                Ok((value, place)) => {
                    if let Some(earlier) = known.insert(value.clone(), ident) {
                        let message = format!("`{earlier}` and `{ident}` are the same option, `{value}`");
                        errors.push(Error::new(place, message));
                    }
                    options.push((ident, value));
                }
                Err(error) => errors.push(error),
            },
            Fields::Unnamed(fields) if fields.unnamed.len() == 1 && other.is_none() => {
                other = Some(variant);
                errors.extend(keys(&variant.attrs, |meta| Err(meta.error(NO_KEYS))).err());
            }
            _ => errors.push(Error::new(
                ident.span(),
                "a variant is an option, without fields, or the one for other values, such as `Other(String)`",
            )),
        }
    }
    combine(errors)?;
    let other = other.ok_or_else(|| Error::new(name.span(), NO_OTHER))?;
    Ok((options, other))
}

/// The internal value of an option, and where it stands.
fn value(variant: &Variant, rule: Rule) -> Result<(String, proc_macro2::Span)> {
    let mut name = None::<LitStr>;
    keys(&variant.attrs, |meta| {
        if meta.path.is_ident("name") {
            name = Some(meta.value()?.parse()?);
            return Ok(());
        }
        Err(meta.error("unknown key; the key on an option is `name = \"…\"`"))
    })?;
    match name {
        Some(name) if name.value().is_empty() => {
            let message = "an option with an empty value cannot be told from no value";
            Err(Error::new(name.span(), message))
        }
        Some(name) if name.value().contains(';') => {
            let message = "`;` separates values, so an option's value cannot have one";
            Err(Error::new(name.span(), message))
        }
        Some(name) => Ok((name.value(), name.span())),
        None => Ok((
            spelled(&variant.ident.unraw().to_string(), rule),
            variant.ident.span(),
        )),
    }
}

/// A variant's name by a rule. As with serde, each capital starts a word.
fn spelled(name: &str, (case, between): Rule) -> String {
    let starts = name
        .char_indices()
        .skip(1)
        .filter(|(_, character)| character.is_uppercase());
    let starts: Vec<_> = std::iter::once(0).chain(starts.map(|(at, _)| at)).collect();
    let ends = starts[1..].iter().copied().chain([name.len()]);
    let words = starts
        .iter()
        .zip(ends)
        .map(|(start, end)| &name[*start..end]);
    let words: Vec<_> = words
        .enumerate()
        .map(|(index, word)| case(index, word))
        .collect();
    words.join(between)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_those_of_serde() {
        for (rule, qualified, one) in [
            ("snake_case", "sales_qualified", "a"),
            ("lowercase", "salesqualified", "a"),
            ("UPPERCASE", "SALESQUALIFIED", "A"),
            ("SCREAMING_SNAKE_CASE", "SALES_QUALIFIED", "A"),
            ("kebab-case", "sales-qualified", "a"),
            ("PascalCase", "SalesQualified", "A"),
            ("camelCase", "salesQualified", "a"),
        ] {
            let (_, found) = RULES.iter().find(|(name, _)| *name == rule).unwrap();
            assert_eq!(spelled("SalesQualified", *found), qualified, "{rule}");
            assert_eq!(spelled("A", *found), one, "{rule}");
        }
    }
}
