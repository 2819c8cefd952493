//! The types of the generated tables in `generated/`. `cargo xtask regen` writes the values from `specs/`.

use hubspot_generated::{Authentication, Budget};

/// One operation.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Endpoint {
    /// As the client names it: `contacts.batch_upsert`, `v3.contacts.list`, `v4.associations.create_default`.
    pub(crate) id: &'static str,
    pub(crate) version: &'static str,
    /// `contacts`, `objects`, `associations`, `schemas`, `oauth`, …
    pub(crate) resource: &'static str,
    /// The action on the resource: `batch_upsert`.
    pub(crate) action: &'static str,
    pub(crate) read_only: bool,
    pub(crate) method: &'static str,
    /// With parameters in braces.
    pub(crate) path: &'static str,
    /// The scopes that it requires, in the text form of a requirement; empty if it requires none.
    pub(crate) requirement: &'static str,
    pub(crate) authentication: Authentication,
    /// The rate limit that it counts against.
    pub(crate) budget: Budget,
    /// In the order of the path.
    pub(crate) path_parameters: &'static [Parameter],
    /// Sorted by name.
    pub(crate) query_parameters: &'static [Parameter],
    pub(crate) body: Option<Body>,
    /// The status of a success: 200, 201, 202 or 204.
    pub(crate) status: u16,
    /// The type of the JSON of a success.
    pub(crate) response: Option<Type>,
}

/// A path or query parameter.
#[derive(Debug)]
pub(crate) struct Parameter {
    pub(crate) name: &'static str,
    pub(crate) ty: Type,
    /// Whether a request without it fails.
    pub(crate) required: bool,
}

/// A request body.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Body {
    pub(crate) encoding: Encoding,
    pub(crate) ty: Type,
    /// Whether a request without it fails.
    pub(crate) required: bool,
}

/// How a body is written on the wire.
#[allow(
    dead_code,
    reason = "which of them are sent is for the documents to say"
)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    Json,
    Form,
    Multipart,
    Text,
    Bytes,
}

/// The type of a value.
#[derive(Clone, Copy, Debug)]
#[allow(
    dead_code,
    reason = "which of them are sent is for the documents to say"
)]
pub(crate) enum Type {
    String,
    Boolean,
    Int32,
    Int64,
    Double,
    /// An RFC 3339 date and time.
    DateTime,
    /// This text.
    Constant(&'static str),
    /// A file.
    Binary,
    Any,
    Array(&'static Type),
    /// An object whose keys are data.
    Map {
        value: &'static Type,
        /// Whether a value may be `null`.
        nullable: bool,
    },
    Named(&'static Schema),
}

/// A named type.
#[derive(Debug)]
pub(crate) struct Schema {
    /// Its name, for messages.
    pub(crate) name: &'static str,
    pub(crate) shape: Shape,
}

/// What a named type looks like.
#[derive(Debug)]
#[allow(
    dead_code,
    reason = "which of them are sent is for the documents to say"
)]
pub(crate) enum Shape {
    /// An object with known fields.
    Object(&'static [Field]),
    /// One of these strings.
    Enum(&'static [&'static str]),
    /// One of several objects.
    Union(&'static [Variant]),
}

/// One of several objects.
#[derive(Debug)]
pub(crate) struct Variant {
    /// The field that tells it from the others.
    pub(crate) field: &'static str,
    /// The value that the field has; without one, it need only be there.
    pub(crate) value: Option<&'static str>,
    pub(crate) ty: Type,
}

/// A field of an object.
#[derive(Debug)]
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) ty: Type,
    /// Whether a body without it fails.
    pub(crate) required: bool,
    pub(crate) nullable: bool,
}

impl Field {
    pub(crate) const fn required(name: &'static str, ty: Type) -> Self {
        Self {
            name,
            ty,
            required: true,
            nullable: false,
        }
    }

    pub(crate) const fn optional(name: &'static str, ty: Type) -> Self {
        Self {
            required: false,
            ..Self::required(name, ty)
        }
    }

    pub(crate) const fn nullable(mut self) -> Self {
        self.nullable = true;
        self
    }
}

/// The beginning of the paths of some operations in an older version.
#[derive(Debug)]
pub(crate) struct Prefix {
    /// The older version: `v3`.
    pub(crate) version: &'static str,
    pub(crate) current: &'static str,
    pub(crate) older: &'static str,
    /// A resource that has no such paths.
    pub(crate) except: &'static str,
}

/// An operation that no document describes.
#[derive(Debug)]
pub(crate) struct Undocumented {
    pub(crate) resource: &'static str,
    pub(crate) version: &'static str,
    pub(crate) action: &'static str,
    /// The id of the operation that has its scopes and limits.
    pub(crate) like: &'static str,
    pub(crate) method: &'static str,
    pub(crate) path: &'static str,
    /// A requirement that replaces the scopes of `like`.
    pub(crate) scopes: Option<&'static str>,
    /// The JSON of the response, if it is always the same.
    pub(crate) answer: Option<&'static str>,
}

/// Both directions of a type of association that HubSpot defines.
#[derive(Debug)]
pub(crate) struct AssociationType {
    pub(crate) types: [&'static str; 2],
    pub(crate) numbers: [u32; 2],
    /// The `type` in responses.
    pub(crate) names: [&'static str; 2],
    pub(crate) labels: Option<[&'static str; 2]>,
    /// Whether a record can have the first direction with only one other record.
    pub(crate) exclusive: bool,
}

/// One of HubSpot's own object types.
#[derive(Debug)]
pub(crate) struct ObjectType {
    /// `0-1`
    pub(crate) id: &'static str,
    /// The resource of its own operations: `contacts`.
    pub(crate) resource: &'static str,
    /// The name in paths: `contacts`.
    pub(crate) path: &'static str,
    /// The name of one record: `contact`.
    pub(crate) singular: &'static str,
    /// The scopes that reading records requires, in the text form of a requirement.
    pub(crate) read: &'static str,
    /// The scopes that writing records requires.
    pub(crate) write: &'static str,
    /// Properties whose values no two records share.
    pub(crate) unique: &'static [&'static str],
    /// Properties that serve as `idProperty` although their values may be shared.
    pub(crate) shared: &'static [&'static str],
    /// Properties of which a new record needs one.
    pub(crate) required_any: &'static [&'static str],
    /// The property with the time of the last change.
    pub(crate) updated: &'static str,
    /// Whether records can be merged.
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "compared with the operations in a test")
    )]
    pub(crate) merge: bool,
    /// Whether records can be deleted permanently.
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "compared with the operations in a test")
    )]
    pub(crate) gdpr_delete: bool,
}
