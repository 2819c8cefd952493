//! The operations of a record type, and their static descriptions.

use hubspot_scopes::Requirement;
use proc_macro2::TokenStream;
use quote::quote;

use crate::object_type::ObjectType;

/// An operation: its method on the handle, its HTTP method and path, and how it may be repeated.
pub(super) struct Operation {
    pub(super) name: &'static str,
    verb: &'static str,
    http: &'static str,
    /// Below the object type's path, or the whole path if it starts with `/crm`.
    path: &'static str,
    kind: Kind,
    pub(super) about: &'static str,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Read,
    List,
    Search,
    /// Counts against the limit of searches.
    Associations,
    /// A write that leaves HubSpot as a repetition of it does.
    Repeatable,
    Write,
}

const fn operation(
    name: &'static str,
    verb: &'static str,
    route: [&'static str; 2],
    kind: Kind,
    about: &'static str,
) -> Operation {
    let [http, path] = route;
    Operation {
        name,
        verb,
        http,
        path,
        kind,
        about,
    }
}

pub(super) const OPERATIONS: [Operation; 17] = [
    operation(
        "get",
        "get",
        ["GET", "/{objectId}"],
        Kind::Read,
        "Reads a record by its id.",
    ),
    operation(
        "get_by",
        "get",
        ["GET", "/{objectId}"],
        Kind::Read,
        "Reads a record by the value of a unique property.",
    ),
    operation(
        "list",
        "list",
        ["GET", ""],
        Kind::List,
        "Lists records, a page at a time, with a result for each.",
    ),
    operation(
        "search",
        "search",
        ["POST", "/search"],
        Kind::Search,
        "Searches records, a page at a time, with a result for each.\n\nNew and changed records show up after some seconds. A search reaches 10,000 records.",
    ),
    operation(
        "create",
        "create",
        ["POST", ""],
        Kind::Write,
        "Creates a record.",
    ),
    operation(
        "update",
        "update",
        ["PATCH", "/{objectId}"],
        Kind::Repeatable,
        "Updates the properties of a record that the patch sets or clears.",
    ),
    operation(
        "update_by",
        "update",
        ["PATCH", "/{objectId}"],
        Kind::Repeatable,
        "Updates the record with this value of a unique property.",
    ),
    operation(
        "archive",
        "archive",
        ["DELETE", "/{objectId}"],
        Kind::Repeatable,
        "Archives a record. It can be restored for 90 days.",
    ),
    operation(
        "merge",
        "merge",
        ["POST", "/merge"],
        Kind::Write,
        "Merges the second record into the first. The result is a new record with a new id.",
    ),
    operation(
        "batch_create",
        "batch_create",
        ["POST", "/batch/create"],
        Kind::Write,
        "Creates up to 100 records: all of them, or none.",
    ),
    operation(
        "batch_read",
        "batch_read",
        ["POST", "/batch/read"],
        Kind::Read,
        "Reads up to 100 records by their ids, with a result for each that was found.",
    ),
    operation(
        "batch_read_by",
        "batch_read",
        ["POST", "/batch/read"],
        Kind::Read,
        "Reads up to 100 records by the values of a unique property.",
    ),
    operation(
        "batch_update",
        "batch_update",
        ["POST", "/batch/update"],
        Kind::Repeatable,
        "Updates up to 100 records.",
    ),
    operation(
        "batch_upsert",
        "batch_upsert",
        ["POST", "/batch/upsert"],
        Kind::Repeatable,
        "Creates or updates up to 100 records, known by the value of a unique property that each patch sets.",
    ),
    operation(
        "batch_archive",
        "batch_archive",
        ["POST", "/batch/archive"],
        Kind::Repeatable,
        "Archives up to 100 records.",
    ),
    operation(
        "associate",
        "set_default",
        [
            "PUT",
            "/{objectId}/associations/default/{toObjectType}/{toObjectId}",
        ],
        Kind::Repeatable,
        "Associates a record with another: `associate(id).with::<Company>(other)`.",
    ),
    operation(
        "associated",
        "batch_read",
        [
            "POST",
            "/crm/associations/2026-09/{fromObjectType}/{toObjectType}/batch/read",
        ],
        Kind::Associations,
        "Reads which records of another type a record is associated with, a page at a time.",
    ),
];

impl Operation {
    pub(super) fn is_write(&self) -> bool {
        matches!(self.kind, Kind::Repeatable | Kind::Write)
    }

    /// Returns whether HubSpot has the operation for an object type. Reading associations has no part in the type's document.
    pub(super) fn is_offered(&self, ty: &ObjectType) -> bool {
        self.kind == Kind::Associations || !ty.without.contains(&self.verb)
    }

    /// The operation on an object type.
    pub(super) fn described(&self, resource: &str, object: &str) -> Described<'_> {
        let is_association = self.name.starts_with("associat");
        let resource = if is_association {
            "associations"
        } else {
            resource
        };
        let path = if self.path.starts_with("/crm/") {
            self.path.replace("{fromObjectType}", object)
        } else {
            format!("/crm/objects/2026-09/{object}{}", self.path)
        };
        Described {
            operation: self,
            id: format!("{resource}.{}", self.verb),
            path,
        }
    }
}

/// An operation on an object type.
pub(super) struct Described<'a> {
    operation: &'a Operation,
    id: String,
    path: String,
}

impl Described<'_> {
    /// The operation's note for the audit.
    pub(super) fn mark(&self) -> String {
        let is_write = self.operation.is_write();
        let effect = if is_write { "writes" } else { "reads" };
        format!("{} {effect} {} {}", self.id, self.operation.http, self.path)
    }

    /// The static description.
    pub(super) fn tokens(&self, runtime: &TokenStream, requirement: &Requirement) -> TokenStream {
        let Operation { http, kind, .. } = self.operation;
        let (id, path, requirement) = (&self.id, &self.path, requirement.to_string());
        let (idempotent, read_only) = (*kind != Kind::Write, !self.operation.is_write());
        let budget = match kind {
            Kind::Search | Kind::Associations => quote!(Secondly),
            _ => quote!(TenSecondly),
        };
        let paging = match kind {
            Kind::List => quote!(Some(#runtime::operation::Paging::Query)),
            Kind::Search => quote!(Some(#runtime::operation::Paging::Body)),
            _ => quote!(None),
        };
        quote! {
            #runtime::operation::Operation {
                idempotent: #idempotent,
                read_only: #read_only,
                budget: #runtime::operation::Budget::#budget,
                paging: #paging,
                ..#runtime::operation::describe!(#id, #http, #path, #requirement)
            }
        }
    }
}
