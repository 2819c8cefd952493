//! The client's types that stand for `HubSpot`'s object types, with the scopes and the operations of each.

use heck::{ToShoutySnakeCase as _, ToUpperCamelCase as _};
use hubspot_scopes::{Requirement, trait_names};
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::{ObjectType, ObjectTypes, any_of};
use crate::Output;
use crate::config::Home;
use crate::emit::{File, separated};
use crate::error::Errors;
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
        let file = File::new("object_types.rs", title, || items(&self.types));
        render(&[file], &Home::Client)
    }
}

fn items(types: &[ObjectType]) -> TokenStream {
    let types = types.iter().filter(|ty| ty.published.is_some());
    let types = types.filter(|ty| {
        let lacks = ty.lacks();
        !OPERATIONS.iter().any(|operation| lacks.contains(operation))
    });
    separated(types.map(item))
}

fn item(ty: &ObjectType) -> TokenStream {
    let (resource, path) = (ty.resource(), &ty.path);
    let feature = resource.replace('_', "-");
    let name = format_ident!("{}", resource.to_upper_camel_case());
    let [read, write] = [&ty.scopes.read, &ty.scopes.write].map(|scopes| any_of(scopes));
    let note = format!("hubspot-scopes-object-type: {resource} {read} writes {write}");
    let operations = OPERATIONS.map(|operation| format!("{resource}_{operation}"));
    let operations = operations.map(|name| format_ident!("{}", name.to_shouty_snake_case()));
    let access = [("Readable", &read), ("Writable", &write)].map(|(access, requirement)| {
        let (access, traits) = (format_ident!("{access}"), traits(requirement));
        quote! {
            #[cfg(feature = #feature)]
            impl<S> crate::#access<S> for #name
            where
                #(S: crate::scopes::grants::#traits,)*
            {}
        }
    });
    quote! {
        #[cfg(feature = #feature)]
        crate::objects_of::object_type!(#name = #path, #note, #(#operations),*);
        #(#access)*
    }
}

/// The traits of a requirement. Those of scopes that are not in `scopes.toml` were refused.
fn traits(requirement: &str) -> Vec<Ident> {
    let requirement: Requirement = requirement.parse().unwrap_or_default();
    let names = trait_names(&requirement).unwrap_or_default();
    names.iter().map(|name| format_ident!("{name}")).collect()
}
