//! From a value to the parts of an `OpenAPI` document.
//!
//! openapiv3 reads a node again for each kind of schema that it may be, which takes time exponential in the depth of nested
//! schemas, and its errors lose the place. So every schema is read by itself, with stand-ins for those within it, and found
//! by its pointer.

use std::collections::BTreeMap;

use openapiv3::{
    MediaType, Operation, Parameter, PathItem, ReferenceOr, RequestBody, Response, Schema,
    SecurityRequirement,
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::fit::fit;
use crate::error::{Error, Problem, join};
use crate::model::Place;

/// Nodes by their pointers.
pub(super) type Nodes<T> = BTreeMap<String, ReferenceOr<T>>;

/// A document, or a file of components.
#[derive(Debug, Default)]
pub(super) struct File<'a> {
    pub(super) path: &'a str,
    pub(super) value: Option<&'a Value>,
    pub(super) description: Option<String>,
    pub(super) security: Option<Vec<SecurityRequirement>>,
    /// Those of `paths`, and those that other files share.
    pub(super) path_items: Nodes<PathItem>,
    pub(super) parameters: Nodes<Parameter>,
    pub(super) responses: Nodes<Response>,
    pub(super) request_bodies: Nodes<RequestBody>,
    /// Every schema, those within other nodes included.
    pub(super) schemas: Nodes<Schema>,
    /// What is wrong with the nodes that could not be read, by their pointers.
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
        let mut reader = Reader {
            path,
            value,
            schemas: Vec::new(),
            broken: BTreeMap::new(),
        };
        let mut path_items = reader.table("/paths", NodeKind::PathItem);
        path_items.extend(reader.table("/x-path-items", NodeKind::PathItem));
        path_items.extend(reader.table("/components/pathItems", NodeKind::PathItem));
        let parameters = reader.table("/components/parameters", NodeKind::Parameter);
        let responses = reader.table("/components/responses", NodeKind::Response);
        let request_bodies = reader.table("/components/requestBodies", NodeKind::RequestBody);
        reader.components_of_schemas();
        Self {
            path,
            value: Some(value),
            description: value
                .pointer("/info/description")
                .and_then(Value::as_str)
                .map(str::to_owned),
            security: reader.security(),
            path_items,
            parameters,
            responses,
            request_bodies,
            schemas: reader.schemas(),
            broken: reader.broken,
        }
    }
}

struct Reader<'a> {
    path: &'a str,
    value: &'a Value,
    /// Schemas that are not read yet, with their pointers.
    schemas: Vec<(String, &'a Value)>,
    broken: BTreeMap<String, Error>,
}

impl<'a> Reader<'a> {
    fn table<T: DeserializeOwned>(&mut self, pointer: &str, kind: NodeKind) -> Nodes<T> {
        let mut nodes = Nodes::new();
        for (pointer, value) in self.entries(pointer, kind) {
            let value = kind.with_stand_ins(value, &pointer, &mut self.schemas);
            match serde_json::from_value(value.clone()) {
                Ok(node) => drop(nodes.insert(pointer, node)),
                Err(_) => {
                    if let Some((inner, cause)) = innermost(kind, &value, &pointer) {
                        self.refuse(pointer, inner, cause);
                    }
                }
            }
        }
        nodes
    }

    fn components_of_schemas(&mut self) {
        let schemas = self.entries("/components/schemas", NodeKind::Schema);
        self.schemas.extend(schemas);
    }

    /// The nodes of a table, with their pointers.
    fn entries(&mut self, pointer: &str, kind: NodeKind) -> Vec<(String, &'a Value)> {
        match self.value.pointer(pointer) {
            Some(Value::Object(fields)) => {
                // `paths` may have extensions between its paths.
                let is_node = |name: &str| kind != NodeKind::PathItem || !name.starts_with("x-");
                let fields = fields.iter().filter(|(name, _)| is_node(name));
                fields
                    .map(|(name, value)| (join(pointer, name), value))
                    .collect()
            }
            Some(_) => {
                let cause = "an object is expected".to_owned();
                self.refuse(pointer.to_owned(), pointer.to_owned(), cause);
                Vec::new()
            }
            None => Vec::new(),
        }
    }

    /// Reads the schemas that were found, and those within them.
    fn schemas(&mut self) -> Nodes<Schema> {
        let mut nodes = Nodes::new();
        while let Some((pointer, value)) = self.schemas.pop() {
            let value = NodeKind::Schema.with_stand_ins(value, &pointer, &mut self.schemas);
            match serde_json::from_value(value) {
                Ok(node) => drop(nodes.insert(pointer, node)),
                Err(cause) => self.refuse(pointer.clone(), pointer, cause.to_string()),
            }
        }
        nodes
    }

    fn security(&mut self) -> Option<Vec<SecurityRequirement>> {
        match serde_json::from_value(self.value.get("security")?.clone()) {
            Ok(security) => security,
            Err(cause) => {
                let pointer = "/security".to_owned();
                self.refuse(pointer.clone(), pointer, cause.to_string());
                None
            }
        }
    }

    fn refuse(&mut self, node: String, pointer: String, cause: String) {
        let place = Place {
            document: self.path.to_owned(),
            pointer,
        };
        let error = Error::new(place, Problem::NotAllowed(cause));
        self.broken.insert(node, error);
    }
}

