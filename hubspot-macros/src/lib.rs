//! The macros of the crate `hubspot-generated`, which re-exports them; nobody needs to depend on this crate directly.
//!
//! `#[hubspot_scopes(...)]` puts a bound on the scope set of a function; `scope_set!` declares a type that implements the
//! traits of its scopes. A mistake is an error on the literal at fault: a scope that HubSpot does not have, a requirement
//! that no operation has, a scope that is listed twice, an `app-hsmeta.json` that cannot be read.
//!
//! # How the catalogue gets here
//!
//! This crate knows no scope. A crate with generated operations holds a *catalogue*, a hidden `macro_rules!` macro
//! `__scope_catalogue` at its root, that hands its text to a callback together with the input:
//!
//! ```text
//! __scope_catalogue! { { path::to::callback } input }   becomes   path::to::callback! { [$crate "catalogue"] input }
//! ```
//!
//! The catalogue is one string literal, so that no message of the compiler can quote a part of it. It has a line for
//! each fact:
//!
//! ```text
//! scope crm.objects.contacts.read
//! composite CrmObjectsCustomReadOrCrmSchemasCustomRead any("crm.objects.custom.read", "crm.schemas.custom.read")
//! ```
//!
//! `$crate::scopes::grants` has a trait for each line: for a scope the one of [`hubspot_scopes::trait_name`], for a
//! composite (a requirement of more than one alternative, without kinds of login) the one that the line names. If
//! exactly one alternative of a composite has more than one scope, that crate also has a blanket implementation of the
//! composite for what implements the traits of these scopes; no other blanket implementations. Each trait has one hidden
//! constant, `WRITTEN_BY_SCOPE_SET`, of the client's type `scopes::__private::ByScopeSet`.
//!
//! A crate that generates more of HubSpot's APIs adds its catalogue in front of the client's, so that one `scope_set!`
//! serves both:
//!
//! ```
//! macro_rules! __scope_catalogue {
//!     ({ $($callback:tt)* } $($input:tt)*) => {
//!         hubspot_generated::__scope_catalogue! { { $($callback)* } [$crate "scope files\n"] $($input)* }
//!     };
//! }
//! ```
//!
//! # What the audit reads
//!
//! With the feature `scope-audit` the compiler reports what `cargo hubspot audit` asks for, as uses of deprecated items. The
//! note says what it is; the place is that of the call, the literal or the name. The client marks a few items of its own.
//!
//! | note | what is reported |
//! | --- | --- |
//! | `hubspot-scopes: contacts.list reads GET /crm/objects/2026-09/contacts "a"` | a call of an operation: whether it only `reads` or also `writes`, its route, and what it needs |
//! | `hubspot-scopes-function: acme@0.1.0 sync "a"` | a call of a function with `#[hubspot_scopes]`, with its package |
//! | `hubspot-scopes-states: sync "a"` | such a function itself |
//! | `hubspot-scopes-request: "a"` | a `request!`, at its first scope, and what it states |
//! | `hubspot-scopes-set: SyncScopes src/app/app-hsmeta.json` | a `scope_set!`, with the file that has its lists, if one has |
//! | `hubspot-scopes-entry: SyncScopes required a` | a scope in it |
//! | `hubspot-scopes-hold: upgrade` | a client of other scopes, from the client's own items: `unchecked-client`, `unchecked-type`, `raw-request`, `upgrade`; and `hand-written` for each implementation of a scope set's trait, also for those at the name of a `scope_set!`, which the macro writes |
//!
//! Without the feature the macros expand to the same tokens as if there were no audit.

mod attribute;
mod beside;
mod catalogue;
mod declared;
mod expand;
mod function;
mod mark;
mod scope_set;
mod suggest;

use proc_macro::TokenStream;

/// States the OAuth scopes that a function needs; the compiler then asks for them where it is called.
///
/// ```
/// use hubspot_generated::{Client, Error, hubspot_scopes, scope_set};
///
/// #[hubspot_scopes("crm.objects.contacts.read", "crm.objects.companies.read")]
/// async fn sync<S>(client: &Client<S>) -> Result<(), Error> {
///     client.contacts().list().send().await?;
///     client.companies().list().send().await?;
///     Ok(())
/// }
///
/// scope_set! {
///     pub struct AppScopes {
///         required: ["crm.objects.contacts.read", "crm.objects.companies.read"],
///     }
/// }
///
/// async fn nightly(client: &Client<AppScopes>) -> Result<(), Error> {
///     sync(client).await
/// }
/// ```
///
/// What stands in the parentheses:
///
/// | | |
/// | --- | --- |
/// | `"a", "b"` | all of these scopes |
/// | `any("a", "b")` | one of them |
/// | `any(all("a", "b"), "c")` | the first two together, or the third |
/// | `oauth2("a")`, `private_apps("a")` | within `any(...)`: scopes that count for this kind of login only; the compiler takes either |
/// | `"a" + 'static`, `"a" + path::Trait` | a bound besides, as the compiler suggests it; for a trait of a scope, better state the scope |
/// | `"a", Client<S>: Trait` | a predicate besides, which may also be in the function's `where` clause |
/// | `for T` | the type that carries the scopes, where it is not `S` |
/// | `crate = path` | the client's crate, where it is not `::hubspot_generated` |
///
/// The scopes become a bound on the type parameter `S` of the function; a method with `self` may rely on the `S` of its
/// `impl`. The documentation gets a section "Required scopes". A scope that HubSpot does not have is an error, and so is
/// an `any(...)` that no operation of the client has, for nothing could be called with it.
///
/// Two more keys are for generated code: `grant = path` names the traits (several are joined with `+`), so that no catalogue
/// is needed, and `operation = "name reads GET /path"` is the operation's note for the audit.
#[proc_macro_attribute]
pub fn hubspot_scopes(attribute: TokenStream, item: TokenStream) -> TokenStream {
    expand::attribute::expand(&attribute.into(), &item.into()).into()
}

/// The second half of `#[hubspot_scopes]`, which the catalogue calls.
#[doc(hidden)]
#[proc_macro]
pub fn check_scopes(input: TokenStream) -> TokenStream {
    expand::attribute::expand_checked(input.into()).into()
}

/// The engine of `scope_set!`, which the catalogue calls.
#[doc(hidden)]
#[proc_macro]
pub fn declare_scopes(input: TokenStream) -> TokenStream {
    expand::scope_set::expand(input.into()).into()
}

/// The engine of `request!`, which the catalogue calls.
#[doc(hidden)]
#[proc_macro]
pub fn state_request(input: TokenStream) -> TokenStream {
    expand::request::expand(input.into()).into()
}
