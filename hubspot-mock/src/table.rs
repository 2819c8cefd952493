//! The types of the generated tables in `generated/`. `cargo xtask regen` writes the values from `specs/`.

use hubspot_generated::Budget;

/// One operation.
#[derive(Debug)]
pub(crate) struct Endpoint {
    /// As the client names it: `contacts.batch_upsert`, `v3.contacts.list`, `v4.associations.create_default`.
    pub(crate) id: &'static str,
    /// `2026-09`
    pub(crate) version: &'static str,
    /// `contacts`, `custom_objects`, `associations`, `schemas`, `oauth`, …
    pub(crate) resource: &'static str,
    /// What it does with the resource: `batch_upsert`.
    pub(crate) action: &'static str,
    /// In capitals.
    pub(crate) method: &'static str,
    /// With parameters in braces.
    pub(crate) path: &'static str,
    /// The scopes that it needs, in the text form of a requirement; empty when it needs none.
    pub(crate) requirement: &'static str,
    /// Whether it takes an access token.
    pub(crate) authenticated: bool,
    /// The rate limit that it counts against.
    pub(crate) budget: Budget,
    /// In the order of the path.
    pub(crate) path_parameters: &'static [Parameter],
    /// Sorted by name.
    pub(crate) query_parameters: &'static [Parameter],
    /// What is sent.
    pub(crate) body: Option<Body>,
}

/// A path or query parameter.
#[derive(Debug)]
pub(crate) struct Parameter {
    /// On the wire.
    pub(crate) name: &'static str,
    /// What it holds.
    pub(crate) ty: Type,
    /// Whether a call without it is refused.
    pub(crate) required: bool,
}

/// A request body.
#[derive(Debug)]
pub(crate) struct Body {
    /// How it is written.
    pub(crate) encoding: Encoding,
    /// What it holds.
    pub(crate) ty: Type,
    /// Whether a call without it is refused.
    pub(crate) required: bool,
}

/// How a body is written on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// `application/json`
    Json,
    /// `application/x-www-form-urlencoded`
    Form,
}

/// The type of a value.
#[derive(Clone, Copy, Debug)]
#[allow(
    dead_code,
    reason = "which of them are sent is for the documents to say"
)]
pub(crate) enum Type {
    /// Text.
    String,
    /// `true` or `false`.
    Boolean,
    /// A 32-bit integer.
    Int32,
    /// A 64-bit integer.
    Int64,
    /// A floating-point number.
    Double,
    /// An RFC 3339 date and time.
    DateTime,
    /// Any JSON value.
    Any,
    /// A list.
    Array(&'static Type),
    /// An object whose keys are data.
    Map {
        /// The type of the values.
        value: &'static Type,
        /// Whether a value may be `null`.
        nullable: bool,
    },
    /// One of the schemas.
    Named(&'static Schema),
}

/// A named type.
#[derive(Debug)]
pub(crate) struct Schema {
    /// Its name, for messages.
    pub(crate) name: &'static str,
    /// What it looks like.
    pub(crate) shape: Shape,
}

/// What a named type looks like.
#[derive(Debug)]
pub(crate) enum Shape {
    /// An object with known fields.
    Object(&'static [Field]),
    /// One of these texts.
    Enum(&'static [&'static str]),
}

/// A field of an object.
#[derive(Debug)]
pub(crate) struct Field {
    /// On the wire.
    pub(crate) name: &'static str,
    /// What it holds.
    pub(crate) ty: Type,
    /// Whether a body without it is refused.
    pub(crate) required: bool,
    /// Whether `null` is a value of it.
    pub(crate) nullable: bool,
}
