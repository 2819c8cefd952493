//! The values that the stages hand to one another: [`Document`]s from lowering, a [`Model`] from unification, and [`Names`]
//! and [`Analysis`] beside it.
//!
//! Every node keeps the [`Place`] that it was lowered from, so that any later error can name document and JSON pointer.
//! Places, descriptions and HubSpot's own names are carried along but are not part of a shape: two types with equal
//! [`Shape`]s are one type.

mod analysis;
mod identifier;
mod names;
mod operation;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

pub use self::analysis::{Analysis, Direction, Paging};
pub use self::identifier::{Identifier, RustPath};
pub use self::names::{
    AreaName, Composite, Names, OperationName, ParameterSet, ResourceName, TypeName, VersionName,
};
pub(crate) use self::operation::as_text;
pub use self::operation::{
    Authentication, Body, Budget, Encoding, ListStyle, Operation, Parameter,
};

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

impl Document {
    /// What overlays and `apis.toml` call it: `2026-09/contacts`.
    pub fn id(&self) -> String {
        format!("{}/{}", self.version, self.api)
    }
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

impl Schema {
    /// The names of its fields or variants, or its values.
    pub fn members(&self) -> impl Iterator<Item = &str> {
        let values: &[String] = match &self.shape {
            Shape::Enum(values) => values,
            _ => &[],
        };
        let fields = self.shape.fields().iter().map(|field| &field.name);
        let variants = self.shape.variants().iter().map(|variant| &variant.name);
        let members = fields.chain(variants).chain(values);
        members.map(String::as_str)
    }
}

/// What a type looks like.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[non_exhaustive]
pub enum Shape {
    /// A JSON object with known fields, sorted by name. Unknown fields are ignored.
    Object(Vec<Field>),
    /// A string out of a known list, sorted; unknown values are kept.
    Enum(Vec<String>),
    /// One of several objects. A value that is none of them is kept.
    Union(Vec<Variant>),
    /// Another name for a type.
    Alias(Type),
}

impl Shape {
    /// The fields of an object; nothing for another shape.
    pub fn fields(&self) -> &[Field] {
        match self {
            Self::Object(fields) => fields,
            _ => &[],
        }
    }

    /// The variants of a union; nothing for another shape.
    pub fn variants(&self) -> &[Variant] {
        match self {
            Self::Union(variants) => variants,
            _ => &[],
        }
    }

    /// The types that it mentions.
    pub fn types(&self) -> impl Iterator<Item = &Type> {
        let alias = match self {
            Self::Alias(ty) => Some(ty),
            _ => None,
        };
        let fields = self.fields().iter().map(|field| &field.ty);
        let variants = self.variants().iter().map(|variant| &variant.ty);
        fields.chain(variants).chain(alias)
    }
}

/// An object out of several, and what tells it from the others.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Variant {
    /// The value that tells it from the others, else the name of its schema.
    pub name: String,
    /// The field that tells it from the others.
    pub field: String,
    /// The only value of that field. Without one, that the field is there tells enough.
    pub value: Option<String>,
    /// Its type, which is an object.
    pub ty: Type,
    /// Its place.
    pub notes: Notes,
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
    /// Whether HubSpot deprecates it.
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
    /// Its text, if that is fixed.
    pub fn constant(&self) -> Option<&str> {
        match &self.ty {
            Type::Constant(value) => Some(value),
            _ => None,
        }
    }

    /// Returns whether it holds the properties of a CRM object, whose values are text or `null` whatever a document says.
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

/// The type of a value. `N` is what a named type is known by: HubSpot's name in a [`Document`], a [`TypeId`] in a
/// [`Model`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[non_exhaustive]
pub enum Type<N = String> {
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
    /// One text only, which tells an object from others. It is written, and no field in Rust.
    Constant(String),
    /// A file, or the content of one.
    Binary,
    /// Any JSON value: a schema without a type, or an object without fields.
    Any,
    /// A list.
    Array(Box<Self>),
    /// An object whose keys are data.
    Map {
        /// The type of the values.
        value: Box<Self>,
        /// Whether a value may be `null`.
        nullable: bool,
    },
    /// A named type.
    Named(N),
}

impl<N> Type<N> {
    /// The named type within it, of which there is at most one.
    pub fn named(&self) -> Option<&N> {
        match self {
            Self::Named(name) => Some(name),
            Self::Array(inner) | Self::Map { value: inner, .. } => inner.named(),
            _ => None,
        }
    }

    /// The same type with what `name` makes of the named type within it.
    pub(crate) fn map<M, E>(&self, name: &dyn Fn(&N) -> Result<M, E>) -> Result<Type<M>, E> {
        Ok(match self {
            Self::String => Type::String,
            Self::Boolean => Type::Boolean,
            Self::Int32 => Type::Int32,
            Self::Int64 => Type::Int64,
            Self::Double => Type::Double,
            Self::DateTime => Type::DateTime,
            Self::Any => Type::Any,
            Self::Binary => Type::Binary,
            Self::Constant(value) => Type::Constant(value.clone()),
            Self::Array(item) => Type::Array(Box::new(item.map(name)?)),
            Self::Map { value, nullable } => Type::Map {
                value: Box::new(value.map(name)?),
                nullable: *nullable,
            },
            Self::Named(named) => Type::Named(name(named)?),
        })
    }
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

impl Model {
    /// The operations of a resource, in order of path and method.
    pub fn operations_of<'a>(
        &'a self,
        resource: &'a Resource,
    ) -> impl Iterator<Item = &'a Endpoint> {
        self.operations.iter().filter(|endpoint| {
            endpoint.version == resource.version && endpoint.resource == resource.name
        })
    }
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
    /// What it looks like. Never an alias: aliases are replaced by their types.
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
    /// The documents that have it, as overlays call them: `2026-09/contacts`.
    pub fn documents(&self) -> impl Iterator<Item = String> {
        self.found_in
            .iter()
            .map(|(version, api)| format!("{version}/{api}"))
    }

    /// The fields of an object; nothing for a list of values.
    pub fn fields(&self) -> &[Field] {
        self.shape.fields()
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

impl Endpoint {
    /// The documents that have it, as overlays call them: `2026-09/contacts`.
    pub fn documents(&self) -> impl Iterator<Item = String> {
        self.apis
            .iter()
            .map(|api| format!("{}/{api}", self.version))
    }
}
