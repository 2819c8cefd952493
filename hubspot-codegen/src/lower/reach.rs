//! Finds the schemas that operations reach.
//!
//! An operation that reaches a schema with an error, a type that contains itself without end, or a parameter that turns out
//! to be an object, is an error.

use std::collections::{BTreeMap, BTreeSet};

use crate::error::{Error, Problem};
use crate::model::{Encoding, Field, ListStyle, Notes, Operation, Parameter, Schema, Shape, Type};

/// What HubSpot's documents call the error of one input of a batch.
pub(super) const BATCH_ERROR: &str = "StandardError";

/// The schemas of a document, each of them complete or with the reason why it is not.
pub(super) struct Reach {
    schemas: BTreeMap<String, Schema>,
    refused: BTreeMap<String, Error>,
}

impl Reach {
    pub(super) fn new(lowered: BTreeMap<String, Result<Schema, Error>>) -> Self {
        let mut schemas = BTreeMap::new();
        let mut refused = BTreeMap::new();
        for (name, schema) in lowered {
            match schema {
                Ok(schema) => drop(schemas.insert(name, schema)),
                Err(error) => drop(refused.insert(name, error)),
            }
        }
        let endless = schemas
            .keys()
            .filter(|name| is_endless(&schemas, name))
            .cloned()
            .collect::<Vec<_>>();
        for name in endless {
            if let Some(schema) = schemas.remove(&name) {
                let problem = Problem::Unsupported("a list or map that contains itself".to_owned());
                refused.insert(name, Error::new(schema.place, problem));
            }
        }
        // A schema that leads to a refused one is refused for the same reason.
        while !refused.is_empty() {
            let cause =
                |schema: &Schema| names(&schema.shape).find_map(|name| refused.get(name).cloned());
            let further = schemas
                .iter()
                .filter_map(|(name, schema)| Some((name.clone(), cause(schema)?)));
            let further = further.collect::<Vec<_>>();
            if further.is_empty() {
                break;
            }
            for (name, error) in further {
                schemas.remove(&name);
                refused.insert(name, error);
            }
        }
        Self { schemas, refused }
    }

    /// Makes query parameters that are objects, or lists of objects, any values: these are written as JSON.
    pub(super) fn query_objects_as_json(&self, operation: &mut Operation) {
        for parameter in &mut operation.query_parameters {
            let (element, list) = match self.unaliased(&parameter.ty) {
                Type::Array(element) => (self.unaliased(element), parameter.list),
                other => (other, ListStyle::default()),
            };
            let is_object = match element {
                Type::Map { .. } => true,
                Type::Named(name) => self.schemas.get(name).is_some_and(|schema| {
                    matches!(schema.shape, Shape::Object(_) | Shape::Union(_))
                }),
                _ => false,
            };
            parameter.list = list;
            if is_object {
                parameter.ty = Type::Any;
            }
        }
    }

    /// Returns whether all that an operation reaches can be expressed.
    pub(super) fn check(&self, operation: &Operation) -> Result<(), Error> {
        if let Some(error) = operation
            .types()
            .filter_map(Type::named)
            .find_map(|name| self.refused.get(name))
        {
            return Err(error.clone());
        }
        self.check_files(operation)?;
        for parameter in &operation.path_parameters {
            self.check_scalar(parameter, &parameter.ty)?;
        }
        for parameter in &operation.query_parameters {
            match self.unaliased(&parameter.ty) {
                Type::Array(element) => self.check_scalar(parameter, element)?,
                // Written as JSON.
                Type::Any => {}
                other => self.check_scalar(parameter, other)?,
            }
        }
        Ok(())
    }

    /// Files are parts of multipart forms, and bodies by themselves. A multipart form is an object.
    fn check_files(&self, operation: &Operation) -> Result<(), Error> {
        let refuse = |what: &str| {
            let problem = Problem::Unsupported(what.to_owned());
            Err(Error::new(operation.place.clone(), problem))
        };
        let mut waiting = operation.response.iter().collect::<Vec<_>>();
        if let Some(body) = &operation.body {
            let fields = match self.unaliased(&body.ty) {
                Type::Named(name) => self
                    .schemas
                    .get(name)
                    .map_or(&[][..], |of| of.shape.fields()),
                _ => &[],
            };
            if body.encoding != Encoding::Multipart {
                waiting.push(&body.ty);
            } else if fields.is_empty() {
                return refuse("a multipart form that is not an object");
            } else {
                let others = fields.iter().map(|field| &field.ty);
                let is_file = |ty: &&Type| match self.unaliased(ty) {
                    Type::Array(item) => **item == Type::Binary,
                    ty => *ty == Type::Binary,
                };
                waiting.extend(others.filter(|ty| !is_file(ty)));
            }
        }
        let mut seen = BTreeSet::new();
        while let Some(ty) = waiting.pop() {
            let types = match ty {
                Type::Named(name) if seen.insert(name) => {
                    let schema = self.schemas.get(name);
                    schema.map_or_else(Vec::new, |schema| schema.shape.types().collect())
                }
                Type::Array(inner) | Type::Map { value: inner, .. } => vec![&**inner],
                _ => Vec::new(),
            };
            if types.iter().any(|ty| matches!(ty, Type::Binary)) {
                return refuse("a string of `format: binary` within JSON");
            }
            waiting.extend(types);
        }
        Ok(())
    }

