//! Schemas as types: every type once, and the type of each schema.
//!
//! Two schemas are one type when they have one name of ours and one shape. Shapes are compared by refinement: all
//! schemas of a name count as equal until a field, or the class of a schema that they refer to, tells them apart. So
//! schemas that refer to each other need no special care.
//!
//! Of the schemas of one version that `[rename]` gives one name, those that lack optional fields of the one with the most are
//! the same type as that one. Two that differ otherwise are an error where `apis.toml` gives the names, and else get names by
//! a rule. An alias of itself is an error.

mod settle;
mod widen;

use std::collections::{BTreeMap, BTreeSet};

use crate::config::{Config, entry};
use crate::error::{Error, Errors, Problem};
use crate::model::{Document, Field, Place, Schema, Shape, Type, TypeDefinition, Variant};
use crate::name::schema_name;

/// A schema of a document, with the names that it goes by.
struct Node<'a> {
    document: &'a Document,
    hubspot_name: &'a str,
    schema: &'a Schema,
    /// The Rust path, for a schema that the client's own runtime defines.
    runtime: Option<&'a str>,
    /// Our name.
    name: String,
    /// Its shape, references by our names. Empty for a schema of the runtime, which is not ours to compare.
    shape: Shape,
    /// The schemas that it refers to, in the order of the shape.
    references: Vec<usize>,
    /// The schemas that lack optional fields of this one, by name and document.
    others: Vec<(&'a str, &'a Document)>,
    /// The schema that has optional fields more, and is this one's type.
    replaced_by: Option<usize>,
}

/// Every schema of every document that is a type of its own: not another name for a type.
pub(super) struct Schemas<'a> {
    nodes: Vec<Node<'a>>,
    index: BTreeMap<(&'a str, &'a str), usize>,
}

