//! What the runtime needs to know of responses: implementations of its traits `Page` and `Batch`.

use proc_macro2::TokenStream;
use quote::quote;

use super::super::roots::Roots;
use super::super::types::{Scope, rust_type};
use crate::join::{Batch, Page, Type};

pub(super) fn page(
    of: &Type<'_>,
    page: &Page<'_>,
    cfg: &TokenStream,
    roots: Roots<'_>,
) -> TokenStream {
    let (name, runtime) = (&of.name.ident, roots.runtime());
    let item = rust_type(&page.item, Scope::Models(roots));
    let paging = (!page.has_paging).then(|| quote!(.as_ref()?));
    let next = (!page.has_next).then(|| quote!(.as_ref()?));
    let cursor = quote!(page.paging #paging.next #next.after);
    let cursor = if page.has_after {
        quote!(Some(&#cursor))
    } else {
        quote!(#cursor.as_deref())
    };
    quote!(#cfg #runtime::page::page!(#name; #item, |page| #cursor);)
}

pub(super) fn batch(
    of: &Type<'_>,
    batch: &Batch<'_>,
    cfg: &TokenStream,
    roots: Roots<'_>,
) -> TokenStream {
    let (name, runtime) = (&of.name.ident, roots.runtime());
    let output = rust_type(&batch.output, Scope::Models(roots));
    quote!(#cfg #runtime::batch::batch!(#name; #output);)
}
