//! Lowers schemas that are made of others: `allOf` to an object with the fields of every part, `oneOf` and `anyOf` to a
//! union of variants.
//!
//! A document names no discriminator. A variant is recognised by a field with a single value that no other variant has,
//! preferably the field that most variants have; else by a required field that no other variant has. Such a field is a
//! constant of its object. A union whose variants cannot be told apart is any value.

use std::collections::{BTreeMap, BTreeSet};

use openapiv3::{AdditionalProperties, ReferenceOr, SchemaKind};
use serde_json::Value;

use super::resolve::{At, resolve};
use super::schema::Schemas;
use crate::error::{Error, Problem};
use crate::model::{Field, Notes, Place, Schema, Shape, Type, Variant};

/// The keywords for a choice among schemas. Both are taken as "one of these".
const CHOICES: [&str; 2] = ["oneOf", "anyOf"];

/// Returns whether a schema is made of others, and not only another name for one.
pub(super) fn is_composed(at: &At<'_>, schema: &openapiv3::Schema) -> bool {
    match &schema.schema_kind {
        SchemaKind::AllOf { all_of } => all_of.len() != 1,
        SchemaKind::OneOf { .. } | SchemaKind::AnyOf { .. } => true,
        SchemaKind::Any(_) => ["allOf", "oneOf", "anyOf"]
            .iter()
            .any(|keyword| members(at, keyword) > 0),
        _ => false,
    }
}

/// How many schemas a keyword lists.
fn members(at: &At<'_>, keyword: &str) -> usize {
    let list = at.value.and_then(|value| value.get(keyword));
    list.and_then(Value::as_array).map_or(0, Vec::len)
}

/// What was gathered of a schema.
#[derive(Default)]
struct Parts<'a> {
    fields: BTreeMap<String, Field>,
    required: BTreeSet<String>,
    /// The schemas to choose from.
    choice: Option<Vec<At<'a>>>,
    /// The schemas on the way, which a choice among them leads back to.
    passed: Vec<Place>,
}

impl<'a> Schemas<'a> {
    /// What a schema looks like that is made of others.
    pub(super) fn composed(&mut self, at: &At<'a>, name: &str) -> Result<Shape, Error> {
        let mut parts = Parts::default();
        self.gather(at, name, &mut parts)?;
        for required in &parts.required {
            match parts.fields.get_mut(required) {
                Some(field) => field.required = true,
                // Each of the variants may have it.
                None if parts.choice.is_some() => {}
                None => {
                    let what = format!("the required field `{required}` without a schema");
                    return Err(at.child("required").unsupported(&what));
                }
            }
        }
        let fields = parts.fields.into_values().collect::<Vec<_>>();
        let Some(choice) = parts.choice else {
            return Ok(Shape::Object(fields));
        };
        let mut variants = Vec::with_capacity(choice.len());
        for (index, at) in choice.iter().enumerate() {
            let typed = self.typed(at, &format!("{name}/variant{}", index + 1))?;
            variants.push(Variant {
                name: String::new(),
                field: String::new(),
                value: None,
                ty: typed.ty,
                notes: Notes {
                    description: None,
                    place: at.place(),
                },
            });
        }
        self.siblings.insert(name.to_owned(), fields);
        Ok(Shape::Union(variants))
    }

    /// Gathers the fields of a schema, of what it is made of, and its choice.
    fn gather(&mut self, at: &At<'a>, name: &str, parts: &mut Parts<'a>) -> Result<(), Error> {
        if parts.passed.contains(&at.place()) {
            return Err(at.error(Problem::Circular(name.to_owned())));
        }
        parts.passed.push(at.place());
        let ReferenceOr::Item(schema) = at.schema()? else {
            return Err(at.unsupported("a reference to a reference in `allOf`"));
        };
        self.gather_own(at, schema, name, parts)?;
        for index in 0..members(at, "allOf") {
            let node = at.child("allOf").child(&index.to_string());
            let is_reference = matches!(node.schema()?, ReferenceOr::Reference { .. });
            let (inner, _) = resolve(self.files, node.clone(), node.schema()?)?;
            let inner_name = if is_reference {
                inner.name()
            } else {
                name.to_owned()
            };
            self.gather(&inner, &inner_name, parts)?;
        }
        for keyword in CHOICES {
            let choice = (0..members(at, keyword)).map(|index| {
                let at = at.child(keyword).child(&index.to_string());
                let (target, _) = resolve(self.files, at.clone(), at.schema()?)?;
                Ok((at, target.place()))
            });
            let choice = choice.collect::<Result<Vec<_>, Error>>()?;
            // A type among the variants of its own base has the fields of the base only.
            let leads_back = |(_, target): &(_, Place)| parts.passed.contains(target);
            if choice.is_empty() || choice.iter().any(leads_back) {
                continue;
            }
            if parts.choice.is_some() {
                return Err(at
                    .child(keyword)
                    .unsupported("two choices among schemas in one"));
            }
            parts.choice = Some(choice.into_iter().map(|(at, _)| at).collect());
        }
        Ok(())
    }

