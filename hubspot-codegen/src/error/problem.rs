//! What can be wrong with the input, in words.

use crate::model::Place;

/// What can be wrong with the input.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// An API that is not called after its area.
    #[error("the api `{api}` is in the area `{area}`, so its name must begin with `{area}_`")]
    AreaName {
        /// The API.
        api: String,
        /// Its area.
        area: String,
    },
    /// An operation that does not take what the handle of its API holds.
    #[error(
        "the handle of `{api}` holds `{parameter}`, which is not in this path: correct or remove `handle` in apis.toml"
    )]
    WithoutHandle {
        /// The API.
        api: String,
        /// The path parameter.
        parameter: String,
    },
    /// A draft has no text here yet.
    #[error("`TODO`: write this text, or mark the document with `draft = true`")]
    Unwritten,
    /// The file could not be read.
    #[error("the file cannot be read: {0}")]
    Unreadable(String),
    /// The file's name does not say how it is written.
    #[error("the file's name ends in none of .yaml, .yml and .json")]
    UnknownFormat,
    /// The file is not what its name says.
    #[error("the file is not {format}: {cause}")]
    Syntax {
        /// `YAML`, `JSON` or `TOML`.
        format: &'static str,
        /// What the parser says, with line and column.
        cause: String,
    },
    /// Deeper than any document that a person would write.
    #[error("values are nested more than {0} levels deep")]
    TooDeep(usize),
    /// Larger than any document that HubSpot publishes.
    #[error("the file has {bytes} bytes, and at most {most} are read: is it the right file?")]
    TooLarge {
        /// Its size.
        bytes: usize,
        /// What is read.
        most: usize,
    },
    /// Another version of OpenAPI, or none.
    #[error(
        "this is not an OpenAPI 3.0 or 3.1 document: `openapi` is {0}, and 3.0.x and 3.1.x are what can be read"
    )]
    NotOpenApi(String),
    /// A file that was fetched is not the document that it should be.
    #[error("this is not the document: {0}")]
    NotPublished(String),
    /// `OpenAPI` allows nothing of the kind here.
    #[error("this is not what OpenAPI 3.0 allows here: {0}")]
    NotAllowed(String),
    /// A reference to nothing.
    #[error("`$ref: {0}` does not resolve")]
    Dangling(String),
    /// A reference that leads back to itself.
    #[error("`$ref: {0}` refers to itself")]
    Circular(String),
    /// A reference of a form that we do not follow.
    #[error(
        "`$ref: {0}` does not refer to a component of the expected kind, such as `file#/components/schemas/Name`"
    )]
    Reference(String),
    /// Valid, but there is no code for it yet.
    #[error("not supported yet: {0}")]
    Unsupported(String),
    /// A list of values without values.
    #[error("`enum` is empty, which allows no value: list the values, or remove `enum`")]
    EmptyEnum,
    /// Two schemas of a document under one name.
    #[error("the schema `{name}` differs from the `{name}` at {other}: rename one of them")]
    AmbiguousSchema {
        /// The name of both.
        name: String,
        /// Where the other is.
        other: Place,
    },
    /// A parameter of the path template that nothing describes, or the other way round.
    #[error(
        "the path parameter `{0}` must be described by `parameters` and occur once in the path"
    )]
    PathParameter(String),
    /// A path that is no path template.
    #[error("the path {0}")]
    Path(&'static str),
    /// A field that two parts of an object have, and that no value fits.
    #[error(
        "`{name}` has another type here than at {other}, so no value is of both: correct one of them"
    )]
    Contradiction {
        /// The field.
        name: String,
        /// Where the other is.
        other: Place,
    },
    /// A server that is not HubSpot's.
    #[error(
        "`{0}` is no server of HubSpot, which alone gets a client's token: if HubSpot has these paths, remove `servers` or \
         correct it with an overlay"
    )]
    OtherServer(String),
    /// A security scheme that we do not know.
    #[error(
        "the security scheme `{0}` is not known: expected `oauth2`, `private_apps` or `developer_hapikey`"
    )]
    UnknownSecurityScheme(String),
    /// An operation that any caller could make, as the document has it.
    #[error(
        "no `security` is listed, which would mean that no token is needed: list the scopes (`oauth2: []` for a token with \
         any scopes), or enter the operation in `[public]` of apis.toml with the reason"
    )]
    NoSecurity,
    /// An entry whose reason is empty.
    #[error("`{name}` of `[{table}]` needs a reason")]
    WithoutReason {
        /// The table: `public`.
        table: &'static str,
        /// The key.
        name: String,
    },
    /// A value in a configuration file that names nothing.
    #[error("{kind} `{name}` is not known{}", expected(.known))]
    Unknown {
        /// What the name is of: `version`.
        kind: &'static str,
        /// The name.
        name: String,
        /// What is known, where that helps.
        known: Vec<String>,
    },
    /// Two entries for one thing in a configuration file.
    #[error("duplicate {kind} `{name}`")]
    Duplicate {
        /// What the name is of: `document`.
        kind: &'static str,
        /// The name.
        name: String,
    },
    /// An API of the client without what its code is named after.
    #[error("the client has the api `{0}`, which needs `feature` and `nouns`")]
    WithoutNames(String),
    /// A correction that corrects nothing.
    #[error(
        "`target: {0}` matches nothing in any document: remove the correction if the documents were fixed"
    )]
    OverlayTarget(String),
    /// A correction that cannot be made.
    #[error("the overlay cannot be applied: {0}")]
    Overlay(String),
    /// A path parameter that is to be bound and is nowhere.
    #[error("no path has the parameter `{{{0}}}` that `bind` gives a value")]
    Unbound(String),
    /// Two paths become one when their parameters are bound.
    #[error("after binding its parameters this path is `{0}`, which the document already has")]
    BoundTwice(String),
    /// Two schemas that would be one type, and differ.
    #[error(
        "this schema and the one at {other} both become `{name}`, but they differ in {difference}: \
         give one of them another name in `[rename]` of apis.toml"
    )]
    Disagreement {
        /// Our name for both.
        name: String,
        /// What differs first.
        difference: String,
        /// Where the other is.
        other: Box<Place>,
    },
    /// An operation that several documents have, and describe differently.
    #[error(
        "this operation is also described at {other}, but {difference} differ: correct one of them"
    )]
    OperationDisagreement {
        /// What differs first.
        difference: &'static str,
        /// Where the other is.
        other: Box<Place>,
    },
    /// Two things that would have one Rust name.
    #[error("this and {other} would both be named `{name}`: {remedy}")]
    SameName {
        /// The name of both.
        name: String,
        /// Where the other is.
        other: Box<Place>,
        /// How to tell them apart.
        remedy: &'static str,
    },
    /// Two fields, values or parameters that would have one Rust name.
    #[error(
        "{names} (at {other}) would both be named `{ident}`: name one of them in `[{table}]` of apis.toml, as \
         `\"{key}\" = \"name\"`"
    )]
    SameMember {
        /// Both, as text.
        names: String,
        /// Where the other is.
        other: Box<Place>,
        /// The Rust name of both.
        ident: String,
        /// The table of `apis.toml`: `members`.
        table: &'static str,
        /// The key for the second of them.
        key: String,
    },
    /// A scope whose name does not make an identifier.
    #[error("{0}")]
    ScopeName(String),
    /// A scope that is missing from the list of all scopes.
    #[error(
        "the scope `{0}` is not in scopes.toml: add it there if HubSpot has it, correct it here if not"
    )]
    UnknownScope(String),
    /// A scope that the client does not know.
    #[error(
        "the scope `{0}` is not known: correct it, or state it as a new one (`--new-scope {0}`) if HubSpot has it"
    )]
    NewScope(String),
    /// A document whose parts are of two versions.
    #[error(
        "this is of version `{version}`, and {at} of `{other}`: give each version a document of its own"
    )]
    TwoVersions {
        /// The version here.
        version: String,
        /// The version there.
        other: String,
        /// Where the other is.
        at: Box<Place>,
    },
    /// A version that YAML takes for a number.
    #[error("the version is a number here, {0}, so that 1.10 would be 1.1: put it in quotes")]
    UnquotedVersion(String),
    /// Settings that do not fit each other or the documents.
    #[error("{0}")]
    Setting(String),
    /// Two scopes that would have one trait.
    #[error("the scopes {scopes} would both be the trait `{name}`: correct the misspelled one")]
    SameScopeName {
        /// The trait of both.
        name: String,
        /// Both, as text.
        scopes: String,
    },
    /// A fault of the generator: a stage knows of something that another has no entry for.
    #[error("{what} `{name}` is missing: this is a fault of the generator")]
    NotJoined {
        /// What is missing: `the name of a type`.
        what: &'static str,
        /// What it is missing for.
        name: String,
    },
    /// An entry of a table that nothing in the documents uses.
    #[error("nothing in the documents uses `{name}` of `[{table}]`: correct or remove the entry")]
    Unused {
        /// The table: `rename`.
        table: &'static str,
        /// The key.
        name: String,
    },
}

/// `: expected one of a, b` for the end of a sentence.
fn expected(names: &[String]) -> String {
    if names.is_empty() {
        return String::new();
    }
    format!(": expected one of {}", names.join(", "))
}
