//! The generated code thing by thing: what the emitters read.
//!
//! The model, its analysis and its names are side tables of one another. Here each version has its resources, each
//! resource its operations, and each operation its types, names and gates in place, so that an emitter looks nothing up.
//! What one of the tables lacks is an error.

mod assemble;
mod gate;
mod traits;
mod wire;

use std::collections::{BTreeMap, BTreeSet};

pub use self::assemble::join;
pub(crate) use self::gate::{Gate, version_cfg};
pub(crate) use self::traits::{Batch, Page};
use crate::config::{Home, Scope};
use crate::model::{
    self, Authentication, Composite, Direction, Encoding, Field, Identifier, OperationName, Paging,
    Parameter, ParameterSet, ResourceName, RustPath, TypeDefinition, TypeName, VersionName,
};
use crate::name::rank;

/// All of the generated code.
pub struct Code<'a> {
    pub(crate) home: &'a Home,
    /// The versions, newest first.
    pub(crate) versions: Vec<Version<'a>>,
    /// The generated types, in order of name.
    pub(crate) types: Vec<Type<'a>>,
    /// The sets of optional parameters, in order of module and name.
    pub(crate) sets: Vec<Set<'a>>,
    /// The scopes, in order of name.
    pub(crate) scopes: Vec<(&'a str, &'a Identifier, Option<&'a Scope>)>,
    /// The requirements with alternatives.
    pub(crate) composites: Vec<Requirement<'a>>,
}

/// A requirement with alternatives.
pub(crate) struct Requirement<'a> {
    pub(crate) composite: &'a Composite,
    /// The traits of its only alternative of several scopes, if there is just one such.
    pub(crate) joint: Option<Vec<&'a Identifier>>,
}

/// A version of the APIs.
pub(crate) struct Version<'a> {
    pub(crate) name: &'a VersionName,
    /// The cargo feature that it needs.
    pub(crate) feature: Option<&'a String>,
    /// Whether it is at the top of the client.
    pub(crate) is_current: bool,
    pub(crate) resources: Vec<Resource<'a>>,
}

/// A handle of the client.
pub(crate) struct Resource<'a> {
    pub(crate) model: &'a model::Resource,
    pub(crate) name: &'a ResourceName,
    pub(crate) gate: Gate,
    /// The path parameter that the handle holds.
    pub(crate) handle_parameter: Option<&'a str>,
    /// In order of path and method.
    pub(crate) operations: Vec<Operation<'a>>,
}

/// An operation with everything that code needs of it.
pub(crate) struct Operation<'a> {
    pub(crate) model: &'a model::Operation,
    pub(crate) name: &'a OperationName,
    /// In the order of the path.
    pub(crate) in_path: Vec<Argument<'a>>,
    /// Those without which a call is refused, in order of name.
    pub(crate) in_query: Vec<Argument<'a>>,
    /// Every query parameter, in order of name.
    pub(crate) query: Vec<(&'a Parameter, TypeOf<'a>)>,
    pub(crate) body: Option<Body<'a>>,
    pub(crate) response: Option<TypeOf<'a>>,
    pub(crate) optional: Option<Optional<'a>>,
    pub(crate) paging: Option<Paging>,
    pub(crate) is_idempotent: bool,
    pub(crate) is_read_only: bool,
    pub(crate) example: Option<&'a String>,
}

/// A required parameter.
pub(crate) struct Argument<'a> {
    pub(crate) ident: &'a Identifier,
    pub(crate) parameter: &'a Parameter,
    pub(crate) ty: TypeOf<'a>,
}

/// A request body.
pub(crate) struct Body<'a> {
    pub(crate) encoding: Encoding,
    pub(crate) media_type: &'a str,
    pub(crate) ty: TypeOf<'a>,
    pub(crate) required: bool,
}

/// The optional parameters of an operation.
pub(crate) struct Optional<'a> {
    pub(crate) set: &'a ParameterSet,
    /// Whether the set is defined in the current version.
    pub(crate) is_current: bool,
}

/// A set of optional parameters.
pub(crate) struct Set<'a> {
    pub(crate) names: &'a ParameterSet,
    /// The trait that has the setters as methods, in another crate than the client.
    pub(crate) extension: Identifier,
    pub(crate) setters: Vec<Argument<'a>>,
    pub(crate) gate: Gate,
    /// What takes it: `contacts.list`.
    pub(crate) calls: BTreeSet<String>,
}