    /// Gathers the fields that stand in a schema itself.
    fn gather_own(
        &mut self,
        at: &At<'a>,
        schema: &'a openapiv3::Schema,
        name: &str,
        parts: &mut Parts<'a>,
    ) -> Result<(), Error> {
        let (names, required, additional) = match &schema.schema_kind {
            SchemaKind::Type(openapiv3::Type::Object(object)) => (
                object.properties.keys().collect::<Vec<_>>(),
                &object.required,
                &object.additional_properties,
            ),
            SchemaKind::Any(any) if matches!(any.typ.as_deref(), None | Some("object")) => (
                any.properties.keys().collect(),
                &any.required,
                &any.additional_properties,
            ),
            SchemaKind::AllOf { .. } | SchemaKind::OneOf { .. } | SchemaKind::AnyOf { .. } => {
                return Ok(());
            }
            _ => return Err(at.unsupported("something other than objects in `allOf`")),
        };
        if matches!(additional, Some(AdditionalProperties::Schema(_))) {
            return Err(at.unsupported("keys that are data beside `allOf`, `oneOf` or `anyOf`"));
        }
        for field in self.fields(at, names, required, name)? {
            match parts.fields.get(&field.name) {
                Some(other) if other.ty != field.ty && field.ty == Type::String => {}
                Some(other) if other.ty != field.ty && other.ty != Type::String => {
                    let what = format!("two types for the field `{}` in `allOf`", field.name);
                    return Err(at.unsupported(&what));
                }
                _ => drop(parts.fields.insert(field.name.clone(), field)),
            }
        }
        parts.required.extend(required.iter().cloned());
        Ok(())
    }
}

/// The schemas of a document by name.
type Found = BTreeMap<String, Result<Schema, Error>>;

/// Tells the variants of every union apart, gives them the fields that stand beside the union, and makes equal unions one.
pub(super) fn complete(found: &mut Found, siblings: &BTreeMap<String, Vec<Field>>) {
    let unions = found.iter().filter_map(|(name, schema)| {
        let Ok(Schema {
            shape: Shape::Union(variants),
            ..
        }) = schema
        else {
            return None;
        };
        Some((name.clone(), variants.clone()))
    });
    let unions = unions.collect::<Vec<_>>();
    let mut constants = Vec::new();
    let mut complete = Vec::new();
    for (name, variants) in unions {
        let Some(marked) = marked(found, &variants) else {
            let ty = match &variants[..] {
                [only] => only.ty.clone(),
                _ => Type::Any,
            };
            set_shape(found, &name, Shape::Alias(ty));
            continue;
        };
        let beside = siblings.get(&name).map_or(&[][..], Vec::as_slice);
        let marked = marked.into_iter().map(|mut variant| {
            add_fields(found, &name, &mut variant, beside);
            variant
        });
        let marked = marked.collect::<Vec<_>>();
        constants.extend(marked.iter().filter_map(|variant| {
            let schema = variant.ty.named()?.clone();
            Some((schema, variant.field.clone(), variant.value.clone()?))
        }));
        complete.push((name, marked));
    }
    for (schema, name, value) in constants {
        if let Some(Ok(Schema {
            shape: Shape::Object(fields),
            ..
        })) = found.get_mut(&schema)
        {
            for field in fields.iter_mut().filter(|field| field.name == name) {
                field.ty = Type::Constant(value.clone());
                field.required = true;
            }
        }
    }
    for (name, shape) in once(complete) {
        set_shape(found, &name, shape);
    }
}

fn set_shape(found: &mut Found, name: &str, shape: Shape) {
    if let Some(Ok(schema)) = found.get_mut(name) {
        schema.shape = shape;
    }
}

