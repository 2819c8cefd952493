//! References.
//!
//! In: a `$ref` and where it stands. Out: what it leads to, in whatever file, and where that stands. Refuses references
//! that lead nowhere, that lead back to themselves, and those to anything but a component or a shared path item.

use std::collections::BTreeMap;

use openapiv3::{Parameter, PathItem, ReferenceOr, RequestBody, Response, Schema};
use serde_json::Value;

use super::file::{File, Table};
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

    pub(super) fn inexpressible(&self, what: &str) -> Error {
        self.error(Problem::Inexpressible(what.to_owned()))
    }

    /// The name of the component that stands here.
    pub(super) fn name(&self) -> String {
        unescape(self.pointer.rsplit('/').next().unwrap_or_default())
    }
}

/// What a reference may lead to.
pub(super) trait Component: Sized {
    /// The table at a pointer, where references to this kind may lead.
    fn table<'a>(file: &'a File<'a>, pointer: &str) -> Option<&'a Table<Self>>;
}

macro_rules! component {
    ($type:ty: $($pointer:literal => $table:ident),+) => {
        impl Component for $type {
            fn table<'a>(file: &'a File<'a>, pointer: &str) -> Option<&'a Table<Self>> {
                match pointer {
                    $($pointer => Some(&file.$table),)+
                    _ => None,
                }
            }
        }
    };
}

component!(Parameter: "/components/parameters" => parameters);
component!(PathItem: "/paths" => paths, "/x-path-items" => path_items);
component!(RequestBody: "/components/requestBodies" => request_bodies);
component!(Response: "/components/responses" => responses);
component!(Schema: "/components/schemas" => schemas);

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
    let table = T::table(file, table).ok_or_else(not_followed)?;
    let broken = || file.broken.get(pointer).cloned();
    let missing = || broken().unwrap_or_else(dangling);
    let node = table.get(&unescape(name)).ok_or_else(missing)?;
    Ok((At::new(file, pointer), node))
}
