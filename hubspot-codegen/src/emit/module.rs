//! What only a module of another crate than the client's has: checks that it stands where it belongs, its macros, and the
//! extension traits in place of methods of the client.
//!
//! Such a crate has none of the client's features, so nothing of the module depends on one.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::roots::{Roots, absolute};
use super::{separated, unlinted};
use crate::config::Module;
use crate::join::{Code, Version};

/// The version of the runtime that the code stands on, as `hubspot_generated::__rt::serves` knows it.
const RUNTIME: u32 = 4;

/// `mod.rs`: the modules, the macros, and everything that has to be imported.
pub(super) fn root_items(code: &Code<'_>, module: &Module) -> TokenStream {
    let roots = Roots::of(code.home);
    let client = absolute(&module.client);
    separated([
        checks(module, roots),
        parts(code),
        quote! {
            #[doc(hidden)]
            #[allow(unused_imports, reason = "for the macros")]
            #[rustfmt::skip]
            pub use #client::{__rt, __scope_catalogue as __client_catalogue};
            #[allow(unused_imports, reason = "for the scopes of this module")]
            #[rustfmt::skip]
            pub use self::scopes::{__scope_catalogue, request, scope_set};
        },
        prelude(code, roots),
    ])
}

/// Constants that do not compile where the code does not belong.
fn checks(module: &Module, roots: Roots<'_>) -> TokenStream {
    let runtime = roots.runtime();
    let wrong_runtime = format!(
        "`{home}` was generated for another version of hubspot-generated: generate it with the `cargo hubspot generate` \
         (or hubspot-codegen) of the version in use",
        home = module.shown()
    );
    let wrong_place = format!(
        "this module was generated as `{home}` and is somewhere else: generate it with its own path, as in \
         `cargo hubspot generate --module path::of::module`",
        home = module.shown()
    );
    let version_of_runtime = proc_macro2::Literal::u32_unsuffixed(RUNTIME);
    let module_path = &module.path;
    let serde = module.serde.then(|| quote!(#runtime::check_serde! {}));
    separated([
        serde.unwrap_or_default(),
        quote!(
            const _: () = assert!(#runtime::serves(#version_of_runtime), #wrong_runtime);
        ),
        quote!(
            const _: () = assert!(#runtime::is_module(module_path!(), #module_path), #wrong_place);
        ),
    ])
}

/// The modules below.
fn parts(code: &Code<'_>) -> TokenStream {
    let part = unlinted();
    let versions = code.versions.iter().map(|version| &version.name.module);
    quote! {
        #part
        mod models;
        #part
        pub mod operations;
        #part
        pub mod requests;
        #part
        pub mod scopes;
        #(#part pub mod #versions;)*
    }
}

/// Everything that has to be imported to be called.
fn prelude(code: &Code<'_>, roots: Roots<'_>) -> TokenStream {
    let generated = roots.generated();
    let versions = code.versions.iter().map(|version| &version.name.module);
    let traits = versions.map(|version| quote!(pub use #generated::#version::ClientExt as _;));
    let sets = code.sets.iter().map(|set| {
        let (version, name) = (&set.names.module, &set.extension);
        quote!(pub use #generated::requests::#version::#name as _;)
    });
    quote! {
        /// The traits whose methods are the handles of a client and the optional parameters of requests:
        /// `use prelude::*`.
        #[allow(unused_imports, reason = "a program has some of them")]
        #[rustfmt::skip]
        pub mod prelude {
            #(#traits)*
            #(#sets)*
        }
    }
}

/// The method of a client that returns the handle of a version, as an extension trait.
pub(super) fn client_extension(version: &Version<'_>, docs: &TokenStream) -> TokenStream {
    let (handle, method) = (&version.name.handle, &version.name.module);
    separated([
        quote! {
            #docs
            pub trait ClientExt<S> {
                #docs
                fn #method(&self) -> #handle<S>;
            }
        },
        quote! {
            impl<S> ClientExt<S> for Client<S> {
                #[inline]
                fn #method(&self) -> #handle<S> {
                    #handle::new(self)
                }
            }
        },
        quote! {
            /// Does not compile where the client has a method of this name itself, which calls would reach instead.
            const _: () = {
                fn of_this_module<S>(client: &Client<S>) -> #handle<S> {
                    client.#method()
                }
            };
        },
    ])
}

/// The client's traits, beside those of the module.
pub(super) fn grants_of_client(roots: Roots<'_>) -> TokenStream {
    let runtime = roots.runtime();
    quote! {
        #[allow(unused_imports, reason = "for operations that need the client's scopes")]
        pub use #runtime::scopes::grants::*;
    }
}

/// The catalogue, which leads on to the client's, and the macros that begin with it.
pub(super) fn catalogue(text: &str, module: &Module, roots: Roots<'_>) -> TokenStream {
    let (home, runtime) = (absolute(&module.path), roots.runtime());
    let prefix = module.path.replace("::", "_");
    let [catalogue, scope_set, request] =
        ["catalogue", "scope_set", "request"].map(|name| format_ident!("__{prefix}_{name}"));
    quote! {
        #[doc(hidden)]
        #[macro_export]
        macro_rules! #catalogue {
            ({ $($callback:tt)* } $($input:tt)*) => {
                $crate #home::__client_catalogue! { { $($callback)* } [$crate #home #text] $($input)* }
            };
        }
        __empty_line!();
        #[doc(hidden)]
        #[macro_export]
        macro_rules! #scope_set {
            ($($declaration:tt)*) => {
                $crate #home::__scope_catalogue! {
                    { $crate #home::scopes::__private::declare_scopes } $($declaration)*
                }
            };
        }
        __empty_line!();
        #[doc(hidden)]
        #[macro_export]
        macro_rules! #request {
            ($client:expr, $($stated:tt)*) => {
                $crate #home::__scope_catalogue! {
                    { $crate #home::scopes::__private::state_request } { $client } $($stated)*
                }
            };
        }
        __empty_line!();
        #[doc(hidden)]
        pub use #catalogue as __scope_catalogue;
        /// Creates a request that states its scopes, as the client's macro does, with the scopes of this module too.
        pub use #request as request;
        /// Declares the scopes that an application is installed with, as the client's macro does, with the scopes of this
        /// module too.
        pub use #scope_set as scope_set;
        #[doc(hidden)]
        pub use #runtime::scopes::__private;
    }
}
