//! Every identifier of the generated code: plain values, which the naming stage decides.

use std::collections::{BTreeMap, BTreeSet};

use hubspot_scopes::Requirement;
use serde::Serialize;

use super::operation::as_text;
use super::{Identifier, OperationId, Parameter, RustPath, TypeId};

/// Every identifier of the generated code.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Names {
    /// The types that are generated.
    pub types: BTreeMap<TypeId, TypeName>,
    /// The types of the client's own runtime.
    pub runtime: BTreeMap<TypeId, RustPath>,
    /// The versions, newest first.
    pub versions: Vec<VersionName>,
    /// The handles of the resources, in the order of [`Model::resources`](super::Model::resources).
    pub resources: Vec<ResourceName>,
    /// The operations.
    pub operations: BTreeMap<OperationId, OperationName>,
    /// The sets of optional parameters, in order of module and name.
    #[serde(serialize_with = "as_values")]
    pub parameter_sets: BTreeMap<(Identifier, Identifier), ParameterSet>,
    /// The traits of the scopes, by scope.
    pub scopes: BTreeMap<String, Identifier>,
    /// The traits of the requirements with alternatives, by requirement (kinds of login ignored).
    pub composites: BTreeMap<String, Composite>,
}

/// A type's name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct TypeName {
    /// The version module that defines it: `v2026_09`.
    pub module: Identifier,
    /// The file within that module: `objects`.
    pub file: Identifier,
    /// The type itself.
    pub ident: Identifier,
    /// The static that describes it in the mock's table: `CREATE_OBJECT`.
    pub constant: Identifier,
    /// The identifier of each field or variant, by its name on the wire.
    pub members: BTreeMap<String, Identifier>,
}

/// What a version is called.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct VersionName {
    /// In paths: `2026-09`.
    pub name: String,
    /// Its module, and the method of the client that gives its handle: `v2026_09`.
    pub module: Identifier,
    /// The type of its handle: `V2026_09`.
    pub handle: Identifier,
}

/// What the handle of a resource is called.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ResourceName {
    /// The module of its version: `v2026_09`.
    pub module: Identifier,
    /// Its own module: `line_items`, `cms_posts`.
    pub file: Identifier,
    /// The area that it is in: `cms`. None at the top of the client.
    pub area: Option<AreaName>,
    /// The method of the client, or of the area, that gives it: `line_items`, `posts`.
    pub method: Identifier,
    /// Its type: `LineItems`.
    pub handle: Identifier,
}

/// What an area is called.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct AreaName {
    /// The method of the client that gives it: `cms`.
    pub method: Identifier,
    /// The type of its handle: `Cms`.
    pub handle: Identifier,
}

/// An operation's names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OperationName {
    /// `contacts.list`; areas and older versions carry theirs: `cms.posts.list`, `v3.contacts.list`.
    pub id: String,
    /// The method of the resource handle: `list`.
    pub method: Identifier,
    /// The constant that describes it: `CONTACTS_LIST`.
    pub constant: Identifier,
    /// The arguments of its path parameters, in the order of the template, then of its required query parameters.
    pub arguments: Vec<Identifier>,
    /// The traits that the client's scope set must have.
    pub grants: Vec<Identifier>,
    /// Module and name of the set of its optional parameters, where it has any.
    pub parameter_set: Option<(Identifier, Identifier)>,
}

/// The optional query parameters that operations share.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ParameterSet {
    /// The version module that defines it.
    pub module: Identifier,
    /// Its type: `ListObjects`.
    pub ident: Identifier,
    /// The setters: identifier and parameter.
    pub setters: Vec<(Identifier, Parameter)>,
    /// The operations that take it.
    pub operations: BTreeSet<OperationId>,
}

/// The trait of a requirement with alternatives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Composite {
    /// The trait.
    pub ident: Identifier,
    /// What it stands for.
    #[serde(serialize_with = "as_text")]
    pub requirement: Requirement,
}

/// The values of a map: JSON has text for keys only.
fn as_values<S: serde::Serializer>(
    sets: &BTreeMap<(Identifier, Identifier), ParameterSet>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(sets.values())
}
