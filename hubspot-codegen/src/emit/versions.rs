//! The modules, and how a client gives its handles: `mod.rs` of the generated code and of each version.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;

use super::text::docs;
use super::{File, separated};
use crate::join::{Code, Resource, Version, version_cfg};

pub(super) fn files<'a>(code: &'a Code<'a>) -> Vec<File<'a>> {
    let title = "The operations, their types and their scopes.";
    let mut files = vec![File::new("mod.rs", title, move || root(code))];
    for version in &code.versions {
        let path = format!("{}/mod.rs", version.name.module.plain());
        let title = format!("API version {}.", version.name.name);
        files.push(File::new(path, title, move || items(version)));
    }
    files
}

fn root(code: &Code<'_>) -> TokenStream {
    let versions = code.versions.iter().map(|version| {
        let cfg = version_cfg(&features(version));
        let module = &version.name.module;
        quote!(#cfg pub mod #module;)
    });
    separated([
        quote! {
            #[allow(unreachable_pub, reason = "an older version's types are public with its feature only")]
            mod models;
        },
        quote! {
            pub mod operations;
            pub mod requests;
        },
        quote!(
            pub(crate) mod scopes;
        ),
        versions.collect(),
    ])
}

/// The feature that a version needs.
fn features(version: &Version<'_>) -> BTreeSet<String> {
    version.feature.cloned().into_iter().collect()
}

fn items(version: &Version<'_>) -> TokenStream {
    let (module, handle) = (&version.name.module, &version.name.handle);
    let versions = features(version);
    let modules = version.resources.iter().map(|resource| {
        let (cfg, file) = (resource.gate.cfg_within(&versions), &resource.name.method);
        quote!(#cfg pub mod #file;)
    });
    let getters = |with_key: bool| {
        let own = version.resources.iter();
        let own = own.filter(|resource| resource.takes_developer_key() == with_key);
        separated(own.map(|resource| {
            let cfg = resource.gate.cfg_within(&versions);
            getter(resource, &cfg, version.is_current)
        }))
    };
    let (getters, with_key) = (getters(false), getters(true));
    let owner = if version.is_current {
        quote!(Client)
    } else {
        quote!(#handle)
    };
    let with_key =
        (!with_key.is_empty()).then(|| quote!(impl #owner<crate::DeveloperKey> { #with_key }));
    let declaration = if version.is_current {
        TokenStream::new()
    } else {
        declaration(version)
    };
    separated([
        quote!(
            use crate::client::Client;
        ),
        quote!(pub use super::models::#module as models;),
        modules.collect(),
        declaration,
        quote!(impl<S> #owner<S> { #getters }),
        with_key.unwrap_or_default(),
    ])
}

fn getter(resource: &Resource<'_>, cfg: &TokenStream, is_current: bool) -> TokenStream {
    let (method, handle) = (&resource.name.method, &resource.name.handle);
    let scopes = if resource.takes_developer_key() {
        quote!(crate::DeveloperKey)
    } else {
        quote!(S)
    };
    let docs = docs([format!("Operations on `{}`.", resource.model.name).as_str()]);
    let client = if is_current {
        quote!(self)
    } else {
        quote!(&self.client)
    };
    quote! {
        #docs
        #cfg
        #[inline]
        pub fn #method(&self) -> #method::#handle<#scopes> {
            #method::#handle::new(#client)
        }
    }
}

/// The handle of an older version.
fn declaration(version: &Version<'_>) -> TokenStream {
    let (handle, module) = (&version.name.handle, &version.name.module);
    let docs = docs([format!("The operations of API version {}.", version.name.name).as_str()]);
    separated([
        quote! {
            #docs
            pub struct #handle<S> {
                client: Client<S>,
            }
        },
        quote!(crate::client::handle!(#handle);),
        quote! {
            impl<S> Client<S> {
                #docs
                #[inline]
                pub fn #module(&self) -> #handle<S> {
                    #handle::new(self)
                }
            }
        },
    ])
}
