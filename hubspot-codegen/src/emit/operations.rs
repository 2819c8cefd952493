//! The description of every operation.
//!
//! In: the operations. Out: for each a static, in its resource's file, and `operations.rs`, which has them all. Refuses
//! nothing.

use proc_macro2::TokenStream;
use quote::quote;

use super::gates::Gate;
use super::text::{code, docs};
use super::{Context, File, ident};
use crate::model::{Budget, Endpoint, OperationName, Paging, Resource, ResourceName};

pub(super) fn file(context: Context<'_>) -> File<'_> {
    let title = "What is known of every operation before it is called: one static each.".to_owned();
    File::new("operations.rs".to_owned(), title, move || items(context))
}

fn items(context: Context<'_>) -> TokenStream {
    let resources = context.resources().collect::<Vec<_>>();
    let path = |name: &ResourceName| {
        let (module, resource) = (ident(&name.module), ident(&name.method));
        quote!(super::#module::#resource::operations)
    };
    let cfg = |resource: &Resource| {
        Gate::of(
            [(resource.version.as_str(), resource.name.as_str())],
            context.config,
        )
        .cfg()
    };
    let uses = resources.iter().map(|(resource, name)| {
        let (cfg, path) = (cfg(resource), path(name));
        quote!(#cfg pub use #path::*;)
    });
    let lists = resources.iter().map(|(resource, name)| {
        let (cfg, path) = (cfg(resource), path(name));
        quote!(#cfg #path::OF_RESOURCE)
    });
    quote! {
        use crate::operation::Operation;

        #(#uses)*

        /// Every operation that the enabled features bring.
        pub fn all() -> impl Iterator<Item = &'static Operation> {
            RESOURCES.iter().copied().flatten().copied()
        }

        static RESOURCES: &[&[&Operation]] = &[#(#lists),*];
    }
}

/// The module with the statics of one resource.
pub(super) fn module(
    context: Context<'_>,
    endpoints: &[(&Endpoint, &OperationName)],
) -> TokenStream {
    let statics = endpoints
        .iter()
        .map(|(endpoint, name)| operation(context, endpoint, name));
    let constants = endpoints.iter().map(|(_, name)| ident(&name.constant));
    let uses_paging = endpoints
        .iter()
        .any(|(endpoint, _)| context.analysis.paging.contains_key(&endpoint.id));
    let paging = uses_paging.then(|| quote!(, Paging));
    quote! {
        /// What is known of these calls before they are made.
        pub(crate) mod operations {
            use crate::operation::{Budget, Operation #paging, describe};

            #(#statics)*

            pub(crate) static OF_RESOURCE: &[&Operation] = &[#(&#constants),*];
        }
    }
}

fn operation(context: Context<'_>, endpoint: &Endpoint, name: &OperationName) -> TokenStream {
    let operation = &endpoint.operation;
    let constant = ident(&name.constant);
    let docs = docs([code(&operation.key()).as_str()]);
    let (id, method, path) = (&name.id, &operation.method, &operation.path);
    let authenticated = operation.authenticated;
    let requirement = operation.requirement.to_string();
    let idempotent = context.analysis.idempotent.contains(&endpoint.id);
    let read_only = context.analysis.read_only.contains(&endpoint.id);
    let budget = match operation.budget {
        Budget::TenSecondly => quote!(TenSecondly),
        Budget::Secondly => quote!(Secondly),
    };
    let paging = match context.analysis.paging.get(&endpoint.id) {
        None => quote!(None),
        Some(Paging::Query) => quote!(Some(Paging::Query)),
        Some(Paging::Body) => quote!(Some(Paging::Body)),
    };
    quote! {
        #docs
        pub static #constant: Operation = Operation {
            idempotent: #idempotent,
            read_only: #read_only,
            budget: Budget::#budget,
            paging: #paging,
            authenticated: #authenticated,
            ..describe!(#id, #method, #path, #requirement)
        };
    }
}