/// A generated type.
pub(crate) struct Type<'a> {
    pub(crate) definition: &'a TypeDefinition,
    pub(crate) name: &'a TypeName,
    pub(crate) direction: Direction,
    pub(crate) gate: Gate,
    /// The gate of what needs it in each version, by the version's name.
    pub(crate) gates: BTreeMap<&'a str, Gate>,
    /// The resources that need it.
    pub(crate) resources: BTreeSet<&'a str>,
    pub(crate) form: Form<'a>,
    pub(crate) page: Option<Page<'a>>,
    pub(crate) batch: Option<Batch<'a>>,
    /// Whether it is sent as a multipart form.
    pub(crate) is_form: bool,
    /// Whether most names of its fields in JSON are those in Rust, in `camelCase`.
    pub(crate) is_camel_case: bool,
}

/// What a generated type looks like.
pub(crate) enum Form<'a> {
    Object(Vec<Member<'a>>),
    /// The variants, with the values that they stand for.
    Enum(Vec<(&'a Identifier, &'a String)>),
    /// The variants.
    Union(Vec<Variant<'a>>),
}

/// One of several objects.
pub(crate) struct Variant<'a> {
    pub(crate) ident: &'a Identifier,
    pub(crate) of: &'a model::Variant,
    pub(crate) ty: TypeOf<'a>,
}

/// A field of an object.
#[expect(clippy::struct_excessive_bools, reason = "independent facts")]
pub(crate) struct Member<'a> {
    pub(crate) field: &'a Field,
    pub(crate) ident: &'a Identifier,
    pub(crate) setter: Identifier,
    pub(crate) ty: TypeOf<'a>,
    pub(crate) is_boxed: bool,
    /// Whether serde needs to be told its name in JSON.
    pub(crate) is_renamed: bool,
    /// Whether its values must not be seen in `Debug`, logs and errors.
    pub(crate) is_secret: bool,
    /// Whether a response is read without it, although the document calls it required.
    pub(crate) is_informational: bool,
}

/// The type of a value, with the names of named types in place.
pub(crate) type TypeOf<'a> = model::Type<Named<'a>>;

/// A named type.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Named<'a> {
    Generated(&'a TypeName),
    /// One of the client's own runtime.
    Runtime(&'a RustPath),
}

impl TypeOf<'_> {
    /// The generated type that it mentions.
    pub(crate) fn generated(&self) -> Option<&TypeName> {
        match self.named() {
            Some(Named::Generated(name)) => Some(name),
            _ => None,
        }
    }
}

impl<'a> Type<'a> {
    /// Returns whether files are among its fields, so that it is no JSON.
    pub(crate) fn has_files(&self) -> bool {
        let mut fields = self.definition.fields().iter();
        fields.any(|field| match &field.ty {
            model::Type::Array(item) => **item == model::Type::Binary,
            ty => *ty == model::Type::Binary,
        })
    }

    /// The fields with a fixed text, which are written and are no fields in Rust.
    pub(crate) fn constants(&self) -> impl Iterator<Item = (&'a str, &'a str)> {
        let fields = self.definition.fields().iter();
        fields.filter_map(|field| Some((field.name.as_str(), field.constant()?)))
    }
}

impl<'a> Resource<'a> {
    /// Returns whether only a client with a developer API key has it.
    pub(crate) fn takes_developer_key(&self) -> bool {
        self.operations.iter().all(Operation::takes_developer_key)
    }

    /// The name of the handle's own field, which fills a path parameter of every operation.
    pub(crate) fn handle_argument(&self) -> Option<&'a Identifier> {
        let operations = self.operations.iter();
        let mut arguments = operations.flat_map(|operation| &operation.in_path);
        let argument = arguments.find(|argument| self.is_of_handle(argument))?;
        Some(argument.ident)
    }

    /// Returns whether the handle fills this parameter.
    pub(crate) fn is_of_handle(&self, argument: &Argument<'_>) -> bool {
        self.handle_parameter == Some(&argument.parameter.name)
    }

    /// The operations in the order in which a reader looks for them.
    pub(crate) fn for_readers(&self) -> Vec<&Operation<'a>> {
        let mut operations = self.operations.iter().collect::<Vec<_>>();
        operations.sort_by_key(|operation| {
            let method = operation.name.method.plain();
            (rank(method), method)
        });
        operations
    }
}

impl<'a> Operation<'a> {
    /// Returns whether only a client with a developer API key has it.
    pub(crate) fn takes_developer_key(&self) -> bool {
        self.model.authentication == Authentication::DeveloperKey
    }

    /// The types that the signature of its method mentions.
    pub(crate) fn types(&self) -> impl Iterator<Item = &TypeOf<'a>> {
        let arguments = self.in_path.iter().chain(&self.in_query);
        let body = self.body.iter().map(|body| &body.ty);
        arguments
            .map(|argument| &argument.ty)
            .chain(body)
            .chain(&self.response)
    }
}
