//! From a value to the parts of an `OpenAPI` document.
//!
//! In: a document or a file of components as a JSON value. Out: a [`File`] of openapiv3's types. Refuses what `OpenAPI`
//! does not allow, and says at which node: openapiv3's own errors have lost the place.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use openapiv3::{
    MediaType, Operation, Parameter, PathItem, ReferenceOr, RequestBody, Response, Schema,
    SecurityRequirement,
};
use serde::Deserialize;
use serde_json::Value;

use crate::error::{Error, Problem, join};
use crate::model::Place;

/// A table of components by name.
pub(super) type Table<T> = IndexMap<String, ReferenceOr<T>>;

/// A document, or a file of components.
#[derive(Debug, Default)]
pub(super) struct File<'a> {
    pub(super) path: &'a str,
    pub(super) value: Option<&'a Value>,
    pub(super) description: Option<String>,
    pub(super) security: Option<Vec<SecurityRequirement>>,
    pub(super) paths: Table<PathItem>,
    pub(super) path_items: Table<PathItem>,
    pub(super) schemas: Table<Schema>,
    pub(super) parameters: Table<Parameter>,
    pub(super) responses: Table<Response>,
    pub(super) request_bodies: Table<RequestBody>,
    /// What is wrong with the components that could not be read, by their pointers.
    pub(super) broken: BTreeMap<String, Error>,
}

impl<'a> File<'a> {
    /// Reads the parts of a document that can be reached.
    pub(super) fn read_document(path: &'a str, value: &'a Value) -> Self {
        let mut file = Self::read(path, value);
        if value.get("paths").is_none() {
            let place = Place {
                document: path.to_owned(),
                pointer: "/paths".to_owned(),
            };
            let problem = Problem::NotAllowed("a document needs `paths`".to_owned());
            file.broken
                .insert("/paths".to_owned(), Error::new(place, problem));
        }
        file
    }

    /// Reads the parts of a file that can be reached.
    pub(super) fn read(path: &'a str, value: &'a Value) -> Self {
        let broken = BTreeMap::new();
        let mut reader = Reader {
            path,
            value,
            broken,
        };
        Self {
            path,
            value: Some(value),
            description: value
                .pointer("/info/description")
                .and_then(Value::as_str)
                .map(str::to_owned),
            security: reader.security(),
            paths: reader.table("/paths", Kind::PathItem),
            path_items: reader.table("/x-path-items", Kind::PathItem),
            schemas: reader.table("/components/schemas", Kind::Schema),
            parameters: reader.table("/components/parameters", Kind::Parameter),
            responses: reader.table("/components/responses", Kind::Response),
            request_bodies: reader.table("/components/requestBodies", Kind::RequestBody),
            broken: reader.broken,
        }
    }
}

struct Reader<'a> {
    path: &'a str,
    value: &'a Value,
    broken: BTreeMap<String, Error>,
}

impl<'a> Reader<'a> {
    fn table<T: Deserialize<'a>>(&mut self, pointer: &str, kind: Kind) -> Table<T> {
        let mut table = Table::new();
        match self.value.pointer(pointer) {
            Some(Value::Object(fields)) => {
                for (name, value) in fields {
                    // `paths` may have extensions between its paths.
                    if kind == Kind::PathItem && name.starts_with("x-") {
                        continue;
                    }
                    match ReferenceOr::deserialize(value) {
                        Ok(node) => drop(table.insert(name.clone(), node)),
                        Err(_) => self.refuse_within(kind, value, &join(pointer, name)),
                    }
                }
            }
            Some(_) => self.refuse(pointer, pointer, "an object is expected".to_owned()),
            None => {}
        }
        table
    }

    fn security(&mut self) -> Option<Vec<SecurityRequirement>> {
        match Option::deserialize(self.value.get("security")?) {
            Ok(security) => security,
            Err(cause) => {
                self.refuse("/security", "/security", cause.to_string());
                None
            }
        }
    }

    fn refuse_within(&mut self, kind: Kind, value: &Value, pointer: &str) {
        if let Some((inner, cause)) = innermost(kind, value, pointer) {
            self.refuse(pointer, &inner, cause);
        }
    }

    fn refuse(&mut self, component: &str, pointer: &str, cause: String) {
        let place = Place {
            document: self.path.to_owned(),
            pointer: pointer.to_owned(),
        };
        let error = Error::new(place, Problem::NotAllowed(cause));
        self.broken.insert(component.to_owned(), error);
    }
}

