//! The modules, and how a client gives its handles.
//!
//! In: the versions and resources. Out: `mod.rs` of the generated code and of each version. Refuses nothing.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;

use super::gates::{Gate, version_cfg};
use super::text::docs;
use super::{Context, File, ident};
use crate::model::{Resource, ResourceName, VersionName};

pub(super) fn files(context: Context<'_>) -> Vec<File<'_>> {
    let title = "The operations, their types and their scopes.".to_owned();
    let mut files = vec![File::new("mod.rs".to_owned(), title, move || root(context))];
    for version in &context.names.versions {
        let title = format!("API version {}.", version.name);
        files.push(File::new(
            format!("{}/mod.rs", version.module),
            title,
            move || items(context, version),
        ));
    }
    files
}

fn root(context: Context<'_>) -> TokenStream {
    let versions = context.names.versions.iter().map(|version| {
        let cfg = version_cfg(&features(context, version));
        let module = ident(&version.module);
        quote!(#cfg pub mod #module;)
    });
    quote! {
        #[allow(unreachable_pub, reason = "an older version's types are public with its feature only")]
        mod models;
        pub mod operations;
        pub mod requests;
        pub(crate) mod scopes;
        #(#versions)*
    }
}

fn features(context: Context<'_>, version: &VersionName) -> BTreeSet<String> {
    let version = context.config.apis.version(&version.name);
    version
        .and_then(|version| version.feature.clone())
        .into_iter()
        .collect()
}

fn items(context: Context<'_>, version: &VersionName) -> TokenStream {
    let module = ident(&version.module);
    let resources = context
        .resources()
        .filter(|(resource, _)| resource.version == version.name)
        .collect::<Vec<_>>();
    let versions = features(context, version);
    let cfg = |resource: &Resource| {
        Gate::of(
            [(resource.version.as_str(), resource.name.as_str())],
            context.config,
        )
        .cfg_within(&versions)
    };
    let modules = resources.iter().map(|(resource, name)| {
        let (cfg, file) = (cfg(resource), ident(&name.method));
        quote!(#cfg pub mod #file;)
    });
    let is_current = version.name == context.config.apis.current;
    let client = if is_current {
        quote!(self)
    } else {
        quote!(&self.client)
    };
    let methods = resources.iter().map(|(resource, name)| {
        let cfg = cfg(resource);
        getter(resource, name, &cfg, &client)
    });
    let handle = ident(&version.handle);
    let owner = if is_current {
        quote!(Client)
    } else {
        quote!(#handle)
    };
    let declaration = (!is_current).then(|| declaration(version));
    quote! {
        use crate::client::Client;
        pub use super::models::#module as models;

        #(#modules)*

        #declaration

        impl<S> #owner<S> { #(#methods)* }
    }
}

fn getter(
    resource: &Resource,
    name: &ResourceName,
    cfg: &TokenStream,
    client: &TokenStream,
) -> TokenStream {
    let (method, handle) = (ident(&name.method), ident(&name.handle));
    let docs = docs([format!("The calls of `{}`.", resource.name).as_str()]);
    quote! {
        #docs
        #cfg
        #[inline]
        pub fn #method(&self) -> #method::#handle<S> {
            #method::#handle::new(#client)
        }
    }
}

/// The handle of an older version.
fn declaration(version: &VersionName) -> TokenStream {
    let (handle, module) = (ident(&version.handle), ident(&version.module));
    let docs = docs([format!("The calls of API version {}.", version.name).as_str()]);
    quote! {
        #docs
        pub struct #handle<S> {
            client: Client<S>,
        }

        crate::client::handle!(#handle);

        impl<S> Client<S> {
            #docs
            #[inline]
            pub fn #module(&self) -> #handle<S> {
                #handle::new(self)
            }
        }
    }
}
