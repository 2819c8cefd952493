//! The sets of optional parameters.
//!
//! In: the sets. Out: `requests.rs`: for each a marker type, and its setters on every request that has the marker.
//! Refuses nothing.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use quote::quote;

use super::gates::{Gate, version_cfg};
use super::resources::query_argument;
use super::text::{code, docs};
use super::{Context, File, ident};
use crate::model::{Endpoint, Parameter, ParameterSet, VersionName};
use crate::name::plain;

pub(super) fn file(context: Context<'_>) -> File<'_> {
    let title = "The optional parameters of operations, as setters on their requests.".to_owned();
    File::new("requests.rs".to_owned(), title, move || items(context))
}

/// A set, and where it is needed.
struct Set<'a> {
    ident: &'a str,
    setters: &'a [(String, Parameter)],
    endpoints: Vec<&'a Endpoint>,
    gate: Gate,
}

fn items(context: Context<'_>) -> TokenStream {
    let endpoints = context.model.operations.iter();
    let endpoints = endpoints.map(|endpoint| (endpoint.id.as_str(), endpoint));
    let endpoints = endpoints.collect::<BTreeMap<_, _>>();
    let mut by_module = BTreeMap::<&str, Vec<Set<'_>>>::new();
    for (name, set) in &context.names.parameter_sets {
        let set = Set::new(context, &name.ident, set, &endpoints);
        by_module.entry(&name.module).or_default().push(set);
    }
    let modules = context.names.versions.iter().filter_map(|version| {
        let sets = by_module.get(version.module.as_str())?;
        if version.name == context.config.apis.current {
            return Some(module(context, version, sets, &BTreeSet::new()));
        }
        let versions = sets.iter().flat_map(|set| set.gate.versions()).collect();
        let cfg = version_cfg(&versions);
        let name = ident(&version.module);
        let title = format!(
            "Those of API version {} that newer versions have not.",
            version.name
        );
        let docs = docs([title.as_str()]);
        let items = module(context, version, sets, &versions);
        Some(quote!(#docs #cfg pub mod #name { #items }))
    });
    modules.collect()
}

/// The sets that a version defines, within something that is compiled only with one of these features of versions.
fn module(
    context: Context<'_>,
    version: &VersionName,
    sets: &[Set<'_>],
    versions: &BTreeSet<String>,
) -> TokenStream {
    let items = sets.iter().map(|set| parameter_set(context, set, versions));
    let uses_models = |set: &&Set<'_>| {
        let mut setters = set.setters.iter();
        setters.any(|(_, parameter)| context.is_model(&parameter.ty))
    };
    let gates = sets.iter().filter(uses_models).map(|set| set.gate.clone());
    let models = gates.reduce(|one, other| one.or(&other)).map(|gate| {
        let (cfg, module) = (gate.cfg_within(versions), ident(&version.module));
        quote!(#cfg use crate::generated::models::#module as models;)
    });
    quote!(#models #(#items)*)
}

impl<'a> Set<'a> {
    fn new(
        context: Context<'a>,
        ident: &'a str,
        set: &'a ParameterSet,
        endpoints: &BTreeMap<&str, &'a Endpoint>,
    ) -> Self {
        let endpoints = set
            .operations
            .iter()
            .filter_map(|id| endpoints.get(id.as_str()).copied());
        let endpoints = endpoints.collect::<Vec<_>>();
        let needed_by = endpoints
            .iter()
            .map(|endpoint| (endpoint.version.as_str(), endpoint.resource.as_str()));
        let gate = Gate::of(needed_by, context.config);
        Self {
            ident,
            setters: &set.setters,
            endpoints,
            gate,
        }
    }
}

fn parameter_set(context: Context<'_>, set: &Set<'_>, versions: &BTreeSet<String>) -> TokenStream {
    let cfg = set.gate.cfg_within(versions);
    let calls = set.endpoints.iter().filter_map(|endpoint| {
        let method = &context.names.operations.get(&endpoint.id)?.method;
        let method = plain(method);
        Some(format!("`{}.{method}`", endpoint.resource))
    });
    let calls = calls
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect::<Vec<_>>()
        .join(", ");
    let docs = docs([format!("The optional parameters of {calls}.").as_str()]);
    let name = ident(set.ident);
    let setters = set
        .setters
        .iter()
        .map(|(setter, parameter)| self::setter(context, setter, parameter));
    quote! {
        #docs
        #cfg
        #[derive(Debug)]
        #[non_exhaustive]
        pub struct #name;

        #cfg
        impl<T> crate::Request<T, #name> {
            #(#setters)*
        }
    }
}

fn setter(context: Context<'_>, name: &str, parameter: &Parameter) -> TokenStream {
    let name = ident(name);
    let wire = &parameter.name;
    let fallback = format!("HubSpot's {}.", code(wire));
    let description = parameter.notes.description.as_deref().unwrap_or(&fallback);
    let default = parameter
        .default
        .as_ref()
        .map(|default| format!("Default: {}.", code(default)));
    let docs = docs([description].into_iter().chain(default.as_deref()));
    let (ty, setting) = query_argument(context, parameter, &quote!(#name));
    quote! {
        #docs
        #[inline]
        pub fn #name(self, #name: #ty) -> Self {
            self #setting
        }
    }
}