/// What stands at a node of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum NodeKind {
    PathItem,
    Operation,
    Parameter,
    RequestBody,
    Response,
    MediaType,
    Schema,
}

/// What a field of a node holds.
#[derive(Clone, Copy)]
enum Part {
    One(NodeKind),
    /// A list, or an object whose keys are names.
    Many(NodeKind),
}

/// What limits the values of a schema and says nothing of their type.
const CONSTRAINTS: [&str; 13] = [
    "exclusiveMaximum",
    "exclusiveMinimum",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "multipleOf",
    "pattern",
    "uniqueItems",
];

/// Where at or below `pointer` the innermost node is that cannot be read, and why.
fn innermost(kind: NodeKind, value: &Value, pointer: &str) -> Option<(String, String)> {
    let inside = kind
        .parts(value)
        .into_iter()
        .find_map(|(path, kind, value)| innermost(kind, value, &format!("{pointer}{path}")));
    inside.or_else(|| Some((pointer.to_owned(), kind.check(value).err()?)))
}

impl NodeKind {
    fn check(self, value: &Value) -> Result<(), String> {
        fn read<T: DeserializeOwned>(value: &Value) -> Result<(), String> {
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

    /// The kind of node that a field of this one holds, if it holds any.
    fn part(self, field: &str) -> Option<Part> {
        use Part::{Many, One};
        Some(match (self, field) {
            (Self::PathItem, "get" | "put" | "post" | "delete" | "patch") => One(Self::Operation),
            (Self::PathItem | Self::Operation, "parameters") => Many(Self::Parameter),
            (Self::Operation, "requestBody") => One(Self::RequestBody),
            (Self::Operation, "responses") => Many(Self::Response),
            (Self::RequestBody | Self::Response | Self::Parameter, "content") => {
                Many(Self::MediaType)
            }
            (Self::Parameter | Self::MediaType, "schema")
            | (Self::Schema, "items" | "additionalProperties" | "not") => One(Self::Schema),
            (Self::Schema, "properties" | "allOf" | "anyOf" | "oneOf") => Many(Self::Schema),
            _ => return None,
        })
    }

    /// The nodes within a node, with their pointers relative to it.
    fn parts(self, value: &Value) -> Vec<(String, Self, &Value)> {
        let mut parts = Vec::new();
        let fields = value.as_object().into_iter().flatten();
        for (name, field) in fields {
            let pointer = join("", name);
            match (self.part(name), field) {
                (Some(Part::One(kind)), _) if !field.is_boolean() => {
                    parts.push((pointer, kind, field));
                }
                (Some(Part::Many(kind)), Value::Object(fields)) => {
                    let fields = fields.iter();
                    parts.extend(fields.map(|(name, part)| (join(&pointer, name), kind, part)));
                }
                (Some(Part::Many(kind)), Value::Array(items)) => {
                    let items = items.iter().enumerate();
                    let path = |index: usize| join(&pointer, &index.to_string());
                    parts.extend(items.map(|(index, part)| (path(index), kind, part)));
                }
                _ => {}
            }
        }
        parts
    }

    /// Returns whether a field is a description without text, which is as good as none.
    fn is_blank(self, name: &str, field: &Value) -> bool {
        // A response must have one.
        self != Self::Response
            && matches!(name, "description" | "summary")
            && field.as_str().is_some_and(|text| text.trim().is_empty())
    }

    /// A copy of a node in which every schema is replaced by a stand-in. The schemas are added to `found`.
    fn with_stand_ins<'a>(
        self,
        value: &'a Value,
        pointer: &str,
        found: &mut Vec<(String, &'a Value)>,
    ) -> Value {
        let Value::Object(fields) = value else {
            return value.clone();
        };
        let mut part = |kind: Self, value: &'a Value, pointer: String| {
            if kind != Self::Schema {
                return kind.with_stand_ins(value, &pointer, found);
            }
            if value.is_boolean() {
                return value.clone();
            }
            found.push((pointer, value));
            json!({})
        };
        // openapiv3 takes a schema with limits that do not fit its type for one without a type.
        let matters = |name: &str| self != Self::Schema || !CONSTRAINTS.contains(&name);
        let fields = fields.iter().filter(|(name, _)| matters(name));
        let fields = fields.filter(|(name, field)| !self.is_blank(name, field));
        let fields = fields.map(|(name, field)| {
            let pointer = join(pointer, name);
            let field = match (self.part(name), field) {
                (Some(Part::One(kind)), _) => part(kind, field, pointer),
                (Some(Part::Many(kind)), Value::Object(fields)) => fields
                    .iter()
                    .map(|(name, value)| (name.clone(), part(kind, value, join(&pointer, name))))
                    .collect(),
                (Some(Part::Many(kind)), Value::Array(items)) => (0..)
                    .zip(items)
                    .map(|(index, value): (usize, _)| {
                        part(kind, value, join(&pointer, &index.to_string()))
                    })
                    .collect(),
                _ => field.clone(),
            };
            (name.clone(), field)
        });
        let mut fields: serde_json::Map<_, _> = fields.collect();
        if self == Self::Schema {
            fit(&mut fields);
        }
        fields.into()
    }
}
