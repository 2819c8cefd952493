//! What the stages hand to one another.
//!
//! In: nothing; these are plain values. Out: [`Document`]s from lowering, a [`Model`] from unification, and the side
//! tables [`Names`] and [`Analysis`] that naming and analysis add beside it. Every node keeps the [`Place`] it was
//! lowered from, so that any later refusal can name document and JSON pointer. Places, descriptions and HubSpot's own
//! names are carried along but are not part of a shape: two types with equal [`Shape`]s are one type.

use std::collections::{BTreeMap, BTreeSet};

use hubspot_scopes::Requirement;
use serde::Serialize;

/// Where a node stands: a document and a JSON pointer into it.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Place {
    /// The document as the reader knows it: its path as `apis.toml` or the command line gives it.
    pub document: String,
    /// An RFC 6901 pointer, `/paths/~1crm~1v3/get`.
    pub pointer: String,
}

/// One lowered document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Document {
    /// The API, as `apis.toml` names it: `contacts`.
    pub api: String,
    /// The API version: `2026-09`.
    pub version: String,
    /// The document's path.
    pub path: String,
    /// What it says about the API as a whole, as Markdown.
    pub notes: Notes,
    /// In order of path, then method.
    pub operations: Vec<Operation>,
    /// Every schema that an operation reaches, under HubSpot's own name. Inline objects and enums are hoisted under
    /// `Parent/field` (an array's or map's element under the same name).
    pub schemas: BTreeMap<String, Schema>,
}

/// A named type of a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Schema {
    /// Where it is written.
    pub place: Place,
    /// Its description, as Markdown.
    pub description: Option<String>,
    /// What it looks like.
    pub shape: Shape,
}

/// What a type looks like.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Shape {
    /// A JSON object with known fields, sorted by name. Unknown fields are ignored.
    Object(Vec<Field>),
    /// A string out of a known list, sorted; unknown values are kept.
    Enum(Vec<String>),
    /// Another name for a type.
    Alias(Type),
}

/// A field of an object, or a part of a form.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Field {
    /// Its name on the wire.
    pub name: String,
    /// Its type.
    pub ty: Type,
    /// Whether the document says that it is always there.
    pub required: bool,
    /// Whether `null` is a value of it.
    pub nullable: bool,
    /// Whether HubSpot advises against it.
    pub deprecated: bool,
    /// Its description and place.
    pub notes: Notes,
}

/// What a node carries without it being part of its shape: every two notes are equal.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Notes {
    /// The description, as Markdown.
    pub description: Option<String>,
    /// Where it is written.
    pub place: Place,
}

impl Field {
    /// Whether it holds the properties of a CRM object, whose values are text or `null` whatever a document says.
    pub fn is_properties(&self) -> bool {
        matches!(&self.ty, Type::Map { value, .. } if self.name == "properties" && **value == Type::String)
    }
}

impl PartialEq for Notes {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Notes {}

impl PartialOrd for Notes {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Notes {
    fn cmp(&self, _: &Self) -> std::cmp::Ordering {
        std::cmp::Ordering::Equal
    }
}

/// The type of a value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Type {
    /// Text without a format that we know.
    String,
    /// `true` or `false`.
    Boolean,
    /// A 32-bit integer.
    Int32,
    /// A 64-bit integer, also one whose document gives no size.
    Int64,
    /// A floating-point number.
    Double,
    /// An RFC 3339 date and time (`format: date-time`).
    DateTime,
    /// Any JSON value: a schema without a type, or an object without fields.
    Any,
    /// A list.
    Array(Box<Type>),
    /// An object whose keys are data.
    Map {
        /// The type of the values.
        value: Box<Type>,
        /// Whether a value may be `null`.
        nullable: bool,
    },
    /// A named type: HubSpot's name in a [`Document`], a [`TypeId`] in a [`Model`].
    Named(String),
}

/// One operation of a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Operation {
    /// Where it is written.
    pub place: Place,
    /// In capitals: `GET`.
    pub method: String,
    /// The path template with bound parameters filled in: `/crm/objects/2026-09/contacts/{objectId}`.
    pub path: String,
    /// One line.
    pub summary: Option<String>,
    /// The rest, as Markdown.
    pub description: Option<String>,
    /// The meaningful tail of HubSpot's operationId: `getPage`.
    pub hubspot_name: Option<String>,
    /// Whether HubSpot advises against it.
    pub deprecated: bool,
    /// Path parameters in the order of the template.
    pub path_parameters: Vec<Parameter>,
    /// Query parameters, sorted by name.
    pub query_parameters: Vec<Parameter>,
    /// What is sent.
    pub body: Option<Body>,
    /// What a success brings: `None` for an empty body. A batch operation's answer always carries its errors.
    pub answer: Option<Type>,
    /// The scopes that it needs.
    #[serde(serialize_with = "as_text")]
    pub requirement: Requirement,
    /// Whether it takes a token at all: not so when the document lists no security for it.
    pub authenticated: bool,
    /// Which budget it draws on.
    pub budget: Budget,
}