impl<'a> Schemas<'a> {
    pub(super) fn resolve(documents: &[&'a Document], config: &'a Config) -> Result<Self, Errors> {
        let mut schemas = Self {
            nodes: Vec::new(),
            index: BTreeMap::new(),
        };
        for document in documents {
            for (hubspot_name, schema) in &document.schemas {
                let runtime = entry(&config.apis.runtime, [document.id()], hubspot_name);
                let runtime = runtime.map(String::as_str);
                if runtime.is_none() && matches!(schema.shape, Shape::Alias(_)) {
                    continue;
                }
                let index = schemas.nodes.len();
                schemas.index.insert((&document.path, hubspot_name), index);
                let name = runtime.map_or_else(
                    || schema_name(&document.id(), hubspot_name, &config.apis.rename),
                    str::to_owned,
                );
                let shape = Shape::Object(Vec::new());
                schemas.nodes.push(Node {
                    document,
                    hubspot_name,
                    schema,
                    runtime,
                    name,
                    shape,
                    references: Vec::new(),
                    others: Vec::new(),
                    replaced_by: None,
                });
            }
        }
        schemas.widen();
        let mut errors = Vec::new();
        for index in 0..schemas.nodes.len() {
            let node = &schemas.nodes[index];
            if node.runtime.is_some() || node.replaced_by.is_some() {
                continue;
            }
            let mut references = Vec::new();
            let shape = schemas.shape(node, &mut |target| {
                references.push(target);
                schemas.nodes[target].name.clone()
            });
            match shape {
                Ok(shape) => {
                    let node = &mut schemas.nodes[index];
                    (node.shape, node.references) = (shape, references);
                }
                Err(error) => errors.push(error),
            }
        }
        Errors::check(errors)?;
        Ok(schemas)
    }

    fn shape(
        &self,
        node: &Node<'_>,
        name: &mut dyn FnMut(usize) -> String,
    ) -> Result<Shape, Error> {
        Ok(match &node.schema.shape {
            Shape::Enum(values) => Shape::Enum(values.clone()),
            Shape::Alias(_) => Shape::Object(Vec::new()),
            Shape::Union(variants) => {
                let variant = |variant: &Variant| {
                    let ty = self.ty(node.document, &variant.ty, &variant.notes.place, name)?;
                    Ok(Variant {
                        ty,
                        ..variant.clone()
                    })
                };
                Shape::Union(variants.iter().map(variant).collect::<Result<_, Error>>()?)
            }
            Shape::Object(fields) => {
                let field = |field: &Field| {
                    let ty = self.ty(node.document, &field.ty, &field.notes.place, name)?;
                    Ok(Field {
                        ty,
                        ..field.clone()
                    })
                };
                Shape::Object(fields.iter().map(field).collect::<Result<_, Error>>()?)
            }
        })
    }

    /// The type with references put under other names, and with names that merely stand for a type replaced by it.
    pub(super) fn ty(
        &self,
        document: &Document,
        ty: &Type,
        place: &Place,
        name: &mut dyn FnMut(usize) -> String,
    ) -> Result<Type, Error> {
        self.expand(document, ty, place, &mut Trail::default(), name)
    }

    fn expand<'d>(
        &self,
        document: &'d Document,
        ty: &'d Type,
        place: &Place,
        trail: &mut Trail<'d>,
        name: &mut dyn FnMut(usize) -> String,
    ) -> Result<Type, Error> {
        if matches!(ty, Type::Array(_) | Type::Map { .. }) {
            trail.levels += 1;
            if trail.levels > MOST_LEVELS {
                let what = format!("lists and maps nested more than {MOST_LEVELS} levels deep");
                return Err(Error::new(place.clone(), Problem::Unsupported(what)));
            }
        }
        Ok(match ty {
            Type::Array(item) => {
                Type::Array(Box::new(self.expand(document, item, place, trail, name)?))
            }
            Type::Map { value, nullable } => {
                let value = Box::new(self.expand(document, value, place, trail, name)?);
                Type::Map {
                    value,
                    nullable: *nullable,
                }
            }
            Type::Named(target) => {
                if let Some(&index) = self.index.get(&(document.path.as_str(), target.as_str())) {
                    return Ok(Type::Named(name(index)));
                }
                let alias = document.schemas.get(target).map(|schema| &schema.shape);
                let Some(Shape::Alias(aliased)) = alias else {
                    return Err(Error::new(place.clone(), Problem::Dangling(target.clone())));
                };
                if trail.names.contains(&target.as_str()) || trail.names.len() > MOST_ALIASES {
                    return Err(Error::new(place.clone(), Problem::Circular(target.clone())));
                }
                trail.names.push(target);
                self.expand(document, aliased, place, trail, name)?
            }
            scalar => scalar.clone(),
        })
    }

    /// The class of each schema: those of one class are one type.
    pub(super) fn classes(&self) -> Vec<usize> {
        let first = self
            .nodes
            .iter()
            .map(|node| (node.name.as_str(), &node.shape));
        let (mut classes, mut count) = number(first.collect());
        loop {
            let finer = self.nodes.iter().enumerate().map(|(index, node)| {
                let references = node.references.iter().map(|&target| classes[target]);
                (classes[index], references.collect::<Vec<_>>())
            });
            let (next, next_count) = number(finer.collect());
            if next_count == count {
                return classes;
            }
            (classes, count) = (next, next_count);
        }
    }

    /// The types, and the type of each schema.
    pub(super) fn types(
        &self,
        classes: &[usize],
    ) -> Result<(BTreeMap<String, TypeDefinition>, Vec<String>), Errors> {
        // Documents are in order of version, so the first schema of a class is in the newest version that has it.
        let mut first = BTreeMap::new();
        for (index, &class) in classes.iter().enumerate() {
            if self.nodes[index].replaced_by.is_none() {
                first.entry(class).or_insert(index);
            }
        }
        let id = |index: usize| {
            let index = self.nodes[index].replaced_by.unwrap_or(index);
            self.nodes[first[&classes[index]]].id()
        };
        let ids = (0..self.nodes.len()).map(id).collect::<Vec<_>>();

        let mut types = BTreeMap::<String, TypeDefinition>::new();
        let mut errors = Vec::new();
        let own = self.nodes.iter().enumerate();
        let own = own.filter(|(_, node)| node.replaced_by.is_none());
        for (index, node) in own {
            if !types.contains_key(&ids[index]) {
                match self.shape(node, &mut |target| ids[target].clone()) {
                    Ok(shape) => types.insert(ids[index].clone(), node.definition(shape)),
                    Err(error) => {
                        errors.push(error);
                        continue;
                    }
                };
            }
            if let Some(definition) = types.get_mut(&ids[index]) {
                definition.add(node);
            }
        }
        Errors::check(errors)?;
        Ok((types, ids))
    }

