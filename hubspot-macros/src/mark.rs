//! The marks that `cargo hubspot audit` reads, with the feature `scope-audit`; without it there are none.
//!
//! A mark is an item whose use is deprecated, so that the compiler reports each use with its place. What is called carries
//! its mark; what is declared uses a marked constant once. The documentation of the crate lists the notes.

use hubspot_scopes::Requirement;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::LitStr;

use crate::declared::{Declared, Scope};

/// Whether there are any marks.
const ENABLED: bool = cfg!(feature = "scope-audit");

/// The attributes of an operation of HubSpot.
pub(crate) fn operation(id: &str, requirement: &Requirement) -> TokenStream {
    attributes(&format!("hubspot-scopes: {id} {requirement}"))
}

/// The attributes of a user's function, with the package that has it: outside the workspace its body is not seen, and the
/// call counts for what the function states.
pub(crate) fn function(name: &Ident, requirement: &Requirement) -> TokenStream {
    let environment = |key| std::env::var(key).unwrap_or_default();
    let (package, version) = (
        environment("CARGO_PKG_NAME"),
        environment("CARGO_PKG_VERSION"),
    );
    attributes(&format!(
        "hubspot-scopes-function: {package}@{version} {name} {requirement}"
    ))
}

/// The statement in the body of a user's function that tells what it states.
pub(crate) fn statement(name: &Ident, requirement: &Requirement) -> TokenStream {
    constant(
        &format!("hubspot-scopes-states: {name} {requirement}"),
        name.span(),
    )
}

/// The statement that tells what a request states in place.
pub(crate) fn request(requirement: &Requirement, place: Span) -> TokenStream {
    constant(&format!("hubspot-scopes-request: {requirement}"), place)
}

/// The items beside a scope set that tell what it is declared with.
pub(crate) fn scope_set(name: &Ident, file: Option<&LitStr>, declared: &Declared) -> TokenStream {
    let source = file.map_or_else(String::new, |file| format!(" {}", file.value()));
    let set = constant(&format!("hubspot-scopes-set: {name}{source}"), name.span());
    let entries = declared.0.scopes().map(|(list, scope): (_, &Scope)| {
        let note = format!("hubspot-scopes-entry: {name} {list} {}", scope.name);
        constant(&note, scope.span)
    });
    quote!(#set #(#entries)*)
}

fn attributes(note: &str) -> TokenStream {
    // On a method of a trait's implementation the mark is useless, which is an error unless it is allowed.
    let mark = || quote!(#[allow(useless_deprecated)] #[deprecated(note = #note)]);
    ENABLED.then(mark).unwrap_or_default()
}

fn constant(note: &str, place: Span) -> TokenStream {
    let mark = || {
        quote_spanned! {place=>
            const _: () = {
                #[deprecated(note = #note)]
                const MARK: () = ();
                MARK
            };
        }
    };
    ENABLED.then(mark).unwrap_or_default()
}
