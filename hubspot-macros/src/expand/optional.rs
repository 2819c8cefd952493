//! What a scope set does not have, but declares as optional or conditional: the compiler says so, and how to use it.
//!
//! The traits of these scopes are implemented on a condition that never holds. The error about a call is then about the
//! condition, whose message names the list.

use std::collections::BTreeSet;

use hubspot_scopes::message;
use proc_macro2::{Ident, TokenStream};
use quote::quote_spanned;

use crate::catalogue::Catalogue;
use crate::declared::Declared;

/// The implementations for the traits of a catalogue, which `alias` names.
pub(super) fn implementations(
    name: &Ident,
    declared: &Declared,
    catalogue: &Catalogue,
    alias: &Ident,
    by_macro: &TokenStream,
) -> TokenStream {
    let granted: BTreeSet<_> = declared.granted().map(|scope| scope.name.clone()).collect();
    let lists: Vec<_> = declared.on_demand().collect();
    let optional = lists.iter().map(|(_, scope)| scope.name.clone()).collect();
    let (scopes, composites) = catalogue.waiting(&granted, &optional);
    let span = name.span();
    if scopes.is_empty() && composites.is_empty() {
        return TokenStream::new();
    }
    let any = condition(
        name,
        "AnyGranted",
        &message::optional_any(&name.to_string()),
        &TokenStream::new(),
    );
    let composites = composites.into_iter().map(|composite| {
        let composite = Ident::new(composite, span);
        quote_spanned!(span=> impl #alias::#composite for #name where for<'a> &'a #name: AnyGranted { #by_macro })
    });
    let scopes = scopes.into_iter().map(|(scope, grant)| {
        let (list, _) = lists.iter().find(|(_, one)| one.name == scope)?;
        let grant = Ident::new(grant, span);
        let message = message::optional(&name.to_string(), scope, *list);
        // The compiler shows the path of a name that there is twice.
        let granted = format!("{grant}Granted");
        let trait_ = condition(
            name,
            &granted,
            &message,
            &quote_spanned!(span=> : AnyGranted),
        );
        let granted = Ident::new(&granted, span);
        Some(quote_spanned! {span=>
            #trait_
            impl #alias::#grant for #name where for<'a> &'a #name: #granted { #by_macro }
        })
    });
    let scopes = scopes.flatten();
    quote_spanned! {span=>
        const _: () = {
            #any
            #(#composites)*
            #(#scopes)*
        };
    }
}

/// A trait that the set does not implement, with the message about that.
fn condition(name: &Ident, condition: &str, message: &str, above: &TokenStream) -> TokenStream {
    let span = name.span();
    let condition = Ident::new(condition, span);
    let label = message::NEEDS_GRANTED;
    quote_spanned! {span=>
        #[diagnostic::on_unimplemented(
            message = #message,
            label = #label,
            note = "`client.upgrade::<T>().await?` returns such a client if the account has granted the scope; `T` is a scope set that requires it",
            note = "a scope in the list `required` is granted by every account that has the app"
        )]
        trait #condition #above {}
        // Without any, the compiler suggests to write one.
        impl #condition for () {}
    }
}
