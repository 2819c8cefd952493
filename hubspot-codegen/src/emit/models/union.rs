//! Unions as enums of boxed objects, with a variant for values that are none of them.

use proc_macro2::TokenStream;
use quote::quote;

use super::super::roots::Roots;
use super::super::text::{code, docs};
use super::super::types::{Scope, rust_type};
use super::type_docs;
use crate::join::{Type, Variant};

/// The enum, and how it is made, read and written.
pub(super) fn union(
    of: &Type<'_>,
    variants: &[Variant<'_>],
    cfg: &TokenStream,
    roots: Roots<'_>,
) -> Vec<TokenStream> {
    let name = &of.name.ident;
    let of_type = type_docs(of);
    let declared = variants.iter().map(|variant| {
        let (ident, ty) = (variant.ident, rust_type(&variant.ty, Scope::Models(roots)));
        let field = code(&variant.of.field);
        let text = match &variant.of.value {
            Some(value) => format!("{field} is {}.", code(value)),
            None => format!("{field} is present."),
        };
        let docs = docs([text.as_str()]);
        quote!(#docs #ident(Box<#ty>))
    });
    let table = variants.iter().map(|variant| {
        let (ident, ty) = (variant.ident, rust_type(&variant.ty, Scope::Models(roots)));
        let field = &variant.of.field;
        let value = variant.of.value.as_ref().map(|value| quote!(= #value));
        quote!(#field #value => #ident(#ty))
    });
    let direction = of.direction;
    let decode = direction.response.then(|| quote!(decode));
    let encode = direction.request.then(|| quote!(encode));
    let variants = roots.of_models("variants", "variants");
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
        quote!(#cfg #variants!(#name; [#(#table),*]; #decode #encode);),
    ]
}
