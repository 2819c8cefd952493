//! The description of every operation: a static in its resource's file, and `operations.rs`, which lists them all.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use super::roots::Roots;
use super::text::{code, docs};
use super::{File, separated};
use crate::join::{Code, Operation, Resource};
use crate::model::{Authentication, Budget, Paging};

pub(super) fn file<'a>(code: &'a Code<'a>) -> File<'a> {
    let title = "Static descriptions of all operations.";
    File::new("operations.rs", title, move || items(code))
}

fn items(code: &Code<'_>) -> TokenStream {
    let resources = || code.versions.iter().flat_map(|version| &version.resources);
    let path = |resource: &Resource<'_>| {
        let (module, file) = (&resource.name.module, &resource.name.file);
        quote!(super::#module::#file::operations)
    };
    let uses = resources().map(|resource| {
        let (cfg, path) = (resource.gate.cfg(), path(resource));
        quote!(#cfg pub use #path::*;)
    });
    let lists = resources().map(|resource| {
        let (cfg, path) = (resource.gate.cfg(), path(resource));
        quote!(#cfg #path::OF_RESOURCE)
    });
    let runtime = Roots::of(code.home).runtime();
    separated([
        quote!(
            use #runtime::operation::Operation;
        ),
        uses.collect(),
        quote! {
            /// Every operation of the enabled features.
            pub fn all() -> impl Iterator<Item = &'static Operation> {
                RESOURCES.iter().copied().flatten().copied()
            }
        },
        quote!(static RESOURCES: &[&[&Operation]] = &[#(#lists),*];),
    ])
}

/// The module with the statics of one resource.
pub(super) fn module(operations: &[&Operation<'_>], roots: Roots<'_>) -> TokenStream {
    let any = |holds: fn(&Operation<'_>) -> bool, import| {
        let holds = operations.iter().any(|operation| holds(operation));
        holds.then_some(import)
    };
    let authentication = any(
        |operation| operation.model.authentication != Authentication::AccessToken,
        quote!(Authentication,),
    );
    let paging = any(|operation| operation.paging.is_some(), quote!(, Paging));
    let budget = any(
        |operation| operation.model.budget != Budget::TenSecondly,
        quote!(Budget,),
    );
    let runtime = roots.runtime();
    let uses =
        quote!(use #runtime::operation::{#authentication #budget Operation #paging, describe};);
    let statics = operations.iter().map(|operation| description(operation));
    let constants = operations.iter().map(|operation| &operation.name.constant);
    let list = quote!(pub(crate) static OF_RESOURCE: &[&Operation] = &[#(&#constants),*];);
    let items = separated([uses].into_iter().chain(statics).chain([list]));
    quote! {
        /// Static descriptions of these operations.
        pub(crate) mod operations { #items }
    }
}

fn description(of: &Operation<'_>) -> TokenStream {
    let operation = of.model;
    let docs = docs([code(&operation.key()).as_str()]);
    let constant = &of.name.constant;
    let (id, method, path) = (&of.name.id, &operation.method, &operation.path);
    let requirement = operation.requirement.to_string();
    // What most operations are is what `describe!` says.
    let effect = match (of.is_read_only, of.is_idempotent) {
        (true, _) => quote!(.reading()),
        (false, true) => quote!(.repeatable()),
        (false, false) => TokenStream::new(),
    };
    let authentication = (operation.authentication != Authentication::AccessToken).then(|| {
        let authentication = authentication(operation.authentication);
        quote!(.authenticated(#authentication))
    });
    let budget = (operation.budget != Budget::TenSecondly).then(|| {
        let budget = budget(operation.budget);
        quote!(.counted(#budget))
    });
    let paging = of.paging.map(|of| {
        let paging = paging(of);
        quote!(.paged(#paging))
    });
    let more = quote!(#effect #budget #paging #authentication);
    let more = (!more.is_empty()).then(|| quote!(; #more));
    quote! {
        #docs
        pub static #constant: Operation = describe!(#id, #method, #path, #requirement #more);
    }
}

pub(super) fn authentication(authentication: Authentication) -> TokenStream {
    let variant = Ident::new(authentication.variant(), Span::call_site());
    quote!(Authentication::#variant)
}

pub(super) fn budget(budget: Budget) -> TokenStream {
    match budget {
        Budget::TenSecondly => quote!(Budget::TenSecondly),
        Budget::Secondly => quote!(Budget::Secondly),
        Budget::Exempt => quote!(Budget::Exempt),
    }
}

pub(super) fn paging(paging: Paging) -> TokenStream {
    match paging {
        Paging::Query => quote!(Paging::Query),
        Paging::Body => quote!(Paging::Body),
    }
}
