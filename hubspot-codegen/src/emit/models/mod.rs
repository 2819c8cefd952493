//! The types: for each version a module that defines the types that are its own and re-exports those that newer versions
//! define.

mod object;
mod traits;
mod union;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use proc_macro2::TokenStream;
use quote::quote;

use super::roots::Roots;
use super::text::{aliases, code, docs};
use super::{File, separated};
use crate::join::{Code, Form, Gate, Type, TypeOf, Version, version_cfg};
use crate::model::{self, Identifier};

/// The types of one file, in the order of their names.
#[derive(Default)]
struct Group<'a> {
    types: Vec<&'a Type<'a>>,
    gate: Gate,
}

/// The files by module and name.
type Groups<'a> = BTreeMap<(&'a Identifier, &'a Identifier), Group<'a>>;

pub(super) fn files<'a>(code: &'a Code<'a>) -> Vec<File<'a>> {
    let groups = Arc::new(groups(code));
    let mut files = Vec::new();
    let of_root = Arc::clone(&groups);
    let of_types = "The types: each once, in the newest version that has it.";
    files.push(File::new("models/mod.rs", of_types, move || {
        root(code, &of_root)
    }));
    for version in &code.versions {
        let groups = Arc::clone(&groups);
        let title = format!("The types of API version {}.", version.name.name);
        let path = format!("models/{}/mod.rs", version.name.module.plain());
        files.push(File::new(path, title, move || {
            module(code, version, &groups)
        }));
    }
    for (&(module, name), group) in groups.iter() {
        let path = format!("models/{}/{}.rs", module.plain(), name.plain());
        let title = title(group);
        let groups = Arc::clone(&groups);
        files.push(File::new(path, title, move || {
            file(&groups[&(module, name)], Roots::of(code.home))
        }));
    }
    files
}

fn groups<'a>(code: &'a Code<'a>) -> Groups<'a> {
    let mut groups = Groups::new();
    for ty in &code.types {
        let key = (&ty.name.module, &ty.name.file);
        let group = groups.entry(key).or_default();
        group.gate = std::mem::take(&mut group.gate).or(&ty.gate);
        group.types.push(ty);
    }
    for group in groups.values_mut() {
        group.types.sort_by_key(|ty| &ty.name.ident);
    }
    groups
}

fn title(group: &Group<'_>) -> String {
    let resources = group.types.iter().flat_map(|ty| &ty.resources);
    let resources = resources.collect::<BTreeSet<_>>().into_iter();
    let resources = resources.map(|resource| format!("`{resource}`"));
    format!("Types of {}.", resources.collect::<Vec<_>>().join(", "))
}

/// The features of versions with any of which a version's module is compiled.
fn module_versions(version: &Version<'_>, groups: &Groups<'_>) -> BTreeSet<String> {
    let Some(own) = version.feature else {
        return BTreeSet::new();
    };
    let groups = groups
        .iter()
        .filter(|((module, _), _)| **module == version.name.module);
    groups
        .flat_map(|(_, group)| group.gate.versions())
        .chain([own.clone()])
        .collect()
}

