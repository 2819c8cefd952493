//! The modules, and how a client gives its handles: `mod.rs` of the generated code and of each version.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use quote::quote;

use super::roots::Roots;
use super::text::docs;
use super::{File, module, separated};
use crate::config::Home;
use crate::join::{Code, Gate, Resource, Version, version_cfg};
use crate::model::AreaName;

pub(super) fn files<'a>(code: &'a Code<'a>) -> Vec<File<'a>> {
    let title = "The operations, their types and their scopes.";
    let mut files = vec![File::new("mod.rs", title, move || root(code))];
    for version in &code.versions {
        let path = format!("{}/mod.rs", version.name.module.plain());
        let title = format!("API version {}.", version.name.name);
        files.push(File::new(path, title, move || items(version, code.home)));
    }
    files
}

fn root(code: &Code<'_>) -> TokenStream {
    if let Home::Module(of) = code.home {
        return module::root_items(code, of);
    }
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

/// What the code of a version depends on.
#[derive(Clone, Copy)]
struct VersionContext<'a> {
    /// It is compiled only with one of these features of versions.
    versions: &'a BTreeSet<String>,
    roots: Roots<'a>,
}

/// The feature that a version needs.
fn features(version: &Version<'_>) -> BTreeSet<String> {
    version.feature.cloned().into_iter().collect()
}

