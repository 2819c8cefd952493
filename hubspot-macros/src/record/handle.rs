//! The handle of a record type: a method for each operation of its object type, with the operation's bounds.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use syn::Result;

use super::fields::{Container, Property};
use super::needs::{Needs, sensitive_scopes};
use super::operations::{OPERATIONS, Operation};
use crate::expand::docs::required_scopes;
use crate::mark;
use crate::object_type::ObjectType;

/// What the methods are made from.
pub(super) struct Handle<'a> {
    pub(super) record: &'a Ident,
    pub(super) patch_name: &'a Ident,
    pub(super) runtime: &'a TokenStream,
    pub(super) path: &'a str,
    ty: &'static ObjectType,
    read: Needs,
    write: Needs,
}

impl<'a> Handle<'a> {
    pub(super) fn new(
        [record, patch_name]: [&'a Ident; 2],
        runtime: &'a TokenStream,
        container: &Container,
        (ty, path): (&'static ObjectType, &'a str),
        properties: &[Property<'_>],
    ) -> Result<Self> {
        let scopes = |is_write| sensitive_scopes(ty, properties, is_write, container);
        Ok(Self {
            record,
            patch_name,
            runtime,
            path,
            ty,
            read: Needs::new(ty.read, &scopes(false)?, runtime),
            write: Needs::new(ty.write, &scopes(true)?, runtime),
        })
    }

    pub(super) fn methods(&self) -> TokenStream {
        let is_there = |operation: &&Operation| {
            let is_write = operation.is_write();
            !(is_write && self.ty.read_only) && (operation.name != "merge" || self.ty.merge)
        };
        let operations = OPERATIONS.iter().filter(is_there);
        operations.map(|operation| self.method(operation)).collect()
    }

    fn method(&self, operation: &Operation) -> TokenStream {
        let needs = if operation.is_write() {
            &self.write
        } else {
            &self.read
        };
        let described = operation.described(self.ty.resource, self.path);
        let mark = mark::operation(&described.mark(), &needs.requirement);
        let docs = format!(
            "{}\n{}",
            operation.about,
            required_scopes(&needs.requirement)
        );
        let of_operation = described.tokens(self.runtime, &needs.requirement);
        let (name, bounds, runtime) = (
            format_ident!("{}", operation.name),
            &needs.bounds,
            self.runtime,
        );
        let (generics, arguments) = (
            self.generics(operation.name),
            self.arguments(operation.name),
        );
        let (output, call) = (self.output(operation.name), passed(operation.name));
        quote! {
            #[doc = #docs]
            #mark
            pub fn #name #generics (&self, #arguments) -> #output where S: #bounds {
                static OPERATION: #runtime::operation::Operation = #of_operation;
                #runtime::record::#name(self.client.core(), &OPERATION, #call)
            }
        }
    }

    /// The type parameters of a method.
    fn generics(&self, name: &str) -> TokenStream {
        let runtime = self.runtime;
        match name {
            "get_by" | "update_by" | "batch_read_by" | "batch_upsert" => quote!(<V>),
            "associated" => quote!(<U: #runtime::record::Record>),
            _ => TokenStream::new(),
        }
    }

    fn arguments(&self, name: &str) -> TokenStream {
        let (runtime, record, patch) = (self.runtime, self.record, self.patch_name);
        let id = quote!(impl ::core::convert::Into<#runtime::record::RecordId>);
        let value = quote!(impl #runtime::record::IntoValue<V>);
        let patch_of = quote!(impl ::core::convert::Into<#patch>);
        let list = |item| quote!(impl ::core::iter::IntoIterator<Item = #item>);
        let property = quote!(property: #runtime::record::Property<#record, V>);
        match name {
            "get_by" => quote!(#property, value: #value),
            "list" => TokenStream::new(),
            "search" => {
                quote!(search: impl ::core::convert::Into<#runtime::record::RecordSearch<#record>>)
            }
            "create" => quote!(record: #patch_of),
            "update" => quote!(id: #id, patch: #patch_of),
            "update_by" => quote!(#property, value: #value, patch: #patch_of),
            "merge" => quote!(primary: #id, other: #id),
            "batch_create" => {
                let records = list(patch_of);
                quote!(records: #records)
            }
            "batch_read" | "batch_archive" => {
                let ids = list(id);
                quote!(ids: #ids)
            }
            "batch_read_by" => {
                let values = list(value);
                quote!(#property, values: #values)
            }
            "batch_update" => {
                let changes = list(quote!((#runtime::record::RecordId, #patch)));
                quote!(changes: #changes)
            }
            "batch_upsert" => {
                let records = list(patch_of);
                quote!(#property, records: #records)
            }
            _ => quote!(id: #id),
        }
    }

    fn output(&self, name: &str) -> TokenStream {
        let (runtime, record) = (self.runtime, self.record);
        let r = quote!(#runtime::record);
        let response = match name {
            "get" | "get_by" => quote!(#record, #r::GetRecord),
            "list" => quote!(#r::RecordPage<#record>, #r::ListRecords),
            "search" => quote!(#r::RecordPage<#record>),
            "archive" | "batch_archive" => quote!(()),
            "batch_read" | "batch_read_by" => quote!(#r::RecordBatch<#record>),
            "batch_create" | "batch_update" | "batch_upsert" => quote!(#r::WrittenBatch),
            "associate" => return quote!(#r::Associate<#record>),
            "associated" => return quote!(#r::Associated<U>),
            _ => quote!(#r::Written),
        };
        quote!(#runtime::request::Request<#response>)
    }
}

/// What a method passes to the runtime's function of its name.
fn passed(name: &str) -> TokenStream {
    match name {
        "get_by" => quote!(property.name(), &value.into_value()),
        "list" => TokenStream::new(),
        "search" => quote!(search.into()),
        "create" => quote!(record.into().into()),
        "update" => quote!(id.into(), patch.into().into()),
        "update_by" => quote!(property.name(), &value.into_value(), patch.into().into()),
        "merge" => quote!(primary.into(), other.into()),
        "batch_create" => quote!(
            records
                .into_iter()
                .map(|record| record.into().into())
                .collect()
        ),
        "batch_read" | "batch_archive" => {
            quote!(ids.into_iter().map(::core::convert::Into::into).collect())
        }
        "batch_read_by" => {
            quote!(
                property.name(),
                values.into_iter().map(|value| value.into_value()).collect()
            )
        }
        "batch_update" => {
            quote!(
                changes
                    .into_iter()
                    .map(|(id, patch)| (id, patch.into()))
                    .collect()
            )
        }
        "batch_upsert" => {
            quote!(
                property.name(),
                records
                    .into_iter()
                    .map(|record| record.into().into())
                    .collect()
            )
        }
        _ => quote!(id.into()),
    }
}
