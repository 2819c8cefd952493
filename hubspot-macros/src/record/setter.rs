//! The setters of a patch: their names, which no two properties share, and their code.

use std::collections::BTreeMap;

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use syn::{Error, Result};

use super::fields::{Property, Shape};
use crate::declared::combine;

/// The methods that every patch has; a property of this name has a setter that ends with `_`.
const OF_PATCH: [&str; 8] = [
    "associated_with",
    "clear",
    "clone",
    "default",
    "from",
    "into",
    "is_empty",
    "new",
];

/// The name of the method of a patch that sets a property.
fn setter_name(property: &Property<'_>) -> Ident {
    let ident = property.ident;
    if OF_PATCH.iter().any(|taken| ident == taken) {
        format_ident!("{ident}_")
    } else {
        ident.clone()
    }
}

/// Fails if two properties would have one setter.
pub(super) fn setters_differ(properties: &[Property<'_>]) -> Result<()> {
    let mut known = BTreeMap::new();
    let mut errors = Vec::new();
    for property in properties.iter().filter(|property| !property.read_only) {
        let setter = setter_name(property);
        if let Some(other) = known.insert(setter.to_string(), property.ident) {
            let message = format!(
                "the fields `{other}` and `{}` would have the same setter, `{setter}`",
                property.ident
            );
            errors.push(Error::new(property.ident.span(), message));
        }
    }
    combine(errors)
}

/// The method of a patch that sets a property.
pub(super) fn setter(property: &Property<'_>, r: &TokenStream) -> TokenStream {
    let (name, value) = (&property.name, property.shape.value());
    let setter = setter_name(property);
    let docs = format!("Sets the property `{name}`.");
    let (argument, call) = match property.shape {
        Shape::Required(_) => (quote!(impl #r::IntoValue<#value>), quote!(set)),
        Shape::Optional(_) | Shape::Tracked(_) => {
            (quote!(impl #r::IntoUpdate<#value>), quote!(update))
        }
        Shape::Multi(_) => (
            quote!(impl ::core::iter::IntoIterator<Item = impl #r::IntoValue<#value>>),
            quote!(set_all),
        ),
    };
    quote! {
        #[doc = #docs]
        pub fn #setter(mut self, value: #argument) -> Self {
            self.0.#call(#name, value);
            self
        }
    }
}
