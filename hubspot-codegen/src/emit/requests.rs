//! The sets of optional parameters: for each a marker type, and its setters on every request that has the marker.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;

use super::resources::query_argument;
use super::roots::Roots;
use super::text::{DEPRECATED, code, docs};
use super::{File, separated};
use crate::config::Home;
use crate::join::{Argument, Code, Set, Version, version_cfg};

/// The calls that the documentation of a set names.
const MAX_CALLS: usize = 8;

pub(super) fn file<'a>(code: &'a Code<'a>) -> File<'a> {
    let title = "The optional parameters of operations, as setters on their requests.";
    File::new("requests.rs", title, move || items(code))
}

fn items(code: &Code<'_>) -> TokenStream {
    let modules = code.versions.iter().map(|version| {
        let sets = code.sets.iter();
        let sets = sets.filter(|set| set.names.module == version.name.module);
        let sets = sets.collect::<Vec<_>>();
        if sets.is_empty() {
            return TokenStream::new();
        }
        if version.is_current {
            return module(version, &sets, &BTreeSet::new(), code.home);
        }
        let versions = sets.iter().flat_map(|set| set.gate.versions()).collect();
        let cfg = version_cfg(&versions);
        let (module_name, name) = (&version.name.module, &version.name.name);
        let is_older = code.versions.iter().any(|version| version.is_current);
        let rest = if is_older {
            " that newer versions lack"
        } else {
            ""
        };
        let docs = docs([format!("The optional parameters of API version {name}{rest}.").as_str()]);
        let items = module(version, &sets, &versions, code.home);
        quote!(#docs #cfg pub mod #module_name { #items })
    });
    separated(modules)
}

/// The sets that a version defines, within something that is compiled only with one of these features of versions.
fn module(
    version: &Version<'_>,
    sets: &[&Set<'_>],
    versions: &BTreeSet<String>,
    home: &Home,
) -> TokenStream {
    let uses_models = |set: &&&Set<'_>| {
        let mut setters = set.setters.iter();
        setters.any(|setter| setter.ty.generated().is_some())
    };
    let gates = sets.iter().filter(uses_models).map(|set| set.gate.clone());
    let models = gates.reduce(|one, other| one.or(&other)).map(|gate| {
        let (cfg, module) = (gate.cfg_within(versions), &version.name.module);
        let generated = Roots::of(home).generated();
        quote!(#cfg use #generated::models::#module as models;)
    });
    let items = sets.iter().map(|set| parameter_set(set, versions, home));
    separated(models.into_iter().chain(items))
}

fn parameter_set(set: &Set<'_>, versions: &BTreeSet<String>, home: &Home) -> TokenStream {
    let cfg = set.gate.cfg_within(versions);
    let shown = set.calls.iter().take(MAX_CALLS).map(String::as_str);
    let mut calls = shown.collect::<Vec<_>>().join(", ");
    if let Some(others) = set.calls.len().checked_sub(MAX_CALLS + 1) {
        calls = format!("{calls} and {} others", others + 1);
    }
    let docs = docs([format!("The optional parameters of {calls}.").as_str()]);
    let name = &set.names.ident;
    let roots = Roots::of(home);
    let setters = match home {
        Home::Client => inherent(set, &cfg, roots),
        Home::Module(_) => extension(set, &docs, roots),
    };
    separated([
        quote! {
            #docs
            #cfg
            #[derive(Debug)]
            #[non_exhaustive]
            pub struct #name;
        },
        setters,
    ])
}

/// The setters as methods of the requests.
fn inherent(set: &Set<'_>, cfg: &TokenStream, roots: Roots<'_>) -> TokenStream {
    let (name, runtime) = (&set.names.ident, roots.runtime());
    let setters = separated(set.setters.iter().map(|setter| {
        let (docs, signature, body) = parts(setter, roots);
        quote!(#docs pub #signature { #body })
    }));
    quote! {
        #cfg
        impl<T> #runtime::Request<T, #name> { #setters }
    }
}

/// The setters as methods of a trait that the requests implement.
fn extension(set: &Set<'_>, of_set: &TokenStream, roots: Roots<'_>) -> TokenStream {
    let runtime = roots.runtime();
    let (name, extension) = (&set.names.ident, &set.extension);
    let setters = || set.setters.iter().map(|setter| parts(setter, roots));
    let declared = setters().map(|(docs, signature, _)| quote!(#docs #signature;));
    let declared = separated(declared);
    let defined = setters().map(|(_, signature, body)| quote!(#signature { #body }));
    let defined = separated(defined);
    separated([
        quote! {
            #of_set
            pub trait #extension: Sized { #declared }
        },
        quote! {
            impl<T> #extension for #runtime::Request<T, #name> { #defined }
        },
    ])
}

/// The documentation, the signature and the body of a setter.
fn parts(setter: &Argument<'_>, roots: Roots<'_>) -> (TokenStream, TokenStream, TokenStream) {
    let (name, parameter) = (setter.ident, setter.parameter);
    let fallback = format!("HubSpot's {}.", code(&parameter.name));
    let description = parameter.notes.description.as_deref().unwrap_or(&fallback);
    let default = parameter
        .default
        .as_ref()
        .map(|default| format!("Default: {}.", code(default)));
    let advice = parameter.deprecated.then_some(DEPRECATED);
    let docs = docs(
        [description]
            .into_iter()
            .chain(default.as_deref())
            .chain(advice),
    );
    let (ty, setting) = query_argument(setter, roots);
    let signature = quote!(fn #name(self, #name: #ty) -> Self);
    (docs, signature, quote!(self #setting))
}
