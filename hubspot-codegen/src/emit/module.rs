//! The code as a module of another crate than the client's.
//!
//! Emitters write paths as they are in the client's crate. [`moved`] maps them: `crate::generated` and the traits of scopes
//! to the module, and everything else to the client's runtime, `hubspot_generated::__rt`. Such a crate has none of the
//! client's features, so attributes `cfg` and `cfg_attr` are left out. Those for serde stay, without their condition, if the module's
//! models implement serde's traits.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{format_ident, quote};

use super::{File, separated, unlinted};
use crate::config::Module;
use crate::join::{Code, Version};

/// The version of the runtime that the code stands on, as `hubspot_generated::__rt::serves` knows it.
const RUNTIME: u32 = 3;

/// The files with their paths mapped.
pub(super) fn moved<'a>(files: Vec<File<'a>>, module: &'a Module) -> Vec<File<'a>> {
    let moved = |File { path, title, items }: File<'a>| {
        File::new(path, title, move || mapped(items(), &Paths::of(module)))
    };
    files.into_iter().map(moved).collect()
}

/// Where paths lead.
struct Paths {
    /// `crate::hubspot`.
    home: TokenStream,
    /// `::hubspot_generated::__rt`.
    runtime: TokenStream,
    /// Whether models implement serde's traits.
    serde: bool,
}

