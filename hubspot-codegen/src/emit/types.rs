//! Rust types of values.

use proc_macro2::TokenStream;
use quote::quote;

use super::roots::Roots;
use crate::join::{Named, TypeOf};
use crate::model::Type;

/// Where a type is written, which decides how it calls the types of the model.
#[derive(Clone, Copy)]
pub(super) enum Scope<'a> {
    /// Among them, or where they are imported.
    Models(Roots<'a>),
    /// Beside a module `models`.
    Resources(Roots<'a>),
}

pub(super) fn rust_type(ty: &TypeOf<'_>, scope: Scope<'_>) -> TokenStream {
    let (Scope::Models(roots) | Scope::Resources(roots)) = scope;
    let runtime = roots.runtime();
    let is_among_models = matches!(scope, Scope::Models(_));
    match ty {
        Type::String | Type::Constant(_) => quote!(String),
        Type::Boolean => quote!(bool),
        Type::Int32 => quote!(i32),
        Type::Int64 => quote!(i64),
        Type::Double => quote!(f64),
        Type::DateTime if is_among_models => quote!(DateTime),
        Type::DateTime => quote!(#runtime::DateTime),
        Type::Any if is_among_models => quote!(Value),
        Type::Any => {
            let serde_json = roots.serde_json();
            quote!(#serde_json::Value)
        }
        Type::Binary if is_among_models => quote!(Upload),
        Type::Binary => quote!(#runtime::Bytes),
        Type::Array(item) => {
            let item = rust_type(item, scope);
            quote!(Vec<#item>)
        }
        Type::Map { value, nullable } => {
            let value = rust_type(value, scope);
            let value = if *nullable {
                quote!(Option<#value>)
            } else {
                value
            };
            if is_among_models {
                quote!(BTreeMap<String, #value>)
            } else {
                quote!(std::collections::BTreeMap<String, #value>)
            }
        }
        Type::Named(Named::Runtime(path)) => quote!(#runtime::#path),
        Type::Named(Named::Generated(name)) => {
            let ident = &name.ident;
            if is_among_models {
                quote!(#ident)
            } else {
                quote!(models::#ident)
            }
        }
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
    pub(super) fn new(ty: TokenStream, value: TokenStream) -> Self {
        Self { ty, value }
    }

    /// An argument that becomes the type.
    pub(super) fn into(ty: &TokenStream, name: &TokenStream) -> Self {
        Self::new(quote!(impl Into<#ty>), quote!(#name.into()))
    }

    /// An argument that may be any sequence.
    pub(super) fn list(item: &TypeOf<'_>, name: &TokenStream, scope: Scope<'_>) -> Self {
        let ty = rust_type(item, scope);
        if matches!(item, Type::String | Type::Named(Named::Runtime(_))) {
            let value = quote!(#name.into_iter().map(Into::into).collect());
            return Self::new(quote!(impl IntoIterator<Item = impl Into<#ty>>), value);
        }
        let value = quote!(#name.into_iter().collect());
        Self::new(quote!(impl IntoIterator<Item = #ty>), value)
    }
}
