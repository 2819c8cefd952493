//! The handle of a record type: a method for each operation of its object type, with the operation's bounds.

use std::fmt::Display;

use hubspot_scopes::Requirement;
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use syn::{Error, Result};

use super::fields::{Container, Property};
use super::needs::{Needs, sensitive_scopes};
use super::operations::{Method, methods};
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
    /// What operations with the properties of the struct need.
    read: Needs,
    write: Needs,
    /// What operations on whole records need.
    manage: Needs,
    associate: Needs,
    associated: Needs,
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
        let failed = |error: &dyn Display| {
            let message = format!("cannot state what `{path}` needs: {error}");
            Error::new(container.object.span(), message)
        };
        let parse = |text: &str| text.parse::<Requirement>().map_err(|error| failed(&error));
        let (read, write) = (parse(ty.read)?, parse(ty.write)?);
        let needs = |base: &Requirement, further: &[&str]| {
            Needs::new(base, further, runtime).map_err(|error| failed(&error))
        };
        // HubSpot takes nearly any scope for associations; nothing may write records of some types.
        let associate = if write.is_none() { &read } else { &write };
        Ok(Self {
            record,
            patch_name,
            runtime,
            path,
            ty,
            read: needs(&read, &scopes(false)?)?,
            write: needs(&write, &scopes(true)?)?,
            manage: needs(&write, &[])?,
            associate: needs(associate, &[])?,
            associated: needs(&read, &[])?,
        })
    }

    pub(super) fn methods(&self) -> TokenStream {
        methods(self.ty)
            .map(|method| self.method(&method))
            .collect()
    }

    fn needs(&self, method: &Method) -> &Needs {
        match method.name {
            "archive" | "batch_archive" | "bulk_archive" | "merge" => &self.manage,
            "associate" => &self.associate,
            "associated" => &self.associated,
            _ if method.is_write() => &self.write,
            _ => &self.read,
        }
    }

    fn method(&self, method: &Method) -> TokenStream {
        let needs = self.needs(method);
        let described = method.described(self.ty.resource, self.path);
        let mark = mark::operation(&described.mark(), &needs.requirement);
        let docs = format!("{}\n{}", method.about, required_scopes(&needs.requirement));
        let operation = described.tokens(self.runtime, &needs.requirement);
        let (name, clause) = (format_ident!("{}", method.name), &needs.clause);
        let (runtime, record) = (self.runtime, self.record);
        let arguments = method.arguments.split_whitespace();
        let (names, types): (Vec<_>, Vec<_>) = arguments
            .map(|argument| (format_ident!("{argument}"), self.argument(argument)))
            .unzip();
        let generics = match method.name {
            "associated" => quote!(<U: #runtime::record::Record>),
            _ if method.arguments.contains("property") => quote!(<V>),
            _ => TokenStream::new(),
        };
        // Neither the arguments nor the response of these tell the record.
        let of_record = matches!(
            method.name,
            "create" | "update" | "batch_create" | "batch_update" | "bulk_create" | "bulk_update"
        )
        .then(|| quote!(::<#record>));
        let output = self.output(method.name);
        // A constant in a generic method is evaluated only where the method is compiled.
        quote! {
            #[doc = #docs]
            #mark
            pub fn #name #generics (&self, #(#names: #types),*) -> #output #clause {
                #runtime::record::#name #of_record (self.client.core(), const { &#operation }, #(#names),*)
            }
        }
    }

    /// The type of the argument of a method.
    fn argument(&self, name: &str) -> TokenStream {
        let (record, patch) = (self.record, self.patch_name);
        let runtime = self.runtime;
        let r = quote!(#runtime::record);
        let list = |item| quote!(impl ::core::iter::IntoIterator<Item = #item>);
        let id = quote!(impl ::core::convert::Into<#r::RecordId>);
        let value = quote!(impl #r::IntoValue<V>);
        let patch_of = quote!(impl ::core::convert::Into<#patch>);
        match name {
            "property" => quote!(#r::Property<#record, V>),
            "value" => value,
            "values" => list(value),
            "record" | "patch" => patch_of,
            "records" => list(patch_of),
            "changes" => list(quote!((#r::RecordId, #patch))),
            "search" => quote!(impl ::core::convert::Into<#r::RecordSearch<#record>>),
            "ids" => list(id),
            _ => id,
        }
    }

    /// The type that a method returns.
    fn output(&self, name: &str) -> TokenStream {
        let (runtime, record) = (self.runtime, self.record);
        let r = quote!(#runtime::record);
        match name {
            "associate" => quote!(#r::Associate<#record>),
            "associated" => quote!(#r::Associated<U>),
            _ if name.starts_with("bulk_") => {
                let types = self.bulk_types(name);
                quote!(#r::Bulk<#types>)
            }
            _ => {
                let response = self.response(name);
                quote!(#runtime::request::Request<#response>)
            }
        }
    }

    /// The types of the inputs and of the outcomes of a method that sends batches.
    fn bulk_types(&self, name: &str) -> TokenStream {
        let (runtime, record, patch) = (self.runtime, self.record, self.patch_name);
        let r = quote!(#runtime::record);
        match name {
            "bulk_update" => quote!((#r::RecordId, #patch), #r::Written),
            "bulk_archive" => quote!(#r::RecordId, ()),
            "bulk_read" => quote!(#r::RecordId, #record),
            "bulk_read_by" => quote!(::std::string::String, #record),
            _ => quote!(#patch, #r::Written),
        }
    }

    /// The type of the response to a method that sends one request, with what `Request` has beside it.
    fn response(&self, name: &str) -> TokenStream {
        let (runtime, record) = (self.runtime, self.record);
        let r = quote!(#runtime::record);
        match name {
            "get" | "get_by" => quote!(#record, #r::GetRecord),
            "list" => quote!(#r::RecordPage<#record>, #r::ListRecords),
            "search" => quote!(#r::RecordPage<#record>),
            "archive" | "batch_archive" => quote!(()),
            "batch_read" | "batch_read_by" => quote!(#r::RecordBatch<#record>),
            "batch_create" | "batch_update" | "batch_upsert" => quote!(#r::WrittenBatch),
            _ => quote!(#r::Written),
        }
    }
}

#[cfg(test)]
mod tests {
    use proc_macro2::Span;
    use syn::LitStr;

    use super::super::{expand_record, object_type, operations::METHODS};
    use super::*;
    use crate::generated::object_types::OBJECT_TYPES;

    /// Calls `test` with the handle of a record of an object type.
    fn with_handle(object: &str, test: impl FnOnce(&Handle<'_>)) {
        let container = Container {
            object: LitStr::new(object, Span::call_site()),
            client: None,
        };
        let (ty, path) = object_type::named(&container.object).unwrap();
        let name = format_ident!("Thing");
        let runtime = quote!(rt);
        let handle = Handle::new([&name, &name], &runtime, &container, (ty, &path), &[]);
        test(&handle.unwrap());
    }

    #[test]
    fn every_object_type_has_records() {
        let types = OBJECT_TYPES.iter().map(|ty| ty.path);
        for object in types.chain(["2-1", "p_car"]) {
            let expanded = expand_record(quote! {
                #[hubspot(object = #object)]
                struct Thing { id: RecordId, name: String }
            });
            let code = expanded.to_string();
            assert!(!code.contains("compile_error"), "{object}: {code}");
            assert!(code.contains("fn get "), "{object}: {code}");
        }
    }

    #[test]
    fn operations_are_those_of_the_object_type() {
        for (object, lacking) in [
            ("contacts", ""),
            ("2-1", ""),
            ("line_items", "merge"),
            ("contracts", "merge"),
            ("goal_targets", "merge batch_upsert bulk_upsert"),
            (
                "feedback_submissions",
                "create update update_by archive merge batch_create batch_update batch_upsert batch_archive bulk_create \
                 bulk_update bulk_upsert bulk_archive",
            ),
            (
                "partner_services",
                "create archive merge batch_create batch_upsert batch_archive bulk_create bulk_upsert bulk_archive",
            ),
            (
                "partner_clients",
                "create archive merge batch_create batch_read batch_read_by batch_upsert batch_archive bulk_create bulk_read \
                 bulk_read_by bulk_upsert bulk_archive",
            ),
            (
                "forecasts",
                "search create update update_by archive merge batch_create batch_read batch_read_by batch_update \
                 batch_upsert batch_archive bulk_create bulk_read bulk_read_by bulk_update bulk_upsert bulk_archive \
                 associate",
            ),
        ] {
            with_handle(object, |handle| {
                let offered: Vec<_> = methods(handle.ty).map(|one| one.name).collect();
                let missing = METHODS.iter().map(|[name, ..]| *name);
                let missing = missing.filter(|name| !offered.contains(name));
                assert_eq!(missing.collect::<Vec<_>>().join(" "), lacking, "{object}");
            });
        }
    }

    #[test]
    fn object_types_without_scopes_need_none() {
        for (object, read, associate) in [
            ("contracts", "", ""),
            ("forecasts", "", ""),
            (
                "feedback_submissions",
                "where S : rt :: scopes :: grants :: CrmObjectsContactsRead + rt :: scopes :: grants :: CrmObjectsFeedbackSubmissionsRead",
                "where S : rt :: scopes :: grants :: CrmObjectsContactsRead + rt :: scopes :: grants :: CrmObjectsFeedbackSubmissionsRead",
            ),
            (
                "contacts",
                "where S : rt :: scopes :: grants :: CrmObjectsContactsRead",
                "where S : rt :: scopes :: grants :: CrmObjectsContactsWrite",
            ),
        ] {
            with_handle(object, |handle| {
                assert_eq!(handle.read.clause.to_string(), read, "{object}");
                assert_eq!(handle.associate.clause.to_string(), associate, "{object}");
            });
        }
    }
}