impl Paths {
    fn of(module: &Module) -> Self {
        let (home, client) = (path(&module.path), path(&module.client));
        Self {
            home: quote!(crate #home),
            runtime: quote!(#client::__rt),
            serde: module.serde,
        }
    }
}

/// `::api::hubspot` for `api::hubspot`.
fn path(text: &str) -> TokenStream {
    let parts = text.split("::");
    let parts = parts.map(|part| Ident::new(part, Span::call_site()));
    parts.map(|part| quote!(::#part)).collect()
}

/// The tokens with their paths mapped, and without conditions.
fn mapped(tokens: TokenStream, paths: &Paths) -> TokenStream {
    let tokens = tokens.into_iter().collect::<Vec<_>>();
    let mut output = TokenStream::new();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let (before, rest) = tokens.split_at(at);
        if is_condition(rest) {
            output.extend(paths.of_serde(&rest[1]));
            at += 2;
        } else if let Some((length, root)) = root(before, rest, paths) {
            output.extend(root);
            at += length;
        } else {
            output.extend([inside(token, paths)]);
            at += 1;
        }
    }
    output
}

/// The token, or the group with its content mapped.
fn inside(token: &TokenTree, paths: &Paths) -> TokenTree {
    let TokenTree::Group(group) = token else {
        return token.clone();
    };
    let mut moved = proc_macro2::Group::new(group.delimiter(), mapped(group.stream(), paths));
    moved.set_span(group.span());
    moved.into()
}

/// Whether an attribute `cfg` or `cfg_attr` comes next.
fn is_condition(rest: &[TokenTree]) -> bool {
    let [TokenTree::Punct(hash), TokenTree::Group(group), ..] = rest else {
        return false;
    };
    let name = group.stream().into_iter().next();
    let name = name.map(|name| name.to_string()).unwrap_or_default();
    hash.as_char() == '#' && ["cfg", "cfg_attr"].contains(&name.as_str())
}

impl Paths {
    /// The attribute that `#[cfg_attr(feature = "serde", …)]` sets, if models implement serde's traits.
    fn of_serde(&self, attribute: &TokenTree) -> Option<TokenStream> {
        let TokenTree::Group(attribute) = attribute else {
            return None;
        };
        let meta = syn::parse2::<syn::MetaList>(attribute.stream()).ok()?;
        let tokens = meta.tokens.into_iter().collect::<Vec<_>>();
        let [
            condition @ ..,
            TokenTree::Ident(name),
            TokenTree::Group(set),
        ] = &tokens[..]
        else {
            return None;
        };
        let of_serde = quote!(feature = "serde",).to_string();
        if !self.serde
            || condition
                .iter()
                .cloned()
                .collect::<TokenStream>()
                .to_string()
                != of_serde
        {
            return None;
        }
        let runtime = &self.runtime;
        Some(if name == "derive" {
            let path = quote!(#runtime::serde).to_string().replace(' ', "");
            quote! {
                #[derive(#runtime::serde::Serialize, #runtime::serde::Deserialize)]
                #[serde(crate = #path)]
            }
        } else {
            quote!(#[#name #set])
        })
    }
}

/// How many tokens at the beginning of a path are replaced, and by what.
fn root(before: &[TokenTree], rest: &[TokenTree], paths: &Paths) -> Option<(usize, TokenStream)> {
    // What follows `$` or `::` is no beginning.
    let mut back = before.iter().rev();
    let mut is =
        |sign| matches!(back.next(), Some(TokenTree::Punct(punct)) if punct.as_char() == sign);
    if is(':') && is(':') || before.last().is_some_and(|token| token.to_string() == "$") {
        return None;
    }
    let names = names(rest);
    let names = names.iter().map(String::as_str).collect::<Vec<_>>();
    let Paths {
        home,
        runtime,
        serde,
    } = paths;
    match names.as_slice() {
        ["crate", module @ ("decode" | "encode"), "model"] if *serde => {
            let module = format_ident!("{module}");
            Some((7, quote!(#runtime::#module::model_with_serde)))
        }
        ["crate", "values", "string_enum"] if *serde => {
            Some((7, quote!(#runtime::values::string_enum_with_serde)))
        }
        ["crate", "variants", "variants"] if *serde => {
            Some((7, quote!(#runtime::variants::variants_with_serde)))
        }
        ["crate", "generated", ..] => Some((4, quote!(#home))),
        ["crate", "scopes", "grants", ..] => Some((1, quote!(#home))),
        ["crate", _, ..] => Some((1, quote!(#runtime))),
        ["serde_json", ..] if is_path(rest) => Some((1, quote!(#runtime::serde_json))),
        _ => None,
    }
}

/// Whether a name and two colons come next.
fn is_path(rest: &[TokenTree]) -> bool {
    let [
        TokenTree::Ident(_),
        TokenTree::Punct(one),
        TokenTree::Punct(other),
        ..,
    ] = rest
    else {
        return false;
    };
    [one, other].iter().all(|punct| punct.as_char() == ':')
}

/// The first three names of the path that begins here.
fn names(mut rest: &[TokenTree]) -> Vec<String> {
    let mut names = Vec::new();
    while let (Some(TokenTree::Ident(name)), true) = (rest.first(), names.len() < 3) {
        names.push(name.to_string());
        if !is_path(rest) {
            break;
        }
        rest = &rest[3..];
    }
    names
}

/// `mod.rs`: the modules, the macros, and everything that has to be imported.
pub(super) fn root_items(code: &Code<'_>, module: &Module) -> TokenStream {
    let client = path(&module.client);
    separated([
        checks(module),
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
        prelude(code),
    ])
}

/// Constants that do not compile where the code does not belong.
fn checks(module: &Module) -> TokenStream {
    let runtime = Paths::of(module).runtime;
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
fn prelude(code: &Code<'_>) -> TokenStream {
    let versions = code.versions.iter().map(|version| &version.name.module);
    let traits =
        versions.map(|version| quote!(pub use crate::generated::#version::ClientExt as _;));
    let sets = code.sets.iter().map(|set| {
        let (version, name) = (&set.names.module, &set.extension);
        quote!(pub use crate::generated::requests::#version::#name as _;)
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
pub(super) fn grants_of_client(module: &Module) -> TokenStream {
    let runtime = Paths::of(module).runtime;
    quote! {
        #[allow(unused_imports, reason = "for operations that need the client's scopes")]
        pub use #runtime::scopes::grants::*;
    }
}

/// The catalogue, which leads on to the client's, and the macros that begin with it.
pub(super) fn catalogue(text: &str, module: &Module) -> TokenStream {
    let home = path(&module.path);
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
        pub use crate::scopes::__private;
    }
}
