//! The methods of a record type's handle, and the operation that each calls.

use hubspot_scopes::Requirement;
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use crate::generated::operations::OPERATIONS;
use crate::object_type::{Budget, ObjectType, Operation};

/// The methods: name, operation, arguments and documentation.
pub(super) const METHODS: [[&str; 4]; 23] = [
    ["get", "objects.get", "id", "Reads a record by its id."],
    [
        "get_by",
        "objects.get",
        "property value",
        "Reads a record by the value of a unique property.",
    ],
    [
        "list",
        "objects.list",
        "",
        "Lists records, a page at a time, with a result for each.",
    ],
    [
        "search",
        "objects.search",
        "search",
        "Searches records, a page at a time, with a result for each.\n\nNew and changed records show up after some seconds. A search reaches 10,000 records; `all` of the request reaches any number.",
    ],
    ["create", "objects.create", "record", "Creates a record."],
    [
        "update",
        "objects.update",
        "id patch",
        "Updates the properties of a record that the patch sets or clears.",
    ],
    [
        "update_by",
        "objects.update",
        "property value patch",
        "Updates the record with this value of a unique property.",
    ],
    [
        "archive",
        "objects.archive",
        "id",
        "Archives a record. It can be restored for 90 days.",
    ],
    [
        "merge",
        "objects.merge",
        "primary other",
        "Merges the second record into the first. The result is a new record with a new id.",
    ],
    [
        "batch_create",
        "objects.batch_create",
        "records",
        "Creates up to 100 records: all of them, or none.",
    ],
    [
        "batch_read",
        "objects.batch_read",
        "ids",
        "Reads up to 100 records by their ids, with a result for each that was found.",
    ],
    [
        "batch_read_by",
        "objects.batch_read",
        "property values",
        "Reads up to 100 records by the values of a unique property.",
    ],
    [
        "batch_update",
        "objects.batch_update",
        "changes",
        "Updates up to 100 records.",
    ],
    [
        "batch_upsert",
        "objects.batch_upsert",
        "property records",
        "Creates or updates up to 100 records, known by the value of a unique property that each patch sets.",
    ],
    [
        "batch_archive",
        "objects.batch_archive",
        "ids",
        "Archives up to 100 records.",
    ],
    [
        "bulk_create",
        "objects.batch_create",
        "",
        "Creates any number of records, with an outcome for each patch.",
    ],
    [
        "bulk_read",
        "objects.batch_read",
        "",
        "Reads any number of records by their ids, with an outcome for each id.",
    ],
    [
        "bulk_read_by",
        "objects.batch_read",
        "property",
        "Reads any number of records by the values of a unique property, as text, with an outcome for each value.",
    ],
    [
        "bulk_update",
        "objects.batch_update",
        "",
        "Updates any number of records, with an outcome for each pair of an id and a patch.",
    ],
    [
        "bulk_upsert",
        "objects.batch_upsert",
        "property",
        "Creates or updates any number of records, known by the value of a unique property that each patch sets, with an outcome for each patch.",
    ],
    [
        "bulk_archive",
        "objects.batch_archive",
        "",
        "Archives any number of records, with an outcome for each id.",
    ],
    [
        "associate",
        "associations.set_default",
        "id",
        "Associates a record with another: `associate(id).with::<Company>(other)`.",
    ],
    [
        "associated",
        "associations.batch_read",
        "id",
        "Reads which records of another type a record is associated with, a page at a time.",
    ],
];

/// A method of the handle.
pub(super) struct Method {
    pub(super) name: &'static str,
    /// The names of its arguments, which tell their types.
    pub(super) arguments: &'static str,
    pub(super) about: &'static str,
    operation: &'static Operation,
}

/// The methods for the operations that HubSpot offers for an object type.
pub(super) fn methods(ty: &ObjectType) -> impl Iterator<Item = Method> {
    let all = METHODS.iter().filter_map(|&[name, id, arguments, about]| {
        let operation = OPERATIONS.iter().find(|operation| operation.id == id)?;
        Some(Method {
            name,
            arguments,
            about,
            operation,
        })
    });
    all.filter(|method| method.is_offered(ty))
}

impl Method {
    pub(super) fn is_write(&self) -> bool {
        !self.operation.is_read_only
    }

    /// What the operation is called in its resource, if that is the object type's.
    fn of_type(&self) -> Option<&'static str> {
        self.operation.id.strip_prefix("objects.")
    }

    /// Reading associations has no part in the type's document.
    fn is_offered(&self, ty: &ObjectType) -> bool {
        let verb = match self.of_type() {
            Some(verb) => verb,
            None if self.is_write() => "set_default",
            None => return true,
        };
        !ty.without.contains(&verb)
    }

    /// The method's operation on an object type.
    pub(super) fn described(&self, resource: &str, object: &str) -> Described {
        let operation = self.operation;
        let id = match self.of_type() {
            Some(verb) => format!("{resource}.{verb}"),
            None => operation.id.to_owned(),
        };
        // The first parameter is the object type.
        let path = match operation.path.split_once('{') {
            Some((before, rest)) => {
                let after = rest.split_once('}').map_or("", |(_, after)| after);
                format!("{before}{object}{after}")
            }
            None => operation.path.to_owned(),
        };
        Described {
            operation,
            id,
            path,
        }
    }
}

/// An operation on an object type.
pub(super) struct Described {
    operation: &'static Operation,
    id: String,
    path: String,
}

impl Described {
    /// The operation's note for the audit.
    pub(super) fn mark(&self) -> String {
        let is_read_only = self.operation.is_read_only;
        let effect = if is_read_only { "reads" } else { "writes" };
        format!("{} {effect} {} {}", self.id, self.operation.http, self.path)
    }

    /// The static description.
    pub(super) fn tokens(&self, runtime: &TokenStream, requirement: &Requirement) -> TokenStream {
        let Operation { http, .. } = self.operation;
        let (id, path, requirement) = (&self.id, &self.path, requirement.to_string());
        let of = quote!(#runtime::operation);
        let variant = |name: String| Ident::new(&name, Span::call_site());
        let effect = match (self.operation.is_read_only, self.operation.is_idempotent) {
            (true, _) => quote!(.reading()),
            (false, true) => quote!(.repeatable()),
            (false, false) => TokenStream::new(),
        };
        let budget = self.operation.budget;
        let budget = (budget != Budget::TenSecondly).then(|| {
            let budget = variant(format!("{budget:?}"));
            quote!(.counted(#of::Budget::#budget))
        });
        let paging = self.operation.paging.map(|paging| {
            let paging = variant(format!("{paging:?}"));
            quote!(.paged(#of::Paging::#paging))
        });
        quote!(#of::describe!(#id, #http, #path, #requirement) #effect #budget #paging)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_method_has_its_operation() {
        for [name, id, ..] in METHODS {
            assert!(
                OPERATIONS.iter().any(|operation| operation.id == id),
                "{name}: {id}"
            );
        }
    }
}
