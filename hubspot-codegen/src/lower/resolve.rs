//! Resolves `$ref`s, within a file and across files.
//!
//! A reference may lead to a component or to a shared path item. One that leads nowhere, to something else, or back to itself
//! is an error.

use std::collections::BTreeMap;

use openapiv3::{Parameter, PathItem, ReferenceOr, RequestBody, Response, Schema, SchemaKind};
use serde_json::Value;

use super::file::{File, Nodes};
use crate::error::{Error, Problem, join, unescape};
use crate::load::split_reference;
use crate::model::Place;

/// The files that others refer to, by path.
pub(super) type Files<'a> = BTreeMap<&'a str, File<'a>>;

/// A node of a file.
#[derive(Clone, Debug)]
pub(super) struct At<'a> {
    pub(super) file: &'a File<'a>,
    /// What stands here, as it was before openapiv3 made something of it.
    pub(super) value: Option<&'a Value>,
    pub(super) pointer: String,
}

impl<'a> At<'a> {
    /// Returns whether a schema is made of others, and not only another name for one.
    pub(super) fn is_composed(&self, schema: &Schema) -> bool {
        match &schema.schema_kind {
            SchemaKind::AllOf { all_of } => all_of.len() != 1,
            SchemaKind::OneOf { .. } | SchemaKind::AnyOf { .. } => true,
            SchemaKind::Any(_) => ["allOf", "oneOf", "anyOf"]
                .iter()
                .any(|keyword| self.members(keyword) > 0),
            _ => false,
        }
    }

    /// How many schemas a keyword lists.
    pub(super) fn members(&self, keyword: &str) -> usize {
        let list = self.value.and_then(|value| value.get(keyword));
        list.and_then(Value::as_array).map_or(0, Vec::len)
    }

    pub(super) fn new(file: &'a File<'a>, pointer: &str) -> Self {
        Self {
            file,
            value: file.value.and_then(|value| value.pointer(pointer)),
            pointer: pointer.to_owned(),
        }
    }

    pub(super) fn child(&self, part: &str) -> Self {
        let value = self.value.and_then(|value| match value {
            Value::Array(values) => values.get(part.parse::<usize>().ok()?),
            other => other.get(part),
        });
        let pointer = join(&self.pointer, part);
        Self {
            file: self.file,
            value,
            pointer,
        }
    }

    pub(super) fn place(&self) -> Place {
        Place {
            document: self.file.path.to_owned(),
            pointer: self.pointer.clone(),
        }
    }

    pub(super) fn error(&self, problem: Problem) -> Error {
        Error::new(self.place(), problem)
    }

    pub(super) fn unsupported(&self, what: &str) -> Error {
        self.error(Problem::Unsupported(what.to_owned()))
    }

    /// The schema that stands here, or a reference to one.
    pub(super) fn schema(&self) -> Result<&'a ReferenceOr<Schema>, Error> {
        let broken = || self.file.broken.get(&self.pointer).cloned();
        self.file.schemas.get(&self.pointer).ok_or_else(|| {
            let expected = || Problem::NotAllowed("a schema is expected".to_owned());
            broken().unwrap_or_else(|| self.error(expected()))
        })
    }

    /// The name of the component that stands here.
    pub(super) fn name(&self) -> String {
        unescape(self.pointer.rsplit('/').next().unwrap_or_default())
    }
}

/// What a reference may lead to.
pub(super) trait Component: Sized {
    /// The tables that references to this kind may lead to.
    const TABLES: &'static [&'static str];

    /// The nodes of this kind.
    fn nodes<'a>(file: &'a File<'a>) -> &'a Nodes<Self>;
}

macro_rules! component {
    ($type:ty, $nodes:ident: $($table:literal),+) => {
        impl Component for $type {
            const TABLES: &'static [&'static str] = &[$($table),+];

            fn nodes<'a>(file: &'a File<'a>) -> &'a Nodes<Self> {
                &file.$nodes
            }
        }
    };
}

component!(Parameter, parameters: "/components/parameters");
component!(PathItem, path_items: "/paths", "/x-path-items", "/components/pathItems");
component!(RequestBody, request_bodies: "/components/requestBodies");
component!(Response, responses: "/components/responses");
component!(Schema, schemas: "/components/schemas");

/// What stands at a node, or at the end of the references that begin there.
pub(super) fn resolve<'a, T: Component>(
    files: &'a Files<'a>,
    at: At<'a>,
    node: &'a ReferenceOr<T>,
) -> Result<(At<'a>, &'a T), Error> {
    match node {
        ReferenceOr::Item(item) => Ok((at, item)),
        ReferenceOr::Reference { reference } => follow(files, &at, reference),
    }
}

/// What is at the end of the references that begin with this one.
pub(super) fn follow<'a, T: Component>(
    files: &'a Files<'a>,
    from: &At<'a>,
    reference: &'a str,
) -> Result<(At<'a>, &'a T), Error> {
    let mut at = from.clone();
    let mut reference = reference;
    let mut passed = Vec::new();
    loop {
        let (next, node) = step::<T>(files, &at, reference)?;
        match node {
            ReferenceOr::Item(item) => return Ok((next, item)),
            ReferenceOr::Reference { .. } if passed.contains(&next.place()) => {
                return Err(next.error(Problem::Circular(reference.to_owned())));
            }
            ReferenceOr::Reference { reference: further } => {
                passed.push(next.place());
                reference = further;
                at = next;
            }
        }
    }
}

fn step<'a, T: Component>(
    files: &'a Files<'a>,
    at: &At<'a>,
    reference: &str,
) -> Result<(At<'a>, &'a ReferenceOr<T>), Error> {
    let not_followed = || at.error(Problem::Reference(reference.to_owned()));
    let dangling = || at.error(Problem::Dangling(reference.to_owned()));
    let (path, pointer) = split_reference(at.file.path, reference).ok_or_else(not_followed)?;
    let (table, name) = pointer.rsplit_once('/').ok_or_else(not_followed)?;
    let file = if path == at.file.path {
        at.file
    } else {
        files.get(path.as_str()).ok_or_else(dangling)?
    };
    if !T::TABLES.contains(&table) {
        return Err(not_followed());
    }
    let pointer = join(table, &unescape(name));
    let broken = || file.broken.get(&pointer).cloned();
    let missing = || broken().unwrap_or_else(dangling);
    let node = T::nodes(file).get(&pointer).ok_or_else(missing)?;
    Ok((At::new(file, &pointer), node))
}