/// What stands at a node of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    PathItem,
    Operation,
    Parameter,
    RequestBody,
    Response,
    MediaType,
    Schema,
}

/// Where at or below `pointer` the innermost node is that does not read, and why. From the leaves up, for openapiv3 reads a
/// node twice when one within it does not read.
fn innermost(kind: Kind, value: &Value, pointer: &str) -> Option<(String, String)> {
    let mut parts = kind.parts(value).into_iter();
    let inside =
        parts.find_map(|(path, kind, value)| innermost(kind, value, &format!("{pointer}{path}")));
    inside.or_else(|| Some((pointer.to_owned(), kind.check(value).err()?)))
}

impl Kind {
    fn check(self, value: &Value) -> Result<(), String> {
        fn read<'a, T: Deserialize<'a>>(value: &'a Value) -> Result<(), String> {
            T::deserialize(value)
                .map(drop)
                .map_err(|cause| cause.to_string())
        }
        match self {
            Self::PathItem => read::<ReferenceOr<PathItem>>(value),
            Self::Operation => read::<Operation>(value),
            Self::Parameter => read::<ReferenceOr<Parameter>>(value),
            Self::RequestBody => read::<ReferenceOr<RequestBody>>(value),
            Self::Response => read::<ReferenceOr<Response>>(value),
            Self::MediaType => read::<MediaType>(value),
            Self::Schema => read::<ReferenceOr<Schema>>(value),
        }
    }

    /// The nodes within a node, with their pointers relative to it.
    fn parts(self, value: &Value) -> Vec<(String, Self, &Value)> {
        let one: &[(&str, Self)] = match self {
            Self::PathItem => &[
                ("get", Self::Operation),
                ("put", Self::Operation),
                ("post", Self::Operation),
                ("delete", Self::Operation),
                ("patch", Self::Operation),
            ],
            Self::Operation => &[("requestBody", Self::RequestBody)],
            Self::Parameter | Self::MediaType => &[("schema", Self::Schema)],
            Self::RequestBody | Self::Response => &[],
            Self::Schema => &[
                ("items", Self::Schema),
                ("additionalProperties", Self::Schema),
                ("not", Self::Schema),
            ],
        };
        let many: &[(&str, Self)] = match self {
            Self::PathItem => &[("parameters", Self::Parameter)],
            Self::Operation => &[
                ("parameters", Self::Parameter),
                ("responses", Self::Response),
            ],
            Self::RequestBody | Self::Response | Self::Parameter => &[("content", Self::MediaType)],
            Self::MediaType => &[],
            Self::Schema => &[
                ("properties", Self::Schema),
                ("allOf", Self::Schema),
                ("anyOf", Self::Schema),
                ("oneOf", Self::Schema),
            ],
        };
        let mut parts = Vec::new();
        for (name, kind) in one {
            if let Some(part) = value.get(name).filter(|part| !part.is_boolean()) {
                parts.push((join("", name), *kind, part));
            }
        }
        for (name, kind) in many {
            let entries = match value.get(name) {
                Some(Value::Object(fields)) => fields
                    .iter()
                    .map(|(key, part)| (key.clone(), part))
                    .collect(),
                Some(Value::Array(parts)) => parts
                    .iter()
                    .enumerate()
                    .map(|(key, part)| (key.to_string(), part))
                    .collect(),
                _ => BTreeMap::new(),
            };
            parts.extend(
                entries
                    .into_iter()
                    .map(|(key, part)| (join(&join("", name), &key), *kind, part)),
            );
        }
        parts
    }
}
