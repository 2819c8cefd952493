//! Unions as enums of boxed objects, with a variant for values that are none of them.

use proc_macro2::TokenStream;
use quote::quote;

use super::super::text::{code, docs};
use super::super::types::{Scope, rust_type};
use super::type_docs;
use crate::join::{Type, Variant};

/// The enum, and how it is made, read and written.
pub(super) fn union(
    of: &Type<'_>,
    variants: &[Variant<'_>],
    cfg: &TokenStream,
) -> Vec<TokenStream> {
    let name = &of.name.ident;
    let of_type = type_docs(of);
    let declared = variants.iter().map(|variant| {
        let (ident, ty) = (variant.ident, rust_type(&variant.ty, Scope::Models));
        let field = code(&variant.of.field);
        let text = match &variant.of.value {
            Some(value) => format!("{field} is {}.", code(value)),
            None => format!("{field} is present."),
        };
        let docs = docs([text.as_str()]);
        quote!(#docs #ident(Box<#ty>))
    });
    let table = variants.iter().map(|variant| {
        let (ident, ty) = (variant.ident, rust_type(&variant.ty, Scope::Models));
        let field = &variant.of.field;
        let value = variant.of.value.as_ref().map(|value| quote!(= #value));
        quote!(#field #value => #ident(#ty))
    });
    let direction = of.direction;
    let decode = direction.response.then(|| quote!(decode));
    let encode = direction.request.then(|| quote!(encode));
    vec![
        quote! {
            #of_type
            #cfg
            #[derive(Clone, Debug, PartialEq)]
            #[non_exhaustive]
            pub enum #name {
                #(#declared,)*
                /// A value that no other variant stands for.
                Other(Value),
            }
        },
        quote!(#cfg crate::variants::variants!(#name; [#(#table),*]; #decode #encode);),
    ]
}
