//! The client's types that stand for `HubSpot`'s object types, with the scopes and the operations of each.

use std::fmt::Display;

use heck::{ToShoutySnakeCase as _, ToUpperCamelCase as _};
use hubspot_scopes::{Requirement, trait_names};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::{Alternative, ObjectType, ObjectTypes, any_of};
use crate::Output;
use crate::config::Home;
use crate::emit::{File, separated};
use crate::error::{Error, Errors, Problem};
use crate::model::Place;
use crate::render::render;

/// The operations that the generic handle has. Object types that lack one of them have no type here.
const OPERATIONS: [&str; 11] = [
    "list",
    "get",
    "search",
    "create",
    "update",
    "archive",
    "batch_read",
    "batch_create",
    "batch_update",
    "batch_upsert",
    "batch_archive",
];

impl ObjectTypes {
    /// Generates the client's types that stand for `HubSpot`'s object types.
    ///
    /// # Errors
    ///
    /// Fails if a scope makes no identifier, and if the generated code cannot be parsed.
    pub fn generate_markers(&self) -> Result<Output, Errors> {
        let title = "HubSpot's object types, as types for `Client::objects_of`.";
        let marked = marked(&self.types).map(|ty| Ok((ty, traits(ty)?)));
        let marked = marked.collect::<Result<Vec<_>, Error>>()?;
        let items = || separated(marked.iter().map(|(ty, traits)| item(ty, traits)));
        let file = File::new("object_types.rs", title, items);
        render(&[file], &Home::Client)
    }
}

/// The published types that have every operation of the handle.
fn marked(types: &[ObjectType]) -> impl Iterator<Item = &ObjectType> {
    let types = types.iter().filter(|ty| ty.published.is_some());
    types.filter(|ty| {
        let lacks = ty.lacks();
        !OPERATIONS.iter().any(|operation| lacks.contains(operation))
    })
}

/// The traits of the scopes that reading and writing need.
type Traits = [Vec<String>; 2];

fn item(ty: &ObjectType, traits: &Traits) -> TokenStream {
    let (resource, path) = (ty.resource(), &ty.path);
    let feature = resource.replace('_', "-");
    let name = format_ident!("{}", resource.to_upper_camel_case());
    let [read, write] = [&ty.scopes.read, &ty.scopes.write].map(|scopes| any_of(scopes));
    let note = format!("hubspot-scopes-object-type: {resource} {read} writes {write}");
    let operations = OPERATIONS.map(|operation| format!("{resource}_{operation}"));
    let operations = operations.map(|name| format_ident!("{}", name.to_shouty_snake_case()));
    let access = ["Readable", "Writable"].iter().zip(traits);
    let access = access.map(|(access, traits)| {
        let access = format_ident!("{access}");
        let traits = traits.iter().map(|name| format_ident!("{name}"));
        quote! {
            #[cfg(feature = #feature)]
            impl<S> crate::#access<S> for #name
            where
                #(S: crate::scopes::grants::#traits,)*
            {}
        }
    });
    let docs = format!(" The object type `{path}`.");
    // As an item of its own, which the compiler names with its feature where that is off.
    quote! {
        #[doc = #docs]
        #[cfg(feature = #feature)]
        #[cfg_attr(feature = "scope-audit", deprecated(note = #note))]
        #[derive(Debug, Clone, Copy)]
        pub enum #name {}
        #[cfg(feature = #feature)]
        crate::objects_of::object_type!(#name = #path, #(#operations),*);
        #(#access)*
    }
}

/// The traits of an object type. Without them, its records could be read or written without a scope.
fn traits(ty: &ObjectType) -> Result<Traits, Error> {
    let of = |scopes: &[Alternative]| {
        let problem = |cause: &dyn Display| {
            let (document, pointer) = ("object-types.toml".to_owned(), ty.path.clone());
            let place = Place { document, pointer };
            Error::new(place, Problem::ScopeName(cause.to_string()))
        };
        let requirement: Requirement = any_of(scopes).parse().map_err(|cause| problem(&cause))?;
        trait_names(&requirement).map_err(|cause| problem(&cause))
    };
    Ok([of(&ty.scopes.read)?, of(&ty.scopes.write)?])
}
