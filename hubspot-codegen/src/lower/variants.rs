//! Tells the variants of unions apart.
//!
//! A document names no discriminator. A variant is recognised by a field with a single value that no other variant has,
//! preferably the field that most variants have; else by a required field that no other variant has. Such a field is a
//! constant of its object. A union whose variants cannot be told apart is any value.

use std::collections::{BTreeMap, BTreeSet};

use crate::error::Error;
use crate::model::{Field, Schema, Shape, Type, Variant};

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