    /// Fails for schemas of one version that would have one name and are not one type.
    pub(super) fn conflicts(&self, classes: &[usize]) -> Result<(), Errors> {
        let mut seen = BTreeMap::<(&str, &str), usize>::new();
        let mut errors = Vec::new();
        let own = self.nodes.iter().enumerate();
        for (index, node) in own.filter(|(_, node)| node.replaced_by.is_none()) {
            let &mut other = seen
                .entry((&node.document.version, &node.name))
                .or_insert(index);
            // Where only the classes of what they refer to differ, those are refused, and say more.
            if classes[other] != classes[index] && self.nodes[other].shape != node.shape {
                let difference = difference(&self.nodes[other].shape, &node.shape);
                let other = Box::new(self.nodes[other].schema.place.clone());
                let problem = Problem::Disagreement {
                    name: node.name.clone(),
                    difference,
                    other,
                };
                errors.push(Error::new(node.schema.place.clone(), problem));
            }
        }
        Errors::check(errors)
    }
}

/// What was passed on the way to the inside of a type.
#[derive(Default)]
struct Trail<'a> {
    /// Names that merely stand for a type.
    names: Vec<&'a str>,
    /// Lists and maps.
    levels: usize,
}

/// Lists and maps in one another. With many more, rustc gives up on the type.
const MOST_LEVELS: usize = 16;

/// More names for a name than anyone would give.
const MOST_ALIASES: usize = 64;

impl Node<'_> {
    fn id(&self) -> String {
        let module = if self.runtime.is_some() {
            "runtime"
        } else {
            &self.document.version
        };
        format!("{module}/{}", self.name)
    }

    fn definition(&self, shape: Shape) -> TypeDefinition {
        TypeDefinition {
            name: self.name.clone(),
            version: self
                .runtime
                .is_none()
                .then(|| self.document.version.clone()),
            shape: if self.runtime.is_some() {
                Shape::Object(Vec::new())
            } else {
                shape
            },
            description: None,
            hubspot_names: BTreeSet::new(),
            found_in: BTreeSet::new(),
            place: self.schema.place.clone(),
        }
    }
}

impl TypeDefinition {
    fn add(&mut self, node: &Node<'_>) {
        if self.description.is_none() {
            self.description.clone_from(&node.schema.description);
        }
        let own = (node.hubspot_name, node.document);
        for (name, document) in [&own].into_iter().chain(&node.others) {
            self.hubspot_names.insert((*name).to_owned());
            let document = (document.version.clone(), document.api.clone());
            self.found_in.insert(document);
        }
    }
}

/// Equal keys get equal numbers; also how many there are.
fn number<K: Ord>(keys: Vec<K>) -> (Vec<usize>, usize) {
    let mut numbers = BTreeMap::new();
    let numbered = keys.into_iter().map(|key| {
        let next = numbers.len();
        *numbers.entry(key).or_insert(next)
    });
    let numbered = numbered.collect();
    (numbered, numbers.len())
}

/// The first thing in which two shapes differ, for a message.
fn difference(one: &Shape, other: &Shape) -> String {
    match (one, other) {
        (Shape::Object(one), Shape::Object(other)) => {
            let names = one
                .iter()
                .chain(other)
                .map(|field| field.name.as_str())
                .collect::<BTreeSet<_>>();
            let find = |fields: &[Field], name: &str| {
                fields.iter().find(|field| field.name == name).cloned()
            };
            let differs = |name: &&str| find(one, name) != find(other, name);
            names
                .into_iter()
                .find(differs)
                .map_or_else(String::new, |name| format!("the field `{name}`"))
        }
        (Shape::Enum(_), Shape::Enum(_)) => "its values".to_owned(),
        (Shape::Union(_), Shape::Union(_)) => "its variants".to_owned(),
        _ => "being an object, one of several objects or a list of values".to_owned(),
    }
}
