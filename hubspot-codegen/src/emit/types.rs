//! Rust types of values.

use proc_macro2::TokenStream;
use quote::{ToTokens as _, quote};

use crate::join::{Named, TypeOf};
use crate::model::Type;

/// Where a type is written, which decides how it calls the types of the model.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    /// Among them, or where they are imported.
    Models,
    /// Beside a module `models`.
    Resources,
}

pub(super) fn rust_type(ty: &TypeOf<'_>, scope: Scope) -> TokenStream {
    match ty {
        Type::String | Type::Constant(_) => quote!(String),
        Type::Boolean => quote!(bool),
        Type::Int32 => quote!(i32),
        Type::Int64 => quote!(i64),
        Type::Double => quote!(f64),
        Type::DateTime if scope == Scope::Models => quote!(DateTime),
        Type::DateTime => quote!(crate::DateTime),
        Type::Any if scope == Scope::Models => quote!(Value),
        Type::Any => quote!(serde_json::Value),
        Type::Binary if scope == Scope::Models => quote!(Upload),
        Type::Binary => quote!(crate::Bytes),
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
            match scope {
                Scope::Models => quote!(BTreeMap<String, #value>),
                Scope::Resources => quote!(std::collections::BTreeMap<String, #value>),
            }
        }
        Type::Named(Named::Runtime(path)) => path.to_token_stream(),
        Type::Named(Named::Generated(name)) => {
            let ident = &name.ident;
            match scope {
                Scope::Models => quote!(#ident),
                Scope::Resources => quote!(models::#ident),
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
    pub(super) fn list(item: &TypeOf<'_>, name: &TokenStream) -> Self {
        if *item == Type::String {
            let value = quote!(#name.into_iter().map(Into::into).collect());
            return Self::new(quote!(impl IntoIterator<Item = impl Into<String>>), value);
        }
        let ty = rust_type(item, Scope::Models);
        let value = quote!(#name.into_iter().collect());
        Self::new(quote!(impl IntoIterator<Item = #ty>), value)
    }
}