fn root(code: &Code<'_>, groups: &Groups<'_>) -> TokenStream {
    let modules = code.versions.iter().map(|version| {
        let cfg = version_cfg(&module_versions(version, groups));
        let module = &version.name.module;
        quote!(#cfg pub mod #module;)
    });
    modules.collect()
}

fn module(code: &Code<'_>, version: &Version<'_>, groups: &Groups<'_>) -> TokenStream {
    let versions = module_versions(version, groups);
    let own = groups
        .iter()
        .filter(|((module, _), _)| **module == version.name.module);
    let (modules, uses): (TokenStream, TokenStream) = own
        .map(|((_, file), group)| {
            let cfg = group.gate.cfg_within(&versions);
            (
                quote!(#cfg mod #file;),
                quote!(#cfg pub use self::#file::*;),
            )
        })
        .unzip();

    let mut shared = BTreeMap::<(&Identifier, &Gate), BTreeSet<&Identifier>>::new();
    for ty in &code.types {
        if let Some(gate) = ty.gates.get(version.name.name.as_str())
            && ty.name.module != version.name.module
        {
            let names = shared.entry((&ty.name.module, gate)).or_default();
            names.insert(&ty.name.ident);
        }
    }
    let shared = shared.into_iter().map(|((module, gate), names)| {
        let cfg = gate.cfg_within(&versions);
        let names = names.into_iter();
        quote!(#cfg pub use super::#module::{#(#names),*};)
    });
    separated([modules, quote!(#uses #(#shared)*)])
}

fn file(group: &Group<'_>, roots: Roots<'_>) -> TokenStream {
    let types = group.types.iter().flat_map(|ty| {
        let cfg = ty.gate.cfg_unless(&group.gate);
        let items = match &ty.form {
            Form::Object(members) => object::object(ty, members, &cfg, roots),
            Form::Enum(values) => enumeration(ty, values, &cfg, roots),
            Form::Union(variants) => union::union(ty, variants, &cfg, roots),
        };
        let page = ty
            .page
            .iter()
            .map(|page| traits::page(ty, page, &cfg, roots));
        let batch = ty
            .batch
            .iter()
            .map(|batch| traits::batch(ty, batch, &cfg, roots));
        items
            .into_iter()
            .chain(page)
            .chain(batch)
            .collect::<Vec<_>>()
    });
    separated([imports(group, roots)].into_iter().chain(types))
}

/// Where an import comes from, what comes from afar first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Source<'a> {
    Std,
    SerdeJson,
    Upload,
    Values,
    /// Another file of the same module.
    Module,
    /// The module of another version.
    Version(&'a Identifier),
}

impl Source<'_> {
    fn path(self, roots: Roots<'_>) -> TokenStream {
        let runtime = roots.runtime();
        match self {
            Self::Std => quote!(std::collections),
            Self::SerdeJson => roots.serde_json(),
            Self::Upload => quote!(#runtime::upload),
            Self::Values => quote!(#runtime::values),
            Self::Module => quote!(super),
            Self::Version(module) => quote!(super::super::#module),
        }
    }
}

/// What the types of a file mention and do not define.
fn imports(group: &Group<'_>, roots: Roots<'_>) -> TokenStream {
    let mut needed = BTreeMap::<(Source<'_>, Identifier), Gate>::new();
    for ty in &group.types {
        for import in imports_of(ty) {
            let gate = needed.entry(import).or_default();
            *gate = std::mem::take(gate).or(&ty.gate);
        }
    }
    let mut uses = BTreeMap::<(Source<'_>, Gate), Vec<Identifier>>::new();
    for ((source, name), gate) in needed {
        uses.entry((source, gate)).or_default().push(name);
    }
    let uses = uses.into_iter().map(|((source, gate), names)| {
        let (cfg, path) = (gate.cfg_unless(&group.gate), source.path(roots));
        quote!(#cfg use #path::{#(#names),*};)
    });
    uses.collect()
}

/// What a type mentions and its file does not define.
fn imports_of<'a>(of: &'a Type<'a>) -> BTreeSet<(Source<'a>, Identifier)> {
    let mut imports = BTreeSet::new();
    let (members, variants) = match &of.form {
        Form::Object(members) => (&members[..], &[][..]),
        Form::Union(variants) => (&[][..], &variants[..]),
        Form::Enum(_) => return imports,
    };
    let mut import = |source, name: &str| {
        imports.insert((source, Identifier::new(name.to_owned())));
    };
    let mut named = Vec::new();
    if !variants.is_empty() {
        import(Source::SerdeJson, "Value");
        named.extend(variants.iter().map(|variant| &variant.ty));
    }
    for member in members {
        if member.is_secret {
            import(Source::Values, "Secret");
        }
        if member.field.is_properties() {
            import(Source::Values, "Properties");
            continue;
        }
        let mut ty = &member.ty;
        while let TypeOf::Array(inner) | TypeOf::Map { value: inner, .. } = ty {
            if matches!(ty, TypeOf::Map { .. }) {
                import(Source::Std, "BTreeMap");
            }
            ty = inner;
        }
        match ty {
            model::Type::DateTime => import(Source::Values, "DateTime"),
            model::Type::Any => import(Source::SerdeJson, "Value"),
            model::Type::Binary => import(Source::Upload, "Upload"),
            _ => {}
        }
        named.push(ty);
    }
    for ty in named {
        if let Some(name) = ty.generated() {
            let is_own = name.module == of.name.module;
            if !is_own {
                import(Source::Version(&name.module), name.ident.plain());
            } else if name.file != of.name.file {
                import(Source::Module, name.ident.plain());
            }
        }
    }
    imports
}

fn enumeration(
    of: &Type<'_>,
    values: &[(&Identifier, &String)],
    cfg: &TokenStream,
    roots: Roots<'_>,
) -> Vec<TokenStream> {
    let name = &of.name.ident;
    let string_enum = roots.of_models("values", "string_enum");
    let of_type = type_docs(of);
    let variants = values.iter().map(|(variant, value)| {
        let shown = value_docs(value).map(|shown| quote!(as #shown));
        quote!(#variant = #value #shown)
    });
    vec![quote!(#cfg #string_enum!(#of_type #name; #(#variants),*);)]
}

/// What the documentation says of a value that is not code as it is.
fn value_docs(value: &str) -> Option<String> {
    if value.is_empty() {
        return Some("The empty text.".to_owned());
    }
    let shown = code(value);
    (shown != format!("`{value}`")).then_some(shown)
}

/// The description and HubSpot's names.
fn type_docs(of: &Type<'_>) -> TokenStream {
    let names = of.definition.hubspot_names.iter().map(String::as_str);
    let names = names.filter(|name| !name.contains('/'));
    let fallback = match of.form {
        Form::Enum(_) => "One of a list of values.",
        Form::Object(_) => "An object of HubSpot's API.",
        Form::Union(_) => "One of several objects.",
    };
    let docs = docs([of.definition.description.as_deref().unwrap_or(fallback)]);
    let aliases = aliases(names, &of.name.ident);
    quote!(#docs #aliases)
}