/// Equal unions once: under the name of a component, else under the first of their names. The others are other names.
fn once(unions: Vec<(String, Vec<Variant>)>) -> Vec<(String, Shape)> {
    let mut first = BTreeMap::<Vec<Variant>, String>::new();
    let is_inline = |name: &str| name.contains('/');
    for (name, variants) in &unions {
        let known = first
            .entry(variants.clone())
            .or_insert_with(|| name.clone());
        if (is_inline(name), name.as_str()) < (is_inline(known), known.as_str()) {
            known.clone_from(name);
        }
    }
    let shape = |(name, variants): (String, Vec<Variant>)| match first.get(&variants) {
        Some(known) if *known != name => (name, Shape::Alias(Type::Named(known.clone()))),
        _ => (name, Shape::Union(variants)),
    };
    unions.into_iter().map(shape).collect()
}

/// The fields of the object that a type is.
fn object<'f>(found: &'f Found, ty: &Type) -> Option<(&'f String, &'f [Field])> {
    let mut ty = ty;
    // Names for names end, or are refused elsewhere.
    for _ in 0..=found.len() {
        let Type::Named(name) = ty else { return None };
        let (name, schema) = found.get_key_value(name)?;
        match &schema.as_ref().ok()?.shape {
            Shape::Object(fields) => return Some((name, fields)),
            Shape::Alias(target) => ty = target,
            Shape::Enum(_) | Shape::Union(_) => return None,
        }
    }
    None
}

/// The only value of a field, if it has but one.
fn only_value<'f>(found: &'f Found, field: &'f Field) -> Option<&'f str> {
    match &field.ty {
        Type::Constant(value) => Some(value),
        Type::Named(name) => match &found.get(name)?.as_ref().ok()?.shape {
            Shape::Enum(values) if values.len() == 1 => values.first().map(String::as_str),
            _ => None,
        },
        _ => None,
    }
}

/// The variants with what tells them apart; `None` if nothing does.
fn marked(found: &Found, variants: &[Variant]) -> Option<Vec<Variant>> {
    let objects = variants.iter().map(|variant| object(found, &variant.ty));
    let objects = objects.collect::<Option<Vec<_>>>()?;
    let mut counts = BTreeMap::<&str, usize>::new();
    for (_, fields) in &objects {
        let single = fields
            .iter()
            .filter(|field| only_value(found, field).is_some());
        single.for_each(|field| *counts.entry(&field.name).or_default() += 1);
    }
    let most = |field: &&Field| {
        let count = counts.get(field.name.as_str()).copied().unwrap_or_default();
        (count, std::cmp::Reverse(field.name.clone()))
    };
    let mut names = BTreeSet::new();
    let mut marks = BTreeSet::new();
    let mut marked = Vec::with_capacity(variants.len());
    for (index, (variant, &(schema, fields))) in variants.iter().zip(&objects).enumerate() {
        if objects[..index].iter().any(|(other, _)| *other == schema) {
            continue;
        }
        let single = fields
            .iter()
            .filter(|field| only_value(found, field).is_some());
        let is_elsewhere = |name: &str| {
            let mut others = objects.iter().filter(|(other, _)| *other != schema);
            others.any(|(_, fields)| fields.iter().any(|field| field.name == name))
        };
        let own = || {
            fields
                .iter()
                .find(|field| field.required && !is_elsewhere(&field.name))
        };
        let field = single.max_by_key(most).or_else(own)?;
        let value = only_value(found, field).map(str::to_owned);
        let mut name = value.clone().unwrap_or_else(|| schema.clone());
        if !names.insert(name.clone()) {
            name.clone_from(schema);
            names.insert(name.clone()).then_some(())?;
        }
        marks.insert((&field.name, value.clone())).then_some(())?;
        marked.push(Variant {
            name,
            field: field.name.clone(),
            value,
            ty: Type::Named(schema.clone()),
            notes: variant.notes.clone(),
        });
    }
    Some(marked)
}

/// Gives a variant the fields that stand beside its union, in an object of its own if it lacks any.
fn add_fields(found: &mut Found, union: &str, variant: &mut Variant, beside: &[Field]) {
    let Some((schema, fields)) = object(found, &variant.ty) else {
        return;
    };
    let has = |field: &&Field| fields.iter().any(|own| own.name == field.name);
    let missing = beside.iter().filter(|field| !has(field)).cloned();
    let mut all = missing.collect::<Vec<_>>();
    if all.is_empty() {
        return;
    }
    all.extend(fields.iter().cloned());
    all.sort_by(|one, other| one.name.cmp(&other.name));
    let name = format!("{union}/{schema}");
    if let Some(Ok(base)) = found.get(schema) {
        let shape = Shape::Object(all);
        let schema = Schema {
            shape,
            ..base.clone()
        };
        found.insert(name.clone(), Ok(schema));
        variant.ty = Type::Named(name);
    }
}
