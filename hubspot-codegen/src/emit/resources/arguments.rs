//! The arguments of a method: how they are declared, and how they get into the request.

use proc_macro2::TokenStream;
use quote::quote;

use super::super::roots::Roots;
use super::super::types::{Scope, rust_type};
use crate::join::{Argument, Operation, Resource};
use crate::model::{Encoding, ListStyle, Parameter, Type};

/// The arguments: those of the path, the required ones of the query, and the body.
#[derive(Default)]
pub(super) struct Arguments {
    /// `object_id: impl AsRef<str>`, in order.
    pub(super) declarations: Vec<TokenStream>,
    /// What fills the path, as `&str`.
    pub(super) in_path: Vec<TokenStream>,
    /// Calls on the request: `.json_of(body)`.
    pub(super) settings: Vec<TokenStream>,
}

impl Arguments {
    pub(super) fn of(resource: &Resource<'_>, operation: &Operation<'_>, roots: Roots<'_>) -> Self {
        let mut arguments = Self::default();
        for argument in &operation.in_path {
            if resource.is_of_handle(argument) {
                let name = argument.ident;
                arguments.in_path.push(quote!(&self.#name));
                continue;
            }
            let (ty, value) = path_argument(argument, roots);
            arguments.declare(argument, &ty);
            arguments.in_path.push(value);
        }
        for argument in &operation.in_query {
            let (ty, setting) = query_argument(argument, roots);
            arguments.declare(argument, &ty);
            arguments.settings.push(setting);
        }
        if let Some(body) = &operation.body {
            let (ty, media_type) = (
                rust_type(&body.ty, Scope::Resources(roots)),
                body.media_type,
            );
            let runtime = roots.runtime();
            let (ty, setting) = match body.encoding {
                Encoding::Json => (ty, quote!(.json_of(body))),
                Encoding::Form => (ty, quote!(.form_of(body))),
                Encoding::Multipart => (ty, quote!(.multipart_of(body))),
                Encoding::Text => (
                    quote!(impl Into<String>),
                    quote!(.bytes_of(#media_type, body.into())),
                ),
                Encoding::Bytes => (
                    quote!(impl Into<#runtime::Bytes>),
                    quote!(.bytes_of(#media_type, body)),
                ),
            };
            arguments.declarations.push(quote!(body: #ty));
            arguments.settings.push(setting);
        }
        arguments
    }

    fn declare(&mut self, argument: &Argument<'_>, ty: &TokenStream) {
        let name = argument.ident;
        self.declarations.push(quote!(#name: #ty));
    }
}

/// The type of an argument that fills a path, and its text.
fn path_argument(argument: &Argument<'_>, roots: Roots<'_>) -> (TokenStream, TokenStream) {
    let name = argument.ident;
    let ty = rust_type(&argument.ty, Scope::Resources(roots));
    match &argument.ty {
        Type::String => (quote!(impl AsRef<str>), quote!(#name.as_ref())),
        Type::DateTime | Type::Named(_) => (quote!(&#ty), quote!(#name.as_str())),
        _ => (ty, quote!(&#name.to_string())),
    }
}

/// The type of an argument for a query parameter, and the call that sets it.
pub(in super::super) fn query_argument(
    argument: &Argument<'_>,
    roots: Roots<'_>,
) -> (TokenStream, TokenStream) {
    let (wire, name) = (&argument.parameter.name, argument.ident);
    match &argument.ty {
        Type::String => (
            quote!(impl Into<String>),
            quote!(.parameter(#wire, #name.into())),
        ),
        Type::Array(item) if **item == Type::String => (
            quote!(impl IntoIterator<Item = impl AsRef<str>>),
            list(argument.parameter, &quote!(#name)),
        ),
        Type::Array(item) => {
            let item = rust_type(item, Scope::Resources(roots));
            let values = quote!(#name.into_iter().map(|value| value.to_string()));
            (
                quote!(impl IntoIterator<Item = #item>),
                list(argument.parameter, &values),
            )
        }
        // Text stands for itself, and anything else is written as JSON.
        Type::Any => {
            let ty = rust_type(&argument.ty, Scope::Resources(roots));
            let text =
                quote!(match #name { #ty::String(text) => text, value => value.to_string() });
            (ty, quote!(.parameter(#wire, #text)))
        }
        ty => {
            let ty = rust_type(ty, Scope::Resources(roots));
            (ty, quote!(.parameter(#wire, #name)))
        }
    }
}

/// The call that sets a parameter to several values.
fn list(parameter: &Parameter, values: &TokenStream) -> TokenStream {
    let wire = &parameter.name;
    match parameter.list {
        ListStyle::Repeated => quote!(.parameter_each(#wire, #values)),
        ListStyle::Commas => quote!(.parameter_list(#wire, #values)),
        ListStyle::Spaces => quote!(.parameter_joined(#wire, " ", #values)),
        ListStyle::Pipes => quote!(.parameter_joined(#wire, "|", #values)),
    }
}