fn items(version: &Version<'_>, home: &Home) -> TokenStream {
    let (module, handle) = (&version.name.module, &version.name.handle);
    let versions = features(version);
    let roots = Roots::of(home);
    let within = VersionContext {
        versions: &versions,
        roots,
    };
    let runtime = roots.runtime();
    let modules = version.resources.iter().map(|resource| {
        let (cfg, file) = (resource.gate.cfg_within(&versions), &resource.name.file);
        quote!(#cfg pub mod #file;)
    });
    let owner = if version.is_current {
        quote!(Client)
    } else {
        quote!(#handle)
    };
    let top = version.resources.iter();
    let top = top.filter(|resource| resource.name.area.is_none());
    let client = if version.is_current {
        quote!(self)
    } else {
        quote!(&self.client)
    };
    let areas = areas(version);
    let of_areas = areas.iter().map(|(name, resources)| {
        let gate = gate(resources);
        area(name, resources, &gate.cfg_within(&versions), within)
    });
    let getters_of_areas = areas.iter().map(|(name, resources)| {
        let cfg = gate(resources).cfg_within(&versions);
        getter_of_area(name, &cfg, &client)
    });
    let getters = getters(
        (&owner, &TokenStream::new()),
        top,
        &client,
        within,
        getters_of_areas.collect(),
    );
    let declaration = if version.is_current {
        TokenStream::new()
    } else {
        declaration(version, home)
    };
    separated([
        quote!(
            use #runtime::client::Client;
        ),
        quote!(pub use super::models::#module as models;),
        modules.collect(),
        declaration,
        getters,
        separated(of_areas),
    ])
}

/// The resources of each area.
fn areas<'v>(version: &'v Version<'_>) -> BTreeMap<&'v AreaName, Vec<&'v Resource<'v>>> {
    let mut areas = BTreeMap::<_, Vec<_>>::new();
    for resource in &version.resources {
        if let Some(area) = &resource.name.area {
            areas.entry(area).or_default().push(resource);
        }
    }
    areas
}

/// When an area has anything.
fn gate(resources: &[&Resource<'_>]) -> Gate {
    let gates = resources.iter().map(|resource| &resource.gate);
    gates.fold(Gate::default(), Gate::or)
}

/// The method that gives the handle of an area.
fn getter_of_area(name: &AreaName, cfg: &TokenStream, client: &TokenStream) -> TokenStream {
    let (method, handle) = (&name.method, &name.handle);
    let docs = docs([area_docs(name).as_str()]);
    quote! {
        #docs
        #cfg
        #[inline]
        pub fn #method(&self) -> #handle<S> {
            #handle::new(#client)
        }
    }
}

fn area_docs(name: &AreaName) -> String {
    format!("The APIs of the area `{}`.", name.method.plain())
}

/// The handle of an area, whose methods give the handles of its APIs.
fn area(
    name: &AreaName,
    resources: &[&Resource<'_>],
    cfg: &TokenStream,
    within: VersionContext<'_>,
) -> TokenStream {
    let (handle, runtime) = (&name.handle, within.roots.runtime());
    let docs = docs([area_docs(name).as_str()]);
    let client = quote!(&self.client);
    let getters = getters(
        (&quote!(#handle), cfg),
        resources.iter().copied(),
        &client,
        within,
        Vec::new(),
    );
    separated([
        quote! {
            #docs
            #cfg
            pub struct #handle<S> {
                client: Client<S>,
            }
        },
        quote!(#cfg #runtime::client::handle!(#handle);),
        getters,
    ])
}

/// The methods of a client, of a version or of an area that give handles; `more` come after them.
fn getters<'r>(
    (owner, cfg): (&TokenStream, &TokenStream),
    resources: impl Iterator<Item = &'r Resource<'r>>,
    client: &TokenStream,
    within: VersionContext<'_>,
    more: Vec<TokenStream>,
) -> TokenStream {
    let (with_key, with_token): (Vec<_>, Vec<_>) =
        resources.partition(|resource| resource.takes_developer_key());
    let all = |resources: Vec<&Resource<'_>>| {
        let all = resources
            .into_iter()
            .map(|resource| getter(resource, client, within));
        all.collect::<Vec<_>>()
    };
    let (with_key, with_token) = (
        all(with_key),
        separated(all(with_token).into_iter().chain(more)),
    );
    let with_key = separated(with_key);
    let runtime = within.roots.runtime();
    let with_token =
        (!with_token.is_empty()).then(|| quote!(#cfg impl<S> #owner<S> { #with_token }));
    let with_key = (!with_key.is_empty())
        .then(|| quote!(#cfg impl #owner<#runtime::DeveloperKey> { #with_key }));
    separated([with_token.unwrap_or_default(), with_key.unwrap_or_default()])
}

fn getter(
    resource: &Resource<'_>,
    client: &TokenStream,
    within: VersionContext<'_>,
) -> TokenStream {
    let cfg = resource.gate.cfg_within(within.versions);
    let (method, file, handle) = (
        &resource.name.method,
        &resource.name.file,
        &resource.name.handle,
    );
    let scopes = if resource.takes_developer_key() {
        let runtime = within.roots.runtime();
        quote!(#runtime::DeveloperKey)
    } else {
        quote!(S)
    };
    let docs = docs([format!("Operations on `{}`.", resource.model.name).as_str()]);
    let argument = resource.handle_argument();
    let argument = argument.as_slice();
    quote! {
        #docs
        #cfg
        #[inline]
        pub fn #method(&self #(, #argument: impl Into<String>)*) -> #file::#handle<#scopes> {
            #file::#handle::new(#client #(, #argument.into())*)
        }
    }
}

/// The handle of an older version.
fn declaration(version: &Version<'_>, home: &Home) -> TokenStream {
    let (handle, module) = (&version.name.handle, &version.name.module);
    let docs = docs([format!("The operations of API version {}.", version.name.name).as_str()]);
    let runtime = Roots::of(home).runtime();
    let client_method = match home {
        Home::Module(_) => module::client_extension(version, &docs),
        Home::Client => quote! {
            impl<S> Client<S> {
                #docs
                #[inline]
                pub fn #module(&self) -> #handle<S> {
                    #handle::new(self)
                }
            }
        },
    };
    separated([
        quote! {
            #docs
            pub struct #handle<S> {
                client: Client<S>,
            }
        },
        quote!(#runtime::client::handle!(#handle);),
        client_method,
    ])
}
