//! Rust types of values.
//!
//! In: types of the model. Out: their tokens. Refuses nothing.

use proc_macro2::TokenStream;
use quote::quote;

use super::{Context, ident};
use crate::model::{Field, Shape, Type, TypeDefinition, TypeId};

/// Where a type is written, which decides how it calls the types of the model.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    /// Among them, or where they are imported.
    Models,
    /// Beside a module `models`.
    Resources,
}

impl Context<'_> {
    pub(super) fn rust_type(self, ty: &Type, scope: Scope) -> TokenStream {
        match ty {
            Type::String => quote!(String),
            Type::Boolean => quote!(bool),
            Type::Int32 => quote!(i32),
            Type::Int64 => quote!(i64),
            Type::Double => quote!(f64),
            Type::DateTime if scope == Scope::Models => quote!(DateTime),
            Type::DateTime => quote!(crate::DateTime),
            Type::Any if scope == Scope::Models => quote!(Value),
            Type::Any => quote!(serde_json::Value),
            Type::Array(item) => {
                let item = self.rust_type(item, scope);
                quote!(Vec<#item>)
            }
            Type::Map { value, nullable } => {
                let value = self.rust_type(value, scope);
                let value = if *nullable {
                    quote!(Option<#value>)
                } else {
                    value
                };
                match scope {
                    Scope::Models => quote!(BTreeMap<String, #value>),
                    Scope::Resources => quote!(std::collections::BTreeMap<String, #value>),
                }
            }
            Type::Named(id) => match self.named(id) {
                Some((definition, name)) if definition.version.is_some() => {
                    let name = ident(&name.ident);
                    if scope == Scope::Models {
                        quote!(#name)
                    } else {
                        quote!(models::#name)
                    }
                }
                Some((_, name)) => name.ident.parse().unwrap_or_default(),
                None => quote!(serde_json::Value),
            },
        }
    }

    /// Whether a field of this type is optional in Rust although its document says `required`.
    ///
    /// So are the texts, numbers and objects of envelopes. Lists, maps, flags, times and enums have a value for absence.
    pub(super) fn is_informational(self, owner: &TypeId, field: &Field) -> bool {
        let has_no_empty = match &field.ty {
            Type::String | Type::Int32 | Type::Int64 | Type::Double | Type::Any => true,
            Type::Named(id) => self
                .named(id)
                .is_some_and(|(definition, _)| matches!(definition.shape, Shape::Object(_))),
            Type::Boolean | Type::DateTime | Type::Array(_) | Type::Map { .. } => false,
        };
        has_no_empty && field.required && self.analysis.envelopes.contains(owner)
    }

    /// Whether a field's values must not be seen in `Debug`, logs and errors.
    pub(super) fn is_secret(self, field: &Field, owner: &TypeDefinition) -> bool {
        let apis = owner
            .found_in
            .iter()
            .filter_map(|(_, api)| self.config.apis.api(api));
        field.ty == Type::String
            && apis
                .into_iter()
                .any(|api| api.secrets.contains(&field.name))
    }
}

/// What a value is taken as and how it becomes one of its type.
pub(super) struct Argument {
    /// The type of the argument: `impl Into<String>`.
    pub(super) ty: TokenStream,
    /// The value made of it: `name.into()`.
    pub(super) value: TokenStream,
}

impl Argument {
    /// An argument that is handed on as it is.
    pub(super) fn plain(ty: TokenStream, name: &TokenStream) -> Self {
        Self {
            ty,
            value: name.clone(),
        }
    }

    /// An argument that becomes the type.
    pub(super) fn into(ty: &TokenStream, name: &TokenStream) -> Self {
        Self {
            ty: quote!(impl Into<#ty>),
            value: quote!(#name.into()),
        }
    }

    /// An argument that may be any sequence.
    pub(super) fn list(item: &Type, ty: &TokenStream, name: &TokenStream) -> Self {
        if *item == Type::String {
            let value = quote!(#name.into_iter().map(Into::into).collect());
            return Self {
                ty: quote!(impl IntoIterator<Item = impl Into<String>>),
                value,
            };
        }
        Self {
            ty: quote!(impl IntoIterator<Item = #ty>),
            value: quote!(#name.into_iter().collect()),
        }
    }
}
