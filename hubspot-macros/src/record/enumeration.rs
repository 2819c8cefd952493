//! `#[derive(PropertyEnum)]`: an enum of a property's options, which keeps values that it does not know.

use std::collections::BTreeMap;

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens as _, quote};
use syn::ext::IdentExt;
use syn::{Data, DataEnum, DeriveInput, Error, Fields, LitStr, Path, Result, Variant};

use super::fields::keys;
use crate::declared::combine;

const NO_OTHER: &str = "the enum needs a variant for values that it does not know, such as `Other(String)`: options are added in HubSpot at any time";

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
    let client = client(input)?;
    let (options, other) = options(data, name)?;
    let (variants, values): (Vec<_>, Vec<_>) = options.into_iter().unzip();
    Ok(quote! {
        #[automatically_derived]
        #[allow(dead_code)]
        impl #name {
            /// The internal values of the options that have a variant.
            pub const OPTIONS: &'static [&'static str] = &[#(#values),*];

            /// The internal value.
            pub fn as_str(&self) -> &str {
                match self {
                    #(Self::#variants => #values,)*
                    Self::#other(other) => other,
                }
            }
        }

        #[automatically_derived]
        impl #client::PropertyValue for #name {
            const EXPECTED: &'static str = "an option";

            fn from_property(text: &str) -> ::core::option::Option<Self> {
                ::core::option::Option::Some(match text {
                    #(#values => Self::#variants,)*
                    other => Self::#other(::core::convert::From::from(other)),
                })
            }

            fn to_property(&self) -> ::std::string::String {
                ::core::convert::From::from(self.as_str())
            }
        }
    })
}

fn client(input: &DeriveInput) -> Result<TokenStream> {
    let mut client = None::<Path>;
    keys(&input.attrs, |meta| {
        if meta.path.is_ident("crate") {
            client = Some(meta.value()?.parse()?);
            return Ok(());
        }
        Err(meta.error("unknown key; the key on an enum of options is `crate = path`"))
    })?;
    Ok(client.map_or_else(
        || quote!(::hubspot_generated),
        |path| path.to_token_stream(),
    ))
}

/// The variants with their values, and the variant for other values.
fn options<'a>(data: &'a DataEnum, name: &Ident) -> Result<(Vec<(&'a Ident, String)>, &'a Ident)> {
    let (mut options, mut other) = (Vec::new(), None);
    let (mut known, mut errors) = (BTreeMap::new(), Vec::new());
    for variant in &data.variants {
        let ident = &variant.ident;
        match &variant.fields {
            Fields::Unit => match value(variant) {
                Ok((value, place)) => {
                    if let Some(earlier) = known.insert(value.clone(), ident) {
                        let message = format!("`{earlier}` and `{ident}` are the same option, `{value}`");
                        errors.push(Error::new(place, message));
                    }
                    options.push((ident, value));
                }
                Err(error) => errors.push(error),
            },
            Fields::Unnamed(fields) if fields.unnamed.len() == 1 && other.is_none() => other = Some(ident),
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
fn value(variant: &Variant) -> Result<(String, proc_macro2::Span)> {
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
            snake_case(&variant.ident.unraw().to_string()),
            variant.ident.span(),
        )),
    }
}

/// `SalesQualifiedLead` is `sales_qualified_lead`.
fn snake_case(name: &str) -> String {
    let mut text = String::with_capacity(name.len() + 4);
    for (index, character) in name.chars().enumerate() {
        if character.is_uppercase() && index > 0 {
            text.push('_');
        }
        text.extend(character.to_lowercase());
    }
    text
}
