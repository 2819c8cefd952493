//! Every identifier of the generated code.
//!
//! In: nothing; these are plain values. Out: [`Names`], which naming fills in and emitting reads. Refuses nothing.

use std::collections::{BTreeMap, BTreeSet};

use hubspot_scopes::Requirement;
use serde::Serialize;

use super::{OperationId, Parameter, TypeId, as_text};

/// Every identifier of the generated code: what the naming stage decides.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Names {
    /// The types.
    pub types: BTreeMap<TypeId, TypeName>,
    /// The versions, newest first.
    pub versions: Vec<VersionName>,
    /// The handles of the resources, in the order of [`Model::resources`](super::Model::resources).
    pub resources: Vec<ResourceName>,
    /// The operations.
    pub operations: BTreeMap<OperationId, OperationName>,
    /// The sets of optional parameters, by module and name.
    #[serde(serialize_with = "as_pairs")]
    pub parameter_sets: BTreeMap<TypeName, ParameterSet>,
    /// The traits of the scopes, by scope.
    pub scopes: BTreeMap<String, String>,
    /// The traits of the requirements with alternatives, by requirement (kinds of login ignored).
    pub composites: BTreeMap<String, Composite>,
}

/// A type's name.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct TypeName {
    /// The version module that defines it: `v2026_09`. Empty for a type of the client's own runtime.
    pub module: String,
    /// The file within that module: `objects`. Empty for a set of parameters.
    pub file: String,
    /// The identifier; a full path for a type of the client's own runtime.
    pub ident: String,
    /// The static that describes it in the mock's table: `CREATE_OBJECT`. Empty for a type of the client's own runtime,
    /// and for a set of parameters.
    pub constant: String,
    /// The identifier of each field or variant, by its name on the wire.
    pub members: BTreeMap<String, String>,
}

/// What a version is called.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct VersionName {
    /// In paths: `2026-09`.
    pub name: String,
    /// Its module, and the method of the client that gives its handle: `v2026_09`.
    pub module: String,
    /// The type of its handle: `V2026_09`.
    pub handle: String,
}

/// What the handle of a resource is called.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ResourceName {
    /// The module of its version: `v2026_09`.
    pub module: String,
    /// The method of the client that gives it, and its own module: `line_items`.
    pub method: String,
    /// Its type: `LineItems`.
    pub handle: String,
}

/// An operation's names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OperationName {
    /// `contacts.list`; older versions carry theirs: `v3.contacts.list`.
    pub id: String,
    /// The method of the resource handle: `list`.
    pub method: String,
    /// The constant that describes it: `CONTACTS_LIST`.
    pub constant: String,
    /// The arguments of its path parameters, in the order of the template, then of its required query parameters.
    pub arguments: Vec<String>,
    /// The traits that the client's scope set must have.
    pub grants: Vec<String>,
    /// The set of its optional parameters, where it has any.
    pub parameter_set: Option<TypeName>,
}

/// The optional query parameters that operations share.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ParameterSet {
    /// The setters: identifier and parameter.
    pub setters: Vec<(String, Parameter)>,
    /// The operations that take it.
    pub operations: BTreeSet<OperationId>,
}

/// The trait of a requirement with alternatives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Composite {
    /// The trait.
    pub ident: String,
    /// What it stands for.
    #[serde(serialize_with = "as_text")]
    pub requirement: Requirement,
}

/// A map as a list of pairs: JSON has text for keys only.
fn as_pairs<S: serde::Serializer>(
    sets: &BTreeMap<TypeName, ParameterSet>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(sets)
}
