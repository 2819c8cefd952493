//! The types.
//!
//! In: types with names and analysis. Out: for each version a module that defines the types that are its own and
//! re-exports those that newer versions define. Refuses nothing.

mod object;
mod traits;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use proc_macro2::TokenStream;
use quote::quote;

use self::traits::Traits;
use super::gates::{Gate, version_cfg};
use super::text::{aliases, code, docs};
use super::{Context, File, ident};
use crate::model::{Shape, Type, TypeDefinition, TypeId, TypeName, VersionName};

/// A type to emit.
struct Item<'a> {
    id: &'a TypeId,
    definition: &'a TypeDefinition,
    name: &'a TypeName,
    gate: Gate,
}

/// The types of one file, in the order of their names.
#[derive(Default)]
struct Group<'a> {
    items: Vec<Item<'a>>,
    gate: Gate,
}

/// The files by module and name.
type Groups<'a> = BTreeMap<(&'a str, &'a str), Group<'a>>;

pub(super) fn files(context: Context<'_>) -> Vec<File<'_>> {
    let groups = Arc::new(groups(context));
    let traits = Arc::new(Traits::of(context));
    let mut files = Vec::new();
    let of_root = Arc::clone(&groups);
    let of_types = "The types: each once, in the newest version that has it.".to_owned();
    files.push(File::new("models/mod.rs".to_owned(), of_types, move || {
        root(context, &of_root)
    }));
    for version in &context.names.versions {
        let groups = Arc::clone(&groups);
        let title = format!("The types of API version {}.", version.name);
        let path = format!("models/{}/mod.rs", version.module);
        files.push(File::new(path, title, move || {
            module(context, version, &groups)
        }));
    }
    for &(module, name) in groups.keys() {
        let path = format!("models/{module}/{name}.rs");
        let title = title(context, &groups[&(module, name)]);
        let (groups, traits) = (Arc::clone(&groups), Arc::clone(&traits));
        files.push(File::new(path, title, move || {
            file(context, &groups[&(module, name)], &traits)
        }));
    }
    files
}

fn groups(context: Context<'_>) -> Groups<'_> {
    let mut groups = Groups::new();
    for (id, definition) in &context.model.types {
        let (Some((_, name)), Some(needed_by)) =
            (context.named(id), context.analysis.gates.get(id))
        else {
            continue;
        };
        if definition.version.is_none() {
            continue;
        }
        let needed_by = needed_by
            .iter()
            .map(|(version, resource)| (version.as_str(), resource.as_str()));
        let gate = Gate::of(needed_by, context.config);
        let group = groups
            .entry((name.module.as_str(), name.file.as_str()))
            .or_default();
        group.gate = std::mem::take(&mut group.gate).or(&gate);
        group.items.push(Item {
            id,
            definition,
            name,
            gate,
        });
    }
    for group in groups.values_mut() {
        group
            .items
            .sort_by(|one, other| one.name.ident.cmp(&other.name.ident));
    }
    groups
}

fn title(context: Context<'_>, group: &Group<'_>) -> String {
    let gates = group
        .items
        .iter()
        .filter_map(|item| context.analysis.gates.get(item.id))
        .flatten();
    let resources = gates
        .map(|(_, resource)| format!("`{resource}`"))
        .collect::<BTreeSet<_>>();
    let resources = resources.into_iter().collect::<Vec<_>>();
    format!("Types of {}.", resources.join(", "))
}

/// The features of versions with any of which a version's module is compiled.
fn module_versions(
    version: &VersionName,
    groups: &Groups<'_>,
    context: Context<'_>,
) -> BTreeSet<String> {
    let own = context
        .config
        .apis
        .version(&version.name)
        .and_then(|version| version.feature.clone());
    let Some(own) = own else {
        return BTreeSet::new();
    };
    let groups = groups
        .iter()
        .filter(|((module, _), _)| *module == version.module);
    groups
        .flat_map(|(_, group)| group.gate.versions())
        .chain([own])
        .collect()
}

fn root(context: Context<'_>, groups: &Groups<'_>) -> TokenStream {
    let modules = context.names.versions.iter().map(|version| {
        let cfg = version_cfg(&module_versions(version, groups, context));
        let module = ident(&version.module);
        quote!(#cfg pub mod #module;)
    });
    modules.collect()
}

fn module(context: Context<'_>, version: &VersionName, groups: &Groups<'_>) -> TokenStream {
    let versions = module_versions(version, groups, context);
    let own = groups
        .iter()
        .filter(|((module, _), _)| *module == version.module);
    let (modules, uses): (Vec<_>, Vec<_>) = own
        .map(|((_, file), group)| {
            let cfg = group.gate.cfg_within(&versions);
            let file = ident(file);
            (
                quote!(#cfg mod #file;),
                quote!(#cfg pub use self::#file::*;),
            )
        })
        .unzip();

    let mut shared = BTreeMap::<(&str, Gate), BTreeSet<&str>>::new();
    for (id, needed_by) in &context.analysis.gates {
        let Some((definition, name)) = context.named(id) else {
            continue;
        };
        let here = needed_by
            .iter()
            .filter(|(needing, _)| *needing == version.name)
            .collect::<Vec<_>>();
        if definition.version.is_some() && name.module != version.module && !here.is_empty() {
            let here = here
                .into_iter()
                .map(|(version, resource)| (version.as_str(), resource.as_str()));
            let gate = Gate::of(here, context.config);
            shared
                .entry((&name.module, gate))
                .or_default()
                .insert(&name.ident);
        }
    }
    let shared = shared.into_iter().map(|((module, gate), names)| {
        let cfg = gate.cfg_within(&versions);
        let module = ident(module);
        let names = names.into_iter().map(ident);
        quote!(#cfg pub use super::#module::{#(#names),*};)
    });
    quote!(#(#modules)* #(#uses)* #(#shared)*)
}

fn file(context: Context<'_>, group: &Group<'_>, traits: &Traits) -> TokenStream {
    let imports = imports(context, group);
    let items = group.items.iter().map(|item| {
        let cfg = item.gate.cfg_unless(&group.gate);
        match &item.definition.shape {
            Shape::Object(fields) => {
                let traits = traits.implementations(context, item, &cfg);
                let object = object::object(context, item, fields, &cfg);
                quote!(#object #traits)
            }
            Shape::Enum(values) => enumeration(item, values, &cfg),
            Shape::Alias(_) => TokenStream::new(),
        }
    });
    quote!(#imports #(#items)*)
}

/// What the types of a file mention and do not define.
fn imports(context: Context<'_>, group: &Group<'_>) -> TokenStream {
    let mut needed = BTreeMap::<(String, String), Gate>::new();
    for item in &group.items {
        for import in item_imports(context, item) {
            let gate = needed.entry(import).or_default();
            *gate = std::mem::take(gate).or(&item.gate);
        }
    }
    let mut uses = BTreeMap::<(usize, String, Gate), Vec<String>>::new();
    for ((path, name), gate) in needed {
        // What comes from afar stands first.
        let order = ["std", "serde_json", "crate"]
            .iter()
            .position(|root| path.starts_with(root))
            .unwrap_or(usize::MAX);
        uses.entry((order, path, gate)).or_default().push(name);
    }
    let uses = uses.into_iter().map(|((_, path, gate), names)| {
        let cfg = gate.cfg_unless(&group.gate);
        let path = path.parse::<TokenStream>().unwrap_or_default();
        let names = names.iter().map(|name| ident(name));
        quote!(#cfg use #path::{#(#names),*};)
    });
    uses.collect()
}

/// Path and name of each type that an item mentions and its file does not define.
fn item_imports(context: Context<'_>, item: &Item<'_>) -> BTreeSet<(String, String)> {
    let mut imports = BTreeSet::new();
    let values = |name: &str| ("crate::values".to_owned(), name.to_owned());
    for field in item.definition.fields() {
        if context.is_secret(field, item.definition) {
            imports.insert(values("Secret"));
        }
        if field.is_properties() {
            imports.insert(values("Properties"));
            continue;
        }
        let mut ty = &field.ty;
        while let Type::Array(inner) | Type::Map { value: inner, .. } = ty {
            if matches!(ty, Type::Map { .. }) {
                imports.insert(("std::collections".to_owned(), "BTreeMap".to_owned()));
            }
            ty = inner;
        }
        match ty {
            Type::DateTime => {
                imports.insert(values("DateTime"));
            }
            Type::Any => {
                imports.insert(("serde_json".to_owned(), "Value".to_owned()));
            }
            Type::Named(id) => {
                let Some((definition, name)) = context.named(id) else {
                    continue;
                };
                let own = name.module == item.name.module;
                if definition.version.is_some() && !(own && name.file == item.name.file) {
                    let path = if own {
                        "super".to_owned()
                    } else {
                        format!("super::super::{}", name.module)
                    };
                    imports.insert((path, name.ident.clone()));
                }
            }
            _ => {}
        }
    }
    imports
}

fn enumeration(item: &Item<'_>, values: &[String], cfg: &TokenStream) -> TokenStream {
    let name = ident(&item.name.ident);
    let of_type = type_docs(item);
    let variants = values
        .iter()
        .filter_map(|value| Some((ident(item.name.members.get(value)?), value)));
    let variants = variants.collect::<Vec<_>>();
    let declared = variants.iter().map(|(variant, value)| {
        let docs = docs([value_docs(value).as_str()]);
        quote!(#docs #variant)
    });
    let texts = variants
        .iter()
        .map(|(variant, value)| quote!(Self::#variant => #value));
    let names = variants.iter().map(|(variant, _)| variant);
    quote! {
        #of_type
        #cfg
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum #name {
            #(#declared,)*
            /// A value that no other variant stands for.
            Other(String),
        }
        #cfg
        impl #name {
            /// The value as HubSpot spells it.
            pub fn as_str(&self) -> &str {
                match self {
                    #(#texts,)*
                    Self::Other(value) => value,
                }
            }
        }

        #cfg
        crate::values::string_enum!(#name; #(#names)*);
    }
}

/// A value as it is written in a doc comment.
fn value_docs(value: &str) -> String {
    if value.is_empty() {
        "The empty text.".to_owned()
    } else {
        code(value)
    }
}

/// The description and HubSpot's names.
fn type_docs(item: &Item<'_>) -> TokenStream {
    let names = item
        .definition
        .hubspot_names
        .iter()
        .map(String::as_str)
        .filter(|name| !name.contains('/'));
    let fallback = match &item.definition.shape {
        Shape::Enum(_) => "One of a list of values.",
        _ => "An object of HubSpot's API.",
    };
    let docs = docs([item.definition.description.as_deref().unwrap_or(fallback)]);
    let aliases = aliases(names, &item.name.ident);
    quote!(#docs #aliases)
}