    fn check_scalar(&self, parameter: &Parameter, ty: &Type) -> Result<(), Error> {
        let what = match self.unaliased(ty) {
            Type::Array(_) => "a list as a path parameter or as an element of a query parameter",
            Type::Map { .. } | Type::Any => "a parameter that is an object",
            Type::Binary => "a parameter that is a file",
            Type::Named(name)
                if matches!(
                    self.schemas.get(name).map(|schema| &schema.shape),
                    Some(Shape::Object(_) | Shape::Union(_))
                ) =>
            {
                "a parameter that is an object"
            }
            _ => return Ok(()),
        };
        let place = parameter.notes.place.clone();
        Err(Error::new(place, Problem::Unsupported(what.to_owned())))
    }

    fn unaliased<'t>(&'t self, mut ty: &'t Type) -> &'t Type {
        // Ends, for endless aliases were refused.
        while let Type::Named(name) = ty
            && let Some(Schema {
                shape: Shape::Alias(target),
                ..
            }) = self.schemas.get(name)
        {
            ty = target;
        }
        ty
    }

    /// Gives the responses of batch operations the fields that say what went wrong, where a document leaves them out:
    /// HubSpot sends them whatever it lists.
    pub(super) fn complete_batches(&mut self, operations: &[Operation]) {
        if !self.schemas.contains_key(BATCH_ERROR) {
            return;
        }
        for operation in operations
            .iter()
            .filter(|operation| operation.path.contains("/batch/"))
        {
            let Some(Type::Named(name)) = &operation.response else {
                continue;
            };
            let Some(Schema {
                place,
                shape: Shape::Object(fields),
                ..
            }) = self.schemas.get_mut(name)
            else {
                continue;
            };
            let has = |name: &str| fields.iter().any(|field| field.name == name);
            if has("results") && has("completedAt") && !has("errors") {
                let errors = Type::Array(Box::new(Type::Named(BATCH_ERROR.to_owned())));
                for (name, ty) in [("errors", errors), ("numErrors", Type::Int32)] {
                    let notes = Notes {
                        description: None,
                        place: place.clone(),
                    };
                    let (required, nullable, deprecated) = (false, false, false);
                    fields.push(Field {
                        name: name.to_owned(),
                        ty,
                        required,
                        nullable,
                        deprecated,
                        notes,
                    });
                }
                fields.sort_by(|one, other| one.name.cmp(&other.name));
                fields.dedup_by(|one, other| one.name == other.name);
            }
        }
    }

    /// The schemas that the operations reach.
    pub(super) fn reached_by(mut self, operations: &[Operation]) -> BTreeMap<String, Schema> {
        let mut waiting = operations
            .iter()
            .flat_map(Operation::types)
            .filter_map(Type::named)
            .cloned()
            .collect::<Vec<_>>();
        let mut reached = BTreeMap::new();
        while let Some(name) = waiting.pop() {
            if let Some(schema) = self.schemas.remove(&name) {
                waiting.extend(names(&schema.shape).cloned());
                reached.insert(name, schema);
            }
        }
        reached
    }
}

/// Returns whether an alias leads back to itself through nothing but lists, maps and other aliases.
fn is_endless(schemas: &BTreeMap<String, Schema>, start: &str) -> bool {
    let mut name = start;
    for _ in 0..=schemas.len() {
        let Some(Schema {
            shape: Shape::Alias(target),
            ..
        }) = schemas.get(name)
        else {
            return false;
        };
        match target.named() {
            Some(next) if next == start => return true,
            Some(next) => name = next,
            None => return false,
        }
    }
    // It leads to others that lead back to themselves.
    false
}

/// The names that a shape mentions.
fn names(shape: &Shape) -> impl Iterator<Item = &String> {
    shape.types().filter_map(Type::named)
}
