//! What the runtime needs to know of answers: pages and batches.
//!
//! In: the operations and their answers. Out: implementations of the runtime's traits `Page` and `Batch`. Refuses
//! nothing.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;

use super::super::types::Scope;
use super::super::{Context, ident};
use super::Item;
use crate::model::{Field, Type, TypeId};

/// The types that are answers, by what they are answers of.
pub(super) struct Traits {
    pages: BTreeSet<TypeId>,
    answers: BTreeSet<TypeId>,
}

impl Traits {
    pub(super) fn of(context: Context<'_>) -> Self {
        let mut traits = Self {
            pages: BTreeSet::new(),
            answers: BTreeSet::new(),
        };
        for endpoint in &context.model.operations {
            if let Some(Type::Named(id)) = &endpoint.operation.answer {
                traits.answers.insert(id.clone());
                if context.analysis.paging.contains_key(&endpoint.id) {
                    traits.pages.insert(id.clone());
                }
            }
        }
        traits
    }

    pub(super) fn implementations(
        &self,
        context: Context<'_>,
        item: &Item<'_>,
        cfg: &TokenStream,
    ) -> TokenStream {
        // Of types that are sent too, lists may be absent, and the traits know no absence.
        let is_sent = context
            .analysis
            .directions
            .get(item.id)
            .is_some_and(|direction| direction.request);
        if is_sent || !self.answers.contains(item.id) {
            return TokenStream::new();
        }
        let page = self
            .pages
            .contains(item.id)
            .then(|| page(context, item, cfg))
            .flatten();
        let batch = batch(context, item, cfg);
        quote!(#page #batch)
    }
}

fn page(context: Context<'_>, item: &Item<'_>, cfg: &TokenStream) -> Option<TokenStream> {
    let name = ident(&item.name.ident);
    let results = list_item(context, item, "results")?;
    let paging = item
        .definition
        .fields()
        .iter()
        .find(|field| field.name == "paging")?;
    let (paging_id, next) = inner(context, paging, "next")?;
    let (next_id, after) = inner(context, next, "after")?;
    let is_option = |owner: &TypeId, field: &Field| {
        !field.required || field.nullable || context.is_informational(owner, field)
    };
    let paging_value = if is_option(item.id, paging) {
        quote!(self.paging.as_ref()?)
    } else {
        quote!(&self.paging)
    };
    let next_value = if is_option(paging_id, next) {
        quote!(paging.next.as_ref()?)
    } else {
        quote!(&paging.next)
    };
    let after_value = if is_option(next_id, after) {
        quote!(next.after.as_deref())
    } else {
        quote!(Some(&next.after))
    };
    Some(quote! {
        #cfg
        impl crate::page::Page for #name {
            type Item = #results;

            fn next_cursor(&self) -> Option<&str> {
                let paging = #paging_value;
                let next = #next_value;
                #after_value
            }

            fn into_items(self) -> Vec<Self::Item> {
                self.results
            }
        }
    })
}

/// An answer with results and errors, each a list, the errors being those that the runtime knows.
fn batch(context: Context<'_>, item: &Item<'_>, cfg: &TokenStream) -> Option<TokenStream> {
    let name = ident(&item.name.ident);
    let results = list_item(context, item, "results")?;
    let errors = list_item(context, item, "errors")?;
    let field = item
        .definition
        .fields()
        .iter()
        .find(|field| field.name == "errors")?;
    let Type::Array(error) = &field.ty else {
        return None;
    };
    let Type::Named(error) = error.as_ref() else {
        return None;
    };
    if context.named(error)?.0.version.is_some() {
        return None;
    }
    Some(quote! {
        #cfg
        impl crate::batch::Batch for #name {
            type Output = #results;

            fn results(&self) -> &[Self::Output] {
                &self.results
            }

            fn errors(&self) -> &[#errors] {
                &self.errors
            }

            fn into_parts(self) -> (Vec<Self::Output>, Vec<#errors>) {
                (self.results, self.errors)
            }
        }
    })
}

fn list_item(context: Context<'_>, item: &Item<'_>, name: &str) -> Option<TokenStream> {
    let field = item
        .definition
        .fields()
        .iter()
        .find(|field| field.name == name)?;
    let Type::Array(element) = &field.ty else {
        return None;
    };
    Some(context.rust_type(element, Scope::Models))
}

/// The object that a field holds, and one of its fields.
fn inner<'a>(
    context: Context<'a>,
    field: &'a Field,
    name: &str,
) -> Option<(&'a TypeId, &'a Field)> {
    let Type::Named(id) = &field.ty else {
        return None;
    };
    let fields = context.named(id)?.0.fields();
    Some((id, fields.iter().find(|field| field.name == name)?))
}
