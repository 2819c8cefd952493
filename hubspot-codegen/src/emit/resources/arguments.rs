//! The arguments of a method.
//!
//! In: an operation and the names of its arguments. Out: how they are declared, and how they get into the request.
//! Refuses nothing.

use proc_macro2::TokenStream;
use quote::quote;

use super::super::types::Scope;
use super::super::{Context, ident};
use crate::model::{Encoding, Operation, OperationName, Parameter, Type};

/// The arguments: those of the path, the required ones of the query, and the body.
pub(super) struct Arguments {
    /// `object_id: impl AsRef<str>`, in order.
    pub(super) declarations: Vec<TokenStream>,
    /// What fills the path, as `&str`.
    pub(super) in_path: Vec<TokenStream>,
    /// Calls on the request: `.json(body)`.
    pub(super) settings: Vec<TokenStream>,
}

impl Arguments {
    pub(super) fn of(context: Context<'_>, operation: &Operation, name: &OperationName) -> Self {
        let mut arguments = Self {
            declarations: Vec::new(),
            in_path: Vec::new(),
            settings: Vec::new(),
        };
        let (in_path, in_query) = (&operation.path_parameters, operation.required_query());
        let mut names = name.arguments.iter().map(|name| ident(name));
        for (parameter, name) in in_path.iter().zip(names.by_ref()) {
            let (ty, value) = path_argument(context, parameter, &quote!(#name));
            arguments.declarations.push(quote!(#name: #ty));
            arguments.in_path.push(value);
        }
        for (parameter, name) in in_query.zip(names) {
            let (ty, setting) = query_argument(context, parameter, &quote!(#name));
            arguments.declarations.push(quote!(#name: #ty));
            arguments.settings.push(setting);
        }
        if let Some(body) = &operation.body {
            let ty = context.rust_type(&body.ty, Scope::Resources);
            arguments.declarations.push(quote!(body: #ty));
            arguments.settings.push(match body.encoding {
                Encoding::Json => quote!(.json(body)),
                Encoding::Form => quote!(.form(body)),
            });
        }
        arguments
    }
}

/// The type of an argument that fills a path, and its text.
fn path_argument(
    context: Context<'_>,
    parameter: &Parameter,
    name: &TokenStream,
) -> (TokenStream, TokenStream) {
    let ty = context.rust_type(&parameter.ty, Scope::Resources);
    match &parameter.ty {
        Type::String => (quote!(impl AsRef<str>), quote!(#name.as_ref())),
        Type::DateTime | Type::Named(_) => (quote!(&#ty), quote!(#name.as_str())),
        _ => (ty, quote!(&#name.to_string())),
    }
}

/// The type of an argument for a query parameter, and the call that sets it.
pub(in super::super) fn query_argument(
    context: Context<'_>,
    parameter: &Parameter,
    name: &TokenStream,
) -> (TokenStream, TokenStream) {
    let wire = &parameter.name;
    match &parameter.ty {
        Type::String => (
            quote!(impl Into<String>),
            quote!(.parameter(#wire, #name.into())),
        ),
        Type::Array(item) if **item == Type::String => (
            quote!(impl IntoIterator<Item = impl AsRef<str>>),
            quote!(.parameter_list(#wire, #name)),
        ),
        Type::Array(item) => {
            let item = context.rust_type(item, Scope::Resources);
            let values = quote!(#name.into_iter().map(|value| value.to_string()));
            (
                quote!(impl IntoIterator<Item = #item>),
                quote!(.parameter_list(#wire, #values)),
            )
        }
        ty => {
            let ty = context.rust_type(ty, Scope::Resources);
            (ty, quote!(.parameter(#wire, #name)))
        }
    }
}
