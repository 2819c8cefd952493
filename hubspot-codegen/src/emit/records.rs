//! The operations that `#[derive(Record)]` writes methods for, as a table for the macro.

use proc_macro2::TokenStream;
use quote::quote;

use super::operations::{budget, paging};
use super::{File, separated};
use crate::join::{Code, Operation};

/// The resources that the methods of records are taken from.
const RESOURCES: [&str; 2] = ["associations", "objects"];

pub(super) fn file<'a>(code: &'a Code<'a>) -> File<'a> {
    let title = "The operations on records of any object type.";
    File::new("operations.rs", title, move || items(code))
}

fn items(code: &Code<'_>) -> TokenStream {
    let versions = code.versions.iter().filter(|version| version.is_current);
    let resources = versions.flat_map(|version| &version.resources);
    let resources = resources.filter(|resource| RESOURCES.contains(&&*resource.model.name));
    let operations = resources.flat_map(|resource| &resource.operations);
    let entries = operations.map(entry);
    separated([
        quote!(
            use crate::object_type::{Budget, Operation, Paging};
        ),
        quote! {
            /// Every operation, by resource, path and method.
            pub(crate) static OPERATIONS: &[Operation] = &[#(#entries),*];
        },
    ])
}

fn entry(of: &Operation<'_>) -> TokenStream {
    let (id, http, path) = (&of.name.id, &of.model.method, &of.model.path);
    let (is_read_only, is_idempotent) = (of.is_read_only, of.is_idempotent);
    let budget = budget(of.model.budget);
    let paging = of.paging.map(paging);
    let paging = paging.map_or_else(|| quote!(None), |paging| quote!(Some(#paging)));
    quote! {
        Operation {
            id: #id,
            http: #http,
            path: #path,
            is_read_only: #is_read_only,
            is_idempotent: #is_idempotent,
            budget: #budget,
            paging: #paging,
        }
    }
}