impl Operation {
    /// The query parameters without which a call is refused.
    pub fn required_query(&self) -> impl Iterator<Item = &Parameter> {
        self.query_parameters
            .iter()
            .filter(|parameter| parameter.required)
    }
}

/// A path or query parameter.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Parameter {
    /// Its name on the wire.
    pub name: String,
    /// Its type.
    pub ty: Type,
    /// Whether a call without it is refused.
    pub required: bool,
    /// Its default, as JSON text.
    pub default: Option<String>,
    /// Its description and place.
    pub notes: Notes,
}

/// A request body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Body {
    /// How it is written on the wire.
    pub encoding: Encoding,
    /// Its type.
    pub ty: Type,
    /// Whether a call without it is refused.
    pub required: bool,
}

/// How a body is written on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Encoding {
    /// `application/json`
    Json,
    /// `application/x-www-form-urlencoded`
    Form,
}

/// Which of HubSpot's rate limits a call counts against.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Budget {
    /// The budget of ten seconds that most calls share.
    TenSecondly,
    /// Its own budget a second (search): exempt from the ten-second one.
    Secondly,
}

/// A type of a [`Model`]: stable text, unique in the model.
pub type TypeId = String;

/// An operation of a [`Model`]: `version/resource METHOD path`, unique in the model.
pub type OperationId = String;

/// All documents as one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Model {
    /// Every type once.
    pub types: BTreeMap<TypeId, TypeDefinition>,
    /// The resources, in the order of the operations.
    pub resources: Vec<Resource>,
    /// Every operation once, in order of version (newest first), resource, path and method.
    pub operations: Vec<Endpoint>,
}

/// The operations that one handle of the client offers: those of an API, or those that are generic over object types.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Resource {
    /// The API version.
    pub version: String,
    /// The API's name, or the generic resource's.
    pub name: String,
    /// What the API's document says about it, as Markdown.
    pub description: Option<String>,
}

/// A type, and everywhere it was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TypeDefinition {
    /// Our name for it; a Rust path if the client's own runtime defines it.
    pub name: String,
    /// The newest version that has it; none if the client's own runtime defines it.
    pub version: Option<String>,
    /// What it looks like. Never an alias: a name that merely stands for a type is replaced by that type.
    pub shape: Shape,
    /// Its description, from the newest version that has one.
    pub description: Option<String>,
    /// The names it goes by in HubSpot's documents.
    pub hubspot_names: BTreeSet<String>,
    /// The documents that have it, as (version, API).
    pub found_in: BTreeSet<(String, String)>,
    /// Where it is written in the first of them.
    pub place: Place,
}

impl TypeDefinition {
    /// The fields of an object; nothing for a list of values.
    pub fn fields(&self) -> &[Field] {
        match &self.shape {
            Shape::Object(fields) => fields,
            Shape::Enum(_) | Shape::Alias(_) => &[],
        }
    }
}

/// An operation and the resource it belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Endpoint {
    /// Unique in the model.
    pub id: OperationId,
    /// The API version.
    pub version: String,
    /// The resource of the client that has it: an API, or a generic resource.
    pub resource: String,
    /// The APIs whose documents have it.
    pub apis: BTreeSet<String>,
    /// The operation; its types are [`TypeId`]s.
    pub operation: Operation,
}

/// Every identifier of the generated code: what the naming stage decides.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Names {
    /// The types.
    pub types: BTreeMap<TypeId, TypeName>,
    /// The versions, newest first.
    pub versions: Vec<VersionName>,
    /// The handles of the resources, in the order of [`Model::resources`].
    pub resources: Vec<ResourceName>,
    /// The operations.
    pub operations: BTreeMap<OperationId, OperationName>,
    /// The sets of optional parameters, by module and name.
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

/// What the code needs to know beyond shapes and names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Analysis {
    /// Fields that must be boxed, lest their type has no size: type and wire name.
    pub boxed: BTreeSet<(TypeId, String)>,
    /// Which way the values of a type travel.
    pub directions: BTreeMap<TypeId, Direction>,
    /// The documents from which a type is reached, as (version, API or generic resource).
    pub gates: BTreeMap<TypeId, BTreeSet<(String, String)>>,
    /// Operations that answer a page at a time.
    pub paging: BTreeMap<OperationId, Paging>,
    /// Operations that may be repeated without harm.
    pub idempotent: BTreeSet<OperationId>,
}

/// Which way the values of a type travel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Direction {
    /// To HubSpot.
    pub request: bool,
    /// From HubSpot.
    pub response: bool,
}

/// How the next page is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Paging {
    /// The cursor goes into the query parameter `after`.
    Query,
    /// The cursor goes into the body's field `after`.
    Body,
}

/// A requirement's canonical text.
fn as_text<S: serde::Serializer>(
    requirement: &Requirement,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_str(requirement)
}
