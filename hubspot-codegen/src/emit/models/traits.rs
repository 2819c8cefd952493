//! What the runtime needs to know of responses: implementations of its traits `Page` and `Batch`.

use proc_macro2::TokenStream;
use quote::quote;

use super::super::separated;
use super::super::types::{Scope, rust_type};
use crate::join::{Batch, Page, Type};

pub(super) fn page(of: &Type<'_>, page: &Page<'_>, cfg: &TokenStream) -> TokenStream {
    let name = &of.name.ident;
    let item = rust_type(&page.item, Scope::Models);
    let paging = if page.has_paging {
        quote!(&self.paging)
    } else {
        quote!(self.paging.as_ref()?)
    };
    let next = if page.has_next {
        quote!(&paging.next)
    } else {
        quote!(paging.next.as_ref()?)
    };
    let after = if page.has_after {
        quote!(Some(&next.after))
    } else {
        quote!(next.after.as_deref())
    };
    let items = separated([
        quote!(type Item = #item;),
        quote! {
            fn next_cursor(&self) -> Option<&str> {
                let paging = #paging;
                let next = #next;
                #after
            }
        },
        quote! {
            fn into_items(self) -> Vec<Self::Item> {
                self.results
            }
        },
    ]);
    quote!(#cfg impl crate::page::Page for #name { #items })
}

pub(super) fn batch(of: &Type<'_>, batch: &Batch<'_>, cfg: &TokenStream) -> TokenStream {
    let name = &of.name.ident;
    let output = rust_type(&batch.output, Scope::Models);
    let error = rust_type(&batch.error, Scope::Models);
    let items = separated([
        quote!(type Output = #output;),
        quote! {
            fn results(&self) -> &[Self::Output] {
                &self.results
            }
        },
        quote! {
            fn errors(&self) -> &[#error] {
                &self.errors
            }
        },
        quote! {
            fn into_parts(self) -> (Vec<Self::Output>, Vec<#error>) {
                (self.results, self.errors)
            }
        },
    ]);
    quote!(#cfg impl crate::batch::Batch for #name { #items })
}
